"""What expectations are compared with: an answer, and of its reasons those that one of them names."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from explain.record import answer_json, decision_json
from queries.assumptions import assumptions
from queries.decide import Decision

#: Parts of an answer that take time to work out.
REASONS = ("clauses", "assumptions", "set_aside")


def answer_with(decision: Decision, parts: Collection[str]) -> dict[str, Any]:
    """The answer in the form of the contract, with those of its reasons that are among `parts`; others may be empty."""
    if not set(REASONS) & set(parts):
        return answer_json(decision)
    return decision_json(decision, proof=False, assumed=assumptions(decision) if "assumptions" in parts else None)
