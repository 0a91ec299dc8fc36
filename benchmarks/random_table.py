"""Random cases in columns from a seed, with every fact of a policy, each unknown with a given probability.

Dates lie close to the day of the answer, so that events fall before, on and after each other. Dates of birth give ages
close to birthdays that policies refer to.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kb.bulk.table import HAPPENED, NOT_HAPPENED, UNKNOWN, WHOLE, CaseTable, ListColumn, Numbers, codes_of, dtype_of, parts_of
from kb.carried import DEATH
from kb.dates import MINUTES_A_DAY
from kb.program import Program
from kb.vocabulary.model import Fact, Vocabulary

AS_OF = date(2024, 9, 3).toordinal()
#: Days from the day of the answer.
OFFSETS = np.array([-400, -200, -190, -100, -45, -30, -10, -2, -1, 0, 0, 1, 2, 10, 30, 100])
AGES = np.array([0, 1, 10, 15, 16, 17, 18])  # years


def random_table(program: Program, count: int, seed: int = 1, unknown: float = 0.2) -> CaseTable:
    """`count` random records. Some have a later day of the record, and some events happened more than once.

    unknown  the probability that a fact is not recorded
    """
    rng = np.random.default_rng(seed)
    vocabulary = program.policy.vocabulary
    table = _table(rng, program, vocabulary.recorded, count, unknown)
    born = table.columns[vocabulary.birth]
    for name, column in table.columns.items():
        if vocabulary.facts[name].after_birth:  # valid records have no such day before the birth
            column[(column > HAPPENED) & (column < born)] = UNKNOWN
    later = {n: _later(rng, table.columns[n], 0.15) for n in table.columns if vocabulary.facts[n].recurs and n != DEATH}
    days = AS_OF + rng.choice([10, 200], count)
    recorded_on = np.where(rng.random(count) < 0.1, days, UNKNOWN).astype(np.int32)
    return replace(table, later=later, recorded_on=recorded_on)


def random_steps(program: Program, count: int, seed: int = 1, unknown: float = 0.2) -> CaseTable:
    """`count` random steps of a journey: records with the facts that a journey carries, some events with a planned day."""
    rng = np.random.default_rng(seed)
    vocabulary = program.policy.vocabulary
    table = _table(rng, program, vocabulary.facts, count, unknown)
    return replace(
        table, later={n: _planned(rng, table.columns[n]) for n in table.columns if vocabulary.facts[n].recurs and n != DEATH}
    )


def _table(rng: np.random.Generator, program: Program, facts: Mapping[str, Fact], count: int, unknown: float) -> CaseTable:
    vocabulary = program.policy.vocabulary
    columns: dict[str, Numbers] = {}
    lists: dict[str, ListColumn] = {}
    for name, fact in facts.items():
        if fact.type.startswith("list"):
            lists[name] = _list(rng, fact, vocabulary, count, unknown)
        else:
            columns[name] = _column(rng, fact, vocabulary, count, unknown)
    ids = [f"random-{number}" for number in range(count)]
    return CaseTable(program.policy.code, ids, np.full(count, AS_OF, np.int32), columns, lists)


def _later(rng: np.random.Generator, first: Numbers, share: float) -> ListColumn:
    """One or two later days for a random share of the days in `first`, 20 days apart."""
    counts = rng.integers(1, 3, len(first)) * ((rng.random(len(first)) < share) & (first > HAPPENED) & (first < AS_OF - 40))
    offsets = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    within = np.arange(offsets[-1]) - np.repeat(offsets[:-1], counts)
    return ListColumn(counts > 0, offsets, {WHOLE: (np.repeat(first, counts) + 20 * (within + 1)).astype(np.int32)})


def _planned(rng: np.random.Generator, first: Numbers) -> ListColumn:
    has = (rng.random(len(first)) < 0.2) & (first > HAPPENED) & (first <= AS_OF)
    offsets = np.concatenate([[0], np.cumsum(has)]).astype(np.int64)
    days = AS_OF + rng.choice(OFFSETS[OFFSETS > 0], int(has.sum()))
    return ListColumn(has, offsets, {WHOLE: days.astype(np.int32)})


def _column(rng: np.random.Generator, fact: Fact, vocabulary: Vocabulary, count: int, unknown: float) -> Numbers:
    values = _values(rng, fact, vocabulary, count).astype(dtype_of(fact, vocabulary))
    values[rng.random(count) < unknown] = UNKNOWN
    return values


def _values(rng: np.random.Generator, fact: Fact, vocabulary: Vocabulary, count: int) -> NDArray[Any]:
    kind = fact.type
    if kind == "bool":
        return rng.integers(0, 2, count)
    if kind == "int":
        return rng.integers(fact.minimum, min(fact.maximum, 60) + 1, count)
    if kind in ("enum", "list[enum]"):
        return rng.integers(0, len(fact.values), count)
    if kind in ("team", "point"):
        return rng.integers(0, len(codes_of(fact, vocabulary)), count)
    if kind == "list[team]":
        return rng.integers(0, len(vocabulary.codes["team"]), count)
    if kind == "date" and fact.fixed and fact.past:
        return AS_OF - 365 * rng.choice(AGES, count) - rng.integers(0, 12, count)
    days = AS_OF + rng.choice(OFFSETS[OFFSETS <= 0] if fact.past else OFFSETS, count)
    if kind == "datetime":
        return days * MINUTES_A_DAY + 600 + rng.integers(-1, 2, count)
    if kind == "event":
        return np.where(rng.random(count) < 0.7, days, rng.choice([NOT_HAPPENED, HAPPENED], count))
    return days


def _list(rng: np.random.Generator, fact: Fact, vocabulary: Vocabulary, count: int, unknown: float) -> ListColumn:
    known = rng.random(count) >= unknown
    offsets = np.concatenate([[0], np.cumsum(rng.integers(0, 3, count) * known)]).astype(np.int64)
    entries = int(offsets[-1])
    described = {name: Fact(name, part.type, "", "", "", "", fact.values, past=True) for name, part in parts_of(fact).items()}
    parts = {n: _column(rng, p, vocabulary, entries, 0.0 if n == WHOLE else unknown) for n, p in described.items()}
    return ListColumn(known, offsets, parts)
