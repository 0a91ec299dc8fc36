"""The rules run forward in their order: a few lines that any engine can be checked against."""

from __future__ import annotations

from kb.lowering.halves import HalfProgram


class Forward:
    """Fires each rule once what it needs is settled. Programs with positive circles repeat."""

    def fire(self, program: HalfProgram, holding: frozenset[int]) -> frozenset[int]:
        true = set(holding)
        fired: set[int] = set()
        before = -1
        while before != len(fired):
            before = len(fired)
            for index, rule in enumerate(program.rules):
                if true.issuperset(rule.positive) and true.isdisjoint(rule.negative):
                    true.add(rule.head)
                    fired.add(index)
            if not program.circular:
                break
        return frozenset(fired)
