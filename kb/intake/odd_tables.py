"""Finds irregular tables: another table below or beside it, and headings that are repeated, changed or missing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from kb.errors import did_you_mean
from kb.intake.cells import as_text
from kb.intake.layout import TEAMS, Column, TableLayout
from kb.intake.left_out import UNKNOWN, why_left_out
from kb.intake.model import UNUSABLE, RawTable
from kb.intake.names import squash
from kb.intake.nulls import is_null
from kb.intake.whose import alike

END = "end"


def are_other_headings(layout: TableLayout, table: RawTable, cells: Sequence[Any], position: int) -> bool:
    """Whether a row has headings of another table. `position`: the column of the ids."""
    owner = cells[position] if position < len(cells) else None
    if not isinstance(owner, str) or not layout.is_owner(owner):
        return False
    own = {squash(heading) for heading in table.header}
    return any(squash(cell) not in own for cell in cells if isinstance(cell, str) and cell.strip())


def table_beside(table: RawTable, position: int) -> int | None:
    """The first column of another table beside this one: the heading of the ids occurs again there, with other ids."""
    own = squash(table.header[position])
    for again in range(position + 1, len(table.header)):
        if squash(table.header[again]) == own and any(_differ(cells, position, again) for _, cells in table.rows):
            return again
    return None


def _differ(cells: Sequence[Any], one: int, other: int) -> bool:
    first, second = (cells[at] if at < len(cells) else None for at in (one, other))
    return not is_null(second) and second is not UNUSABLE and alike(as_text(second)) != alike(as_text(first))


def without_heading(table: RawTable) -> Iterator[tuple[int, int]]:
    """The columns with values but no heading, each with the number of its values."""
    for at, heading in enumerate(table.header):
        filled = 0 if heading.strip() else sum(at < len(cells) and not is_null(cells[at]) for _, cells in table.rows)
        if filled:
            yield at, filled


def twins_of(column: Column, position: int, header: Sequence[str]) -> tuple[int, ...]:
    """Other columns with the same heading, or with another name of the same column if none has its main name."""
    own = squash(header[position])
    names = {own} if own == squash(column.name) else {own, *(squash(name) for name in column.aliases if not name.endswith("*"))}
    return tuple(n for n, heading in enumerate(header) if n != position and squash(heading) in names)


def is_strange(layout: TableLayout, heading: str) -> bool:
    """Whether a heading is not in the standard of the table."""
    ours = layout.is_owner(heading) or any(column.fits(heading) for column in layout.columns if not column.constant)
    return not ours and why_left_out(layout.source, layout.name, heading) == UNKNOWN


def missing_ends(layout: TableLayout, table: RawTable, read: Sequence[Column]) -> dict[str, tuple[Column, str]]:
    """The kinds of record for which a table lacks the column of the end, so that it is not known whether they are running.

    In XML an empty value has no element, so there an end counts as missing only if an element with a similar name was not
    read. Returns for each kind the column, and the heading that may be meant.
    """
    have = {column.record for column in read}
    ended = {column.record for column in read if column.field == END}
    missing = {column.record: column for column in layout.columns if column.field == END and column.record in have - ended}
    if layout.source == TEAMS or not missing:
        return {}
    strange = [heading for heading in table.header if heading.strip() and is_strange(layout, heading)]
    found = {kind: (column, did_you_mean(column.name, strange)) for kind, column in missing.items()}
    return {kind: pair for kind, pair in found.items() if pair[1] or table.counted != "line"}
