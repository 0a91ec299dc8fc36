"""Compiles variants of a policy (some rules changed, or a reading set otherwise) by reusing its ground rules.

Grounding takes most of the time. The changed rules are grounded over the conclusions that the policy itself can derive,
and all other ground rules are reused. If a changed rule concludes something new, the variant is compiled from scratch.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from kb.conditions import Truth
from kb.language.checks import check
from kb.language.model import Atom, Constant, Literal, Rule, Variable
from kb.language.signature import signatures
from kb.lowering.ground import Grounder, GroundRule, is_condition, literal_fails
from kb.lowering.halves import HalfProgram, HalfRule, lower_unknowns, plain_rules
from kb.lowering.strata import order_rules
from kb.policy import Policy
from kb.program import Model, Program, compile_policy, plainer_rules


class _NotExact(Exception):
    """Reusing the policy's rules would not give the same program as compiling the variant."""


@dataclass(frozen=True)
class Changed:
    """The ground rules by which two programs differ."""

    ours: tuple[GroundRule, ...]
    theirs: tuple[GroundRule, ...]

    @classmethod
    def between(cls, ours: Program, theirs: Program) -> Changed:
        """The difference of two programs. Rules that are equal and in the same place in both are left out."""
        same = {index for index, (first, second) in enumerate(zip(ours.rules, theirs.rules)) if first == second}
        return cls(*(tuple(rule for rule in _in_use(program) if rule.source not in same) for program in (ours, theirs)))

    def conclusions(self, model: Model) -> tuple[Conclusions, Conclusions]:
        """The conclusions of each set of rules in a model of the first program.

        If they are equal, so are all conclusions of the two programs in that case.
        """
        return _conclusions(self.ours, model), _conclusions(self.theirs, model)


Conclusions = frozenset[tuple[Atom, Truth]]


def _in_use(program: Program) -> list[GroundRule]:
    return [program.ground[number] for number in sorted({rule.ground for rule in program.halves.rules})]


def _conclusions(rules: Iterable[GroundRule], model: Model) -> Conclusions:
    found = ((rule.head, _body_truth(rule, model)) for rule in rules)
    return frozenset((head, truth) for head, truth in found if truth is not False)


def _body_truth(rule: GroundRule, model: Model) -> Truth:
    whole: Truth = True
    for literal in rule.body:
        truth = _literal_truth(literal, model)
        if truth is False:
            return False
        whole = None if truth is None else whole
    return whole


def _literal_truth(literal: Literal, model: Model) -> Truth:
    truth = model.truth(literal.atom)
    if literal.known:
        return (truth is (not literal.inner_negated)) != literal.negated
    return truth if truth is None else truth != literal.negated


def _asks(literal: Literal, reading: str) -> bool:
    """Whether a literal tests the setting of a reading."""
    name = literal.atom.args[0] if literal.atom.predicate == "reading" else None
    return isinstance(name, Variable) or name == Constant(reading)


