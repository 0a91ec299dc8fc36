"""Programs of a policy with a few of its rules changed, made from what the policy itself was made of.

Grounding is what takes time. A variant's rules are grounded over what the policy's own rules
can conclude, so only rules that are not the policy's have to be grounded at all; where one of
them concludes something new, everything is.
"""

from __future__ import annotations

from dataclasses import replace

from kb.language.checks import check
from kb.language.model import Rule
from kb.language.signature import signatures
from kb.lowering.exceptions import lower_exceptions
from kb.lowering.ground import Grounder, GroundRule
from kb.lowering.halves import lower_unknowns
from kb.lowering.strata import order_rules
from kb.policy import Policy
from kb.program import Program, compile_policy


class Variants:
    """Makes programs of a policy's variants: other rules or exceptions, the same vocabulary and readings."""

    def __init__(self, policy: Policy):
        self.policy = policy
        self.table = signatures(policy.vocabulary, policy.predicates)
        check(policy, self.table)
        self.rules = lower_exceptions(policy.rules, policy.exceptions)
        self.places = {rule: index for index, rule in enumerate(self.rules)}
        self.grounder = Grounder(policy.vocabulary, policy.settings, self.table)
        self.instances: dict[int, list[GroundRule]] = {}
        for instance in self.grounder.instances(self.rules):
            self.instances.setdefault(instance.source, []).append(instance)

    def program(self, variant: Policy) -> Program:
        """A variant as a program. Errors: `InputError` with every fault of its rules."""
        check(variant, self.table)
        rules = lower_exceptions(variant.rules, variant.exceptions)
        ground: dict[GroundRule, None] = {}
        for index, rule in enumerate(rules):
            instances = self._instances(index, rule)
            if instances is None:
                return compile_policy(variant)
            ground.update(dict.fromkeys(instances))
        simplified = self.grounder.simplified(tuple(ground))
        conditions = frozenset(name for name, s in self.table.items() if s.source in ("condition", "event"))
        halves = order_rules(lower_unknowns(simplified, conditions), simplified, rules)
        return Program(variant, self.table, rules, simplified, halves)

    def _instances(self, index: int, rule: Rule) -> list[GroundRule] | tuple[GroundRule, ...] | None:
        """The instances of a rule in its place; None where it concludes something new."""
        if index < len(self.rules) and self.rules[index] == rule:
            return self.instances.get(index, [])
        place = self.places.get(rule)
        if place is not None:
            return [replace(instance, source=index) for instance in self.instances.get(place, ())]
        return self.grounder.another(rule, index)
