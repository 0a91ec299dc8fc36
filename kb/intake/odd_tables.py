"""Finds irregular tables: another table below or beside it, and headings that are repeated, changed or missing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from kb.errors import did_you_mean
from kb.intake.cells import as_text
from kb.intake.days import is_day
from kb.intake.headings import is_owner
from kb.intake.layout import TEAMS, Column, TableLayout, by_headings
from kb.intake.left_out import UNKNOWN, why_left_out
from kb.intake.model import UNUSABLE, RawTable
from kb.intake.names import squash
from kb.intake.nulls import is_null
from kb.intake.whose import alike, is_id

END = "end"


def are_other_headings(layout: TableLayout, table: RawTable, cells: Sequence[Any], position: int) -> bool:
    """Whether a row has headings of another table. `position`: the column of the ids."""
    owner = cells[position] if position < len(cells) else None
    if isinstance(owner, str) and layout.is_owner(owner):
        own = {squash(heading) for heading in table.header}
        return any(squash(cell) not in own for cell in cells if isinstance(cell, str) and cell.strip())
    if owner is not None and not (isinstance(owner, str) and not any(map(str.isdigit, owner))):
        return False  # an id
    return any(map(is_owner, cells)) and by_headings([as_text(cell) for cell in cells if cell is not None]) is not None


@dataclass(frozen=True, slots=True)
class Above:
    """Rows above the headings that are no title: the first row, their number, and the table to which they belong.

    `headed`: they begin with headings of their own.
    """

    first: int
    rows: int
    layout: TableLayout
    headed: bool


def tables_above(layout: TableLayout, table: RawTable, position: int) -> list[Above]:
    """Other tables above the headings, and rows of children, as where a sheet was sorted together with its headings."""
    found: list[Above] = []
    for number, cells in table.above:
        texts = [as_text(cell) for cell in cells if cell is not None and cell is not UNUSABLE]
        other = by_headings(texts) if any(map(is_owner, cells)) else None
        if other is not None:
            found.append(Above(number, 1, other, headed=True))
        elif found and texts:
            found[-1] = replace(found[-1], rows=found[-1].rows + 1)
        elif _is_of_child(layout, table, cells, position):
            found.append(Above(number, 1, layout, headed=False))
    return found


def _is_of_child(layout: TableLayout, table: RawTable, cells: Sequence[Any], position: int) -> bool:
    """Whether a row has an id in the column of the ids, and a day in a column of days."""
    days = [column for column in layout.columns if column.form == "day"]
    at = [n for n, heading in enumerate(table.header) if n < len(cells) and any(column.fits(heading) for column in days)]
    return position < len(cells) and is_id(cells[position]) and any(cells[n] is not UNUSABLE and is_day(cells[n]) for n in at)


def table_beside(layout: TableLayout, table: RawTable, position: int) -> int | None:
    """The first column of another table beside this one: a heading of ids occurs again there, with other ids.

    Under another name than the first, it is another table only if the headings after it are not those that this table lacks.
    """
    own = squash(table.header[position])
    for again in range(position + 1, len(table.header)):
        heading = table.header[again]
        if (squash(heading) == own or _is_table_from(layout, table, again)) and any(
            _differ(cells, position, again) for _, cells in table.rows
        ):
            return again
    return None


def _is_table_from(layout: TableLayout, table: RawTable, column: int) -> bool:
    if not is_owner(table.header[column]):
        return False
    before, after = table.header[:column], table.header[column:]
    other = by_headings(after)
    if other is None or other.source != layout.source:
        return False
    both = {squash(heading) for heading in before if heading.strip()} & {squash(heading) for heading in after}
    return other is not layout or bool(both)


def _differ(cells: Sequence[Any], one: int, other: int) -> bool:
    first, second = (cells[at] if at < len(cells) else None for at in (one, other))
    return not is_null(second) and second is not UNUSABLE and alike(as_text(second)) != alike(as_text(first))


def without_heading(table: RawTable) -> Iterator[tuple[int, int]]:
    """The columns with values but no heading, each with the number of its values; also those after the last heading."""
    width = max((len(cells) for _, cells in table.rows), default=0)
    for at in range(max(width, len(table.header))):
        if at >= len(table.header) or not table.header[at].strip():
            filled = sum(at < len(cells) and not is_null(cells[at]) for _, cells in table.rows)
            if filled:
                yield at, filled


def twins_of(column: Column, position: int, header: Sequence[str]) -> tuple[int, ...]:
    """Other columns with the same heading, or with another name of the same column if none has its main name."""
    own = squash(header[position])
    names = {own} if own == squash(column.name) else {own, *(squash(name) for name in column.aliases if not name.endswith("*"))}
    return tuple(n for n, heading in enumerate(header) if n != position and squash(heading) in names)


def _has_days(table: RawTable, position: int) -> bool:
    return any(cells[position] is not UNUSABLE and is_day(cells[position]) for _, cells in table.rows if position < len(cells))


def is_strange(layout: TableLayout, heading: str) -> bool:
    """Whether a heading is not in the standard of the table."""
    ours = layout.is_owner(heading) or any(column.fits(heading) for column in layout.columns if not column.constant)
    return not ours and why_left_out(layout.source, layout.name, heading) == UNKNOWN


def missing_ends(layout: TableLayout, table: RawTable, read: Sequence[Column]) -> dict[str, tuple[Column, str]]:
    """The kinds of record for which a table lacks the column of the end, so that it is not known whether they are running.

    In XML an empty value has no element, so there an end counts as missing only if an element with a similar name was not
    read; a list of teams needs no end, so there it counts as missing only if another column has days. Returns for each kind
    the column, and the heading that may be meant.
    """
    have = {column.record for column in read}
    ended = {column.record for column in read if column.field == END}
    missing = {column.record: column for column in layout.columns if column.field == END and column.record in have - ended}
    strange = [heading for heading in table.header if heading.strip() and is_strange(layout, heading)]
    if layout.source == TEAMS:
        days = [heading for heading in strange if _has_days(table, table.header.index(heading))]
        return {kind: (column, f"is it `{days[0].strip()}`?") for kind, column in missing.items()} if days else {}
    found = {kind: (column, did_you_mean(column.name, strange)) for kind, column in missing.items()}
    return {kind: pair for kind, pair in found.items() if pair[1] or table.counted != "line"}
