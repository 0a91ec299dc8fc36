"""Sloppy files: each is read, refused or left out with the reason, and gives no wrong fact in silence.

Each line of a table has a file with one fault, the facts that have to come out of it for the children named, those that
must not, and what has to be told. The same rows without the fault stand beside them.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from kb.errors import InputError
from kb.intake.read import open_source
from tests.intake.books import all_facts, folder, read, told, workbook
from tests.intake.test_kinds import BORN, HEADS, LINE, OTHER_BORN, PLAN, closed_row, list_6, open_row
from tests.intake.test_returns import EVENTS, census

TEAM = "team_on_record"
START, LATER = datetime(2024, 8, 3), datetime(2024, 8, 20)
Make = Callable[[Path], Path]


def sheet(*rows: list[Any], heads: list[Any] = HEADS, **others: Any) -> Make:
    """Makes a workbook with List 6, and other sheets."""
    named = {name.replace("_", " "): sheet_rows for name, sheet_rows in others.items()}
    return lambda path: workbook(path / "annex.xlsx", {"List 6": [heads, *rows], **named})


def text(name: str, content: str, encoding: str = "utf-8") -> Make:
    """Makes a file of text."""

    def made(path: Path) -> Path:
        (path / name).write_bytes(content.encode(encoding))
        return path / name

    return made


def counted_from_1904(path: Path) -> Path:
    from openpyxl import Workbook

    book = Workbook()
    book.epoch = datetime(1904, 1, 1)
    book.remove(book.worksheets[0])
    page = book.create_sheet("List 6")
    for row in (HEADS, open_row(start=44045), open_row("1002", born=OTHER_BORN)):
        page.append(row)
    book.save(path / "annex.xlsx")
    return path / "annex.xlsx"


PLAN_ROW = ["1001", BORN, datetime(2024, 8, 9), None, "Alpha"]
WITHOUT_END = [HEADS[at] for at in (0, 1, 2, 6)]
SPLIT = (
    [*HEADS[:2], "CIN Start", "CIN Closure", "Reason for", "Case", "Allocated"],
    [None, None, "Date", "Date", "Closure", "Status", "Team"],
)
SWAPPED = [*HEADS[:2], HEADS[3], HEADS[2], *HEADS[4:]]

#: name, file, facts that come out by child (None: not known), and what is told.
WORKBOOKS: dict[str, tuple[Make, dict[str, dict[str, Any]], str]] = {
    "good": (sheet(open_row(), closed_row("1002")), {"1001": {TEAM: "alpha"}, "1002": {TEAM: "case_closed"}}, ""),
    "headings in two rows": (
        sheet(SPLIT[1], open_row(), closed_row("1002"), heads=SPLIT[0]),
        {"1001": {TEAM: "alpha", "date_of_birth": "2012-03-04"}, "1002": {TEAM: "case_closed"}},
        "",
    ),
    "no column for the end": (
        sheet(["1001", BORN, START, "Alpha"], heads=WITHOUT_END),
        {"1001": {TEAM: None}},
        "annex.xlsx, List 6: there is no column `CIN Closure Date`",
    ),
    "no heading over the end": (
        sheet(closed_row(), heads=[*HEADS[:3], None, *HEADS[4:]]),
        {"1001": {TEAM: None}},
        "annex.xlsx, List 6, column D: has a value and no heading, so it was not read",
    ),
    "a heading twice": (
        sheet([*open_row(), "Beta"], [*open_row("1002"), "Alpha"], heads=[*HEADS, "Allocated Team"]),
        {"1001": {TEAM: None}, "1002": {TEAM: "alpha"}},
        "annex.xlsx, List 6, row 2, column G `Allocated Team`: column H `Allocated Team` is called the same and "
        "says something else",
    ),
    "an end in a column of the same name": (
        sheet([*open_row(), LATER], heads=[*HEADS, "CIN Closure Date"]),
        {"1001": {TEAM: None}},
        "column H `CIN Closure Date` is called the same",
    ),
    "cells moved to the right": (
        sheet(open_row(), ["1002", "x", *closed_row()[1:]]),
        {"1001": {TEAM: "alpha"}, "1002": {TEAM: None, "contact_received_on": None}},
        "annex.xlsx, List 6, row 3: has values beyond the last heading, and cells that can't be read",
    ),
    "a note beside a row": (
        sheet([*open_row(), "checked"]),
        {"1001": {TEAM: "alpha"}},
        "annex.xlsx, List 6, column H: has a value and no heading, so it was not read\n    write its heading",
    ),
    "another table below": (
        sheet(open_row(), PLAN, ["1002", *PLAN_ROW[1:]]),
        {"1001": {TEAM: "alpha"}, "1002": {"contact_received_on": None}},
        "annex.xlsx, List 6, row 3: another row of headings stands here: it and the 1 row under it",
    ),
    "another table beside": (
        sheet([*open_row(), None, "1002", *PLAN_ROW[1:]], heads=[*HEADS, None, *PLAN]),
        {"1001": {TEAM: "alpha"}},
        "annex.xlsx, List 6, column I `Child Unique ID`: the heading over the ids stands here again, with other ids",
    ),
    "names of sheets swapped": (
        lambda path: workbook(path / "annex.xlsx", {"List 7": [HEADS, closed_row()]}),
        {"1001": {TEAM: "case_closed"}},
        "",
    ),
    "start and end swapped": (
        sheet(open_row(), closed_row("1002"), heads=SWAPPED),
        {"1001": {TEAM: None}, "1002": {TEAM: None}},
        "column C `CIN Closure Date`: it seems to be swapped with `CIN Start Date`: the end comes before the "
        "start in 1 of 1 rows that have both",
    ),
    "an end before the start": (
        sheet([*open_row()[:3], datetime(2023, 8, 3), *open_row()[4:]]),
        {"1001": {TEAM: None}},
        "column D `CIN Closure Date`: it ends on 2023-08-03, before it starts on 2024-08-03",
    ),
    "a reason and no end": (
        sheet([*open_row()[:4], "RC7", *open_row()[5:]]),
        {"1001": {TEAM: None}},
        "column D `CIN Closure Date`: the row has a reason for the end, and no day of it",
    ),
    "an end that is not known": (
        sheet([*open_row()[:3], "unknown", *open_row()[4:]]),
        {"1001": {TEAM: None}},
        "column D `CIN Closure Date`: `unknown` says that the day is not known",
    ),
    "a formula that failed": (
        sheet([*open_row()[:3], "#REF!", *open_row()[4:]]),
        {"1001": {TEAM: None}},
        "column D `CIN Closure Date`: `#REF!` is not a date",
    ),
    "words for nothing": (sheet([*open_row()[:3], "NA", "(blank)", "Not applicable", "Alpha"]), {"1001": {TEAM: "alpha"}}, ""),
    "marks that nobody sees": (sheet(open_row("\ufeff1001\u200b", team="Alpha\u200b")), {"1001": {TEAM: "alpha"}}, ""),
    "an id that lost digits": (
        sheet(open_row(1.2345678901234e17), open_row("1002")),
        {"1002": {TEAM: "alpha"}},
        "`123456789012340000` has lost digits: a spreadsheet keeps 15 of a number",
    ),
    "two ids in a cell": (
        sheet(open_row("1002\n1003"), open_row()),
        {"1001": {TEAM: "alpha"}},
        "`1002 1003` stands on several lines",
    ),
    "ids that differ by marks": (
        sheet(open_row("AB-1"), open_row("AB 1")),
        {"AB-1": {TEAM: "alpha"}, "AB_1": {TEAM: "alpha"}},
        "child AB-1: `AB-1` and `AB_1` differ by marks only and have one date of birth",
    ),
    "two children with one id": (
        sheet(open_row(), List_7=[PLAN, ["1001", OTHER_BORN, *PLAN_ROW[2:]]]),
        {"1001": {TEAM: None, "child_protection_plan_from": None}},
        "child 1001: its rows have dates of birth that are no slip of one another (2012-03-04, 2013-05-06)",
    ),
    "a slip in a date of birth": (
        sheet(open_row(), List_7=[PLAN, ["1001", datetime(2012, 4, 3), *PLAN_ROW[2:]]]),
        {"1001": {TEAM: "alpha", "date_of_birth": None}},
        "child 1001: rows disagree on the date of birth",
    ),
    "days counted from 1904": (
        counted_from_1904,
        {"1001": {"contact_received_on": None}, "1002": {"contact_received_on": "2024-08-03"}},
        "`44045` is a number in a workbook that counts days from 1904",
    ),
    "a count at the end": (sheet(open_row(), ["Number of children", 1], [1]), {"1001": {TEAM: "alpha"}}, ""),
    "lines that end as on old computers": (
        text("List 6.csv", f"{','.join(HEADS)}\r{LINE}\r", "latin-1"),
        {"1001": {TEAM: "alpha"}},
        "",
    ),
}


@pytest.mark.parametrize(("make", "expected", "message"), WORKBOOKS.values(), ids=WORKBOOKS.keys())
def test_a_sloppy_table(tmp_path: Path, make: Make, expected: dict[str, dict[str, Any]], message: str) -> None:
    intake = read(make(tmp_path))
    found = all_facts(intake)
    known = {child: {name: found.get(child, {}).get(name) for name in facts} for child, facts in expected.items()}
    assert (known, set(found) <= set(expected)) == (expected, True)
    others = [fault for fault in told(intake) if "there is no column" not in fault]
    assert any(message in fault for fault in told(intake)) if message else others == []


def test_a_sheet_about_children_that_is_no_list_is_told_with_its_headings(tmp_path: Path) -> None:
    moves = [["Child Unique ID", "Moved to", "Date moved"], ["1001", "Beta", LATER]]
    pivot = [["Row Labels", "Count"], ["Alpha", 1]]
    unread = read(sheet(open_row(), Moves=moves, Pivot=pivot)(tmp_path)).unread
    assert [(str(entry), entry.deciding) for entry in unread] == [
        (
            "annex.xlsx, Moves: left out, it is none of the tables; its headings are `Child Unique ID`, `Moved to`, `Date moved`",
            True,
        ),
        ("annex.xlsx, Pivot: left out, it is none of the tables", False),
    ]


def test_a_workbook_that_is_called_csv_is_told(tmp_path: Path) -> None:
    path = list_6(tmp_path, open_row()).rename(tmp_path / "List 6.csv")
    with pytest.raises(InputError) as error:
        open_source(str(path))
    assert str(error.value) == (
        "List 6.csv: is packed, as workbooks are, and no text\n    if it is a workbook, end its name in .xlsx"
    )


DETAILS = "<CINclosureDate>2024-02-01</CINclosureDate>"
CLOSED = {TEAM: "case_closed", "case_closed_on": "2024-02-01"}
CENSUS: dict[str, tuple[Callable[[str], str], dict[str, Any], str]] = {
    "good": (lambda file: file, CLOSED, ""),
    "a namespace": (lambda file: file.replace("<Message>", '<Message xmlns="urn:x">'), CLOSED, ""),
    "values as attributes": (
        lambda file: file.replace("<Child>", '<Child LAchildID="A1" PersonBirthDate="2012-06-04">').replace(
            "<LAchildID>A1</LAchildID><PersonBirthDate>2012-06-04</PersonBirthDate>", ""
        ),
        CLOSED,
        "",
    ),
    "a day as an attribute": (
        lambda file: file.replace(DETAILS, '<CINclosureDate value="2024-02-01"/>'),
        {TEAM: None},
        "column `CINclosureDate`: `value=2024-02-01` is not a date",
    ),
    "said to be empty": (
        lambda file: file.replace(DETAILS, '<CINclosureDate xmlns:xsi="urn:x" xsi:nil="true"/>'),
        {TEAM: None, "threshold_met": True},
        "",
    ),
    "an element by another name": (
        lambda file: file.replace("CINclosureDate", "ClosureDate"),
        {TEAM: None, "referral_accepted_on": "2024-01-10"},
        "`ClosureDate` is none of its values by the standard, and was not read\n    did you mean",
    ),
    "a block by another name": (
        lambda file: file.replace("CINdetails", "CINDetail"),
        {"referral_accepted_on": None},
        "cin.xml, Child: `CINreferralDate` is none of its values by the standard, and was not read",
    ),
}


@pytest.mark.parametrize(("change", "expected", "message"), CENSUS.values(), ids=CENSUS.keys())
def test_a_changed_census(tmp_path: Path, change: Callable[[str], str], expected: dict[str, Any], message: str) -> None:
    path = census(tmp_path, DETAILS)
    path.write_text(change(path.read_text()))
    intake = read(path)
    found = all_facts(intake)["A1"]
    assert {name: found.get(name) for name in expected} == expected
    others = [fault for fault in told(intake) if "no row says which team" not in fault]
    assert any(message in fault for fault in told(intake)) if message else others == []


def test_a_census_with_its_blocks_in_another_order_gives_the_same(tmp_path: Path) -> None:
    path = census(tmp_path, EVENTS)
    good = all_facts(read(path))
    before, _, rest = path.read_text().partition("<ChildIdentifiers>")
    identifiers, _, after = rest.partition("</ChildIdentifiers>")
    path.write_text(before + after.replace("</Child>", f"<ChildIdentifiers>{identifiers}</ChildIdentifiers></Child>"))
    assert all_facts(read(path)) == good


EPISODES = [["CHILD", "DECOM", "RNE", "LS", "CIN", "PLACE", "DEC", "REC"], ["1", "15/02/2024", "S", "V2", "N1", "U1", "", ""]]
ENDED = [*EPISODES[1][:6], "14/05/2024", "E4A"]
HEADER = [["CHILD", "SEX", "DOB"], ["1", "2", "27/03/2010"]]
RETURNS: dict[str, tuple[dict[str, Any], bool | None, str]] = {
    "good": ({"episodes.csv": EPISODES}, True, ""),
    "ended": ({"episodes.csv": [EPISODES[0], ENDED]}, False, ""),
    "by another name": ({"eps final.csv": [EPISODES[0], ENDED]}, False, ""),
    "no column for the end": ({"episodes.csv": [row[:6] for row in EPISODES]}, None, "there is no column `DEC`"),
    "the end by another name": (
        {"episodes.csv": [[*EPISODES[0][:6], "EPISODE_DEC", "REC"], [*ENDED[:7], ""]]},
        None,
        "there is no column `DEC`",
    ),
    "columns swapped": (
        {"episodes.csv": [[*EPISODES[0][:1], "DEC", *EPISODES[0][2:6], "DECOM", "REC"], EPISODES[1], ENDED]},
        None,
        "column `DEC`: it seems to be swapped with `DECOM`",
    ),
    "a reason and no end": ({"episodes.csv": [EPISODES[0], [*ENDED[:6], "", "E4A"]]}, None, "the row has a reason for the end"),
    "ids in powers of ten": ({"episodes.csv": [EPISODES[0], ["1.00E+05", *EPISODES[1][1:]]]}, None, "has lost digits"),
    "no episodes": ({}, None, ""),
}


@pytest.mark.parametrize(("tables", "cared_for", "message"), RETURNS.values(), ids=RETURNS.keys())
def test_a_changed_ssda903(tmp_path: Path, tables: dict[str, Any], cared_for: bool | None, message: str) -> None:
    intake = read(folder(tmp_path / "903", {"header.csv": HEADER, **tables}))
    assert all_facts(intake)["1"].get("cared_for") is cared_for
    assert any(message in fault for fault in told(intake)) if message else told(intake) == []
    missing = "episodes, reviews, uasc, oc3, placed_for_adoption" if not tables else "reviews, uasc, oc3, placed_for_adoption"
    assert f"903 has no {missing}: what they would say is not known" in intake.notes


def test_a_list_of_teams_with_days_on_which_they_ended(tmp_path: Path) -> None:
    rows = "1001,Alpha,2023-01-01,2024-01-01\n1001,Beta,2024-01-01,\n1002,Alpha,2023-01-01,2024-01-01\n"
    found = all_facts(read(text("teams.csv", f"child,team,since,until\n{rows}")(tmp_path)))
    assert (found["1001"][TEAM], found["1002"].get(TEAM)) == ("beta", None)


@pytest.mark.parametrize(
    ("heads", "team", "messages"),
    [
        ("child,team,since,until", "beta", []),
        ("child,team,since,note", "beta", []),
        ("child,team,since,untill", None, ["teams.csv, teams: there is no column `until`\n    is it `untill`?"]),
        ("child,team,since,moved away", None, ["teams.csv, teams: there is no column `until`\n    is it `moved away`?"]),
    ],
)
def test_a_list_of_teams_with_days_under_an_unknown_heading(
    tmp_path: Path, heads: str, team: str | None, messages: list[str]
) -> None:
    day = "2024-12-01" if "note" not in heads else "seen"
    intake = read(text("teams.csv", f"{heads}\n1001,Beta,2024-01-01,{day}\n")(tmp_path))
    assert (all_facts(intake)["1001"].get(TEAM), told(intake)) == (team, messages)
