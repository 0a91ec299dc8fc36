"""The part of a program that can matter in one case.

A rule stays when none of its positive conditions is ruled out by the case or by the lack of
any rule for it. This is how a grounder instantiates rules only for atoms that may be
derived; what remains is left to the engine. Rules without conditions hold in every case.
"""

from __future__ import annotations

from kb.lowering.halves import HalfProgram


def relevant_rules(program: HalfProgram, holding: frozenset[int]) -> list[int]:
    """Indices of the rules that an engine has to look at, in the program's order."""
    reachable = set(holding)
    kept: list[int] = []
    before = -1
    while before != len(reachable):  # one pass, as rules stand in order, unless they run in a circle
        before = len(reachable)
        kept = []
        for index, positive, negative_conditions, head in program.outline:
            if reachable.issuperset(positive) and holding.isdisjoint(negative_conditions):
                reachable.add(head)
                kept.append(index)
        if not program.circular:
            break
    return kept
