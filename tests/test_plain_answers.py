"""Regression tests of wording: answers in situations in which they were once worded badly, beside good ones."""

from __future__ import annotations

from typing import Any

import pytest

from explain.answer import headline, parts
from explain.decision_json import finding_sentences
from explain.tree import Sentence, Teller, holders, route_claims
from explain.why_not import lacks, route_title
from explain.words import Words
from kb.case import make_case
from kb.engines.forward import Forward
from kb.language.model import Atom, Constant
from queries.decide import Decision, decide
from queries.load import load_program
from queries.why_not import for_the_child, routes_to
from tests.plain_english import faults_of

ASSESSED = {
    "date_of_birth": "2015-01-01",
    "team_on_record": "assessment_and_intervention_team",
    "assessment_completed_on": "2024-11-10",
    "assessment_outcome": "child_in_need_plan",
}
WITH_ASSESSMENT = {"date_of_birth": "2015-01-01", "team_on_record": "assessment_and_intervention_team"}
IN_ASSESSMENT = {"date_of_birth": "2015-01-01", "team_on_record": "assessment_and_support_team"}
HELD = {**IN_ASSESSMENT, "icpc_required": True, "icpc_held_on": "2024-10-15", "icpc_outcome": "child_protection_plan"}
AFTER_ORDER = {
    "date_of_birth": "2012-01-01",
    "team_on_record": "locality_team",
    "care_proceedings_issued_on": "2024-05-01",
    "final_hearing_held_on": "2024-12-01",
    "final_orders": ["special_guardianship_order"],
    "financial_support_only": True,
    "cin_planning_continues": False,
}


def decided(policy: str, facts: dict[str, Any], as_of: str = "2024-12-10") -> Decision:
    program = load_program(policy)
    document = {"case_id": "c1", "policy": policy, "as_of": as_of, "facts": facts}
    return decide(program, make_case(document, program.policy.vocabulary, "c1"), Forward())


def told(decision: Decision, title: str) -> tuple[str, ...]:
    return next((part.lines for part in parts(decision) if part.title == title), ())


def lines(sentence: Sentence) -> list[str]:
    return [sentence.text, *(line for reason in sentence.reasons for line in lines(reason))]


MOVES = [
    (
        "known not to have been held",
        {**WITH_ASSESSMENT, "icpc_required": True, "icpc_booked_for": "2024-12-01", "icpc_held_on": False},
        "Still to come: from Assessment and Intervention Team to Locality Team at the initial child protection conference; it "
        "was booked for 1 December 2024 and has not taken place, and no other day is recorded.",
    ),
    (
        "not recorded whether held",
        {**WITH_ASSESSMENT, "icpc_required": True, "icpc_booked_for": "2024-12-01"},
        "Due since 1 December 2024: from Assessment and Intervention Team to Locality Team at the initial child protection "
        "conference; nobody recorded whether that took place.",
    ),
    (
        "hangs on the length of the plan",
        {**ASSESSED, "first_cin_meeting_held_on": "2024-11-27"},
        "Moved from Assessment and Intervention Team to Locality Team at the first child in need meeting (27 November 2024) if "
        "the child in need plan is judged to need more than 12 weeks; nobody recorded whether that is so.",
    ),
    (
        "the meeting is still to come",
        {**ASSESSED, "first_cin_meeting_booked_for": "2024-12-20"},
        "Moves from Assessment and Intervention Team to Locality Team at the first child in need meeting (20 December 2024) if "
        "the child in need plan is judged to need more than 12 weeks; nobody recorded whether that is so.",
    ),
    (
        "the case is closed",
        AFTER_ORDER,
        "Closed to social work at the final hearing (1 December 2024); the child was with Locality Team.",
    ),
]


@pytest.mark.parametrize(("facts", "move"), [row[1:] for row in MOVES], ids=[row[0] for row in MOVES])
def test_a_move_says_what_it_is_and_what_it_hangs_on(facts: dict[str, Any], move: str) -> None:
    assert told(decided("sefton", facts), "The move") == (move,)


CLOCK = {**IN_ASSESSMENT, "assessment_started_on": "2024-09-03"}
LIMITS = [
    ("done", {"checkpoint_10_held_on": "2024-09-13"}, "13 September 2024 (calendar days) — kept."),
    (
        "four days late",
        {"checkpoint_10_held_on": "2024-09-17"},
        "13 September 2024 (calendar days) — done late, on 17 September 2024.",
    ),
    ("not done", {"checkpoint_10_held_on": False}, "13 September 2024 (calendar days) — not done."),
    ("not recorded", {}, "13 September 2024 (calendar days) — passed; not recorded whether it was kept."),
]


@pytest.mark.parametrize(("facts", "ends"), [row[1:] for row in LIMITS], ids=[row[0] for row in LIMITS])
def test_a_limit_says_what_became_of_it(facts: dict[str, Any], ends: str) -> None:
    due = told(decided("blackpool", {**CLOCK, **facts}, "2024-10-01"), "Deadlines")
    assert f"Manager check of the assessment at day 10: {ends}" in due


@pytest.mark.parametrize(("contact", "ends"), [("2024-09-02", "in time"), ("2024-12-02", "too late")])
def test_a_window_is_not_kept_or_missed(contact: str, ends: str) -> None:
    closed = [{"team": "strengthening_and_supporting_families", "closed_on": "2024-05-01"}]
    facts = {"date_of_birth": "2015-01-01", "team_on_record": "none", "contact_received_on": contact}
    due = told(decided("blackpool", {**facts, "previous_involvements": closed}), "Deadlines")
    assert due == (f"Last day on which a new contact goes back to the team that closed: 1 November 2024 — {ends}.",)


