"""The facts of a case, each of the type that the vocabulary gives it: a text "false" is not false."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any, NamedTuple

from .shape import is_day

NO_TEAM = "none"  # of a case that no team has open
MOMENT = re.compile(r"(\d{4}-\d{2}-\d{2})T([01]\d|2[0-3]):[0-5]\d", re.ASCII)
YEARS = ("1900", "2200")  # the first and the last year that a case may speak of


class Column(NamedTuple):
    """What the vocabulary says of a fact: its type, what is allowed, and how it stands in time; `after` are other facts."""

    name: str
    type: str
    allowed: Any
    time: str
    of: str
    spell: str
    part: str
    episode: str
    after: tuple[str, ...]


def columns_of(program: Any) -> dict[str, Column]:
    """The facts of a program by name."""
    width = len(Column._fields) - 1
    return {row[0]: Column._make([*row[:width], tuple(row[width:])]) for row in program["facts"]}


def fact_faults(program: Any, case: Any) -> Iterator[str]:
    """Facts of a case that the vocabulary does not have, or that are of another type."""
    columns, codes = columns_of(program), {kind: {row[0] for row in rows} for kind, rows in program["codes"].items()}
    for name, value in case["facts"].items():
        column = columns.get(name)
        if column is None or column.time == "step":
            yield f"the vocabulary has no fact `{name}`"
        elif not _fits(column, value, codes):
            yield f"the fact `{name}` is not of its type, {_wanted(column)}"


def _wanted(column: Column) -> str:
    if column.type == "int":
        return f"a whole number from {column.allowed[0]} to {column.allowed[1]}"
    return {"bool": "true or false", "date": "a date", "event": "a date, dates in order, true or false"}.get(
        column.type, column.type
    )


def _fits(column: Column, value: Any, codes: dict[str, set[str]]) -> bool:
    """Whether a value is what may be recorded of a fact."""
    kind, allowed = column.type, column.allowed
    if kind == "bool":
        return isinstance(value, bool)
    if kind == "int":
        return type(value) is int and allowed[0] <= value <= allowed[1]
    if kind == "enum":
        return isinstance(value, str) and value in allowed
    if kind == "team":
        return isinstance(value, str) and value in codes["team"] | codes["outcome"] | {NO_TEAM}
    if kind == "point":
        return isinstance(value, str) and value in codes["point"]
    if kind == "datetime":
        match = MOMENT.fullmatch(value) if isinstance(value, str) else None
        return match is not None and _is_day(match[1])
    if kind == "event" or column.time in ("event", "agreement"):
        return (isinstance(value, bool) and kind == "event") or _are_days(value)
    if kind == "date":
        return _is_day(value)
    if not isinstance(value, list):
        return False
    if kind == "list[record]":
        return all(isinstance(entry, dict) and _entry_fits(entry, allowed, codes) for entry in value)
    among = set(allowed) if kind == "list[enum]" else codes["team"]
    return all(isinstance(entry, str) and entry in among for entry in value)


def _entry_fits(entry: Any, parts: dict[str, str], codes: dict[str, set[str]]) -> bool:
    return all(
        name in parts and _fits(Column(name, parts[name], [], "state", "", "", "", "", ()), part, codes)
        for name, part in entry.items()
    )


def _are_days(value: Any) -> bool:
    """One day, or several, oldest first and each once."""
    if not isinstance(value, list):
        return _is_day(value)
    return len(value) > 1 and all(map(_is_day, value)) and all(a < b for a, b in pairwise(value))


def _is_day(value: Any) -> bool:
    return is_day(value) and YEARS[0] <= value[:4] <= YEARS[1]
