"""The interface of engines: from plain rules and the conditions that hold to the rules that fire."""

from __future__ import annotations

from typing import Protocol

from kb.lowering.halves import HalfProgram


class Engine(Protocol):
    """Evaluates one case. All engines give the same result for the same program and conditions."""

    def fire(self, program: HalfProgram, holding: frozenset[int]) -> frozenset[int]:
        """Indices (into `program.rules`) of all rules whose body holds.

        `holding`: the halves of conditions that hold in the case.
        """
        ...
