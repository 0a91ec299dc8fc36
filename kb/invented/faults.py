"""Plants faults of real extracts in correct tables at a given rate, with a key of how a reader should treat each.

    kind  fault                                               expected of the reader
    1     a placeholder such as `N/A` in place of a value     read it as not recorded (`nothing`)
    2     a date in another format, or an invalid date        read it the same, or refuse the cell
    3     a code in another spelling, or an unknown code      read it the same, or refuse the cell
    4     yes or no in another form, or neither               read it the same, or refuse the cell
    5     different headings and sheet names                  match them (`same`)
    6     a team in another spelling, or an unknown team      read it the same, or ask (`asked`)
    7     a row repeated, without a child, or contradictory   drop it, refuse it, report it (`dropped`, `told`)
    8     JSON in another form, or truncated                  read it the same, or refuse the cell

A child gets at most one fault, so the result for every other child has to stay the same.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import numpy as np

from kb.intake.layout import Column, TableLayout, called
from kb.intake.names import squash
from kb.invented.project import Tabled

SAME, NOTHING, TOLD, DROPPED, ASKED = "same", "nothing", "told", "dropped", "asked"
KEY = ("kind", "child", "table", "row", "column", "before", "after", "expected")
_EPOCH = date(1899, 12, 30)
_STANDINS = ("NULL", "#N/A", "", "1900-01-01", "-1", "SSD_PH", "PLACEHOLDER_DATA", "2300-01-01", "9999-12-31", " ")
_HEADER_ROW = 1
FIRST_ROW = _HEADER_ROW + 1  # under the headings
_WITH_NOBODY = ("annex_a", "ssd")  # in the others a row without a child leaves facts open for all children
_NO_HEADINGS = ("cin_census",)


@dataclass(frozen=True, slots=True)
class Planted:
    """One fault: its place, what it replaced, and what is expected of the reader."""

    kind: int
    child: str
    table: str
    row: int
    column: str
    before: str
    after: str
    expected: str


@dataclass(frozen=True, slots=True)
class Change:
    """A changed cell, and what is expected of the reader."""

    kind: int
    cell: Any
    expected: str


def plant(tables: Mapping[str, Tabled], rate: float, seed: int) -> list[Planted]:
    """Plants one fault in the data of a share `rate` of the children; changes the tables in place. Returns the key."""
    chance = np.random.default_rng([seed, 2])
    children = sorted({child for table in tables.values() for child in table.children if child})
    chosen = chance.permutation(np.array(children, dtype=object))[: round(len(children) * rate)]
    places: dict[str, list[tuple[str, int]]] = {}
    for name, table in tables.items():
        for row, child in enumerate(table.children):
            places.setdefault(child, []).append((name, row))
    planted: list[Planted] = []
    for number, child in enumerate(chosen.tolist()):
        found = _plant_one(child, number, places[child], tables, chance)
        if found is not None:
            planted.append(found)
    if planted:
        planted += _rename(tables, chance)
    return planted


def _plant_one(
    child: str, number: int, places: list[tuple[str, int]], tables: Mapping[str, Tabled], chance: np.random.Generator
) -> Planted | None:
    """Plants a fault in one of a child's rows: of kind `number`, or of the next kind that its rows allow."""
    kinds = [1, 2, 3, 4, 6, 7, 8]
    turned = kinds[number % len(kinds) :] + kinds[: number % len(kinds)]
    for kind in turned:
        options = _rows(child, places, tables, chance) if kind == 7 else _cells(kind, places, tables, chance)
        if options:
            return options[int(chance.integers(len(options)))]()
    return None


Option = Callable[[], Planted]


def _cells(kind: int, places: list[tuple[str, int]], tables: Mapping[str, Tabled], chance: np.random.Generator) -> list[Option]:
    """All possible faults of a kind in one cell of these rows."""
    options: list[Option] = []
    for name, row in places:
        table = tables[name]
        layout = layout_of(table)
        for column in layout.columns if layout else ():
            at = _position(column, table)
            if at is None or table.rows[row][at] is None:
                continue
            alone = _reason_alone(column, layout, table, row)
            for change in changes(column.form, table.rows[row][at], chance):
                if change.kind == kind:
                    told = alone and change.expected == NOTHING
                    options.append(_applying(table, row, at, replace(change, expected=TOLD) if told else change))
    return options


def _reason_alone(column: Column, layout: TableLayout | None, table: Tabled, row: int) -> bool:
    """Whether a row without the day in a column would have a reason for an end, and no day of it."""
    if layout is None or column.field != "end":
        return False
    ends = {c.record for c in layout.columns if c.field == "end" and c.name == column.name}
    reasons = (_position(c, table) for c in layout.columns if c.record in ends and c.field == "reason")
    return any(at is not None and table.rows[row][at] for at in reasons)


def layout_of(table: Tabled) -> TableLayout | None:
    """The layout by which a reader reads a table: that of its form, before others that bear the name."""
    found = called(table.name)
    return next((layout for layout in found if layout.source == table.form), next(iter(found), None))


def _position(column: Column, table: Tabled) -> int | None:
    return next((at for at, heading in enumerate(table.header) if not column.constant and column.fits(heading)), None)


def _applying(table: Tabled, row: int, at: int, change: Change) -> Option:
    def apply() -> Planted:
        before = table.rows[row][at]
        table.rows[row][at] = change.cell
        place = row + FIRST_ROW
        return Planted(change.kind, table.children[row], table.name, place, table.header[at], str(before), str(change.cell),
                       change.expected)  # fmt: skip

    return apply


