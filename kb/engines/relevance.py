"""The rules of a program that are relevant to one case.

A rule is relevant if no positive literal of its body is false in the case or underivable, and no negated condition holds.
A grounder limits instances to derivable atoms in the same way. The engine evaluates what remains.
"""

from __future__ import annotations

from kb.lowering.halves import HalfProgram


def relevant_rules(program: HalfProgram, holding: frozenset[int]) -> list[int]:
    """Indices of the relevant rules, in the program's order. `holding`: the halves of conditions that hold."""
    reachable = set(holding)
    kept: list[int] = []
    before = -1
    while before != len(reachable):  # one pass is enough, as rules are ordered, unless there are cycles
        before = len(reachable)
        kept = []
        for index, positive, negative_conditions, head in program.outline:
            if reachable.issuperset(positive) and holding.isdisjoint(negative_conditions):
                reachable.add(head)
                kept.append(index)
        if not program.circular:
            break
    return kept
