"""Assumptions: unrecorded facts that an answer takes as not so, and that alone would change it.

Each unrecorded fact is set in turn to a value of each class: for a date, one day of each range within which no condition
changes (of future days of an event, at most two ranges). A recorded event gets one more occurrence after its last day. All
these records are decided together in columns; a fact is an assumption if one of them gives another team, status or move.
Facts in `missing_facts` are left out, as they are asked for anyway: together the two lists are complete for single facts.
If columns can't follow the journey, the records are decided one by one, and only a sample of them if there are more than
`MOST_WALKED`.
Source: `kb/house/2_events.dl` (what nobody recorded has not moved the case).
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
from queries.likelier import likelier_first
from queries.replies import classes_of, trials

#: What the value would change: another team by a move of the policy; the move is held up; who holds the child, or whether the
#: move counts, is no longer settled; anything else.
MOVED, HELD_UP, UNSETTLED, OTHER = range(4)
_Contradicted = frozenset[str | Misdated] | frozenset[str]
_Seen = tuple[Outcome, frozenset[str]]  # outcome and contradictions of a record decided in columns
COLUMNS = Columns()  # shared, as it caches the plans of programs
MOST_AHEAD = 2  # ranges of future days tried for an event
MOST_WALKED, SAMPLE = 600, 200  # most records decided one by one; of more than these only a sample


@dataclass(frozen=True)
class Assumption:
    """An unrecorded fact, and a value that would change the answer.

    weight       MOVED, HELD_UP, UNSETTLED or OTHER
    first, last  the range of days (ordinals) or numbers with the same effect; None for other types
    case         the record with that value
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
        """The answer with that value, computed on demand."""
        return decide(self.program, self.case, Forward())


@dataclass(frozen=True)
class _Trial:
    """The record with one more fact. `far`: distance of its day from the day of the answer, in days."""

    fact: str
    value: Any
    case: Case
    stretch: tuple[int, int] | None
    far: int = 0


@dataclass(frozen=True)
class Assumptions:
    """The assumptions of one answer, the most consequential first, and of equal ones the likelier first.

    `complete`: all values were tried, so that no other single fact would change the answer.
    """

    found: tuple[Assumption, ...]
    complete: bool

    @property
    def facts(self) -> list[str]:
        return [each.fact for each in self.found]


def assumptions(decision: Decision) -> Assumptions:
    """The assumptions of one answer."""
    return assumptions_of([decision])[0]


def assumptions_of(decisions: Sequence[Decision], only_grave: bool = False) -> list[Assumptions]:
    """The assumptions of several answers, decided together: that takes little longer than those of one.

    only_grave  leave out gates, and what can only be OTHER: of the rest the same is found, in about half of the time
    """
    found: dict[int, Assumptions] = {}
    engine = Remembering(Forward())
    decisions = [decision.quick or decision for decision in decisions]
    for program in {id(d.model.program): d.model.program for d in decisions}.values():
        mine = [(place, decision) for place, decision in enumerate(decisions) if decision.model.program is program]
        tried = [list(_trials(program, decision.case, frozenset(decision.missing_facts), only_grave)) for _, decision in mine]
        followed = [is_followed(decision) for _, decision in mine]
        cases = [trial.case for its, plain in zip(tried, followed) if plain for trial in its]
        told = iter(outcomes(program, from_cases(cases, program.policy.vocabulary), COLUMNS) if cases else [])
        for (place, decision), its, plain in zip(mine, tried, followed):
            seen = [next(told) for _ in its] if plain else [None] * len(its)
            found[place] = _changing(decision, its, seen, engine)
    return [found[place] for place in range(len(decisions))]


def is_followed(decision: Decision) -> bool:
    """Whether the journey can be computed in columns: all events have known days, and no stint is open."""
    facts, recorded = decision.model.program.policy.vocabulary.facts, decision.case.facts
    undated = any(value is True and facts[name].recurs for name, value in recorded.items())
    return not undated and HOLDER in recorded and all(stint.team is not None for stint in decision.journey)


