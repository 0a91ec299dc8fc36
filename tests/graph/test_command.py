"""`whichteam graph`: files and text for good input, whole messages and no file for bad input."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.helpers import Ran, whichteam

ROOT = Path(__file__).parent.parent.parent
CASE = ROOT / "examples" / "conference.json"


def good(*arguments: str | Path) -> str:
    ran = whichteam("graph", *arguments)
    assert (ran.code, ran.err) == (0, "")
    return ran.out


def test_in_words_by_default() -> None:
    said = good("blackpool")
    assert said.startswith("Blackpool Council: where a child's case can move\n")
    assert "    Initial child protection conference  [bp81]\n" in said


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("g.svg", b"<?xml"),
        ("g.png", b"\x89PNG"),
        ("g.gv", b"digraph"),
        ("g.graphml", b"<?xml"),
        ("g.gexf", b"<?xml"),
        ("g.json", b"{"),
        ("g.mmd", b"---\ntitle:"),
        ("g.csv", b"\xef\xbb\xbfrow,from,to,"),
        ("g.html", b"<!DOCTYPE html>"),
        ("g.txt", b"Blackpool Council"),
    ],
)
def test_the_ending_of_the_file_names_the_format(name: str, start: bytes, tmp_path: Path) -> None:
    out = tmp_path / name
    assert good("blackpool", "--out", out) == f"Written: {out}\n"
    assert out.read_bytes().startswith(start)


def test_a_format_is_printed_or_written_alike(tmp_path: Path) -> None:
    out = tmp_path / "graph.data"
    good("blackpool", "--format", "dot", "--out", out)
    assert good("blackpool", "--format", "dot") == out.read_text(encoding="utf-8")


def test_one_case_and_its_picture(tmp_path: Path) -> None:
    said = good("--case", CASE)
    assert "\nCase example-conference: On 20 November 2024 Strengthening and Supporting Families holds the child.\n" in said
    assert "      Step 1: taken (19 November 2024)\n" in said
    out = tmp_path / "case.svg"
    good("--case", CASE, "--out", out)
    assert ">The child is here<" in out.read_text(encoding="utf-8")


def test_a_folder_of_cases(tmp_path: Path) -> None:
    document = json.loads(CASE.read_text(encoding="utf-8"))
    for n in (1, 2):
        (tmp_path / f"{n}.json").write_text(json.dumps({**document, "case_id": f"example-{n}"}))
    said = good("--cases", tmp_path)
    assert "\nFlow of 2 cases\n" in said
    assert "  2 children here now.\n" in said
    assert "    Initial child protection conference  [bp81]\n      2 children moved\n" in said


def test_around_a_team_by_any_of_its_names() -> None:
    assert good("sefton", "--around", "cwd") == good("sefton", "--around", "children_with_disabilities_service")
    assert good("sefton", "--around", "cwd").startswith(
        "Sefton Council: moves into and out of Children with Disabilities Service"
    )


def test_versions_by_their_readings() -> None:
    said = good("--compare", "blackpool", "blackpool,early_help_may=front_door_keeps_until_it_directs")
    assert "\nChanged: 1\n  Request for Support Hub → Targeted Intervention Services:" in said
    assert "    whether the managers decide: no → in part\n" in said
    assert json.loads(good("--compare", "blackpool", "blackpool", "--format", "json"))["changed"] == []


def test_the_report() -> None:
    assert good("blackpool", "--report").startswith("Blackpool Council: where a child's case can move: report\n")
    assert json.loads(good("blackpool", "--report", "--format", "json"))["entries"] == ["request_for_support_hub"]


def bad(*arguments: str | Path) -> str:
    ran: Ran = whichteam("graph", *arguments)
    assert (ran.code, ran.out) == (2, "")
    return ran.err.removeprefix("error: ")


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], "graph: no policy is named\n    write for example: whichteam graph POLICY (see: whichteam policies)\n"),
        (["blackpol"], "policy: there is no policy `blackpol`\n    did you mean `blackpool`?\n"),
        (["blackpool", "--format", "sgv"], "--format: there is no format `sgv`\n    did you mean `svg`?\n"),
        (
            ["blackpool", "--out", "graph.doc"],
            "graph.doc: the ending `doc` names no format\n"
            "    add --format, one of: text, dot, svg, png, pdf, graphml, gexf, json, mermaid, csv, html\n",
        ),
        (
            ["blackpool", "--report", "--format", "svg"],
            "--report: can't be written as svg\n    formats: text, json\n",
        ),
        (
            ["blackpool", "--report", "--case", "x.json"],
            "graph: --case and --report are different questions\n    ask one at a time\n",
        ),
        (
            ["blackpool", "--report", "--around", "awaken"],
            "--around: does not go with --report\n    leave one of them away\n",
        ),
        (["blackpool", "--around", "awakken"], "--around: there is no team `awakken`\n    did you mean `awaken`?\n"),
        (
            ["--compare", "blackpool", "sefton", "--format", "svg"],
            "--compare: no move joins teams that both know, so there is no one picture of both\n"
            "    take --format text or json, or a graph of each\n",
        ),
        (
            ["--compare", "blackpool", "blackpool,day_count"],
            "--compare: `day_count` is not READING=VALUE\n    write for example POLICY,READING=VALUE\n",
        ),
        (
            ["--cases", "nowhere"],
            "nowhere: is not a folder\n    name a folder of case files, which end in .json, .yaml or .yml\n",
        ),
        (["--case", "nowhere.json"], "nowhere.json: there is no such file\n    check the path\n"),
    ],
)
def test_bad_input_is_said(arguments: list[str], expected: str) -> None:
    assert bad(*arguments) == expected


def test_cases_under_several_policies_are_refused(tmp_path: Path) -> None:
    document = json.loads(CASE.read_text(encoding="utf-8"))
    (tmp_path / "a.json").write_text(json.dumps(document))
    (tmp_path / "b.json").write_text(json.dumps({**document, "policy": "sefton", "facts": {}}))
    assert bad("--cases", tmp_path) == (
        f"{tmp_path}: the cases are under several policies: blackpool (a.json), sefton (b.json)\n"
        "    name one to use for all: whichteam graph POLICY --cases DIR\n"
    )


def test_a_faulty_case_is_named_and_nothing_is_written(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(CASE.read_text(encoding="utf-8"))
    (tmp_path / "b.json").write_text("{")
    out = tmp_path / "flows.svg"
    assert "b.json" in bad("--cases", tmp_path, "--out", out)
    assert not out.exists()


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    out = tmp_path / "nowhere" / "graph.svg"
    assert bad("blackpool", "--out", out) == f"{out}: can't be written: no such file or directory\n    name another place\n"
