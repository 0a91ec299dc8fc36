"""Small histories, worked out by hand from the laws of time: the holder on the day, and the stints up to then."""

from __future__ import annotations

import json
from typing import Any

import pytest

from explain.filed.as_json import as_json
from explain.filed.content import content_of
from explain.filed.verify import verify
from kb.bulk.table import from_cases
from kb.case import make_case
from kb.dates import iso
from kb.engines.bulk.columns import Columns
from kb.engines.forward import Forward
from queries.bulk.caseload import outcome, outcomes
from queries.decide import Decision, decide
from queries.exact import decide_exactly
from queries.load import load_program

HUB, AST = "request_for_support_hub", "assessment_and_support_team"
SSF, SOC = "strengthening_and_supporting_families", "supporting_our_children"
DOOR, ASSESSMENT, LOCALITY = "integrated_front_door", "assessment_and_intervention_team", "locality_team"
CARED, YOUNG, CARE_EXPERIENCED = "cared_for_children_team", "young_peoples_team", "care_experienced_team"
ELSEWHERE = "other_local_authority"
OPEN = None  # a stint whose holder is not known

CONFERENCE, HEARING = "initial_child_protection_conference", "first_court_hearing"
IN_COURT = {"care_proceedings_issued_on": "2024-09-28", "placed_as_outcome_of_hearing": False}
AT_AST = {"team_on_record": AST, "with_team_since": "2024-09-03", "previous_involvements": []}
REVIEWED = {
    "team_on_record": LOCALITY,
    "section_20_from": "2024-01-05",
    "four_month_review_held_on": "2024-05-10",
    "four_month_review_decision": "not_returning_home",
    "plan_to_remain_until_18": False,
    "child_disabled": False,
    "cared_for": True,
}
ORDERED = {
    "team_on_record": LOCALITY,
    "date_of_birth": "2014-03-03",
    "final_hearing_held_on": "2024-05-10",
    "final_orders": ["care_order"],
    "care_plan": "permanence_away_from_parents",
}
NEW_CONTACT = {
    "team_on_record": "none",
    "contact_received_on": "2024-09-02",
    "threshold_level": 3,
    "threshold_met": True,
    "threshold_decision_on": "2024-09-03",
    "date_of_birth": "2015-01-01",
}
SAME_DAY = {
    "team_on_record": DOOR,
    "child_disabled": False,
    "threshold_met": True,
    "contact_received_on": "2024-05-10",
    "referral_accepted_on": "2024-05-13",
}
FORMER = {
    **NEW_CONTACT,
    "team_on_record": AST,
    "previous_involvements": [{"team": SSF, "closed_on": "2024-03-01"}],
}
UNDECIDED = {k: v for k, v in NEW_CONTACT.items() if k not in ("threshold_met", "threshold_decision_on")}