def _changing(decision: Decision, tried: Sequence[_Trial], seen: Sequence[_Seen | None], engine: Engine) -> Assumptions:
    """The facts for which some value changes the answer without a new contradiction.

    `seen`: the result of each trial in columns, None if it was not decided there. Trials of facts without a change so far
    are decided one by one, up to a limit.
    """
    facts = decision.model.program.policy.vocabulary.facts
    found = _gravest(decision, [(trial, *told) for trial, told in zip(tried, seen) if told is not None])
    left = [trial for trial, told in zip(tried, seen) if told is None and trial.fact not in found]
    nearest = _nearest_first(left)[: MOST_WALKED if len(left) <= MOST_WALKED else SAMPLE]
    traveller = Traveller(decision.model.program, engine, engine)
    for trial in nearest:
        if trial.fact in found and found[trial.fact].weight <= _least(_event_of(trial.fact, facts)):
            continue
        if traveller.misdated(trial.case) <= decision.contradicted:  # else it is left out, whatever the answer
            found = _gravest(decision, [(trial, *_walked(traveller, trial))], found)
    likelier = likelier_first(decision.model.program, decision.case)
    return Assumptions(
        tuple(sorted(found.values(), key=lambda each: (each.weight, likelier(each.fact)))),
        complete=len(nearest) == len(left),
    )


def _gravest(
    decision: Decision, told: Iterable[tuple[_Trial, Outcome, _Contradicted]], before: Mapping[str, Assumption] | None = None
) -> dict[str, Assumption]:
    """For each fact with an effect, the value with the gravest change and, among these, the nearest day.

    `before`: assumptions found already.
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
    """Trials in rounds: the nearest value of every fact, then the second nearest, and so on."""
    of_fact: dict[str, list[_Trial]] = {}
    for trial in sorted(tried, key=lambda each: each.far):
        of_fact.setdefault(trial.fact, []).append(trial)
    return [trial for turn in zip_longest(*of_fact.values()) for trial in turn if trial is not None]


def _walked(traveller: Traveller, trial: _Trial) -> tuple[Outcome, _Contradicted]:
    after = answer(traveller, traveller.journey(trial.case))
    return outcome(after), after.contradicted


def can_be_grave(fact: Fact, facts: Mapping[str, Fact]) -> bool:
    """Whether a fact is no gate and can change more than OTHER."""
    return fact.time != "gate" and _least(_event_of(fact.name, facts)) != OTHER


def _trials(program: Program, case: Case, asked: frozenset[str], only_grave: bool = False) -> Iterator[_Trial]:
    """The records to try: the case with one more fact, or with one later occurrence of a recorded event."""
    facts = program.policy.vocabulary.facts
    bearing, every = classes_of(program.of_outcome, case.as_of), classes_of(program, case.as_of)
    for name in every.facts:
        classes = bearing if name in bearing.facts else every
        if name not in bearing.facts and name != SINCE:  # the journey reads SINCE itself
            continue
        fact = facts[name]
        if only_grave and not can_be_grave(fact, facts):
            continue
        days = occurrences(case.facts.get(name))
        if fact.time == "step" or name in asked or (name in case.facts and not (fact.recurs and days)):
            continue
        ahead = 0
        for value, stretch in trials(program, case, name, classes):
            ahead += stretch is not None and fact.recurs and stretch[0] > case.record_day
            if ahead > MOST_AHEAD:
                break
            if fact.recurs and (value is True or (days and (stretch is None or stretch[1] <= days[-1]))):
                continue  # the effects of an unknown day are those of some day
            far = 0
            if stretch is not None:
                part = Part(name)
                first, last = max(stretch[0], days[-1] + 1) if days else stretch[0], stretch[1]
                number = min(max(classes.near(part), first), last)
                value, far = classes.typed(part, number), abs(number - classes.near(part))
                value, stretch = (*map(Day, days), value) if days else value, (first, last)
            yield _Trial(name, value, replace(case, facts={**case.facts, name: value}), stretch, far)


def _event_of(name: str, facts: Mapping[str, Fact]) -> Fact:
    """The event that a fact belongs to, or the fact itself."""
    return facts.get(facts[name].of, facts[name])


def _weight(fact: Fact, before: Outcome, after: Outcome) -> int:
    """How grave a change is. Closings and agreements count as OTHER: they are no moves of the policy, and people know them."""
    (old_status, old_team, _), (status, team, move) = before, after
    if _least(fact) == OTHER or team == CLOSED:
        return OTHER
    if move is not None and move[3] == "blocked":
        return HELD_UP
    if status != old_status or (move is not None and move[3] == "unknown"):
        return UNSETTLED
    return MOVED if team != old_team else OTHER


def _least(fact: Fact) -> int:
    """The gravest weight that a fact can have."""
    return OTHER if fact.time == "agreement" or fact.episode == "ends" else MOVED
