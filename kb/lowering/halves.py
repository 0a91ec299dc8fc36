"""Unknowns: each conclusion is split into a certain and a possible half.

`certain` holds when the conclusion follows whatever the unknown facts are; `possible` when
it may. Negation swaps the halves, `known` asks for the certain one. What is left is plain
stratified Datalog over two truth values (as Kleene's strong three-valued logic; compare
Fitting, "A Kripke-Kleene semantics for logic programs", 1985).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from kb.conditions import PLANNED
from kb.language.model import Atom, Literal, Term, ValueOf, inner
from kb.lowering.ground import GroundRule, is_condition


@dataclass(frozen=True, slots=True)
class HalfRule:
    """A plain rule over numbered halves. `ground` is the rule it came from."""

    head: int
    positive: tuple[int, ...]
    negative: tuple[int, ...]
    ground: int
    certain: bool


@dataclass(frozen=True)
class LookedUp:
    """The conditions of a program by the facts that they look at.

    `needs` gives the facts of each condition, `by_fact` the conditions of each fact, `always` those that look at no
    fact, `possible` the possible halves of all: what holds where nothing is recorded.
    """

    needs: dict[int, frozenset[str]]
    by_fact: dict[str, tuple[int, ...]]
    always: tuple[int, ...]
    possible: frozenset[int]


def _facts_in(atom: Atom) -> frozenset[str]:
    """The facts, or the names worked out from lists, that a condition looks at. Without one of them it is unknown."""
    values = {value.fact for arg in atom.args for value in _values(arg)}
    if atom.is_comparison:
        return frozenset(values)
    own = str(atom.args[0]) if atom.predicate == PLANNED else atom.predicate
    return frozenset({own, *values})


def _values(term: Term) -> Iterator[ValueOf]:
    if isinstance(term, ValueOf):
        yield term
    for part in inner(term):
        yield from _values(part)


@dataclass(frozen=True)
class HalfProgram:
    """Plain rules in an order in which each head comes after what it needs.

    Atom number n has its certain half at 2n and its possible half at 2n+1; an atom that is
    never unknown uses 2n for both.
    """

    atoms: tuple[Atom, ...]
    definite: frozenset[int]
    conditions: tuple[int, ...]
    rules: tuple[HalfRule, ...]
    numbers: dict[Atom, int]
    circular: bool = False

    @cached_property
    def lacking(self) -> list[int]:
        """For each rule the number of halves that it needs and that do not hold where nothing is recorded."""
        return [len(set(rule.positive) - self.looked_up.possible) for rule in self.rules]

    @cached_property
    def ready(self) -> tuple[int, ...]:
        """The rules that lack nothing where nothing is recorded, in order."""
        return tuple(index for index, count in enumerate(self.lacking) if not count)

    @cached_property
    def needed_by(self) -> dict[int, tuple[int, ...]]:
        """The rules that need each half."""
        found: dict[int, list[int]] = {}
        for index, rule in enumerate(self.rules):
            for half in set(rule.positive):
                found.setdefault(half, []).append(index)
        return {half: tuple(rules) for half, rules in found.items()}

    @cached_property
    def always(self) -> frozenset[int]:
        """Rules without conditions: they fire in every case."""
        return frozenset(i for i, rule in enumerate(self.rules) if not rule.positive and not rule.negative)

    @cached_property
    def always_true(self) -> frozenset[int]:
        """Halves that hold in every case."""
        return frozenset(self.rules[i].head for i in self.always)

    @cached_property
    def outline(self) -> tuple[tuple[int, tuple[int, ...], tuple[int, ...], int], ...]:
        """Index, what must hold, which conditions must not, and head of each rule with conditions."""
        leaves = {half for n in self.conditions for half in (2 * n, 2 * n + 1)}
        return tuple(
            (i, rule.positive, tuple(n for n in rule.negative if n in leaves), rule.head)
            for i, rule in enumerate(self.rules)
            if i not in self.always
        )

    @cached_property
    def leaves(self) -> frozenset[int]:
        """The numbers of the conditions."""
        return frozenset(self.conditions)

    @cached_property
    def looked_up(self) -> LookedUp:
        """Which conditions look at which facts."""
        needs = {number: _facts_in(self.atoms[number]) for number in self.conditions}
        by_fact: dict[str, list[int]] = {}
        for number, names in needs.items():
            for name in names:
                by_fact.setdefault(name, []).append(number)
        possible = frozenset(self.possible(number) for number in self.conditions)
        always = tuple(number for number, names in needs.items() if not names)
        return LookedUp(needs, {name: tuple(numbers) for name, numbers in by_fact.items()}, always, possible)

    @cached_property
    def rules_for(self) -> dict[int, tuple[int, ...]]:
        """Indices of the rules that conclude each half."""
        found: dict[int, list[int]] = {}
        for index, rule in enumerate(self.rules):
            found.setdefault(rule.head, []).append(index)
        return {head: tuple(indices) for head, indices in found.items()}

    def rules_under(self, halves: Iterable[int]) -> list[int]:
        """The indices of the rules that some halves rest on, in their order."""
        wanted = set(halves)
        before = -1
        kept: list[int] = []
        while before != len(wanted):
            before = len(wanted)
            kept = []
            for index in range(len(self.rules) - 1, -1, -1):
                rule = self.rules[index]
                if rule.head in wanted:
                    wanted.update(rule.positive, rule.negative)
                    kept.append(index)
            if not self.circular:
                break
        return kept[::-1]

    def about(self, halves: Iterable[int]) -> HalfProgram:
        """The same program with only what some halves rest on."""
        rules = tuple(self.rules[index] for index in self.rules_under(halves))
        read = {half for rule in rules for half in (*rule.positive, *rule.negative)}
        conditions = tuple(n for n in self.conditions if self.certain(n) in read or self.possible(n) in read)
        return replace(self, rules=rules, conditions=conditions)

    def certain(self, number: int) -> int:
        return 2 * number

    def possible(self, number: int) -> int:
        return 2 * number if number in self.definite else 2 * number + 1


def lower_unknowns(rules: Sequence[GroundRule], conditions: frozenset[str]) -> HalfProgram:
    """The two-valued program of some ground rules (not yet in order)."""
    numbers: dict[Atom, int] = {}
    told_by: dict[int, list[int]] = {}  # atom to the heads that take its truth, unknown and all
    for rule in rules:
        head = numbers.setdefault(rule.head, len(numbers))
        for literal in rule.body:
            number = numbers.setdefault(literal.atom, len(numbers))
            if not literal.known:
                told_by.setdefault(number, []).append(head)
    leaves = tuple(n for atom, n in numbers.items() if is_condition(atom, conditions))
    definite = frozenset(range(len(numbers))) - _reached(leaves, told_by)

    program = HalfProgram(tuple(numbers), definite, leaves, (), numbers)
    plain = [half for index, rule in enumerate(rules) for half in plain_rules(rule, index, program)]
    return replace(program, rules=tuple(plain))


def _reached(leaves: Iterable[int], told_by: Mapping[int, Sequence[int]]) -> set[int]:
    """The atoms that may be unknown: conditions, and what takes its truth from one of these."""
    found = set(leaves)
    waiting = list(found)
    while waiting:
        new = set(told_by.get(waiting.pop(), ())) - found
        found |= new
        waiting += new
    return found


def plain_rules(rule: GroundRule, index: int, program: HalfProgram) -> Iterator[HalfRule]:
    """The plain rules of a ground rule: for its certain half, and for its possible half if it has another."""
    numbers, head = program.numbers, program.numbers[rule.head]
    for certain in (True,) if head in program.definite else (True, False):
        positive: list[int] = []
        negative: list[int] = []
        for literal in rule.body:
            number = numbers[literal.atom]
            half = program.certain(number) if _half_wanted(literal, certain) else program.possible(number)
            (negative if literal.negated != literal.inner_negated else positive).append(half)
        yield HalfRule(2 * head if certain else program.possible(head), tuple(positive), tuple(negative), index, certain)


def _half_wanted(literal: Literal, certain: bool) -> bool:
    """Whether a literal looks at the certain half of its atom, in a rule for that half."""
    if not literal.known:
        return certain != literal.negated
    return not literal.inner_negated
