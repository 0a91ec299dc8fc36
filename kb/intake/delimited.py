"""CSV and Parquet files, one table each, as raw tables."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from kb.errors import Fault, InputError, many
from kb.files import read_bytes
from kb.intake.headings import SEARCHED, as_table, heading_row, texts_of
from kb.intake.layout import TableLayout, recognised
from kb.intake.model import RawTable
from kb.intake.names import seen

SUFFIXES = (".csv", ".txt", ".tsv", ".parquet")
_DELIMITERS = (",", ";", "\t", "|")
_CHARACTER_SETS = ("utf-8-sig", "cp1252")
_TOLD = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)  # a first line that tells Excel the delimiter
_LOOKED_AT = SEARCHED  # rows from which the delimiter is chosen
_SAMPLE = 100_000  # characters of them
_FIELD_LIMIT = 1_000_000
MAX_BYTES = 300_000_000
MAX_CELLS = 50_000_000  # of a Parquet file, which packs them

Found = tuple[TableLayout | None, RawTable]


def read_file(path: Path) -> Found:
    """One file as a table, named by its stem, with the table of a source that it is. Errors: `InputError`."""
    return _parquet(path) if path.suffix.lower() == ".parquet" else _csv(path)


def read_text(path: Path) -> str:
    """The text of a file saved by Excel, SQL tools or other programs: UTF-8, UTF-16 or Windows Latin."""
    raw = read_bytes(path, MAX_BYTES, path.name)
    if raw[:4] == b"PK\x03\x04":
        raise InputError(
            [Fault(path.name, "is packed, as workbooks are, and no text", "if it is a workbook, end its name in .xlsx")]
        )
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


def _csv(path: Path) -> Found:
    text = read_text(path).replace("\x00", "")
    split = [_split(text, delimiter, _LOOKED_AT) for delimiter in _likely(text)]
    best = max(split, key=lambda one: (_headings(path.stem, one.rows), len(one.rows[0][1]) if one.rows else 0))
    whole = _split(text, best.delimiter)
    layout, table = as_table(path.name, path.stem, whole.rows, is_sheet=False)
    if not table.header:
        first_row = next(((n, texts_of(cells)) for n, cells in whole.rows[:1]), None)
        if layout is None and first_row is not None:  # another table, recognised by its first row
            return None, replace(table, header=first_row[1], rows=whole.rows[1:], refused=tuple(whole.refused))
        return layout, replace(table, refused=tuple(whole.refused))
    first = table.rows[0][0] if table.rows else whole.lines + 1
    rows: list[tuple[int, Sequence[Any]]] = []
    refused = [row for row in whole.refused if row[0] >= first]
    width = len(_without_end(table.header))
    for number, cells in table.rows:
        kept = _without_end(cells)
        if not kept or len(cells) == len(table.header) or (width <= len(cells) and len(kept) <= width):
            rows.append((number, cells))
        else:
            found = f"has {many(len(kept), 'cell')}, expected {width}"
            refused.append((number, f"{found}: put quotation marks round text that has `{whole.delimiter}` in it"))
    return layout, replace(table, rows=rows, refused=tuple(sorted(refused)))


def _likely(text: str) -> tuple[str, ...]:
    """The delimiters that may be meant: the one that a line `sep=` names, or those that are there, the usual one first."""
    told = _TOLD.match(text)
    if told:
        return (told[1],)
    first = text[:_SAMPLE]
    return tuple(delimiter for delimiter in _DELIMITERS if delimiter in first) or (_DELIMITERS[0],)


def _headings(name: str, rows: list[tuple[int, Sequence[Any]]]) -> int:
    """How many cells the row of headings has, where there is one."""
    position = heading_row(name, rows)
    return 0 if position is None else len(rows[position][1])


@dataclass
class _Split:
    """A text split into cells; each row and each row that could not be split has the number of its line."""

    delimiter: str
    rows: list[tuple[int, Sequence[Any]]] = field(default_factory=list)
    refused: list[tuple[int, str]] = field(default_factory=list)
    lines: int = 0


def _split(text: str, delimiter: str, most: int | None = None) -> _Split:
    csv.field_size_limit(_FIELD_LIMIT)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    found = _Split(delimiter)
    while most is None or len(found.rows) < most:
        number = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            break
        except csv.Error as error:
            found.refused.append((number, f"can't be split into cells: {str(error).lower()}"))
            continue
        if not (number == 1 and _TOLD.match(text)) and cells:
            found.rows.append((number, [seen(cell) for cell in cells]))
    found.lines = reader.line_num
    return found


def _without_end(cells: Sequence[Any]) -> Sequence[Any]:
    """Cells without the empty ones at their end."""
    last = len(cells)
    while last and not str(cells[last - 1] or "").strip():
        last -= 1
    return cells[:last]


def _parquet(path: Path) -> Found:
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
    header = tuple(table.column_names)
    return recognised(path.stem, header), RawTable(path.name, path.stem, header, rows)
