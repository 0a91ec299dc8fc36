"""The last step of the journey of each case of a table: the rows that a bulk engine decides.

A bulk engine evaluates one step of the rules. Which step that is, and which part of the record counts in it,
follows from the journey. Most journeys can be walked in columns, all at once (`queries.bulk.walk`); the
others are computed case by case (`queries.journey`). A case whose journey can have gone several ways has no
single last step: `queries.decide` decides it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kb.as_at import as_at
from kb.bulk.columns_in import select
from kb.bulk.table import UNKNOWN, CaseTable, ListColumn, Numbers, from_cases, team_codes
from kb.case import Case
from kb.engines.bulk.columns import Columns
from kb.engines.forward import Forward
from kb.lowering.halves import HalfProgram
from kb.program import Program
from queries.bulk.walk import Rules, walk
from queries.decide import Decision, answer
from queries.journey import Traveller

MOST_REMEMBERED = 100_000  # steps in the memo
EVERY = 256  # cases between two progress reports
CHUNK = 65_536  # cases that are walked together
FEW = 24  # up to so many cases are computed one by one

Told = Callable[[int], None]


@dataclass(frozen=True)
class LastSteps:
    """The last steps of the cases of a table.

    table     the record of each case as it stood on the day of the answer, with the stint running then
    since     the first day of that stint; UNKNOWN if not known
    came_to   the team that the last move led to, index into `team_codes`; UNKNOWN if there was no move
    came_on   the day of that move; UNKNOWN if not known
    asks      by row, facts to ask whatever the last step concludes
    parted    by row, the decisions of cases whose journey can have gone several ways
    hard      number of cases computed one by one
    """

    table: CaseTable
    since: NDArray[np.int32]
    came_to: NDArray[np.int32]
    came_on: NDArray[np.int32]
    asks: dict[int, tuple[str, ...]]
    parted: dict[int, Decision]
    hard: int


def last_steps(
    program: Program, table: CaseTable, done: Told = lambda count: None, in_columns: bool = True, few: int = FEW
) -> LastSteps:
    """The last step of every case. `done` is called with the number of further cases finished.

    Without `in_columns`, or with at most `few` cases, all are computed one by one.
    """
    in_columns = in_columns and len(table) > few
    since, came_to, came_on = (np.full(len(table), UNKNOWN, np.int32) for _ in range(3))
    found = LastSteps(table, since, came_to, came_on, {}, {}, 0)
    parts: list[tuple[Numbers, CaseTable]] = []
    hard = [np.arange(0 if in_columns else len(table))]
    if in_columns:
        rules, engine = Rules(program), Columns()
        for start in range(0, len(table), CHUNK):
            rows = np.arange(start, min(start + CHUNK, len(table)))
            walked = walk(rules, select(table, rows), engine)
            here = np.flatnonzero(walked.plain)
            stints = walked.stints.of(here)
            moved = stints.moves > 0
            found.since[rows[here]] = stints.since
            found.came_to[rows[here]] = np.where(moved, stints.team, UNKNOWN)
            found.came_on[rows[here]] = np.where(moved, stints.since, UNKNOWN)
            parts.append((rows[here], walked.step))
            hard.append(rows[~walked.plain])
            done(len(here))
    others = np.concatenate(hard)
    parts.append((others, _one_by_one(program, table, others, found, done)))
    return replace(found, table=_joined(table, parts), hard=len(others))


# One case after the other -------------------------------------------------------------------


def _one_by_one(program: Program, table: CaseTable, rows: Numbers, found: LastSteps, done: Told) -> CaseTable:
    """The last steps of some rows. Equal records are computed once."""
    vocabulary = program.policy.vocabulary
    teams = {code: number for number, code in enumerate(team_codes(vocabulary))}
    traveller = Traveller(program, Remembering(), Remembering())
    worked_out: dict[Any, _WorkedOut] = {}
    steps: list[Case] = []
    for place, row in enumerate(rows.tolist()):
        case = table.case(row, vocabulary)
        key = _key(case)
        if key not in worked_out:
            worked_out[key] = _worked_out(traveller, case, teams)
        steps.append(replace(worked_out[key].step, case_id=case.case_id))
        _note(found, row, worked_out[key])
        if place % EVERY == EVERY - 1 or place == len(rows) - 1:
            done(place % EVERY + 1)
    return from_cases(steps, vocabulary)


@dataclass(frozen=True, slots=True)
class _WorkedOut:
    """What is kept of a journey: the record of its last step, and what `LastSteps` says of it."""

    step: Case
    since: int | None
    came_to: int | None = None
    came_on: int | None = None
    asks: tuple[str, ...] = ()
    decision: Decision | None = None


def _worked_out(traveller: Traveller, case: Case, teams: dict[str, int]) -> _WorkedOut:
    """The last step of a case, with the decision if its journey has several ways."""
    journey = traveller.journey(case)
    branch = journey.answers[0]
    seen, vocabulary = journey.seen(branch), traveller.vocabulary
    step = as_at(branch.record(case), case.as_of, branch.stint, branch.episode, vocabulary, seen)
    one_way = len(journey.branches) == 1 and journey.branches[0] is branch
    if not one_way:
        decision = _lightened(answer(traveller, journey))
        present = next((stint for stint in decision.journey if stint.status == "present"), None)
        return _WorkedOut(step, None if present is None else present.since, decision=decision)
    if not branch.moves or branch.stint.team is None:
        return _WorkedOut(step, None if journey.bounded else branch.stint.since, asks=tuple(journey.asks))
    return _WorkedOut(step, branch.stint.since, teams[branch.stint.team], branch.moves[-1].day, tuple(journey.asks))


def _lightened(decision: Decision) -> Decision:
    """A decision without the answers of every way and what was worked out of its model: a megabyte for each child."""
    return replace(decision, model=replace(decision.model), branch=None, ends=(), quick=None)


def _note(found: LastSteps, row: int, told: _WorkedOut) -> None:
    if told.decision is not None:
        found.parted[row] = told.decision
    if told.since is not None:
        found.since[row] = told.since
    if told.came_to is not None:
        found.came_to[row] = told.came_to
        found.came_on[row] = UNKNOWN if told.came_on is None else told.came_on
    if told.asks:
        found.asks[row] = told.asks


def _key(case: Case) -> tuple[Any, ...]:
    """The inputs of a journey: cases with equal keys have the same one."""
    return case.as_of, case.recorded_on, tuple((name, repr(value)) for name, value in case.facts.items())


class Remembering:
    """The forward engine with a memo: most steps of a caseload occur more than once."""

    def __init__(self) -> None:
        self.engine = Forward()
        self.known: dict[tuple[int, frozenset[int]], tuple[HalfProgram, frozenset[int]]] = {}

    def fire(self, program: HalfProgram, holding: frozenset[int]) -> frozenset[int]:
        key = id(program), holding
        found = self.known.get(key)
        if found is None or found[0] is not program:
            if len(self.known) >= MOST_REMEMBERED:
                self.known.clear()
            found = self.known[key] = program, self.engine.fire(program, holding)
        return found[1]


# Joining the parts -------------------------------------------------------------------------------


def _joined(table: CaseTable, parts: Sequence[tuple[Numbers, CaseTable]]) -> CaseTable:
    """One table in the original order from tables of some rows each."""
    parts = [(rows, part) for rows, part in parts if len(rows)]
    columns: dict[str, Numbers] = {}
    for rows, part in parts:
        for name, column in part.columns.items():
            if name not in columns:
                columns[name] = np.full(len(table), UNKNOWN, column.dtype)
            columns[name][rows] = column
    lists, later = (_lists(len(table), [(rows, getattr(part, kind)) for rows, part in parts]) for kind in ("lists", "later"))
    columns = {name: column for name, column in columns.items() if (column != UNKNOWN).any()}
    return replace(table, columns=columns, lists=lists, later=later, recorded_on=None)


def _lists(count: int, parts: Sequence[tuple[Numbers, dict[str, ListColumn]]]) -> dict[str, ListColumn]:
    found: dict[str, ListColumn] = {}
    for name in dict.fromkeys(name for _, lists in parts for name in lists):
        some = [(rows, lists[name]) for rows, lists in parts if name in lists]
        known, counts = np.zeros(count, np.bool_), np.zeros(count, np.int64)
        for rows, listed in some:
            known[rows], counts[rows] = listed.known, np.diff(listed.offsets)
        if not known.any():
            continue
        offsets = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        entries = {key: np.zeros(int(offsets[-1]), part.dtype) for key, part in some[0][1].parts.items()}
        for rows, listed in some:
            shift = np.repeat(offsets[:-1][rows] - listed.offsets[:-1], np.diff(listed.offsets))
            for key, part in listed.parts.items():
                entries[key][np.arange(len(part)) + shift] = part
        found[name] = ListColumn(known, offsets, entries)
    return found
