"""Forward chaining: a rule is tried once all its positive conditions hold, in the order of the program.

The program is ordered so that each head comes after everything that its rules need; so whatever a rule negates is settled
before the rule is tried. In a positive cycle, a conclusion may come after a rule that needs it. That rule is then tried
next, so that the cycle is settled before any rule negates a part of it.
Source: W. F. Dowling and J. H. Gallier, "Linear-time algorithms for testing the satisfiability of propositional Horn
formulae", 1984.
"""

from __future__ import annotations

from heapq import heappop, heappush

from kb.lowering.halves import HalfProgram


class Forward:
    """Evaluates one case by forward chaining."""

    def fire(self, program: HalfProgram, holding: frozenset[int]) -> frozenset[int]:
        rules, needed_by, unrecorded = program.rules, program.needed_by, program.looked_up.possible
        lacking = program.lacking.copy()
        ready = list(program.ready)  # sorted, hence a heap

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