Stint = tuple[str | None, str | None, str | None]
#: name: (policy, day of the answer, day of the record or None, facts, status, team, stints as (team, from, point)).
WORKED: dict[str, tuple[str, str, str | None, dict[str, Any], str, str | None, list[Stint]]] = {
    "12: before the first contact of a child nobody knew, nobody holds": (
        "blackpool", "2024-08-20", "2024-09-10", {**NEW_CONTACT, "previous_involvements": []},
        "silent", None, [(OPEN, None, None)],
    ),
    "8: a level of need without the day of the decision is sure on the day of the record": (
        "blackpool", "2024-09-03", None,
        {"team_on_record": ELSEWHERE, "previous_involvements": [], "threshold_level": 4, "icpc_held_on": "2024-08-04"},
        "decided", SSF, [(HUB, None, None), (AST, None, "threshold_confirmed"), (SSF, "2024-08-04", CONFERENCE)],
    ),
    "8: on the day before the day of the record it may not have come yet": (
        "blackpool", "2024-09-02", "2024-09-03",
        {"team_on_record": ELSEWHERE, "previous_involvements": [], "threshold_level": 4, "icpc_held_on": "2024-08-04"},
        "unknown", None, [(OPEN, None, None)],
    ),
    "8: care that ended on no known day may have ended before the review, which then moved nobody": (
        "blackpool", "2024-03-25", None,
        {
            "team_on_record": AST, "with_team_since": "2024-02-05", "previous_involvements": [],
            "section_20_from": "2024-02-26", "cared_for_ended_on": True, "first_review_held_on": "2024-03-22",
        },
        "unknown", None, [(AST, "2024-02-05", None), (OPEN, "2024-03-22", None)],
    ),
    "8: care that ended after the review on a known day undoes no move at the review": (
        "blackpool", "2024-03-25", None,
        {
            "team_on_record": AST, "with_team_since": "2024-02-05", "previous_involvements": [],
            "section_20_from": "2024-02-26", "cared_for_ended_on": "2024-03-23", "first_review_held_on": "2024-03-22",
        },
        "decided", SOC, [(AST, "2024-02-05", None), (SOC, "2024-03-22", "first_review")],
    ),
    "9, 12: a team on record without a first day held nothing before the contact that led to it": (
        "blackpool", "2024-06-20", "2024-10-20", {**FORMER, "case_closed_on": "2024-03-01"},
        "decided", "case_closed", [("case_closed", "2024-03-01", None)],
    ),
    "9, 12: nor on the day of the contact, before the decision": (
        "blackpool", "2024-09-02", "2024-10-20", FORMER, "decided", HUB, [(HUB, "2024-09-02", None)],
    ),
    "9, 12: from the decision on it may have held the child": (
        "blackpool", "2024-09-03", "2024-10-20", FORMER, "decided", AST, [(AST, None, None)],
    ),
    "4: a contact on the day of the last closing opens the case again, with the team that closed it": (
        "sefton", "2024-06-01", None,
        {**SAME_DAY, "previous_involvements": [{"team": LOCALITY, "closed_on": "2024-05-10"}]},
        "decided", LOCALITY, [(DOOR, "2024-05-10", None), (LOCALITY, "2024-05-13", "accepted_for_assessment")],
    ),
    "2, 4: a closing on the day of the contact ends the case on that day, whatever came later": (
        "blackpool", "2024-08-04", "2024-09-03",
        {"team_on_record": "none", "contact_received_on": ["2024-08-04", "2024-08-13"], "case_closed_on": "2024-08-04"},
        "decided", "case_closed", [("case_closed", "2024-08-04", None)],
    ),
    "4: a closing on the day of the contact with nothing after it ends the case": (
        "sefton", "2024-06-01", None,
        {"team_on_record": DOOR, "child_disabled": False, "contact_received_on": "2024-05-10", "case_closed_on": "2024-05-10"},
        "decided", "case_closed", [("case_closed", "2024-05-10", None)],
    ),
    "1: a care order begins a stay in care, also after one that had ended": (
        "sefton", "2024-10-01", None, {**ORDERED, "section_20_from": "2023-04-01", "cared_for_ended_on": "2023-05-01"},
        "decided", CARED, [(LOCALITY, None, None), (CARED, "2024-05-10", "final_hearing")],
    ),
    "1: a hearing that left the child at home begins none": (
        "sefton", "2024-10-01", None,
        {**ORDERED, "final_orders": ["no_order"], "section_20_from": "2023-04-01", "cared_for_ended_on": "2023-05-01"},
        "decided", LOCALITY, [(LOCALITY, None, None)],
    ),
    "2: care that ended after the hearing undoes no move at the hearing": (
        "sefton", "2024-10-01", None, {**ORDERED, "cared_for": False, "cared_for_ended_on": "2024-08-01"},
        "decided", CARED, [(LOCALITY, None, None), (CARED, "2024-05-10", "final_hearing")],
    ),
    "1: a status that is recorded as none after the birthday may have been none on it": (
        "sefton", "2024-05-01", None,
        {
            "team_on_record": LOCALITY, "date_of_birth": "2006-04-30", "section_20_from": "2024-04-10",
            "leaving_care_status": "none",
        },
        "unknown", None, [(LOCALITY, None, None), (OPEN, "2024-04-30", None)],
    ),
    "1: a new length of the plan is known on the day of the record, and not since when": (
        "sefton", "2024-10-01", None,
        {
            "team_on_record": ASSESSMENT, "with_team_since": "2024-04-02", "date_of_birth": "2014-04-30",
            "assessment_completed_on": "2024-05-01", "assessment_outcome": "child_in_need_plan", "cin_plan_expected_weeks": 10,
            "first_cin_meeting_held_on": "2024-05-10", "cin_plan_revised_weeks": 16, "next_cin_meeting_held_on": "2024-08-13",
        },
        "decided", LOCALITY, [(ASSESSMENT, "2024-04-02", None), (LOCALITY, None, "next_cin_meeting")],
    ),
    "12: between a closing and the next contact the case is closed": (
        "blackpool", "2024-08-20", "2024-09-10",
        {**NEW_CONTACT, "previous_involvements": [{"team": SSF, "closed_on": "2024-03-01"}]},
        "decided", "case_closed", [("case_closed", "2024-03-01", None)],
    ),
    "12: an event of an open case after the closing shows it open again, whatever contact came later": (
        "blackpool", "2024-07-21", "2024-09-10",
        {**NEW_CONTACT, "case_closed_on": "2024-07-05", "care_planning_meeting_on": "2024-07-20"},
        "decided", HUB, [(HUB, None, None)],
    ),
    "11: a recorded closing ends a stint whose holder was not known": (
        "sefton", "2024-06-05", None,
        {"team_on_record": LOCALITY, "with_team_since": "2022-01-01", "date_of_birth": "2006-03-01", "child_disabled": False,
         "section_20_from": "2022-01-01", "cared_for_ended_on": "2023-06-01", "case_closed_on": "2024-06-01"},
        "decided", "case_closed",
        [(LOCALITY, "2022-01-01", None), (OPEN, "2024-03-01", None), ("case_closed", "2024-06-01", None)],
    ),
    "11: so does a death": (
        "sefton", "2024-06-01", None,
        {"team_on_record": LOCALITY, "with_team_since": "2022-01-01", "date_of_birth": "2006-03-01", "child_disabled": False,
         "section_20_from": "2022-01-01", "cared_for_ended_on": "2023-06-01", "died_on": "2024-06-01"},
        "decided", "case_closed",
        [(LOCALITY, "2022-01-01", None), (OPEN, "2024-03-01", None), ("case_closed", "2024-06-01", None)],
    ),
    "10: what a first conference decided is not recorded, and the hearing brings both ways together": (
        "sefton", "2024-03-21", None,
        {"team_on_record": ASSESSMENT, "with_team_since": "2024-01-08", "child_disabled": False,
         "icpc_held_on": ["2024-02-15", "2024-03-21"], "care_proceedings_issued_on": "2024-03-01",
         "first_hearing_held_on": "2024-03-12"},
        "decided", LOCALITY,
        [(ASSESSMENT, "2024-01-08", None), (OPEN, "2024-02-15", None), (LOCALITY, "2024-03-12", HEARING)],
    ),
    "6: a request on no known day leaves the visit to move a child who moves in": (
        "blackpool", "2024-07-05", None,
        {"team_on_record": "none", "contact_received_on": "2024-07-01", "previous_involvements": [],
         "transfer_in_requested_on": True, "transfer_in_enquiries_made": True, "transfer_in_visit_on": "2024-07-04",
         "residence_permanent_and_appropriate": True, "date_of_birth": "2015-02-11"},
        "decided", SSF, [(HUB, "2024-07-01", None), (SSF, "2024-07-04", "transfer_in_residence_established")],
    ),
    "12: before the contact, with nothing on earlier teams, it is not known": (
        "blackpool", "2024-08-20", "2024-09-10", NEW_CONTACT, "unknown", None, [(OPEN, None, None)],
    ),
    "12: before the stint on record the record shows who held": (
        "sefton", "2024-02-20", "2024-07-01",
        {"team_on_record": LOCALITY, "with_team_since": "2024-06-01", "contact_received_on": "2024-01-10", "threshold_met": True,
         "referral_accepted_on": "2024-01-11", "icpc_held_on": "2024-06-01", "icpc_outcome": "child_protection_plan",
         "child_disabled": False, "previous_involvements": []},
        "decided", ASSESSMENT, [(DOOR, "2024-01-10", None), (ASSESSMENT, "2024-01-11", "accepted_for_assessment")],
    ),
    "2, 9: a closing on the day on which the team on record took over ended the case before": (
        "blackpool", "2024-09-03", None, {**AT_AST, "case_closed_on": "2024-09-03"}, "decided", AST, [(AST, "2024-09-03", None)],
    ),
    "2, 9: a closing on the day after ends the stint": (
        "blackpool", "2024-09-10", None, {**AT_AST, "case_closed_on": "2024-09-04"},
        "decided", "case_closed", [(AST, "2024-09-03", None), ("case_closed", "2024-09-04", None)],
    ),
    "2, 9: an old closing, of which nothing later tells, does not close a case that the front door took over": (
        "sefton", "2024-05-25", None, {"team_on_record": DOOR, "with_team_since": "2024-05-06", "case_closed_on": "2020-07-26"},
        "decided", DOOR, [(DOOR, "2024-05-06", None)],
    ),
    "10: two events of one day that lead to two teams are a conflict": (
        "blackpool", "2024-10-10", None,
        {**AT_AST, **IN_COURT, "icpc_held_on": "2024-10-01", "first_hearing_held_on": "2024-10-01"},
        "conflict", None, [(AST, "2024-09-03", None), (OPEN, "2024-10-01", None)],
    ),
    "11: an agreement comes before an event of the same day": (
        "blackpool", "2024-10-20", None,
        {**AT_AST, **IN_COURT, "first_hearing_held_on": "2024-10-10", "managers_agreed_team": SSF,
         "managers_agreed_on": "2024-10-10"},
        "decided", SSF, [(AST, "2024-09-03", None), (SSF, "2024-10-10", "managers_agreement")],
    ),
    "11: an agreement dates the checks of the move that an event leads to": (
        "blackpool", "2024-10-26", None,
        {**AT_AST, "icpc_held_on": "2024-10-15", "managers_agreed_team": SSF, "managers_agreed_on": "2024-10-24",
         "transfer_discussion_held": True, "transfer_agreed": True},
        "decided", SSF, [(AST, "2024-09-03", None), (SSF, "2024-10-24", CONFERENCE)],
    ),
    "11: an agreement without a day counts after the dated events": (
        "blackpool", "2024-10-20", None, {**AT_AST, "icpc_held_on": "2024-10-01", "managers_agreed_team": SOC},
        "decided", SOC, [(AST, "2024-09-03", None), (SSF, "2024-10-01", CONFERENCE), (SOC, None, "managers_agreement")],
    ),
    "11: and so does one that is only known to have been made": (
        "blackpool", "2024-09-03", None,
        {"team_on_record": SSF, "with_team_since": "2024-08-01", "previous_involvements": [], "managers_agreed_team": AST,
         "managers_agreed_on": True, "pre_proceedings_meeting_held_on": "2024-08-24"},
        "decided", AST, [(SSF, "2024-08-01", None), (AST, None, "managers_agreement")],
    ),
    "4: with an earlier closing on no known day an agreement too may be older than the stint": (
        "blackpool", "2024-10-20", None,
        {"team_on_record": AST, "previous_involvements": [{"team": SOC}], "managers_agreed_team": SSF,
         "managers_agreed_on": "2024-10-01"},
        "unknown", None, [(AST, None, None), (OPEN, "2024-10-01", None)],
    ),
    "a child whom an agreement gave to the other council stays there": (
        "blackpool", "2024-09-10", None,
        {"team_on_record": AST, "with_team_since": "2024-08-13", "managers_agreed_team": ELSEWHERE,
         "managers_agreed_on": "2024-09-01"},
        "decided", ELSEWHERE, [(AST, "2024-08-13", None), (ELSEWHERE, "2024-09-01", "managers_agreement")],
    ),
    "and one on record there is new to the front door, and goes back once": (
        "blackpool", "2024-09-10", None,
        {"team_on_record": ELSEWHERE, "with_team_since": "2024-08-13", "managers_agreed_team": ELSEWHERE},
        "decided", ELSEWHERE, [(HUB, "2024-08-13", None), (ELSEWHERE, None, "managers_agreement")],
    ),
    "8: an event on no known day may have come before a dated one that leads elsewhere": (
        "blackpool", "2024-10-20", None, {**AT_AST, **IN_COURT, "icpc_held_on": True, "first_hearing_held_on": "2024-10-01"},
        "unknown", None, [(AST, "2024-09-03", None), (OPEN, "2024-10-01", None)],
    ),
    "8: an event on no known day may belong to an earlier episode": (
        "blackpool", "2024-10-20", None,
        {"team_on_record": AST, "previous_involvements": [{"team": SSF, "closed_on": "2023-01-10"}], "icpc_held_on": True},
        "unknown", None, [(AST, None, None), (OPEN, None, None)],
    ),
    "4: with an earlier closing on no known day a dated event may be older than the stint": (
        "sefton", "2024-10-20", None, {**REVIEWED, "previous_involvements": [{"team": LOCALITY}]},
        "unknown", None, [(LOCALITY, None, None), (OPEN, "2024-05-10", None)],
    ),
    "9: a contact on an open child bounds nothing": (
        "sefton", "2024-10-20", None, {**REVIEWED, "contact_received_on": "2024-08-01"},
        "decided", CARED, [(LOCALITY, None, None), (CARED, "2024-05-10", "four_month_review")],
    ),
    "4: a decision that lasts counts on the first day of the next stint": (
        "sefton", "2024-10-20", None, {**REVIEWED, "with_team_since": "2024-06-01"},
        "decided", CARED, [(CARED, "2024-06-01", "four_month_review")],
    ),
    "5: a second stay in care has its own first review": (
        "blackpool", "2024-10-20", None,
        {"team_on_record": AST, "with_team_since": "2024-01-03", "section_20_from": ["2022-02-01", "2024-09-10"],
         "section_20_short_break": False, "cared_for_ended_on": "2022-12-01",
         "first_review_held_on": ["2022-02-25", "2024-10-05"]},
        "decided", SOC, [(AST, "2024-01-03", None), (SOC, "2024-10-05", "first_review")],
    ),
    "5: a review after the stay in care moves nobody": (
        "blackpool", "2024-10-20", None,
        {**AT_AST, "section_20_from": "2024-09-10", "cared_for_ended_on": "2024-09-25", "first_review_held_on": "2024-10-05"},
        "decided", AST, [(AST, "2024-09-03", None)],
    ),
    "8: a review on a known day moves a child whose stay began on no known day": (
        "blackpool", "2024-10-20", None,
        {**AT_AST, "section_20_from": True, "section_20_short_break": False, "first_review_held_on": "2024-10-05"},
        "decided", SOC, [(AST, "2024-09-03", None), (SOC, "2024-10-05", "first_review")],
    ),
    "8: a level of need without the day of its decision has moved the child on no known day": (
        "blackpool", "2024-10-20", None, {**UNDECIDED, "previous_involvements": []},
        "decided", AST, [(HUB, "2024-09-02", None), (AST, None, "threshold_confirmed")],
    ),
    "8: and a conference since then moves the child on, on the day of the conference": (
        "blackpool", "2024-10-20", None, {**UNDECIDED, "previous_involvements": [], "icpc_held_on": "2024-10-15"},
        "decided", SSF, [(HUB, "2024-09-02", None), (AST, None, "threshold_confirmed"), (SSF, "2024-10-15", CONFERENCE)],
    ),
    "8: and of two events since then the first moves the child": (
        "blackpool", "2024-10-20", None,
        {**UNDECIDED, **IN_COURT, "previous_involvements": [], "icpc_held_on": "2024-10-15",
         "first_hearing_held_on": "2024-10-18"},
        "decided", SSF, [(HUB, "2024-09-02", None), (AST, None, "threshold_confirmed"), (SSF, "2024-10-15", CONFERENCE)],
    ),
    "8: a level without a day is of the present contact, whatever was closed before": (
        "blackpool", "2024-10-20", None,
        {**UNDECIDED, "previous_involvements": [{"team": SSF, "closed_on": "2023-01-10"}]},
        "decided", AST, [(HUB, "2024-09-02", None), (AST, None, "threshold_confirmed")],
    ),
    "8: a visit after a hearing on no known day moves the child on the day of the visit": (
        "blackpool", "2024-10-20", None,
        {**AT_AST, "care_proceedings_issued_on": True, "first_hearing_held_on": True, "placed_on": "2024-10-03",
         "placed_as_outcome_of_hearing": True, "first_looked_after_visit_on": "2024-10-05"},
        "decided", SOC, [(AST, "2024-09-03", None), (SOC, "2024-10-05", "first_cla_visit_or_placement_planning")],
    ),
    "4: what a court asked before the contact, with no closing between, counts for it": (
        "blackpool", "2024-10-20", None,
        {"team_on_record": "none", "contact_received_on": "2024-10-14", "section_37_report_requested_on": "2024-10-10",
         "date_of_birth": "2015-01-01", "previous_involvements": [{"team": SOC, "closed_on": "2023-01-10"}]},
        "decided", SSF, [(SSF, "2024-10-14", "section_37_request_received")],
    ),
    "11: a recorded closing ends the stint": (
        "blackpool", "2024-10-20", None,
        {"team_on_record": AST, "with_team_since": "2024-01-03", "icpc_held_on": "2024-02-01", "case_closed_on": "2024-06-01"},
        "decided", "case_closed",
        [(AST, "2024-01-03", None), (SSF, "2024-02-01", CONFERENCE), ("case_closed", "2024-06-01", None)],
    ),
    "6: a check with a day of its own moves the child on that day": (
        "sefton", "2024-10-20", None,
        {"team_on_record": LOCALITY, "with_team_since": "2023-01-03", "section_20_from": "2024-02-01",
         "second_review_held_on": "2024-06-01", "plan_to_remain_until_18": True, "legal_gateway_ratified_on": "2024-09-01",
         "child_disabled": False},
        "decided", CARED, [(LOCALITY, "2023-01-03", None), (CARED, "2024-09-01", "second_review")],
    ),
    "a person born on 29 February is 18 on 1 March": (
        "sefton", "2026-03-01", None,
        {"team_on_record": YOUNG, "with_team_since": "2022-01-03", "date_of_birth": "2008-02-29", "cared_for": True},
        "decided", CARE_EXPERIENCED, [(YOUNG, "2022-01-03", None), (CARE_EXPERIENCED, "2026-03-01", "eighteenth_birthday")],
    ),
    "and on 28 February not yet": (
        "sefton", "2026-02-28", None,
        {"team_on_record": YOUNG, "with_team_since": "2022-01-03", "date_of_birth": "2008-02-29", "cared_for": True},
        "decided", YOUNG, [(YOUNG, "2022-01-03", None)],
    ),
    "from death on the case is closed": (
        "blackpool", "2024-10-20", None,
        {**AT_AST, "safeguarding_concern": True, "assessment_started_on": "2024-09-03", "died_on": "2024-10-02"},
        "decided", "case_closed", [(AST, "2024-09-03", None), ("case_closed", "2024-10-02", None)],
    ),
    "a death after the closing does not open the case again": (
        "blackpool", "2024-10-20", None,
        {"team_on_record": AST, "safeguarding_concern": True, "case_closed_on": "2024-09-20", "died_on": "2024-10-02"},
        "decided", "case_closed", [(AST, None, None), ("case_closed", "2024-09-20", None)],
    ),
    "a death after the closing of a child without a team does not either": (
        "sefton", "2024-10-20", None,
        {"team_on_record": "none", "contact_received_on": "2024-09-02", "case_closed_on": "2024-09-20", "died_on": "2024-10-02"},
        "decided", "case_closed", [(DOOR, "2024-09-02", None), ("case_closed", "2024-09-20", None)],
    ),
    "an agreement and a closing on no known days leave it open who held a child before the record": (
        "blackpool", "2022-06-25", "2024-09-03",
        {
            "with_team_since": "2022-06-26", "contact_received_on": "2024-08-13",
            "case_closed_on": True, "managers_agreed_team": SOC,
        },
        "unknown", None, [(OPEN, None, None)],
    ),
    "two moves of one day leave no stint between them": (
        "blackpool", "2024-09-20", None, {**NEW_CONTACT, "previous_involvements": [], "icpc_held_on": "2024-09-03"},
        "decided", SSF, [(HUB, "2024-09-02", None), (SSF, "2024-09-03", CONFERENCE)],
    ),
}  # fmt: skip


