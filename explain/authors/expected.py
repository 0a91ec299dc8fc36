"""The answer in the form that expectations of examples and scenarios are compared with."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from explain.decision_json import answer_json, decision_json
from queries.assumptions import assumptions
from queries.decide import Decision

#: Parts of an answer that are expensive to compute.
REASONS = ("clauses", "assumptions", "set_aside")


def answer_with(decision: Decision, parts: Collection[str]) -> dict[str, Any]:
    """The answer as JSON. Of the parts in `REASONS`, only those in `parts` are sure to be filled."""
    if not set(REASONS) & set(parts):
        return answer_json(decision)
    return decision_json(decision, proof=False, assumed=assumptions(decision) if "assumptions" in parts else None)
