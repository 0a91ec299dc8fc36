"""Random records with histories: repeated events, gaps, undated facts, unknown holders, plans and past days.

They are drawn from a `random.Random`, so that property tests (in which hypothesis controls it) and the benchmark over
thousands of records can share them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any

from kb.carried import DEATH
from kb.case import Case, Day, make_case, occurrences
from kb.errors import InputError
from kb.program import Program
from kb.vocabulary.model import Fact, Vocabulary
from tests.strategies import facts_read

AS_OF = date(2024, 9, 3)
NEAR = (-60, -45, -30, -21, -10, -3, -2, -1, 0)
FAR = (-1500, -1100, -800, -500, -400, -200, -190, -150, -120, -100)
AHEAD = (1, 2, 10, 40, 120)


def record(program: Program, draw: Random, most: int = 22) -> Case:
    """A valid random record under a policy."""
    while True:
        document = _document(program, draw, most)
        try:
            return make_case(document, program.policy.vocabulary, "case.json")
        except InputError:
            continue


def _document(program: Program, draw: Random, most: int) -> dict[str, Any]:
    vocabulary = program.policy.vocabulary
    names = [name for name in facts_read(program) if name in vocabulary.recorded]
    chosen = draw.sample(names, draw.randint(2, min(most, len(names))))
    facts = {name: value_of(vocabulary.facts[name], vocabulary, draw) for name in chosen}
    if draw.random() < 0.85:
        facts["team_on_record"] = draw.choice(["none", *(code.code for code in vocabulary.codes["team"])])
    if draw.random() < 0.5:
        facts["with_team_since"] = _day(draw, ahead=False)
    if draw.random() < 0.5:
        facts["contact_received_on"] = _days(draw, ahead=False)
    if draw.random() < 0.3:
        facts["previous_involvements"] = []
    document: dict[str, Any] = {"case_id": "c1", "policy": program.policy.code, "as_of": AS_OF.isoformat(), "facts": facts}
    if draw.random() < 0.3:
        document["recorded_on"] = (AS_OF + timedelta(draw.choice((1, 2, 30)))).isoformat()
    return document


def _day(draw: Random, ahead: bool = True) -> str:
    pool = draw.choice((NEAR, NEAR, NEAR, FAR, *((AHEAD,) if ahead else ())))
    return (AS_OF + timedelta(draw.choice(pool))).isoformat()


def _days(draw: Random, ahead: bool = True) -> Any:
    days = sorted({_day(draw, ahead) for _ in range(draw.choice((1, 1, 2, 3)))})
    return days if len(days) > 1 else days[0]


def value_of(fact: Fact, vocabulary: Vocabulary, draw: Random) -> Any:
    teams = [code.code for code in vocabulary.codes["team"]]
    if fact.name.endswith("date_of_birth") and fact.past:
        years = draw.choice((0, 1, 10, 12, 13, 14, 15, 16, 17, 18))
        return (AS_OF.replace(year=AS_OF.year - years) - timedelta(draw.choice((0, 1, 40)))).isoformat()
    if fact.name == DEATH:
        return _day(draw)
    if fact.type == "event":
        return draw.choice((True, False)) if draw.random() < 0.2 else _days(draw)
    if fact.recurs:
        return _days(draw, ahead=False)
    if fact.type == "date":
        return _day(draw, ahead=not fact.past)
    simple: dict[str, Callable[[], Any]] = {
        "bool": lambda: draw.random() < 0.6,
        "int": lambda: draw.randint(fact.minimum, min(fact.maximum, 20)),
        "enum": lambda: draw.choice(fact.values),
        "datetime": lambda: f"{_day(draw)}T10:00",
        "team": lambda: draw.choice(teams),
        "list[enum]": lambda: draw.sample(fact.values, draw.randint(0, 2)),
        "list[team]": lambda: draw.sample(teams, draw.randint(0, 2)),
    }
    if fact.type in simple:
        return simple[fact.type]()
    return [
        {
            name: value_of(Fact(name, kind, name, "", "", "", past=True), vocabulary, draw)
            for name, kind in fact.fields
            if draw.random() < 0.9
        }
        for _ in range(draw.randint(0, 2))
    ]


# The same record, changed ------------------------------------------------------------------


def asked_for(case: Case, day: int) -> Case:
    """The same record with an earlier day of the answer."""
    return replace(case, as_of=day, recorded_on=case.record_day if case.record_day != day else None)


def without_time_after(case: Case, day: int, vocabulary: Vocabulary) -> Case:
    """The record without events after a day and without their outcomes."""
    facts: dict[str, Any] = {}
    for name, value in case.facts.items():
        fact = vocabulary.facts[name]
        if fact.recurs and occurrences(value):
            kept = tuple(Day(d) for d in occurrences(value) if d <= day or d > case.record_day)
            if kept:
                facts[name] = kept if len(kept) > 1 else kept[0]
        elif not (fact.of and any(day < d <= case.record_day for d in occurrences(case.facts.get(fact.of)))):
            facts[name] = value
    return replace(case, facts=facts)


def without_day(case: Case, day: int, kept: Collection[str], vocabulary: Vocabulary) -> Case:
    """The record without what happened on one day, except for the facts `kept`."""
    facts = dict(case.facts)
    for name, value in case.facts.items():
        if vocabulary.facts[name].recurs and name not in kept and day in occurrences(value):
            others = tuple(Day(d) for d in occurrences(value) if d != day)
            facts[name] = others if len(others) > 1 else others[0] if others else None
    return replace(case, facts={name: value for name, value in facts.items() if value is not None})


def without(case: Case, *names: str) -> Case:
    """The record without some facts."""
    return replace(case, facts={name: value for name, value in case.facts.items() if name not in names})


def with_facts(case: Case, **facts: Any) -> Case:
    """The record with other values for some facts."""
    return replace(case, facts={**case.facts, **facts})