def decided(policy: str, as_of: str, recorded: str | None, facts: dict[str, Any]) -> Decision:
    program = load_program(policy)
    document = {"case_id": "c1", "policy": policy, "as_of": as_of, "recorded_on": recorded, "facts": facts}
    return decide(program, make_case(document, program.policy.vocabulary, "case.json"), Forward())


@pytest.mark.parametrize("name", WORKED)
def test_worked_day(name: str) -> None:
    policy, as_of, recorded, facts, status, team, stints = WORKED[name]
    decision = decided(policy, as_of, recorded, facts)
    told = [(s.team, None if s.since is None else iso(s.since), s.point) for s in decision.journey if s.status != "planned"]
    assert (decision.status, decision.responsible_team, told) == (status, team, stints)


def test_from_death_on_there_is_no_duty_limit_or_move() -> None:
    policy, as_of, recorded, facts, *_ = WORKED["from death on the case is closed"]
    decision = decided(policy, as_of, recorded, facts)
    assert (decision.duties, decision.deadlines, decision.transfer, decision.further_transfers) == ((), (), None, ())


def test_a_conflict_of_two_events_goes_to_the_team_managers() -> None:
    policy, as_of, recorded, facts, *_ = WORKED["10: two events of one day that lead to two teams are a conflict"]
    decision = decided(policy, as_of, recorded, facts)
    assert (decision.escalate_to, decision.possible_teams) == (("team_managers",), (SSF, SOC))
    assert decision.transfer is not None
    assert decision.transfer.status == "unknown"


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("12: before the contact, with nothing on earlier teams, it is not known", "team_on_record"),
        ("8: an event on no known day may belong to an earlier episode", "with_team_since"),
        ("4: with an earlier closing on no known day a dated event may be older than the stint", "with_team_since"),
    ],
)
def test_what_leaves_the_holder_open_is_asked(name: str, asked: str) -> None:
    policy, as_of, recorded, facts, *_ = WORKED[name]
    assert asked in decided(policy, as_of, recorded, facts).missing_facts


