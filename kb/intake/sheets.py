"""Worksheets of a workbook as raw tables: values that formulas left, and the row of headings found."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from kb.errors import Fault, InputError
from kb.intake.layout import TableLayout, by_headings, named
from kb.intake.model import UNUSABLE, RawTable

SUFFIXES = (".xlsx", ".xlsm")
MAX_ROWS = 2_000_000
_SEARCHED = 20  # rows in which the headings are looked for


def read_workbook(path: Path) -> list[tuple[TableLayout | None, RawTable]]:
    """Every sheet with the table that it is, or None. Errors: `InputError`."""
    values = _load(path, values_only=True)
    formulas = _uncalculated(path, values)
    found: list[tuple[TableLayout | None, RawTable]] = []
    for name, rows in values.items():
        found.append(_sheet(path.name, name, rows, formulas.get(name, {})))
    return found


def rows_of(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """The cells of every sheet of a workbook. Errors: `InputError`."""
    return _load(path, values_only=True)


def _load(path: Path, values_only: bool) -> dict[str, list[tuple[Any, ...]]]:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(path, read_only=True, data_only=values_only)
    except FileNotFoundError:
        raise InputError([Fault(path.name, "there is no such file", "check the path")]) from None
    except PermissionError:
        raise InputError([Fault(path.name, "can't be read: permission denied", "close it in Excel, or copy it")]) from None
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, OSError):
        hint = "take off any password and save it again as .xlsx"
        raise InputError([Fault(path.name, "is not a workbook that can be read", hint)]) from None
    try:
        sheets: dict[str, list[tuple[Any, ...]]] = {}
        for sheet in book.worksheets:
            sheet.reset_dimensions()
            sheets[sheet.title] = list(_trimmed(sheet.iter_rows(values_only=True), path.name))
        return sheets
    except (ValueError, KeyError, TypeError, zipfile.BadZipFile, SyntaxError):
        hint = "open it in Excel and save it again as .xlsx"
        raise InputError([Fault(path.name, "is damaged: its sheets can't be read", hint)]) from None
    finally:
        book.close()


def _trimmed(rows: Iterator[tuple[Any, ...]], name: str) -> Iterator[tuple[Any, ...]]:
    for count, row in enumerate(rows):
        if count >= MAX_ROWS:
            raise InputError([Fault(name, f"has a sheet of more than {MAX_ROWS:,} rows", "is it the right file?")])
        yield row


def _uncalculated(path: Path, values: dict[str, list[tuple[Any, ...]]]) -> dict[str, dict[tuple[int, int], str]]:
    """Formulas by place, in sheets of which no formula was ever calculated."""
    with zipfile.ZipFile(path) as archive:
        parts = [name for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
        if not any(b"<f" in archive.read(name) for name in parts):
            return {}
    found: dict[str, dict[tuple[int, int], str]] = {}
    for name, rows in _load(path, values_only=False).items():
        places = {
            (number, column): cell
            for number, row in enumerate(rows)
            for column, cell in enumerate(row)
            if isinstance(cell, str) and cell.startswith("=")
        }
        if places and all(_at(values[name], place) is None for place in places):
            found[name] = places
    return found


def _at(rows: list[tuple[Any, ...]], place: tuple[int, int]) -> Any:
    row = rows[place[0]] if place[0] < len(rows) else ()
    return row[place[1]] if place[1] < len(row) else None


def _sheet(
    file: str, name: str, rows: list[tuple[Any, ...]], formulas: dict[tuple[int, int], str]
) -> tuple[TableLayout | None, RawTable]:
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


def _heading_row(rows: list[tuple[Any, ...]], layout: TableLayout | None) -> int | None:
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
