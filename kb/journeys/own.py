"""Journeys in our own form: one row a child, one column a fact, by the lines of `own.tsv`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import numpy as np

from kb.journeys.steps import HERE, NEVER, Block, Days, Draw, Flags, told_as
from kb.journeys.values import Children, column
from kb.tables import read_table
from kb.vocabulary.model import Fact, Vocabulary

HEADER = ("case_id", "policy", "as_of")
_UNIX = 719163  # date(1970, 1, 1).toordinal()
_TRUTH = {"yes": True, "no": False}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table: where `when` holds, the fact is `value`."""

    fact: str
    when: str
    value: str


@cache
def lines() -> tuple[Line, ...]:
    return tuple(Line(row["fact"], row["when"], row["value"]) for row in read_table(HERE / "own.tsv", ("fact", "when", "value")))


def recorded_fact() -> str:
    """The fact that says which team the record shows."""
    return next(line.fact for line in lines() if line.value == "recorded")


def given_teams(block: Block) -> Draw:
    """What the table itself says of the team on record: children who are with no team. None for the rest."""
    found = Draw(("",), np.zeros(len(block), np.int16))
    for line in lines():
        if line.fact == recorded_fact() and line.value.startswith("word "):
            found = _joined(found, Draw(("", line.value[5:]), block.holds(line.when).astype(np.int16)))
    return found


def own_table(children: Children, policy: str, vocabulary: Vocabulary) -> Any:
    """The children as a `pyarrow.Table` with the names of facts. What nobody recorded is null."""
    import pyarrow as pa  # type: ignore[import-untyped]

    count = len(children.block)
    arrays: dict[str, Any] = {
        "case_id": pa.array(children.ids(), pa.string()),
        "policy": as_words(Draw(("", policy), np.ones(count, np.int8))),
        "as_of": _dates(np.full(count, children.block.as_of, np.int32)),
    }
    for name in dict.fromkeys(line.fact for line in lines()):
        fact = vocabulary.facts.get(name)
        if fact is not None:
            arrays[name] = _fact(fact, [line for line in lines() if line.fact == name], children)
    return pa.table(arrays)


def with_recorded(table: Any, recorded: Draw) -> Any:
    """The same table with other teams on record."""
    name = recorded_fact()
    if name not in table.column_names:
        return table
    return table.set_column(table.column_names.index(name), name, as_words(recorded))


def _fact(fact: Fact, of_fact: list[Line], children: Children) -> Any:
    """One fact for every child. The first line that holds and gives a value counts."""
    if fact.type == "list[record]":
        return _records(fact, of_fact[0].value, children)
    days = np.zeros(len(children.block), np.int32)
    words = Draw(("",), np.zeros(len(children.block), np.int16))
    for line in of_fact:
        found = column(line.value, children)
        where = children.holds(line.when)
        if isinstance(found, Draw):
            words = _joined(words, Draw(found.words, np.where(where & (days == NEVER), found.codes, 0)))
        else:
            where &= (days == NEVER) & (words.codes == 0)
            days[where] = found[where]
    return _as_arrow(fact, days, told_as(words, {word: "" if word == "unknown" else word for word in words.words}))


def _joined(first: Draw, then: Draw) -> Draw:
    """The first draw, and where it has none the other."""
    words = (*first.words, *(word for word in then.words if word not in first.words))
    places = np.array([words.index(word) for word in then.words], np.int16)
    return Draw(words, np.where(first.codes != 0, first.codes, places[then.codes]))


def _as_arrow(fact: Fact, days: Days, words: Draw) -> Any:
    import pyarrow as pa

    if fact.type == "date":
        return _dates(days, days == NEVER)
    if fact.type == "event":
        return _events(days, words)
    if fact.type == "bool":
        truths = np.array([False, *(_TRUTH[word] for word in words.words[1:])])
        return pa.array(truths[words.codes], mask=words.codes == 0)
    if fact.type == "int":
        numbers = np.array([0, *map(int, words.words[1:])], np.int32)
        return pa.array(numbers[words.codes], mask=words.codes == 0)
    if fact.type == "list[enum]":
        offsets = np.concatenate([[0], np.cumsum(words.codes != 0)]).astype(np.int32)
        known = np.append(words.codes == 0, False)
        entries = as_words(Draw(words.words, words.codes[words.codes != 0])).cast(pa.string())
        return pa.ListArray.from_arrays(pa.array(offsets, mask=known), entries)
    return as_words(words)