def test_calendar_months_are_not_said_to_be_calendar_days() -> None:
    facts = {"date_of_birth": "2015-01-01", "team_on_record": "locality_team", "section_20_from": "2024-11-10"}
    due = told(decided("sefton", facts), "Deadlines")
    assert "Four-month review due: 10 March 2025 — not yet passed." in due


def test_a_held_up_move_says_what_holds_it_up_first() -> None:
    decision = decided("blackpool", {**HELD, "transfer_discussion_held": False}, "2024-10-20")
    said = lines(holders(decision.model, Teller(decision.model), known=True)[0])
    held_up = said.index("The move that would take the child elsewhere is held up")
    assert said[held_up + 1] == "The managers have not discussed the transfer"
    assert decision.transfer is not None
    assert route_claims(decision.model, decision.transfer.atom)[0].atom.predicate == "gate_fails"


def test_where_nothing_moves_the_child_that_is_said_in_short() -> None:
    decision = decided("blackpool", IN_ASSESSMENT)
    said = lines(holders(decision.model, Teller(decision.model), known=True)[0])
    assert said[:3] == [
        "Assessment and Support Team holds the child",
        "The record shows the child with Assessment and Support Team",
        "No clause sends the child elsewhere, on what is recorded",
    ]
    assert not [line for line in said if line.startswith("It is not recorded")], "the full form and the assumptions say so"
    full = lines(holders(decision.model, Teller(decision.model, full=True), known=True)[0])
    assert "The case is not recorded as closed" in full


def test_what_an_open_answer_hangs_on_comes_first() -> None:
    decision = decided("sefton", {**ASSESSED, "first_cin_meeting_held_on": "2024-11-27"})
    ways = holders(decision.model, Teller(decision.model), known=False)
    assert [way.text for way in ways] == [
        "One way that it could be: Assessment and Intervention Team holds the child",
        "One way that it could be: Locality Team holds the child",
    ]
    stays, goes = ways
    assert lines(stays)[2].startswith("It is not recorded: the expected length of the child in need plan in weeks")
    assert goes.reasons[0].clause_id
    assert goes.reasons[0].open


def obstacles(decision: Decision, team: str) -> dict[str, list[str]]:
    teller = Teller(decision.model)
    routes = for_the_child(routes_to(decision.model, team))
    return {route_title(route, teller): [lack.text for lack in lacks(route, teller)] for route in routes}


def test_why_not_leaves_out_routes_for_another_age() -> None:
    """A child of nine is not a homeless young person of 16; one of 16 may be, and the route then says whom it is for."""
    young = obstacles(decided("sefton", ASSESSED), "locality_team")
    assert not [text for texts in young.values() for text in texts if "16" in text]
    older = obstacles(decided("sefton", {**ASSESSED, "date_of_birth": "2008-01-01"}), "locality_team")
    route = "This route is only for cases where a young person of 16 or over is homeless or at risk of it"
    assert [texts[0] for texts in older.values() if route in texts] == [route]


def test_why_not_says_the_real_obstacle_first_and_counts_no_conditions_met() -> None:
    decision = decided("blackpool", {**HELD, "transfer_discussion_held": False}, "2024-10-20")
    found = obstacles(decision, "strengthening_and_supporting_families")
    title, texts = next(iter(found.items()))
    assert title.startswith("From Assessment and Support Team at the initial child protection conference [clause bp81 (line 52)]")
    assert title.endswith("1 thing is lacking")
    assert "the transfer has been discussed between the managers" in texts[0]
    assert not [each for each in found if "conditions met" in each]


def test_a_child_moving_in_is_not_said_to_be_kept_by_the_front_door() -> None:
    """The court's request moves the child on, whether or not the move-in does."""
    facts = {
        "date_of_birth": "2015-01-01",
        "team_on_record": "none",
        "contact_received_on": "2024-12-02",
        "section_37_report_requested_on": "2024-12-02",
        "transfer_in_requested_on": "2024-12-02",
    }
    decision = decided("blackpool", facts)
    noted = " ".join(finding_sentences(decision, Words.of(decision.model)))
    assert "only once the home here is known to be settled and suitable" in noted
    assert "keeps the child" not in noted


def test_a_value_of_a_fact_is_not_said_as_a_code_of_the_same_name() -> None:
    decision = decided("sefton", {"team_on_record": "locality_team", "leaving_care_status": "none"})
    words = Words.of(decision.model)
    assert words.statement(Atom("leaving_care_status", (Constant("none"),)), True) == "the leaving care status is: none"
    assert words.statement(Atom("team_on_record", (Constant("none"),)), True) == "the record shows the child with no team"
    assert Words(decision.model.program).statement(Atom("team_on_record", (Constant("none"),)), False) == (
        "the record shows the child with a team"
    )


def test_a_closed_case_is_held_by_nobody() -> None:
    decision = decided("sefton", AFTER_ORDER)
    assert headline(decision) == "On 10 December 2024 the case is closed to social work."
    said = [line for sentence in holders(decision.model, Teller(decision.model), known=True) for line in lines(sentence)]
    assert said[:2] == ["The case is closed to social work", "An earlier move closed the case"]
    assert [line for line in said if faults_of(line)] == []


@pytest.mark.parametrize(("weeks", "says"), [(1, "take 1 week"), (13, "take 13 weeks")])
def test_one_week_is_singular(weeks: int, says: str) -> None:
    decision = decided("sefton", {**ASSESSED, "cin_plan_expected_weeks": weeks})
    text = Words.of(decision.model).statement(Atom("cin_plan_expected_weeks", (Constant(weeks),)), True)
    assert text == f"the child in need plan was expected to {says}"
