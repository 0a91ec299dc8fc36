"""What a policy declares for itself is used: its own facts, lookup tables and predicates.

A fact is used too where only the time of another one rests on it, as on the events that begin and end a spell.
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
from kb.vocabulary.model import KINDS, LookupTable, Vocabulary


def find(policy: Policy, table: Mapping[str, Signature]) -> Iterator[Fault]:
    """Facts that a policy folder declares and no rule reads; predicates that nothing uses."""
    asked = {literal.atom.predicate for rule in policy.rules for literal in rule.body if not literal.atom.is_comparison}
    named = {name for rule in policy.rules for atom in _atoms(rule) for name in _names(atom, table)}
    misspelt = {nearest(name, table) for name in (asked | named) - table.keys()}
    codes = {str(arg.value) for rule in policy.rules for atom in _atoms(rule) for arg in atom.args if isinstance(arg, Constant)}
    read = asked | codes | misspelt
    read = _with_what_they_rest_on(read, policy.vocabulary)
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


def _with_what_they_rest_on(names: set[str], vocabulary: Vocabulary) -> set[str]:
    """Names that rules read, with the facts that these rest on and the events that make part of an episode.

    A fact rests on the events that begin and end its spell, on the event whose outcome it is, on those that have to come
    before it, on the fact that shows it, and on what it is counted from.
    """
    found: set[str] = set()
    waiting = names | {name for name, fact in vocabulary.facts.items() if fact.episode}
    while waiting:
        found |= waiting
        waiting = {other for name in waiting for other in _rests_on(name, vocabulary)} - found
    return found


def _rests_on(name: str, vocabulary: Vocabulary) -> Iterator[str]:
    yield vocabulary.source(name)
    yield from (shown.fact for shown in vocabulary.shown if shown.outcome == name)
    if fact := vocabulary.facts.get(name):
        spell = vocabulary.spells.get(fact.spell, {})
        yield from (*spell.get("starts", ()), *spell.get("ends", ()), *fact.after, *([fact.of] if fact.of else []))


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
