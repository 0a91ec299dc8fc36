"""The default bulk engine: the plan of a program run on bit planes with numpy.

Cases are taken in chunks, so that what one step writes is still near when the next reads it.
All steps of a chunk go into one block of memory that every chunk uses again.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from kb.bulk.bits import ALL, NONE, WORD, words
from kb.bulk.conditions import BulkConditions
from kb.bulk.table import CaseTable
from kb.engines.bulk.interface import Firings
from kb.engines.bulk.plan import AND, FALSE, OR, TRUE, Plan, make_plan
from kb.program import Program

CHUNK = 131_072  # cases; the quickest of those tried (docs/benchmarks.md)


class Columns:
    """Evaluates 64 cases with each machine word."""

    def __init__(self, chunk: int = CHUNK):
        assert chunk % WORD == 0
        self.chunk = chunk

    def fire(self, program: Program, table: CaseTable) -> Iterator[Firings]:
        halves = program.halves
        conditions = BulkConditions(table, program.policy.vocabulary)
        unknown = [n for n in halves.conditions if conditions.is_unknown(halves.atoms[n])]
        plan = make_plan(halves, unknown)
        at = np.array(plan.fired, np.int64)
        width = words(min(self.chunk, len(table)))
        block = np.empty((plan.size, width), np.uint64)
        block[FALSE], block[TRUE] = NONE, ALL
        steps = _steps(plan, block)
        for start in range(0, len(table), self.chunk):
            count = min(self.chunk, len(table) - start)
            planes = block[:, : words(count)]
            if planes.shape != block.shape:
                steps = _steps(plan, planes)
            rows = conditions.rows(start, start + count)
            for place, half in enumerate(plan.inputs[::2]):
                planes[2 + 2 * place], planes[3 + 2 * place] = rows.planes(halves.atoms[half // 2])
            for operation, arguments in steps:
                operation(*arguments)
            yield Firings(program, conditions, start, count, planes, at, {h: planes[v] for h, v in plan.halves.items()})


def _steps(plan: Plan, planes: Any) -> list[tuple[Any, tuple[Any, ...]]]:
    """Each step as a numpy function with its operands and its result."""
    rows = list(planes)
    found: list[tuple[Any, tuple[Any, ...]]] = []
    for place, (operation, left, right) in enumerate(plan.steps, plan.first):
        if operation == AND:
            found.append((np.bitwise_and, (rows[left], rows[right], rows[place])))
        elif operation == OR:
            found.append((np.bitwise_or, (rows[left], rows[right], rows[place])))
        else:
            found.append((np.invert, (rows[left], rows[place])))
    return found