def test_an_open_stint_names_the_teams_that_the_ways_lead_to_and_not_the_team_that_all_have_left() -> None:
    policy, as_of, recorded, facts, *_ = WORKED[
        "8: an event on no known day may have come before a dated one that leads elsewhere"
    ]
    assert decided(policy, as_of, recorded, facts).journey[-1].possible_teams == (SSF, SOC)


def test_a_closing_on_the_way_counts_as_one_by_the_team_that_had_the_child() -> None:
    """A case closed during the journey goes back, on a contact within six months, to the team that held the child then."""
    facts = {
        "team_on_record": AST, "with_team_since": "2024-01-03", "icpc_held_on": "2024-02-01", "case_closed_on": "2024-06-01",
        "contact_received_on": ["2024-01-02", "2024-10-14"], "threshold_level": 3, "threshold_met": True,
        "threshold_decision_on": ["2024-01-03", "2024-10-15"], "previous_involvements": [], "date_of_birth": "2015-01-01",
    }  # fmt: skip
    decision = decided("blackpool", "2024-10-20", None, facts)
    assert (decision.status, decision.responsible_team) == ("decided", SSF)
    assert [(p.fact, iso(p.day)) for p in decision.history] == [
        ("contact_received_on", "2024-01-02"),
        ("threshold_decision_on", "2024-01-03"),
        ("icpc_held_on", "2024-02-01"),
        ("case_closed_on", "2024-06-01"),
    ]


