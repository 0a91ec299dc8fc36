"""Every scenario of both policies; the expected answers were written from the documents, without the program.

A `certain` scenario allows only its expectation; an `arguable` one any of its alternatives.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from explain.authors.expected import answer_with
from kb.case import make_case
from kb.engines.pydatalog import PyDatalog
from kb.errors import InputError
from queries.decide import decide
from queries.load import load_program
from queries.scenarios import Scenario, misses
from tests.helpers import case_of, make_policy, program, whichteam

FILES = sorted((Path(__file__).parent / "scenarios").glob("*.json"))
SCENARIOS = [scenario for file in FILES for scenario in json.loads(file.read_text(encoding="utf-8"))]
ENGINE = PyDatalog()


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario["id"])
def test_scenario(scenario: dict[str, Any]) -> None:
    program = load_program(scenario["policy"])
    case = make_case(scenario["case"], program.policy.vocabulary, scenario["id"])
    expected = Scenario.of(case, scenario, scenario["id"])
    assert misses(expected, answer_with(decide(program, case, ENGINE), expected.parts)) == [], scenario["narrative"]


# What an expectation allows ---------------------------------------------------------------

ANSWER: dict[str, Any] = {
    "status": "decided",
    "responsible_team": "beta",
    "transfer": {"from": "alpha", "to": "beta", "point": "handover", "status": "completed", "on": "2024-06-01"},
    "further_transfers": [],
    "duties": ["call_back", "write"],
    "deadlines": [{"code": "visit_due", "due": "2024-06-08", "day_count": "calendar", "met": None}],
    "blocked_by": [],
    "journey": [
        {"team": "alpha", "from": "2024-05-01", "until": "2024-05-20", "point": None, "status": "past", "clauses": []},
        {"team": None, "from": "2024-05-20", "until": "2024-06-01", "point": None, "status": "past", "clauses": []},
        {"team": "beta", "from": "2024-06-01", "until": None, "point": "handover", "status": "present", "clauses": []},
    ],
    "history": [{"fact": "icpc_held_on", "on": "2021-03-02"}],
    "assumptions": ["icpc_required"],
    "set_aside": [],
}


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        ({"status": "decided"}, {"status": "silent"}),
        ({"responsible_team": ["alpha", "beta"]}, {"responsible_team": ["alpha", "gamma"]}),
        ({"transfer": {"to": "beta", "on": "2024-06-01"}}, {"transfer": {"to": "beta", "on": "2024-06-02"}}),
        ({"transfer": [None, {"to": ["beta", "gamma"]}]}, {"transfer": None}),
        ({"further_transfers": [{"to": "beta"}]}, {"further_transfers": [{"to": "gamma"}]}),
        ({"duties": ["write"]}, {"duties": ["write", "read"]}),
        ({"blocked_by": []}, {"duties": []}),
        ({"deadlines": [{"code": "visit_due", "met": None}]}, {"deadlines": [{"code": "visit_due", "met": True}]}),
        ({"absent": {"duties": ["read"]}}, {"absent": {"deadlines": ["visit_due"]}}),
        ({"journey": [{"team": "alpha"}, {"team": "beta"}]}, {"journey": [{"team": "beta"}, {"team": "alpha"}]}),
        ({"journey": [{"team": None, "until": "2024-06-01"}]}, {"journey": [{"team": None, "until": None}]}),
        ({"journey": [{"point": ["handover", "goodbye"]}]}, {"journey": [{"team": "beta"}, {"team": "beta"}]}),
        ({"set_aside": []}, {"journey": []}),
        ({"history": [{"fact": "icpc_held_on"}]}, {"history": [{"fact": "icpc_held_on", "on": "2021-03-03"}]}),
        ({"assumptions": ["icpc_required"]}, {"assumptions": []}),
        ({"set_aside": []}, {"set_aside": [{"team": "gamma"}]}),
        ({"absent": {"assumptions": ["icpc_held_on"]}}, {"absent": {"assumptions": ["icpc_required"]}}),
        ({"reading": "why", "status": "decided"}, {"reading": "why", "status": "unknown"}),
    ],
)
def test_what_is_allowed(good: dict[str, Any], bad: dict[str, Any], tmp_path: Path) -> None:
    case = case_of(program(tmp_path), {})
    assert misses(Scenario(case, (good,)), ANSWER) == []
    assert len(misses(Scenario(case, (bad,)), ANSWER)) == 1
    assert misses(Scenario(case, (bad, good)), ANSWER) == []
    assert misses(Scenario(case, (good,), ("beta",)), ANSWER) == ["responsible_team: beta is forbidden"]


@pytest.mark.parametrize(
    ("document", "where", "message"),
    [
        ({"expect": "alpha"}, "expect", "`alpha` names no fields"),
        ({"expect": {"team": "alpha"}}, "expect.team", "an answer has no `team`"),
        ({"expect": {"duties": "call_back"}}, "expect.duties", "is not a list of codes"),
        ({"expect": {"deadlines": ["visit_due"]}}, "expect.deadlines", "is not a list of entries"),
        ({"expect": {"transfer": "beta"}}, "expect.transfer", "is not a move, nor a list of moves"),
        ({"expect": {"absent": ["call_back"]}}, "expect.absent", "does not name fields with lists of codes"),
        ({"expect": {"absent": {"duty": []}}}, "expect.absent", "`duty` is not a list of codes"),
        ({"expect": {"journey": "alpha"}}, "expect.journey", "is not a list of entries"),
        ({"expect": {"journey": ["alpha"]}}, "expect.journey", "is not a list of entries"),
        ({"expect": {"journey": [{"teem": "alpha"}]}}, "expect.journey", "an entry has no `teem`"),
        ({"expect": {"history": [{"fact": "icpc_held_on", "day": "2021-03-02"}]}}, "expect.history", "an entry has no `day`"),
        ({"expect": {"set_aside": [{"team": "alpha", "line": 3}]}}, "expect.set_aside", "an entry has no `line`"),
        ({"expect": {"assumptions": {"fact": "icpc_held_on"}}}, "expect.assumptions", "is not a list of codes"),
        ({"expect": {}, "acceptable": 1}, "acceptable", "is not a list of answers"),
        ({"expect": {}, "acceptable": [1]}, "expect", "`1` names no fields"),
        ({"expect": {}, "forbid_teams": "beta"}, "forbid_teams", "is not a list of teams"),
    ],
)
def test_expectations_that_can_not_be_read(document: dict[str, Any], where: str, message: str, tmp_path: Path) -> None:
    case = case_of(program(tmp_path), {})
    with pytest.raises(InputError) as raised:
        Scenario.of(case, document, "file.json one")
    assert [(fault.where, fault.message) for fault in raised.value.faults] == [(f"file.json one: {where}", message)]


def test_the_command_tells_which_scenarios_fail(tmp_path: Path) -> None:
    folder = make_policy(tmp_path)
    case = {"case_id": "one", "policy": "tiny", "as_of": "2024-06-03", "facts": {"team_on_record": "none"}}
    right = {"id": "right", "policy": "tiny", "case": case, "expect": {"responsible_team": "alpha"}}
    wrong = {"id": "wrong", "policy": "tiny", "case": {**case, "case_id": "two"}, "expect": {"responsible_team": "beta"}}
    path = tmp_path / "scenarios.json"
    path.write_text(json.dumps([right]), encoding="utf-8")
    assert whichteam("test", folder, "--cases", path).code == 0
    path.write_text(json.dumps([right, wrong]), encoding="utf-8")
    ran = whichteam("test", folder, "--cases", path)
    assert ran.code == 1
    assert ran.out.startswith(
        "fails  scenarios.json two\n       responsible_team: expected beta, got alpha\ntiny: 2 scenarios, 1 not as expected\n"
    )
