"""An engine that keeps what another one fired: for many records of which most differ in one or two facts."""

from __future__ import annotations

from kb.engines.interface import Engine
from kb.lowering.halves import HalfProgram

MOST_KEPT = 400  # results, each of some tens of kilobytes; then it begins again


class Remembering:
    """Asks `engine` once for each program and set of conditions."""

    def __init__(self, engine: Engine):
        self.engine = engine
        self._fired: dict[tuple[int, frozenset[int]], tuple[HalfProgram, frozenset[int]]] = {}

    def fire(self, program: HalfProgram, holding: frozenset[int]) -> frozenset[int]:
        key = id(program), holding
        if key not in self._fired:
            if len(self._fired) >= MOST_KEPT:
                self._fired.clear()
            self._fired[key] = program, self.engine.fire(program, holding)  # the program is held, so that its id stays its own
        return self._fired[key][1]
