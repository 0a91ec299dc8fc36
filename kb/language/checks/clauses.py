"""Rules and register agree: every rule has a registered clause, every clause in scope a rule."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kb.errors import Fault, did_you_mean
from kb.language.signature import Signature
from kb.policy import Policy


def find(policy: Policy, table: Mapping[str, Signature]) -> Iterator[Fault]:
    """Unknown clauses, clauses marked twice, out-of-scope clauses with rules, clauses with none."""
    encoded = {rule.clause for rule in policy.rules}
    opened: dict[str, str] = {}
    for mark in policy.marks:
        where = str(mark.position)
        clause = policy.clauses.get(mark.clause)
        if clause is None:
            hint = did_you_mean(mark.clause, policy.clauses) or "register it in clauses.tsv"
            yield Fault(where, f"unknown clause `{mark.clause}`", hint)
        elif clause.out_of_scope:
            message = f"clause `{mark.clause}` is registered as out of scope: {clause.out_of_scope}"
            yield Fault(where, message, "remove the reason in clauses.tsv, or the rules")
        if mark.clause in opened:
            yield Fault(
                where, f"clause `{mark.clause}` is opened twice", f"first at {opened[mark.clause]}; put its rules together"
            )
        opened.setdefault(mark.clause, where)
        if mark.clause not in encoded:
            yield Fault(where, f"clause `{mark.clause}` has no rule under it", "write one, or remove the line")
    for clause in policy.clauses.values():
        if not clause.out_of_scope and clause.id not in opened:
            where = f"{'house' if clause.house else policy.code}/clauses.tsv"
            hint = "write its rules under `@clause " + clause.id + ".`, or give a reason in column `out_of_scope`"
            yield Fault(where, f"clause `{clause.id}` has no rule", hint)
