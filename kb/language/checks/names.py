"""Every predicate that is used or concluded is declared, and is given the right number of arguments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from kb.errors import Fault, did_you_mean, many
from kb.language.model import Atom, Position, Rule
from kb.language.signature import Signature
from kb.policy import Policy
from kb.vocabulary.model import KINDS, Fact

#: The rules of the house that answer: who holds the child, and which move is told.
ANSWERED_IN = ("house/4_holder.dl", "house/5_answer.dl", "house/6_told_move.dl")
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
        elif _is_the_answer(rule, policy):
            message = f"`{rule.head.predicate}` is what the house concludes, and a policy only asks it"
            yield Fault(str(rule.position), message, "conclude what it follows from, such as `route`, `front_door` or `gate_met`")
        for literal in rule.body:
            if not literal.atom.is_comparison:
                yield from _atom(literal.atom, literal.position, table, policy.vocabulary.facts)


def _is_the_answer(rule: Rule, policy: Policy) -> bool:
    """Whether a rule of a council concludes who holds the child or which move is told, and not what these follow from."""
    predicate = policy.predicates.get(rule.head.predicate)
    return predicate is not None and predicate.position.file in ANSWERED_IN and not rule.position.file.startswith("house/")


def _atom(
    atom: Atom, position: Position, table: Mapping[str, Signature], facts: Mapping[str, Fact] = MappingProxyType({})
) -> Iterator[Fault]:
    """What is wrong with a conclusion, or with a condition, for which `facts` are given."""
    signature = table.get(atom.predicate)
    fact = facts.get(atom.predicate)
    if signature is None and fact is not None:  # a list of records
        message = f"`{atom.predicate}` is a list of records, and no condition"
        yield Fault(str(position), message, "a row of calculated.tsv says what is asked of it, such as a count; rules ask that")
    elif signature is None:
        hint = did_you_mean(atom.predicate, table) or "declare it with `predicate`, or as a fact"
        yield Fault(str(position), f"unknown predicate `{atom.predicate}`", hint)
    elif len(atom.args) != len(signature.sorts):
        wanted = ", ".join(signature.sorts) or "none"
        message = f"`{atom.predicate}` has {many(len(atom.args), 'argument')}, expected {len(signature.sorts)}"
        yield Fault(str(position), message, f"arguments: {wanted}{_written(atom, signature) if facts else ''}")


def _written(atom: Atom, signature: Signature) -> str:
    """How a condition with too many or too few arguments is written, after the arguments that it takes."""
    if signature.source != "condition":
        return ""
    if not signature.sorts:
        return f"; write `{atom.predicate}`, or `not {atom.predicate}`"
    return f"; write `{atom.predicate}({', '.join('_' * len(signature.sorts))})` for any"
