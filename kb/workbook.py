"""Reads untrusted workbooks (.xlsx) sheet by sheet and row by row, within limits on rows, cells and empty cells."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import Any

from kb.errors import Fault, InputError, plain
from kb.files import read_bytes
from kb.office import WORKBOOK, check_office
from kb.workbook_cells import Place, Range, column_name, merged_ranges, not_worked_out

MAX_BYTES = 100_000_000
MAX_SHEETS = 200
MAX_ROWS = 1_048_576  # of a sheet
MAX_COLUMNS = 5_000
MAX_CELLS = 5_000_000  # filled cells of all sheets
MAX_EMPTY = 50_000_000  # empty cells of all sheets that have to be skipped
_NAMED = re.compile(rb"<(?:\w+:)?sheet\b[^>]*?\bname=\"([^\"]*)\"")
_STRICT = b"http://purl.oclc.org/ooxml/"
_FIRST = 2_000  # bytes in which text is told from a workbook

Row = tuple[Any, ...]


@dataclass(slots=True)
class Workbook:
    """A workbook within its limits. `sheets` gives the sheets by name, each as rows without trailing empty cells.

    `hidden` are the names of the sheets, of those read so far, that Excel does not show; `parts` are the names of their
    parts in the file. `from_1904`: it counts days from 1904.
    """

    name: str
    raw: bytes
    filled: int = 0
    passed: int = 0
    hidden: set[str] = field(default_factory=set)
    parts: dict[str, str] = field(default_factory=dict)
    from_1904: bool = False

    def not_worked_out(self, title: str) -> frozenset[Place]:
        """The row and column, counted from 0, of each formula without a result, in a sheet that was read."""
        with zipfile.ZipFile(io.BytesIO(self.raw)) as packed:
            return not_worked_out(packed, self.parts[title])

    def merged(self, title: str) -> tuple[Range, ...]:
        """The merged cells of a sheet that was read."""
        with zipfile.ZipFile(io.BytesIO(self.raw)) as packed:
            return merged_ranges(packed, self.parts[title])

    def sheets(self) -> Generator[tuple[str, Iterator[Row]]]:
        """The worksheets, with the stored results of formulas. Errors: `InputError`."""
        from openpyxl import load_workbook
        from openpyxl.utils.datetime import CALENDAR_MAC_1904

        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # openpyxl's warnings mean nothing to users
                book = load_workbook(io.BytesIO(self.raw), read_only=True, data_only=True)
        except Exception:  # openpyxl raises all kinds of errors on damaged files
            hint = "take off any password and save it again as .xlsx"
            raise InputError([Fault(self.name, "is not a workbook that can be read", hint)]) from None
        try:
            if len(book.worksheets) > MAX_SHEETS:
                raise self._too_many(f"has {len(book.worksheets):,} sheets", f"{MAX_SHEETS}")
            self._check_complete([sheet.title for sheet in (*book.worksheets, *book.chartsheets)])
            self.from_1904 = book.epoch == CALENDAR_MAC_1904
            for sheet in book.worksheets:
                sheet.reset_dimensions()
                if sheet.sheet_state != "visible":
                    self.hidden.add(sheet.title)
                page: Any = sheet  # openpyxl has no public name for its part
                self.parts[sheet.title] = page._worksheet_path
                yield sheet.title, self._rows(sheet)
        finally:
            book.close()

    def _check_complete(self, read: Sequence[str]) -> None:
        """Errors: `InputError` if the list of sheets in the file names one that is not among those that can be read."""
        about = _sheet_list(self.raw)
        if _STRICT in about:
            hint = "save it in Excel as `Excel Workbook (*.xlsx)`"
            raise InputError([Fault(self.name, "is saved as `Strict Open XML Spreadsheet`, which can't be read", hint)])
        named = [unescape(found.decode("utf-8", "replace")) for found in _NAMED.findall(about)]
        missing = [name for name in named if name not in read]
        if missing:
            named_so = " and ".join(f"`{plain(name)}`" for name in missing)
            told = f"is damaged: {named_so} stands in its list of sheets, and is not in it"
            raise InputError([Fault(self.name, told, "open it in Excel, and save it again as .xlsx")])

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
            message = f"has a value in column {column_name(len(row) - 1)}, expected at most {MAX_COLUMNS:,} columns"
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
    if _is_text(raw):
        hint = "if it is CSV, end its name in .csv; otherwise open it in Excel, and save it as .xlsx"
        raise InputError([Fault(path.name, "is text and no workbook, though its name says so", hint)])
    check_office(raw, path.name, WORKBOOK)
    return Workbook(path.name, raw)


def _trimmed(row: Row) -> Row:
    last = len(row)
    while last and row[last - 1] is None:
        last -= 1
    return row[:last]


def _is_text(raw: bytes) -> bool:
    """Whether the first bytes of a file are lines of text."""
    first = raw[:_FIRST]
    return b"\n" in first and not any(byte < ord("\t") for byte in first)


def _sheet_list(raw: bytes) -> bytes:
    """The part of a workbook that lists its sheets; empty if it has none by the usual name."""
    with zipfile.ZipFile(io.BytesIO(raw)) as packed:
        names = [name for name in packed.namelist() if name.lower() == "xl/workbook.xml"]
        return packed.read(names[0]) if names else b""
