"""Assumptions: worked out by hand, compared with deciding every record one by one, and in words."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

import queries.assumptions
from explain.assumptions import assumption_sentences
from explain.decision_json import decision_json
from kb.bulk.table import from_cases
from kb.case import Case, make_case
from kb.engines.bulk.columns import Columns
from kb.engines.forward import Forward
from kb.program import Program
from queries.assumptions import HELD_UP, MOVED, OTHER, UNSETTLED, Assumptions, assumptions, assumptions_of, is_followed
from queries.bulk.caseload import outcome, outcomes
from queries.decide import Decision, answer, decide
from queries.journey import Journey, Traveller
from queries.load import load_program
from tests.helpers import whichteam
from tests.laws.histories import record

CONFERENCE = {
    "team_on_record": "assessment_and_support_team",
    "with_team_since": "2024-09-02",
    "date_of_birth": "2014-02-11",
    "icpc_held_on": "2024-10-15",
    "icpc_outcome": "child_protection_plan",
}


def decided(policy: str, as_of: str, facts: dict[str, Any]) -> Decision:
    program = load_program(policy)
    document = {"case_id": "a1", "policy": policy, "as_of": as_of, "facts": facts}
    return decide(program, make_case(document, program.policy.vocabulary, "a1"), Forward())


def test_a_move_that_would_have_come_first() -> None:
    """A conference moved the child; an earlier hearing would have led to another team, and other facts matter less."""
    assumed = assumptions(decided("blackpool", "2024-10-16", CONFERENCE))
    assert [(each.fact, each.weight) for each in assumed.found] == [
        ("first_hearing_held_on", MOVED),
        ("transfer_discussion_held", HELD_UP),
        ("transfer_agreed", HELD_UP),
        ("record_up_to_date", HELD_UP),
        ("workflows_outstanding", HELD_UP),
        ("family_notified_in_advance", HELD_UP),
        ("transfer_letters_sent", HELD_UP),
        ("dispute_raised_on", HELD_UP),
        ("dispute_unresolved_at", HELD_UP),
        ("first_review_held_on", UNSETTLED),
        ("pre_proceedings_meeting_held_on", OTHER),
        ("case_closed_on", OTHER),
        ("died_on", OTHER),
        ("managers_agreed_team", OTHER),
    ]


def test_in_words_without_the_checks_that_are_told_as_not_confirmed() -> None:
    decision = decided("blackpool", "2024-10-16", CONFERENCE)
    assert assumption_sentences(decision, assumptions(decision)) == (
        "That the first court hearing was held, for example on 14 October 2024: "
        "then Supporting our Children would hold the child.",
        "That a dispute about the transfer was raised, for example on 15 October 2024: "
        "then Assessment and Support Team would hold the child.",
        "That the dispute is still open at the level of: team managers: then Assessment and Support Team would hold the child.",
        "That the first looked-after review was held, for example on 15 October 2024: "
        "then it would not be known who holds the child: "
        "Strengthening and Supporting Families or Supporting our Children.",
    )


def test_of_equal_ones_the_likelier_come_first() -> None:
    """What belongs to the present stage, then what is still to come; last what is past, rare or would be known."""
    contact = {"team_on_record": "none", "contact_received_on": "2026-11-28"}
    unsettled = [e.fact for e in assumptions(decided("blackpool", "2026-12-01", contact)).found if e.weight == UNSETTLED]
    assert unsettled == [
        "threshold_decision_on",
        "threshold_met",
        "referral_accepted_on",
        "homeless_or_at_risk",
        "police_protection_on",
        "transfer_in_requested_on",
        "date_of_birth",
        "expected_date_of_birth",
        "unborn",
        "gestation_weeks",
    ]
    hearing = {"team_on_record": "assessment_and_support_team", "first_hearing_held_on": "2026-11-24"}
    moved = [e.fact for e in assumptions(decided("blackpool", "2026-12-01", hearing)).found if e.weight == MOVED]
    assert moved[0] == "pre_proceedings_meeting_held_on", "of the court, as the hearing is"
    assert moved.index("icpc_held_on") < moved.index("assessment_started_on") < moved.index("threshold_decision_on")
    assert moved[-1] == "police_protection_on"


def test_one_fact_in_rests_on_much_that_nobody_recorded() -> None:
    facts = {"team_on_record": "assessment_and_intervention_team"}
    found = set(assumptions(decided("sefton", "2023-10-10", facts)).facts)
    assert {"icpc_held_on", "first_hearing_held_on", "first_cin_meeting_held_on"} <= found


def test_a_later_occurrence_of_what_is_recorded() -> None:
    """The conference of 2021 belongs to an earlier episode; another one in this episode would move the child."""
    facts = {
        "team_on_record": "assessment_and_support_team",
        "with_team_since": "2024-09-02",
        "date_of_birth": "2014-02-11",
        "icpc_held_on": "2021-03-02",
        "icpc_outcome": "child_protection_plan",
    }
    decision = decided("blackpool", "2024-10-16", facts)
    found = next(each for each in assumptions(decision).found if each.fact == "icpc_held_on")
    assert found.decision.responsible_team != decision.responsible_team or found.decision.status == "unknown"
    assert len(found.value) == 2
    (told,) = assumption_sentences(decision, Assumptions((found,), complete=True))
    assert told.startswith("That the initial child protection conference was held again, for example on ")


def test_what_is_asked_for_anyway_is_left_out() -> None:
    facts = {"team_on_record": "assessment_and_intervention_team", "icpc_held_on": "2023-10-09"}
    decision = decided("sefton", "2023-10-10", facts)
    assert "icpc_outcome" in decision.missing_facts
    assert not set(assumptions(decision).facts) & set(decision.missing_facts)


def test_what_is_recorded_is_no_assumption() -> None:
    recorded = {**CONFERENCE, "first_hearing_held_on": False, "care_proceedings_issued_on": False}
    found = set(assumptions(decided("blackpool", "2024-10-16", recorded)).facts)
    assert not found & set(recorded)


@pytest.mark.parametrize("policy", ["blackpool", "sefton"])
def test_each_changes_the_answer_and_nothing_else_does(policy: str) -> None:
    """On random records: each assumption changes the answer by its value; random values of all other facts do not."""
    program = load_program(policy)
    draw = Random(f"assumptions {policy}")
    tried = 0
    while tried < 4:
        case = record(program, draw)
        before = decide(program, case, Forward())
        if before.status != "decided" or not is_followed(before):
            continue  # not every value is tried for journeys that columns can't follow
        tried += 1
        found = assumptions(before).found
        for each in found:
            assert outcome(put(case, each.fact, each.value, program)) != outcome(before)
        listed = {each.fact for each in found} | set(before.missing_facts)
        every = list(queries.assumptions._trials(program, case, frozenset(listed)))
        others = [trial for trial, told in zip(every, told_by_columns(program, [t.case for t in every])) if told is not None]
        for trial in draw.sample(others, min(25, len(others))):
            after = put(case, trial.fact, trial.value, program)
            clean = after.contradicted <= before.contradicted
            assert outcome(after) == outcome(before) or not clean, (case.facts, trial.fact, trial.value)


def told_by_columns(program: Program, cases: list[Case]) -> list[Any]:
    return list(outcomes(program, from_cases(cases, program.policy.vocabulary), Columns()))


def put(case: Case, fact: str, value: Any, program: Program) -> Decision:
    return decide(program, Case(case.case_id, case.policy, case.as_of, {**case.facts, fact: value}, case.recorded_on), Forward())


def test_an_event_on_no_known_day_hides_no_assumption() -> None:
    """The same events would move the child whether or not a hearing without a day is on record."""
    with_ast = {"team_on_record": "assessment_and_support_team", "with_team_since": "2024-09-03", "previous_involvements": []}
    plain = assumptions(decided("blackpool", "2024-10-01", with_ast))
    undated = assumptions(decided("blackpool", "2024-10-01", {**with_ast, "first_hearing_held_on": True}))
    events = {"icpc_held_on", "pre_proceedings_meeting_held_on", "first_review_held_on", "case_closed_on", "died_on"}
    assert undated.complete
    assert events <= set(plain.facts) & set(undated.facts)


def test_where_columns_cannot_follow_only_some_of_very_many_are_decided_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody knows who holds the child, and the conference has no day."""
    decision = decided("blackpool", "2024-10-16", {"date_of_birth": "2014-02-11", "icpc_held_on": True})
    tried: list[Case] = []

    def counted(traveller: Traveller, journey: Journey) -> Decision:
        tried.append(journey.case)
        return answer(traveller, journey)

    monkeypatch.setattr(queries.assumptions, "answer", counted)
    monkeypatch.setattr(queries.assumptions, "outcomes", lambda *_: pytest.fail("columns were asked"))
    monkeypatch.setattr(queries.assumptions, "MOST_WALKED", 100)
    monkeypatch.setattr(queries.assumptions, "SAMPLE", 20)
    assumed = assumptions(decision)
    assert not assumed.complete
    told = "Nothing of that kind was found, though not every value of every fact was tried."
    assert assumption_sentences(decision, assumed) == (told,)
    assert len(tried) == queries.assumptions.SAMPLE
    assert len({frozenset(case.facts) for case in tried}) > 10  # many facts are sampled, not only the first one


