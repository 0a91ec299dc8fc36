"""CSV and Parquet files, one table each, as raw tables."""

from __future__ import annotations

import csv
import io
import re
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from kb.errors import Fault, InputError, many
from kb.files import read_bytes
from kb.intake.days import is_day
from kb.intake.headings import SEARCHED, as_table, heading_row, texts_of
from kb.intake.layout import TableLayout, recognised
from kb.intake.model import RawTable
from kb.intake.names import seen
from kb.intake.whose import is_id, no_row_of_a_child

SUFFIXES = (".csv", ".txt", ".tsv", ".parquet")
_DELIMITERS = (",", ";", "\t", "|")
_CHARACTER_SETS = ("utf-8-sig", "cp1252")
_TOLD = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)  # a first line that tells Excel the delimiter
_LOOKED_AT = SEARCHED  # rows from which the delimiter is chosen
_SAMPLE = 100_000  # characters of them
_FIELD_LIMIT = 1_000_000
_AS_TEXT = re.compile(r'="([^"]*)"')  # how programs keep Excel from taking an id for a number
_NOT_CLOSED = "a quotation mark is not closed in it, so that it takes in what stands below: put it right, or take it out"
_NULS = 0.2  # share of zero bytes from which a text without a mark is UTF-16
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
    for name in _sets(raw):
        try:
            return raw.decode(name)
        except UnicodeDecodeError:
            continue
    raise InputError([Fault(path.name, "is not text in any usual form", "open it in Notepad and save it as UTF-8")])


def _sets(raw: bytes) -> tuple[str, ...]:
    """The character sets that a text may have."""
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return ("utf-16",)
    first = raw[:200]
    if first.count(0) > len(first) * _NULS:
        return ("utf-16-be",) if first[::2].count(0) > first[1::2].count(0) else ("utf-16-le",)
    return _CHARACTER_SETS


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
    rows: list[tuple[int, Sequence[Any]]] = []
    refused = [row for row in whole.refused if row[0] > table.under]
    width = len(_without_end(table.header))
    owner = next((at for at, heading in enumerate(table.header) if layout is not None and layout.is_owner(heading)), 0)
    for number, cells in table.rows:
        kept = _without_end(cells)
        fits = not kept or len(cells) == len(table.header) or (width <= len(cells) and len(kept) <= width)
        if _takes_in_a_row(cells, owner, whole.delimiter):
            refused.append((number, _NOT_CLOSED))
        elif fits or no_row_of_a_child(cells, owner, table.header[owner]):
            rows.append((number, cells))
        else:
            refused.append((number, _ragged(len(cells), len(kept), width, whole.delimiter)))
    return layout, replace(table, rows=rows, refused=tuple(sorted(refused)))


def _ragged(cells: int, filled: int, width: int, delimiter: str) -> str:
    """What is said of a row with another number of cells than the headings."""
    if cells < width:
        return (
            f"has {many(cells, 'cell')}, expected {width}: was it cut off? end the row with a `{delimiter}` for each empty cell"
        )
    return f"has {many(filled, 'cell')}, expected {width}: put quotation marks round text that has `{delimiter}` in it"


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


class _Lines:
    """The lines of a text for the reader of cells. `taken` are those of the row that was read last."""

    def __init__(self, text: str):
        self._rest = io.StringIO(text, newline="")
        self._again: deque[str] = deque()
        self.taken: list[str] = []
        self.passed = 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else next(self._rest)
        self.taken.append(line)
        return line

    def start_row(self) -> int:
        """Forgets the last row. Returns the number of the line on which the next one starts."""
        self.passed += len(self.taken)
        self.taken = []
        return self.passed + 1

    def only_one(self) -> None:
        """Gives the lines of the last row again, but for the first."""
        self._again.extendleft(reversed(self.taken[1:]))
        del self.taken[1:]


def _split(text: str, delimiter: str, most: int | None = None) -> _Split:
    """The cells of a text. A row that takes in the rows below it, as a quotation mark is not closed, is refused."""
    csv.field_size_limit(_FIELD_LIMIT)
    lines = _Lines(text)
    reader = csv.reader(lines, delimiter=delimiter)
    found = _Split(delimiter)
    while most is None or len(found.rows) < most:
        number = lines.start_row()
        try:
            cells = next(reader)
        except StopIteration:
            break
        except csv.Error as error:
            lines.only_one()
            found.refused.append((number, f"can't be split into cells: {str(error).lower()}"))
            continue
        if len(lines.taken) > 1 and not _is_one_row(lines.taken, delimiter):
            lines.only_one()
            found.refused.append((number, _NOT_CLOSED))
        elif not (number == 1 and _TOLD.match(text)) and cells:
            found.rows.append((number, [_cell(cell) for cell in cells]))
    return found


def _is_one_row(lines: Sequence[str], delimiter: str) -> bool:
    """Whether each quotation mark in some lines, which were read as one row, is closed before the end of its cell."""
    try:
        list(csv.reader(lines, delimiter=delimiter, strict=True))
    except csv.Error:
        return False
    return True


def _takes_in_a_row(cells: Sequence[Any], owner: int, delimiter: str) -> bool:
    """Whether a cell of several lines has another row of the table in it. `owner`: the column of the ids."""
    inner = [line for cell in cells if "\n" in cell or "\r" in cell for line in cell.splitlines()[1:]]
    return any(_is_row(line.split(delimiter), owner) for line in inner)


def _is_row(parts: Sequence[str], owner: int) -> bool:
    """Whether the parts of a line are a row: an id in its place, and a day somewhere."""
    return len(parts) > owner + 1 and is_id(parts[owner]) and any(map(is_day, parts))


def _cell(raw: str) -> str:
    """A cell without what nobody sees, and without the form `="..."` that makes Excel keep it as text."""
    as_text = _AS_TEXT.fullmatch(raw)
    found: str = seen(as_text[1] if as_text else raw)
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
