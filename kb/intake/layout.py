"""The layout of each source, from `tables.tsv` and `columns.tsv`: its tables, and the columns that are read of each.

The aliases of a column are those of all its lines in `columns.tsv`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path

from kb.intake.left_out import columns_left_out
from kb.intake.names import fits, squash
from kb.tables import read_table

HERE = Path(__file__).parent
_PREFIX = "ssd"
#: A list of Annex A by its number, with any text after it: `List 8`, `L8 - children in care`, `AA_8_looked_after`, `8.`
_NUMBER = re.compile(r"(?:annex[ _]?a[ _-]*)?(?:aa|list|l)?[ _.-]*(\d{1,2})(?![\da-z])")
_CLEARLY = 2  # columns that another table must fit better than the table of its name
_FEWEST = 3  # columns needed to recognise a table without its name
TEAMS = "teams"  # the source for a separate list of children and their teams
#: Text that people and programs add to the name of a file: a day, a number, `(1)`, `final`, `copy`.
_ADDED = re.compile(
    r"(?:[\s_.-]*(?:\(\d+\)|v\d+|\d{4}[-_.]?\d{2}(?:[-_.]?\d{2})?|\d{2}[-_.]?\d{2}[-_.]?\d{4}|\d{1,6}|export|extract|final|latest|copy))+$"
)


@dataclass(frozen=True, slots=True)
class Column:
    """One column that is read: its names, and the record and field that its cells give.

    If the name starts with `=`, there is no such column: the field always has the word after it.
    """

    name: str
    aliases: tuple[str, ...]
    record: str
    field: str
    form: str

    @property
    def constant(self) -> str:
        return self.name[1:] if self.name.startswith("=") else ""

    def fits(self, heading: str) -> bool:
        return any(fits(heading, wanted) for wanted in (self.name, *self.aliases))


@dataclass(frozen=True, slots=True)
class Link:
    """How a row identifies its child: by a column with the child's id, or with a key of another table."""

    column: str
    table: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class TableLayout:
    """One table of a source.

    `role` is `persons` if the table lists all children, and `history` if it has all earlier episodes.
    """

    source: str
    name: str
    aliases: tuple[str, ...]
    links: tuple[Link, ...]
    role: str
    columns: tuple[Column, ...]

    def is_called(self, name: str) -> bool:
        """Whether a sheet, file or database table of this name is this table."""
        if self.source == _PREFIX:
            return squash(self.name) in (f"{_PREFIX}{squash(bare)}" for bare in _bare(name))
        number = _NUMBER.match(name.strip().casefold()) if self.source == "annex_a" else None
        if number:
            return squash(self.name) == f"list{number[1]}"
        return any(fits(tried, wanted) for tried in (name, _plain(name)) for wanted in (self.name, *self.aliases))

    def is_owner(self, heading: str) -> bool:
        """Whether a heading is one for the ids of children."""
        return any(squash(heading) == squash(link.column) for link in self.links)


def _plain(name: str) -> str:
    """A name without text that was added to it (`_ADDED`)."""
    return _ADDED.sub("", name.strip().casefold())


def _bare(name: str) -> tuple[str, ...]:
    """A database table's name without schema, brackets, mark of a temporary table or prefix; also without what was added."""
    last = name.replace("[", "").replace("]", "").replace('"', "").split(".")[-1].lstrip("#").casefold()
    last = last[last.find(f"{_PREFIX}_") :] if f"_{_PREFIX}_" in last else last
    found = last.removeprefix(f"{_PREFIX}_").removeprefix(f"{_PREFIX} ")
    return found, _plain(found)


@cache
def layouts() -> tuple[TableLayout, ...]:
    """Every table that can be read, in the order of `tables.tsv`."""
    columns: dict[tuple[str, str], list[Column]] = {}
    for row in read_table(HERE / "columns.tsv", ("source", "table", "column", "aliases", "record", "field", "as")):
        column = Column(row["column"], _split(row["aliases"]), row["record"], row["field"], row["as"])
        for table in row["table"].split(","):
            columns.setdefault((row["source"], table.strip()), []).append(column)
    names = _names(columns)
    found: list[TableLayout] = []
    for row in read_table(HERE / "tables.tsv", ("source", "table", "aliases", "child", "role")):
        of_table = columns.get((row["source"], row["table"]), ())
        own = tuple(replace(column, aliases=names[row["source"], squash(column.name)]) for column in of_table)
        links = tuple(_link(part) for part in _split(row["child"]))
        found.append(TableLayout(row["source"], row["table"], _split(row["aliases"]), links, row["role"], own))
    return tuple(found)


