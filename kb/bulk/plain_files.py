"""Reader of one table with a column for each fact: CSV, Excel (xlsx) or Parquet. One row a child."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from kb.bulk.columns_in import FIRST_ROW, ID_COLUMN, POLICY_COLUMN, first_policy, read_columns
from kb.bulk.distinct import distinct
from kb.bulk.reader import CasesRead, Wanted
from kb.errors import Fault, InputError, many, plain
from kb.workbook import MAX_COLUMNS, Row, open_workbook


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
    loaded = read_arrow(table, path.name, wanted, numbers[~np.isin(numbers, [row.number for row in ragged])])
    return _with_ragged(loaded, path.name, ragged)


def _with_ragged(loaded: CasesRead, name: str, ragged: list[Any]) -> CasesRead:
    hint = "is there a comma too many, or a quotation mark missing?"
    faults = [
        Fault(f"{name}: row {r.number}", f"has {many(r.actual_columns, 'cell')}, expected {r.expected_columns}", hint)
        for r in ragged
    ]
    total, refused = loaded.total + len(ragged), loaded.refused + len(ragged)
    return CasesRead(loaded.table, total, refused, (*faults, *loaded.faults), loaded.notes)


# Excel ------------------------------------------------------------------------------------


@contextmanager
def _sheet(path: Path) -> Iterator[tuple[list[str], Iterator[Row]]]:
    """Headings and rows of the first sheet whose first row has the column of case ids, else of the first sheet."""
    book = open_workbook(path)
    titles = [title for title, rows in book.sheets() if ID_COLUMN in _headings(rows)]
    sheets = book.sheets()
    rows = next((rows for title, rows in sheets if not titles or title == titles[0]), iter(()))
    try:
        yield _headings(rows), rows
    finally:
        sheets.close()


def _headings(rows: Iterator[Row]) -> list[str]:
    return ["" if cell is None else str(cell).strip() for cell in next(rows, ())]


def _xlsx_header(path: Path) -> list[str]:
    with _sheet(path) as (names, _):
        return names


def _xlsx_policy(path: Path) -> str | None:
    with _sheet(path) as (names, rows):
        if POLICY_COLUMN not in names:
            return None
        return first_policy(next(rows, ())[names.index(POLICY_COLUMN) :])


def _read_xlsx(path: Path, wanted: Wanted) -> CasesRead:
    with _sheet(path) as (names, rows):
        cut = ((n, row[: len(names)]) for n, row in enumerate(rows, FIRST_ROW))
        filled = [(n, row) for n, row in cut if any(cell is not None for cell in row)]
    padded = [(*row, *[None] * (len(names) - len(row))) for _, row in filled]
    cells = list(zip(*padded)) if padded else [()] * len(names)
    columns = {name: distinct(column) for name, column in zip(names, cells) if name}
    return read_columns(path.name, columns, len(filled), wanted, np.array([n for n, _ in filled], np.int64))


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
