"""Assumptions: what nobody recorded, that an answer takes as not so, and that alone would change it.

Every fact that nobody recorded is recorded in turn, with a value of each kind that the rules tell apart: for a date, one
day in each stretch within which no condition turns (of days still to come, for an event, two). An event that is recorded
is put once more after its last day. All these records are decided together in columns; a fact is an assumption where one
of them comes to another team, status or move. What is asked for anyway (`missing_facts`) is left out: together the two
lists are complete for single facts. Where columns can't follow the journey, the records are decided one by one, and only
a sample of them where they are very many (`MOST_WALKED`).
Source: contract section 3, rule 4.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import zip_longest
from typing import Any

from kb.bulk.table import from_cases
from kb.carried import CLOSED, HOLDER, SINCE
from kb.case import Case, Day, occurrences
from kb.engines.bulk.columns import Columns
from kb.engines.forward import Forward
from kb.engines.interface import Engine
from kb.engines.remembering import Remembering
from kb.episode import Misdated
from kb.program import Program
from kb.space.parts import Part
from kb.vocabulary.model import Fact
from queries.bulk.caseload import Outcome, outcome, outcomes
from queries.decide import Decision, answer, decide
from queries.journey import Traveller
from queries.replies import classes_of, trials

#: What a record would change: the policy would move the child; a move is held up, or the status is open; anything else.
MOVED, HELD_UP, OTHER = range(3)
_Contradicted = frozenset[str | Misdated] | frozenset[str]
_Seen = tuple[Outcome, frozenset[str]]  # what columns tell of a record
COLUMNS = Columns()  # it keeps the plans of programs, which one case after the other can use
MOST_AHEAD = 2  # stretches of days still to come of an event: that nothing is planned is no assumption about the past
MOST_WALKED, SAMPLE = 100, 20  # records that are decided one by one; of more than these only so many


@dataclass(frozen=True)
class Assumption:
    """A fact that nobody recorded, and a value that would change the answer.

    `first` and `last` are the ends of the stretch of days or numbers that do as well; None for a value of another kind.
    `weight` is MOVED, HELD_UP or OTHER. `case` is the record with that value.
    """

    fact: str
    value: Any
    weight: int
    first: int | None
    last: int | None
    case: Case = field(repr=False)
    program: Program = field(repr=False)

    @cached_property
    def decision(self) -> Decision:
        """The answer that the value would give, worked out when it is first asked for."""
        return decide(self.program, self.case, Forward())


@dataclass(frozen=True)
class _Trial:
    """The record with one fact more; `far` is how far its day lies from the day of the answer."""

    fact: str
    value: Any
    case: Case
    stretch: tuple[int, int] | None
    far: int = 0


@dataclass(frozen=True)
class Assumptions:
    """What one answer takes as not so, the most consequential first.

    `complete` says that every value was tried: there is no other single fact.
    """

    found: tuple[Assumption, ...]
    complete: bool

    @property
    def facts(self) -> list[str]:
        return [each.fact for each in self.found]


def assumptions(decision: Decision) -> Assumptions:
    """What one answer takes as not so: see `Assumption`."""
    return assumptions_of([decision])[0]


def assumptions_of(decisions: Sequence[Decision]) -> list[Assumptions]:
    """The same for several answers, which takes less time than one after the other."""
    found: dict[int, Assumptions] = {}
    engine = Remembering(Forward())
    decisions = [decision.quick or decision for decision in decisions]
    for program in {id(d.model.program): d.model.program for d in decisions}.values():
        mine = [(place, decision) for place, decision in enumerate(decisions) if decision.model.program is program]
        tried = [list(_trials(program, decision.case, frozenset(decision.missing_facts))) for _, decision in mine]
        followed = [is_followed(decision) for _, decision in mine]
        cases = [trial.case for its, plain in zip(tried, followed) if plain for trial in its]
        told = iter(outcomes(program, from_cases(cases, program.policy.vocabulary), COLUMNS) if cases else [])
        for (place, decision), its, plain in zip(mine, tried, followed):
            seen = [next(told) for _ in its] if plain else [None] * len(its)
            found[place] = _changing(decision, its, seen, engine)
    return [found[place] for place in range(len(decisions))]


def is_followed(decision: Decision) -> bool:
    """Whether columns can follow the journey of a record: no event on no known day, and no open holder."""
    facts, recorded = decision.model.program.policy.vocabulary.facts, decision.case.facts
    undated = any(value is True and facts[name].recurs for name, value in recorded.items())
    return not undated and HOLDER in recorded and all(stint.team is not None for stint in decision.journey)


def _changing(decision: Decision, tried: Sequence[_Trial], seen: Sequence[_Seen | None], engine: Engine) -> Assumptions:
    """The facts of which some value changes the answer and contradicts nothing new.

    `seen` is what columns tell of each trial. Of facts of which they tell nothing that changes the answer, some of the
    values that they leave out are decided one by one.
    """
    facts = decision.model.program.policy.vocabulary.facts
    found = _gravest(decision, [(trial, *told) for trial, told in zip(tried, seen) if told is not None])
    left = [trial for trial, told in zip(tried, seen) if told is None and trial.fact not in found]
    nearest = _nearest_first(left)[: MOST_WALKED if len(left) <= MOST_WALKED else SAMPLE]
    traveller = Traveller(decision.model.program, engine, engine)
    for trial in nearest:
        if trial.fact not in found or found[trial.fact].weight > _least(_event_of(trial.fact, facts)):
            found = _gravest(decision, [(trial, *_walked(traveller, trial))], found)
    timing = decision.model.program.timing
    leading = {name for names in timing.facts_of_point.values() for name in names if not facts[name].episode}
    order = {name: (name not in leading, place) for place, name in enumerate(facts)}  # first what moves a child
    return Assumptions(
        tuple(sorted(found.values(), key=lambda a: (a.weight, order[a.fact]))),
        complete=len(nearest) == len(left),
    )


def _gravest(
    decision: Decision, told: Iterable[tuple[_Trial, Outcome, _Contradicted]], before: Mapping[str, Assumption] | None = None
) -> dict[str, Assumption]:
    """For each fact the value that changes the answer most, and of these the nearest; none where it changes nothing.

    `before` are those found already.
    """
    program, now = decision.model.program, outcome(decision)
    found = dict(before or {})
    for trial, after, contradicted in sorted(told, key=lambda each: each[0].far):
        if after == now or not contradicted <= decision.contradicted:
            continue
        weight = _weight(_event_of(trial.fact, program.policy.vocabulary.facts), now, after)
        if trial.fact not in found or weight < found[trial.fact].weight:
            first, last = trial.stretch or (None, None)
            found[trial.fact] = Assumption(trial.fact, trial.value, weight, first, last, trial.case, program)
    return found


def _nearest_first(tried: Sequence[_Trial]) -> list[_Trial]:
    """The nearest value of every fact in turn, then the next ones."""
    of_fact: dict[str, list[_Trial]] = {}
    for trial in sorted(tried, key=lambda each: each.far):
        of_fact.setdefault(trial.fact, []).append(trial)
    return [trial for turn in zip_longest(*of_fact.values()) for trial in turn if trial is not None]


def _walked(traveller: Traveller, trial: _Trial) -> tuple[Outcome, _Contradicted]:
    after = answer(traveller, traveller.journey(trial.case))
    return outcome(after), after.contradicted


def _trials(program: Program, case: Case, asked: frozenset[str]) -> Iterator[_Trial]:
    """Every record with one fact more that is tried: no fact is taken away, and none changed but by a later occurrence."""
    bearing, every = classes_of(program.of_outcome, case.as_of), classes_of(program, case.as_of)
    for name in every.facts:
        classes = bearing if name in bearing.facts else every
        if name not in bearing.facts and name != SINCE:  # the journey reads since when, whatever the rules do
            continue
        fact = program.policy.vocabulary.facts[name]
        days = occurrences(case.facts.get(name))
        if fact.time == "step" or name in asked or (name in case.facts and not (fact.recurs and days)):
            continue
        ahead = 0
        for value, stretch in trials(program, case, name, classes):
            ahead += stretch is not None and fact.recurs and stretch[0] > case.record_day
            if ahead > MOST_AHEAD:
                break
            if fact.recurs and (value is True or (days and (stretch is None or stretch[1] <= days[-1]))):
                continue  # what an event on no known day can do, one on some day does
            far = 0
            if stretch is not None:
                part = Part(name)
                first, last = max(stretch[0], days[-1] + 1) if days else stretch[0], stretch[1]
                number = min(max(classes.near(part), first), last)
                value, far = classes.typed(part, number), abs(number - classes.near(part))
                value, stretch = (*map(Day, days), value) if days else value, (first, last)
            yield _Trial(name, value, replace(case, facts={**case.facts, name: value}), stretch, far)


def _event_of(name: str, facts: Mapping[str, Fact]) -> Fact:
    """The event that a fact tells of, or the fact itself."""
    return facts.get(facts[name].of, facts[name])


def _weight(fact: Fact, before: Outcome, after: Outcome) -> int:
    """How grave a change is. A closing, and what managers agree, are no moves of the policy: everybody knows of these."""
    (old_status, old_team, _), (status, team, move) = before, after
    if _least(fact) == OTHER or team == CLOSED:
        return OTHER
    if status != old_status or (move is not None and move[3] in ("blocked", "unknown")):
        return HELD_UP
    return MOVED if team != old_team else OTHER


def _least(fact: Fact) -> int:
    """The gravest that a change by a fact can be."""
    return OTHER if fact.time == "agreement" or fact.episode == "ends" else MOVED
