"""The advice to remove a rule, tried before it is given: what nothing uses any longer, which clause is left without a rule."""

from __future__ import annotations

from dataclasses import replace

from kb.language.checks import clauses, usage
from kb.language.model import Rule
from kb.language.signature import signatures
from kb.policy import Policy


def also_needless(policy: Policy, rule: Rule) -> str:
    """What else has to go with a rule, as words to put behind the advice; empty if nothing has.

    Predicates that nothing uses without the rule are removed with their rules in turn, until nothing more is needless.
    """
    table = signatures(policy.vocabulary, policy.predicates)
    before = {fault.message for check in (clauses, usage) for fault in check.find(policy, table)}
    position = rule.position
    left = replace(policy, rules=tuple(other for other in policy.rules if other.position != position))
    needless: list[str] = []
    bare: list[str] = []
    while True:
        new = [fault.message for check in (clauses, usage) for fault in check.find(left, table) if fault.message not in before]
        unused = [message.split("`")[1] for message in new if "never used" in message and message.startswith("predicate")]
        facts = [message.split("`")[1] for message in new if message.startswith("fact")]
        bare = [message.split("`")[1] for message in new if message.endswith("has no rule")] or bare
        needless += [name for name in (*unused, *facts) if name not in needless]
        if not unused:
            break
        kept = tuple(other for other in left.rules if other.head.predicate not in unused)
        left = replace(left, rules=kept, predicates={n: p for n, p in left.predicates.items() if n not in unused})
    marked = {name for mark in policy.marks for name in mark.clauses}
    rules_of = {name for other in left.rules for name in other.clauses}
    bare += [name for name in rule.clauses if name in marked and name not in rules_of and name not in bare]
    told = []
    if needless:
        told.append(f"then nothing uses {', '.join(f'`{name}`' for name in needless)}: remove that too")
    if bare:
        told.append(f"clause {', '.join(bare)} is then without a rule: give a reason in column `out_of_scope`")
    return "".join(f"; {part}" for part in told)
