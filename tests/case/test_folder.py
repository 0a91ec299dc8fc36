"""A folder of cases: good ones are decided, bad ones are named and counted, and set the exit code."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.helpers import make_policy, whichteam

RULES = """@clause t1.
front_door(alpha).
@clause t2.
route(alpha, beta, handover) :- cared_for.
occurs(handover, On) :- known contact_received_on(On).
@clause t3.
in_place_of(alpha, no_team) :- known unborn.
@clause t4.
clash(odd, gamma) :- known adopted_on(_).
"""
KNOWN: dict[str, Any] = {"contact_received_on": "2024-05-01", "cared_for": True}
OPEN = {"contact_received_on": "2024-05-01"}
SILENT = {"team_on_record": "alpha", "unborn": True, "cared_for": False}
CLASH = {"team_on_record": "beta", "adopted_on": True, "cared_for": False}


@pytest.fixture
def policy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = make_policy(tmp_path, RULES)
    monkeypatch.setenv("WHICHTEAM_POLICIES", str(folder.parent))
    return folder


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    folder = tmp_path / "cases"
    folder.mkdir()
    return folder


def put(folder: Path, name: str, policy: Path, facts: dict[str, Any], case_id: str | None = None) -> Path:
    document = {"case_id": case_id or Path(name).stem, "policy": policy.name, "as_of": "2024-06-03"}
    path = folder / name
    path.write_text(json.dumps({**document, "facts": {"team_on_record": "alpha", **facts}}))
    return path


def statuses(out: Path) -> dict[str, str]:
    return {path.name: json.loads(path.read_text())["status"] for path in sorted(out.iterdir())}


def test_good_and_bad_cases_together(tmp_path: Path, policy: Path, cases: Path) -> None:
    put(cases, "a.json", policy, KNOWN)
    put(cases, "b.json", policy, {"unborne": True, "cared_for": "yes"})
    put(cases, "c.json", policy, SILENT)
    (cases / "d.json").write_text("{")
    (cases / "e.yaml").write_text("")
    (cases / "notes.txt").write_text("not a case")
    put(cases, "f.JSON", policy, OPEN)
    out = tmp_path / "out"
    ran = whichteam("decide", cases, "--out", out)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == (
        "error: b.json: facts.unborne: unknown fact `unborne`\n    did you mean `unborn`?\n"
        "error: b.json: facts.cared_for: `yes` is not true or false\n"
        "error: d.json:1:2: is not JSON: expecting property name enclosed in double quotes\n"
        "error: e.yaml: is empty\n    a case is JSON or YAML\n"
        "3 decided, 3 not usable, of 6\n"
    )
    assert statuses(out) == {"a.json": "decided", "c.json": "silent", "f.json": "unknown"}


def test_good_cases_alone(tmp_path: Path, policy: Path, cases: Path) -> None:
    put(cases, "a.json", policy, KNOWN)
    put(cases, "b.json", policy, OPEN)
    ran = whichteam("decide", cases, "--out", tmp_path / "new" / "out")
    assert (ran.code, ran.out, ran.err) == (0, "", "2 decided, 0 not usable, of 2\n")
    assert statuses(tmp_path / "new" / "out") == {"a.json": "decided", "b.json": "unknown"}


def test_a_decision_of_a_folder_is_the_decision_of_its_case(tmp_path: Path, policy: Path, cases: Path) -> None:
    path = put(cases, "a.json", policy, KNOWN)
    whichteam("decide", cases, "--out", tmp_path / "out")
    assert (tmp_path / "out" / "a.json").read_text() == whichteam("decide", path, "--json").out


def test_two_cases_with_one_id(tmp_path: Path, policy: Path, cases: Path) -> None:
    put(cases, "a.json", policy, KNOWN, "same")
    put(cases, "b.json", policy, OPEN, "same")
    ran = whichteam("decide", cases, "--out", tmp_path / "out")
    assert (ran.code, ran.err) == (
        2,
        "error: b.json: case id `same` is used by a.json too\n    give each case its own id\n1 decided, 1 not usable, of 2\n",
    )
    assert statuses(tmp_path / "out") == {"same.json": "decided"}


def test_ids_that_differ_in_case_only_are_kept_apart(tmp_path: Path, policy: Path, cases: Path) -> None:
    put(cases, "a.json", policy, KNOWN, "Same")
    put(cases, "b.json", policy, OPEN, "same")
    assert whichteam("decide", cases, "--out", tmp_path / "out").code == 0
    assert statuses(tmp_path / "out") == {"Same.json": "decided", "same.json": "unknown"}


def test_a_folder_without_cases(tmp_path: Path, cases: Path) -> None:
    ran = whichteam("decide", cases, "--out", tmp_path / "out")
    assert (ran.code, ran.out, ran.err) == (
        2,
        "",
        f"error: {cases}: holds no case file\n    case files end in .json, .yaml or .yml\n",
    )
    assert not (tmp_path / "out").exists()


def test_a_folder_of_bad_cases_writes_nothing(tmp_path: Path, policy: Path, cases: Path) -> None:
    put(cases, "a.json", policy, {"cared_for": 1})
    ran = whichteam("decide", cases, "--out", tmp_path / "out")
    assert (ran.code, ran.err) == (2, "error: a.json: facts.cared_for: `1` is not true or false\n0 decided, 1 not usable, of 1\n")
    assert list((tmp_path / "out").iterdir()) == []


def test_a_folder_named_like_a_case_is_named(tmp_path: Path, policy: Path, cases: Path) -> None:
    put(cases, "a.json", policy, KNOWN)
    (cases / "b.json").mkdir()
    ran = whichteam("decide", cases, "--out", tmp_path / "out")
    assert (ran.code, ran.err) == (2, "error: b.json: is a folder, expected a file\n1 decided, 1 not usable, of 2\n")


def test_a_link_to_nowhere_is_named(tmp_path: Path, policy: Path, cases: Path) -> None:
    put(cases, "a.json", policy, KNOWN)
    (cases / "b.json").symlink_to(tmp_path / "nowhere")
    ran = whichteam("decide", cases, "--out", tmp_path / "out")
    assert (ran.code, ran.err) == (
        2,
        "error: b.json: is a link to a file that is not there\n    put the file itself there, or take the link away\n"
        "1 decided, 1 not usable, of 2\n",
    )


def test_the_place_to_write_to_is_a_file(tmp_path: Path, policy: Path, cases: Path) -> None:
    put(cases, "a.json", policy, KNOWN)
    (tmp_path / "out").write_text("mine")
    ran = whichteam("decide", cases, "--out", tmp_path / "out")
    assert (ran.code, ran.out, ran.err) == (
        2,
        "",
        f"error: {tmp_path / 'out'}: is a file, not a folder\n    name a folder for the decisions: --out DIR\n",
    )
    assert (tmp_path / "out").read_text() == "mine"


def test_the_cases_are_never_written_over(tmp_path: Path, policy: Path, cases: Path) -> None:
    path = put(cases, "a.json", policy, KNOWN)
    before = path.read_text()
    ran = whichteam("decide", cases, "--out", cases)
    assert (ran.code, ran.out, ran.err) == (
        2,
        "",
        f"error: {cases}: holds the cases themselves\n    name another folder for the decisions: --out DIR\n",
    )
    assert path.read_text() == before


def test_a_failed_run_leaves_no_half_written_file(tmp_path: Path, policy: Path, cases: Path) -> None:
    put(cases, "a.json", policy, KNOWN)
    (tmp_path / "out" / "a.json").mkdir(parents=True)
    ran = whichteam("decide", cases, "--out", tmp_path / "out")
    assert (ran.code, ran.err) == (
        2,
        f"error: {tmp_path / 'out' / 'a.json'}: can't be written: it is a folder\n    name another place\n"
        "0 decided, 1 not usable, of 1\n",
    )
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["a.json"]


@pytest.mark.parametrize(
    ("facts", "settings", "status", "code"),
    [
        (KNOWN, [], "decided", 0),
        (OPEN, [], "unknown", 3),
        (SILENT, [], "silent", 4),
        (CLASH, [], "decided", 0),
        (CLASH, ["--set", "clash_of_clauses=report_conflict"], "conflict", 5),
    ],
)
def test_exit_codes(policy: Path, cases: Path, facts: dict[str, Any], settings: list[str], status: str, code: int) -> None:
    path = put(cases, "a.json", policy, facts)
    plain = whichteam("decide", path, "--json", *settings)
    assert (plain.code, json.loads(plain.out)["status"]) == (0, status)
    assert whichteam("decide", path, "--json", "--exit-status", *settings).code == code


def test_one_case_needs_no_folder_to_write_to(tmp_path: Path, policy: Path, cases: Path) -> None:
    path = put(cases, "a.json", policy, KNOWN)
    ran = whichteam("decide", path, "--out", tmp_path / "out")
    assert (ran.code, ran.out, ran.err) == (
        2,
        "",
        f"error: {path}: is one case, so there is no folder to write to\n    leave --out away, or name a folder of cases\n",
    )


def test_two_policies_side_by_side_are_for_one_case(tmp_path: Path, policy: Path, cases: Path) -> None:
    put(cases, "a.json", policy, KNOWN)
    ran = whichteam("decide", cases, "--out", tmp_path / "out", "--policy", policy, "--policy", policy)
    assert (ran.code, ran.out, ran.err) == (
        2,
        "",
        "error: --policy: a folder of cases is decided under one policy\n    name one, or decide one case\n",
    )
