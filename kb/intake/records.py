"""Makes records of children from raw tables. Every row is used, refused or ignored, and counted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from kb.errors import Fault, did_you_mean, many
from kb.intake.against_itself import Pairs, are_swapped, contradictions, marked, pairs_of
from kb.intake.cells import Reader, as_text, read_cell, read_day, reader_of
from kb.intake.days import habit_of, swapped, zone_lost
from kb.intake.layout import Column, Link, TableLayout, by_headings, of_source
from kb.intake.left_out import UNKNOWN, why_left_out
from kb.intake.model import UNUSABLE, Count, Heading, RawTable, Record
from kb.intake.names import fits, spaced, squash
from kb.intake.nulls import is_null
from kb.intake.odd_tables import END, are_other_headings, missing_ends, table_beside, tables_above, twins_of, without_heading
from kb.intake.values import CodeList
from kb.intake.whose import alike, id_of, is_row_in_a_cell, no_row_of_a_child, safe
from kb.workbook_cells import column_name

_BIRTH = ("child", "born")

Tables = Sequence[tuple[TableLayout, RawTable]]


@dataclass(frozen=True)
class Lost:
    """A row whose child is not known: its records, and the date of birth in it, if any.

    `above`: the child of the row above if the id is empty (a merged cell, or an id that is not repeated).
    """

    records: tuple[Record, ...]
    born: int | None = None
    above: str = ""


@dataclass
class Gathered:
    """The records by child, and all messages from reading the tables."""

    children: dict[str, list[Record]] = field(default_factory=dict)
    counts: list[Count] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    headings: list[Heading] = field(default_factory=list)
    teams: set[str] = field(default_factory=set)
    histories: set[str] = field(default_factory=set)
    lost: list[Lost] = field(default_factory=list)


@dataclass(frozen=True)
class _Part:
    column: Column
    position: int
    reader: Reader
    refused: bool = False  # the whole column is refused
    rivals: tuple[int, ...] = ()  # other columns with the same heading


def gather(tables: Tables, lists: Mapping[str, CodeList], prefix: bool = False) -> Gathered:
    """The records of every child in some tables of one source. `prefix`: the `source` of records starts with the file name."""
    gathered = Gathered()
    indexes = _Indexes(tables)
    master = _master(tables)
    for layout, table in tables:
        if layout.columns:
            _gather_table(layout, table, lists, indexes, master, gathered, prefix)
        else:
            read = len(table.rows) + len(table.refused)
            count = Count(table.name, read, file=table.file)
            for _ in range(read):
                count.ignore("looked up only")
            gathered.counts.append(count)
        if layout.role == "history":
            gathered.histories |= {column.record for column in layout.columns}
    return gathered


def _gather_table(
    layout: TableLayout,
    table: RawTable,
    lists: Mapping[str, CodeList],
    indexes: _Indexes,
    master: Mapping[str, str] | None,
    gathered: Gathered,
    prefix: bool,
) -> None:
    count = Count(table.name, file=table.file)
    gathered.counts.append(count)
    name = f"{table.file}, {table.name}" if prefix and table.file != table.name else table.name
    for number, reason in table.refused:
        count.read += 1
        count.refused += 1
        gathered.faults.append(Fault(table.row_place(number), reason))
        gathered.lost.append(nothing_known(layout, f"{name} {table.counted} {number}"))
    table = _without_table_beside(layout, table, name, gathered)
    parts = _parts(layout, table, lists, indexes, gathered)
    pairs = pairs_of((part.column, part.position) for part in parts)
    endless = _endless(layout, table, parts, gathered)
    owner = _owner(layout, table)
    if owner is None:
        hint = did_you_mean(layout.links[0].column, table.header) or f"the column is called `{layout.links[0].column}`"
        count.read += len(table.rows)
        count.refused += len(table.rows)
        gathered.faults.append(Fault(f"{table.file}, {table.name}", "no column tells whose each row is", hint))
        if table.rows:
            gathered.lost.append(nothing_known(layout, name))
        return
    position, link = owner
    _tell_tables_above(layout, table, name, position, count, gathered)
    seen: dict[tuple[Any, ...], int] = {}
    constants = [column for column in layout.columns if column.constant]
    above = ""
    for at, (number, cells) in enumerate(table.rows):
        if are_other_headings(layout, table, cells, position):
            rest = len(table.rows) - at
            count.read += rest
            count.refused += rest
            under = many(rest - 1, "row")
            told = f"another row of headings stands here: it and the {under} under it are another table, and were not read"
            gathered.faults.append(Fault(table.row_place(number), told, "put each table on a sheet or in a file of its own"))
            other = by_headings([as_text(cell) for cell in cells if cell is not None]) or layout
            gathered.lost.append(nothing_known(other, f"{name} {table.counted} {number}"))
            break
        count.read += 1
        if all(is_null(cell) for cell in cells if cell is not UNUSABLE):
            count.ignore("empty")
            continue
        aside = no_row_of_a_child(cells, position, table.header[position])
        if aside:
            count.ignore(aside)
            continue
        source = f"{name} {table.counted} {number}"
        try:
            child, known = _child(cells[position] if position < len(cells) else None, link, indexes, master)
        except ValueError as error:
            count.refused += 1
            gathered.faults.append(Fault(table.place(number, position), str(error)))
            values, _ = _values(parts, pairs, cells, number, table)
            is_empty = position >= len(cells) or is_null(cells[position])
            packed = any(isinstance(cell, str) and is_row_in_a_cell(cell) for cell in cells)
            own = nothing_known(layout, source).records if packed else _records(parts, values, constants, source)
            gathered.lost.append(_lost(own, above if is_empty else ""))
            continue
        if not known:
            count.refused += 1
            told = f"there is no child `{child}` in the table of persons; the row belongs to nobody"
            gathered.faults.append(Fault(table.place(number, position), told))
            continue
        values, faults = _values(parts, pairs, cells, number, table)
        gathered.faults += faults
        if faults and table.is_sheet and any(not is_null(cell) for cell in cells[len(table.header) :]):
            count.refused += 1
            told = "has values beyond the last heading, and cells that can't be read: its cells seem to have been moved"
            gathered.faults.append(Fault(table.row_place(number), told, "put them back under their headings"))
            gathered.lost.append(_lost(nothing_known(layout, source).records, child))
            continue
        above = child
        same = (child, *(repr(value) for value in values))
        if same in seen and not faults:
            count.ignore("the same as an earlier row")
            continue
        seen.setdefault(same, number)
        records = [_open_ended(record, endless) for record in _records(parts, values, constants, source)]
        gathered.teams |= {r.values["team"] for r in records if isinstance(r.values.get("team"), str)}
        if records or layout.role == "persons":
            gathered.children.setdefault(child, []).extend(records)
        if records:
            count.used += 1
        else:
            count.ignore("nothing in the columns that are read")


def nothing_known(layout: TableLayout, source: str) -> Lost:
    """Records with unusable values for every field of a table, for rows that can't be read."""
    fields: dict[str, dict[str, Any]] = {}
    for column in layout.columns:
        fields.setdefault(column.record, {})[column.field] = column.constant or UNUSABLE
    return Lost(tuple(Record(kind, values, source) for kind, values in fields.items() if (kind, *values) != _BIRTH))


