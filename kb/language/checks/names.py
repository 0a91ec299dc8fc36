"""Every predicate that is used or concluded is declared, and is given the right number of arguments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kb.errors import Fault, did_you_mean, many
from kb.language.model import Atom, Position
from kb.language.signature import Signature
from kb.policy import Policy
from kb.vocabulary.model import KINDS

WORDS = (
    *("happened", "planned", "recorded_date", "reading", "listed_before", "presupposes", "set_aside"),
    *("not", "known", "unknown", "recorded", "open"),
)


def find(policy: Policy, table: Mapping[str, Signature]) -> Iterator[Fault]:
    """Faults of names and of counts of arguments."""
    vocabulary = policy.vocabulary
    words = (*WORDS, *KINDS)
    for name in policy.own_facts:
        where = f"{policy.code}/facts.tsv"
        if name in words:
            yield Fault(where, f"a fact can't be called `{name}`: it is a word of the language", "give the fact another name")
        elif name in policy.predicates:
            message = f"a fact can't be called `{name}`: it is a conclusion, declared at {policy.predicates[name].position}"
            yield Fault(where, message, "give the fact or the conclusion another name")
    for predicate in policy.predicates.values():
        if predicate.name in policy.own_facts:
            continue
        if predicate.name in vocabulary.facts or predicate.name in vocabulary.calculated:
            yield Fault(str(predicate.position), f"`{predicate.name}` is a fact of the case already", "choose another name")
        elif predicate.name in WORDS or (predicate.name in KINDS and not predicate.position.file.startswith("house/")):
            yield Fault(str(predicate.position), f"`{predicate.name}` is a word of the language already", "choose another name")
    for name in vocabulary.lookup:
        where = f"{policy.code}/{name}.tsv"
        if name in policy.predicates:
            message = f"a table can't be called `{name}`: it is a conclusion, declared at {policy.predicates[name].position}"
            yield Fault(where, message, "give the file or the conclusion another name")
        elif name in words:
            yield Fault(where, f"a table can't be called `{name}`: it is a word of the language", "give the file another name")
    for rule in policy.rules:
        yield from _atom(rule.head, rule.position, table)
        signature = table.get(rule.head.predicate)
        if signature is not None and signature.source != "derived":
            message = f"`{rule.head.predicate}` comes from the case or the tables, no rule can conclude it"
            yield Fault(str(rule.position), message, "conclude a declared predicate")
        for literal in rule.body:
            if not literal.atom.is_comparison:
                yield from _atom(literal.atom, literal.position, table)


def _atom(atom: Atom, position: Position, table: Mapping[str, Signature]) -> Iterator[Fault]:
    signature = table.get(atom.predicate)
    if signature is None:
        hint = did_you_mean(atom.predicate, table) or "declare it with `predicate`, or as a fact"
        yield Fault(str(position), f"unknown predicate `{atom.predicate}`", hint)
    elif len(atom.args) != len(signature.sorts):
        wanted = ", ".join(signature.sorts) or "none"
        message = f"`{atom.predicate}` has {many(len(atom.args), 'argument')}, expected {len(signature.sorts)}"
        yield Fault(str(position), message, f"arguments: {wanted}")
