"""Every decision has the form that `docs/reference/case-and-decision.md` describes, in every case."""

from __future__ import annotations

import re
from typing import Any

from hypothesis import given

from explain.decision_json import decision_json
from kb.engines.pydatalog import PyDatalog
from kb.program import Program
from queries.decide import Decision, decide
from tests.strategies import blackpool, case, facts, laws

KEYS = [
    "case_id", "policy", "as_of", "status", "responsible_team", "possible_teams", "missing_facts", "transfer",
    "further_transfers", "blocked_by", "unconfirmed_gates", "deadlines", "duties", "attendance", "co_working",
    "escalate_to", "findings", "journey", "assumptions", "history", "set_aside", "clauses", "proof",
]  # fmt: skip
DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
TEAMS = {"team", "outcome"}
WHO = {"team", "outcome", "body", "escalation"}


def decided(program: Program, facts: dict[str, Any]) -> Decision:
    return decide(program, case(program, facts), PyDatalog())


@laws(60)
@given(facts=facts("blackpool"))
def test_the_teams_fit_the_status(facts: dict[str, Any]) -> None:
    found = decided(blackpool(), facts)
    assert len(set(found.possible_teams)) == len(found.possible_teams)
    if found.status == "decided":
        assert found.possible_teams == (found.responsible_team,)
        assert found.responsible_team != "no_team"
    else:
        assert found.responsible_team is None
        assert len(found.possible_teams) == 0 if found.status == "silent" else len(found.possible_teams) >= 2
    assert found.status in ("decided", "unknown", "silent", "conflict")


@laws(60)
@given(facts=facts("blackpool"))
def test_one_status_and_at_most_one_move_are_told(facts: dict[str, Any]) -> None:
    model = decided(blackpool(), facts).model
    assert len(model.holding_of("status")) == 1
    assert len(model.holding_of("told")) <= 1
    assert not set(model.open_of("status") + model.open_of("told"))


@laws(60)
@given(facts=facts("blackpool"))
def test_keys_and_codes(facts: dict[str, Any]) -> None:
    document = decision_json(decided(blackpool(), facts))
    vocabulary = blackpool().policy.vocabulary

    def kinds(code: str, *allowed: str) -> None:
        assert any(vocabulary.has(kind, code) for kind in allowed), f"{code} is none of {allowed}"

    assert list(document) == KEYS
    for team in document["possible_teams"]:
        kinds(team, *TEAMS)
    for move in [*document["further_transfers"], *([document["transfer"]] if document["transfer"] else [])]:
        assert list(move) == ["from", "to", "point", "status", "on"]
        kinds(move["from"], *TEAMS)
        kinds(move["to"], *TEAMS)
        kinds(move["point"], "point")
        kinds(move["status"], "move_status")
        assert move["on"] is None or DATE.fullmatch(move["on"])
        assert move["from"] != move["to"]
    for part, kind in [("blocked_by", "gate"), ("unconfirmed_gates", "gate"), ("duties", "duty"), ("escalate_to", "escalation")]:
        assert len(set(document[part])) == len(document[part])
        for code in document[part]:
            kinds(code, kind)
    for row in document["deadlines"]:
        assert list(row) == ["code", "due", "day_count", "met"]
        kinds(row["code"], "deadline")
        kinds(row["day_count"], "day_count")
        assert DATE.fullmatch(row["due"])
        assert row["met"] in (True, False, None)
    for row in document["attendance"]:
        assert list(row) == ["code", "who", "meeting"]
        kinds(row["code"], "attendance")
        kinds(row["who"], *WHO)
        kinds(row["meeting"], "meeting", "point")
    for row in document["co_working"]:
        assert list(row) == ["code", "team", "with"]
        kinds(row["code"], "co_working")
        kinds(row["team"], *WHO)
        kinds(row["with"], *WHO)
    for clause in document["clauses"]:
        assert list(clause) == ["id", "lines"]
        assert list(blackpool().policy.clauses[clause["id"]].lines) == clause["lines"] != []
    assert all(isinstance(sentence, str) and sentence for sentence in document["findings"])


@laws(60)
@given(facts=facts("blackpool"))
def test_only_facts_that_are_not_recorded_are_asked_for(facts: dict[str, Any]) -> None:
    """Also asked for: events without a known day, days that can't be right, and lists with incomplete entries."""
    known = blackpool().policy.vocabulary.facts
    found = decided(blackpool(), facts)
    missing = found.missing_facts
    wrong = {name for day in found.misdated for name in (day.fact, day.presupposes)}
    assert len(set(missing)) == len(missing)
    undated = {name for name, value in facts.items() if known[name].type == "event" and value is True}
    parts = {"team", "closed_on"}
    partly = {"previous_involvements"} if any(parts - set(e) for e in facts.get("previous_involvements", ())) else set()
    assert set(missing) <= set(known) - set(facts) | undated | wrong | partly


@laws(60)
@given(facts=facts("blackpool"))
def test_an_unknown_answer_says_what_to_ask(facts: dict[str, Any]) -> None:
    found = decided(blackpool(), facts)
    assert found.status != "unknown" or found.missing_facts


@laws(60)
@given(facts=facts("blackpool"))
def test_a_gate_is_named_only_for_the_move_told(facts: dict[str, Any]) -> None:
    found = decided(blackpool(), facts)
    assert found.transfer or not (found.blocked_by or found.unconfirmed_gates)
    assert not set(found.blocked_by) & set(found.unconfirmed_gates)
    if found.transfer and found.transfer.status == "blocked":
        assert found.blocked_by
    if found.transfer and found.transfer.status == "completed" and found.status == "decided":
        assert not found.blocked_by
