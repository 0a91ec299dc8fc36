"""What each source looks like, from `tables.tsv` and `columns.tsv`: its tables, and what is read of each."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from kb.intake.names import fits, squash
from kb.tables import read_table

HERE = Path(__file__).parent
_PREFIX = "ssd"
#: A list by its number, whatever follows it: `List 8`, `L8 - children in care`, `AA_8_looked_after`, `8.`
_NUMBER = re.compile(r"(?:annex[ _]?a[ _-]*)?(?:aa|list|l)?[ _.-]*(\d{1,2})(?![\da-z])")


@dataclass(frozen=True, slots=True)
class Column:
    """One column that is read: its names, and the part of a record that its cells give.

    A name that starts with `=` is no column: the part is always the word after it.
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
    """How a row says whose it is: by a column with the child's id, or with a key of another table."""

    column: str
    table: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class TableLayout:
    """One table of a source.

    `role` is `persons` where it lists every child there is, and `history` where every earlier
    episode stands in it.
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
            return squash(_bare(name)) == squash(_bare(self.name))
        number = _NUMBER.match(name.strip().casefold())
        if number:
            return squash(self.name) == f"list{number[1]}"
        return any(fits(name, wanted) for wanted in (self.name, *self.aliases))


def _bare(name: str) -> str:
    """A database table's name without schema, brackets, mark of a temporary table or prefix."""
    last = name.replace("[", "").replace("]", "").replace('"', "").split(".")[-1].lstrip("#").casefold()
    return last.removeprefix(f"{_PREFIX}_").removeprefix(f"{_PREFIX} ")


@cache
def layouts() -> tuple[TableLayout, ...]:
    """Every table that can be read, in the order of `tables.tsv`."""
    columns: dict[tuple[str, str], list[Column]] = {}
    for row in read_table(HERE / "columns.tsv", ("source", "table", "column", "aliases", "record", "field", "as")):
        column = Column(row["column"], _split(row["aliases"]), row["record"], row["field"], row["as"])
        for table in row["table"].split(","):
            columns.setdefault((row["source"], table.strip()), []).append(column)
    found: list[TableLayout] = []
    for row in read_table(HERE / "tables.tsv", ("source", "table", "aliases", "child", "role")):
        own = tuple(columns.get((row["source"], row["table"]), ()))
        links = tuple(_link(part) for part in _split(row["child"]))
        found.append(TableLayout(row["source"], row["table"], _split(row["aliases"]), links, row["role"], own))
    return tuple(found)


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


def named(name: str, headings: Sequence[str] = ()) -> TableLayout | None:
    """The table that a sheet, file or database table is by its name; of two, the one that its headings fit."""
    called = [layout for layout in layouts() if layout.is_called(name)]
    return max(called, key=lambda layout: _known(layout, headings), default=None)


def _known(layout: TableLayout, headings: Sequence[str]) -> int:
    """How many of the columns of a table some headings are."""
    return len({column.name for column in layout.columns if any(column.fits(heading) for heading in headings)})


def by_headings(headings: Sequence[str]) -> TableLayout | None:
    """The table whose columns most headings are, where it is clear: a child's id and three more, and no rival."""
    scores: list[tuple[int, TableLayout]] = []
    for layout in layouts():
        if layout.links and any(fits(heading, layout.links[0].column) for heading in headings):
            scores.append((_known(layout, headings), layout))
    scores.sort(key=lambda pair: -pair[0])
    if not scores or scores[0][0] < 3 or (len(scores) > 1 and scores[1][0] == scores[0][0]):
        return None
    return scores[0][1]
