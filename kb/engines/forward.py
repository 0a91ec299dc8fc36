"""The rules run forward: a rule is looked at once all that it needs holds, the first of them first.

The rules stand in an order in which each head comes after what it needs, so what a rule denies is settled before it. In
a positive circle a conclusion may come after a rule that needs it; that rule is then the next one looked at, so that a
circle too is settled before any rule denies a part of it.
Source: W. F. Dowling and J. H. Gallier, "Linear-time algorithms for testing the satisfiability of propositional Horn
formulae", 1984.
"""

from __future__ import annotations

from heapq import heappop, heappush

from kb.lowering.halves import HalfProgram


class Forward:
    """Fires each rule once what it needs is settled."""

    def fire(self, program: HalfProgram, holding: frozenset[int]) -> frozenset[int]:
        rules, needed_by, unrecorded = program.rules, program.needed_by, program.looked_up.possible
        lacking = program.lacking.copy()
        ready = list(program.ready)  # in order, which makes it a heap

        def settle(half: int) -> None:
            for index in needed_by.get(half, ()):
                lacking[index] -= 1
                if not lacking[index]:
                    heappush(ready, index)

        for half in unrecorded - holding:
            for index in needed_by.get(half, ()):
                lacking[index] += 1
        for half in holding - unrecorded:
            settle(half)
        true, fired = set(holding), set[int]()
        while ready:
            index = heappop(ready)
            rule = rules[index]
            if lacking[index] or not true.isdisjoint(rule.negative):
                continue
            fired.add(index)
            if rule.head not in true:
                true.add(rule.head)
                settle(rule.head)
        return frozenset(fired)
