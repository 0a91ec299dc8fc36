"""A lookup table is looked up by codes: a number of the case is compared with the table's, not looked up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kb.errors import Fault
from kb.language.model import Literal, Rule, Variable
from kb.language.signature import VALUE_SORTS, Signature
from kb.policy import Policy


def find(policy: Policy, table: Mapping[str, Signature]) -> Iterator[Fault]:
    """Variables that get a number from a lookup table and from something else as well."""
    for rule in policy.rules if policy.vocabulary.tables else ():
        for literal in rule.body:
            if literal.atom.predicate in policy.vocabulary.lookup:
                yield from _looked_up(literal, rule, table)


def _looked_up(literal: Literal, rule: Rule, table: Mapping[str, Signature]) -> Iterator[Fault]:
    for sort, arg in zip(table[literal.atom.predicate].sorts, literal.atom.args):
        if sort in VALUE_SORTS and isinstance(arg, Variable):
            others = (other for other in rule.body if other is not literal and not other.atom.is_comparison)
            other = next((found for found in others if arg in found.atom.args), None)
            if other is not None:
                message = f"`{literal}` looks up `{arg}`, which `{other}` gives a value too"
                yield Fault(str(literal.position), message, f"use two variables, and compare them: `{arg} = {arg}2`")
