"""Reads the worksheets of a workbook as raw tables, with the stored results of formulas."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from kb.intake.headings import as_table
from kb.intake.layout import TableLayout
from kb.intake.model import UNUSABLE, RawTable
from kb.intake.names import seen
from kb.workbook import Row, Workbook, open_workbook

SUFFIXES = (".xlsx", ".xlsm")


def read_workbook(path: Path) -> list[tuple[TableLayout | None, RawTable]]:
    """Every sheet with its layout (None if it is no known table). Errors: `InputError`."""
    book = open_workbook(path)
    values = _cells(book)
    formulas = _uncalculated(book, values)
    found: list[tuple[TableLayout | None, RawTable]] = []
    for name, rows in values.items():
        found.append(_sheet(path.name, name, rows, formulas.get(name, {}), name in book.hidden, book.from_1904))
    return found


def rows_of(path: Path) -> dict[str, list[Row]]:
    """The cells of every sheet of a workbook. Errors: `InputError`."""
    return _cells(open_workbook(path))


def _cells(book: Workbook, values_only: bool = True) -> dict[str, list[Row]]:
    return {title: [tuple(map(seen, row)) for row in rows] for title, rows in book.sheets(values_only)}


def _uncalculated(book: Workbook, values: dict[str, list[Row]]) -> dict[str, dict[tuple[int, int], str]]:
    """Formulas by place, in sheets of which no formula was ever calculated."""
    if not book.has_formulas:
        return {}
    found: dict[str, dict[tuple[int, int], str]] = {}
    for name, rows in _cells(replace(book, filled=0, passed=0), values_only=False).items():
        places = {
            (number, column): cell
            for number, row in enumerate(rows)
            for column, cell in enumerate(row)
            if isinstance(cell, str) and cell.startswith("=")
        }
        if places and all(_at(values[name], place) is None for place in places):
            found[name] = places
    return found


def _at(rows: list[Row], place: tuple[int, int]) -> Any:
    row = rows[place[0]] if place[0] < len(rows) else ()
    return row[place[1]] if place[1] < len(row) else None


def _sheet(
    file: str, name: str, rows: list[Row], formulas: dict[tuple[int, int], str], hidden: bool, from_1904: bool
) -> tuple[TableLayout | None, RawTable]:
    if formulas:
        rows = [
            tuple(UNUSABLE if (number, column) in formulas else cell for column, cell in enumerate(row))
            for number, row in enumerate(rows)
        ]
    layout, table = as_table(file, name, list(enumerate(rows, 1)), is_sheet=True, hidden=hidden)
    return layout, replace(table, from_1904=from_1904)
