"""CSV and Parquet files, one table each, as raw tables."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from kb.errors import Fault, InputError
from kb.files import read_bytes
from kb.intake.model import RawTable

SUFFIXES = (".csv", ".txt", ".tsv", ".parquet")
_DELIMITERS = (",", ";", "\t", "|")
_CHARACTER_SETS = ("utf-8-sig", "cp1252")
_FIELD_LIMIT = 1_000_000
MAX_BYTES = 300_000_000
MAX_CELLS = 50_000_000  # of a Parquet file, which packs them


def read_file(path: Path) -> RawTable:
    """One file as a table, named by its stem. Errors: `InputError`."""
    return _parquet(path) if path.suffix.lower() == ".parquet" else _csv(path)


def read_text(path: Path) -> str:
    """The text of a file saved by Excel, SQL tools or other programs: UTF-8, UTF-16 or Windows Latin."""
    raw = read_bytes(path, MAX_BYTES, path.name)
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        sets: tuple[str, ...] = ("utf-16",)
    elif raw[:200].count(b"\x00") > 40:
        sets = ("utf-16-le",)
    else:
        sets = _CHARACTER_SETS
    for name in sets:
        try:
            return raw.decode(name)
        except UnicodeDecodeError:
            continue
    raise InputError([Fault(path.name, "is not text in any usual form", "open it in Notepad and save it as UTF-8")])


def _csv(path: Path) -> RawTable:
    text = read_text(path).replace("\x00", "")
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(_DELIMITERS, key=first.count)
    csv.field_size_limit(_FIELD_LIMIT)
    reader = csv.reader(io.StringIO(text), delimiter=delimiter)
    header: tuple[str, ...] = ()
    rows: list[tuple[int, Sequence[Any]]] = []
    refused: list[tuple[int, str]] = []
    while True:
        number = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            break
        except csv.Error as error:
            refused.append((number, f"can't be split into cells: {str(error).lower()}"))
            continue
        if not header:
            header = tuple(cells) if any(cell.strip() for cell in cells) else ()
        elif not any(cell.strip() for cell in cells) or len(cells) == len(header):
            rows.append((number, cells))
        else:
            found = f"has {len(cells)} cells, expected {len(header)}"
            refused.append((number, f"{found}: put quotation marks round text that has `{delimiter}` in it"))
    return RawTable(path.name, path.stem, header, rows, tuple(refused))


def _parquet(path: Path) -> RawTable:
    import pyarrow as pa  # type: ignore[import-untyped]
    import pyarrow.parquet as parquet  # type: ignore[import-untyped]

    try:
        about = parquet.read_metadata(path)
        if about.num_rows * about.num_columns > MAX_CELLS:
            message = f"has {about.num_rows:,} rows of {about.num_columns:,} columns, expected at most {MAX_CELLS:,} cells"
            raise InputError([Fault(path.name, message, "is it the right file?")])
        table = parquet.read_table(path)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, OSError) as error:
        raise InputError([Fault(path.name, f"is not Parquet that can be read: {str(error).splitlines()[0].lower()}")]) from None
    columns = [column.to_pylist() for column in table.columns]
    rows = [(number, cells) for number, cells in enumerate(zip(*columns), 1)]
    return RawTable(path.name, path.stem, tuple(table.column_names), rows)
