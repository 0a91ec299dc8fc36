"""All smallest changes of facts that would give a team the child.

Changes of a single fact are tried over the whole record, value by value. For larger ones clingo searches single
steps of the journey: the step of the day of the answer, for any holder, and each step that moved the child, for a
move to the team instead. The search covers every way in which the record can stand on the day of the step, with
fixed facts kept and without contradictions. If it finds nothing, that proves that no changes within one of these
steps give the team; changes that act in several steps together are not searched. Every change found is applied
to the whole record and decided; only those that give the team are returned.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from kb.as_at import Seen, as_at
from kb.bulk.table import from_cases
from kb.case import Case, Day, occurrences
from kb.engines.bulk.columns import Columns
from kb.engines.forward import Forward
from kb.engines.interface import Engine
from kb.episode import Misdated
from kb.program import Program
from kb.space.parts import Classes, Part, number_of
from kb.space.search import Goal, Search
from kb.vocabulary.model import Vocabulary
from queries.bulk.caseload import responsible_teams
from queries.decide import Decision, decide
from queries.replies import classes_of, stretches, trials

MOST = 400  # changes found by the search at most
LARGER = 2  # sizes to try if the whole record confirms none of the smallest


@dataclass(frozen=True, slots=True)
class Change:
    """A fact and a value it would need.

    For dates (ordinals), datetimes (minutes) and numbers, any value from `first` to `last` will do; None is open.
    """

    fact: str
    value: Any
    first: int | None = None
    last: int | None = None


@dataclass(frozen=True)
class Nearest:
    """The smallest changes that make a team responsible.

    size      number of facts in each: 0 if the team holds the child already, None if nothing was found
    complete  whether `ways` has all changes that act within one of the steps searched or, if empty, none exist
    steps     number of steps searched
    """

    team: str
    size: int | None
    ways: tuple[tuple[Change, ...], ...]
    complete: bool = True
    steps: int = 0


def nearest(program: Program, case: Case, team: str, engine: Engine, keep: Collection[str] = (), most: int = MOST) -> Nearest:
    """All smallest sets of changes that make a team responsible. Facts in `keep` are not changed."""
    decision = decide(program, case, engine)
    if decision.responsible_team == team:
        return Nearest(team, 0, ())
    aims = [certain for atom, certain, _ in program.by_predicate.get("responsible", ()) if str(atom.args[0]) == team]
    if not aims:
        return Nearest(team, None, ())
    last = _Looked(program, case, decision.model.conditions.case, team, engine, frozenset(keep))
    every = {str(way): way for way in last.one_fact()}
    size = 1 if every else None
    found = [last.searched(Search(program, case.as_of, aims, base=last.step, keep=keep), aims, most, size)]
    found += [_moved_instead(replace(last, step=step), most, size) for step in earlier_steps(program, decision)]
    every |= {str(way): way for ways, _ in found for way in ways}
    size = min(map(len, every.values()), default=None)
    smallest = tuple(way for _, way in sorted(every.items()) if len(way) == size)
    return Nearest(team, size, smallest, all(settled for _, settled in found), len(found))


def earlier_steps(program: Program, decision: Decision) -> Iterator[Case]:
    """The records in each step that moved the child on a known day, and in the step of the day before."""
    vocabulary = program.policy.vocabulary
    for move in decision.branch.moves if decision.branch is not None else ():
        if move.day is None or move.before is None:
            continue
        stint = move.before.stint
        if all(first is None or first < move.day for first in (stint.since, stint.counts)):
            record = move.before.record(decision.case)
            yield as_at(record, move.day - 1, stint, move.before.episode, vocabulary, Seen(False, False))
        yield move.step.conditions.case


def _moved_instead(looked: _Looked, most: int, size: int | None) -> tuple[list[tuple[Change, ...]], bool]:
    """The changes by which an earlier step would have moved the child to the team, and whether these are all."""
    moving, step = looked.program.of_moves, looked.step
    moved = moving.by_predicate.get("moved", ())
    aims = [certain for atom, certain, _ in moved if str(atom.args[1]) == looked.team]
    if not aims:
        return [], True
    return looked.searched(Search(moving, step.as_of, aims, base=step, keep=looked.keep), aims, most, size)


def in_record(case: Case, step: Case, tried: Case, vocabulary: Vocabulary) -> Case | None:
    """The whole record with the changes made in a step; None if no record can say that.

    For an event that happened more than once, the occurrence that the step looks at is changed.
    """
    facts = dict(case.facts)
    for name, value in tried.facts.items():
        if value == step.facts.get(name) or vocabulary.facts[name].time == "step":
            continue
        seen = occurrences(step.facts.get(name))
        others = [day for day in occurrences(case.facts.get(name)) if day not in seen]
        if not others:
            facts[name] = value
        elif isinstance(value, bool):
            return None
        else:
            days = sorted({*others, *occurrences(value)})
            facts[name] = tuple(map(Day, days)) if len(days) > 1 else Day(days[0])
    return replace(case, facts=facts)


@dataclass(frozen=True)
class _Looked:
    """A case for which changes are searched, and its step on the day of the answer."""

    program: Program
    case: Case
    step: Case
    team: str
    engine: Engine
    keep: frozenset[str]

    @cached_property
    def classes(self) -> Classes:
        return classes_of(self.program.of_team, self.case.as_of)

    @cached_property
    def allowed(self) -> frozenset[str | Misdated]:
        """The contradictions that the record has already."""
        return decide(self.program, self.case, Forward()).contradicted

    def serves(self, tried: Case, by: Engine) -> bool:
        """Whether a step, applied to the record, gives the team without new contradictions."""
        whole = in_record(self.case, self.step, tried, self.classes.vocabulary)
        if whole is None:
            return False
        answer = decide(self.program, whole, by)
        return answer.responsible_team == self.team and answer.contradicted <= self.allowed

    def _can_change(self, fact: str) -> bool:
        known = self.classes.vocabulary.facts[fact]
        return known.time != "step" and fact not in self.keep and not (known.fixed and fact in self.case.facts)

    def one_fact(self) -> list[tuple[Change, ...]]:
        """All changes of a single fact, over the whole record."""
        tried = [trial for fact in self.classes.facts if self._can_change(fact) for trial in self._trials(fact)]
        serving = [trial for trial, gives in zip(tried, self.giving([trial.step for trial in tried])) if gives]
        found = [Change(t.fact, t.step.facts[t.fact]) for t in serving if t.stretch is None]
        for fact in dict.fromkeys(trial.fact for trial in serving if trial.stretch is not None):
            every = [trial.stretch for trial in tried if trial.fact == fact and trial.stretch is not None]
            runs = _runs([trial.stretch for trial in serving if trial.fact == fact and trial.stretch is not None])
            found += [self._natural(fact, run, (every[0][0], every[-1][1])) for run in runs]
        return [(change,) for change in found if self.serves(_changed(self.step, change), self.engine)]

    def _trials(self, fact: str) -> Iterator[_Trial]:
        """One value for each class that the rules tell apart; for days and numbers the first of each range."""
        for value, stretch in trials(self.program, self.case, fact, self.classes):
            if stretch is not None or value != self.step.facts.get(fact):
                yield _Trial(fact, _changed(self.step, Change(fact, value)), stretch)

    def giving(self, steps: Sequence[Case]) -> list[bool]:
        """For each step whether it serves. All are decided together; those that give the team are confirmed one by one."""
        wholes = [in_record(self.case, self.step, tried, self.classes.vocabulary) for tried in steps]
        table = from_cases([whole for whole in wholes if whole is not None], self.classes.vocabulary)
        teams = iter(responsible_teams(self.program, table, Columns())[0])
        given = [whole is not None and next(teams) == self.team for whole in wholes]
        return [gives and self.serves(tried, Forward()) for tried, gives in zip(steps, given)]

    def _natural(self, fact: str, run: tuple[int, int], ends: tuple[int, int]) -> Change:
        """A range as a change with its most natural value; an end that is the first or last of all values is open."""
        (first, last), part = run, Part(fact)
        value = self.classes.typed(part, min(max(self.classes.near(part), first), last))
        return Change(fact, value, None if first == ends[0] else first, None if last == ends[1] else last)

    def searched(self, search: Search, aims: Sequence[int], most: int, size: int | None) -> tuple[list[tuple[Change, ...]], bool]:
        """The changes that the search of a step finds and the whole record confirms, and whether these are all.

        One of `aims` has to hold. `size` is the least size known. If none of the smallest is confirmed, larger ones are tried.
        """
        goal: Goal = {search.any_of(aims): True}
        cost = search.least_cost(goal)
        if cost is None or (size is not None and cost > size):
            return [], True
        largest = sum(self._can_change(fact) for fact in search.space.classes.facts)
        for more in range(cost, min(cost + LARGER, largest + 1)):
            cases = search.all_within(goal, more, most)
            ways = [way for found in cases if (way := self._way(found)) is not None]
            if ways or size is not None or len(cases) == most:
                return ways, len(cases) < most
        return [], cost + LARGER > largest

    def _way(self, found: Case) -> tuple[Change, ...] | None:
        """The changes of a found case, with days near the day of the answer and their ranges.

        None if the whole record does not confirm it, or if a single fact is changed: those are tried one by one.
        """
        changed = [name for name in self.classes.vocabulary.facts if found.facts.get(name) != self.step.facts.get(name)]
        if len(changed) == 1 and not self.classes.vocabulary.facts[changed[0]].type.startswith("list"):
            return None
        if not self.serves(found, Forward()):
            return None
        dated = [name for name in changed if number_of(found.facts[name]) is not None]
        for name in dated:  # one at a time, as each day can change the ranges of the others
            found = _with(found, name, self._stretch(found, name)[0], self.classes)
        if not self.serves(found, self.engine):
            raise AssertionError(f"the engines differ on {found.facts}")
        ends = {name: self._stretch(found, name)[1:] for name in dated}
        return tuple(Change(name, found.facts[name], *ends.get(name, (None, None))) for name in changed)

    def _stretch(self, found: Case, fact: str) -> tuple[int, int | None, int | None]:
        """The range of values around a fact's own that also serve: the most natural, and both ends (None for open)."""
        number = number_of(found.facts[fact])
        whole = in_record(self.case, self.step, found, self.classes.vocabulary)
        assert number is not None
        assert whole is not None
        parted = stretches(self.program, whole, fact, self.classes)
        first = last = next(n for n, (low, high) in enumerate(parted) if low <= number <= high)
        while first > 0 and self.serves(_with(found, fact, parted[first - 1][1], self.classes), Forward()):
            first -= 1
        while last < len(parted) - 1 and self.serves(_with(found, fact, parted[last + 1][0], self.classes), Forward()):
            last += 1
        low, high = parted[first][0], parted[last][1]
        near = min(max(self.classes.near(Part(fact)), low), high)
        return near, low if first > 0 else None, high if last < len(parted) - 1 else None


@dataclass(frozen=True)
class _Trial:
    """A step with one fact changed; `stretch` is the range of days or numbers with the same result."""

    fact: str
    step: Case
    stretch: tuple[int, int] | None = None


def _runs(parted: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Adjacent ranges merged."""
    found: list[tuple[int, int]] = []
    for first, last in parted:
        if found and found[-1][1] == first - 1:
            found[-1] = (found[-1][0], last)
        else:
            found.append((first, last))
    return found


def _changed(step: Case, change: Change) -> Case:
    return replace(step, facts={**step.facts, change.fact: change.value})


def _with(case: Case, fact: str, number: int, classes: Classes) -> Case:
    return replace(case, facts={**case.facts, fact: classes.typed(Part(fact), number)})
