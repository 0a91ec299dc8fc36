"""How a policy's rules cover its register of clauses, and the other way round."""

from __future__ import annotations

from dataclasses import dataclass

from kb.policy import Policy


@dataclass(frozen=True, slots=True)
class Coverage:
    """Ids of the policy's own clauses: encoded, out of scope with reason, or missing; and numbers of rules."""

    policy: str
    encoded: tuple[str, ...]
    out_of_scope: tuple[tuple[str, str], ...]
    missing: tuple[str, ...]
    rules: int
    rules_without_clause: tuple[str, ...]


def coverage_of(policy: Policy) -> Coverage:
    """Coverage of the policy's own clauses and rules; shared rules are left out."""
    house = {clause.id for clause in policy.clauses.values() if clause.house}
    rules = [rule for rule in policy.rules if rule.clause not in house]
    used = {name for rule in rules for name in rule.clauses}
    own = [clause for clause in policy.clauses.values() if not clause.house]
    return Coverage(
        policy=policy.code,
        encoded=tuple(clause.id for clause in own if clause.id in used),
        out_of_scope=tuple((clause.id, clause.out_of_scope) for clause in own if clause.out_of_scope),
        missing=tuple(clause.id for clause in own if clause.id not in used and not clause.out_of_scope),
        rules=len(rules),
        rules_without_clause=tuple(str(rule.position) for rule in rules if not policy.clauses.keys() >= {*rule.clauses}),
    )
