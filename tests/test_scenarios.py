"""Every scenario of both policies, expected by a reader of the text before the program ran.

A `certain` scenario allows its expectation only; an `arguable` one any of its alternatives.
Only the fields that an expectation gives are compared; a list of values stands for any of
them (contract section 6).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from explain.record import decision_json
from kb.case import make_case
from kb.engines.pydatalog import PyDatalog
from queries.decide import decide
from queries.load import load_program

FILES = sorted((Path(__file__).parent / "scenarios").glob("*.json"))
SCENARIOS = [scenario for file in FILES for scenario in json.loads(file.read_text(encoding="utf-8"))]
ENGINE = PyDatalog()


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario["id"])
def test_scenario(scenario: dict[str, Any]) -> None:
    program = load_program(scenario["policy"])
    case = make_case(scenario["case"], program.policy.vocabulary, scenario["id"])
    decision = decision_json(decide(program, case, ENGINE), proof=False)
    allowed = [scenario["expect"], *scenario.get("acceptable", [])]
    wrong = [misses(expected, decision) for expected in allowed]
    assert [] in wrong, f"{scenario['narrative']}\n" + "\n".join(wrong[0])
    assert decision["responsible_team"] not in scenario.get("forbid_teams", [])


def misses(expected: dict[str, Any], decision: dict[str, Any]) -> list[str]:
    """What of an expectation the decision does not meet."""
    found: list[str] = []
    for field, wanted in expected.items():
        if field == "reading":
            continue
        got = {k: decision[k] for k in wanted} if field == "absent" else decision[field]
        if not meets(field, wanted, got, decision):
            found.append(f"{field}: expected {wanted}, got {got}")
    return found


def meets(field: str, wanted: Any, got: Any, decision: dict[str, Any]) -> bool:
    if field in ("status", "responsible_team"):
        return one(wanted, got)
    if field == "transfer":
        return any(move(w, got) for w in (wanted if isinstance(wanted, list) else [wanted]))
    if field == "absent":
        return not any(codes(got[name]) & set(banned) for name, banned in wanted.items())
    if field == "further_transfers":
        got = [*got, *([decision["transfer"]] if decision["transfer"] else [])]
    if wanted == []:
        return bool(got == [])
    if isinstance(wanted[0], dict):
        return all(any(move(w, g) for g in got) for w in wanted)
    return set(wanted) <= set(got)


def one(wanted: Any, got: Any) -> bool:
    return got in wanted if isinstance(wanted, list) else bool(got == wanted)


def move(wanted: dict[str, Any] | None, got: dict[str, Any] | None) -> bool:
    if wanted is None or got is None:
        return wanted is got
    return all(one(value, got.get(key)) for key, value in wanted.items())


def codes(entries: list[Any]) -> set[str]:
    return {entry if isinstance(entry, str) else entry["code"] for entry in entries}