def _events(days: Days, words: Draw) -> Any:
    """Days and truths as texts: a day where there is one, else `true` or `false`."""
    import pyarrow as pa

    found, places = np.unique(days, return_inverse=True)
    texts = [text or "" for text in _dates(found, found == NEVER).cast(pa.string()).to_pylist()]
    truths = [{"yes": "true", "no": "false"}[word] for word in words.words[1:]]
    codes = np.where(days != NEVER, places, np.where(words.codes != 0, len(texts) - 1 + words.codes, 0))
    unknown = (days == NEVER) & (words.codes == 0)
    return pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int32), mask=unknown), [*texts, *truths])


def as_words(words: Draw) -> Any:
    """A draw as an array of texts."""
    import pyarrow as pa

    codes = pa.array((words.codes - 1).astype(np.int16), mask=words.codes == 0)
    return pa.DictionaryArray.from_arrays(codes, pa.array(list(words.words[1:]), pa.string()))


def _dates(days: Days, unknown: Flags | None = None) -> Any:
    import pyarrow as pa

    return pa.array((days.astype(np.int64) - _UNIX).astype("datetime64[D]"), pa.date32(), mask=unknown)


def _records(fact: Fact, value: str, children: Children) -> Any:
    head, _, rest = value.partition(" ")
    return _closings(fact, rest.split(), children) if head == "closings" else _siblings(rest, children.block)


def _closings(fact: Fact, names: list[str], children: Children) -> Any:
    """The closings that have come, the last first, with the team that closed; an empty list for none."""
    import pyarrow as pa

    team = next(name for name, kind in fact.fields if kind == "team")
    on = next(name for name, kind in fact.fields if kind == "date")
    come = np.stack([children.block.happened(name) for name in reversed(names)], axis=1)
    days = np.stack([children.block.days[name] for name in reversed(names)], axis=1)
    offsets = np.concatenate([[0], np.cumsum(come.sum(axis=1))]).astype(np.int32)
    teams = as_words(Draw(children.closing.words, np.repeat(children.closing.codes, come.sum(axis=1))))
    entries = pa.StructArray.from_arrays([teams.cast(pa.string()), _dates(days[come])], [team, on])
    return pa.ListArray.from_arrays(pa.array(offsets), entries)


def _siblings(parts: str, block: Block) -> Any:
    """The other children of each family, born by the day; an empty list for none."""
    import pyarrow as pa

    starts = np.flatnonzero(np.concatenate([[True], block.first[1:] != block.first[:-1]]))
    sizes = np.diff(np.append(starts, len(block)))
    size_of = np.repeat(sizes, sizes)
    total = int((size_of * 1).sum())
    owner = np.repeat(np.arange(len(block)), size_of)
    other = np.repeat(block.first, size_of) + np.arange(total) - np.repeat(np.cumsum(size_of) - size_of, size_of)
    keep = (owner != other) & (block.days["born"][other] <= block.as_of)
    owner, other = owner[keep], other[keep]
    offsets = np.concatenate([[0], np.cumsum(np.bincount(owner, minlength=len(block)))]).astype(np.int32)
    arrays, names = [], []
    for name, _, told in (part.strip().partition("=") for part in parts.split(";")):
        names.append(name)
        arrays.append(pa.array(np.full(len(other), _TRUTH[told])) if told in _TRUTH else _dates(block.days[told][other]))
    return pa.ListArray.from_arrays(pa.array(offsets), pa.StructArray.from_arrays(arrays, names))


def documents(table: Any) -> Iterator[dict[str, Any]]:
    """The rows of a table in our own form as case documents."""
    for row in table.to_pylist():
        facts = {name: _plain(value) for name, value in row.items() if value is not None and name not in HEADER}
        yield {"case_id": row["case_id"], "policy": row["policy"], "as_of": row["as_of"].isoformat(), "facts": facts}


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return [_plain(part) for part in value]
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items() if part is not None}
    return {"true": True, "false": False}.get(value, value) if isinstance(value, str) else value