def _lost(records: Sequence[Record], above: str) -> Lost:
    kind, part = _BIRTH
    born = next((r.values[part] for r in records if r.kind == kind and isinstance(r.values.get(part), int)), None)
    return Lost(tuple(record for record in records if record.kind != kind), born, above)


def _parts(
    layout: TableLayout, table: RawTable, lists: Mapping[str, CodeList], indexes: _Indexes, gathered: Gathered
) -> list[_Part]:
    """The columns of a layout that a table has, each with its reader. Missing ones are reported."""
    parts: list[_Part] = []
    read_as: dict[int, str] = {}
    missing: dict[str, Column] = {}
    for column in layout.columns:
        if column.constant:
            continue
        position = _position(column, table.header)
        if position is None:
            missing[column.name] = column
            continue
        days = [(n, row[position]) for n, row in table.rows if position < len(row)] if column.form == "day" else []
        proof = _refuted(days)
        if proof and position not in read_as:
            hint = "nothing of this column was read; save its dates as text with the year first, or export them again"
            gathered.faults.append(Fault(table.column_place(position), proof, hint))
        habit = habit_of(cell for _, cell in days)
        reader = reader_of(column, lists, habit, indexes.names(column))
        reader = _no_number(reader) if table.from_1904 and column.form == "day" else reader
        parts.append(_Part(column, position, reader, bool(proof), twins_of(column, position, table.header)))
        read_as[position] = column.name
    parts = _not_swapped(parts, table, gathered)
    taken = set(read_as)
    for link in layout.links:
        taken |= {n for n, heading in enumerate(table.header) if squash(heading) == squash(link.column)}
    for position, heading in enumerate(table.header):
        if heading.strip():
            name = read_as.get(position, layout.links[0].column if layout.links and position in taken else "")
            why = "" if name else why_left_out(layout.source, layout.name, heading)
            twin = next((c.name for c in layout.columns if why == UNKNOWN and not c.constant and c.fits(heading)), "")
            why = f"`{twin}` was read from another column" if twin else why
            if why == UNKNOWN and table.counted == "line":
                _tell_stray(layout, table, heading, missing, gathered)
            gathered.headings.append(Heading(table.name, heading.strip(), name, why, table.file))
    for position, filled in without_heading(table):
        letter = f"column {column_name(position)}" if table.is_sheet else f"column {position + 1}"
        told = f"has {'a value' if filled == 1 else f'{filled:,} values'} and no heading, so it was not read"
        gathered.faults.append(Fault(f"{table.file}, {table.name}, {letter}", told, "write its heading"))
    unread = [heading for n, heading in enumerate(table.header) if n not in taken and heading.strip()]
    if layout.source == "annex_a":  # in other sources, columns vary with the system or are absent if empty
        for name in missing:
            hint = did_you_mean(name, unread) or "what it would give is not known"
            gathered.faults.append(Fault(f"{table.file}, {table.name}", f"there is no column `{name}`", hint))
    return parts


