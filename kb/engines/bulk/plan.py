"""Compiles the plain rules to a flat list of AND, OR and NOT steps over bit planes.

A value is one bit for each case. Value 0 is false and value 1 true in every case; then come the inputs (halves of
conditions), then the result of each step. Four simplifications, each exact:

- constants are folded: rules without conditions, and conditions on facts that the table has no column for;
- common subexpressions are computed once; literals are sorted by how often they occur, so that more bodies share a
  prefix;
- a rule with one literal is the same value as the literal, and a conclusion with one rule the same value as the rule;
- steps that no firing depends on are left out.

Rules in a positive cycle are unrolled until nothing new can be derived.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from kb.lowering.halves import HalfProgram, HalfRule

FALSE, TRUE = 0, 1
AND, OR, NOT = range(3)


@dataclass(frozen=True)
class Plan:
    """A compiled program. `steps[i]` is (operation, left, right) and computes value `2 + len(inputs) + i`; NOT has left = right.

    inputs  the halves of conditions that are read
    fired   the value of each rule
    halves  the value of each half that has one; any other half is the OR of its rules
    """

    inputs: tuple[int, ...]
    steps: tuple[tuple[int, int, int], ...]
    fired: tuple[int, ...]
    halves: dict[int, int]

    @property
    def first(self) -> int:
        """The number of the first step's value."""
        return 2 + len(self.inputs)


def make_plan(program: HalfProgram, unknown: Collection[int] = ()) -> Plan:
    """The plan of a program. `unknown`: numbers of the conditions that are open in every case."""
    return _Planner(program, frozenset(unknown)).plan()


class _Planner:
    def __init__(self, program: HalfProgram, unknown: frozenset[int]):
        self.program = program
        self.halves: dict[int, int] = {}
        inputs: list[int] = []
        for number in program.conditions:
            if number in unknown:
                self.halves[program.certain(number)] = FALSE
                self.halves[program.possible(number)] = TRUE
            else:
                inputs += [program.certain(number), program.possible(number)]
        self.inputs = tuple(inputs)
        self.halves |= {half: value for value, half in enumerate(self.inputs, 2)}
        self.steps: list[tuple[int, int, int]] = []
        self.made: dict[tuple[int, int, int], int] = {}
        signed = [(h, True) for rule in program.rules for h in rule.positive]
        signed += [(h, False) for rule in program.rules for h in rule.negative]
        self.uses = Counter(signed)

    def plan(self) -> Plan:
        fired = [FALSE] * len(self.program.rules)
        for indices in _in_order(self.program):
            self._settle(indices, fired)
        return self._without_unread(fired)

    def _without_unread(self, fired: list[int]) -> Plan:
        """The plan without steps that no firing depends on."""
        first = 2 + len(self.inputs)
        wanted = set(fired)
        for place in range(len(self.steps) - 1, -1, -1):
            if first + place in wanted:
                wanted.update(self.steps[place][1:])
        renamed = {value: value for value in range(first)}
        steps: list[tuple[int, int, int]] = []
        for place, (operation, left, right) in enumerate(self.steps):
            if first + place in wanted:
                renamed[first + place] = first + len(steps)
                steps.append((operation, renamed[left], renamed[right]))
        halves = {half: renamed[value] for half, value in self.halves.items() if value in renamed}
        return Plan(self.inputs, tuple(steps), tuple(renamed[value] for value in fired), halves)

    def _settle(self, indices: Sequence[int], fired: list[int]) -> None:
        """Compiles rules of one cycle, unrolled as many rounds as they have heads: each round can derive one more head."""
        heads: dict[int, list[int]] = {}
        for index in indices:
            heads.setdefault(self.program.rules[index].head, []).append(index)
        for _ in range(len(heads) + 1 if self.program.circular else 1):
            before = [fired[i] for i in indices]
            for index in indices:
                fired[index] = self._body(self.program.rules[index])
            for head, rules in heads.items():
                self.halves[head] = self._fold(OR, [fired[i] for i in rules])
            if before == [fired[i] for i in indices]:
                return

    def _body(self, rule: HalfRule) -> int:
        signed = [(h, True) for h in rule.positive] + [(h, False) for h in rule.negative]
        signed.sort(key=lambda literal: (-self.uses[literal], literal))
        return self._fold(AND, [self._signed(half, plain) for half, plain in signed])

    def _signed(self, half: int, plain: bool) -> int:
        value = self.halves.get(half, FALSE)
        return value if plain else self._step(NOT, value, value)

    def _fold(self, operation: int, values: Iterable[int]) -> int:
        """AND or OR of several values; of none, the operation's neutral element."""
        neutral, settled = (TRUE, FALSE) if operation == AND else (FALSE, TRUE)
        wanted = list(dict.fromkeys(v for v in values if v != neutral))
        if settled in wanted:
            return settled
        result = neutral
        for value in wanted:
            result = value if result == neutral else self._step(operation, result, value)
        return result

    def _step(self, operation: int, left: int, right: int) -> int:
        if operation == NOT:
            if left in (FALSE, TRUE):
                return TRUE - left
        elif left == right:
            return left
        key = (operation, min(left, right), max(left, right))
        found = self.made.get(key)
        if found is None:
            found = self.made[key] = 2 + len(self.inputs) + len(self.steps)
            self.steps.append(key)
        return found


def _in_order(program: HalfProgram) -> Iterator[list[int]]:
    """Indices of rules grouped by head, in evaluation order; the rules of a cycle are one group."""
    if not program.circular:
        for _, group in groupby(range(len(program.rules)), lambda i: program.rules[i].head):
            yield list(group)
        return
    import networkx

    rules_of: dict[int, list[int]] = {}
    graph: Any = networkx.DiGraph()
    for index, rule in enumerate(program.rules):
        rules_of.setdefault(rule.head, []).append(index)
        graph.add_node(rule.head)
        graph.add_edges_from((needed, rule.head) for needed in (*rule.positive, *rule.negative))
    condensed = networkx.condensation(graph)
    for part in networkx.topological_sort(condensed):
        members = sorted(condensed.nodes[part]["members"])
        indices = [i for half in members for i in rules_of.get(half, ())]
        if indices:
            yield indices
