"""All possible replies to a question, and the answer that each gives.

Adjacent dates or numbers that give the same answer are one reply, such as "on or before 3 September", so that a few replies
cover all values.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any

from kb.case import LATEST, Case, occurrences
from kb.engines.forward import Forward
from kb.engines.interface import Engine
from kb.program import Program
from kb.space.parts import Classes, Part, number_of
from kb.timing import facts_in
from queries.decide import Decision, decide

MOST_DAYS = 32  # programs and days whose classes are kept


@dataclass(frozen=True)
class Reply:
    """One reply: its value in the case, and the decision with it.

    For a date or number, all values from `first` to `last` (ordinals, minutes or ints) give the same answer; None means no
    bound.
    """

    value: Any
    decision: Decision
    first: int | None = None
    last: int | None = None


@lru_cache(MOST_DAYS)
def classes_of(program: Program, as_of: int) -> Classes:
    """The classes of values that a program distinguishes, for a day of the answer (ordinal). They hold nothing of a case."""
    atoms = [program.halves.atoms[number] for number in program.halves.conditions]
    return Classes(program.policy.vocabulary, atoms, as_of)


def replies(program: Program, case: Case, fact: str, engine: Engine, classes: Classes) -> list[Reply]:
    """All replies to the question about `fact`."""
    found = [_reply(program, case, fact, value, engine) for value in plain_values(fact, classes)]
    if any(number_of(c.value) is not None for part in _of_day(fact, classes) for c in classes.of[part]):
        found += _stretches(program, case, fact, engine, classes)
    return found


def plain_values(fact: str, classes: Classes) -> list[Any]:
    """One value of each class of a fact, without dates and numbers."""
    parts = classes.parts(fact)
    if classes.vocabulary.facts[fact].type.startswith("list"):
        return _lists(fact, parts, classes)
    return [c.value for part in parts for c in classes.of[part] if number_of(c.value) is None and c.value is not None]


def trials(program: Program, case: Case, fact: str, classes: Classes) -> Iterator[tuple[Any, tuple[int, int] | None]]:
    """One value of each class of a fact. For days and numbers: the first of each range (see `stretches`), with the range."""
    for value in plain_values(fact, classes):
        yield value, None
    if any(number_of(c.value) is not None for part in _of_day(fact, classes) for c in classes.of[part]):
        for first, last in stretches(program, case, fact, classes):
            yield classes.typed(Part(fact), first), (first, last)


def _of_day(fact: str, classes: Classes) -> tuple[Part, ...]:
    return () if classes.vocabulary.facts[fact].type.startswith("list") else classes.parts(fact)


def _lists(fact: str, parts: tuple[Part, ...], classes: Classes) -> list[Any]:
    """An empty list, and for each entry that the rules ask for, a list with only that one."""
    values: list[Any] = [classes.assemble(fact, dict.fromkeys(parts, False))]
    for part in parts:
        for found in classes.of[part]:
            if found.value not in (False, None):
                values.append(classes.assemble(fact, {p: found.value if p == part else False for p in parts}))
    return values


def stretches(program: Program, case: Case, fact: str, classes: Classes) -> list[tuple[int, int]]:
    """Ranges of a fact's days or numbers within which the answer is the same, taking all days of the journey into account.

    They are bounded by the days on which a condition changes its truth, by the days of the record, and by the days on
    which a term of the fact (such as a birthday) reaches one of these.
    """
    found = classes.stretches_of(fact, case)
    if classes.vocabulary.facts[fact].type in ("int", "datetime"):
        return found
    timing = program.timing
    days = {case.as_of, case.record_day, *timing.days(case, None, LAST_DAY)}
    days |= {day for name, value in case.facts.items() if name != fact for day in occurrences(value)}
    turns = {turn for day in days for turn in (day, day + 1)}
    for term in timing.thresholds:
        if facts_in(term) == {fact}:
            turns |= {turn for day in days for turn in classes.reached(fact, term, day)}
    starts = {low for low, _ in found} | {turn for turn in turns if found[0][0] <= turn <= found[-1][1]}
    ends = sorted(starts)
    return [(a, b - 1) for a, b in zip(ends, [*ends[1:], found[-1][1] + 1])]


LAST_DAY = date(LATEST, 12, 31).toordinal()


def _stretches(program: Program, case: Case, fact: str, engine: Engine, classes: Classes) -> list[Reply]:
    """Replies about days or numbers: one for each run of adjacent ranges with the same answer."""
    part = Part(fact)
    near = classes.near(part)
    all_ = stretches(program, case, fact, classes)
    low, high = all_[0][0], all_[-1][1]
    runs: list[list[tuple[int, int]]] = []
    before: tuple[object, ...] | None = None
    for first, last in all_:
        tried = _reply(program, case, fact, classes.typed(part, first), Forward())
        if outcome(tried.decision) == before:
            runs[-1].append((first, last))
        else:
            runs.append([(first, last)])
        before = outcome(tried.decision)
    found: list[Reply] = []
    for run in runs:
        begin, end = run[0][0], run[-1][1]
        reply = _reply(program, case, fact, classes.typed(part, min(max(near, begin), end)), engine)
        found.append(replace(reply, first=None if begin == low else begin, last=None if end == high else end))
    return found


def _reply(program: Program, case: Case, fact: str, value: Any, engine: Engine) -> Reply:
    return Reply(value, decide(program, replace(case, facts={**case.facts, fact: value}), engine))


def outcome(decision: Decision) -> tuple[object, ...]:
    """The part of an answer by which replies are compared: status, teams, and the move that is told first."""
    move = decision.transfer
    told = (move.origin, move.to, move.point, move.status) if move else None
    return decision.status, decision.possible_teams, told
