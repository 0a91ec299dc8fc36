"""The JSON Schemas of cases and decisions: they accept what the program accepts and writes."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from explain.decision_json import decision_json
from kb.case import case_document, make_case
from kb.engines.forward import Forward
from kb.errors import InputError
from kb.policy import installed
from kb.samples import samples_of
from kb.vocabulary.schema import case_schema, decision_schema
from queries.decide import decide
from queries.load import load_program
from tests.helpers import whichteam
from tests.strategies import case, facts, laws

POLICIES = ("blackpool", "sefton")
VOCABULARY = load_program("blackpool").policy.vocabulary
CASES = Draft202012Validator(case_schema(VOCABULARY))


def document(given: dict[str, Any], **parts: Any) -> dict[str, Any]:
    return {"case_id": "c1", "policy": "blackpool", "as_of": "2024-09-03", **parts, "facts": given}


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("what", ["case", "decision"])
def test_the_command_prints_a_schema(what: str, policy: str) -> None:
    ran = whichteam("schema", what, policy)
    assert (ran.code, ran.err) == (0, "")
    Draft202012Validator.check_schema(json.loads(ran.out))


def test_another_schema_is_refused() -> None:
    ran = whichteam("schema", "facts", "blackpool")
    assert (ran.code, ran.out, ran.err) == (2, "", "error: schema: there is no schema `facts`\n    choose case or decision\n")


@pytest.mark.parametrize(
    ("fact", "good", "bad"),
    [
        ("icpc_held_on", "2024-09-02", "2 September 2024"),
        ("icpc_held_on", ["2022-05-10"], []),
        ("icpc_held_on", ["2022-05-10", "2024-09-02"], ["2024-09-02", "2024-09-02"]),
        ("icpc_held_on", True, "true"),
        ("icpc_held_on", None, ["2024-09-02", True]),
        ("contact_received_on", ["2022-05-10", "2024-09-02"], True),
        ("managers_agreed_on", ["2022-05-10", "2024-09-02"], [None]),
        ("with_team_since", "2022-05-10", ["2022-05-10"]),
        ("icpc_booked_for", "2024-10-01", ["2024-10-01"]),
        ("date_of_birth", "2012-05-01", True),
        ("transfer_record_sent_at", "2024-09-02T10:00", "2024-09-02"),
        ("gestation_days", 6, 7),
        ("icpc_outcome", "no_plan", "plan"),
        ("team_on_record", "none", "nobody"),
        ("dispute_teams", ["awaken"], ["none"]),
        ("final_orders", [], "care_order"),
        ("previous_involvements", [{"team": "awaken", "closed_on": None}], [{"closed": True}]),
    ],
)
def test_values_as_the_product_takes_them(fact: str, good: object, bad: object) -> None:
    assert CASES.is_valid(document({fact: good}))
    assert not CASES.is_valid(document({fact: bad}))
    make_case(document({fact: good}), VOCABULARY, "case.json")
    with pytest.raises(InputError):
        make_case(document({fact: bad}), VOCABULARY, "case.json")


def test_the_day_of_the_record() -> None:
    assert CASES.is_valid(document({}, recorded_on="2024-09-20"))
    assert CASES.is_valid(document({}, recorded_on=None))
    assert not CASES.is_valid(document({}, recorded_on=True))


@pytest.mark.parametrize("fact", ["came_from", "came_at", "stint_from", "points_past", "agreed_later"])
def test_what_is_carried_from_day_to_day_is_in_no_schema(fact: str) -> None:
    assert fact in VOCABULARY.facts
    assert fact not in json.dumps(case_schema(VOCABULARY))
    assert fact not in json.dumps(decision_schema(VOCABULARY))


@pytest.mark.parametrize("policy", POLICIES)
@laws(60)
@given(data=st.data())
def test_every_case_that_is_written_fits(policy: str, data: st.DataObject) -> None:
    program = load_program(policy)
    made = case(program, data.draw(facts(policy)))
    written = case_document(made, program.policy.vocabulary)
    assert list(Draft202012Validator(case_schema(program.policy.vocabulary)).iter_errors(written)) == []


@pytest.mark.parametrize("policy", POLICIES)
def test_every_decision_fits(policy: str) -> None:
    for sample in samples_of(installed()[policy]):
        program = load_program(policy, sample.settings)
        vocabulary = program.policy.vocabulary
        assert list(Draft202012Validator(case_schema(vocabulary)).iter_errors(sample.case)) == []
        decision = decide(program, make_case(sample.case, vocabulary, sample.title), Forward())
        told = json.loads(json.dumps(decision_json(decision)))
        assert list(Draft202012Validator(decision_schema(vocabulary)).iter_errors(told)) == []


def test_a_stint_whose_holder_is_open_names_the_possible_teams() -> None:
    stint: dict[str, Any] = {"team": None, "from": None, "until": None, "point": None, "status": "present", "clauses": []}
    whole = decision_schema(VOCABULARY)
    schema = Draft202012Validator({**whole["properties"]["journey"]["items"], "$defs": whole["$defs"]})
    assert schema.is_valid({**stint, "possible_teams": ["awaken"]})
    assert schema.is_valid({**stint, "team": "awaken"})
    assert not schema.is_valid({**stint, "status": "gone"})
    assert not schema.is_valid({**stint, "possible_teams": ["awakn"]})
