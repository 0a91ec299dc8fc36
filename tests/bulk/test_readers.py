"""Reading tables: the same cases from every file format, and every fault with its row and column."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]
import pytest
from openpyxl import Workbook
from pyarrow import csv, parquet

from benchmarks.random_table import random_table
from kb.bulk.arrow import read_arrow, to_arrow
from kb.bulk.columns_in import select
from kb.bulk.reader import CasesRead, Wanted
from kb.bulk.table import CaseTable
from kb.case import Day
from kb.errors import InputError
from queries.bulk.readers import reader_for
from queries.load import load_program
from tests.strategies import blackpool

VOCABULARY = blackpool().policy.vocabulary
BLACKPOOL = Wanted("blackpool", VOCABULARY)


def read(path: Path, wanted: Wanted = BLACKPOOL) -> CasesRead:
    found: CasesRead = reader_for(path).read(path, wanted)
    assert found.refused + len(found.table) == found.total
    return found


def text_columns(table: CaseTable) -> Any:
    made = to_arrow(table, VOCABULARY, as_text=True)
    kinds = [field.type.value_type if pa.types.is_dictionary(field.type) else field.type for field in made.schema]
    return made.cast(pa.schema(list(zip(made.column_names, kinds))))


def write(folder: Path, form: str, table: CaseTable) -> Path:
    path = folder / f"cases.{form}"
    if form == "csv":
        csv.write_csv(text_columns(table), path)
    elif form == "parquet":
        parquet.write_table(to_arrow(table, VOCABULARY), path)
    else:
        book = Workbook()
        sheet = book.worksheets[0]
        made = text_columns(table)
        sheet.append(made.column_names)
        for row in made.to_pylist():
            sheet.append(list(row.values()))
        book.save(path)
    return path


@pytest.mark.parametrize("form", ["csv", "parquet", "xlsx"])
def test_every_form_gives_the_same_cases(form: str, tmp_path: Path) -> None:
    table = random_table(blackpool(), 60, seed=8, unknown=0.6)
    found = read(write(tmp_path, form, table))
    assert (found.total, found.refused, found.faults, found.notes) == (60, 0, (), ())
    assert list(found.table.cases(VOCABULARY)) == list(table.cases(VOCABULARY))
    assert found.table.places[0] == "row 2"


def test_arrow_there_and_back_for_the_other_policy() -> None:
    made = load_program("sefton")
    vocabulary = made.policy.vocabulary
    table = random_table(made, 50, seed=9, unknown=0.4)
    found = read_arrow(to_arrow(table, vocabulary), "cases", Wanted("sefton", vocabulary))
    assert found.faults == ()
    assert list(found.table.cases(vocabulary)) == list(table.cases(vocabulary))


HEADER = "case_id,policy,as_of,unborn,icpc_held_on,gestation_weeks,care_plan,exploitation_types,date_of_birth"
GOOD = 'a-1,blackpool,2024-09-03,true,2024-09-01,20,,"trafficking; other",2010-02-28'


def sheet(tmp_path: Path, *rows: str, header: str = HEADER) -> Path:
    path = tmp_path / "cases.csv"
    path.write_text("\n".join([header, *rows, ""]), encoding="utf-8")
    return path


def test_a_good_row_and_what_its_cells_mean(tmp_path: Path) -> None:
    case = read(sheet(tmp_path, GOOD, "b,blackpool,2024-09-03,,false,,,[],")).table
    facts = [dict(found.facts) for found in case.cases(VOCABULARY)]
    assert facts[0]["exploitation_types"] == ("trafficking", "other")
    assert (facts[0]["unborn"], facts[0]["gestation_weeks"]) == (True, 20)
    assert facts[1] == {"icpc_held_on": False, "exploitation_types": ()}


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (GOOD.replace("a-1", "a 1"), "column `case_id`: `a 1` is not a case id\n    use letters, digits, `.`, `_` and `-`"),
        (GOOD.replace("a-1", ""), "column `case_id`: is empty\n    give each child an id of its own"),
        (GOOD.replace("a-1", "z"), "column `case_id`: case id `z` is used by row 2 too\n    give each case its own id"),
        (
            GOOD.replace("blackpool", "sefton"),
            "column `policy`: `sefton` is not the policy of the first row, `blackpool`\n"
            "    decide the whole file under one: --policy NAME",
        ),
        (
            GOOD.replace("2024-09-03", "03/09/2024"),
            "column `as_of`: `03/09/2024` is not a date such as 2024-09-03\n    write the date as 2024-09-03",
        ),
        (GOOD.replace("true", "yes"), "column `unborn`: `yes` is not true or false"),
        (GOOD.replace("2024-09-01", "2024-02-30"), "column `icpc_held_on`: `2024-02-30` is no day of the calendar"),
        (GOOD.replace(",20,", ",-1,"), "column `gestation_weeks`: `-1` is not a whole number"),
        (GOOD.replace(",20,", ",1000,"), "column `gestation_weeks`: `1000` is not a number from 0 to 300"),
        (
            GOOD.replace("2010-02-28", "2024-09-04"),
            "column `date_of_birth`: 2024-09-04 is after the day of the record 2024-09-03\n    correct one of the two dates",
        ),
        (
            GOOD.replace("2024-09-01", "2024-09-02; 2024-09-01"),
            "column `icpc_held_on`: 2024-09-01 stands after 2024-09-02, which is later",
        ),
        (GOOD.replace('"trafficking; other"', '"[1"'), "column `exploitation_types`: `[1` is not JSON"),
    ],
)
def test_a_bad_row_is_told_and_counted_and_the_others_are_kept(row: str, fault: str, tmp_path: Path) -> None:
    found = read(sheet(tmp_path, GOOD.replace("a-1", "z"), row, GOOD.replace("a-1", "last")))
    assert [str(one) for one in found.faults] == [f"cases.csv: row 3, {fault}"]
    assert (found.total, found.refused, list(found.table.ids)) == (3, 1, ["z", "last"])
    assert found.table.places == ["row 2", "row 4"]


def test_an_event_may_have_several_days_and_the_record_a_day_of_its_own(tmp_path: Path) -> None:
    header = "case_id,as_of,recorded_on,icpc_held_on,contact_received_on,stint_from"
    rows = (
        'a,2024-09-03,,2022-05-10;2024-08-20,"[""2022-01-01"", ""2024-06-01""]",',
        "b,2024-09-03,2024-12-01,2024-10-01,2024-11-30,2024-01-01",
        "c,2024-09-03,2024-09-02,,,",
        "d,2024-09-03,2024-09-03,2022-05-10; 2022-05-10,2024-09-04,",
        "e,2024-09-03,soon,,,",
    )
    found = read(sheet(tmp_path, *rows, header=header))
    first, second = found.table.cases(VOCABULARY)
    assert first.facts == {
        "icpc_held_on": tuple(Day(date(*day).toordinal()) for day in ((2022, 5, 10), (2024, 8, 20))),
        "contact_received_on": tuple(Day(date(*day).toordinal()) for day in ((2022, 1, 1), (2024, 6, 1))),
    }
    assert (first.recorded_on, second.recorded_on) == (None, date(2024, 12, 1).toordinal())
    assert found.notes == ("column `stint_from` is no case fact and was left out; did you mean `section_20_from`?",)
    assert [str(fault).splitlines()[0] for fault in found.faults] == [
        "cases.csv: row 4, column `recorded_on`: 2024-09-02 is before the as-of date 2024-09-03",
        "cases.csv: row 5, column `contact_received_on`: 2024-09-04 is after the day of the record 2024-09-03",
        "cases.csv: row 5, column `icpc_held_on`: the list names 2022-05-10 twice",
        "cases.csv: row 6, column `recorded_on`: `soon` is not a date such as 2024-09-03",
    ]


def test_an_event_before_the_birth_is_told(tmp_path: Path) -> None:
    found = read(sheet(tmp_path, "a,2024-09-03,2024-01-05,2024-01-04", header="case_id,as_of,date_of_birth,placed_on"))
    assert [str(fault) for fault in found.faults] == [
        "cases.csv: row 2, column `placed_on`: 2024-01-04 is before the date of birth 2024-01-05\n"
        "    only a child who has been born can have it: correct one of the two dates"
    ]


def test_a_second_day_of_death_is_told(tmp_path: Path) -> None:
    found = read(sheet(tmp_path, 'a,2024-09-03,"2024-01-04;2024-01-05"', header="case_id,as_of,died_on"))
    assert [str(fault) for fault in found.faults] == [
        "cases.csv: row 2, column `died_on`: a child dies once, and two days are recorded: 2024-01-04 and 2024-01-05\n"
        "    keep the day that is right"
    ]


def test_a_day_that_is_asked_for_leaves_the_tables_own_as_that_of_the_record(tmp_path: Path) -> None:
    path = sheet(tmp_path, "a,2024-09-03,true", "b,2024-01-03,true", header="case_id,as_of,unborn")
    found = reader_for(path).read(path, replace(BLACKPOOL, as_of=date(2024, 5, 1).toordinal()))
    assert [case.recorded_on for case in found.table.cases(VOCABULARY)] == [date(2024, 9, 3).toordinal(), None]


def test_a_row_with_too_many_cells_is_told_and_later_rows_keep_their_numbers(tmp_path: Path) -> None:
    found = read(sheet(tmp_path, GOOD, GOOD + ",", GOOD.replace("a-1", "b").replace("true", "maybe")))
    assert [str(fault).splitlines()[0] for fault in found.faults] == [
        "cases.csv: row 3: has 10 cells, expected 9",
        "cases.csv: row 4, column `unborn`: `maybe` is not true or false",
    ]
    assert (found.total, found.refused) == (3, 2)


def test_a_column_that_is_no_fact_is_told(tmp_path: Path) -> None:
    path = sheet(tmp_path, "a,2024-09-03,true,Example Street", header="case_id,as_of,unbron,address")
    found = read(path)
    assert found.notes == (
        "column `unbron` is no case fact and was left out; did you mean `unborn`?",
        "column `address` is no case fact and was left out",
    )
    assert next(iter(found.table.cases(VOCABULARY))).facts == {}


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("case_id,unborn\na,true\n", "cases.csv: has no column `as_of`\n    add it, or name the day: --as-of DATE"),
        ("case_id,as_of,as_of\na,2024-09-03,2024-09-03\n", "cases.csv: column `as_of` is there twice\n    keep one of them"),
    ],
)
def test_a_file_that_can_not_be_read_at_all(text: str, fault: str, tmp_path: Path) -> None:
    path = tmp_path / "cases.csv"
    path.write_text(text)
    with pytest.raises(InputError) as error:
        read(path)
    assert str(error.value) == fault


def test_files_of_other_kinds_are_refused(tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_text("name,age\nx,3\n")
    damaged = tmp_path / "cases.xlsx"
    damaged.write_bytes(b"PK no workbook")
    latin = tmp_path / "latin.csv"
    latin.write_bytes("case_id,as_of\ncafé,2024-09-03\n".encode("latin-1"))
    told: list[str] = []
    for path in (other, damaged, latin, tmp_path / "none.csv"):
        with pytest.raises(InputError) as error:
            read(path)
        told.append(str(error.value).splitlines()[0].replace(str(tmp_path), "DIR"))
    assert told[0] == "other.csv: is no caseload that can be read"
    assert told[1] == "cases.xlsx: is not a workbook that can be read"
    assert told[2] == "latin.csv: is not UTF-8 text"
    assert told[3] == "DIR/none.csv: there is no such file or folder"


ROW = "{},blackpool,2024-09-03,true,,,,,"
MANY = "".join(f"{ROW.format(number)}\n" for number in range(3_000))
UTF_8 = "cases.csv: is not UTF-8 text\n    save it as `CSV UTF-8`"
NOT_CLOSED = (
    "cases.csv: row 3: a quotation mark is not closed in it, so that it takes in the rows below\n    put it right, or take it out"
)
TEXTS = {
    "good": (f"{ROW.format('a')}\n{ROW.format('b')}\n".encode(), ""),
    "a cell of two lines": (f'a,blackpool,2024-09-03,true,,,"\n",,\n{ROW.format("b")}\n'.encode(), ""),
    "a byte far down that is not UTF-8": (f"{MANY}é{ROW.format('z')}\n".encode("latin-1"), UTF_8),
    "one in a row with too many cells": (f"{MANY}é{ROW.format('z')},,\n{ROW.format('a')}\n".encode("latin-1"), UTF_8),
    "one in a row with too few cells": (f"{MANY}é\n{ROW.format('a')}\n".encode("latin-1"), UTF_8),
    "a quotation mark that is not closed": (
        f'{ROW.format("a")}\nb,blackpool,"2024-09-03,,,,,,\n{ROW.format("c")}\n{ROW.format("d")}\n'.encode(),
        NOT_CLOSED,
    ),
    "one in the last column": (
        f'{ROW.format("a")}\n{ROW.format("b")}"2012-03-04\n{ROW.format("c")}\n{ROW.format("d")}\n'.encode(),
        NOT_CLOSED,
    ),
}


@pytest.mark.parametrize(("content", "message"), TEXTS.values(), ids=TEXTS.keys())
def test_a_text_that_can_be_read_in_part_only_is_refused(
    content: bytes, message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "cases.csv"
    path.write_bytes(f"{HEADER}\n".encode() + content)
    try:
        found, said = list(read(path).table.ids), ""
    except InputError as error:
        found, said = [], str(error)
    assert (found, said) == ([] if message else ["a", "b"], message)
    assert capsys.readouterr() == ("", "")


CASES: list[list[Any]] = [["case_id", "as_of", "unborn"], ["a", "2024-09-03", True], ["b", "2024-09-03", False]]
FORMULA = [CASES[0], ["a", "2024-09-03", "=1=1"], CASES[2]]
Change = Callable[[Workbook], None]


def unchanged(book: Workbook) -> None:
    """Nothing is changed."""


def hide_first(book: Workbook) -> None:
    book["One"].sheet_state = "hidden"


def merge(cells: str) -> Change:
    return lambda book: book["One"].merge_cells(cells)


BOOKS: dict[str, tuple[dict[str, list[list[Any]]], Change, tuple[str, ...]]] = {
    "good": ({"One": CASES}, unchanged, ()),
    "another sheet": (
        {"About": [["Made on", "3 September"]], "One": CASES, "Empty": []},
        unchanged,
        ("sheet `About` was not read, as it has no column `case_id`",),
    ),
    "a hidden sheet before it": ({"One": [CASES[0]], "Two": CASES}, hide_first, ("sheet `One` was not read, as it is hidden",)),
    "values without a heading": (
        {"One": [[*CASES[0], None, "born_abroad"], [*CASES[1], "x", None, "y"], [*CASES[2], "x"]]},
        unchanged,
        (
            "column D has 2 values and no heading, and was left out",
            "column F has 1 value and no heading, and was left out",
            "column `born_abroad` is no case fact and was left out",
        ),
    ),
    "merged empty cells": ({"One": [*CASES, [], [None, None, None]]}, merge("A5:C5"), ()),
}
BAD_BOOKS: dict[str, tuple[dict[str, list[list[Any]]], Change, str]] = {
    "two sheets": (
        {"One": CASES, "Two": CASES},
        unchanged,
        "cases.xlsx: has 2 sheets with a column `case_id`: `One` and `Two`\n"
        "    put all rows on one sheet, or take the others out",
    ),
    "a formula never worked out": (
        {"One": FORMULA},
        unchanged,
        "cases.xlsx, One, cell C2: the formula was never worked out\n    open the file in Excel, and save it",
    ),
    "merged cells": (
        {"One": [*CASES[:2], ["b", "2024-09-03", None]]},
        merge("C2:C3"),
        "cases.xlsx, One, cell C2: it is merged with those up to C3, which may mean the same\n    write a value into each cell",
    ),
}


def book_of(path: Path, sheets: dict[str, list[list[Any]]], change: Change) -> Path:
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        page = book.create_sheet(name)
        for row in rows:
            page.append(row)
    change(book)
    book.save(path)
    return path


@pytest.mark.parametrize(("sheets", "change", "notes"), BOOKS.values(), ids=BOOKS.keys())
def test_what_is_not_read_of_a_workbook_is_told(
    sheets: dict[str, list[list[Any]]], change: Change, notes: tuple[str, ...], tmp_path: Path
) -> None:
    found = read(book_of(tmp_path / "cases.xlsx", sheets, change))
    assert (list(found.table.ids), found.faults, found.notes) == (["a", "b"], (), notes)


@pytest.mark.parametrize(("sheets", "change", "message"), BAD_BOOKS.values(), ids=BAD_BOOKS.keys())
def test_a_workbook_of_which_values_are_missing_is_refused(
    sheets: dict[str, list[list[Any]]], change: Change, message: str, tmp_path: Path
) -> None:
    with pytest.raises(InputError) as error:
        read(book_of(tmp_path / "cases.xlsx", sheets, change))
    assert str(error.value) == message


def test_semicolons_tabs_and_a_byte_order_mark(tmp_path: Path) -> None:
    for name, mark in (("semicolon.csv", ";"), ("tab.csv", "\t")):
        path = tmp_path / name
        path.write_bytes(b"\xef\xbb\xbf" + f"case_id{mark}as_of{mark}unborn\na{mark}2024-09-03{mark}TRUE\n".encode())
        assert [dict(case.facts) for case in read(path).table.cases(VOCABULARY)] == [{"unborn": True}]


def test_the_policy_and_day_that_are_asked_for_replace_those_of_the_file(tmp_path: Path) -> None:
    path = sheet(tmp_path, GOOD.replace("blackpool", "another"))
    reader = reader_for(path)
    assert reader.policy_of(path) == "another"
    found = reader.read(path, replace(BLACKPOOL, as_of=738800, chosen=True))
    assert (found.refused, found.table.as_of.tolist(), found.table.policy) == (0, [738800], "blackpool")


def test_a_folder_of_cases(tmp_path: Path) -> None:
    good = {"case_id": "a", "policy": "blackpool", "as_of": "2024-09-03", "facts": {"unborn": True}}
    for name, document in {"1.json": good, "2.json": good, "3.json": {**good, "case_id": "c", "policy": "sefton"}}.items():
        (tmp_path / name).write_text(json.dumps(document))
    (tmp_path / "4.yaml").write_text("case_id: d\npolicy: blackpool\nas_of: 2024-09-03\nfacts: {unborn: maybe}\n")
    (tmp_path / "notes.txt").write_text("no case")
    found = read(tmp_path)
    assert reader_for(tmp_path).policy_of(tmp_path) == "blackpool"
    assert (found.total, found.refused, list(found.table.ids), list(found.table.places)) == (4, 3, ["a"], ["1.json"])
    assert [str(fault).splitlines()[0] for fault in found.faults] == [
        "2.json: case id `a` is used by 1.json too",
        "3.json: policy: `sefton` is not the policy of the first case, `blackpool`",
        "4.yaml: facts.unborn: `maybe` is not true or false",
    ]


def test_some_rows_of_a_table() -> None:
    table = random_table(blackpool(), 40, seed=2)
    rows = np.array([39, 3, 4, 17])
    everything = list(table.cases(VOCABULARY))
    assert list(select(table, rows).cases(VOCABULARY)) == [everything[row] for row in rows]
