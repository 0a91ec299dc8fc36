"""The rules run forward in their order: a few lines that any engine can be checked against."""

from __future__ import annotations

from kb.lowering.halves import HalfProgram


class Forward:
    """Fires each rule once what it needs is settled.

    In a program with positive circles a conclusion may come after a rule that needs it: the run goes back to that rule, so
    that a circle is settled before any rule denies a part of it.
    """

    def fire(self, program: HalfProgram, holding: frozenset[int]) -> frozenset[int]:
        if program.circular:
            return _in_circles(program, holding)
        true = set(holding)
        fired: set[int] = set()
        for index, rule in enumerate(program.rules):
            if true.issuperset(rule.positive) and true.isdisjoint(rule.negative):
                true.add(rule.head)
                fired.add(index)
        return frozenset(fired)


def _in_circles(program: HalfProgram, holding: frozenset[int]) -> frozenset[int]:
    needed: dict[int, int] = {}  # the first rule that needs each half
    for index, rule in enumerate(program.rules):
        for half in rule.positive:
            needed.setdefault(half, index)
    true, fired, index = set(holding), set[int](), 0
    while index < len(program.rules):
        rule = program.rules[index]
        index += 1
        if true.issuperset(rule.positive) and true.isdisjoint(rule.negative):
            fired.add(index - 1)
            if rule.head not in true:
                true.add(rule.head)
                index = min(index, needed.get(rule.head, index))
    return frozenset(fired)