def test_several_answers_together_are_as_one_by_one() -> None:
    decisions = [
        decided("blackpool", "2024-10-16", CONFERENCE),
        decided("sefton", "2023-10-10", {"team_on_record": "assessment_and_intervention_team"}),
        decided("blackpool", "2024-11-14", RETURN),
        decided("blackpool", "2024-10-16", {"icpc_held_on": True}),
    ]
    told = [[(each.fact, each.value, each.weight) for each in assumed.found] for assumed in assumptions_of(decisions)]
    assert told == [[(each.fact, each.value, each.weight) for each in assumptions(decision).found] for decision in decisions]
    assert all(told[:3])


def test_decide_lists_the_assumptions(tmp_path: Any) -> None:
    path = tmp_path / "a1.json"
    path.write_text(
        '{"case_id": "a1", "policy": "sefton", "as_of": "2023-10-10", '
        '"facts": {"team_on_record": "assessment_and_intervention_team", "date_of_birth": "2014-02-11", '
        '"with_team_since": "2023-09-04"}}',
        encoding="utf-8",
    )
    ran = whichteam("decide", str(path))
    assert "Taken as not so, as nobody recorded it" in ran.out
    assert "That the first court hearing was held, for example on 10 October 2023" in " ".join(ran.out.split())


# What is set aside ---------------------------------------------------------------------------


