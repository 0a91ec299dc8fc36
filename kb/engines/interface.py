"""What every engine offers: plain rules and the conditions that hold, to the rules that fire."""

from __future__ import annotations

from typing import Protocol

from kb.lowering.halves import HalfProgram


class Engine(Protocol):
    """Evaluates one case. Same program and conditions, same result, whatever the engine."""

    def fire(self, program: HalfProgram, holding: frozenset[int]) -> frozenset[int]:
        """Indices (into `program.rules`) of every rule whose body holds.

        `holding` are the halves of conditions that hold: certain, possible or both.
        """
        ...
