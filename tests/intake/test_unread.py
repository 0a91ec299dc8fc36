"""Files of which a part could go unread: each part is read, or told with its place, and leaves open what it could say.

Each line of a table has a file, the facts that have to come out of it for the children named (None: not known), and
everything that is told. The same rows without the fault stand beside them.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from datetime import datetime, time
from pathlib import Path
from typing import Any

import pytest

from kb.errors import InputError
from kb.intake.read import open_source, read_source
from tests.intake.books import AS_OF, VOCABULARY, all_facts, counted, read, told, workbook
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

QUOTE = "a quotation mark is not closed in it, so that it takes in what stands below: put it right, or take it out"
TWO_LINES = '"d) Open\nassessment"'
REMARK = '"Seen, on the day, with both, parents, at home.\nAged 12, rang, wrote, called, waited, met, saw, told"'
STRAY = LINE.replace("Alpha", '"Alpha')
CUT = "was it cut off? end the row with a `,` for each empty cell"
TEXTS: dict[str, tuple[str, Expected, list[str]]] = {
    "good": (f"{TOP}\n{LINE}\n{CLOSED_LINE}\n", BOTH, []),
    "a cell of two lines": (f"{TOP}\n{LINE.replace('d) Open assessment', TWO_LINES)}\n{CLOSED_LINE}\n", BOTH, []),
    "a remark of two lines": (f"{TOP},Remarks\n{LINE},{REMARK}\n{CLOSED_LINE},\n", BOTH, []),
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
        {"1001": {TEAM: "alpha"}},
        [f"List 6.csv, List 6, row 3: {QUOTE}"],
    ),
    "totals and remarks at the end": (f"{TOP}\n{LINE}\n{CLOSED_LINE}\nTotal,2\nGrand total: 2\n(2 rows affected)\n", BOTH, []),
    "a drawn line": (f"{TOP}\n{','.join('-' * len(head) for head in HEADS)}\n{LINE}\n{CLOSED_LINE}\n", BOTH, []),
    "a row with another mark between its cells": (
        f"{TOP}\n{LINE}\n{CLOSED_LINE}\n{LINE.replace('1001', '1003').replace(',', ';')}\n",
        OPENED,
        [f"List 6.csv, List 6, row 4: has 1 cell, expected 7: {CUT}"],
    ),
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


# Cells without a value of their own -------------------------------------------------------------


def changed(make: Make, change: Callable[[Any], None]) -> Make:
    """The workbook with a change to its List 6."""

    def made(path: Path) -> Path:
        from openpyxl import load_workbook

        file = make(path)
        book = load_workbook(file)
        change(book["List 6"])
        book.save(file)
        return file

    return made


def merged(make: Make, cells: str) -> Make:
    return changed(make, lambda page: page.merge_cells(cells))


def stored(make: Make, **results: str) -> Make:
    """The workbook with results of some of the formulas of its first sheet, as the rest of the XML of a cell."""

    def change(part: bytes) -> bytes:
        for cell, rest in results.items():
            part = re.sub(rb'<c r="%s"><f>([^<]*)</f>.*?</c>' % cell.encode(), rest.encode(), part)
        return part

    return lambda path: with_part(make(path), "xl/worksheets/sheet1.xml", change)


def with_part(file: Path, name: str, change: Callable[[bytes], bytes | None]) -> Path:
    """The file with one of its parts changed, or without it."""
    with zipfile.ZipFile(file) as packed:
        parts = {part: packed.read(part) for part in packed.namelist()}
    with zipfile.ZipFile(file, "w") as packed:
        for part, content in parts.items():
            now = change(content) if part == name else content
            if now is not None:
                packed.writestr(part, now)
    return file


MERGED = "the cell is merged with another, and may mean the same as that\n    write a value into each cell"
NEVER = "the formula was never worked out\n    open the file in Excel, and save it"
CELL = "annex.xlsx, List 6, row 3, column {} `{}`: {}"
RUNNING = open_row("1002", born=OTHER_BORN)
ALL_OPEN: Expected = {"1001": {TEAM: "alpha"}, "1002": {TEAM: "alpha"}}
END_BY_FORMULA = [*RUNNING[:3], '=IF(TRUE,"","")', *RUNNING[4:]]
EMPTY_TEXT = '<c r="D3" t="str"><f>1</f><v></v></c>'
CELLS: dict[str, tuple[Make, Expected, list[str]]] = {
    "good": (sheet(closed_row(), RUNNING), {"1001": {TEAM: "case_closed"}, "1002": {TEAM: "alpha"}}, []),
    "an end that is merged": (
        merged(sheet(closed_row(), RUNNING), "D2:D3"),
        {"1001": {TEAM: "case_closed"}, "1002": {TEAM: None}},
        [CELL.format("D", "CIN Closure Date", MERGED)],
    ),
    "a team that is merged, in the last column": (
        merged(sheet(open_row(), [*RUNNING[:6], None]), "G2:G3"),
        OPENED,
        [CELL.format("G", "Allocated Team", MERGED)],
    ),
    "empty cells that are merged": (merged(sheet(open_row(), RUNNING), "D2:E3"), ALL_OPEN, []),
    "a title that is merged": (merged(sheet(HEADS, open_row(), RUNNING, heads=["List", None, None]), "A1:C1"), ALL_OPEN, []),
    "a formula never worked out": (
        sheet(open_row(), END_BY_FORMULA),
        OPENED,
        [CELL.format("D", "CIN Closure Date", NEVER)],
    ),
    "one in the last column": (
        sheet(open_row(), [*RUNNING[:6], '="Al"&"pha"']),
        OPENED,
        [CELL.format("G", "Allocated Team", NEVER)],
    ),
    "a formula that gives no text": (stored(sheet(open_row(), END_BY_FORMULA), D3=EMPTY_TEXT), ALL_OPEN, []),
    "one formula worked out, and one not": (
        stored(sheet(["=1000+1", *open_row()[1:]], END_BY_FORMULA), A2='<c r="A2"><f>1000+1</f><v>1001</v></c>'),
        OPENED,
        [CELL.format("D", "CIN Closure Date", NEVER)],
    ),
}


@pytest.mark.parametrize(("make", "expected", "messages"), CELLS.values(), ids=CELLS.keys())
def test_a_cell_without_a_value_of_its_own_is_not_empty(
    tmp_path: Path, make: Make, expected: Expected, messages: list[str]
) -> None:
    check(read(make(tmp_path)), expected, messages)


MAIN = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
TWO_SHEETS = sheet(open_row(), CLOSED, List_7=[PLAN, PLAN_ROW])
FILES: dict[str, tuple[Make, str]] = {
    "a sheet whose part is missing": (
        lambda path: with_part(TWO_SHEETS(path), "xl/worksheets/sheet2.xml", lambda part: None),
        "annex.xlsx: is damaged: `List 7` stands in its list of sheets, and is not in it\n"
        "    open it in Excel, and save it again as .xlsx",
    ),
    "another standard": (
        lambda path: with_part(
            TWO_SHEETS(path), "xl/workbook.xml", lambda part: part.replace(MAIN, b"http://purl.oclc.org/ooxml/spreadsheetml/main")
        ),
        "annex.xlsx: is saved as `Strict Open XML Spreadsheet`, which can't be read\n"
        "    save it in Excel as `Excel Workbook (*.xlsx)`",
    ),
    "text": (
        text("annex.xlsx", f"{TOP}\n{LINE}\n"),
        "annex.xlsx: is text and no workbook, though its name says so\n"
        "    if it is CSV, end its name in .csv; otherwise open it in Excel, and save it as .xlsx",
    ),
    "a password": (
        lambda path: old_kind(path / "annex.xlsx"),
        "annex.xlsx: is not a workbook that can be read\n    take off any password and save it again as .xlsx",
    ),
}


def old_kind(file: Path) -> Path:
    """A file with the first bytes of old workbooks, and of new ones that have a password."""
    file.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\n" + bytes(2_000))
    return file


@pytest.mark.parametrize(("make", "message"), FILES.values(), ids=FILES.keys())
def test_a_workbook_that_can_be_read_in_part_only_is_refused(tmp_path: Path, make: Make, message: str) -> None:
    with pytest.raises(InputError) as error:
        open_source(str(make(tmp_path)))
    assert str(error.value) == message
    check(read(TWO_SHEETS(tmp_path)), {"1001": {"child_protection_plan_from": "2024-08-09"}, "1002": {TEAM: "case_closed"}}, [])


# Files and sheets beside the right one ----------------------------------------------------------

OTHER_ROW = open_row("1003", team="Gamma")
BESIDE: dict[str, tuple[dict[str, Any], Any, str]] = {
    "a second part": (
        {"List 6": [HEADS, CLOSED], "List 6 part 2": [HEADS, OTHER_ROW]},
        None,
        "annex.xlsx, List 6 part 2: left out, List 6 was read from List 6",
    ),
    "a later day": (
        {"List 6": [HEADS, CLOSED], "List 6 2024-09-03": [HEADS, OTHER_ROW]},
        None,
        "annex.xlsx, List 6 2024-09-03: left out, List 6 was read from List 6",
    ),
    "an earlier day": (
        {"List 6 2024-09-03": [HEADS, CLOSED], "List 6 2024-08-03": [HEADS, OTHER_ROW]},
        "case_closed",
        "annex.xlsx, List 6 2024-08-03: left out, List 6 was read from List 6 2024-09-03",
    ),
    "an old one": (
        {"List 6": [HEADS, CLOSED], "List 6 (old)": [HEADS, OTHER_ROW]},
        "case_closed",
        "annex.xlsx, List 6 (old): left out, List 6 was read from List 6",
    ),
    "a copy": (
        {"List 6": [HEADS, CLOSED], "List 6 (2)": [HEADS, CLOSED]},
        "case_closed",
        "annex.xlsx, List 6 (2): left out, it is the same",
    ),
}


@pytest.mark.parametrize(("sheets", "team", "message"), BESIDE.values(), ids=BESIDE.keys())
def test_a_sheet_that_may_be_a_second_part_leaves_open_what_it_could_say(
    tmp_path: Path, sheets: dict[str, Any], team: Any, message: str
) -> None:
    intake = read(workbook(tmp_path / "annex.xlsx", sheets))
    check(intake, {"1002": {TEAM: team}}, [])
    assert [str(entry) for entry in intake.unread] == [message]


UNREAD: dict[str, tuple[str, Any, str]] = {
    "List 7.xls": ("", None, "left out, it is a workbook of the old kind; save it in Excel as .xlsx"),
    "List 7.xlsx": ("x", None, "refused, is not a workbook that can be read: take off any password and save it again as .xlsx"),
    "List 7.dat": ("", None, "left out, no file that ends in `.dat` is read; if it is CSV, end its name in .csv"),
    "List 7": ("", None, "left out, its name has no ending; if it is CSV, end its name in .csv"),
    "AA_7.rar": ("", None, "left out, it is packed; unpack it"),
    "letter.rar": ("", "case_closed", "left out, it is packed; unpack it"),
    "letter.docx": ("", "case_closed", "left out, it holds no table"),
}


@pytest.mark.parametrize(
    ("name", "content", "team", "message"), [(name, *one) for name, one in UNREAD.items()], ids=UNREAD.keys()
)
def test_a_file_that_is_not_read_leaves_open_what_a_table_of_its_name_could_say(
    tmp_path: Path, name: str, content: str, team: Any, message: str
) -> None:
    (tmp_path / "List 6.csv").write_text(f"{TOP}\n{CLOSED_LINE}\n", encoding="utf-8")
    (tmp_path / name).write_text(content, encoding="utf-8")
    intake = read(tmp_path)
    check(intake, {"1002": {TEAM: team}}, [])
    assert [(str(entry), entry.deciding) for entry in intake.unread] == [(f"{name}: {message}", name != "letter.docx")]


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


def test_a_row_in_one_cell_is_no_remark(tmp_path: Path) -> None:
    where = "annex.xlsx, List 6, row 4, column A `Child Unique ID`: "
    message = f"`{LINE}` is not an id; use letters, digits, `.`, `_` and `-`"
    check(read(sheet(open_row(), CLOSED, [LINE])(tmp_path)), OPENED, [where + message])
    check(read(sheet(open_row(), CLOSED, ["Made by A, B and C on 3 September"])(tmp_path)), BOTH, [])


def test_an_end_from_another_source_ends_the_team_of_the_same_row(tmp_path: Path) -> None:
    folders = [tmp_path / name for name in ("first", "second", "third")]
    for place in folders:
        place.mkdir()
    ended = [*open_row()[:3], datetime(2024, 8, 20), "RC7", "e) Closed episode", "Alpha"]
    first, second, third = (open_source(str(sheet(row)(p))) for p, row in zip(folders, (open_row(), ended, open_row())))
    day = AS_OF.toordinal()
    open_still = read_source([first, third], "tiny", VOCABULARY, day)
    assert all_facts(open_still)["1001"][TEAM] == "alpha"
    closed = read_source([first, second], "tiny", VOCABULARY, day)
    assert (all_facts(closed)["1001"][TEAM], all_facts(closed)["1001"]["case_closed_on"]) == ("case_closed", "2024-08-20")


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
