"""Rules and register agree: every rule has a registered clause, in scope and opened once."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from kb.errors import Fault, did_you_mean
from kb.language.signature import Signature
from kb.policy import Policy


def find(policy: Policy, table: Mapping[str, Signature]) -> Iterator[Fault]:
    """Unknown clauses, clauses marked twice, out-of-scope clauses with rules, marks with none."""
    encoded = {name for rule in policy.rules for name in rule.clauses}
    alone: dict[str, str] = {}
    shared: dict[tuple[str, ...], str] = {}
    for mark in policy.marks:
        where = str(mark.position)
        for name in mark.clauses:
            yield from _named(name, where, policy, encoded)
            if mark.also and name in policy.clauses and policy.clauses[name].house:
                yield Fault(where, f"clause `{name}` is one of the house", "share rules among clauses of the policy only")
        named = tuple(sorted(mark.clauses))
        first = shared.get(named) if mark.also else alone.get(mark.clause)
        if len(set(named)) < len(named):
            yield Fault(where, f"clause `{next(n for n in named if named.count(n) > 1)}` is named twice here", "name it once")
        elif first:
            told = " and ".join(f"`{name}`" for name in mark.clauses)
            message = f"clauses {told} are opened together twice" if mark.also else f"clause {told} is opened twice"
            yield Fault(where, message, f"first at {first}; put its rules together")
        shared.setdefault(named, where)
        if not mark.also:
            alone.setdefault(mark.clause, where)


def _named(name: str, where: str, policy: Policy, encoded: Collection[str]) -> Iterator[Fault]:
    """What is wrong with a clause that is opened."""
    clause = policy.clauses.get(name)
    if clause is None:
        hint = did_you_mean(name, policy.clauses) or "register it in clauses.tsv"
        yield Fault(where, f"unknown clause `{name}`", hint)
    elif clause.out_of_scope:
        message = f"clause `{name}` is registered as out of scope: {clause.out_of_scope}"
        yield Fault(where, message, "remove the reason in clauses.tsv, or the rules")
    if name not in encoded:
        yield Fault(where, f"clause `{name}` has no rule under it", "write one, or remove the line")
