"""Worksheets of a workbook as raw tables: values that formulas left, and the row of headings found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from kb.intake.layout import TableLayout, by_headings, named
from kb.intake.model import UNUSABLE, RawTable
from kb.workbook import Row, Workbook, open_workbook

SUFFIXES = (".xlsx", ".xlsm")
_SEARCHED = 20  # rows in which the headings are looked for


def read_workbook(path: Path) -> list[tuple[TableLayout | None, RawTable]]:
    """Every sheet with the table that it is, or None. Errors: `InputError`."""
    book = open_workbook(path)
    values = _cells(book)
    formulas = _uncalculated(book, values)
    found: list[tuple[TableLayout | None, RawTable]] = []
    for name, rows in values.items():
        found.append(_sheet(path.name, name, rows, formulas.get(name, {})))
    return found


def rows_of(path: Path) -> dict[str, list[Row]]:
    """The cells of every sheet of a workbook. Errors: `InputError`."""
    return _cells(open_workbook(path))


def _cells(book: Workbook, values_only: bool = True) -> dict[str, list[Row]]:
    return {title: list(rows) for title, rows in book.sheets(values_only)}


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


def _sheet(file: str, name: str, rows: list[Row], formulas: dict[tuple[int, int], str]) -> tuple[TableLayout | None, RawTable]:
    layout = named(name)
    position = _heading_row(rows, layout)
    if layout is None and position is not None:
        layout = by_headings(_texts(rows[position]))
    if position is None:
        return layout, RawTable(file, name, (), list(enumerate(rows, 1)), is_sheet=True)
    body: list[tuple[int, Sequence[Any]]] = []
    for index, row in enumerate(rows[position + 1 :], position + 1):
        cells = [UNUSABLE if (index, column) in formulas else cell for column, cell in enumerate(row)]
        body.append((index + 1, cells))
    return layout, RawTable(file, name, tuple(_texts(rows[position])), body, is_sheet=True)


def _heading_row(rows: list[Row], layout: TableLayout | None) -> int | None:
    """The first of the upper rows with the child's id and most of the columns that are looked for."""
    best, score = None, 0
    for index, row in enumerate(rows[:_SEARCHED]):
        headings = [text for text in _texts(row) if text.strip()]
        found = layout or by_headings(headings)
        if found is None or not found.links:
            continue
        known = sum(any(column.fits(heading) for heading in headings) for column in found.columns if not column.constant)
        known += any(heading_of_child(heading, found) for heading in headings)
        if known > score and known >= 2:
            best, score = index, known
    return best


def heading_of_child(heading: str, layout: TableLayout) -> bool:
    """Whether a heading is the one over the children's ids."""
    from kb.intake.names import squash

    return any(squash(heading) == squash(link.column) for link in layout.links)


def _texts(row: Sequence[Any]) -> list[str]:
    return ["" if cell is None else str(cell) for cell in row]