def set_aside(policy: str, as_of: str, facts: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = decision_json(decided(policy, as_of, facts), proof=False)["set_aside"]
    return found


RETURN = {
    "date_of_birth": "2015-09-02",
    "team_on_record": "none",
    "contact_received_on": "2024-11-12",
    "threshold_level": 3,
    "threshold_met": True,
    "threshold_decision_on": "2024-11-13",
    "previous_involvements": [{"team": "strengthening_and_supporting_families", "closed_on": "2024-05-20"}],
}


def test_a_default_that_an_exception_beat() -> None:
    assert set_aside("blackpool", "2024-11-14", RETURN) == [
        {"clause": "bp62", "lines": [44], "team": "assessment_and_support_team", "by": "bp43"}
    ]


def test_nothing_is_set_aside_where_the_exception_does_not_apply() -> None:
    late = {**RETURN, "contact_received_on": "2024-12-12", "threshold_decision_on": "2024-12-13"}
    assert decided("blackpool", "2024-12-14", late).responsible_team == "assessment_and_support_team"
    assert set_aside("blackpool", "2024-12-14", late) == []


COMPLEX = {**RETURN, "previous_involvements": [], "complex_needs_eligibility": "clear"}


def test_a_clash_is_settled_by_the_reading_whose_name_it_bears() -> None:
    """Line 29 asks that exploitation is the main issue, line 40 does not: a reading settles it, or the managers."""
    facts = {**COMPLEX, "exploitation_is_primary_issue": True}
    assert set_aside("blackpool", "2024-11-14", facts) == [
        {
            "clause": "bp47",
            "lines": [40],
            "team": "supporting_children_with_complex_needs",
            "by": "exploitation_and_complex_needs",
        }
    ]
    assert decided("blackpool", "2024-11-14", facts).escalate_to == ("team_managers",)


def test_without_a_clash_nobody_is_to_be_asked() -> None:
    assert set_aside("blackpool", "2024-11-14", COMPLEX) == [
        {"clause": "bp62", "lines": [44], "team": "assessment_and_support_team", "by": "bp47"}
    ]
    assert decided("blackpool", "2024-11-14", COMPLEX).escalate_to == ()


def test_the_other_side_of_a_clash_that_a_reading_settles() -> None:
    """The step-down clauses (96 to 102) are about Locality; the reading leaves the child with the team that assessed."""
    facts = {
        "date_of_birth": "2014-02-11",
        "team_on_record": "assessment_and_intervention_team",
        "with_team_since": "2024-05-01",
        "assessment_started_on": "2024-05-01",
        "assessment_completed_on": "2024-06-03",
        "assessment_outcome": "targeted_or_universal",
    }
    assert set_aside("sefton", "2024-06-04", facts) == [
        {"clause": "sf57", "lines": [96], "team": "locality_team", "by": "step_down_owner"}
    ]
