"""The replies that can be given to a question, and what each would decide.

Replies that come to the same answer and lie next to each other are one: "on or before
3 September". So a date or a number needs few replies, and none is left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from kb.case import LATEST, Case, occurrences
from kb.engines.forward import Forward
from kb.engines.interface import Engine
from kb.program import Program
from kb.space.parts import Classes, Part, number_of
from kb.timing import facts_in
from queries.decide import Decision, decide


@dataclass(frozen=True)
class Reply:
    """One reply as it would stand in the case, and the decision with it.

    For a date or number, every value from `first` to `last` comes to the same; None is open-ended.
    """

    value: Any
    decision: Decision
    first: int | None = None
    last: int | None = None


def classes_of(program: Program, as_of: int) -> Classes:
    """The classes of values that the rules of a program tell apart on one day."""
    atoms = [program.halves.atoms[number] for number in program.halves.conditions]
    return Classes(program.policy.vocabulary, atoms, as_of)


def replies(program: Program, case: Case, fact: str, engine: Engine, classes: Classes) -> list[Reply]:
    """Every reply to a question that could make a difference."""
    found = [_reply(program, case, fact, value, engine) for value in plain_values(fact, classes)]
    if any(number_of(c.value) is not None for part in _of_day(fact, classes) for c in classes.of[part]):
        found += _stretches(program, case, fact, engine, classes)
    return found


def plain_values(fact: str, classes: Classes) -> list[Any]:
    """One value of each class of a fact, its days and numbers left out."""
    parts = classes.parts(fact)
    if classes.vocabulary.facts[fact].type.startswith("list"):
        return _lists(fact, parts, classes)
    return [c.value for part in parts for c in classes.of[part] if number_of(c.value) is None and c.value is not None]


def trials(program: Program, case: Case, fact: str, classes: Classes) -> Iterator[tuple[Any, tuple[int, int] | None]]:
    """A value of each kind that the rules tell apart; for days and numbers, the first of each stretch with its ends."""
    for value in plain_values(fact, classes):
        yield value, None
    if any(number_of(c.value) is not None for part in _of_day(fact, classes) for c in classes.of[part]):
        for first, last in stretches(program, case, fact, classes):
            yield classes.typed(Part(fact), first), (first, last)


def _of_day(fact: str, classes: Classes) -> tuple[Part, ...]:
    return () if classes.vocabulary.facts[fact].type.startswith("list") else classes.parts(fact)


def _lists(fact: str, parts: tuple[Part, ...], classes: Classes) -> list[Any]:
    """An empty list, and a list with each one entry that the rules ask for."""
    values: list[Any] = [classes.assemble(fact, dict.fromkeys(parts, False))]
    for part in parts:
        for found in classes.of[part]:
            if found.value not in (False, None):
                values.append(classes.assemble(fact, {p: found.value if p == part else False for p in parts}))
    return values


def stretches(program: Program, case: Case, fact: str, classes: Classes) -> list[tuple[int, int]]:
    """Stretches of days or numbers within which a fact comes to the same answer, whatever the day of the journey.

    They end where a condition turns on the day of the answer, on each day of the record, and where the term of a
    condition reaches one of these days.
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
    """One reply for each run of days or numbers that come to the same answer."""
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
    """What a reply is asked for: the team, and the move told with its state."""
    move = decision.transfer
    told = (move.origin, move.to, move.point, move.status) if move else None
    return decision.status, decision.possible_teams, told