def changes(form: str, cell: Any, chance: np.random.Generator) -> list[Change]:
    """The possible faults of a cell that is read as `form` (see `kb/intake/columns.tsv`)."""
    word = form.split()[0]
    standin = _STANDINS[int(chance.integers(len(_STANDINS)))]
    if isinstance(cell, date):
        return [Change(1, standin, NOTHING), *_days(cell)]
    if word == "team":
        return [
            Change(6, f"  {cell}\u00a0", SAME),
            Change(6, str(cell).upper(), SAME),
            Change(6, f"Team Nobody Named {cell[:3]}", ASKED),
        ]
    if word in ("flag", "not"):
        yes = "yes" in str(cell).casefold() or str(cell) in ("Y", "true", "1")
        return [Change(4, "Y" if yes else "N", SAME), Change(4, "true" if yes else "false", SAME), Change(4, "Perhaps", TOLD)]
    if word == "code" and not form.endswith(("leaving_care", "disability", "role")):
        return [Change(1, standin, NOTHING), *_codes(str(cell))]
    if word == "json":
        return _json(str(cell))
    return []


def _days(day: date) -> list[Change]:
    far = day.replace(day=28) if day.day <= 12 else day
    british = [Change(2, day.strftime("%d/%m/%Y"), SAME)] if day.day > 12 else []  # otherwise it is ambiguous
    return [
        *british,
        Change(2, day.strftime("%Y-%m-%dT00:00:00"), SAME),
        Change(2, f"{day:%Y-%m-%d} 00:00:00.000", SAME),
        Change(2, str((day - _EPOCH).days), SAME),
        Change(2, f"{day.day} {day:%B %Y}", SAME),
        Change(2, far.strftime("%m/%d/%Y"), TOLD),
        Change(2, f"31/02/{day.year}", TOLD),
        Change(2, "about a week ago", TOLD),
        Change(2, f"{day:%d/%m}/{day.year % 100:02}", TOLD),
    ]


def _codes(text: str) -> list[Change]:
    return [Change(3, text.upper(), SAME), Change(3, f" {text}  ", SAME), Change(3, f"ZZ{len(text)} not on any list", TOLD)]


def _json(text: str) -> list[Change]:
    found = [Change(8, text[: max(2, len(text) * 2 // 3)], TOLD)]
    try:
        whole = json.loads(text)
    except json.JSONDecodeError:
        return found
    if isinstance(whole, list):
        return [*found, Change(8, json.dumps(dict.fromkeys(whole, "Yes")), SAME)]
    return [*found, Change(8, json.dumps([key for key, value in whole.items() if value == "Y"]), SAME)]


# Rows and headings ------------------------------------------------------------------------


def _rows(child: str, places: list[tuple[str, int]], tables: Mapping[str, Tabled], chance: np.random.Generator) -> list[Option]:
    """All possible faults that add a row."""
    options: list[Option] = []
    for name, row in places:
        table = tables[name]
        layout = layout_of(table)
        if layout is None or not layout.columns:
            continue
        own = _owner(layout, table)
        options.append(_adding(table, row, {}, own, DROPPED))
        if layout.source in _WITH_NOBODY and not layout.links[-1].table and layout.role != "persons":
            nobody = None if layout.source == "annex_a" else f"{child}-nobody"
            options.append(_adding(table, row, {own: nobody}, own, TOLD))
        options += _against(table, row, layout)
    return options


def _owner(layout: TableLayout, table: Tabled) -> int:
    return next(at for at, heading in enumerate(table.header) if any(heading == link.column for link in layout.links))


def _against(table: Tabled, row: int, layout: TableLayout) -> list[Option]:
    """Contradictory rows of the same child: another date of birth, or open with another team."""
    holds = any(column.constant in ("holds", "plan") for column in layout.columns)
    ends = [_position(column, table) for column in layout.columns if (column.record, column.field) == ("holder", "end")]
    team = next((_position(column, table) for column in layout.columns if column.form.startswith("team")), None)
    if holds and team is not None and table.rows[row][team] and not any(at is not None and table.rows[row][at] for at in ends):
        own = squash(str(table.rows[row][team]))
        others = {squash(str(cells[team])): str(cells[team]) for cells in table.rows if cells[team]}
        return [_adding(table, row, {team: other}, team, TOLD) for name, other in sorted(others.items()) if name != own]
    born = [_position(column, table) for column in layout.columns if (column.record, column.field) == ("child", "born")]
    return [
        _adding(table, row, {at: table.rows[row][at] - timedelta(400)}, at, TOLD)
        for at in born
        if at is not None and isinstance(table.rows[row][at], date)
    ]


def _adding(table: Tabled, row: int, changed: dict[int, Any], at: int, expected: str) -> Option:
    def apply() -> Planted:
        cells = [changed.get(place, cell) for place, cell in enumerate(table.rows[row])]
        before, after = table.rows[row][at], cells[at]
        table.rows.append(cells)
        table.children.append(table.children[row])
        place = len(table.rows) + _HEADER_ROW
        return Planted(7, table.children[row], table.name, place, table.header[at], str(before), str(after), expected)

    return apply


def _rename(tables: Mapping[str, Tabled], chance: np.random.Generator) -> list[Planted]:
    """Renames one heading in each table to one that other systems use."""
    planted: list[Planted] = []
    for table in tables.values():
        if table.form in _NO_HEADINGS:
            continue
        at = int(chance.integers(len(table.header)))
        old = table.header[at]
        new = (f"{old} ", old.upper(), f"\ufeff{old}", old.replace(" ", ""), old.replace("'", "\u2019"))[int(chance.integers(5))]
        if new != old:
            table.header = (*table.header[:at], new, *table.header[at + 1 :])
            planted.append(Planted(5, "", table.name, _HEADER_ROW, old, old, new, SAME))
    return planted
