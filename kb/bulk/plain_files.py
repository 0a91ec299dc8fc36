"""Reader of one table with a column for each fact: CSV, Excel (xlsx) or Parquet. One row a child."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from kb.bulk.columns_in import FIRST_ROW, ID_COLUMN, POLICY_COLUMN, first_policy, read_columns
from kb.bulk.distinct import distinct
from kb.bulk.reader import CasesRead, Wanted
from kb.errors import Fault, InputError, many, plain
from kb.workbook import MAX_COLUMNS, Row, Workbook, open_workbook
from kb.workbook_cells import cell_name, column_name

_CHUNK = 1 << 20


def recognises(path: Path) -> bool:
    """Whether `path` is a table with a column of case ids."""
    return path.is_file() and path.suffix.lower() in _HEADERS and ID_COLUMN in header_of(path)


def header_of(path: Path) -> list[str]:
    """The column names of a table. Errors: `InputError`."""
    with _file_faults(path):
        return _HEADERS[path.suffix.lower()](path)


def policy_of(path: Path) -> str | None:
    """The policy of the first row; None if the table names none."""
    with _file_faults(path):
        return _POLICIES[path.suffix.lower()](path)


def read(path: Path, wanted: Wanted) -> CasesRead:
    """The cases of a table. Rows with faults are counted, with their faults. Errors: `InputError` for the file as a whole."""
    names = header_of(path)
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise InputError([Fault(path.name, f"column `{plain(name)}` is there twice", "keep one of them") for name in twice])
    if len(names) > MAX_COLUMNS:
        raise InputError([Fault(path.name, f"has {len(names):,} columns; a caseload has at most {MAX_COLUMNS:,}")])
    with _file_faults(path):
        return _READERS[path.suffix.lower()](path, wanted)


@contextmanager
def _file_faults(path: Path) -> Iterator[None]:
    """Turns errors of reading a file into `InputError`."""
    from pyarrow import ArrowException  # type: ignore[import-untyped]

    try:
        yield
    except UnicodeDecodeError:
        raise InputError([Fault(path.name, "is not UTF-8 text", "save it as `CSV UTF-8`")]) from None
    except PermissionError:
        raise InputError([Fault(path.name, "can't be read: permission denied")]) from None
    except (ArrowException, csv.Error, KeyError, OSError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        reason = plain(str(error).splitlines()[0][:200]) if str(error) else "it is damaged"
        raise InputError([Fault(path.name, f"can't be read: {reason}", "is it the right file?")]) from None


# CSV --------------------------------------------------------------------------------------


def _csv_rows(path: Path, most: int) -> tuple[list[list[str]], str]:
    """The first `most` rows of a CSV file, and its delimiter: a comma, semicolon or tab."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        first = file.readline()
        file.seek(0)
        delimiter = max(",;\t", key=first.count)
        found: list[list[str]] = []
        for row in csv.reader(file, delimiter=delimiter):
            found.append(row)
            if len(found) == most:
                break
    return found, delimiter


def _csv_header(path: Path) -> list[str]:
    rows, _ = _csv_rows(path, 1)
    return [name.strip() for name in rows[0]] if rows else []


def _csv_policy(path: Path) -> str | None:
    rows, _ = _csv_rows(path, 2)
    cells = dict(zip(_csv_header(path), rows[1])) if len(rows) > 1 else {}
    return cells.get(POLICY_COLUMN) or None


def _read_csv(path: Path, wanted: Wanted) -> CasesRead:
    import pyarrow as pa
    from pyarrow import csv as arrow_csv

    from kb.bulk.arrow import read_arrow

    _check_text(path)
    rows, delimiter = _csv_rows(path, 1)
    names = [name.strip() for name in rows[0]]
    ragged: list[Any] = []

    def keep_aside(row: Any) -> str:
        ragged.append(row)
        return "skip"

    table = arrow_csv.read_csv(
        path,
        read_options=arrow_csv.ReadOptions(use_threads=False, column_names=names, skip_rows_after_names=1),
        parse_options=arrow_csv.ParseOptions(delimiter=delimiter, newlines_in_values=True, invalid_row_handler=keep_aside),
        convert_options=arrow_csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False),
    )
    numbers = np.arange(FIRST_ROW, FIRST_ROW + table.num_rows + len(ragged))
    numbers = numbers[~np.isin(numbers, [row.number for row in ragged])]
    texts = [(row.number, row.text) for row in ragged]
    for number, text in (*texts, *_of_several_lines(table, numbers)):
        if any(line.count(delimiter) >= len(names) - 1 for line in text.splitlines()[1:]):
            told = "a quotation mark is not closed in it, so that it takes in the rows below"
            raise InputError([Fault(f"{path.name}: row {number}", told, "put it right, or take it out")])
    return _with_ragged(read_arrow(table, path.name, wanted, numbers), path.name, ragged)


def _check_text(path: Path) -> None:
    """Errors: `UnicodeDecodeError` if any part of a file is not UTF-8."""
    with path.open(encoding="utf-8", newline="") as file:
        while file.read(_CHUNK):
            pass


def _of_several_lines(table: Any, numbers: Any) -> Iterator[tuple[int, str]]:
    """The cells of a table that have several lines, each with the number of its row."""
    from pyarrow import compute

    for column in table.columns:
        for at in np.flatnonzero(compute.match_substring(column, "\n").to_numpy(zero_copy_only=False)):
            yield int(numbers[at]), column[int(at)].as_py()


def _with_ragged(loaded: CasesRead, name: str, ragged: list[Any]) -> CasesRead:
    hint = "is there a comma too many, or a quotation mark missing?"
    faults = [
        Fault(f"{name}: row {r.number}", f"has {many(r.actual_columns, 'cell')}, expected {r.expected_columns}", hint)
        for r in ragged
    ]
    total, refused = loaded.total + len(ragged), loaded.refused + len(ragged)
    return CasesRead(loaded.table, total, refused, (*faults, *loaded.faults), loaded.notes)


