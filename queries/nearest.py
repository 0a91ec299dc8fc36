"""What would have to change for a team to hold the child: all smallest changes of facts.

clingo searches every case there is on the day, with facts that can't change kept and no
record that contradicts itself. An empty answer is a proof that no change of facts gives the
team. Every change found is put to the engine, which must give the team.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

from kb.case import Case, Day
from kb.engines.forward import Forward
from kb.engines.interface import Engine
from kb.program import Program
from kb.space.parts import Classes, Part, number_of
from kb.space.search import Search
from queries.decide import decide

MOST = 400  # ways of changing the case that are looked at


@dataclass(frozen=True, slots=True)
class Change:
    """A fact and the value it would need.

    For a date or number, every value from `first` to `last` does as well; None is open-ended.
    """

    fact: str
    value: Any
    first: int | None = None
    last: int | None = None


@dataclass(frozen=True)
class Nearest:
    """The smallest changes that make a team responsible.

    `size` is how many facts each changes: 0 where the team holds the child already, None
    where no change of facts makes it do so. `complete` says that all are given.
    """

    team: str
    size: int | None
    ways: tuple[tuple[Change, ...], ...]
    complete: bool = True


def nearest(program: Program, case: Case, team: str, engine: Engine, keep: Collection[str] = (), most: int = MOST) -> Nearest:
    """All smallest sets of changes that make a team responsible, leaving the facts in `keep` as they are."""
    if decide(program, case, engine).responsible_team == team:
        return Nearest(team, 0, ())
    aims = [certain for atom, certain, _ in program.by_predicate.get("responsible", ()) if str(atom.args[0]) == team]
    if not aims:
        return Nearest(team, None, ())
    search = Search(program, case.as_of, aims, base=case, keep=keep)
    cases = search.all_smallest({aims[0]: True}, most)
    ways = {_way(program, case, found, team, engine, search.space.classes): None for found in cases}
    size = len(next(iter(ways))) if ways else None
    return Nearest(team, size, tuple(sorted(ways, key=str)), len(cases) < most)


def _way(program: Program, case: Case, found: Case, team: str, engine: Engine, classes: Classes) -> tuple[Change, ...]:
    found = replace(found, case_id=case.case_id)
    if decide(program, found, engine).responsible_team != team:
        raise AssertionError(f"the search and the engine differ on {found.facts}")
    changed = [name for name in program.policy.vocabulary.facts if found.facts.get(name) != case.facts.get(name)]
    return tuple(_change(program, found, name, team, classes) for name in changed)


def _change(program: Program, found: Case, fact: str, team: str, classes: Classes) -> Change:
    """One change, with the stretch of days around its date that serve as well."""
    number = number_of(found.facts[fact])
    if number is None:
        return Change(fact, found.facts[fact])

    def with_number(other: int) -> Any:
        return Day(other) if isinstance(found.facts[fact], Day) else other

    def serves(other: int) -> bool:
        there = replace(found, facts={**found.facts, fact: with_number(other)})
        return decide(program, there, Forward()).responsible_team == team

    stretches = classes.stretches(Part(fact), found)
    here = next(n for n, (low, high) in enumerate(stretches) if low <= number <= high)
    first = last = here
    while first > 0 and serves(stretches[first - 1][1]):
        first -= 1
    while last < len(stretches) - 1 and serves(stretches[last + 1][0]):
        last += 1
    low, high = stretches[first][0], stretches[last][1]
    typed = with_number(min(max(classes.near(Part(fact)), low), high))
    return Change(fact, typed, low if first > 0 else None, high if last < len(stretches) - 1 else None)
