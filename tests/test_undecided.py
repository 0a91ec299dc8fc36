"""Answers without a decided team: what is certain for all possible teams, what only for one, and verifying both."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from explain.answer import parts
from explain.decision_json import decision_json
from explain.filed.as_json import as_json, hashes_of
from explain.filed.content import content_of
from explain.filed.forms import record_html
from explain.filed.verify import read_record, sha256, verify
from explain.undecided import WITH_TEAM
from kb.engines.pydatalog import PyDatalog
from kb.vocabulary.schema import decision_schema
from queries.decide import Decision
from queries.exact import decide_exactly
from queries.load import load_program
from queries.undecided import with_each_team
from tests.helpers import START, case_of, program, whichteam

#: Beta holds the child with one event and not with another; each clause has duties, some of them in both.
RULES = (
    START
    + """@clause t2.
route(alpha, beta, handover) :- cared_for.
point_event(handover, handover_on).
@clause t3.
duty(call_back) :- known responsible(alpha).
duty(call_back) :- known responsible(beta).
limit(visit_due, Due) :- known handover_on(On), Due = On + 5 days.
@clause t4.
attendance(beta_attends, beta, first_talk) :- known responsible(beta).
co_working(side_by_side, beta, alpha) :- known came_from(alpha), known came_at(handover).
"""
)
OPEN = {"team_on_record": "alpha", "handover_on": "2024-06-03"}
#: Twins in a nursery need help together; whether the family agrees is not recorded (Blackpool, lines 8 to 12).
TWINS = {
    "date_of_birth": "2021-06-01",
    "contact_received_on": "2024-09-02",
    "threshold_level": 2,
    "threshold_decision_on": "2024-09-03",
    "needs_coordinated_support": True,
    "team_on_record": "none",
    "previous_involvements": [],
}
#: A conference whose outcome nobody wrote down (Sefton).
CONFERENCE = {
    "team_on_record": "assessment_and_intervention_team",
    "date_of_birth": "2016-03-01",
    "icpc_held_on": "2024-09-02",
    "assessment_started_on": "2024-08-20",
}
CASES: dict[str, dict[str, Any]] = {"blackpool": TWINS, "sefton": CONFERENCE}


def decided(policy: str, as_of: str = "2024-09-03") -> Decision:
    found = load_program(policy)
    return decide_exactly(found, case_of(found, CASES[policy], as_of), PyDatalog())


def test_what_each_way_says_by_a_clause_of_its_own_is_sure(tmp_path: Path) -> None:
    compiled = program(tmp_path, RULES)
    found = decide_exactly(compiled, case_of(compiled, OPEN), PyDatalog())
    assert (found.status, found.possible_teams) == ("unknown", ("alpha", "beta"))
    assert found.duties == ("call_back",)  # certain, although each team has it by a clause of its own
    assert [row["due"] for row in found.deadlines] == ["2024-06-08"]
    assert (found.attendance, found.co_working) == ((), ())
    assert not any(each.attendance for each in with_each_team(found) if each.team == "alpha")
    (beta,) = [each for each in with_each_team(found) if each.team == "beta"]
    assert [row["who"] for row in beta.attendance] == ["beta"]
    assert [(row["team"], row["with"]) for row in beta.co_working] == [("beta", "alpha")]
    assert [(move.to, move.status) for move in beta.moves] == [("beta", "completed")]
    decided_ = decide_exactly(compiled, case_of(compiled, {**OPEN, "cared_for": True}), PyDatalog())
    assert (decided_.ends, with_each_team(decided_)) == ((), ())


def test_what_only_one_way_says_is_not_told_as_sure(tmp_path: Path) -> None:
    compiled = program(tmp_path, RULES.replace("duty(call_back) :- known responsible(alpha).\n", ""))
    found = decide_exactly(compiled, case_of(compiled, OPEN), PyDatalog())
    assert found.duties == ()
    assert [(each.team, each.duties) for each in with_each_team(found) if each.duties] == [("beta", ("call_back",))]


def test_early_help_or_nobody_has_the_contact_to_record_and_only_a_team_writes_to_the_referrer() -> None:
    found = decided("blackpool")
    assert found.possible_teams == ("targeted_intervention_services", "no_team")
    assert found.duties == ("advice_and_signposting", "record_contact")
    told = {each.team: each.duties for each in with_each_team(found)}
    assert told["targeted_intervention_services"] == ("referral_outcome_letter",)  # line 9: with whom it is allocated
    assert told["no_team"] == ()
    lines = next(part.lines for part in parts(found) if part.title == WITH_TEAM)
    assert lines[0].startswith("If Targeted Intervention Services holds the child: ")
    assert lines[1].startswith("If the policy names no team: ")


@pytest.mark.parametrize("policy", CASES)
def test_the_json_form_keeps_to_the_schema(policy: str) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    found = decided(policy)
    told = json.loads(json.dumps(decision_json(found)))
    jsonschema.validate(told, decision_schema(found.model.program.policy.vocabulary))
    assert [entry["team"] for entry in told["proof"]["possible"]] == list(found.possible_teams)
    assert told["proof"]["exact"] is True
    assert {entry["team"] for entry in told["proof"]["with_team"]} <= set(found.possible_teams)
    assert all(end["conclusions"] for end in told["proof"]["ends"])


@pytest.mark.parametrize("policy", CASES)
def test_a_record_shows_it_and_is_sound(policy: str) -> None:
    content = content_of(decided(policy))
    text = as_json(content)
    taken: list[str] = []
    assert verify(read_record(text.encode()), None, taken) == []
    assert any("no other team is possible" in sentence for sentence in taken)
    page = record_html(content, hashes_of(json.loads(text)))
    assert all(line.split(": ")[0] in page for part in content.parts if part.title == WITH_TEAM for line in part.lines)


def another_duty(told: Any) -> None:
    told["decision"]["with_team"][0]["duties"].append("transfer_audit")


def a_duty_less(told: Any) -> None:
    told["decision"]["duties"].pop()


def told_as_sure(told: Any) -> None:
    with_team = told["decision"]["with_team"][0]
    told["decision"]["duties"] += with_team["duties"]
    with_team["duties"] = []


def a_team_less(told: Any) -> None:
    team = told["decision"]["possible_teams"][-1]
    told["decision"]["possible_teams"].remove(team)


def another_team_witnessed(told: Any) -> None:
    told["possible"]["witnesses"][0]["team"] = "supporting_our_children"
    told["decision"]["possible_teams"][0] = "supporting_our_children"


def a_witness_that_changes_what_is_recorded(told: Any) -> None:
    told["possible"]["witnesses"][0]["filled"]["threshold_level"] = 4


def a_witness_told_twice(told: Any) -> None:
    told["possible"]["witnesses"].append(told["possible"]["witnesses"][0])


FORGED: list[Callable[[Any], None]] = [
    another_duty,
    a_duty_less,
    told_as_sure,
    a_team_less,
    another_team_witnessed,
    a_witness_that_changes_what_is_recorded,
    a_witness_told_twice,
]


@pytest.mark.parametrize("forge", FORGED, ids=lambda forge: forge.__name__)
def test_a_record_that_was_changed_is_found_out(forge: Callable[[Any], None]) -> None:
    told = json.loads(as_json(content_of(decided("blackpool"))))
    forge(told)
    told["seal"] = sha256({key: part for key, part in told.items() if key != "seal"})
    assert verify(told) != []


def test_why_and_verify_on_the_command_line(tmp_path: Path) -> None:
    case = tmp_path / "case.json"
    case.write_text(json.dumps({"case_id": "twins", "policy": "blackpool", "as_of": "2024-09-03", "facts": TWINS}))
    why = " ".join(whichteam("why", case).out.split())
    assert "One way that it could be: Targeted Intervention Services holds the child" in why
    assert "One way that it could be: No team named by the policy holds the child" in why
    record = tmp_path / "twins.json"
    assert whichteam("record", case, "--out", record).code == 0
    checked = whichteam("verify", record)
    assert (checked.code, "Sound" in checked.out) == (0, True), checked.out
