"""`whichteam caseload`: results in each file format, messages, explaining one child, and comparing two readings."""

from __future__ import annotations

import csv
import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from pyarrow import parquet  # type: ignore[import-untyped]

from explain.caseload.files import safe
from tests.helpers import whichteam, with_small_files
from tests.test_cli import flat

AS_OF = "2024-10-16"
HELD = {
    "team_on_record": "assessment_and_support_team",
    "icpc_required": True,
    "icpc_held_on": "2024-10-15",
    "icpc_outcome": "child_protection_plan",
}
FACTS: dict[str, dict[str, Any]] = {
    "moved": HELD,
    "blocked": {**HELD, "transfer_agreed": False},
    "booked": {**HELD, "icpc_held_on": None, "icpc_outcome": None, "icpc_booked_for": "2024-10-20"},
    "unknown": {**HELD, "team_on_record": None},
}
TITLES = [
    *("Child", "Read from", "As of", "Team on record", "Answer", "Team by policy", "Since", "Possible teams"),
    *("Possible teams are", "Differ", "Record wrong since"),
    *("Transfer", "Move", "From", "To", "At", "On", "Next move", "Next move on", "Blocked: not shown that"),
    *("Next deadline", "Next deadline on", "Deadlines", "Missing facts"),
]
AST, SSF = "Assessment and Support Team", "Strengthening and Supporting Families"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("cases")
    for name, facts in FACTS.items():
        document = {"case_id": name, "policy": "blackpool", "as_of": AS_OF, "facts": facts}
        (path / f"{name}.json").write_text(json.dumps(document))
    return path


