"""Reads the worksheets of a workbook as raw tables, with the stored results of formulas."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from kb.intake.headings import as_table
from kb.intake.layout import TableLayout
from kb.intake.model import UNUSABLE, RawTable
from kb.intake.names import seen
from kb.intake.nulls import is_null
from kb.workbook import Row, Workbook, open_workbook
from kb.workbook_cells import Place, Range

SUFFIXES = (".xlsx", ".xlsm")


def read_workbook(path: Path) -> list[tuple[TableLayout | None, RawTable]]:
    """Every sheet with its layout (None if it is no known table). Errors: `InputError`."""
    book = open_workbook(path)
    return [_sheet(book, name, rows) for name, rows in _cells(book).items()]


def rows_of(path: Path) -> dict[str, list[Row]]:
    """The cells of every sheet of a workbook. Errors: `InputError`."""
    return _cells(open_workbook(path))


def _cells(book: Workbook) -> dict[str, list[Row]]:
    return {title: [tuple(map(seen, row)) for row in rows] for title, rows in book.sheets()}


def _sheet(book: Workbook, name: str, rows: list[Row]) -> tuple[TableLayout | None, RawTable]:
    rows = _with_unusable(rows, book.not_worked_out(name))
    layout, table = as_table(book.name, name, list(enumerate(rows, 1)), is_sheet=True, hidden=name in book.hidden)
    return layout, replace(table, from_1904=book.from_1904, merged=_merged(book.merged(name), rows))


def _with_unusable(rows: Sequence[Row], places: Iterable[Place]) -> list[Row]:
    """Rows with "can't be used" at some places, of which a row may be too short to have them."""
    found = list(rows)
    for number, column in places:
        if number < len(found):
            row = (*found[number], *[None] * (column + 1 - len(found[number])))
            found[number] = (*row[:column], UNUSABLE, *row[column + 1 :])
    return found


def _merged(ranges: Iterable[Range], rows: Sequence[Row]) -> frozenset[Place]:
    """The cells of merged ranges of which another cell has the value: number of the row, and column."""
    width = max(map(len, rows), default=0)
    return frozenset(
        (row + 1, column)
        for one in ranges
        if one.top < len(rows) and one.left < len(rows[one.top]) and not is_null(rows[one.top][one.left])
        for row in range(one.top, min(one.bottom + 1, len(rows)))
        for column in range(one.left, min(one.right + 1, width))
        if (row, column) != (one.top, one.left)
    )
