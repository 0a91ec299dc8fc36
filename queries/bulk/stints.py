"""Earlier stints of many children at once, and since when a record shows a wrong team.

The stint running on a day is known for all children at once (`queries.bulk.journeys`). The stint before it is
the one running on the day before it began, so the question is asked again for that day.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kb.bulk.columns_in import select
from kb.bulk.table import UNKNOWN, CaseTable, team_codes
from kb.carried import CAME_FROM, CLOSED, HOLDER, NOBODY
from kb.case import NO_TEAM_ON_RECORD
from kb.engines.forward import Forward
from kb.program import Program
from queries.bulk.journeys import LastSteps, last_steps
from queries.decide import StintTold, decide

NOT_KNOWN = -1
MOST_STINTS = 50  # earlier stints followed in columns
Numbers = NDArray[Any]


@dataclass(frozen=True)
class Before:
    """The earlier stints of some cases: `team` from the day `since` until the day `until`.

    `since` and `came` (the team before that) are UNKNOWN if the stint is the first one or its day is not known.
    """

    rows: Numbers
    team: Numbers
    since: Numbers
    until: Numbers
    came: Numbers

    def of(self, some: Numbers) -> Before:
        return Before(*(part[some] for part in (self.rows, self.team, self.since, self.until, self.came)))


def _before(program: Program, table: CaseTable, rows: Numbers, until: Numbers, came: Numbers) -> tuple[Before, list[int]]:
    """The stints that ended on the days `until`, and the rows whose journey can have gone several ways by then."""
    some = select(table, rows)
    asked = replace(some, as_of=(until - 1).astype(some.as_of.dtype), recorded_on=some.record_days.astype(np.int32))
    steps = last_steps(program, asked)
    single = np.array([place not in steps.parted for place in range(len(rows))], np.bool_)
    nobody = team_codes(program.policy.vocabulary).index(NO_TEAM_ON_RECORD)
    team = _column(steps, HOLDER)
    team = np.where((team == nobody) | (team == UNKNOWN), came, team)  # no team on record means the front door
    return Before(rows, team, steps.since, until, _column(steps, CAME_FROM)).of(single), rows[~single].tolist()


def _column(steps: LastSteps, name: str) -> Numbers:
    column = steps.table.columns.get(name)
    return np.full(len(steps.since), UNKNOWN, np.int32) if column is None else column.astype(np.int32)


def wrong_since(
    program: Program, table: CaseTable, steps: LastSteps, differs: Numbers, teams: tuple[str, ...], record: Numbers
) -> Numbers:
    """For each case the day on which the team on record last passed the child on (ordinal).

    `NOT_KNOWN` if the record is not wrong or the day is not known. `record` are indices into `teams`; `differs`
    is 1 where the policy gives another team.
    """
    found = np.full(len(table), NOT_KNOWN, np.int32)
    rows = np.flatnonzero(differs == 1)
    parted = [row for row in rows.tolist() if row in steps.parted]
    for row in parted:
        found[row] = left_on(steps.parted[row].journey, teams[record[row]]) or NOT_KNOWN
    rows = np.setdiff1d(rows, parted)
    since, came = steps.since[rows], _column(steps, CAME_FROM)[rows]
    left = (came == record[rows]) & (since != UNKNOWN)
    found[rows[left]] = since[left]
    alone: list[int] = []
    rows, since, came = rows[~left], since[~left], came[~left]
    for _ in range(MOST_STINTS):
        on = (since != UNKNOWN) & (came != UNKNOWN)
        alone += rows[~on].tolist()
        if not on.any():
            break
        before, open_ = _before(program, table, rows[on], since[on], came[on])
        alone += open_
        left = before.team == record[before.rows]
        found[before.rows[left]] = before.until[left]
        rows, since, came = (part[~left] for part in (before.rows, before.since, before.came))
    else:
        alone += rows.tolist()
    for row, journey in _one_by_one(program, table, alone):
        found[row] = left_on(journey, teams[record[row]]) or NOT_KNOWN
    return found


def stints_before(program: Program, table: CaseTable, steps: LastSteps) -> list[tuple[tuple[str, int, int], ...]]:
    """For each case the stints before the present one, oldest first: (team, first day, last day).

    The team is empty if it is open; a day is `NOT_KNOWN` if not known. The journeys have to begin with the contact
    that opened the case: the records name no team, or one without an earlier start.
    """
    found: list[list[tuple[str, int, int]]] = [[] for _ in range(len(table))]
    teams = team_codes(program.policy.vocabulary)
    nobody, closed = (teams.index(code) if code in teams else UNKNOWN for code in (NOBODY, CLOSED))
    for row, decision in steps.parted.items():
        found[row] = _ended(decision.journey)
    alone: list[int] = []
    rows = np.setdiff1d(np.arange(len(table)), list(steps.parted))
    since, came = steps.since[rows], _column(steps, CAME_FROM)[rows]
    for _ in range(MOST_STINTS):
        on = came != UNKNOWN
        alone += rows[on & (since == UNKNOWN)].tolist()
        on &= since != UNKNOWN
        if not on.any():
            break
        before, open_ = _before(program, table, rows[on], since[on], came[on])
        alone += [*open_, *before.rows[before.team == closed].tolist()]  # before a closing: computed one by one
        before = before.of((before.team != nobody) & (before.team != closed))
        for row, team, start, end in zip(*(part.tolist() for part in (before.rows, before.team, before.since, before.until))):
            found[row].append((teams[team], start, end))
        rows, since, came = before.rows, before.since, before.came
    for row, journey in _one_by_one(program, table, alone):
        found[row] = _ended(journey)
    return [tuple(reversed(stints)) for stints in found]


def _ended(journey: tuple[StintTold, ...]) -> list[tuple[str, int, int]]:
    """The past stints of a journey, last first."""
    told = [stint for stint in journey if stint.status != "planned"]
    return [(s.team or "", s.since or NOT_KNOWN, s.until or NOT_KNOWN) for s in reversed(told[:-1])]


def _one_by_one(program: Program, table: CaseTable, rows: Iterable[int]) -> Iterator[tuple[int, tuple[StintTold, ...]]]:
    """The whole journeys of some rows."""
    engine = Forward()
    for row in rows:
        yield row, decide(program, table.case(row, program.policy.vocabulary), engine).journey


def left_on(journey: tuple[StintTold, ...], team: str) -> int | None:
    """The day (ordinal) on which a team last passed the child on; None if not known or it still has the child.

    For a team that never had the child: the first day of the journey.
    """
    told = [stint for stint in journey if stint.status != "planned"]
    had = [number for number, stint in enumerate(told) if stint.team == team]
    after = told[had[-1] + 1 :] if had else told
    return after[0].since if after else None
