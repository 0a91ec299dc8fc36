"""Random cases in columns, seeded: every fact of a policy, a share of them unknown.

Dates lie close together around the day of the answer, so that events fall before, on and
after each other; births lie around the birthdays that policies turn on.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kb.bulk.table import HAPPENED, NOT_HAPPENED, UNKNOWN, WHOLE, CaseTable, ListColumn, Numbers, codes_of, dtype_of, parts_of
from kb.dates import MINUTES_A_DAY
from kb.program import Program
from kb.vocabulary.model import Fact, Vocabulary

AS_OF = date(2024, 9, 3).toordinal()
OFFSETS = np.array([-400, -200, -190, -100, -45, -30, -10, -2, -1, 0, 0, 1, 2, 10, 30, 100])
AGES = np.array([0, 1, 10, 15, 16, 17, 18])


def random_table(program: Program, count: int, seed: int = 1, unknown: float = 0.2) -> CaseTable:
    """That many cases of a program's policy."""
    rng = np.random.default_rng(seed)
    vocabulary = program.policy.vocabulary
    columns: dict[str, Numbers] = {}
    lists: dict[str, ListColumn] = {}
    for name, fact in vocabulary.facts.items():
        if fact.type.startswith("list"):
            lists[name] = _list(rng, fact, vocabulary, count, unknown)
        else:
            columns[name] = _column(rng, fact, vocabulary, count, unknown)
    ids = [f"random-{number}" for number in range(count)]
    return CaseTable(program.policy.code, ids, np.full(count, AS_OF, np.int32), columns, lists)


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
    if kind == "team":
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
