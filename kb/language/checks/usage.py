"""What a policy declares for itself is used: its own facts, lookup tables and predicates."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from kb.errors import Fault, listed
from kb.language.model import Constant
from kb.language.signature import Signature
from kb.policy import Policy
from kb.vocabulary.model import LookupTable


def find(policy: Policy, table: Mapping[str, Signature]) -> Iterator[Fault]:
    """Facts that a policy folder declares and no rule reads; predicates that nothing uses."""
    read: set[str] = set()
    for rule in policy.rules:
        for atom in (rule.head, *(literal.atom for literal in rule.body)):
            read |= {str(arg.value) for arg in atom.args if isinstance(arg, Constant)}
        read |= {literal.atom.predicate for literal in rule.body}
    read |= {c.source for c in policy.vocabulary.calculated.values() if c.name in read}
    unused = [name for name in policy.own_facts if name not in read]
    if len(unused) == 1:
        yield Fault(f"{policy.code}/facts.tsv", f"fact `{unused[0]}` is declared and never used", "use it, or remove it")
    elif unused:
        message = f"{len(unused)} facts are declared and never used: {listed(unused)}"
        yield Fault(f"{policy.code}/facts.tsv", message, "use each in a rule, or remove it")
    for lookup in policy.vocabulary.tables:
        if lookup.name not in read:
            message = f"no rule asks the table `{lookup.name}`"
            yield Fault(f"{policy.code}/{lookup.name}.tsv", message, f"use {_example(lookup)} in a rule, or remove the file")
    concluded = {rule.head.predicate for rule in policy.rules if rule.concludes}
    for predicate in policy.predicates.values():
        if predicate.position.file.startswith("house/"):
            continue  # a policy need not use all that the house offers
        if predicate.name not in read:
            message = f"predicate `{predicate.name}` is declared and never used"
            yield Fault(str(predicate.position), message, "use it in a rule, or remove it")
        elif predicate.name not in concluded:
            message = f"predicate `{predicate.name}` is used and no rule concludes it"
            yield Fault(str(predicate.position), message, "write a rule for it, or remove it")


def _example(lookup: LookupTable) -> str:
    """How a rule asks a table."""
    variables = ("".join(word.capitalize() for word in re.findall(r"[a-z0-9]+", column.lower())) for column in lookup.columns)
    return f"`{lookup.name}({', '.join(variables)})`"
