"""The dated occurrences of many records as arrays of cases (rows) by occurrences (columns, oldest first).

As `kb.case.occurrences`, for all rows of a table, with cached values that the computation of journeys needs often.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kb.bulk.table import HAPPENED, UNKNOWN, WHOLE, CaseTable, ListColumn, team_codes
from kb.carried import DEATH, HOLDER, INVOLVEMENTS, SINCE
from kb.case import NO_TEAM_ON_RECORD
from kb.vocabulary.model import Vocabulary

NEVER = 1 << 30  # padding after the last occurrence of a row: later than any day
CLOSED_ON = "closed_on"  # the part of an involvement that holds its day

Days = NDArray[np.int32]
Bits = NDArray[np.bool_]


@dataclass(frozen=True)
class Records:
    """The rows of a table with their occurrences.

    `days` has for each fact with days an array of rows by occurrences, padded with `NEVER`.
    """

    table: CaseTable
    vocabulary: Vocabulary
    days: dict[str, Days]

    def __len__(self) -> int:
        return len(self.table)

    @cached_property
    def record_days(self) -> Days:
        return np.asarray(self.table.record_days, np.int32)

    @cached_property
    def taken_over(self) -> Days:
        """As `kb.episode.taken_over`; NEVER if it is not recorded."""
        if SINCE not in self.days:
            return np.full(len(self), NEVER, np.int32)
        since = self.days[SINCE][:, 0]
        if HOLDER not in self.table.columns:
            return since
        nobody = self.table.columns[HOLDER] == team_codes(self.vocabulary).index(NO_TEAM_ON_RECORD)
        return np.where(nobody, NEVER, since).astype(np.int32)

    @cached_property
    def recurring(self) -> tuple[str, ...]:
        """The recurring facts that are recorded in some row."""
        return tuple(name for name in self.days if self.vocabulary.facts[name].recurs)

    @cached_property
    def first_day(self) -> Days:
        """The first day on which anything happened; `NEVER` if nothing is dated."""
        found = np.full(len(self), NEVER, np.int32)
        for name in self.recurring:
            np.minimum(found, self.days[name][:, 0], out=found)
        return found

    @cached_property
    def last_open_day(self) -> Days:
        """As `kb.episode.last_open_day`."""
        found = np.zeros(len(self), np.int32)
        for name in self.recurring:
            if self.vocabulary.facts[name].episode != "ends" and name != DEATH:
                np.maximum(found, last_by(self.days[name], self.record_days), out=found)
        return found

    @cached_property
    def ahead(self) -> frozenset[str]:
        """The facts that have a day after the day of the record in some row."""
        later = self.record_days[:, None]
        return frozenset(name for name, days in self.days.items() if ((days > later) & (days != NEVER)).any())

    @cached_property
    def involvements(self) -> ListColumn | None:
        """The recorded involvements of earlier teams."""
        return self.table.lists.get(INVOLVEMENTS)

    @cached_property
    def involved(self) -> Bits:
        """The rows with an earlier team on record."""
        listed = self.involvements
        return np.zeros(len(self), np.bool_) if listed is None else np.diff(listed.offsets) > 0

    @cached_property
    def never_known_before(self) -> Bits:
        """As `kb.episode.never_known_before`."""
        listed = self.involvements
        return np.zeros(len(self), np.bool_) if listed is None else listed.known & ~self.involved

    @cached_property
    def undated_before(self) -> Bits:
        """As `kb.episode.undated_before`."""
        found = np.zeros(len(self), np.bool_)
        if self.involvements is not None:
            found[self.involvements.rows[self.involvements.parts[CLOSED_ON] == UNKNOWN]] = True
        return found

    @cached_property
    def earlier_closings(self) -> Days:
        """As `kb.episode.earlier_closings`."""
        listed = self.involvements
        if listed is None:
            return np.full((len(self), 1), NEVER, np.int32)
        dated = listed.parts[CLOSED_ON] != UNKNOWN
        return _spread(listed.rows[dated], np.asarray(listed.parts[CLOSED_ON])[dated], len(self))

    def of_episode(self, part: str) -> Days:
        """The days of all facts with this part in an episode: opens, enters, confirms or ends."""
        named = [self.days[name] for name in self.vocabulary.of_episode(part) if name in self.days]
        return side_by_side(named, len(self))


def records(table: CaseTable, vocabulary: Vocabulary) -> Records:
    """The occurrences of the cases of a table."""
    days: dict[str, Days] = {}
    for name, column in table.columns.items():
        if vocabulary.facts[name].type in ("date", "event"):
            days[name] = _days(column, table.later.get(name))
    return Records(table, vocabulary, days)


def _days(first: NDArray[Any], later: ListColumn | None) -> Days:
    start = np.where(first > HAPPENED, first, NEVER).astype(np.int32)[:, None]
    if later is None or not len(later.parts[WHOLE]):
        return start
    return np.concatenate([start, _spread(later.rows, np.asarray(later.parts[WHOLE]), len(first))], axis=1)


def _spread(rows: NDArray[np.int64], days: NDArray[Any], count: int) -> Days:
    """An array of rows by days. `days[i]` belongs to `rows[i]`, and `rows` is sorted."""
    lengths = np.bincount(rows, minlength=count)
    found = np.full((count, max(1, int(lengths.max(initial=0)))), NEVER, np.int32)
    within = np.arange(len(rows)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    found[rows, within] = days
    return found


def side_by_side(several: list[Days], count: int) -> Days:
    """The days of several facts merged, oldest first."""
    if not several:
        return np.full((count, 1), NEVER, np.int32)
    return several[0] if len(several) == 1 else np.sort(np.concatenate(several, axis=1), axis=1)


def last_by(days: Days, limit: NDArray[Any]) -> Days:
    """The last day of each row up to its limit; 0 if there is none."""
    return np.asarray(np.where(days <= limit[:, None], days, 0).max(axis=1))


def first_from(days: Days, limit: NDArray[Any]) -> Days:
    """The first day of each row from its limit on; `NEVER` if there is none."""
    return np.asarray(np.where(days >= limit[:, None], days, NEVER).min(axis=1))
