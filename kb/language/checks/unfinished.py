"""Every clause in scope has a rule. Where there is no rule at all, `first_steps` says what to do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kb.errors import Fault, listed, nearest
from kb.language.signature import Signature
from kb.policy import Policy


def find(policy: Policy, table: Mapping[str, Signature]) -> Iterator[Fault]:
    """Registered clauses that no rule encodes, those of one register together."""
    if all(rule.position.file.startswith("house/") for rule in policy.rules):
        return
    opened = {name for mark in policy.marks for name in mark.clauses}
    opened |= {nearest(name, policy.clauses) for name in opened - policy.clauses.keys()}  # is told as a slip
    without = [clause for clause in policy.clauses.values() if not clause.out_of_scope and clause.id not in opened]
    for where, house in ((f"{policy.code}/clauses.tsv", False), ("house/clauses.tsv", True)):
        names = [clause.id for clause in without if clause.house is house]
        if len(names) == 1:
            hint = f"write its rules under `@clause {names[0]}.`, or give a reason in column `out_of_scope`"
            yield Fault(where, f"clause `{names[0]}` has no rule", hint)
        elif names:
            hint = f"write those of each under a line such as `@clause {names[0]}.`, or give a reason in column `out_of_scope`"
            yield Fault(where, f"{len(names)} clauses have no rule: {listed(names)}", hint)
