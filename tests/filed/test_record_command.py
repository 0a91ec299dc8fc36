"""`whichteam record`: the files it writes, and the whole message for bad input."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from explain.filed import command
from explain.filed.verify import verify
from tests.filed.cases import HELD, TIMED
from tests.helpers import Ran, whichteam, with_small_files


@pytest.fixture
def case(tmp_path: Path) -> Path:
    path = tmp_path / "case.json"
    path.write_text(json.dumps({"case_id": "c1", "policy": "blackpool", "as_of": "2024-10-16", "facts": TIMED}))
    return path


@pytest.mark.parametrize("form", ["html", "docx", "json"])
def test_a_record_with_its_calendar(case: Path, form: str) -> None:
    out, calendar = case.with_name(f"r.{form}"), case.with_name("r.ics")
    ran = whichteam("record", case, "--out", out, "--calendar", calendar, "--confirmed-by", "A Manager")
    assert (ran.code, ran.err, ran.out) == (0, "", f"Wrote {out}\nWrote {calendar}\n")
    assert sorted(path.name for path in case.parent.iterdir()) == sorted(["case.json", out.name, "r.ics"])
    again = case.with_name(f"again.{form}")
    whichteam("record", case, "--out", again, "--confirmed-by", "A Manager")
    assert again.read_bytes() == out.read_bytes()


def test_no_deadline_no_calendar(case: Path) -> None:
    case.write_text(json.dumps({"case_id": "c1", "policy": "blackpool", "as_of": "2024-10-16", "facts": HELD}))
    out, calendar = case.with_name("r.html"), case.with_name("r.ics")
    ran = whichteam("record", case, "--out", out, "--calendar", calendar)
    assert (ran.code, ran.out) == (
        0,
        f"Wrote {out}\nNo deadline follows and no move is planned, so {calendar} was not written.\n",
    )
    assert not calendar.exists()


def test_an_override_is_kept_and_sound(case: Path) -> None:
    out = case.with_name("r.json")
    ran = whichteam(
        *("record", case, "--out", out, "--overridden-to", "Awaken", "--reason", "Known there."),
        *("--confirmed-by", "A Manager", "--confirmed-on", "2024-10-17"),
    )
    assert (ran.code, ran.err) == (0, "")
    told = json.loads(out.read_text(encoding="utf-8"))
    assert told["confirmation"] == {
        "confirmed_by": "A Manager",
        "confirmed_on": "2024-10-17",
        "overridden_to": "awaken",
        "reason": "Known there.",
    }
    assert verify(told) == []


def test_a_document_that_differs_is_noted(case: Path) -> None:
    document = case.with_name("policy.txt")
    document.write_text("Another text.\n", encoding="utf-8")
    ran = whichteam("record", case, "--out", case.with_name("r.html"), "--document", document)
    assert ran.code == 0
    assert ran.err.startswith("note: The document given differs from the one that the rules were read from (lines 1, 2, ")


REASON = "error: --overridden-to: setting an answer aside needs a reason\n    add --reason TEXT\n"
BAD: list[tuple[str, list[str], str]] = [
    ("no reason", ["--overridden-to", "awaken"], REASON),
    ("an empty reason", ["--overridden-to", "awaken", "--reason", "  "], REASON),
    (
        "a reason for nothing",
        ["--reason", "So."],
        "error: --reason: there is no override that it could be the reason for\n    add --overridden-to TEAM\n",
    ),
    (
        "an unknown team",
        ["--overridden-to", "awakn", "--reason", "So."],
        "error: --overridden-to: there is no team `awakn` in this policy\n    did you mean `awaken`?\n",
    ),
    (
        "an unknown form",
        ["--out", "r.pdf"],
        "error: --out: `r.pdf` is no form of a record\n    end the name in .html, .docx or .json\n",
    ),
    (
        "no calendar file",
        ["--calendar", "r.txt"],
        "error: --calendar: `r.txt` is no calendar file\n    end the name in .ics\n",
    ),
    (
        "no folder",
        ["--out", "nowhere/r.html"],
        "error: --out: there is no folder `nowhere`\n    make it first, or name another\n",
    ),
    (
        "no document",
        ["--document", "none.txt"],
        "error: --document: none.txt: there is no such file\n    check the path\n",
    ),
    (
        "a document that is no text",
        ["--document", "bytes.pdf"],
        "error: --document: `bytes.pdf` is not text\n    save the document as plain text, with its lines as they are\n",
    ),
    (
        "no date",
        ["--confirmed-by", "A", "--confirmed-on", "soon"],
        "error: --confirmed-on: `soon` is not a date\n    write it as 2024-09-03\n",
    ),
    (
        "too early",
        ["--confirmed-by", "A", "--confirmed-on", "2024-10-15"],
        "error: --confirmed-on: 2024-10-15 is before the day of the answer, 2024-10-16\n    correct one of the two days\n",
    ),
    (
        "confirmed by nobody",
        ["--confirmed-on", "2024-10-17"],
        "error: --confirmed-on: nobody is named who confirmed it\n    add --confirmed-by NAME\n",
    ),
    (
        "an empty name",
        ["--confirmed-by", " "],
        "error: --confirmed-by: is empty\n    name the person who confirms the answer\n",
    ),
]


@pytest.mark.parametrize(("name", "options", "said"), BAD, ids=[entry[0] for entry in BAD])
def test_what_is_said_to_a_bad_input(
    case: Path, monkeypatch: pytest.MonkeyPatch, name: str, options: list[str], said: str
) -> None:
    monkeypatch.chdir(case.parent)
    case.with_name("bytes.pdf").write_bytes(b"%PDF-\xff\xfe")
    before = sorted(case.parent.iterdir())
    out = [] if "--out" in options else ["--out", "r.html"]
    ran = whichteam("record", case, *out, *options)
    assert (ran.code, ran.out, ran.err) == (2, "", said)
    assert sorted(case.parent.iterdir()) == before


def test_all_faults_are_told_at_once(case: Path) -> None:
    ran = whichteam("record", case, "--out", case.with_name("r.pdf"), "--overridden-to", "awaken", "--confirmed-on", "soon")
    assert ran.code == 2
    assert ran.err.count("error: ") == 4


def test_nothing_partial_is_left(case: Path) -> None:
    """If the record is too large to be written, the calendar is not written either."""
    out, calendar = case.with_name("r.html"), case.with_name("r.ics")
    out.write_text("the earlier record")
    ran = with_small_files(2000, "record", case, "--out", out, "--calendar", calendar)
    hint = "make room there, or name another place"
    assert ran == Ran(2, "", f"error: {out}: can't be written: file too large\n    {hint}\n")
    assert out.read_text() == "the earlier record"
    assert sorted(path.name for path in case.parent.iterdir()) == ["case.json", "r.html"]
    assert command.FORMS == (".html", ".docx", ".json")
