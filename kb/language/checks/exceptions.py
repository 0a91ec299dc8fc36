"""Exceptions name clauses that exist, bear on what these conclude, and run in no circle."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from itertools import product

from kb.errors import Fault, did_you_mean
from kb.language.model import ClauseMark, Rule, Term, Variable
from kb.language.signature import VALUE_SORTS, Signature
from kb.lowering.exceptions import ANY, fits, removed
from kb.policy import Policy


def find(policy: Policy, table: Mapping[str, Signature]) -> Iterator[Fault]:
    """Exceptions to unknown clauses, exceptions that can't apply, rules that take nothing away, and circles of exceptions."""
    rules: dict[str, list[Rule]] = {}
    for rule in policy.rules:
        for clause in rule.clauses:
            rules.setdefault(clause, []).append(rule)

    def without_rules(clause: str) -> bool:
        """Whether a clause has no rule although it should: that is told already (`unfinished`, or what can't be read)."""
        return clause not in rules and clause in policy.clauses and not policy.clauses[clause].out_of_scope

    def told(general: str) -> bool:
        """Whether it is told already what is wrong with a clause: it is unknown, or its rules can't be read."""
        return general not in policy.clauses or without_rules(general)

    for mark in policy.marks:
        where, narrow = str(mark.position), " and ".join(f"`{name}`" for name in mark.clauses)
        own = [rule for rule in policy.rules if rule.clauses == mark.clauses]
        for general in mark.exception_to:
            if general not in policy.clauses:
                hint = did_you_mean(general, policy.clauses) or "name a clause of clauses.tsv"
                yield Fault(where, f"exception to unknown clause `{general}`", hint)
            elif without_rules(general):
                continue
            elif not _subjects(rules.get(general, ())) & _subjects(own):
                message = f"{narrow} concludes nothing that `{general}` concludes, so it can't be an exception to it"
                hint = "conclude the same predicate, take it away with `not` before it, or remove `exception_to`"
                yield Fault(where, message, hint)
        for rule in own:
            if not rule.concludes and not any(map(told, mark.exception_to)) and not set(mark.clauses) & {*mark.exception_to}:
                yield from _removal(rule, mark, rules, table.get(rule.head.predicate))
        for name, general in product(mark.clauses, mark.clauses):
            if name != general and name in policy.exceptions.get(general, ()):
                message = f"`{name}` is an exception to `{general}`, so the two can't share a rule"
                yield Fault(where, message, "write the rule under one of them")
    yield from _circles(policy)


def _subjects(rules: Sequence[Rule]) -> set[str]:
    """The predicates that rules conclude or take away."""
    return {rule.head.predicate for rule in rules}


def _removal(rule: Rule, mark: ClauseMark, rules: Mapping[str, Sequence[Rule]], signature: Signature | None) -> Iterator[Fault]:
    """What is wrong with a rule that takes something away."""
    where, named = str(rule.position), f"`not {rule.head}`"
    if not mark.exception_to:
        ids = " ".join(mark.clauses)
        message = f"{named} takes something away, and `{ids}` is an exception to no clause"
        yield Fault(where, message, f"write `@clause {ids} exception_to ID.` with the clause that it takes it from")
        return
    places = removed(rule)
    for place, arg, sort in zip(places, rule.head.args, signature.sorts if signature else ()):
        if place == ANY and isinstance(arg, Variable) and not arg.name.startswith("_"):
            yield Fault(where, f"no condition gives `{arg}` of {named} a value", "add one that does, or write `_` for any")
        elif place != ANY and sort in VALUE_SORTS:
            yield Fault(where, f"`{place}` of {named} is a value of the case", "write `_`: it is taken away whatever the value")
    about = [
        other for general in mark.exception_to for other in rules.get(general, ()) if other.head.predicate == rule.head.predicate
    ]
    if not any(_takes(places, other) for other in about):
        generals = " or ".join(f"`{general}`" for general in mark.exception_to)
        hint = "name a head that it concludes, with `_` for any code"
        if any(fits(places, other.head) for other in about):
            hint = "what only takes away is taken away whole: write `_` in every place"
        yield Fault(where, f"{named} takes nothing away: no rule of {generals} is about it", hint)


def _takes(places: Sequence[Term], other: Rule) -> bool:
    """Whether a removal bears on a rule. Of one that itself only removes, no part can be taken away."""
    return fits(places, other.head) and (other.concludes or all(place == ANY for place in places))


def _circles(policy: Policy) -> Iterator[Fault]:
    try:
        TopologicalSorter({g: set(narrow) for g, narrow in policy.exceptions.items()}).prepare()
    except CycleError as error:
        circle: list[str] = error.args[1]
        first = next(m for m in policy.marks if set(m.clauses) & set(circle) and set(m.exception_to) & set(circle))
        message = "exceptions run in a circle: " + " is an exception to ".join(f"`{name}`" for name in circle)
        yield Fault(str(first.position), message, "remove one of them")
