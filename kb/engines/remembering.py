"""An engine that caches the results of another one, for many records that differ in only one or two facts."""

from __future__ import annotations

from kb.engines.interface import Engine
from kb.lowering.halves import HalfProgram

MOST_KEPT = 400  # cached results, each of some tens of kilobytes; beyond that the cache is emptied


class Remembering:
    """Calls `engine` once for each program and set of conditions."""

    def __init__(self, engine: Engine):
        self.engine = engine
        self._fired: dict[tuple[int, frozenset[int]], tuple[HalfProgram, frozenset[int]]] = {}

    def fire(self, program: HalfProgram, holding: frozenset[int]) -> frozenset[int]:
        key = id(program), holding
        if key not in self._fired:
            if len(self._fired) >= MOST_KEPT:
                self._fired.clear()
            self._fired[key] = program, self.engine.fire(program, holding)  # the reference keeps its id in use
        return self._fired[key][1]
