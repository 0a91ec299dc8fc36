"""The interface of bulk engines: from a program and many cases to the rules that fire, a chunk at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from kb.bulk.bits import NONE, Plane, column, words
from kb.bulk.conditions import BulkConditions
from kb.bulk.table import CaseTable
from kb.conditions import Conditions
from kb.program import Model, Program, holding


class BulkEngine(Protocol):
    """Evaluates many cases. All engines give the same firings for the same program and table."""

    def fire(self, program: Program, table: CaseTable) -> Iterator[Firings]:
        """The firings of all cases, in consecutive chunks.

        A chunk may reuse the memory of the chunk before; `Firings.kept` copies it.
        """
        ...


@dataclass(frozen=True)
class Firings:
    """Which rules fire in the `count` cases from row `start` on: one bit for each rule and case.

    Rule i (of `program.halves.rules`) fires in the cases whose bit is set in `planes[at[i]]`; rules that always fire
    together may share a plane. `settled` names the rows of `planes` with the halves that are there already; `halves` caches
    the planes of `half`.
    """

    program: Program
    conditions: BulkConditions
    start: int
    count: int
    planes: NDArray[np.uint64]
    at: NDArray[np.int64]
    settled: Mapping[int, int] = field(default_factory=dict, repr=False)
    halves: dict[int, Plane] = field(default_factory=dict, repr=False)

    def rule(self, index: int) -> Plane:
        """The plane of the cases in which a rule fires."""
        plane: Plane = self.planes[self.at[index]]
        return plane

    def half(self, half: int) -> Plane:
        """The plane of the cases in which a half holds: looked up for a condition, derived from its rules for a conclusion."""
        if half in self.settled:
            settled: Plane = self.planes[self.settled[half]]
            return settled
        found = self.halves.get(half)
        if found is None:
            halves = self.program.halves
            number = half // 2
            if number in halves.leaves:
                rows = self.conditions.rows(self.start, self.start + self.count)
                both = rows.planes(halves.atoms[number])
                self.halves[halves.certain(number)], self.halves[halves.possible(number)] = both
                return self.halves[half]
            found = np.full(words(self.count), NONE)
            for rule in halves.rules_for.get(half, ()):
                found |= self.rule(rule)
            self.halves[half] = found
        return found

    def kept(self) -> Firings:
        """A copy that owns its memory, without the cached halves.

        Rules that fire in no case (most of them, with real cases) share one empty plane.
        """
        used, at = np.unique(self.at, return_inverse=True)
        fires = np.bitwise_or.reduce(self.planes, axis=1)[used] != NONE
        planes = np.empty((1 + int(fires.sum()), self.planes.shape[1]), np.uint64)
        planes[0] = NONE
        np.take(self.planes, used[fires], axis=0, out=planes[1:], mode="clip")
        place = np.where(fires, np.cumsum(fires), 0)
        return replace(self, planes=planes, at=place[at], settled={}, halves={})

    def of_case(self, row: int) -> frozenset[int]:
        """Indices of the rules that fire in one case; `row` is its row in the whole table."""
        fires = np.zeros(len(self.planes), np.bool_)
        fires[column(self.planes, row - self.start)] = True
        return frozenset(np.flatnonzero(fires[self.at]).tolist())

    def model(self, row: int) -> Model:
        """The model of one case, from its firings; `row` is its row in the whole table."""
        vocabulary = self.program.policy.vocabulary
        conditions = Conditions(self.conditions.table.case(row, vocabulary), vocabulary)
        return Model(self.program, conditions, holding(self.program.halves, conditions), self.of_case(row))
