"""The truth of one condition: events, bookings, comparisons and lists."""

from __future__ import annotations

from typing import Any

import pytest

from kb.program import Program
from tests.helpers import START, model, program, truth

QUESTIONS = {
    "before": "icpc_held_on(On), contact_received_on(Day), On < Day",
    "held": "icpc_held_on(_)",
    "planned_for": "planned(icpc_held_on, _)",
    "dated": "recorded_date(icpc_held_on, _)",
    "low": "threshold_level(Level), Level < 3",
    "adoption": "care_plan(adoption)",
    "order": "final_orders(care_order)",
    "closed": "last_closed_by(beta, _)",
    "sibling": "sibling_cared_for",
}


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Program:

    declared = "".join(f'predicate {n} "{n}" not "no {n}".\n' for n in QUESTIONS)
    rules = "".join(f"{n} :- {body}.\nduty(call_back) :- {n}.\n" for n, body in QUESTIONS.items())
    return program(tmp_path_factory.mktemp("conditions"), declared + START + rules)


AS_OF = "2024-06-03"


@pytest.mark.parametrize(
    ("value", "held", "planned", "dated"),
    [
        ("2024-06-02", True, False, True),
        ("2024-06-03", True, False, True),
        ("2024-06-04", False, True, False),
        (True, True, False, True),
        (False, False, False, False),
        (None, None, None, None),
    ],
)
def test_events(compiled: Program, value: object, held: bool | None, planned: bool | None, dated: bool | None) -> None:
    found = model(compiled, {"icpc_held_on": value}, AS_OF)
    assert (truth(found, "held"), truth(found, "planned_for"), truth(found, "dated")) == (held, planned, dated)


@pytest.mark.parametrize(
    ("held", "contact", "expected"),
    [
        ("2024-06-01", "2024-06-02", True),
        ("2024-06-02", "2024-06-02", False),
        ("2024-06-02", None, None),
        (True, "2024-06-02", None),
        (False, "2024-06-02", False),
        ("2024-06-09", "2024-06-02", False),
        (None, None, None),
    ],
)
def test_comparisons_with_what_is_not_recorded(compiled: Program, held: object, contact: object, expected: bool | None) -> None:
    found = model(compiled, {"icpc_held_on": held, "contact_received_on": contact}, AS_OF)
    assert truth(found, "before") is expected


@pytest.mark.parametrize(
    ("question", "facts", "expected"),
    [
        ("low", {"threshold_level": 2}, True),
        ("low", {"threshold_level": 3}, False),
        ("low", {}, None),
        ("adoption", {"care_plan": "adoption"}, True),
        ("adoption", {"care_plan": "other"}, False),
        ("adoption", {}, None),
        ("order", {"final_orders": ["care_order", "placement_order"]}, True),
        ("order", {"final_orders": []}, False),
        ("order", {}, None),
        ("closed", {"previous_involvements": [{"team": "beta", "closed_on": "2024-01-01"}]}, True),
        ("closed", {"previous_involvements": [{"team": "beta", "closed_on": "2024-06-04"}]}, False),
        ("closed", {"previous_involvements": [{"team": "gamma", "closed_on": "2024-01-01"}]}, False),
        ("closed", {"previous_involvements": [{"closed_on": "2024-01-01"}]}, None),
        ("closed", {"previous_involvements": []}, False),
        ("closed", {}, None),
        ("sibling", {"siblings": [{"cared_for": False}, {"cared_for": True}]}, True),
        ("sibling", {"siblings": [{"cared_for": False}, {}]}, None),
        ("sibling", {"siblings": [{"cared_for": False}]}, False),
        ("sibling", {"siblings": []}, False),
        ("sibling", {}, None),
    ],
)
def test_values_and_lists(compiled: Program, question: str, facts: dict[str, Any], expected: bool | None) -> None:
    assert truth(model(compiled, facts, AS_OF), question) is expected