def _refuted(days: Sequence[tuple[int, Any]]) -> str:
    """The reason for which no date of a column can be used, as text; empty if there is none."""
    swap, zone = swapped(days), zone_lost(days)
    if swap:
        return f"day and month are swapped in part of it: {swap}"
    return f"its times are of another zone, which was lost, so that days may be a day early: {zone}" if zone else ""


def _no_number(reader: Reader) -> Reader:
    """A reader of days for a workbook that counts them from 1904, in which a bare number may be either count."""

    def read(raw: Any) -> Any:
        if isinstance(raw, (int, float)) and not isinstance(raw, bool):
            raise ValueError(f"`{as_text(raw)}` is a number in a workbook that counts days from 1904; format the column as dates")
        return reader(raw)

    return read


def _not_swapped(parts: list[_Part], table: RawTable, gathered: Gathered) -> list[_Part]:
    """The columns, with swapped columns of starts and ends refused; the message has the evidence."""
    readers = {part.position: part.reader for part in parts}
    refused: set[int] = set()
    for start, end in pairs_of((part.column, part.position) for part in parts).days:
        proof = are_swapped((_day(readers[start], row, start), _day(readers[end], row, end)) for _, row in table.rows)
        if proof:
            refused |= {start, end}
            told = f"it seems to be swapped with `{table.header[start].strip()}`: {proof}"
            gathered.faults.append(Fault(table.column_place(end), told, "neither was read; put them right"))
    return [replace(part, refused=part.refused or part.position in refused) for part in parts]


def _day(reader: Reader, row: Sequence[Any], position: int) -> Any:
    try:
        return read_day(reader, row[position]) if position < len(row) else None
    except ValueError:
        return UNUSABLE


def _endless(layout: TableLayout, table: RawTable, parts: Sequence[_Part], gathered: Gathered) -> frozenset[str]:
    """The kinds of record whose end is not known because the column is missing. Each is reported."""
    missing = missing_ends(layout, table, [part.column for part in parts])
    if layout.source != "annex_a":  # for Annex A every missing column is reported already
        for name, meant in {column.name: meant for column, meant in missing.values()}.items():
            hint = meant or "whether what starts here has ended is not known"
            gathered.faults.append(Fault(f"{table.file}, {table.name}", f"there is no column `{name}`", hint))
    return frozenset(missing)