def test_a_plan_ahead_is_a_planned_stint_and_moves_nobody_yet() -> None:
    facts = {**AT_AST, "icpc_booked_for": "2024-11-10", "icpc_required": True}
    decision = decided("blackpool", "2024-10-20", None, facts)
    assert [(s.team, s.since and iso(s.since), s.until and iso(s.until), s.status) for s in decision.journey] == [
        (AST, "2024-09-03", None, "present"),
        (SSF, "2024-11-10", None, "planned"),
    ]


def test_a_move_whose_booked_day_has_passed_is_due_since_then_and_asked_about() -> None:
    decision = decided("blackpool", "2024-11-13", None, {**AT_AST, "icpc_booked_for": "2024-11-10", "icpc_required": True})
    assert decision.transfer is not None
    assert (decision.transfer.status, decision.transfer.on) == ("upcoming", "2024-11-10")
    assert "icpc_held_on" in decision.missing_facts


CARED_CHILD = {
    "team_on_record": CARED, "with_team_since": "2022-01-03", "date_of_birth": "2011-03-15", "child_disabled": False,
    "cared_for": True, "has_younger_siblings": False, "siblings": [], "care_proceedings_ongoing": False,
}  # fmt: skip


@pytest.mark.parametrize(
    ("closing", "planned"),
    [
        ("2025-01-31", [("case_closed", "2025-01-31", None)]),
        ("2025-03-15", [("case_closed", "2025-03-15", None)]),
        ("2026-01-30", [(YOUNG, "2025-03-15", "2026-01-30"), ("case_closed", "2026-01-30", None)]),
    ],
)
def test_a_planned_closing_ends_the_last_planned_stint(closing: str, planned: list[Stint]) -> None:
    """Law 11: what would be due later is no plan any more, and nothing says that it will come."""
    decision = decided("sefton", "2024-09-02", None, {**CARED_CHILD, "case_closed_on": closing})
    stints = [s for s in decision.journey if s.status == "planned"]
    assert [(s.team, s.since and iso(s.since), s.until and iso(s.until)) for s in stints] == planned
    moves = [m for m in (decision.transfer, *decision.further_transfers) if m is not None]
    assert all(move.on is not None and move.on < closing for move in moves)
    assert decision.responsible_team == CARED
    assert stints[-1].moves[0].origin == (CARED if len(planned) == 1 else YOUNG)
    assert verify(json.loads(as_json(content_of(decision)))) == []


