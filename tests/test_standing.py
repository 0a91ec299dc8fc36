"""How firm an answer is: marks, title, checks, clashes and the three reasons, over records that differ in one thing."""

from __future__ import annotations

from typing import Any

import pytest

from explain.filed.content import content_of
from explain.standing import beneath, heading, marks, missed, record_lags, title
from explain.three_reasons import three_reasons
from kb.case import make_case
from kb.engines.forward import Forward
from queries.clashes import clashes
from queries.decide import Decision
from queries.exact import decide_exactly
from queries.gates import gates
from queries.load import load_program

#: A child in need plan whose first meeting was held: how long the plan is expected to be decides.
PLAN: dict[str, Any] = {
    "team_on_record": "assessment_and_intervention_team",
    "with_team_since": "2024-09-23",
    "date_of_birth": "2015-06-03",
    "assessment_completed_on": "2024-11-08",
    "assessment_outcome": "child_in_need_plan",
    "first_cin_meeting_held_on": "2024-11-15",
}
#: A stay under section 20 that is to last until 18: two clauses give two moments.
SECTION_20: dict[str, Any] = {
    "team_on_record": "locality_team",
    "date_of_birth": "2012-02-11",
    "section_20_from": "2024-07-10",
    "plan_to_remain_until_18": True,
    "four_month_review_held_on": "2024-11-12",
    "four_month_review_decision": "not_returning_home",
    "second_review_booked_for": "2025-02-06",
}


def decided(facts: dict[str, Any], day: str = "2024-11-18") -> Decision:
    program = load_program("sefton")
    document = {"case_id": "c1", "policy": "sefton", "as_of": day, "facts": facts}
    return decide_exactly(program, make_case(document, program.policy.vocabulary, "case"), Forward())


def said(decision: Decision) -> list[str]:
    return [f"{mark.sign} {mark.words}" for mark in marks(decision)]


def test_one_thing_is_missing() -> None:
    decision = decided(PLAN)
    assert said(decision) == ["? 1 answer missing", "? 10 checks not confirmed"]
    either = "Assessment and Intervention Team or Locality Team"
    assert title(decision) == f"{either}: it depends on the expected length of the child in need plan in weeks"
    assert beneath(decision) == (
        "Monday 18 November 2024, on what is recorded so far. "
        "On the record, Assessment and Intervention Team has had the child since 23 September 2024."
    )
    *_, last = three_reasons(content_of(decision))
    assert last.text == "It is not recorded: the expected length of the child in need plan in weeks"


def test_it_is_settled_on_what_is_recorded() -> None:
    decision = decided({**PLAN, "cin_plan_expected_weeks": 16})
    assert said(decision) == ["✓ Settled on what is recorded", "? 10 checks not confirmed"]
    assert title(decision) == "Locality Team has the child, since Friday 15 November 2024"
    assert record_lags(decision) == (
        "The record still names Assessment and Intervention Team. "
        "By the policy it should name Locality Team since Friday 15 November 2024."
    )
    first, *_ = three_reasons(content_of(decision))
    assert first.text.startswith("On 15 November 2024 the child moved from Assessment and Intervention Team to Locality Team")
    assert first.clause == "clause sf102 (line 154)"
    stays = decided({**PLAN, "cin_plan_expected_weeks": 12})
    assert title(stays) == "Assessment and Intervention Team has the child, since 23 September 2024"
    assert record_lags(stays) == ""


def test_what_one_answer_could_change_is_not_settled() -> None:
    facts = {**PLAN, "cin_plan_expected_weeks": 16}
    decision = decided(facts)
    assert said(decision)[0] == "✓ Settled on what is recorded"
    signs = [f"{mark.sign} {mark.words}" for mark in marks(decision, doubtful=True)]
    assert signs == ["? One answer could change this", "? 10 checks not confirmed"]
    assert heading(decision, doubtful=True) == ("On what is recorded, Locality Team has the child, since Friday 15 November 2024")
    assert heading(decision) == title(decision)
    assert beneath(decision, doubtful=True) == "Monday 18 November 2024. What nobody recorded yet could give another team."
    died = decided({**facts, "died_on": "2024-11-16"})
    assert (title(died)[:8], heading(died, doubtful=True)[:28]) == ("The case", "On what is recorded, the cas")


def test_what_no_clause_looks_at_is_not_settled() -> None:
    decision = decided({"team_on_record": "none", "transfer_in_conference_held_on": "2024-11-10"})
    assert said(decision)[0] == "– No clause on 1 of the recorded facts"
    assert not any(mark.kind == "settled" for mark in marks(decision))
    assert beneath(decision) == "Monday 18 November 2024, as far as this policy covers what is recorded."


def test_a_record_of_a_closed_case_has_to_follow_too() -> None:
    assert record_lags(decided({**PLAN, "died_on": "2024-11-16"})) == (
        "The record still names Assessment and Intervention Team. "
        "By the policy the case is closed to social work since Saturday 16 November 2024."
    )


@pytest.mark.parametrize(("reply", "met"), [(True, True), (False, False), (None, None)])
def test_a_check_is_confirmed_failed_or_not_known(reply: bool | None, met: bool | None) -> None:
    facts = {**PLAN, "cin_plan_expected_weeks": 16} | ({} if reply is None else {"record_up_to_date": reply})
    decision = decided(facts)
    found = {gate.code: gate for gate in gates(decision)}
    assert len(found) == 10
    assert (found["record_up_to_date"].met, found["record_up_to_date"].facts) == (met, ("record_up_to_date",))
    assert found["record_up_to_date"].clauses == ("sf91",)
    assert {gate.met for gate in found.values()} - {met} <= {None}
    if reply is False:
        assert said(decision)[0] == "‖ Move held up"
        assert title(decision).endswith(". The move to Locality Team is held up.")


def test_clauses_that_differ_are_no_plain_fact() -> None:
    decision = decided(SECTION_20)
    assert said(decision) == ["≠ Clauses differ", "! 1 time limit missed", "? 10 checks not confirmed"]
    assert title(decision) == "Locality Team has the child. Another clause would give the child to Cared for Children Team."
    (clash,) = clashes(decision)
    assert (clash.other, clash.clauses, clash.reading) == ("cared_for_children_team", ("sf74",), "section_20_to_18_moment")
    assert missed(decision) == 1
    plain = decided({**SECTION_20, "four_month_review_decision": "undecided", "four_month_review_held_on": "2024-11-08"})
    assert (clashes(plain), missed(plain)) == ((), 0)


def test_dates_that_can_not_be_right_are_not_settled() -> None:
    facts = {"team_on_record": "locality_team", "assessment_started_on": "2024-10-12", "assessment_completed_on": "2024-10-10"}
    assert said(decided(facts))[0] == "! Dates can't be in this order"
    right = {**facts, "assessment_completed_on": "2024-10-14"}
    assert said(decided(right))[0] == "✓ Settled on what is recorded"


def test_nothing_is_recorded() -> None:
    assert title(decided({})) == "Start here: which team has the child on record?"


def test_three_reasons_are_three_and_different() -> None:
    for facts in (PLAN, SECTION_20, {**PLAN, "cin_plan_expected_weeks": 16}, {"team_on_record": "locality_team"}):
        texts = [reason.text for reason in three_reasons(content_of(decided(facts)))]
        assert 1 <= len(texts) <= 3
        assert len(set(texts)) == len(texts)
