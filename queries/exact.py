"""Exact possible teams: fills in the facts that the holder depends on in every way, and decides each resulting record.

An undecided answer names every team that the two halves (`kb.lowering.halves`) don't rule out, which is quick but cautious.
Here each unrecorded fact that the holder depends on gets a value of each class, in all combinations; if a record still leaves
the holder open, it is filled in further. A team is possible if one of these records gives it; that record is its witness.
Unrecorded facts that the holder does not depend on stay unrecorded: they have moved nobody (`kb/house/2_events.dl`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from kb.bulk.table import from_cases
from kb.carried import HOLDER, NOBODY
from kb.case import NO_TEAM_ON_RECORD, Case
from kb.engines.forward import Forward
from kb.engines.interface import Engine
from kb.program import Program
from kb.space.parts import Classes, Part
from queries.assumptions import COLUMNS
from queries.bulk.caseload import outcomes
from queries.decide import Decision, decide
from queries.journey import can_hold
from queries.replies import classes_of, trials
from queries.undecided import UNDECIDED, in_common, with_what_is_sure

MOST = 2_000  # records that are tried for one answer
MOST_WALKED = 60  # of these, decided one by one
MOST_CODES = 6  # codes of a list of which all subsets are tried
FEW = 16  # up to so many records, deciding one by one is faster than in columns


@dataclass(frozen=True)
class Witness:
    """A team and a record that gives it: `case`, with the facts `filled` in."""

    team: str
    filled: tuple[tuple[str, Any], ...]
    case: Case = field(repr=False)


@dataclass(frozen=True)
class Possible:
    """A witness for each possible team. `complete`: all records were tried, so that there is no other possible team."""

    witnesses: tuple[Witness, ...]
    complete: bool

    @property
    def teams(self) -> frozenset[str]:
        return frozenset(witness.team for witness in self.witnesses)


def decide_exactly(program: Program, case: Case, engine: Engine) -> Decision:
    """The decision for a case, with exact possible teams if they can be determined (`Decision.exact`)."""
    return exactly(decide(program, case, engine), engine)


def exactly(decision: Decision, engine: Engine) -> Decision:
    """An undecided decision with exact possible teams; `engine` checks every witness. Other decisions are returned unchanged."""
    if decision.status not in UNDECIDED:
        return decision
    found = possible(decision)
    for witness in found.witnesses:
        if witness.team not in _teams(decide(decision.model.program, witness.case, engine)):
            raise AssertionError(f"the engines differ on {dict(witness.filled)}")
    return _narrowed(decision, found)


def possible(decision: Decision) -> Possible:
    """The possible teams of an undecided answer, with witnesses."""
    return _Filling(decision).possible()


def _narrowed(decision: Decision, found: Possible) -> Decision:
    order = _order(decision)
    teams = found.teams if found.complete else found.teams | set(decision.possible_teams)
    if len(teams) < 2:
        return _only(decision, found)
    told = tuple(sorted(teams, key=order.index))
    ends = [end for end in decision.ends if set(_teams(end)) & teams]
    journey = tuple(
        replace(stint, possible_teams=told) if stint.status == "present" and stint.team is None else stint
        for stint in decision.journey
    )
    narrowed = replace(decision, possible_teams=told, journey=journey, exact=found.complete, witnesses=found.witnesses)
    return with_what_is_sure(narrowed, ends, decision.settled)


def _only(decision: Decision, found: Possible) -> Decision:
    """The answer if all records give the same team, from the ends of the journey with that team.

    If no end gives only that team, the answer stays as it was.
    """
    ends = [end for end in decision.ends if set(_teams(end)) == found.teams]
    if not ends:
        return replace(decision, exact=False)
    journey = tuple(
        replace(stint, team=ends[0].responsible_team, possible_teams=()) if stint.status == "present" else stint
        for stint in decision.journey
    )
    kept = {name: getattr(decision, name) for name in ("missing_facts", "history", "misdated", "settled", "hangs_on")}
    return replace(in_common(ends), journey=journey, exact=True, witnesses=found.witnesses, quick=decision, **kept)


def _order(decision: Decision) -> list[str]:
    codes = decision.model.program.policy.vocabulary.codes
    return [code.code for kind in ("team", "outcome") for code in codes.get(kind, ())]


def _teams(decision: Decision | _Told) -> tuple[str, ...]:
    return decision.possible_teams or (NOBODY,)


class _Filling:
    """Fills in one record, within the limits MOST and MOST_WALKED."""

    def __init__(self, decision: Decision):
        self.decision = decision
        self.program = decision.model.program
        self.vocabulary = self.program.policy.vocabulary
        self.room, self.walks = MOST, MOST_WALKED
        self.complete = True
        self.found: dict[str, Witness] = {}

    def possible(self) -> Possible:
        open_: list[tuple[Decision, Case]] = [(self.decision, self.decision.case)]
        while open_:
            filled = [case for answer, before in open_ for case in self._one_step_on(answer, before)]
            open_ = []
            for case, answer in zip(filled, self._decided(filled)):
                if isinstance(answer, Decision) and answer.status in UNDECIDED:
                    open_.append((answer, case))
                elif answer is not None:
                    self._note(case, _teams(answer))
        order = _order(self.decision)
        told = sorted(self.found.values(), key=lambda witness: order.index(witness.team))
        return Possible(tuple(told), self.complete)

    def _one_step_on(self, answer: Decision, case: Case) -> list[Case]:
        """All records with values for the facts that an answer depends on. If there are none, notes the answer's teams."""
        blanks = self._blanks(answer, case)
        if blanks:
            return self._filled(case, blanks)
        self._note(case, _teams(answer))
        self.complete &= answer.status != "unknown"
        return []

    def _note(self, case: Case, teams: Iterable[str]) -> None:
        for team in teams:
            if team not in self.found:
                before = self.decision.case.facts
                filled = tuple((name, value) for name, value in case.facts.items() if before.get(name) != value)
                self.found[team] = Witness(team, filled, case)

    # filling in

    def _blanks(self, decision: Decision, case: Case) -> list[str]:
        """The facts to fill in. Dates come last, as their ranges depend on the other facts."""
        facts = self.vocabulary.facts
        open_ = [n for n in decision.hangs_on if facts[n].time != "step" and (n not in case.facts or case.facts[n] is True)]
        return sorted(open_, key=lambda name: facts[name].recurs or facts[name].type in ("date", "datetime"))

    def _filled(self, case: Case, blanks: Sequence[str]) -> list[Case]:
        """All combinations of values for the blanks; some blanks are left out if there are too many combinations."""
        found = [case]
        for name in blanks:
            more = [replace(c, facts={**c.facts, name: value}) for c in found for value in self._values(c, name, len(blanks) > 1)]
            if len(more) > self.room:
                self.complete = False
                break
            found = more
        self.room -= len(found)
        return found

    def _values(self, case: Case, name: str, among_others: bool) -> Iterator[Any]:
        """One value of each class of a fact; for a recorded event without a known day, only days up to the day of the record."""
        fact, undated = self.vocabulary.facts[name], case.facts.get(name) is True
        self.complete &= all(tally.source != name for tally in self.vocabulary.tallies.values())  # how many are not tried out
        if name == HOLDER:
            yield from (NO_TEAM_ON_RECORD, *can_hold(self.program))
            return
        if fact.type.startswith("list"):
            yield from self._lists(name, self._classes(name))
            return
        for value, stretch in trials(self.program, case, name, self._classes(name)):
            if stretch is None:
                if not undated and not (fact.recurs and value is True):  # the effects of an unknown day are those of some day
                    yield value
            elif not undated or stretch[0] <= case.record_day:
                yield from (self._classes(name).typed(Part(name), day) for day in self._days(name, stretch, among_others))

    def _lists(self, name: str, classes: Classes) -> Iterator[Any]:
        """The values of a list fact.

        For codes: all subsets of those that rules ask for. For involvements: none, and each earlier team alone with a
        day before this episode.
        """
        parts = classes.parts(name)
        if self.vocabulary.facts[name].type != "list[record]":
            inside = [self._inside(n, parts) for n in range(2 ** min(len(parts), MOST_CODES))]
            self.complete &= len(parts) <= MOST_CODES
            yield from (classes.assemble(name, chosen) for chosen in inside)
            return
        nothing: dict[Part, Any] = dict.fromkeys(parts, False)
        yield classes.assemble(name, nothing)
        opened = self.decision.branch.episode.start if self.decision.branch is not None else None
        last = (self.decision.case.as_of if opened is None else opened) - 1
        for part in parts:
            for value in classes.of[part]:
                if value.low is not None and value.high is not None and value.low <= last:
                    day = min(max(classes.near(part), value.low), value.high, last)
                    yield classes.assemble(name, {**nothing, part: classes.typed(part, day)})
                elif value.value is True and self.vocabulary.calculated[str(part.key[0])].how != "latest":  # type: ignore[index]
                    yield classes.assemble(name, {**nothing, part: True})

    def _inside(self, number: int, parts: Sequence[Part]) -> dict[Part, bool]:
        """Subset `number` of the codes: code i is in it if bit i is set."""
        return {part: bool(number >> place & 1) for place, part in enumerate(parts)}

    def _days(self, name: str, stretch: tuple[int, int], among_others: bool) -> tuple[int, ...]:
        """The days to try in a range.

        With other blanks, it is a day inside the range if possible, as another blank may need a day before or after it in
        the same range.
        """
        first, last = stretch
        if among_others and last - first == 1:
            return first, last
        inside = (first + 1, last - 1) if among_others and last - first > 1 else (first, last)
        return (min(max(self._classes(name).near(Part(name)), inside[0]), inside[1]),)

    def _classes(self, name: str) -> Classes:
        of_outcome, every = self._both_classes
        return of_outcome if name in of_outcome.facts else every

    @cached_property
    def _both_classes(self) -> tuple[Classes, Classes]:
        as_of = self.decision.case.as_of
        return classes_of(self.program.of_outcome, as_of), classes_of(self.program, as_of)

    # deciding

    def _decided(self, cases: Sequence[Case]) -> Iterator[Decision | _Told | None]:
        """The answer of each record; None if it has a new contradiction or there was no room to decide it."""
        quick = outcomes(self.program, from_cases(cases, self.vocabulary), COLUMNS) if len(cases) > FEW else [None] * len(cases)
        settled = [told is not None and told[0][0] not in UNDECIDED for told in quick]
        self.walks -= settled.count(False)
        self.complete &= self.walks >= 0
        for case, told, plain in zip(cases, quick, settled):
            if plain and told is not None:
                (status, team, _), contradicted = told
                yield _Told(status, (team,) if team else ()) if contradicted <= self.decision.contradicted else None
            elif self.walks < 0:  # there are too many, so the answer stays cautious
                yield None
            else:
                answer = decide(self.program, case, Forward())
                yield answer if answer.contradicted <= self.decision.contradicted else None


@dataclass(frozen=True)
class _Told:
    """The answer of a record that was decided in columns."""

    status: str
    possible_teams: tuple[str, ...]