def test_a_closing_before_the_record_is_no_plan_on_an_earlier_day() -> None:
    decision = decided("sefton", "2024-09-02", "2025-04-01", {**CARED_CHILD, "case_closed_on": "2025-01-31"})
    assert "case_closed" not in [s.team for s in decision.journey]


def test_the_day_after_a_closing_is_no_first_day_of_the_front_door() -> None:
    """Only a bound is known where no contact is recorded."""
    facts = {"team_on_record": "none", "previous_involvements": [{"team": LOCALITY, "closed_on": "2024-01-19"}]}
    decision = decided("sefton", "2024-05-01", None, facts)
    assert [(s.team, s.since) for s in decision.journey] == [(DOOR, None)]
    assert verify(json.loads(as_json(content_of(decision)))) == []


def test_beside_a_blocked_move_the_move_to_the_present_team_has_its_day() -> None:
    facts = {
        "team_on_record": ASSESSMENT, "with_team_since": "2024-01-08", "previous_involvements": [], "cared_for": True,
        "icpc_held_on": "2024-02-20", "icpc_outcome": "child_protection_plan", "care_proceedings_issued_on": "2024-03-04",
        "first_hearing_held_on": "2024-03-11", "final_hearing_held_on": "2024-07-15", "final_orders": ["care_order"],
        "care_plan": "permanence_away_from_parents", "transfer_audit_complete": False, "date_of_birth": "2014-12-12",
    }  # fmt: skip
    decision = decided("sefton", "2024-07-22", None, facts)
    assert decision.transfer is not None
    assert (decision.transfer.status, decision.transfer.on) == ("blocked", "2024-07-15")
    assert [move.on for move in decision.further_transfers if move.status == "completed"] == ["2024-02-20"]
    assert verify(json.loads(as_json(content_of(decision)))) == []


