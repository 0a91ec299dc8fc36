"""Rows of `calculated.tsv` that count: what a list of records, or the occurrences of an event, come to on a day.

how       type   of                  what it is
count     int    a list of records   the number of entries, or of those that say yes in all of `field`
any       bool   a list of records   whether some entry says yes in all of `field` (two fields or more)
every     bool   a list of records   whether there are entries and all say yes in all of `field`
earliest  event  a list of records   the first day in `field`
latest    event  a list of records   the last day in `field` (without `key`)
each      list   a list of records   the teams in `field`
count     int    an event            how often it happened, in the time that `field` names, such as `24 months`
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from kb.errors import Fault, did_you_mean, shown
from kb.tables import Row
from kb.vocabulary.model import STEP, Fact, Tally

MOST = 200  # entries of a list, and occurrences of a fact (kb.case)
LONGEST = {"days": 36_500, "weeks": 5_200, "months": 1_200, "years": 100}
_WINDOW = re.compile(r"([0-9]{1,5}) (day|week|month|year)s?$")


class Way(NamedTuple):
    """One way of counting: the type of what it gives, and the type of the fields that it looks at."""

    type: str
    fields: str
    fewest: int


WAYS = {
    "count": Way("int", "bool", 0),
    "any": Way("bool", "bool", 2),
    "every": Way("bool", "bool", 1),
    "earliest": Way("event", "date", 1),
    "latest": Way("event", "date", 1),
    "each": Way("list[team]", "team", 1),
}


def is_tally(row: Row) -> bool:
    """Whether a row counts in one of these ways, rather than look up one key or one answer."""
    fields = _fields(row)
    plain = (row["how"] == "any" and len(fields) < 2) or (row["how"] == "latest" and row["key"])
    return row["how"] in WAYS and not plain


def tally_of(row: Row, source: Fact) -> tuple[Fact, Tally]:
    """The fact of one step that a row stands for, and how it is counted."""
    way = WAYS[row["how"]]
    window = _WINDOW.match(row["field"]) if source.recurs else None
    counted = (int(window[1]), f"{window[2]}s") if window else (0, "")
    fields = () if source.recurs else _fields(row)
    tally = Tally(row["how"], source.name, fields, *counted)
    texts = (row["label"], row["true"], row["false"], source.question)
    return Fact(row["name"], way.type, *texts, maximum=MOST, time=STEP), tally


def tally_faults(row: Row, facts: Mapping[str, Fact]) -> Iterator[Fault]:
    """What is wrong with a row that counts. Its source is known to be a fact."""
    source, way = facts[row["source"]], WAYS[row["how"]]
    if row["type"] != way.type:
        yield row.fault("type", f"what `{row['how']}` gives is of type {way.type}", f"write {way.type}")
    if row["key"]:
        yield row.fault("key", f"`{row['how']}` takes no key here", "leave it empty")
    for column in ("label", "true", "false"):
        if not row[column]:
            yield row.fault(column, f"`{row['name']}` has no English text here", "write how it reads to a manager")
    if source.recurs and row["how"] == "count":
        if row["field"] and not _in_bounds(row["field"]):
            yield row.fault("field", f"`{shown(row['field'])}` is no time", "write for example `24 months`, or leave it empty")
        return
    if source.type != "list[record]":
        message = f"`{source.name}` is no list of records" + (" and no event" if row["how"] == "count" else "")
        yield row.fault("source", message, "name a fact of type list[record]")
        return
    yield from _field_faults(row, source, way)


def _field_faults(row: Row, source: Fact, way: Way) -> Iterator[Fault]:
    fields, types = _fields(row), dict(source.fields)
    if len(fields) < way.fewest or (len(fields) > 1 and way.fields != "bool"):
        yield row.fault("field", f"`{row['how']}` looks at one part of an entry", "parts: " + ", ".join(types))
    for field in fields:
        if field not in types:
            hint = did_you_mean(field, types) or "parts: " + ", ".join(types)
            yield row.fault("field", f"an entry of `{source.name}` has no part `{shown(field)}`", hint)
        elif types[field] != way.fields:
            message = f"the part `{field}` is of type {types[field]}, and `{row['how']}` looks at a {way.fields}"
            yield row.fault("field", message, "parts: " + ", ".join(f"{name} {kind}" for name, kind in types.items()))


def _in_bounds(window: str) -> bool:
    found = _WINDOW.match(window)
    return found is not None and 1 <= int(found[1]) <= LONGEST[f"{found[2]}s"]


def _fields(row: Row) -> tuple[str, ...]:
    return tuple(part.strip() for part in row["field"].split(";") if part.strip())
