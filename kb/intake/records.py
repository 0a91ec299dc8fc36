"""From raw tables to records of children. Every row is used, refused or ignored, and counted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kb.errors import Fault, did_you_mean
from kb.intake.cells import Reader, as_text, read_cell, reader_of
from kb.intake.days import habit_of, swapped
from kb.intake.layout import Column, Link, TableLayout
from kb.intake.left_out import why_left_out
from kb.intake.model import UNUSABLE, Count, Heading, RawTable, Record
from kb.intake.names import fits, spaced, squash
from kb.intake.nulls import is_null
from kb.intake.values import CodeList
from kb.intake.whose import alike, id_of, no_row_of_a_child, safe

_BIRTH = ("child", "born")

Tables = Sequence[tuple[TableLayout, RawTable]]


@dataclass(frozen=True)
class Lost:
    """A row of which nobody can tell whose it is: what its cells say, and the child's date of birth where it has one.

    `above`: the child of the row above, where the id is empty: a merged cell, or an id that is not repeated.
    """

    records: tuple[Record, ...]
    born: int | None = None
    above: str = ""


@dataclass
class Gathered:
    """What the tables say, by child, and everything that was noted on the way."""

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
    refused: bool = False  # as a whole


def gather(tables: Tables, lists: Mapping[str, CodeList], prefix: bool = False) -> Gathered:
    """The records of every child in some tables of one source. `prefix`: their sources name the file as well."""
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
    parts = _parts(layout, table, lists, indexes, gathered)
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
    seen: dict[tuple[Any, ...], int] = {}
    constants = [column for column in layout.columns if column.constant]
    above = ""
    for number, cells in table.rows:
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
            values, _ = _values(parts, cells, number, table)
            is_empty = position >= len(cells) or is_null(cells[position])
            gathered.lost.append(_lost(_records(parts, values, constants, source), above if is_empty else ""))
            continue
        if not known:
            count.refused += 1
            told = f"there is no child `{child}` in the table of persons; the row belongs to nobody"
            gathered.faults.append(Fault(table.place(number, position), told))
            continue
        values, faults = _values(parts, cells, number, table)
        gathered.faults += faults
        above = child
        same = (child, *(repr(value) for value in values))
        if same in seen and not faults:
            count.ignore("the same as an earlier row")
            continue
        seen.setdefault(same, number)
        records = _records(parts, values, constants, source)
        gathered.teams |= {r.values["team"] for r in records if isinstance(r.values.get("team"), str)}
        gathered.children.setdefault(child, []).extend(records)
        if records:
            count.used += 1
        else:
            count.ignore("nothing in the columns that are read")


def nothing_known(layout: TableLayout, source: str) -> Lost:
    """Rows of a table of which nothing can be told: they may say anything that the table can say."""
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
    """The columns of a layout that a table has, each with its reader. Those it lacks are told."""
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
        proof = swapped(days)
        if proof and position not in read_as:
            hint = "nothing of this column was read; save its dates as text with the year first, or export them again"
            gathered.faults.append(Fault(table.column_place(position), f"day and month are swapped in part of it: {proof}", hint))
        habit = habit_of(cell for _, cell in days)
        parts.append(_Part(column, position, reader_of(column, lists, habit, indexes.names(column)), bool(proof)))
        read_as[position] = column.name
    taken = set(read_as)
    for link in layout.links:
        taken |= {n for n, heading in enumerate(table.header) if squash(heading) == squash(link.column)}
    for position, heading in enumerate(table.header):
        if heading.strip():
            name = read_as.get(position, layout.links[0].column if layout.links and position in taken else "")
            why = "" if name else why_left_out(layout.source, layout.name, heading)
            gathered.headings.append(Heading(table.name, heading.strip(), name, why, table.file))
    unread = [heading for n, heading in enumerate(table.header) if n not in taken and heading.strip()]
    if layout.source == "annex_a":  # tables of the others differ from system to system, or leave out what is empty
        for name in missing:
            hint = did_you_mean(name, unread) or "what it would give is not known"
            gathered.faults.append(Fault(f"{table.file}, {table.name}", f"there is no column `{name}`", hint))
    return parts


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


def _values(parts: Sequence[_Part], cells: Sequence[Any], number: int, table: RawTable) -> tuple[list[Any], list[Fault]]:
    values: list[Any] = []
    told: dict[tuple[int, str], Fault] = {}
    for part in parts:
        raw = cells[part.position] if part.position < len(cells) else None
        if part.refused:
            values.append(None if raw is not UNUSABLE and is_null(raw) else UNUSABLE)
            continue
        try:
            values.append(read_cell(part.reader, raw))
        except ValueError as error:
            message, _, hint = str(error).rpartition("; ")
            place = table.place(number, part.position)
            told[part.position, message] = Fault(place, message or hint, hint if message else "")
            values.append(UNUSABLE)
    return values, list(told.values())


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
    """Looks up, in one table, what a key of another stands for."""

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