def test_what_is_recorded_of_the_stint_is_not_asked_for_an_undated_event() -> None:
    facts = {
        "team_on_record": ASSESSMENT, "with_team_since": "2024-05-07", "icpc_held_on": True, "date_of_birth": "2015-01-25",
        "icpc_outcome": "child_protection_plan", "previous_involvements": [{"team": LOCALITY, "closed_on": "2022-11-18"}],
    }  # fmt: skip
    decision = decided("sefton", "2024-06-17", None, facts)
    assert (decision.status, decision.possible_teams) == ("unknown", (ASSESSMENT, LOCALITY))
    assert decision.missing_facts == ("icpc_held_on",)


def test_from_death_on_the_review_of_the_policy_is_no_limit_either() -> None:
    decision = decided("sefton", "2024-08-21", None, {**CARED_CHILD, "died_on": "2024-08-20"})
    assert (decision.duties, decision.deadlines, decision.transfer, decision.further_transfers) == ((), (), None, ())


def test_an_agreement_on_no_known_day_moves_the_child_once() -> None:
    """It does not reopen a case closed without a known day, which would then be closed again, and so on."""
    decision = decided("blackpool", "2024-10-20", None, {**AT_AST, "case_closed_on": True, "managers_agreed_team": SSF})
    assert (decision.status, decision.responsible_team) == ("decided", "case_closed")
    assert [s.team for s in decision.journey] == [AST, SSF, "case_closed"]


@pytest.mark.parametrize("name", WORKED)
def test_columns_and_the_checker_find_the_same(name: str) -> None:
    policy, day, recorded, facts, *_ = WORKED[name]
    program = load_program(policy)
    document = {"case_id": "w1", "policy": policy, "as_of": day, "facts": facts}
    record = make_case(document if recorded is None else {**document, "recorded_on": recorded}, program.policy.vocabulary, "w1")
    decision = decide_exactly(program, record, Forward())
    (told,) = outcomes(program, from_cases([record], program.policy.vocabulary), Columns())
    assert told is None or told[0] == outcome(decision)
    assert verify(json.loads(as_json(content_of(decision)))) == []