def _without_table_beside(layout: TableLayout, table: RawTable, name: str, gathered: Gathered) -> RawTable:
    """A sheet without a second table beside the first one. The second is reported."""
    owner = _owner(layout, table)
    again = table_beside(layout, table, owner[0]) if owner is not None and table.is_sheet else None
    if again is None:
        return table
    told = "the heading over the ids stands here again, with other ids: from here on it is another table, and was not read"
    gathered.faults.append(Fault(table.column_place(again), told, "put each table on a sheet of its own"))
    other = by_headings(table.header[again:]) or layout
    gathered.lost.append(nothing_known(other, f"{name} column {column_name(again)}"))
    return replace(table, header=table.header[:again], rows=[(number, cells[:again]) for number, cells in table.rows])


def _tell_tables_above(layout: TableLayout, table: RawTable, name: str, position: int, count: Count, gathered: Gathered) -> None:
    """Reports rows above the headings that belong to another table, or to children."""
    for part in tables_above(layout, table, position):
        count.read += part.rows
        count.refused += part.rows
        until = f"row {table.under}, where the headings stand that were read"
        if part.headed:
            told = f"another row of headings stands here: what comes before {until}, is another table, and was not read"
            hint = "put each table on a sheet or in a file of its own"
        else:
            told = f"{many(part.rows, 'row')} of children, before {until}: nothing above the headings is read"
            hint = "put the headings above all rows"
        gathered.faults.append(Fault(table.row_place(part.first), told, hint))
        gathered.lost.append(nothing_known(part.layout, f"{name} {table.counted} {part.first}"))


def _open_ended(record: Record, endless: frozenset[str]) -> Record:
    """A record whose end is not known, where its table can't say it and no status does."""
    if record.kind not in endless or record.values.get("status") not in (None, UNUSABLE):
        return record
    return Record(record.kind, {**record.values, END: UNUSABLE}, record.source)


def _tell_stray(layout: TableLayout, table: RawTable, heading: str, missing: Mapping[str, Column], gathered: Gathered) -> None:
    """Reports a value of a return in a place that its standard does not have. The field to which it may belong is not known."""
    homes = [other for other in of_source(layout.source) if any(c.fits(heading) for c in other.columns if not c.constant)]
    hint = did_you_mean(heading, list(missing)) or "was its name or its place changed?"
    place = f"{table.file}, {table.name}"
    gathered.faults.append(Fault(place, f"`{heading}` is none of its values by the standard, and was not read", hint))
    gathered.lost += [nothing_known(home, place) for home in homes]


def _position(column: Column, header: Sequence[str]) -> int | None:
    exact = [n for n, heading in enumerate(header) if fits(heading, column.name)]
    alike = exact or [n for n, heading in enumerate(header) if column.fits(heading)]
    return alike[0] if alike else None


def _owner(layout: TableLayout, table: RawTable) -> tuple[int, Link] | None:
    for link in layout.links:
        for position, heading in enumerate(table.header):
            if squash(heading) == squash(link.column):
                return position, link
    return None


def _child(raw: Any, link: Link, indexes: _Indexes, master: Mapping[str, str] | None) -> tuple[str, bool]:
    """The id of the child that a row is about, and whether there is such a child. Errors: ValueError."""
    if not link.table:
        child = id_of(raw, link.column)
    elif is_null(raw) or raw is UNUSABLE:
        raise ValueError(f"`{link.column}` is empty, so nobody can tell whose row it is; write the id")
    else:
        owner = indexes.owner(link, as_text(raw))
        if owner is None:
            raise ValueError(f"`{as_text(raw)}` is not in {link.table}; the row belongs to nobody")
        child = safe(owner)
    if master is None:
        return child, True
    return master.get(alike(child), child), alike(child) in master