class Variants:
    """Compiles variants of a policy with the same vocabulary. Errors: `InputError` with all faults of the policy's rules."""

    def __init__(self, policy: Policy):
        self.policy = policy
        self.table = signatures(policy.vocabulary, policy.predicates)
        check(policy, self.table)
        self.rules = plainer_rules(policy)
        self.places = {rule: index for index, rule in enumerate(self.rules)}
        self.grounder = Grounder(policy.vocabulary, policy.settings, self.table)
        self.instances: dict[int, list[GroundRule]] = {}
        for instance in self.grounder.instances(self.rules):
            self.instances.setdefault(instance.source, []).append(instance)
        self.conditions = frozenset(name for name, s in self.table.items() if s.source in ("condition", "event"))
        self.base = self.program(policy)
        self.rank = {rule.head: place for place, rule in enumerate(self.base.halves.rules)}

    def program(self, variant: Policy) -> Program:
        """The program of a variant. Errors: `InputError` with all faults of its rules."""
        check(variant, self.table)
        rules = plainer_rules(variant)
        ground: dict[GroundRule, None] = {}
        for index, rule in enumerate(rules):
            instances = self._instances(index, rule)
            if instances is None:
                return compile_policy(variant)
            ground.update(dict.fromkeys(instances))
        return self._program(variant, rules, tuple(ground))

    def _program(self, policy: Policy, rules: tuple[Rule, ...], instances: tuple[GroundRule, ...]) -> Program:
        simplified = self.grounder.simplified(instances)
        halves = order_rules(lower_unknowns(simplified, self.conditions), simplified, rules)
        return Program(policy, self.table, rules, simplified, halves)

    def read_as(self, changes: Mapping[str, str]) -> Program:
        """The program of the policy with some readings set otherwise. Errors: `InputError` for an unknown setting."""
        policy = self.policy.with_settings(dict(changes))
        grounder = self.grounder.read_as(policy.settings)
        ground: dict[GroundRule, None] = {}
        for index, rule in enumerate(self.rules):
            asks = any(_asks(literal, reading) for reading in changes for literal in rule.body)
            instances = grounder.another(rule, index) if asks else self.instances.get(index, [])
            if instances is None:
                return compile_policy(policy)
            ground.update(dict.fromkeys(instances))
        return self._program(policy, self.rules, tuple(ground))

    def quick(self, variant: Policy) -> Program | None:
        """A program of a variant made by patching the policy's plain rules, good enough to decide cases.

        None if patching would not be exact: something new is concluded, something that always held no longer does, or the
        rules would be in another order. Errors: `InputError` with all faults of its rules.
        """
        check(variant, self.table)
        rules = plainer_rules(variant)
        if len(rules) != len(self.rules) or self.base.halves.circular:
            return None
        fresh: list[GroundRule] = []
        changed = {index for index, (ours, theirs) in enumerate(zip(self.rules, rules)) if ours != theirs}
        for index in changed:
            instances = self.grounder.another(rules[index], index)
            if instances is None:
                return None
            fresh += instances
        try:
            halves, kept = self._patched(changed, fresh)
        except _NotExact:
            return None
        return Program(variant, self.table, rules, (*self.base.ground, *kept), halves)

    def _patched(self, changed: set[int], fresh: list[GroundRule]) -> tuple[HalfProgram, list[GroundRule]]:
        base, halves = self.base, self.base.halves
        gone = {number for number, rule in enumerate(base.ground) if rule.source in changed}
        if any(not base.ground[number].body for number in gone):
            raise _NotExact
        kept = [rule for rule in map(self._settled, fresh) if rule is not None]
        numbers = dict(halves.numbers)
        for rule in kept:
            for literal in rule.body:
                numbers.setdefault(literal.atom, len(numbers))
        grown = replace(
            halves,
            atoms=tuple(numbers),
            numbers=numbers,
            conditions=(*halves.conditions, *range(len(halves.numbers), len(numbers))),
        )
        added: dict[int, list[HalfRule]] = {}
        for place, rule in enumerate(kept, len(base.ground)):
            for half in plain_rules(rule, place, grown):
                if any(self.rank.get(n, -1) >= self.rank[half.head] for n in (*half.positive, *half.negative)):
                    raise _NotExact
                added.setdefault(half.head, []).append(half)
        plain: list[HalfRule] = []
        for half in halves.rules:
            plain += added.pop(half.head, [])
            if half.ground not in gone:
                plain.append(half)
        return replace(grown, rules=tuple(plain)), kept

    def _settled(self, rule: GroundRule) -> GroundRule | None:
        """A new ground rule without the literals that hold in every case; None if it can never fire."""
        halves = self.base.halves
        if rule.head not in self.base.by_head:
            raise _NotExact
        body: list[Literal] = []
        for literal in rule.body:
            if is_condition(literal.atom, self.conditions):
                body.append(literal)
                continue
            derived = literal.atom in self.base.by_head
            if derived and halves.certain(halves.numbers[literal.atom]) not in halves.always_true:
                body.append(literal)
            elif derived is literal_fails(literal):
                return None
        head = halves.numbers[rule.head]
        settled = all(literal.known or halves.numbers.get(literal.atom) in halves.definite for literal in body)
        if head in halves.definite and not settled:
            raise _NotExact
        return GroundRule(rule.head, tuple(body), rule.given, rule.source)

    def _instances(self, index: int, rule: Rule) -> list[GroundRule] | tuple[GroundRule, ...] | None:
        """The ground rules of rule number `index`; None if it concludes something new."""
        if index < len(self.rules) and self.rules[index] == rule:
            return self.instances.get(index, [])
        place = self.places.get(rule)
        if place is not None:
            return [replace(instance, source=index) for instance in self.instances.get(place, ())]
        return self.grounder.another(rule, index)
