"""Journeys in our own form: one row a child, one column a fact, by the lines of `own.tsv`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import numpy as np

from kb.journeys.steps import HERE, NEVER, Block, Days, Flags, nothing
from kb.journeys.values import Children, Objects, column
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


def given_teams(block: Block) -> Objects:
    """What the table itself says of the team on record: children who are with no team. None for the rest."""
    found = np.full(len(block), None, dtype=object)
    recorded = {line.fact for line in lines() if line.value == "recorded"}
    for line in lines():
        if line.fact in recorded and line.value.startswith("word "):
            word = line.value.removeprefix("word ")
            found[block.holds(line.when) & nothing(found)] = word
    return found


def own_table(children: Children, policy: str, vocabulary: Vocabulary) -> Any:
    """The children as a `pyarrow.Table` with the names of facts. What nobody recorded is null."""
    import pyarrow as pa  # type: ignore[import-untyped]

    count = len(children.block)
    arrays: dict[str, Any] = {
        "case_id": pa.array(children.ids(), pa.string()),
        "policy": pa.array(np.full(count, policy, dtype=object), pa.string()).dictionary_encode(),
        "as_of": _dates(np.full(count, children.block.as_of, np.int32)),
    }
    for name in dict.fromkeys(line.fact for line in lines()):
        fact = vocabulary.facts.get(name)
        if fact is not None:
            arrays[name] = _fact(fact, [line for line in lines() if line.fact == name], children)
    return pa.table(arrays)


def _fact(fact: Fact, of_fact: list[Line], children: Children) -> Any:
    """One fact for every child. The first line that holds and gives a value counts."""
    if fact.type == "list[record]":
        return _records(fact, of_fact[0].value, children)
    days = np.zeros(len(children.block), np.int32)
    words = np.full(len(children.block), None, dtype=object)
    for line in of_fact:
        found = column(line.value, children)
        where = children.holds(line.when) & (days == NEVER) & nothing(words)
        if found.dtype == np.int32:
            days[where] = found[where]
        else:
            words[where] = found[where]
    return _as_arrow(fact, days, words)


def _as_arrow(fact: Fact, days: Days, words: Objects) -> Any:
    import pyarrow as pa

    words = np.array([None if word == "unknown" else word for word in words.tolist()], dtype=object)
    if fact.type == "date":
        return _dates(days, days == NEVER)
    if fact.type == "event":
        texts = _dates(days, days == NEVER).cast(pa.string()).to_numpy(zero_copy_only=False)
        told = {"yes": "true", "no": "false", None: None}
        return pa.array(np.where(days == NEVER, _looked_up(words, told), texts), pa.string())
    if fact.type == "bool":
        return pa.array(_looked_up(words, {**_TRUTH, None: None}), pa.bool_())
    if fact.type == "int":
        return pa.array([None if word is None else int(word) for word in words.tolist()], pa.int32())
    if fact.type == "list[enum]":
        return pa.array([None if word is None else [word] for word in words.tolist()], pa.list_(pa.string()))
    return pa.array(words, pa.string()).dictionary_encode()


def _looked_up(words: Objects, table: dict[Any, Any]) -> Objects:
    return np.array([table[word] for word in words.tolist()], dtype=object)


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
    teams = np.repeat(children.closing, come.sum(axis=1))
    entries = pa.StructArray.from_arrays([pa.array(teams, pa.string()), _dates(days[come])], [team, on])
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
