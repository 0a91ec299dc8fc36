"""The days of a record that matter to a policy: those on which the conditions of its moves can change.

Between two such days the holder can't change. See `docs/decisions/03-day-by-day.md`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from kb.case import Case, Moment, occurrences
from kb.conditions import PLANNED, value_of
from kb.dates import MINUTES_A_DAY
from kb.episode import earlier_closings
from kb.language.model import AS_OF, Atom, Constant, Term, ValueOf, inner
from kb.vocabulary.model import Vocabulary

if TYPE_CHECKING:
    from kb.program import Program


@dataclass(frozen=True)
class Timing:
    """The facts and days that matter to a program's moves, from its ground rules."""

    program: Program

    @cached_property
    def vocabulary(self) -> Vocabulary:
        return self.program.policy.vocabulary

    @cached_property
    def may_follow(self) -> frozenset[str]:
        """Facts that may be recorded after the event of a move: those the policy names, all gates and all agreements."""
        named = {_code(atom, 0) for atom in self.program.always("may_follow")}
        return frozenset(named | {n for n, f in self.vocabulary.facts.items() if f.time in ("gate", "agreement")})

    @cached_property
    def facts_of_point(self) -> dict[str, frozenset[str]]:
        """For each transfer point, the facts whose day can be its day."""
        found: dict[str, set[str]] = {}
        for atom, _, _ in self.program.by_predicate.get("reached", ()):
            found.setdefault(_code(atom, 0), set()).update(facts_in(atom.args[1]))
        return {point: frozenset(facts) for point, facts in found.items()}

    @cached_property
    def points_of_fact(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, list[str]] = {}
        for point, facts in self.facts_of_point.items():
            for fact in facts:
                found.setdefault(fact, []).append(point)
        return {fact: tuple(points) for fact, points in found.items()}

    @cached_property
    def written(self) -> frozenset[tuple[str, str, str]]:
        """The routes of the policy, as (from, to, point)."""
        return frozenset((_code(a, 0), _code(a, 1), _code(a, 2)) for a, _, _ in self.program.by_predicate.get("written", ()))

    @cached_property
    def into(self) -> dict[str, frozenset[str]]:
        """The transfer points that lead to each team."""
        found: dict[str, set[str]] = {}
        for _, to, point in self.written:
            found.setdefault(to, set()).add(point)
        return {team: frozenset(points) for team, points in found.items()}

    @cached_property
    def out_of(self) -> dict[str, frozenset[str]]:
        """The transfer points that lead out of each team."""
        found: dict[str, set[str]] = {}
        for origin, _, point in self.written:
            found.setdefault(origin, set()).add(point)
        return {team: frozenset(points) for team, points in found.items()}

    @cached_property
    def front_doors(self) -> frozenset[str]:
        """The teams that may be the front door, and those outside it from which a child comes as a new contact."""
        named = [a for name in ("front_door", "outside") for a, _, _ in self.program.by_predicate.get(name, ())]
        return frozenset(_code(atom, 0) for atom in named)

    @cached_property
    def booked(self) -> dict[str, str]:
        """Event of a transfer point to the fact that holds its booking."""
        bookings = {_code(a, 0): _code(a, 1) for a, _, _ in self.program.by_predicate.get("point_booking", ())}
        events = ((_code(a, 0), _code(a, 1)) for a, _, _ in self.program.by_predicate.get("point_event", ()))
        return {event: bookings[point] for point, event in events if point in bookings}

    @cached_property
    def dated(self) -> frozenset[str]:
        """The facts whose days matter to a move."""
        halves, found = self.program.of_moves.halves, set()
        for number in halves.conditions:
            atom = halves.atoms[number]
            names = {str(atom.args[0])} if atom.predicate == PLANNED else {atom.predicate}
            for name in {*names, *(fact for arg in atom.args for fact in facts_in(arg))}:
                fact = self.vocabulary.facts.get(name)
                found |= {name, fact.of} if fact is not None else set()
        spells = {self.vocabulary.facts[n].spell for n in found if n in self.vocabulary.facts}
        for spell in spells - {""}:
            parts = self.vocabulary.spells[spell]
            found |= {self.vocabulary.facts[n].of or n for n in (*parts["starts"], *parts["ends"])}
        episode = {n for part in ("opens", "ends") for n in self.vocabulary.of_episode(part)}
        return frozenset((found | episode) - {""})

    @cached_property
    def thresholds(self) -> tuple[Term, ...]:
        """Terms that a move compares with the day of the answer, such as a birthday."""
        halves = self.program.of_moves.halves
        found: dict[Term, None] = {}
        for number in halves.conditions:
            atom: Atom = halves.atoms[number]
            if atom.is_comparison and AS_OF in atom.args:
                found.update({arg: None for arg in atom.args if arg != AS_OF})
        return tuple(found)

    def days(self, case: Case, first: int | None, last: int) -> list[int]:
        """The days (ordinals) in `first <= day < last` on which the holder can change; `first` None: no lower bound."""
        found: set[int] = set(earlier_closings(case))
        for name in self.dated:
            found.update(occurrences(case.facts.get(name)))
        for term in self.thresholds:
            for value in self._values(term, case):
                found |= {value, value + 1}
        return sorted(day for day in found if (first is None or day >= first) and day < last)

    def _values(self, term: Term, case: Case) -> Iterable[int]:
        """The values of a term over all recorded occurrences of its fact."""
        names = facts_in(term)
        if len(names) != 1:
            return
        (name,) = names
        raw = case.facts.get(name)
        days = occurrences(raw) if not isinstance(raw, Moment) else (raw.minutes,)
        for day in days:
            value = value_of(term, lambda _, day=day: day, case.as_of)  # type: ignore[misc]
            if value is not None:
                yield value // MINUTES_A_DAY if isinstance(raw, Moment) else value


def facts_in(term: Term) -> frozenset[str]:
    """The facts whose values a term uses."""
    if isinstance(term, ValueOf):
        return frozenset([term.fact])
    return frozenset().union(*(facts_in(part) for part in inner(term)))


def _code(atom: Atom, position: int) -> str:
    term = atom.args[position]
    assert isinstance(term, Constant)
    return str(term.value)