def _values(
    parts: Sequence[_Part], pairs: Pairs, cells: Sequence[Any], number: int, table: RawTable
) -> tuple[list[Any], list[Fault]]:
    """The value of each column in a row, and faults for cells that can't be used."""
    values: list[Any] = []
    told: dict[tuple[int, str], Fault] = {}
    for part in parts:
        raw = cells[part.position] if part.position < len(cells) else None
        if part.refused:
            values.append(None if raw is not UNUSABLE and is_null(raw) else UNUSABLE)
            continue
        try:
            _check_rivals(part, cells, table)
            _check_merged(part, raw, number, table)
            values.append(read_day(part.reader, raw) if part.column.form == "day" else read_cell(part.reader, raw))
        except ValueError as error:
            message, _, hint = str(error).rpartition("; ")
            place = table.place(number, part.position)
            told[part.position, message] = Fault(place, message or hint, hint if message else "")
            values.append(UNUSABLE)
    positions = [part.position for part in parts]
    against = contradictions(pairs, dict(zip(positions, values)))
    for position, message in against.items():
        if message:
            hint = "put the row right; until then it counts as not known"
            told[position, message] = Fault(table.place(number, position), message, hint)
    return marked(positions, values, against) if against else values, list(told.values())


def _check_rivals(part: _Part, cells: Sequence[Any], table: RawTable) -> None:
    """Errors: `ValueError` if another column with the same heading has a different value."""
    for rival in part.rivals:
        if _told(cells, rival) != _told(cells, part.position):
            heading = table.header[rival].strip()
            raise ValueError(
                f"column {column_name(rival)} `{heading}` is called the same and says something else; keep one of them"
            )


def _check_merged(part: _Part, raw: Any, number: int, table: RawTable) -> None:
    """Errors: `ValueError` if the cell has no value of its own, as it is merged with another."""
    if (number, part.position) in table.merged and raw is not UNUSABLE and is_null(raw):
        raise ValueError("the cell is merged with another, and may mean the same as that; write a value into each cell")


def _told(cells: Sequence[Any], position: int) -> str:
    raw = cells[position] if position < len(cells) else None
    return "" if raw is not UNUSABLE and is_null(raw) else as_text(raw)


def _records(parts: Sequence[_Part], values: Sequence[Any], constants: Sequence[Column], source: str) -> list[Record]:
    found: dict[str, dict[str, Any]] = {}
    for part, value in zip(parts, values):
        if value is not None:
            found.setdefault(part.column.record, {})[part.column.field] = value
    for column in constants:
        if column.record in found:
            found[column.record][column.field] = column.constant
    return [Record(kind, record, source) for kind, record in found.items()]


def _master(tables: Tables) -> Mapping[str, str] | None:
    """The children that there are, where a source has a table of persons: their ids as spelt there, by what is alike."""
    for layout, table in tables:
        owner = _owner(layout, table) if layout.role == "persons" else None
        if owner is not None:
            ids = (row[owner[0]] for _, row in table.rows if owner[0] < len(row))
            return {alike(one): one for one in (safe(as_text(raw)) for raw in ids if not is_null(raw))}
    return None


class _Indexes:
    """Looks up values by keys in other tables."""

    def __init__(self, tables: Tables):
        self._tables: dict[str, list[RawTable]] = {}
        self._layouts = {layout.name: layout for layout, _ in tables}
        for layout, table in tables:
            self._tables.setdefault(layout.name, []).append(table)
        self._owners: dict[Link, dict[str, str]] = {}

    def names(self, column: Column) -> dict[str, str]:
        """Names by key, for a column whose form is `team TABLE.KEY.NAME`; else nothing."""
        table, _, rest = column.form.partition(" ")[2].partition(".")
        key, _, name = rest.partition(".")
        return {spaced(found): shown for found, shown in self._pairs(table, key, name)} if name else {}

    def owner(self, link: Link, key: str) -> str | None:
        """The child behind a key of another table."""
        if link not in self._owners:
            layout = self._layouts.get(link.table)
            column = layout.links[0].column if layout else ""
            self._owners[link] = dict(self._pairs(link.table, link.key, column))
        return self._owners[link].get(key)

    def _pairs(self, table: str, key: str, value: str) -> Iterable[tuple[str, str]]:
        for raw in self._tables.get(table, ()):
            header = [squash(heading) for heading in raw.header]
            if squash(key) not in header or squash(value) not in header:
                continue
            at_key, at_value = header.index(squash(key)), header.index(squash(value))
            for _, cells in raw.rows:
                if max(at_key, at_value) < len(cells) and not is_null(cells[at_key]) and not is_null(cells[at_value]):
                    yield as_text(cells[at_key]), as_text(cells[at_value])
