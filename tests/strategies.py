"""Random cases for any policy, generated from its vocabulary, and settings for property tests.

Facts that the rules read are more frequent than others, and dates are close together, so that events are before, on and
after each other and the day of the answer.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import cache
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from kb.case import Case, make_case
from kb.language.model import Constant, ValueOf
from kb.program import Program
from kb.vocabulary.model import Fact
from queries.load import load_program

AS_OF = date(2024, 9, 3)
OFFSETS = (-400, -200, -190, -100, -45, -30, -10, -2, -1, 0, 0, 1, 2, 10, 30, 100)


def laws(examples: int) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Hypothesis settings with which a property test gives the same result on every run."""
    return settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
    )


def blackpool() -> Program:
    """The program that most property tests use, compiled once."""
    return load_program("blackpool")


def facts_read(program: Program) -> list[str]:
    """The facts that a program's rules read, in the order of the vocabulary."""
    vocabulary = program.policy.vocabulary
    names: set[str] = set()
    for rule in program.ground:
        for literal in rule.body:
            names.add(literal.atom.predicate)
            names |= {str(arg.value) for arg in literal.atom.args if isinstance(arg, Constant)}
            names |= {arg.fact for arg in literal.atom.args if isinstance(arg, ValueOf)}
    names |= {c.source for c in vocabulary.calculated.values() if c.name in names}
    return [name for name in vocabulary.recorded if name in names]


def _day(past: bool) -> st.SearchStrategy[str]:
    offsets = [n for n in OFFSETS if n <= 0] if past else OFFSETS
    return st.sampled_from(offsets).map(lambda n: (AS_OF + timedelta(n)).isoformat())


def _birth() -> st.SearchStrategy[str]:
    """Dates of birth for which the day of the answer is on, just before or just after a birthday that matters."""
    births = [AS_OF.replace(year=AS_OF.year - age) + timedelta(n) for age in (0, 1, 10, 15, 16, 17, 18) for n in (-1, 0, 1)]
    return st.sampled_from([born.isoformat() for born in births if born <= AS_OF])


def value_for(fact: Fact, teams: list[str]) -> st.SearchStrategy[Any]:
    """A random value of a fact, as in a case file."""
    kind = fact.type
    if kind == "bool":
        return st.booleans()
    if kind == "int":
        return st.integers(fact.minimum, min(fact.maximum, 60))
    if kind == "enum":
        return st.sampled_from(fact.values)
    if kind == "date":
        return _birth() if fact.name.endswith("date_of_birth") and fact.past else _day(fact.past)
    if kind == "event":
        return st.one_of(_day(False), _day(False), st.booleans())
    if kind == "datetime":
        return st.tuples(_day(False), st.sampled_from(["09:59", "10:00", "10:01"])).map("T".join)
    if kind == "team":
        return st.sampled_from([*teams, "none"] if fact.name == "team_on_record" else teams)
    if kind == "list[enum]":
        return st.lists(st.sampled_from(fact.values), max_size=2, unique=True)
    if kind == "list[team]":
        return st.lists(st.sampled_from(teams), max_size=2, unique=True)
    parts = {name: value_for(Fact(name, type_, "", "", "", "", past=True), teams) for name, type_ in fact.fields}
    return st.lists(st.fixed_dictionaries({}, optional=parts), max_size=2)


@cache
def _read_by(policy: str) -> list[str]:
    return facts_read(load_program(policy))


@st.composite
def facts(draw: st.DrawFn, policy: str, most: int = 30) -> dict[str, Any]:
    """The facts of a random case of a policy."""
    program = load_program(policy)
    vocabulary = program.policy.vocabulary
    teams = [code.code for code in vocabulary.codes["team"]]
    read = _read_by(policy)
    names = draw(st.lists(st.sampled_from(read), max_size=most, unique=True))
    names += draw(st.lists(st.sampled_from(list(vocabulary.recorded)), max_size=3, unique=True))
    if draw(st.integers(0, 3)):
        names.append("team_on_record")
    found = {name: draw(value_for(vocabulary.facts[name], teams)) for name in dict.fromkeys(names)}
    born = found.get("date_of_birth")
    return {name: raw for name, raw in found.items() if not _before_birth(vocabulary.facts[name], raw, born)}


def _before_birth(fact: Fact, raw: Any, born: str | None) -> bool:
    """Whether the value of a fact would be before birth although only a child who has been born can have it."""
    return fact.after_birth and born is not None and isinstance(raw, str) and raw < born


def case(program: Program, facts: dict[str, Any], case_id: str = "c1") -> Case:
    """A case with these facts on the day around which the random dates are."""
    document = {"case_id": case_id, "policy": program.policy.code, "as_of": AS_OF.isoformat(), "facts": facts}
    return make_case(document, program.policy.vocabulary, "case.json")
