"""Invented children in the form of a council's own data: rows of worksheets and tables, by `tables.tsv`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

import numpy as np

from kb.invented.steps import HERE, NEVER, Draw
from kb.invented.values import Children, Stint, column
from kb.tables import read_table

_UNIX = 719163  # date(1970, 1, 1).toordinal()
EACH_STINT = "each stint"  # in place of a condition: a row for each stint
ONCE = "once; "  # before a condition: one row for each child, of its last episode for which the condition holds
DEPARTMENTS = ("ssd_department", ("dept_team_id", "dept_team_name"))


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of row: its table, the condition for it, and the value of each column."""

    table: str
    when: str
    columns: tuple[tuple[str, str], ...]


@dataclass
class Tabled:
    """A table of a form with its rows. Days are `date`, empty cells None. `children` has the child of each row."""

    name: str
    header: tuple[str, ...]
    rows: list[list[Any]] = field(default_factory=list)
    children: list[str] = field(default_factory=list)
    form: str = ""


@cache
def kinds(form: str) -> tuple[Kind, ...]:
    """The kinds of rows of a form, in order."""
    found: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for row in read_table(HERE / "tables.tsv", ("form", "table", "when", "column", "value")):
        if row["form"] == form:
            found.setdefault((row["table"], row["when"]), []).append((row["column"], row["value"]))
    return tuple(Kind(table, when, tuple(columns)) for (table, when), columns in found.items())


def empty(form: str, children: Children) -> dict[str, Tabled]:
    """The tables of a form without rows, except that the table of teams is filled."""
    tables = {kind.table: Tabled(kind.table, tuple(name for name, _ in kind.columns), form=form) for kind in kinds(form)}
    if form == "ssd":
        name, header = DEPARTMENTS
        rows: list[list[Any]] = [[children.numbers[code], label] for code, label in children.names.items()]
        tables[name] = Tabled(name, header, rows, [""] * len(rows), form)
    return tables


def add_rows(form: str, children: Children, tables: dict[str, Tabled]) -> None:
    """Adds a block's rows to the tables, child by child, oldest first."""
    pending: dict[str, list[tuple[int, int, list[Any], str]]] = {}
    ids = children.ids()
    numbered = enumerate((episode, kind) for episode in reversed(children.lives()) for kind in kinds(form))
    for order, (episode, kind) in numbered:
        header = tables[kind.table].header
        places = [[name for name, _ in kind.columns].index(name) for name in header]
        for at, row in _stints(kind, episode) if kind.when == EACH_STINT else _rows(kind, episode):
            pending.setdefault(kind.table, []).append((at, order, [row[place] for place in places], ids[at]))
    for name, rows in pending.items():
        rows.sort(key=lambda entry: entry[:2])
        if any(kind.table == name and kind.when.startswith(ONCE) for kind in kinds(form)):
            rows = list({child: entry for entry in rows for child in entry[3:]}.values())
        tables[name].rows += [row for _, _, row, _ in rows]
        tables[name].children += [child for _, _, _, child in rows]


def _rows(kind: Kind, children: Children) -> Iterator[tuple[int, Sequence[Any]]]:
    """The rows of a kind for one episode, each with the index of its child."""
    where = np.flatnonzero(children.holds(kind.when.removeprefix(ONCE)))
    cells = [_cells(column(value, children))[where].tolist() for _, value in kind.columns]
    yield from zip(where.tolist(), zip(*cells))


def _stints(kind: Kind, children: Children) -> Iterator[tuple[int, Sequence[Any]]]:
    """A row for each stint of an episode."""
    whole = {value: _cells(column(value, children)) for _, value in kind.columns if not value.startswith("stint ")}
    for at, stints in enumerate(children.stints):
        for number, stint in enumerate(stints):
            told = _stint_cells(stint, children)
            yield at, [told[value] if value in told else _numbered(value, whole[value][at], number) for _, value in kind.columns]


def _stint_cells(stint: Stint, children: Children) -> dict[str, Any]:
    days = {
        name: None if day == NEVER else date.fromordinal(day) for name, day in (("since", stint.since), ("until", stint.until))
    }
    team = {"stint team": children.numbers[stint.team], "stint name": children.names[stint.team]}
    return {**team, **{f"stint {name}": day for name, day in days.items()}}


def _numbered(value: str, cell: Any, number: int) -> Any:
    """A cell of stint `number`: keys (`key`) get the number appended, so that they are unique."""
    return f"{cell}-{number}" if value.startswith("key ") else cell


def _cells(values: Any) -> Any:
    """A column as cells, with ordinals as dates."""
    if isinstance(values, Draw):
        return values.texts()
    if values.dtype != np.int32:
        return values
    found = (values.astype(np.int64) - _UNIX).astype("datetime64[D]").astype(object)
    found[values == NEVER] = None
    return found


def tables_of(form: str, blocks: Iterator[Children]) -> dict[str, Tabled]:
    """The tables of a form for some blocks of children."""
    tables: dict[str, Tabled] = {}
    for children in blocks:
        tables = tables or empty(form, children)
        add_rows(form, children, tables)
    return tables
