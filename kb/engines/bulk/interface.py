"""What every bulk engine offers: a program and many cases, to all rules that fire, a chunk at a time."""

from __future__ import annotations

from collections.abc import Iterator
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
    """Evaluates many cases. Same program and table, same firings, whatever the engine."""

    def fire(self, program: Program, table: CaseTable) -> Iterator[Firings]:
        """The firings of all cases, in chunks that follow one another.

        A chunk may reuse the memory of the one before: `kept` gives it memory of its own.
        """
        ...


@dataclass(frozen=True)
class Firings:
    """Every rule's firing in the cases from `start` on: one bit a rule a case.

    Rule i (of `program.halves.rules`) fires where `planes[at[i]]` has a bit; rules that
    always fire together may share a plane.
    """

    program: Program
    conditions: BulkConditions
    start: int
    count: int
    planes: NDArray[np.uint64]
    at: NDArray[np.int64]
    halves: dict[int, Plane] = field(default_factory=dict, repr=False)

    def rule(self, index: int) -> Plane:
        """Where a rule fires."""
        plane: Plane = self.planes[self.at[index]]
        return plane

    def half(self, half: int) -> Plane:
        """Where a half holds: a condition's is looked up, a conclusion's is that of its rules."""
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
        """The same with memory of its own, and without what was worked out besides.

        Rules that fire nowhere share one empty plane: with real cases that is most of them.
        """
        used, at = np.unique(self.at, return_inverse=True)
        fires = np.bitwise_or.reduce(self.planes, axis=1)[used] != NONE
        planes = np.empty((1 + int(fires.sum()), self.planes.shape[1]), np.uint64)
        planes[0] = NONE
        np.take(self.planes, used[fires], axis=0, out=planes[1:], mode="clip")
        place = np.where(fires, np.cumsum(fires), 0)
        return replace(self, planes=planes, at=place[at], halves={})

    def of_case(self, row: int) -> frozenset[int]:
        """Indices of the rules that fire in one case; `row` counts from the start of the table."""
        fires = np.zeros(len(self.planes), np.bool_)
        fires[column(self.planes, row - self.start)] = True
        return frozenset(np.flatnonzero(fires[self.at]).tolist())

    def model(self, row: int) -> Model:
        """The model of one case, read off without deciding again."""
        vocabulary = self.program.policy.vocabulary
        conditions = Conditions(self.conditions.table.case(row, vocabulary), vocabulary)
        return Model(self.program, conditions, holding(self.program.halves, conditions), self.of_case(row))