# Excel ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Sheet:
    """The sheet of a workbook that has the cases, and what is said of the other ones."""

    book: Workbook
    title: str
    names: list[str]
    others: tuple[str, ...] = ()

    def rows(self) -> Iterator[Row]:
        """The rows under the headings."""
        sheets = self.book.sheets()
        try:
            rows = next(rows for title, rows in sheets if title == self.title)
            next(rows, ())
            yield from rows
        finally:
            sheets.close()


def _sheet(path: Path) -> _Sheet:
    """The one sheet whose first row has the column of case ids; of several the one that is not hidden.

    Errors: `InputError` if it is not clear which sheet has the cases.
    """
    book = open_workbook(path)
    headings = {title: _headings(rows) for title, rows in book.sheets()}
    titles = [title for title, names in headings.items() if ID_COLUMN in names]
    shown = [title for title in titles if title not in book.hidden] or titles
    if len(shown) > 1:
        named = " and ".join(f"`{plain(title)}`" for title in shown)
        message = f"has {len(shown)} sheets with a column `{ID_COLUMN}`: {named}"
        raise InputError([Fault(path.name, message, "put all rows on one sheet, or take the others out")])
    chosen = next(iter(shown or headings), "")
    others = [
        f"sheet `{plain(title)}` was not read, as it {'is hidden' if title in titles else f'has no column `{ID_COLUMN}`'}"
        for title, names in headings.items()
        if title != chosen and any(names)
    ]
    return _Sheet(replace(book, filled=0, passed=0), chosen, headings.get(chosen, []), tuple(others))


def _headings(rows: Iterator[Row]) -> list[str]:
    return ["" if cell is None else str(cell).strip() for cell in next(rows, ())]


def _xlsx_header(path: Path) -> list[str]:
    return _sheet(path).names


def _xlsx_policy(path: Path) -> str | None:
    sheet = _sheet(path)
    if POLICY_COLUMN not in sheet.names:
        return None
    return first_policy(next(sheet.rows(), ())[sheet.names.index(POLICY_COLUMN) :])


def _read_xlsx(path: Path, wanted: Wanted) -> CasesRead:
    sheet = _sheet(path)
    names = sheet.names
    rows = list(enumerate(sheet.rows(), FIRST_ROW))
    _check_cells(sheet, rows)
    filled = [(n, row[: len(names)]) for n, row in rows if any(cell is not None for cell in row[: len(names)])]
    padded = [(*row, *[None] * (len(names) - len(row))) for _, row in filled]
    cells = list(zip(*padded)) if padded else [()] * len(names)
    columns = {name: distinct(column) for name, column in zip(names, cells) if name}
    loaded = read_columns(path.name, columns, len(filled), wanted, np.array([n for n, _ in filled], np.int64))
    return replace(loaded, notes=(*sheet.others, *_without_heading(names, rows), *loaded.notes))


def _check_cells(sheet: _Sheet, rows: list[tuple[int, Row]]) -> None:
    """Errors: `InputError` if a cell under a heading has no value of its own: a formula without a result, a merged cell."""
    named = {at for at, name in enumerate(sheet.names) if name}
    places = [(row, column) for row, column in sheet.book.not_worked_out(sheet.title) if column in named]
    if places:
        where = f"{sheet.book.name}, {sheet.title}, cell {cell_name(*min(places))}"
        raise InputError([Fault(where, "the formula was never worked out", "open the file in Excel, and save it")])
    by_number = dict(rows)
    for one in sheet.book.merged(sheet.title):
        row = by_number.get(one.top + 1, ())
        if one.left < len(row) and row[one.left] is not None and named.intersection(range(one.left, one.right + 1)):
            where = f"{sheet.book.name}, {sheet.title}, cell {cell_name(one.top, one.left)}"
            told = f"it is merged with those up to {cell_name(one.bottom, one.right)}, which may mean the same"
            raise InputError([Fault(where, told, "write a value into each cell")])


def _without_heading(names: list[str], rows: list[tuple[int, Row]]) -> list[str]:
    """What is said of columns that have values and no heading."""
    width = max((len(row) for _, row in rows), default=0)
    without = [at for at in range(width) if at >= len(names) or not names[at]]
    counted = {at: sum(at < len(row) and row[at] is not None for _, row in rows) for at in without}
    return [
        f"column {column_name(at)} has {many(filled, 'value')} and no heading, and was left out"
        for at, filled in counted.items()
        if filled
    ]


# Parquet ----------------------------------------------------------------------------------


def _parquet_header(path: Path) -> list[str]:
    from pyarrow import parquet

    return list(parquet.read_schema(path).names)


def _parquet_policy(path: Path) -> str | None:
    from pyarrow import parquet

    if POLICY_COLUMN not in _parquet_header(path):
        return None
    return first_policy(parquet.read_table(path, columns=[POLICY_COLUMN])[POLICY_COLUMN][:1].to_pylist())


def _read_parquet(path: Path, wanted: Wanted) -> CasesRead:
    from pyarrow import parquet

    from kb.bulk.arrow import read_arrow

    return read_arrow(parquet.read_table(path), path.name, wanted)


_HEADERS = {".csv": _csv_header, ".xlsx": _xlsx_header, ".parquet": _parquet_header}
_POLICIES = {".csv": _csv_policy, ".xlsx": _xlsx_policy, ".parquet": _parquet_policy}
_READERS = {".csv": _read_csv, ".xlsx": _read_xlsx, ".parquet": _read_parquet}