def _names(columns: Mapping[tuple[str, str], Sequence[Column]]) -> dict[tuple[str, str], tuple[str, ...]]:
    """The aliases of each column of a source, of all its lines together."""
    found: dict[tuple[str, str], dict[str, None]] = {}
    for (source, _), own in columns.items():
        for column in own:
            found.setdefault((source, squash(column.name)), {}).update(dict.fromkeys(column.aliases))
    return {key: tuple(names) for key, names in found.items()}


def _split(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split(";") if part.strip())


def _link(part: str) -> Link:
    column, _, target = part.partition(">")
    table, _, key = target.partition(".")
    return Link(column.strip(), table.strip(), key.strip())


def of_source(source: str) -> tuple[TableLayout, ...]:
    """The tables of one source."""
    return tuple(layout for layout in layouts() if layout.source == source)


def sources() -> tuple[str, ...]:
    """The sources that can be read."""
    return tuple(dict.fromkeys(layout.source for layout in layouts()))


def called(name: str) -> tuple[TableLayout, ...]:
    """The tables that a sheet, file or database table of this name may be."""
    return tuple(layout for layout in layouts() if layout.is_called(name))


def recognised(name: str, headings: Sequence[str]) -> TableLayout | None:
    """The table with this name and headings; if no heading fits the name, the table that the headings alone show."""
    by_name = called(name)
    best = max(by_name, key=lambda layout: known(layout, headings), default=None)
    if best is not None and known(best, headings):
        other = by_headings(headings)
        wrong = other is not None and other.source == best.source and known(other, headings) >= known(best, headings) + _CLEARLY
        return other if wrong else best
    return by_headings(headings) or best


@cache
def looked_up(source: str, table: str) -> frozenset[str]:
    """The columns of a table that other tables refer to (squashed names): keys, and names behind keys."""
    needed: set[str] = set()
    for other in of_source(source):
        needed |= {squash(link.key) for link in other.links if link.table == table}
        for column in other.columns:
            _, _, lookup = column.form.partition(f"{table}.")
            needed |= {squash(part) for part in lookup.split(".")} if lookup else set()
    return frozenset(needed)


@lru_cache(maxsize=10_000)
def _known(at: int, headings: tuple[str, ...]) -> int:
    layout = layouts()[at]
    columns = {column.name for column in layout.columns if any(column.fits(heading) for heading in headings)}
    plain = {squash(heading) for heading in headings}
    others = (columns_left_out(layout.source, layout.name) | looked_up(layout.source, layout.name)) & plain
    return len(columns) + len(others) + any(layout.is_owner(heading) for heading in headings)


@cache
def _places() -> dict[tuple[str, str], int]:
    return {(layout.source, layout.name): number for number, layout in enumerate(layouts())}


def known(layout: TableLayout, headings: Sequence[str]) -> int:
    """The number of headings that are columns of a table, including the child's id and columns that are left out."""
    return _known(_places()[layout.source, layout.name], tuple(headings))


def by_headings(headings: Sequence[str]) -> TableLayout | None:
    """The table to which most headings belong; None if it is not clear.

    It needs the child's id and two other columns (one, if only this table has that name for the id), and no other table may
    fit as well.
    """
    owners = [layout for layout in layouts() if any(layout.is_owner(heading) for heading in headings)]
    direct = [layout for layout in owners if any(squash(layout.links[0].column) == squash(heading) for heading in headings)]
    scores = sorted(((known(layout, headings), layout) for layout in owners), key=lambda pair: -pair[0])
    rivals = [layout for score, layout in scores if score == scores[0][0]]
    if len(rivals) > 1:  # of two that fit equally well, the one that has all its columns
        whole = [layout for layout in rivals if _is_whole(layout, headings)]
        rivals = whole if len(whole) == 1 else rivals
    if len(rivals) != 1:
        return None
    most, best = scores[0][0], rivals[0]
    only = len(direct) == 1 and direct[0] is best and best.source not in ("annex_a", TEAMS)
    return best if most > _FEWEST or (only and most > 1) else None


def _is_whole(layout: TableLayout, headings: Sequence[str]) -> bool:
    """Whether every column of a table is among some headings."""
    plain = {squash(heading) for heading in headings}
    read = (column for column in layout.columns if not column.constant)
    every = all(any(column.fits(heading) for heading in headings) for column in read)
    return every and columns_left_out(layout.source, layout.name) <= plain
