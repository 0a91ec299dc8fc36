"""`whichteam journey`: the whole table of stints, its JSON, and messages for bad input."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from explain import terminal
from tests.helpers import Ran, whichteam

WIDTH = 80

#: A child who came back in 2024, was assessed, and moved at a conference; the events of 2021 are history.
BACK = {
    "date_of_birth": "2013-01-08",
    "team_on_record": "none",
    "contact_received_on": "2024-09-02",
    "threshold_level": 3,
    "threshold_met": True,
    "threshold_decision_on": ["2021-01-20", "2024-09-03"],
    "assessment_started_on": ["2021-01-22", "2024-09-04"],
    "icpc_required": True,
    "icpc_held_on": ["2021-03-02", "2024-10-15"],
    "icpc_outcome": "child_protection_plan",
    "case_closed_on": "2023-06-30",
    "known_to_childrens_teams": True,
    "previous_involvements": [{"team": "supporting_our_children", "closed_on": "2023-06-30"}],
}
BOOKED = {**BACK, "icpc_held_on": "2021-03-02", "icpc_booked_for": "2024-10-28", "icpc_outcome": None}
MISDATED = {
    "team_on_record": "assessment_and_support_team",
    "with_team_since": "2024-09-02",
    "section_20_from": "2024-10-21",
    "first_review_held_on": "2024-10-10",
}
OPEN = {**BACK, "threshold_level": None, "threshold_met": None, "icpc_held_on": "2021-03-02"}


@pytest.fixture(autouse=True)
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(terminal.console, "_width", WIDTH)


def written(folder: Path, facts: dict[str, Any], as_of: str = "2024-10-16") -> Path:
    path = folder / "case.json"
    path.write_text(json.dumps({"case_id": "c1", "policy": "blackpool", "as_of": as_of, "facts": facts}))
    return path


def told(*arguments: str | Path) -> str:
    ran = whichteam("journey", *arguments)
    assert (ran.code, ran.err) == (0, "")
    return "\n".join(line.rstrip() for line in ran.out.splitlines() if line.strip())


def test_the_stints_with_what_began_each_and_what_is_history(tmp_path: Path) -> None:
    assert (
        told(written(tmp_path, BACK))
        == """\
On 16 October 2024 Strengthening and Supporting Families holds the child.
 Team            From          Until         Began at       Status    Clauses
 ───────────────────────────────────────────────────────────────────────────────
 Request for     2 Sep 2024    3 Sep 2024                   past
 Support Hub
 Assessment      3 Sep 2024    15 Oct 2024   Confirmation   past      bp16 bp19
 and Support                                 of the                   bp62 bp110
 Team                                        threshold
                                             decision
 Strengthening   15 Oct 2024                 The initial    present   bp73 bp81
 and                                         child                    bp84
 Supporting                                  protection
 Families                                    conference
What is history
This belongs to an earlier time and moves nobody now.
  The threshold decision: 20 January 2021.
  The start of the assessment: 22 January 2021.
  The initial child protection conference: 2 March 2021.
  The closing of the case: 30 June 2023.
This advises; a person decides. For the reasons: whichteam why CASE"""
    )


def test_the_answer_for_a_past_day_is_that_of_the_day(tmp_path: Path) -> None:
    assert (
        told(written(tmp_path, BACK), "--as-of", "2024-09-10")
        == """\
On 10 September 2024 Assessment and Support Team holds the child.
 Team            From         Until        Began at       Status    Clauses
 ───────────────────────────────────────────────────────────────────────────────
 Request for     2 Sep 2024   3 Sep 2024                  past
 Support Hub
 Assessment      3 Sep 2024                Confirmation   present   bp16 bp19
 and Support                               of the                   bp62 bp110
 Team                                      threshold
                                           decision
What is history
This belongs to an earlier time and moves nobody now.
  The threshold decision: 20 January 2021.
  The start of the assessment: 22 January 2021.
  The initial child protection conference: 2 March 2021.
  The closing of the case: 30 June 2023.
