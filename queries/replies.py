"""The replies that can be given to a question, and what each would decide.

Replies that come to the same answer and lie next to each other are one: "on or before
3 September". So a date or a number needs few replies, and none is left out.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from kb.case import Case, Day
from kb.engines.interface import Engine
from kb.program import Program
from kb.space.parts import Classes, Part, number_of
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
    parts = classes.parts(fact)
    if classes.vocabulary.facts[fact].type.startswith("list"):
        return [_reply(program, case, fact, value, engine) for value in _lists(fact, parts, classes)]
    found: list[Reply] = []
    for part in parts:
        found += [_reply(program, case, fact, c.value, engine) for c in classes.of[part] if number_of(c.value) is None]
        if any(number_of(c.value) is not None for c in classes.of[part]):
            found += _stretches(program, case, part, engine, classes)
    return found


def _lists(fact: str, parts: tuple[Part, ...], classes: Classes) -> list[Any]:
    """An empty list, and a list with each one entry that the rules ask for."""
    values: list[Any] = [classes.assemble(fact, dict.fromkeys(parts, False))]
    for part in parts:
        for found in classes.of[part]:
            if found.value not in (False, None):
                values.append(classes.assemble(fact, {p: found.value if p == part else False for p in parts}))
    return values


def _stretches(program: Program, case: Case, part: Part, engine: Engine, classes: Classes) -> list[Reply]:
    """One reply for each run of days or numbers that come to the same answer."""
    low, high = classes.bounds(part)
    near = classes.near(part)
    runs: list[list[Reply]] = []
    for first, last in classes.stretches(part, case):
        number = min(max(near, first), last)
        typed = Day(number) if classes.is_day(part) else number
        reply = replace(_reply(program, case, part.fact, typed, engine), first=first, last=last)
        if runs and outcome(runs[-1][0].decision) == outcome(reply.decision):
            runs[-1].append(reply)
        else:
            runs.append([reply])
    found: list[Reply] = []
    for run in runs:
        nearest = min(run, key=lambda reply: abs((number_of(reply.value) or 0) - near))
        begin, end = run[0].first, run[-1].last
        found.append(replace(nearest, first=None if begin == low else begin, last=None if end == high else end))
    return found


def _reply(program: Program, case: Case, fact: str, value: Any, engine: Engine) -> Reply:
    return Reply(value, decide(program, replace(case, facts={**case.facts, fact: value}), engine))


def outcome(decision: Decision) -> tuple[object, ...]:
    """What a reply is asked for: the team, and the move told with its state."""
    move = decision.transfer
    told = (move.origin, move.to, move.point, move.status) if move else None
    return decision.status, decision.possible_teams, told
