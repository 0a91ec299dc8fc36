"""Files of which a part could go unread: each part is read, or told with its place, and leaves open what it could say.

Each line of a table has a file, the facts that have to come out of it for the children named (None: not known), and
everything that is told. The same rows without the fault stand beside them.
"""

from __future__ import annotations

from datetime import datetime, time
from pathlib import Path
from typing import Any

import pytest

from tests.intake.books import all_facts, counted, read, told
from tests.intake.test_kinds import BORN, HEADS, LINE, OTHER_BORN, PLAN, closed_row, open_row
from tests.intake.test_sloppy import PLAN_ROW, TEAM, Make, sheet, text

Expected = dict[str, dict[str, Any]]
BOTH: Expected = {"1001": {TEAM: "alpha"}, "1002": {TEAM: "case_closed"}}
OPENED: Expected = {"1001": {TEAM: "alpha"}, "1002": {TEAM: None}}
CLOSED = closed_row("1002", OTHER_BORN)
CLOSED_LINE = "1002,06/05/2013,03/09/2023,05/01/2024,RC7,e) Closed episode,Beta"
TOP = ",".join(HEADS)


def of_children(intake: Any) -> list[str]:
    """What is told of rows and cells: not the columns that a short table does not have, nor the sum of rows without a child."""
    return [fault for fault in told(intake) if "there is no column" not in fault and "rows without a child" not in fault]


def check(intake: Any, expected: Expected, messages: list[str]) -> None:
    found = all_facts(intake)
    known = {child: {name: found.get(child, {}).get(name) for name in facts} for child, facts in expected.items()}
    assert (known, set(found), of_children(intake)) == (expected, set(expected), messages)


# Two tables on a sheet ------------------------------------------------------------------------


APART = "\n    put each table on a sheet or in a file of its own"
BELOW = "another row of headings stands here: it and the 1 row under it are another table, and were not read" + APART
MOVED = [PLAN[1], PLAN[0], *PLAN[2:]]
TABLES: dict[str, tuple[Make, Expected, list[str]]] = {
    "one table": (sheet(["Annex A", "1001"], ["As at", datetime(2024, 9, 3)], HEADS, open_row(), CLOSED, heads=[]), BOTH, []),
    "a smaller table above": (
        sheet(["1002", *PLAN_ROW[1:]], [], HEADS, open_row(), heads=PLAN),
        {"1001": {TEAM: "alpha"}},
        [
            "annex.xlsx, List 6, row 1: another row of headings stands here: what comes before row 4, where the headings stand "
            "that were read, is another table, and was not read" + APART
        ],
    ),
    "rows of children above the headings": (
        sheet(open_row("1003"), HEADS, open_row(), CLOSED, heads=closed_row("1004")),
        OPENED,
        [
            "annex.xlsx, List 6, row 1: 2 rows of children, before row 3, where the headings stand that were read: nothing above "
            "the headings is read\n    put the headings above all rows",
        ],
    ),
    "another table below, one column on": (
        sheet(open_row(), CLOSED, [], [None, *PLAN], [None, "1002", *PLAN_ROW[1:]]),
        OPENED,
        ["annex.xlsx, List 6, row 5: " + BELOW],
    ),
    "another table below, with a day under the ids": (
        sheet(open_row(), CLOSED, MOVED, ["06/05/2013", "1002", *PLAN_ROW[2:]]),
        OPENED,
        ["annex.xlsx, List 6, row 4: " + BELOW],
    ),
    "another table beside, with another name for the ids": (
        sheet([*open_row()[:6], None, None, "1002", *PLAN_ROW[2:]], heads=[*HEADS, None, "Child ID", *PLAN[2:]]),
        {"1001": {TEAM: None}},
        [
            "annex.xlsx, List 6, column I `Child ID`: the heading over the ids stands here again, with other ids: from here on "
            "it is another table, and was not read\n    put each table on a sheet of its own",
        ],
    ),
    "a second id of the same child": (
        sheet([*open_row(), "X-7"], [*CLOSED, "X-8"], heads=[*HEADS, "Person ID"]),
        BOTH,
        [],
    ),
}


