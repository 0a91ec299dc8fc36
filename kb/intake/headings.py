"""Finds the row of headings of a table, in workbooks and text files alike. The rows below it are the rows of the table.

Above the headings there may be titles, days and remarks; below the last row often a total or the name of a program.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from itertools import zip_longest
from typing import Any

from kb.intake.layout import TableLayout, called, known, layouts, recognised
from kb.intake.model import RawTable
from kb.intake.names import squash

SEARCHED = 200  # rows in which the headings are looked for
_LEAST = 2  # known columns that a row must have to be the row of headings

Rows = Sequence[tuple[int, Sequence[Any]]]


def texts_of(row: Sequence[Any]) -> tuple[str, ...]:
    """The cells of a row as text."""
    return tuple("" if cell is None else str(cell) for cell in row)


def heading_row(name: str, rows: Rows) -> int | None:
    """The position of the row of headings: the first row with most columns of the table of this name, or else of any table."""
    wanted = called(name)
    best, score = None, _LEAST - 1
    for position, (_, row) in enumerate(rows[:SEARCHED]):
        headings = texts_of(row)
        if sum(bool(heading.strip()) for heading in headings) < _LEAST:
            continue
        found = _most(wanted, headings)
        if found > score:
            best, score = position, found
    if best is None and wanted:
        return _any(rows)
    return best if wanted else _any(rows)


def _any(rows: Rows) -> int | None:
    """As `heading_row`, if no table has the name."""
    best, score = None, _LEAST
    for position, (_, row) in enumerate(rows[:SEARCHED]):
        headings = texts_of(row)
        if not _may_be_headings(headings):
            continue
        found = _most(tuple(layout for layout in layouts() if any(map(layout.is_owner, headings))), headings)
        if found > score:
            best, score = position, found
    return best


def is_owner(heading: Any) -> bool:
    """Whether a cell is a heading for the ids of children, in a table of any kind."""
    return isinstance(heading, str) and squash(heading) in _owners()


def _may_be_headings(headings: Sequence[str]) -> bool:
    return sum(bool(heading.strip()) for heading in headings) >= _LEAST and any(map(is_owner, headings))


@cache
def _owners() -> frozenset[str]:
    return frozenset(squash(link.column) for layout in layouts() for link in layout.links)


def _most(wanted: Sequence[TableLayout], headings: Sequence[str]) -> int:
    return max((known(layout, headings) for layout in wanted), default=0)


def as_table(file: str, name: str, rows: Rows, is_sheet: bool, hidden: bool = False) -> tuple[TableLayout | None, RawTable]:
    """The rows of a sheet or file as a table. If no headings are found, it has all rows and no headings."""
    position = heading_row(name, rows)
    if position is None:
        best = called(name)
        header = () if best else of_children(rows)
        return (best[0] if best else None), RawTable(file, name, header, list(rows), is_sheet=is_sheet, hidden=hidden)
    header, below = _joined(name, rows, position)
    found = RawTable(file, name, header, list(rows[below:]), is_sheet=is_sheet, hidden=hidden)
    return recognised(name, header), replace(found, above=tuple(rows[:position]), under=rows[below - 1][0])


def _joined(name: str, rows: Rows, position: int) -> tuple[tuple[str, ...], int]:
    """The headings, and the position of the row under them: they may stand in two rows, one word above the other."""
    header = texts_of(rows[position][1])
    layouts_meant = called(name) or layouts()
    best, below, score = header, position + 1, _most(layouts_meant, header) + 1
    for upper in (position - 1, position):
        if upper < 0 or upper + 1 >= len(rows):
            continue
        above, under = texts_of(rows[upper][1]), texts_of(rows[upper + 1][1])
        both = tuple(" ".join(part for part in parts if part.strip()) for parts in zip_longest(above, under, fillvalue=""))
        found = _most(layouts_meant, both)
        if found > score:
            best, below, score = both, upper + 2, found
    return best, below


def of_children(rows: Rows) -> tuple[str, ...]:
    """The first of the upper rows with a heading over ids of children, of a table that is none that is known."""
    for _, row in rows[:SEARCHED]:
        headings = texts_of(row)
        if _may_be_headings(headings):
            return headings
    return ()