This advises; a person decides. For the reasons: whichteam why CASE"""
    )


def test_a_day_between_a_closing_and_the_next_contact(tmp_path: Path) -> None:
    assert (
        told(written(tmp_path, BACK), "--as-of", "2024-08-10")
        == """\
On 10 August 2024 the case is closed to social work.
 Team                    From          Until   Began at       Status    Clauses
 ──────────────────────────────────────────────────────────────────────────────
 Closed to social work   30 Jun 2023                          present
This advises; a person decides. For the reasons: whichteam why CASE"""
    )


def test_planned_stints_stand_in_it(tmp_path: Path) -> None:
    assert (
        told(written(tmp_path, BOOKED))
        == """\
On 16 October 2024 Assessment and Support Team holds the child.
 Team            From          Until        Began at       Status    Clauses
 ───────────────────────────────────────────────────────────────────────────────
 Request for     2 Sep 2024    3 Sep 2024                  past
 Support Hub
 Assessment      3 Sep 2024                 Confirmation   present   bp16 bp19
 and Support                                of the                   bp62 bp110
 Team                                       threshold
                                            decision
 Strengthening   28 Oct 2024                The initial    planned   bp73 bp81
 and                                        child
 Supporting                                 protection
 Families                                   conference
What is history
This belongs to an earlier time and moves nobody now.
  The threshold decision: 20 January 2021.
  The start of the assessment: 22 January 2021.
  The initial child protection conference: 2 March 2021.
  The closing of the case: 30 June 2023.
This advises; a person decides. For the reasons: whichteam why CASE"""
    )


def test_a_date_that_can_not_be_right_is_asked_about(tmp_path: Path) -> None:
    assert (
        told(written(tmp_path, MISDATED, "2024-10-28"))
        == """\
On 28 October 2024 Assessment and Support Team holds the child.
 Team                     From         Until   Began at       Status    Clauses
 ──────────────────────────────────────────────────────────────────────────────
 Assessment and Support   2 Sep 2024                          present
 Team
Dates that can't be right
  The first looked-after review (10 October 2024) can't be before the start of
  the section 20 stay (21 October 2024); it counts as not having happened until
  one of the dates is corrected. Which of the two dates is right?
This advises; a person decides. For the reasons: whichteam why CASE"""
    )


def test_a_stint_whose_holder_is_open(tmp_path: Path) -> None:
    assert (
        told(written(tmp_path, OPEN, "2024-09-04"))
        == """\
On 4 September 2024 it is not known who holds the child: Request for Support
Hub, Assessment and Support Team, Targeted Intervention Services or no team
named by the policy.
 Team                From         Until        Began at       Status    Clauses
 ──────────────────────────────────────────────────────────────────────────────
 Request for         2 Sep 2024   3 Sep 2024                  past
 Support Hub
 Not settled:        3 Sep 2024                               present
 Request for
 Support Hub,
 Assessment and
 Support Team,
 Targeted
 Intervention
 Services or no
 team named by the
 policy
What is history
This belongs to an earlier time and moves nobody now.
  The threshold decision: 20 January 2021.
  The start of the assessment: 22 January 2021.
  The initial child protection conference: 2 March 2021.
  The closing of the case: 30 June 2023.
