"""Exceptions name clauses that exist, bear on the same conclusion, and run in no circle."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter

from kb.errors import Fault, did_you_mean
from kb.language.signature import Signature
from kb.policy import Policy


def find(policy: Policy, table: Mapping[str, Signature]) -> Iterator[Fault]:
    """Exceptions to unknown clauses, exceptions that can't apply, and circles of exceptions."""
    heads: dict[str, set[str]] = {}
    for rule in policy.rules:
        heads.setdefault(rule.clause, set()).add(rule.head.predicate)
    for mark in policy.marks:
        for general in mark.exception_to:
            where = str(mark.position)
            if general not in policy.clauses:
                hint = did_you_mean(general, policy.clauses)
                yield Fault(where, f"exception to unknown clause `{general}`", hint)
            elif not heads.get(general, set()) & heads.get(mark.clause, set()):
                message = f"`{mark.clause}` concludes nothing that `{general}` concludes, so it can't be an exception to it"
                yield Fault(where, message, "conclude the same predicate, or remove `exception_to`")
    try:
        TopologicalSorter({g: set(narrow) for g, narrow in policy.exceptions.items()}).prepare()
    except CycleError as error:
        circle: list[str] = error.args[1]
        first = next(m for m in policy.marks if m.clause in circle and set(m.exception_to) & set(circle))
        message = "exceptions run in a circle: " + " is an exception to ".join(f"`{name}`" for name in circle)
        yield Fault(str(first.position), message, "remove one of them")
