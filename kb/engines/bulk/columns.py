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


class Columns:
    """Evaluates 64 cases with each 64-bit word."""

    def __init__(self, chunk: int = CHUNK):
        assert chunk % WORD == 0
        self.chunk = chunk
        self.plans: dict[tuple[int, frozenset[int]], tuple[HalfProgram, Plan, Places]] = {}

    def fire(self, program: Program, table: CaseTable) -> Iterator[Firings]:
        halves = program.halves
        conditions = BulkConditions(table, program.policy.vocabulary)
        plan, (rows, kept, needed) = self._planned(
            halves, frozenset(n for n in halves.conditions if conditions.is_unknown(halves.atoms[n]))
        )
        at = np.array([rows[value] for value in plan.fired], np.int64)
        settled = {half: rows[value] for half, value in plan.halves.items() if rows[value] < kept}
        block = np.empty((needed, words(min(self.chunk, len(table)))), np.uint64)
        block[FALSE], block[TRUE] = NONE, ALL
        steps = _steps(plan, rows, block)
        for start in range(0, len(table), self.chunk):
            count = min(self.chunk, len(table) - start)
            planes = block[:, : words(count)]
            if planes.shape != block.shape:
                steps = _steps(plan, rows, planes)
            here = conditions.rows(start, start + count)
            for place, half in enumerate(plan.inputs[::2]):
                planes[2 + 2 * place], planes[3 + 2 * place] = here.planes(halves.atoms[half // 2])
            for operation, arguments in steps:
                operation(*arguments)
            found = {half: planes[row] for half, row in settled.items()}
            yield Firings(program, conditions, start, count, planes[:kept], at, found)

    def _planned(self, halves: HalfProgram, unknown: frozenset[int]) -> tuple[Plan, Places]:
        """The plan of a program and the places of its values. Cached, because a journey uses the same few plans many times."""
        key = id(halves), unknown
        found = self.plans.get(key)
        if found is None or found[0] is not halves:
            if len(self.plans) >= MOST_PLANS:
                self.plans.clear()
            plan = make_plan(halves, unknown)
            found = self.plans[key] = halves, plan, places_of(plan)
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


def _steps(plan: Plan, rows: list[int], planes: Any) -> list[tuple[Any, tuple[Any, ...]]]:
    """Each step as a numpy function with its operand and result arrays."""
    views = list(planes)
    operations = {AND: np.bitwise_and, OR: np.bitwise_or, NOT: np.invert}
    found: list[tuple[Any, tuple[Any, ...]]] = []
    for row, (operation, left, right) in zip(rows[plan.first :], plan.steps):
        operands = (left,) if operation == NOT else (left, right)
        found.append((operations[operation], (*(views[rows[value]] for value in operands), views[row])))
    return found