def rows(path: Path) -> dict[str, dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return {row["Child"]: row for row in csv.DictReader(file)}


def test_a_row_a_child_as_csv(folder: Path, tmp_path: Path) -> None:
    ran = whichteam("caseload", folder, "--out", tmp_path / "out.csv")
    assert (ran.code, ran.err) == (0, "")
    found = rows(tmp_path / "out.csv")
    assert list(found) == ["blocked", "booked", "moved", "unknown"]
    assert list(found["moved"]) == TITLES
    moved = found["moved"]
    assert (moved["Read from"], moved["As of"], moved["Team on record"], moved["Answer"]) == ("moved.json", AS_OF, AST, "decided")
    assert (moved["Team by policy"], moved["Differ"], moved["Transfer"]) == (SSF, "yes", "made, the record shows another team")
    assert (moved["Move"], moved["From"], moved["To"], moved["On"]) == ("completed", AST, SSF, "2024-10-15")
    assert moved["At"] == "the initial child protection conference"
    assert (moved["Since"], moved["Record wrong since"], moved["Next move"]) == ("2024-10-15", "2024-10-15", "")
    blocked = found["blocked"]
    assert (blocked["Team by policy"], blocked["Differ"], blocked["Transfer"]) == (AST, "no", "overdue")
    assert blocked["Record wrong since"] == ""
    assert blocked["Blocked: not shown that"] == "the managers have agreed the transfer"
    booked = found["booked"]
    assert (booked["Team by policy"], booked["Transfer"], booked["On"]) == (AST, "due", "2024-10-20")
    next_move = f"to {SSF} at the initial child protection conference"
    assert (booked["Since"], booked["Next move"], booked["Next move on"]) == ("", next_move, "2024-10-20")
    unknown = found["unknown"]
    assert (unknown["Answer"], unknown["Team by policy"], unknown["Team on record"], unknown["Differ"]) == (
        "not known", "", "", "not known",
    )  # fmt: skip
    assert "the team on the record" in unknown["Missing facts"].split("; ")


def test_the_numbers_of_each_team(folder: Path) -> None:
    said = flat(whichteam("caseload", folder).out)
    assert said.startswith("4 children, Blackpool Council (v2, last updated April 2024) Answers: 3 decided, 1 not known.")
    assert "The record shows another team than the policy for 1; for 1 that is not known." in said
    assert "Transfers: 1 due, 1 overdue, 1 made and not yet on the record." in said
    assert f"{AST} 3 2 0 1 1 1" in said
    assert "What blocks moves: not shown that 1 ████████████████████████ the managers have agreed the transfer" in said
    assert "The possible teams of 1 child without a decided team are not exact: --exact settles them." in said
    assert said.endswith("This advises; a person decides.")


def test_the_possible_teams_are_made_exact_where_that_is_asked_for(folder: Path, tmp_path: Path) -> None:
    for option, said in (((), "cautious: some may be impossible"), (("--exact",), "exact")):
        out = tmp_path / f"{len(option)}.csv"
        told = flat(whichteam("caseload", folder, "--out", out, *option).out)
        assert ("are not exact" in told) is (not option)
        rows = list(csv.DictReader(out.read_text(encoding="utf-8-sig").splitlines()))
        assert {row["Possible teams are"] for row in rows if row["Answer"] == "not known"} == {said}
        assert {row["Possible teams are"] for row in rows if row["Answer"] == "decided"} == {""}


def test_the_workbook(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "cases").mkdir()
    for file in folder.iterdir():
        (tmp_path / "cases" / file.name).write_bytes(file.read_bytes())
    (tmp_path / "cases" / "bad.json").write_text('{"case_id": "bad", "policy": "blackpool", "as_of": "yesterday", "facts": {}}')
    ran = whichteam("caseload", tmp_path / "cases", "--out", tmp_path / "out.xlsx", "--compare", "event_day=moves_next_day")
    assert ran.code == 0
    assert ran.err.splitlines() == [
        "1 of 5 were refused; the others were decided.",
        "error: bad.json: as_of: `yesterday` is not a date such as 2024-09-03",
        "    write the date as 2024-09-03",
    ]
    book = load_workbook(tmp_path / "out.xlsx")
    assert book.sheetnames == ["Summary", "Pictures", "Children", "Missing facts", "Changes", "Not read"]
    pictures: Any = book["Pictures"]
    assert len(pictures._charts) == 5
    children = list(book["Children"].values)
    assert (list(children[0]), len(children)) == (TITLES, 5)
    assert list(book["Not read"].values)[1] == (
        "bad.json: as_of", "`yesterday` is not a date such as 2024-09-03", "write the date as 2024-09-03",
    )  # fmt: skip
    summary = [[cell for cell in row if cell is not None] for row in book["Summary"].values]
    assert ["Children decided", "4 of 5 read; 1 refused"] in summary
    assert [AST, 3, 2, 0, 1, 1, 1, "the managers have agreed the transfer (1)"] in summary


def test_parquet_has_dates_and_the_same_rows(folder: Path, tmp_path: Path) -> None:
    assert whichteam("caseload", folder, "--out", tmp_path / "out.parquet").code == 0
    table = parquet.read_table(tmp_path / "out.parquet")
    assert (table.column_names, table.num_rows) == (TITLES, 4)
    assert [str(table.schema.field(name).type) for name in ("As of", "On", "Child")] == ["date32[day]", "date32[day]", "string"]


def test_another_reading_compared(folder: Path, tmp_path: Path) -> None:
    ran = whichteam("caseload", folder, "--compare", "failed_gate_at_event=event_moves_case", "--out", tmp_path / "out.csv")
    said = flat(ran.out)
    assert "Compared with failed_gate_at_event=event_moves_case: 1 of 4 children are answered otherwise" in said
    assert (
        f"blocked: team, possible teams, move before: {AST}. Blocked: to {SSF} at the initial child protection conference."
        in said
    )
    assert f"after: {SSF}. Completed: to {SSF} at the initial child protection conference." in said
    changed = rows(tmp_path / "out-changes.csv")["blocked"]
    assert changed["What changes"] == "team; possible teams; move"
    assert (changed["Team by policy, before"], changed["Team by policy, after"]) == (AST, SSF)
    assert "bp81 (line 52)" in changed["Clauses after"].split("; ")


def test_nothing_changes_under_the_same_policy(folder: Path) -> None:
    said = flat(whichteam("caseload", folder, "--compare", "blackpool").out)
    assert "Compared with blackpool: 0 of 4 children are answered otherwise" in said


def test_one_child_explained_as_why_does(folder: Path) -> None:
    assert whichteam("caseload", folder, "--why", "moved") == whichteam("why", folder / "moved.json")
    assert whichteam("caseload", folder, "--why", "unknown", "--full") == whichteam("why", folder / "unknown.json", "--full")


@pytest.mark.parametrize(
    ("arguments", "fault"),
    [
        (["--why", "move"], "--why: no case `move` was read from {folder}\n    did you mean `moved`?"),
        (["--out", "{tmp}/out.pdf"], "--out: `out.pdf` is no form of results\n    end the name in .xlsx, .csv or .parquet"),
        (["--out", "{tmp}/none/out.csv"], "--out: there is no folder `{tmp}/none`\n    make it first, or name another"),
        (["--engine", "sparc"], "--engine: there is no engine `sparc`\n    did you mean `spark`?"),
        (["--as-of", "today"], "--as-of: `today` is not a date\n    write it as 2024-09-03"),
        (["--set", "event_day"], "--set: `event_day` is not READING=VALUE\n    write both, with = between them"),
    ],
)
def test_bad_options(arguments: list[str], fault: str, folder: Path, tmp_path: Path) -> None:
    ran = whichteam("caseload", folder, *(argument.format(tmp=tmp_path) for argument in arguments))
    assert (ran.code, ran.out, ran.err) == (2, "", f"error: {fault.format(tmp=tmp_path, folder=folder.name)}\n")


def test_no_text_becomes_a_formula(tmp_path: Path) -> None:
    assert [safe(text) for text in ("=1+1", "+1", "-1", "@x", "a=1", "")] == ["'=1+1", "'+1", "'-1", "'@x", "a=1", ""]
    (tmp_path / "cases.csv").write_text("case_id,policy,as_of\n-1,blackpool,2024-10-16\n")
    for form in ("csv", "xlsx"):
        assert whichteam("caseload", tmp_path / "cases.csv", "--out", tmp_path / f"out.{form}").code == 0
    assert list(rows(tmp_path / "out.csv")) == ["'-1"]
    cell = load_workbook(tmp_path / "out.xlsx")["Children"]["A2"]
    assert (cell.value, cell.data_type) == ("'-1", "s")


def test_duckdb_gives_the_same_file(folder: Path, tmp_path: Path) -> None:
    for engine in ("columns", "duckdb"):
        assert whichteam("caseload", folder, "--engine", engine, "--out", tmp_path / f"{engine}.csv").code == 0
    assert (tmp_path / "columns.csv").read_bytes() == (tmp_path / "duckdb.csv").read_bytes()


def test_no_room_for_the_temporary_files_of_a_workbook(tmp_path: Path) -> None:
    children = tmp_path / "children.csv"
    row = "policy,as_of,case_id\n" + "".join(f"blackpool,2024-10-16,c{n}\n" for n in range(40))
    children.write_text(row)
    ran = with_small_files(500, "caseload", children, "--out", tmp_path / "results.xlsx")
    hint = "make room there, or name another folder in TMPDIR"
    told = f"error: {tempfile.gettempdir()}: has no room for the temporary files of a workbook\n    {hint}\n"
    assert (ran.code, ran.err) == (2, told)
    assert [path.name for path in tmp_path.iterdir()] == ["children.csv"]
