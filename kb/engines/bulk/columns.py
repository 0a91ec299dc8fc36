"""The default bulk engine: runs the plan of a program on bit planes with numpy.

Cases are evaluated in chunks, so that planes written by one step are still in the CPU cache when the next reads them.
Inputs and firings have a row each in one block of memory; intermediate values share a few rows that are reused. Every
chunk uses the same block.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kb.bulk.bits import ALL, NONE, WORD, words
from kb.bulk.conditions import BulkConditions
from kb.bulk.table import CaseTable
from kb.engines.bulk.interface import Firings
from kb.engines.bulk.plan import AND, FALSE, NOT, OR, TRUE, Plan, make_plan
from kb.language.model import Atom
from kb.lowering.halves import HalfProgram
from kb.program import Program

CHUNK = 131_072  # cases; the fastest size measured (docs/benchmarks.md)
MOST_PLANS = 16  # cached at a time

Places = tuple[list[int], int, int]
Step = tuple[Any, int, int, int]


class Columns:
    """Evaluates 64 cases with each 64-bit word."""

    def __init__(self, chunk: int = CHUNK):
        assert chunk % WORD == 0
        self.chunk = chunk
        self.plans: dict[tuple[int, frozenset[str]], tuple[HalfProgram, Planned]] = {}

    def fire(self, program: Program, table: CaseTable) -> Iterator[Firings]:
        halves = program.halves
        conditions = BulkConditions(table, program.policy.vocabulary)
        of = self._planned(halves, conditions)
        block = np.empty((of.needed, words(min(self.chunk, len(table)))), np.uint64)
        block[FALSE], block[TRUE] = NONE, ALL
        for start in range(0, len(table), self.chunk):
            count = min(self.chunk, len(table) - start)
            planes = block[:, : words(count)]
            conditions.rows(start, start + count).fill(of.inputs, planes[2 : 2 + 2 * len(of.inputs)])
            row = list(planes)
            for operation, left, right, to in of.steps:
                operation(row[left], row[right], row[to])
            yield Firings(program, conditions, start, count, planes[: of.kept], of.at, of.settled)

    def _planned(self, halves: HalfProgram, conditions: BulkConditions) -> Planned:
        """The plan of a program for a table with these columns. Cached: a journey uses a few plans many times."""
        key = id(halves), conditions.recorded
        found = self.plans.get(key)
        if found is None or found[0] is not halves:
            if len(self.plans) >= MOST_PLANS:
                self.plans.clear()
            unknown = frozenset(n for n in halves.conditions if conditions.is_unknown(halves.atoms[n]))
            found = self.plans[key] = halves, planned(halves, make_plan(halves, unknown))
        return found[1]


@dataclass(frozen=True)
class Planned:
    """A plan with the places of its values in memory, as `places_of` gives them.

    inputs   the conditions that are read
    at       the place of each rule
    settled  the place of each half whose value is kept
    """

    inputs: tuple[Atom, ...]
    steps: list[Step]
    kept: int
    needed: int
    at: NDArray[np.int64]
    settled: dict[int, int]


def planned(halves: HalfProgram, plan: Plan) -> Planned:
    """A plan of a program, with the places of its values."""
    rows, kept, needed = places_of(plan)
    return Planned(
        tuple(halves.atoms[half // 2] for half in plan.inputs[::2]),
        steps_of(plan, rows),
        kept,
        needed,
        np.array([rows[value] for value in plan.fired], np.int64),
        {half: rows[value] for half, value in plan.halves.items() if rows[value] < kept},
    )


def places_of(plan: Plan) -> Places:
    """The memory row of each value, the number of rows that are kept, and the number of all rows.

    False, true, inputs and firings come first and are kept. The row of any other value is reused after the last step that
    reads it.
    """
    fired = {value for value in plan.fired if value >= plan.first}
    last = {operand: place for place, (_, *operands) in enumerate(plan.steps) for operand in operands}
    rows = list(range(plan.first))
    free: list[int] = []
    next_kept, kept = plan.first, plan.first + len(fired)
    highest = kept
    for place, (_, left, right) in enumerate(plan.steps):
        if plan.first + place in fired:
            rows.append(next_kept)
            next_kept += 1
        elif free:
            rows.append(free.pop())
        else:
            rows.append(highest)
            highest += 1
        free += [rows[operand] for operand in {left, right} if rows[operand] >= kept and last[operand] == place]
    return rows, kept, highest


def steps_of(plan: Plan, rows: list[int]) -> list[Step]:
    """Each step as a numpy function with the memory rows of its two operands and its result. NOT is XOR with true."""
    operations = {AND: np.bitwise_and, OR: np.bitwise_or, NOT: np.bitwise_xor}
    return [
        (operations[operation], rows[left], rows[TRUE if operation == NOT else right], row)
        for row, (operation, left, right) in zip(rows[plan.first :], plan.steps)
    ]
