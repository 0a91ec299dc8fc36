"""What a policy declares for itself is used: its own facts, lookup tables and predicates.

A misspelt name counts as the one that it is nearest to, so that one slip is told once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from kb.errors import Fault, listed, nearest
from kb.language.checks.names import WORDS
from kb.language.model import Atom, Constant, Rule
from kb.language.signature import Signature
from kb.policy import Policy
from kb.vocabulary.model import KINDS, LookupTable


def find(policy: Policy, table: Mapping[str, Signature]) -> Iterator[Fault]:
    """Facts that a policy folder declares and no rule reads; predicates that nothing uses."""
    asked = {literal.atom.predicate for rule in policy.rules for literal in rule.body if not literal.atom.is_comparison}
    named = {name for rule in policy.rules for atom in _atoms(rule) for name in _names(atom, table)}
    misspelt = {nearest(name, table) for name in (asked | named) - table.keys()}
    codes = {str(arg.value) for rule in policy.rules for atom in _atoms(rule) for arg in atom.args if isinstance(arg, Constant)}
    read = asked | codes | misspelt
    read |= {c.source for c in policy.vocabulary.calculated.values() if c.name in read}
    unused = [name for name in policy.own_facts if name not in read and not _refused(name, policy)]
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
    concluded |= {nearest(name, table) for name in concluded - table.keys()}
    for predicate in policy.predicates.values():
        if predicate.position.file.startswith("house/") or predicate.name in policy.vocabulary.facts:
            continue  # a policy need not use all that the house offers; a conclusion called as a fact is refused for that
        if predicate.name not in read:
            message = f"predicate `{predicate.name}` is declared and never used"
            yield Fault(str(predicate.position), message, "use it in a rule, or remove it")
        elif predicate.name not in concluded:
            message = f"predicate `{predicate.name}` is used and no rule concludes it"
            yield Fault(str(predicate.position), message, "write a rule for it, or remove it")


def _refused(name: str, policy: Policy) -> bool:
    """Whether a fact's name is refused (`names`)."""
    return name in (*WORDS, *KINDS) or name in policy.predicates


def _atoms(rule: Rule) -> tuple[Atom, ...]:
    return (rule.head, *(literal.atom for literal in rule.body))


def _names(atom: Atom, table: Mapping[str, Signature]) -> Iterator[str]:
    """The names of facts among the arguments of an atom."""
    sorts = table[atom.predicate].sorts if atom.predicate in table else ()
    for arg, sort in zip(atom.args, sorts):
        if isinstance(arg, Constant) and sort in ("event", "dated", "fact"):
            yield str(arg.value)


def _example(lookup: LookupTable) -> str:
    """How a rule asks a table."""
    variables = ("".join(word.capitalize() for word in re.findall(r"[a-z0-9]+", column.lower())) for column in lookup.columns)
    return f"`{lookup.name}({', '.join(variables)})`"
