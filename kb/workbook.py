"""Reads untrusted workbooks (.xlsx) sheet by sheet and row by row, within limits on rows, cells and empty cells."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kb.errors import Fault, InputError
from kb.files import read_bytes
from kb.office import WORKBOOK, check_office

MAX_BYTES = 100_000_000
MAX_SHEETS = 200
MAX_ROWS = 1_048_576  # of a sheet
MAX_COLUMNS = 5_000
MAX_CELLS = 5_000_000  # filled cells of all sheets
MAX_EMPTY = 50_000_000  # empty cells of all sheets that have to be skipped
_SHEET = re.compile(r"xl/worksheets/[^/]*\.xml", re.IGNORECASE)
_CHUNK = 1 << 20

Row = tuple[Any, ...]


@dataclass(slots=True)
class Workbook:
    """A workbook within its limits. `sheets` gives the sheets by name, each as rows without trailing empty cells.

    `hidden` are the names of the sheets, of those read so far, that Excel does not show. `from_1904`: it counts days
    from 1904.
    """

    name: str
    raw: bytes
    filled: int = 0
    passed: int = 0
    hidden: set[str] = field(default_factory=set)
    from_1904: bool = False

    @property
    def has_formulas(self) -> bool:
        """Whether any sheet has a formula."""
        with zipfile.ZipFile(io.BytesIO(self.raw)) as packed:
            return any(_has(packed, part, b"<f") for part in packed.namelist() if _SHEET.fullmatch(part))

    def sheets(self, values_only: bool = True) -> Generator[tuple[str, Iterator[Row]]]:
        """The worksheets. `values_only`: with the values of formulas instead of the formulas. Errors: `InputError`."""
        from openpyxl import load_workbook
        from openpyxl.utils.datetime import CALENDAR_MAC_1904

        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # openpyxl's warnings mean nothing to users
                book = load_workbook(io.BytesIO(self.raw), read_only=True, data_only=values_only)
        except Exception:  # openpyxl raises all kinds of errors on damaged files
            hint = "take off any password and save it again as .xlsx"
            raise InputError([Fault(self.name, "is not a workbook that can be read", hint)]) from None
        try:
            if len(book.worksheets) > MAX_SHEETS:
                raise self._too_many(f"has {len(book.worksheets):,} sheets", f"{MAX_SHEETS}")
            self.from_1904 = book.epoch == CALENDAR_MAC_1904
            for sheet in book.worksheets:
                sheet.reset_dimensions()
                if sheet.sheet_state != "visible":
                    self.hidden.add(sheet.title)
                yield sheet.title, self._rows(sheet)
        finally:
            book.close()

    def _rows(self, sheet: Any) -> Iterator[Row]:
        rows = sheet.iter_rows(values_only=True)
        number = 0
        while True:
            try:
                row = next(rows, None)
            except Exception:
                hint = "open it in Excel and save it again as .xlsx"
                raise InputError([Fault(self.name, "is damaged: its sheets can't be read", hint)]) from None
            if row is None:
                return
            number += 1
            yield self._checked(_trimmed(row), len(row), f"{self.name}, {sheet.title}, row {number}", number)

    def _checked(self, row: Row, width: int, where: str, number: int) -> Row:
        """A row without trailing empty cells, counted towards the limits. Errors: `InputError` beyond a limit."""
        self.filled += len(row)
        self.passed += width - len(row) + 1
        if len(row) > MAX_COLUMNS:
            hint = "is there a stray cell far to the right? take it out"
            message = f"has a value in column {_letters(len(row))}, expected at most {MAX_COLUMNS:,} columns"
            raise InputError([Fault(where, message, hint)])
        if number > MAX_ROWS or self.filled > MAX_CELLS:
            raise self._too_many("has more than", f"{MAX_ROWS:,} rows in a sheet and {MAX_CELLS:,} cells in all")
        if self.passed > MAX_EMPTY:
            hint = "take out the empty rows and columns that have a format, and save it again"
            raise InputError([Fault(where, f"comes after more than {MAX_EMPTY:,} empty cells", hint)])
        return row

    def _too_many(self, found: str, most: str) -> InputError:
        told = f"{found} {most}" if found.endswith("than") else f"{found}, expected at most {most}"
        return InputError([Fault(self.name, told, "is it the right file?")])


def open_workbook(path: Path) -> Workbook:
    """A workbook whose packed size is checked, but that is not read yet. Errors: `InputError`."""
    raw = read_bytes(path, MAX_BYTES, path.name)
    check_office(raw, path.name, WORKBOOK)
    return Workbook(path.name, raw)


def _trimmed(row: Row) -> Row:
    last = len(row)
    while last and row[last - 1] is None:
        last -= 1
    return row[:last]


def _letters(column: int) -> str:
    """The letters of a column: 1 is A, 27 is AA."""
    name = ""
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def _has(packed: zipfile.ZipFile, part: str, wanted: bytes) -> bool:
    before = b""
    with packed.open(part) as file:
        while chunk := file.read(_CHUNK):
            if wanted in before + chunk:
                return True
            before = chunk[-len(wanted) :]
    return False
