"""The commands of `whichteam register`: what they print, to good input and to bad."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.helpers import Ran, whichteam
from tests.register.tiny import LATER, POLICY

FACTS = ("team_on_record=alpha", "icpc_required=true", "icpc_held_on=2024-08-20")
REFUSED = 2


def register(*arguments: str | Path) -> Ran:
    return whichteam("register", *arguments)


def said(*arguments: str | Path) -> str:
    ran = register(*arguments)
    assert (ran.code, ran.err) == (0, "")
    return re.sub(r"\d{1,2} \w+ \d{4}, \d\d:\d\d", "NOW", ran.out)


@pytest.fixture
def child() -> None:
    said("add", "4711", *FACTS, "--policy", POLICY, "--day", "2024-08-25", "--source", "a call", "--by", "Ann")


def test_a_childs_way_through_the_register(child: None) -> None:
    assert said("add", "4711", "record_up_to_date=false", "icpc_required=true", "--day", "2024-08-26", "--by", "Ann") == (
        "Entry 3: recorded about 4711. 4 facts are known of it.\n"
    )
    assert said("add", "4711", "record_up_to_date=false", "--day", "2024-08-26", "--by", "Ann") == (
        "Nothing new about 4711: all of it is on record. (Last entry 3.)\n"
    )
    answer = said("answer", "4711", "--as-of", "2024-08-26", "--by", "Ann")
    assert answer.startswith("On 26 August 2024 Alpha holds the child.")
    assert answer.endswith("This advises; a person decides.\nKept as answer 4.\n")
    assert said("confirm", "4711", "--by", "Ben") == "Entry 5: Ben confirmed answer 4 about 4711.\n"
    assert said("add", "4711", "record_up_to_date=true", "--day", "2024-08-27", "--by", "Ann") == (
        "Entry 6: recorded about 4711. 4 facts are known of it.\n  whether the child's record is up to date: no → yes\n"
    )
    said("answer", "4711", "--as-of", "2024-08-27", "--by", "Ann")
    assert said("override", "4711", "gamma", "--reason", "the school asked", "--by", "Ben") == (
        "Entry 8: Ben decided on Gamma instead of answer 7 about 4711.\n"
    )
    assert said("note", "4711", "rang the school", "--by", "Ann") == "Entry 9: noted about 4711.\n"
    assert said("undo", "9", "--by", "Ann") == "Entry 9 no longer counts (Ann noted something). It stays in the log.\n"
    assert said("history", "4711") == HISTORY


HISTORY = """4711, under Tiny Council. Last entry 10.

What is known
  the team on the record: Alpha (for 25 August 2024; Ann, NOW, entry 2; a call)
  whether an initial child protection conference is needed: yes (for 25 August 2024; Ann, NOW, entry 2; a call)
  the initial child protection conference: 20 August 2024 (for 25 August 2024; Ann, NOW, entry 2; a call)
  whether the child's record is up to date: yes (for 27 August 2024; Ann, NOW, entry 6; a person's word)

Answers
  4: On 26 August 2024: Alpha. Transfer: Alpha to Beta at the handover, 20 August 2024 (blocked).
    tiny (2024), worked out by Ann, NOW
    Confirmed by Ben, NOW (entry 5)
  7: On 27 August 2024: Beta. Transfer: Alpha to Beta at the handover, 20 August 2024 (completed).
    tiny (2024), worked out by Ann, NOW
    Changed: team: Alpha → Beta
    Changed: possible teams: Alpha → Beta
    Changed: transfer: {move} (blocked) → {move} (completed)
    Changed: no longer held up by: the papers are ready
    Because: whether the child's record is up to date: no → yes
    Because: the day asked about changed: 2024-08-26 → 2024-08-27
    Overridden by Ben, NOW (entry 8): Gamma. Reason: the school asked

Entries
  2: Ann recorded facts, NOW
  3: Ann recorded facts, NOW
  4: Ann worked out an answer, NOW
  5: Ben confirmed an answer, NOW
  6: Ann recorded facts, NOW
  7: Ann worked out an answer, NOW
  8: Ben overrode an answer, NOW
  9: Ann noted something, NOW; taken back by entry 10
  10: Ann took entry 9 back, NOW
