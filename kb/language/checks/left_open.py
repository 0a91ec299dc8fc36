"""A rule that leaves its conclusion open says what it waits for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kb.errors import Fault
from kb.language.model import Rule, unknown
from kb.language.signature import Signature
from kb.policy import Policy


def find(policy: Policy, table: Mapping[str, Signature]) -> Iterator[Fault]:
    """Rules with `open` before the head and nothing in them that is unknown."""
    for rule in policy.rules:
        if rule.form == "open" and not _waits(rule):
            message = f"`open {rule.head}` does not say what it waits for"
            yield Fault(
                str(rule.position), message, "write `unknown` before the condition that nobody recorded, or remove `open`"
            )


def _waits(rule: Rule) -> bool:
    """Whether some condition is neither established nor ruled out."""
    return any(set(unknown(literal.atom)) <= set(rule.body) for literal in rule.body)