@pytest.mark.parametrize(("make", "expected", "messages"), TABLES.values(), ids=TABLES.keys())
def test_every_table_of_a_sheet_is_read_or_told(tmp_path: Path, make: Make, expected: Expected, messages: list[str]) -> None:
    check(read(make(tmp_path)), expected, messages)


# Lines of a text ------------------------------------------------------------------------------

QUOTE = "a quotation mark is not closed in it: put it right, or take it out"
TWO_LINES = '"d) Open\nassessment"'
STRAY = LINE.replace("Alpha", '"Alpha')
CUT = "was it cut off? end the row with a `,` for each empty cell"
TEXTS: dict[str, tuple[str, Expected, list[str]]] = {
    "good": (f"{TOP}\n{LINE}\n{CLOSED_LINE}\n", BOTH, []),
    "a cell of two lines": (f"{TOP}\n{LINE.replace('d) Open assessment', TWO_LINES)}\n{CLOSED_LINE}\n", BOTH, []),
    "a quotation mark that is not closed": (
        f"{TOP}\n{STRAY}\n{CLOSED_LINE}\n",
        {"1002": {TEAM: None}},
        [f"List 6.csv, List 6, row 2: {QUOTE}"],
    ),
    "two of them": (
        f"{TOP}\n{STRAY}\n{CLOSED_LINE}\n{STRAY.replace('1001', '1003')}\n{LINE.replace('1001', '1004')}\n",
        {"1002": {TEAM: None}, "1004": {TEAM: "alpha"}},
        [f"List 6.csv, List 6, row 2: {QUOTE}", f"List 6.csv, List 6, row 4: {QUOTE}"],
    ),
    "one that a later one closes": (
        f"{TOP}\n{LINE}\n{STRAY.replace('1001', '1003')}\n{CLOSED_LINE}{chr(34)}\n",
        {"1001": {TEAM: "alpha"}, "1002": {TEAM: None}},
        [f"List 6.csv, List 6, row 3: {QUOTE}"],
    ),
    "totals and remarks at the end": (f"{TOP}\n{LINE}\n{CLOSED_LINE}\nTotal,2\nGrand total: 2\n(2 rows affected)\n", BOTH, []),
    "a drawn line": (f"{TOP}\n{','.join('-' * len(head) for head in HEADS)}\n{LINE}\n{CLOSED_LINE}\n", BOTH, []),
    "a row that is cut off": (
        f"{TOP}\n{LINE}\n{CLOSED_LINE}\n1003,07/06/2014\n",
        OPENED,
        [f"List 6.csv, List 6, row 4: has 2 cells, expected 7: {CUT}"],
    ),
    "a comma in a cell": (
        f"{TOP}\n{LINE}\n{CLOSED_LINE},North\n",
        {"1001": {TEAM: "alpha"}},
        ["List 6.csv, List 6, row 3: has 8 cells, expected 7: put quotation marks round text that has `,` in it"],
    ),
    "ids kept as text": (f'{TOP}\n="1001"{LINE[4:]}\n"=""1002"""{CLOSED_LINE[4:]}\n', BOTH, []),
}  # fmt: skip


@pytest.mark.parametrize(("content", "expected", "messages"), TEXTS.values(), ids=TEXTS.keys())
def test_every_line_of_a_text_is_read_or_told(tmp_path: Path, content: str, expected: Expected, messages: list[str]) -> None:
    check(read(text("List 6.csv", content)(tmp_path)), expected, messages)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_text_is_read_in_each_usual_character_set(tmp_path: Path, encoding: str) -> None:
    check(read(text("List 6.csv", f"{TOP}\n{LINE}\n{CLOSED_LINE}\n", encoding)(tmp_path)), BOTH, [])