""".replace("{move}", "Alpha to Beta at the handover, 20 August 2024")


def test_what_is_due_found_and_replayed(child: None, tmp_path: Path) -> None:
    said("answer", "4711", "--as-of", "2024-08-25", "--by", "Ann")
    assert said("due", "--on", "2024-08-25", "--within", "5", "--team", "Beta") == (
        "0 overdue, 1 due within 5 days, 0 transfers held up.\n"
        "  30 August 2024: due: visit due, calendar days. 4711, Beta; answer 3 of 25 August 2024\n"
    )
    assert said("search", "47", "--unconfirmed") == (
        "1 child.\n  4711: Beta on 25 August 2024 (answer 3), nobody has confirmed it; last entry 3, NOW\n"
    )
    assert json.loads(said("search", "--json"))["count"] == 1
    assert said("replay", "--policy", POLICY) == "0 of 1 answers would differ under Tiny Council (2024).\n"
    out = tmp_path / "differ.csv"
    moved = "at the handover, 20 August 2024 (completed). Clauses: t2 (line 2), t3 (line 3), t4 (line 4)"
    assert said("replay", "--policy", LATER, "--out", out) == (
        "1 of 1 answers would differ under Tiny Council (2025).\n"
        "  team: 1\n  possible teams: 1\n  transfer: 1\n\n"
        "4711, answer 3, on 25 August 2024: team, possible teams, transfer\n"
        f"  kept:  Beta; transfer: Alpha to Beta {moved}\n"
        f"  would: Gamma; transfer: Alpha to Gamma {moved}\n"
        f"Wrote {out}\n"
    )
    assert (
        out.read_text(encoding="utf-8-sig")
        .splitlines()[1]
        .startswith("4711,3,2024-08-25,tiny,team; possible teams; transfer,decided,beta")
    )


def test_what_would_have_followed_from_what_was_known_is_not_kept(child: None) -> None:
    before = register("answer", "4711", "--known-on", "2024-08-25")
    assert (before.code, before.out) == (2, "")
    assert before.err.startswith("error: 4711: nothing was recorded of it by then")
    assert said("history", "4711").count("worked out") == 0


def test_audit_backup_check_erase(child: None, tmp_path: Path) -> None:
    first = said("audit")
    assert first.startswith("Whole: 2 entries and 5 rows are as they were written.\n")
    head = first.splitlines()[-1].removeprefix("Head: ")
    said("backup", tmp_path / "b.sqlite")
    assert "is in order" in said("check")
    assert register("erase", "4711", "--reason", "retention").err.startswith(
        "error: 4711: would be erased for good\n    add --yes"
    )
    erased = register("erase", "4711", "--reason", "retention", "--yes", "--by", "Ann")
    assert erased == Ran(
        0,
        "Entry 3: erased 4711, 4 rows. A tombstone without its number stays.\n",
        "note: backups and exports made before still hold what was erased\n",
    )
    assert "goes on from the head given" in said("audit", "--head", head)
    assert "which a restore would replace" in register("restore", tmp_path / "b.sqlite").err
    later = said("audit").splitlines()[-1].removeprefix("Head: ")
    assert "holds 2 entries now" in said("restore", tmp_path / "b.sqlite", "--replace")
    ran = register("audit", "--head", later)
    assert (ran.code, ran.err) == (1, "")
    assert ran.out.startswith(
        "changed: entry 3: is the printed head, and the log ends at entry 2: its tail was cut off, or an older"
    )
    assert said("erase", "--unchanged-for", "1") == "0 children of whom nothing was recorded for 1 years.\n"


def test_import_and_export(child: None, tmp_path: Path) -> None:
    file = tmp_path / "children.csv"
    file.write_text(
        "case_id,policy,as_of,team_on_record,icpc_held_on\n4711,tiny,2024-08-26,alpha,2024-08-21\n"
        "=1,tiny,2024-08-26,alpha,\nn2,tiny,2024-08-26,beta,\n"
    )
    report = tmp_path / "report.csv"
    ran = register("import", file, "--by", "nightly", "--report", report)
    assert ran.code == 0
    assert ran.out == (
        "children.csv: 2 children. 1 new, 1 with something new, 0 as they were; 3 facts recorded.\n"
        "1 disagreement with what people recorded, which stands:\n"
        "  4711: the initial child protection conference: Ann recorded 20 August 2024, and that stands; "
        "children.csv: row 2 says 21 August 2024.\n"
        f"Wrote {report}\n"
    )
    assert "'=1" not in ran.err
    rows = report.read_text(encoding="utf-8-sig").splitlines()
    assert [row.split(",")[0] for row in rows] == ["What", "disagreement", "to put right"]
    said("export", "--out", tmp_path / "cases")
    assert sorted(path.name for path in (tmp_path / "cases").iterdir()) == ["4711.json", "n2.json"]
    said("export", "4711", "--out", tmp_path / "child.json")
    assert json.loads((tmp_path / "child.json").read_text())["form"] == "whichteam-register-child/1"


def test_a_case_file_is_taken_with_its_day_and_name(tmp_path: Path) -> None:
    case = tmp_path / "case.json"
    facts = {"team_on_record": "alpha", "icpc_required": True}
    case.write_text(json.dumps({"case_id": "x", "policy": POLICY, "as_of": "2024-08-25", "facts": facts}))
    said("add", "k7", "--case", case, "record_up_to_date=true", "--by", "Ann")
    (one, *_) = json.loads(said("history", "k7", "--json"))["facts"].values()
    assert (one["day"], one["source"], one["by"]) == ("2024-08-25", "case.json", "Ann")
    assert register("add", "k7", "--case", case, "icpc_required=false").err == (
        "error: case.json: `icpc_required` is given in the file and beside it\n    keep one of them\n"
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["history", "4712"], "child: there is no child `4712` in the register\n    did you mean `4711`?\n"),
        (
            ["add", "4711", "icpc_required"],
            "facts: `icpc_required` is not FACT=VALUE\n    write a fact, `=` and its value: true, 2024-09-03 or unknown\n",
        ),
        (
            ["add", "4711", "icpc_required=true", "icpc_required=false"],
            "facts: `icpc_required` is given twice\n    keep one of them\n",
        ),
        (
            ["due", "--team", "Omega"],
            "--team: there is no team `Omega` in this policy\n    teams: alpha, beta, gamma, case_closed\n",
        ),
        (["search", "--status", "decide"], "--status: there is no status `decide`\n    did you mean `decided`?\n"),
        (["replay", "--policy", "tinny"], "policy: there is no policy `tinny`\n    did you mean `tiny`?\n"),
        (["import", "nowhere.csv"], "nowhere.csv: there is no such file or folder\n    check the path\n"),
        (["export", "--out", "."], ".: is a file, or a folder that is not empty\n    name another folder: --out DIR\n"),
        (
            ["undo", "1"],
            "undo: entry 1 made the register, which can't be taken back\n",
        ),
        (
            ["undo", "99999999999999999999"],
            "undo: there is no entry 99999999999999999999\n    whichteam register history CHILD shows the numbers\n",
        ),
        (
            ["note", "4711", "x", "--answer", "99999999999999999999"],
            "--answer: 99999999999999999999 is no answer about `4711` that counts\n"
            "    whichteam register history 4711 lists its answers\n",
        ),
        (["erase"], "erase: names no child, or both\n    give CHILD, or --unchanged-for YEARS\n"),
        (
            ["audit", "--head", "7"],
            "--head: `7` is no head of a register\n    "
            "write it as `whichteam register audit` printed it: a number, `-`, and 64 letters and digits\n",
        ),
        (
            ["confirm", "4711", "--answer", "2"],
            "--answer: 2 is no answer about `4711` that counts\n    whichteam register history 4711 lists its answers\n",
        ),
    ],
)
def test_bad_input(child: None, arguments: list[str], message: str) -> None:
    assert register(*arguments) == Ran(REFUSED, "", f"error: {message}")


def test_without_a_register_it_says_how_one_is_made(tmp_path: Path) -> None:
    ran = register("search")
    assert ran.err == (
        f"error: {tmp_path}/data/whichteam/register.sqlite: there is no register there yet\n"
        "    whichteam register add CHILD makes it; or set WHICHTEAM_REGISTER to where it is\n"
    )


@pytest.mark.parametrize("arguments", [("history", "\udcff"), ("search", "\udcff"), ("note", "\udcff", "x")])
def test_bytes_that_are_no_text_are_told(arguments: tuple[str, ...], child: None, tmp_path: Path) -> None:
    """So Python has the bytes of an argument that is not UTF-8."""
    file = tmp_path / "data" / "whichteam" / "register.sqlite"
    message = f"error: {file}: can't be asked for bytes that are no text\n    type it anew, in UTF-8\n"
    assert register(*arguments) == Ran(REFUSED, "", message)


def test_an_address_without_a_host_that_can_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WHICHTEAM_REGISTER", f"postgresql://{'h' * 70}/whichteam")
    assert register("search").err.endswith("/whichteam: can't be reached: its host is no name\n    check WHICHTEAM_REGISTER\n")
