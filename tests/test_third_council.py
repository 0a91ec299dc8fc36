"""Northshire, an invented third council: a folder of data, decided by the same program.

It has its own teams, four facts of its own, an exception, two deadlines, two gates and a gap, and no Python.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from explain.decision_json import decision_json
from kb.case import make_case
from kb.engines.pydatalog import PyDatalog
from kb.policy import load_policy
from kb.program import Program, compile_policy
from queries.coverage import coverage_of
from queries.decide import decide

NORTHSHIRE = Path(__file__).parent / "councils" / "northshire"


@pytest.fixture(scope="module")
def program() -> Program:
    return compile_policy(load_policy(NORTHSHIRE))


def decided(program: Program, facts: dict[str, Any], as_of: str = "2024-05-20") -> dict[str, Any]:
    document = {"case_id": "n1", "policy": "northshire", "as_of": as_of, "facts": facts}
    case = make_case(document, program.policy.vocabulary, "n1")
    return decision_json(decide(program, case, PyDatalog()))


NEW = {
    "team_on_record": "none",
    "threshold_met": True,
    "referral_accepted_on": "2024-05-16",
    "lives_by_the_river": False,
    "date_of_birth": "2014-01-01",
}
ASSESSED = {
    "team_on_record": "first_response",
    "date_of_birth": "2014-01-01",
    "assessment_started_on": "2024-04-01",
    "assessment_completed_on": "2024-05-06",
    "planning_circle_held_on": "2024-05-17",
    "chronology_up_to_date": True,
    "transfer_discussion_held": True,
}


def test_it_has_twelve_clauses_and_more_and_all_are_covered() -> None:
    found = coverage_of(load_policy(NORTHSHIRE))
    assert (len(found.encoded), len(found.out_of_scope), found.missing) == (14, 2, ())


def test_a_new_contact_goes_to_the_ordinary_team(program: Program) -> None:
    found = decided(program, NEW)
    assert (found["status"], found["responsible_team"]) == ("decided", "first_response")
    assert found["transfer"] == {
        "from": "welcome_desk",
        "to": "first_response",
        "point": "desk_hands_on",
        "status": "completed",
        "on": "2024-05-16",
    }


def test_the_exception_takes_its_place_and_the_default_is_told(program: Program) -> None:
    found = decided(program, {**NEW, "lives_by_the_river": True})
    assert found["responsible_team"] == "river_team"
    assert found["findings"] == [
        "Clause ns3 (line 5) would give First Response; clause ns4 (line 6) is an exception to it and comes first."
    ]


def test_an_unrecorded_fact_of_its_own_leaves_the_two_teams_and_no_third(program: Program) -> None:
    found = decided(program, {k: v for k, v in NEW.items() if k != "lives_by_the_river"})
    assert (found["status"], found["possible_teams"]) == ("unknown", ["first_response", "river_team"])
    assert found["missing_facts"] == ["lives_by_the_river"]


def test_the_gap_is_said_aloud(program: Program) -> None:
    found = decided(program, {**NEW, "only_visiting": True})
    assert (found["status"], found["responsible_team"], found["possible_teams"]) == ("silent", None, [])
    assert found["findings"] == ["The policy names no team for a child who is only visiting Northshire."]


@pytest.mark.parametrize(
    ("changes", "team", "status", "blocked", "unconfirmed"),
    [
        ({}, "family_team", "completed", [], []),
        ({"chronology_up_to_date": False}, "first_response", "blocked", ["story_written"], []),
        ({"chronology_up_to_date": None}, "family_team", "completed", [], ["story_written"]),
        ({"planning_circle_held_on": None}, "first_response", "upcoming", [], []),
    ],
)
def test_its_own_event_and_its_own_checks(
    program: Program, changes: dict[str, Any], team: str, status: str, blocked: list[str], unconfirmed: list[str]
) -> None:
    found = decided(program, {**ASSESSED, **changes})
    assert (found["responsible_team"], found["transfer"]["status"]) == (team, status)
    assert (found["blocked_by"], found["unconfirmed_gates"]) == (blocked, unconfirmed)


def test_its_own_deadlines(program: Program) -> None:
    # 6 May 2024 is a bank holiday: ten working days from it end on 20 May.
    assert decided(program, ASSESSED)["deadlines"] == [
        {"code": "assessment_limit", "due": "2024-05-13", "day_count": "calendar", "met": True},
        {"code": "circle_due", "due": "2024-05-16", "day_count": "calendar", "met": False},
        {"code": "circle_due", "due": "2024-05-20", "day_count": "working", "met": True},
    ]


@pytest.mark.parametrize(
    ("born", "team", "status", "on"),
    [
        ("2008-05-20", "bridge_team", "completed", "2024-05-20"),
        ("2008-05-21", "family_team", "upcoming", "2024-05-21"),
    ],
)
def test_its_own_birthday(program: Program, born: str, team: str, status: str, on: str) -> None:
    facts = {"team_on_record": "family_team", "date_of_birth": born, "transfer_discussion_held": True}
    found = decided(program, facts)
    assert (found["responsible_team"], found["transfer"]["status"], found["transfer"]["on"]) == (team, status, on)


def test_a_birthday_far_off_is_no_more_than_a_further_move(program: Program) -> None:
    found = decided(program, {"team_on_record": "family_team", "date_of_birth": "2014-01-01"})
    assert found["transfer"] is None
    assert [move["on"] for move in found["further_transfers"]] == ["2030-01-01"]


def test_a_copy_elsewhere_is_found_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from kb.policy import find_policy

    shutil.copytree(NORTHSHIRE, tmp_path / "northshire")
    monkeypatch.setenv("WHICHTEAM_POLICIES", str(tmp_path))
    assert find_policy("northshire") == tmp_path / "northshire"
