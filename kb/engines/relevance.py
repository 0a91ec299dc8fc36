"""The part of a program that can matter in one case.

A rule stays when none of its positive conditions is ruled out by the case or by the lack of
any rule for it. This is how a grounder instantiates rules only for atoms that may be
derived; what remains is left to the engine.
"""

from __future__ import annotations

from kb.lowering.halves import HalfProgram


def relevant_rules(program: HalfProgram, holding: frozenset[int]) -> list[int]:
    """Indices of the rules that an engine has to look at, in the program's order."""
    reachable = set(holding)
    kept: list[int] = []
    # Rules stand in order, so one pass is enough unless positive rules run in a circle.
    before = -1
    while before != len(reachable):
        before = len(reachable)
        kept = []
        for index, rule in enumerate(program.rules):
            if reachable.issuperset(rule.positive):
                reachable.add(rule.head)
                kept.append(index)
        if not program.circular:
            break
    return [i for i in kept if holding.isdisjoint(program.rules[i].negative)]
