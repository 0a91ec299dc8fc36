"""What would have to change for a team to hold the child: all smallest changes of facts.

clingo searches every case there is on the day, with facts that can't change kept and no
record that contradicts itself. An empty answer is a proof that no change of facts gives the
team. Every change found is put to the engine, which must give the team.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from typing import Any

from kb.case import Case, Day
from kb.engines.forward import Forward
from kb.engines.interface import Engine
from kb.program import CONTRADICTION, Program, solve
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
    allowed = frozenset(solve(program, case, Forward()).holding_of(CONTRADICTION))

    def serves(tried: Case, by: Engine) -> bool:
        model = solve(program.of_team, tried, by)
        given = [str(atom.args[0]) for atom in model.holding_of("responsible")]
        return given == [team] and allowed.issuperset(model.holding_of(CONTRADICTION))

    ways = {str(way): way for way in (_way(case, found, engine, search.space.classes, serves) for found in cases)}
    size = len(next(iter(ways.values()))) if ways else None
    return Nearest(team, size, tuple(way for _, way in sorted(ways.items())), len(cases) < most)


Serves = Callable[[Case, Engine], bool]  # whether a case gives the team and contradicts nothing new


def _way(case: Case, found: Case, engine: Engine, classes: Classes, serves: Serves) -> tuple[Change, ...]:
    """The changes of one way, its days brought near the day of the answer, each with its stretch."""
    found = replace(found, case_id=case.case_id)
    changed = [name for name in classes.vocabulary.facts if found.facts.get(name) != case.facts.get(name)]
    dated = [name for name in changed if number_of(found.facts[name]) is not None]
    for name in dated:  # each day in turn: where it moves, the stretches of the others may move too
        found = _with(found, name, _stretch(found, name, classes, serves)[0])
    if not serves(found, engine):
        raise AssertionError(f"the search and the engine differ on {found.facts}")
    ends = {name: _stretch(found, name, classes, serves)[1:] for name in dated}
    return tuple(Change(name, found.facts[name], *ends.get(name, (None, None))) for name in changed)


def _with(case: Case, fact: str, number: int) -> Case:
    value = Day(number) if isinstance(case.facts[fact], Day) else number
    return replace(case, facts={**case.facts, fact: value})


def _stretch(found: Case, fact: str, classes: Classes, serves: Serves) -> tuple[int, int | None, int | None]:
    """The days (or numbers) around a fact's own that serve as well: the most natural, and both ends, None for open."""
    part = Part(fact)
    number = number_of(found.facts[fact])
    assert number is not None
    stretches = classes.stretches(part, found)
    first = last = next(n for n, (low, high) in enumerate(stretches) if low <= number <= high)
    while first > 0 and serves(_with(found, fact, stretches[first - 1][1]), Forward()):
        first -= 1
    while last < len(stretches) - 1 and serves(_with(found, fact, stretches[last + 1][0]), Forward()):
        last += 1
    low, high = stretches[first][0], stretches[last][1]
    near = min(max(classes.near(part), low), high)
    return near, low if first > 0 else None, high if last < len(stretches) - 1 else None
