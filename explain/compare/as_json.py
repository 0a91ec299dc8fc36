"""A comparison as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from explain.compare.cases import Changed
from explain.compare.sides import cited, lines, sides_of
from explain.compare.two import Pair, conditions, same_kinds
from kb.case import case_document
from kb.dates import iso
from kb.policy import Policy
from kb.program import Program
from queries.answer_rows import outcome
from queries.compare import Difference, Differing
from queries.decide import Decision


def as_json(two: Pair, result: Difference, changed: Sequence[Changed], cases: int, day: int) -> dict[str, Any]:
    return {
        "first": _policy_json(two.first),
        "second": _policy_json(two.second),
        "as_of": iso(day),
        "equivalent": result.equivalent,
        "proved_the_same": same_kinds(result),
        "not_settled": list(result.unsettled),
        "every_pair_of_teams": result.every_pair,
        "differences": [_differing_json(two, differing) for differing in result.found],
        "cases": {
            "read": cases,
            "changed": [
                {"case_id": c.name, "differs_in": list(c.kinds), "first": _answer_json(c.first), "second": _answer_json(c.second)}
                for c in changed
            ],
        },
        "rests_on": conditions(two, result, day),
    }


def _policy_json(program: Program) -> dict[str, Any]:
    policy: Policy = program.policy
    return {"policy": policy.code, "version": policy.version, "digest": policy.digest, "readings": dict(policy.settings)}


def _answer_json(decision: Decision) -> dict[str, Any]:
    return {"outcome": outcome(decision), "clauses": [cited.split(" ")[0] for cited in cited(decision)]}


def _differing_json(two: Pair, differing: Differing) -> dict[str, Any]:
    sides = [
        {"outcome": outcome(decision), "says": list(side.says), "because": lines(side.because), "clauses": list(side.clauses)}
        for decision, side in zip((differing.first, differing.second), sides_of(two, differing))
    ]
    case = case_document(differing.case, two.first.policy.vocabulary)
    return {
        "kind": differing.kind,
        "case": case,
        "smallest": differing.proved,
        "one_step": differing.one_step,
        "first": sides[0],
        "second": sides[1],
    }