This advises; a person decides. For the reasons: whichteam why CASE"""
    )


def test_as_json(tmp_path: Path) -> None:
    document = json.loads(told(written(tmp_path, BACK), "--json"))
    assert document == {
        "case_id": "c1",
        "policy": "blackpool",
        "as_of": "2024-10-16",
        "status": "decided",
        "responsible_team": "strengthening_and_supporting_families",
        "possible_teams": ["strengthening_and_supporting_families"],
        "journey": [
            {
                "team": "request_for_support_hub",
                "from": "2024-09-02",
                "until": "2024-09-03",
                "point": None,
                "status": "past",
                "clauses": [],
            },
            {
                "team": "assessment_and_support_team",
                "from": "2024-09-03",
                "until": "2024-10-15",
                "point": "threshold_confirmed",
                "status": "past",
                "clauses": [
                    {"id": "bp16", "lines": [10]},
                    {"id": "bp19", "lines": [11]},
                    {"id": "bp62", "lines": [44]},
                    {"id": "bp110", "lines": [63]},
                ],
            },
            {
                "team": "strengthening_and_supporting_families",
                "from": "2024-10-15",
                "until": None,
                "point": "initial_child_protection_conference",
                "status": "present",
                "clauses": [{"id": "bp73", "lines": [48]}, {"id": "bp81", "lines": [52]}, {"id": "bp84", "lines": [52]}],
            },
        ],
        "history": [
            {"fact": "threshold_decision_on", "on": "2021-01-20"},
            {"fact": "assessment_started_on", "on": "2021-01-22"},
            {"fact": "icpc_held_on", "on": "2021-03-02"},
            {"fact": "case_closed_on", "on": "2023-06-30"},
        ],
        "wrong_dates": [],
    }


def test_wrong_dates_as_json(tmp_path: Path) -> None:
    document = json.loads(told(written(tmp_path, MISDATED, "2024-10-28"), "--json"))
    assert document["wrong_dates"] == [
        {"fact": "first_review_held_on", "on": "2024-10-10", "presupposes": {"fact": "section_20_from", "on": "2024-10-21"}}
    ]


def test_as_json_it_is_what_the_decision_says(tmp_path: Path) -> None:
    path = written(tmp_path, BACK)
    document, decision = json.loads(told(path, "--json")), json.loads(whichteam("decide", "--json", path).out)
    for part in ("case_id", "policy", "as_of", "status", "responsible_team", "possible_teams", "journey", "history"):
        assert document[part] == decision[part], part


def test_under_another_reading_the_day_of_a_move_is_another(tmp_path: Path) -> None:
    document = json.loads(told(written(tmp_path, BACK), "--json", "--set", "event_day=moves_next_day"))
    assert [stint["from"] for stint in document["journey"]] == ["2024-09-02", "2024-09-04", "2024-10-16"]


BAD: list[tuple[str, list[str], str]] = [
    ("no date", ["--as-of", "soon"], "--as-of: `soon` is not a date\n    write it as 2024-09-03\n"),
    ("no such reading", ["--set", "event_dy=x"], "reading event_dy: unknown reading `event_dy`\n    did you mean `event_day`?\n"),
    ("no such policy", ["--policy", "blackpol"], "policy: there is no policy `blackpol`\n    did you mean `blackpool`?\n"),
]


@pytest.mark.parametrize(("name", "arguments", "expected"), BAD, ids=[entry[0] for entry in BAD])
def test_bad_options(tmp_path: Path, name: str, arguments: list[str], expected: str) -> None:
    assert whichteam("journey", written(tmp_path, BACK), *arguments) == Ran(2, "", "error: " + expected)


def test_a_file_that_there_is_not(tmp_path: Path) -> None:
    ran = whichteam("journey", tmp_path / "none.json")
    assert ran == Ran(2, "", "error: none.json: there is no such file\n    check the path\n")


def test_an_unknown_fact(tmp_path: Path) -> None:
    ran = whichteam("journey", written(tmp_path, {"icpc_helt_on": "2024-10-15"}))
    expected = "case.json: facts.icpc_helt_on: unknown fact `icpc_helt_on`\n    did you mean `icpc_held_on`?\n"
    assert ran == Ran(2, "", "error: " + expected)


def test_days_out_of_order(tmp_path: Path) -> None:
    ran = whichteam("journey", written(tmp_path, {**BACK, "icpc_held_on": ["2024-10-15", "2021-03-02"]}))
    assert ran == Ran(
        2,
        "",
        "error: case.json: facts.icpc_held_on: 2021-03-02 stands after 2024-10-15, which is later\n"
        "    list the days on which it happened, oldest first, each once\n",
    )
