"""Chooses between several sheets or files that could be the same table: by name, hidden or not, and the day in the name.

Workbooks often have a sheet of an earlier month, a copy or a hidden sheet beside the right one. If it is not clear which is
right, none of them is read, and this is reported. A sheet or file beside the right one that is neither hidden, nor said to be
an old one, nor of an earlier day, may be its second part: what it could say is not known. Returns of several years are all read.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kb.intake.layout import TableLayout
from kb.intake.model import LEFT_OUT, READ, REFUSED, Entry, RawTable
from kb.intake.names import spaced, squash

YEARLY = ("cin_census", "ssda903")  # sources of which there is one for each year
_DATED = re.compile(r"(20\d{2})[-_.]?(\d{2})[-_.]?(\d{2})|(\d{2})[-_.](\d{2})[-_.](20\d{2})")
_ASIDE = re.compile(
    r"\b(superseded|old|older|previous|prior|draft|copy|backup|archived?|obsolete|test|example|template|not used|do not use)\b"
)

Table = tuple[TableLayout, RawTable]


@dataclass
class Claimed:
    """The tables that are read, those of which it is not known what they could say, and what is said of every one."""

    kept: list[Table]
    unclear: list[Table]
    entries: list[Entry]


def claimed(tables: Sequence[Table]) -> Claimed:
    """Chooses, for each name of a table of one source, the table that is read."""
    of_layout: dict[str, list[Table]] = {}
    for layout, table in tables:
        of_layout.setdefault(layout.name, []).append((layout, table))
    found = Claimed([], [], [])
    for name, rivals in of_layout.items():
        if len(rivals) == 1 or rivals[0][0].source in YEARLY:
            found.kept += rivals
            found.entries += [_read(layout, table) for layout, table in rivals]
        else:
            _choose(name, rivals, found)
    return found


def _read(layout: TableLayout, table: RawTable) -> Entry:
    told = [] if squash(table.name) == squash(layout.name) else [f"as {layout.name}"]
    told += ["it has no rows"] if not table.rows and not table.refused else []
    told += ["it is a hidden sheet"] if table.hidden else []
    return Entry(table.file, table.name, READ, len(table.rows) + len(table.refused), "; ".join(told), table.hidden)


def _choose(name: str, rivals: Sequence[Table], found: Claimed) -> None:
    ranked = sorted(rivals, key=lambda rival: _rank(*rival), reverse=True)
    first, second = ranked[0], ranked[1]
    hides = first[1].hidden and not second[1].hidden  # a hidden sheet is rarely the right one
    clear = (_rank(*first) > _rank(*second) and not hides) or _same(first[1], second[1])
    if not clear:
        both = " and ".join(f"{table.file}, {table.name}" if table.is_sheet else table.file for _, table in ranked)
        told = f"{len(ranked)} tables may be {name} ({both}), and nobody can tell which is meant; keep one of them"
        found.unclear += ranked
        found.entries += [Entry(t.file, t.name, REFUSED, len(t.rows), told, deciding=True) for _, t in ranked]
        return
    found.kept.append(first)
    found.entries.append(_read(*first))
    for layout, table in ranked[1:]:
        same = "it is the same" if _same(first[1], table) else f"{name} was read from {first[1].name}"
        deciding = not _same(first[1], table) and not table.hidden
        found.unclear += [(layout, table)] if deciding and not _is_older(table, first[1]) else []
        found.entries.append(Entry(table.file, table.name, LEFT_OUT, len(table.rows), same, deciding))


def _rank(layout: TableLayout, table: RawTable) -> tuple[int, bool, bool, str]:
    """Sort key for how likely a table is the right one: its name, whether it is shown, and the day in its name."""
    name = squash(table.name)
    exact = 2 if name == squash(layout.name) else 1 if any(name == squash(alias) for alias in layout.aliases) else 0
    return (-1 if _is_aside(table) else exact, not table.hidden, bool(table.header), _day_in(table.name))


def _is_aside(table: RawTable) -> bool:
    """Whether the name says that it is an old or another one."""
    return bool(_ASIDE.search(spaced(table.name).replace("_", " ")))


def _is_older(table: RawTable, chosen: RawTable) -> bool:
    """Whether a table is said to be older than the chosen one, by a word or by the day in its name."""
    return _is_aside(table) or "" < _day_in(table.name) < _day_in(chosen.name)


def _day_in(name: str) -> str:
    found = [(m[1] or m[6]) + (m[2] or m[5]) + (m[3] or m[4]) for m in _DATED.finditer(name)]
    return max(found, default="")


def _same(one: RawTable, other: RawTable) -> bool:
    return one.header == other.header and [tuple(r) for _, r in one.rows] == [tuple(r) for _, r in other.rows]
