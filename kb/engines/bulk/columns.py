"""The default bulk engine: runs the plan of a program on bit planes with numpy.

Cases are evaluated in chunks, so that planes written by one step are still in the CPU cache when the next reads them.
Inputs and firings have a row each in one block of memory; intermediate values share a few rows that are reused. Every
chunk uses the same block.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from kb.bulk.bits import ALL, NONE, WORD, words
from kb.bulk.conditions import BulkConditions
from kb.bulk.table import CaseTable
from kb.engines.bulk.interface import Firings
from kb.engines.bulk.plan import AND, FALSE, NOT, OR, TRUE, Plan, make_plan
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
        self.plans: dict[tuple[int, frozenset[int]], tuple[HalfProgram, Plan, Places, list[Step]]] = {}

    def fire(self, program: Program, table: CaseTable) -> Iterator[Firings]:
        halves = program.halves
        conditions = BulkConditions(table, program.policy.vocabulary)
        plan, (rows, kept, needed), steps = self._planned(
            halves, frozenset(n for n in halves.conditions if conditions.is_unknown(halves.atoms[n]))
        )
        at = np.array([rows[value] for value in plan.fired], np.int64)
        settled = {half: rows[value] for half, value in plan.halves.items() if rows[value] < kept}
        block = np.empty((needed, words(min(self.chunk, len(table)))), np.uint64)
        block[FALSE], block[TRUE] = NONE, ALL
        for start in range(0, len(table), self.chunk):
            count = min(self.chunk, len(table) - start)
            planes = block[:, : words(count)]
            here = conditions.rows(start, start + count)
            for place, half in enumerate(plan.inputs[::2]):
                planes[2 + 2 * place], planes[3 + 2 * place] = here.planes(halves.atoms[half // 2])
            row = list(planes)
            for operation, left, right, to in steps:
                operation(row[left], row[right], row[to])
            found = {half: planes[row] for half, row in settled.items()}
            yield Firings(program, conditions, start, count, planes[:kept], at, found)

    def _planned(self, halves: HalfProgram, unknown: frozenset[int]) -> tuple[Plan, Places, list[Step]]:
        """The plan of a program, the places of its values, and its steps. Cached: a journey uses a few plans many times."""
        key = id(halves), unknown
        found = self.plans.get(key)
        if found is None or found[0] is not halves:
            if len(self.plans) >= MOST_PLANS:
                self.plans.clear()
            plan = make_plan(halves, unknown)
            places = places_of(plan)
            found = self.plans[key] = halves, plan, places, steps_of(plan, places[0])
        return found[1:]


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