# Ids, and days --------------------------------------------------------------------------------

NO_ID = "annex.xlsx, List 6, row 4, column A `Child Unique ID`: "
IDS: dict[str, tuple[Any, str]] = {
    "nought": (0, "`0` stands in the place of an id, so nobody can tell whose row it is; write the id"),
    "noughts": ("000", "`000` stands in the place of an id, so nobody can tell whose row it is; write the id"),
    "a day": (OTHER_BORN, "`2013-05-06 00:00:00` is a day and no id, so nobody can tell whose row it is; write the id"),
    "a day as text": ("06/05/2013", "`06/05/2013` is a day and no id, so nobody can tell whose row it is; write the id"),
    "marks": ("--", "`Child Unique ID` is empty, so nobody can tell whose row it is; write the id"),
    "other marks": ("-.-", "`-.-` is not an id; use letters, digits, `.`, `_` and `-`"),
}


@pytest.mark.parametrize(("raw", "message"), IDS.values(), ids=IDS.keys())
def test_what_is_no_id_makes_no_child(tmp_path: Path, raw: Any, message: str) -> None:
    row = open_row(raw, born=datetime(2015, 1, 2))
    check(read(sheet(open_row(), CLOSED, row)(tmp_path)), BOTH, [NO_ID + message])
    check(read(sheet(open_row(), CLOSED, open_row("0010.20"))(tmp_path)), {**BOTH, "0010.20": {TEAM: "alpha"}}, [])


def test_a_guide_under_the_headings_is_no_child(tmp_path: Path) -> None:
    guide = ["Text", "dd/mm/yyyy", "dd/mm/yyyy", "dd/mm/yyyy", "Code", "Code", "Text"]
    intake = read(sheet(guide, open_row(), CLOSED)(tmp_path))
    check(intake, BOTH, [])
    assert counted(intake)["List 6"] == (3, 2, 0, {"a guide to the columns": 1})


def test_a_nought_in_the_form_of_a_day_is_no_end(tmp_path: Path) -> None:
    """Formulas that look up an empty cell give 0, which a column of dates shows as a time."""
    check(read(sheet([*open_row()[:3], time(0, 0), *open_row()[4:]], CLOSED)(tmp_path)), BOTH, [])
    late = [*open_row()[:3], time(9, 30), *open_row()[4:]]
    where = "annex.xlsx, List 6, row 2, column D `CIN Closure Date`"
    message = f"{where}: `09:30:00` is not a date\n    write it as 25/09/2024 or 2024-09-25"
    check(read(sheet(late, CLOSED)(tmp_path)), {"1001": {TEAM: None}, "1002": BOTH["1002"]}, [message])


def test_a_column_with_times_of_another_zone_is_refused_as_a_whole(tmp_path: Path) -> None:
    days = [datetime(2024, 8, 2, 23), datetime(2024, 7, 2, 23), datetime(2024, 6, 30, 23)]
    rows = [open_row(f"{n}", day, born=BORN) for n, day in enumerate(days, 1001)]
    start = "contact_received_on"
    lost: Expected = {f"{n}": {TEAM: "alpha", start: None} for n in (1001, 1002, 1003)}
    message = (
        "annex.xlsx, List 6, column C `CIN Start Date`: its times are of another zone, which was lost, so that days may be a day "
        "early: all its 3 days in summer have the time 23:00 (2024-08-02 23:00, row 2), which is midnight of the next day in "
        "England\n    nothing of this column was read; save its dates as text with the year first, or export them again"
    )
    check(read(sheet(*rows)(tmp_path)), lost, [message])
    good = {**lost, "1001": {TEAM: "alpha", start: "2024-08-02"}, "1002": {start: "2024-07-02"}, "1003": {start: "2024-06-30"}}
    rows.append(open_row("1004", datetime(2024, 8, 1, 14)))
    check(read(sheet(*rows)(tmp_path)), {**good, "1004": {start: "2024-08-01"}}, [])
