"""Eastbank, an invented council with moves in all directions: three teams with a return, and two districts both ways."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from kb.case import Case, make_case
from kb.dates import iso
from kb.engines.pydatalog import PyDatalog
from kb.program import Program
from queries.check import run
from queries.check.replay import shows
from queries.decide import Decision, decide
from queries.graph.build import team_graph
from queries.graph.report import report
from queries.load import load_program
from tests.helpers import whichteam

EASTBANK = Path(__file__).parent / "councils" / "eastbank"
REFERRED = {
    "team_on_record": "none",
    "district": "north",
    "contact_received_on": "2024-01-02",
    "referral_accepted_on": "2024-01-04",
}
UP_DOWN_UP = {**REFERRED, "step_up_meeting_held_on": ["2024-02-01", "2024-06-01"], "step_down_meeting_held_on": "2024-04-01"}
ROUND = {
    **UP_DOWN_UP,
    "step_down_meeting_held_on": ["2024-04-01", "2024-08-01"],
    "crisis_meeting_held_on": "2024-03-01",
    "return_review_held_on": "2024-03-15",
    "moved_home_on": "2024-09-01",
    "moved_to": "south",
}


@pytest.fixture(scope="module")
def program() -> Program:
    return load_program(str(EASTBANK))


def case(program: Program, facts: dict[str, Any], as_of: str = "2024-10-16") -> Case:
    document = {"case_id": "e1", "policy": "eastbank", "as_of": as_of, "facts": facts}
    return make_case(document, program.policy.vocabulary, "e1")


def stints(decision: Decision) -> list[tuple[str | None, str | None]]:
    return [(s.team, None if s.since is None else iso(s.since)) for s in decision.journey if s.status != "planned"]


def test_up_down_and_up_again(program: Program) -> None:
    found = decide(program, case(program, UP_DOWN_UP), PyDatalog())
    assert (found.status, found.responsible_team) == ("decided", "intensive_team")
    assert stints(found) == [
        ("front_desk", "2024-01-02"),
        ("north_team", "2024-01-04"),
        ("intensive_team", "2024-02-01"),
        ("north_team", "2024-04-01"),
        ("intensive_team", "2024-06-01"),
    ]


def test_to_the_edge_and_back_and_across(program: Program) -> None:
    found = decide(program, case(program, ROUND), PyDatalog())
    assert stints(found)[2:] == [
        ("intensive_team", "2024-02-01"),
        ("edge_team", "2024-03-01"),
        ("intensive_team", "2024-03-15"),
        ("north_team", "2024-04-01"),
        ("intensive_team", "2024-06-01"),
        ("north_team", "2024-08-01"),
        ("south_team", "2024-09-01"),
    ]


@pytest.mark.parametrize(
    ("day", "team"), [("2024-03-01", "edge_team"), ("2024-05-01", "north_team"), ("2024-07-01", "intensive_team")]
)
def test_a_day_in_the_past(program: Program, day: str, team: str) -> None:
    document = {"case_id": "e1", "policy": "eastbank", "as_of": "2024-10-16", "facts": ROUND}
    then = make_case(document, program.policy.vocabulary, "e1", case(program, {}, day).as_of)
    assert decide(program, then, PyDatalog()).responsible_team == team


@pytest.mark.parametrize(("held", "to", "came"), [("north_team", "south", "south_team"), ("south_team", "north", "north_team")])
def test_from_district_to_district(program: Program, held: str, to: str, came: str) -> None:
    facts = {"team_on_record": held, "moved_home_on": "2024-09-01", "moved_to": to}
    assert decide(program, case(program, facts), PyDatalog()).responsible_team == came


def test_both_meetings_on_one_day_count_as_up(program: Program) -> None:
    facts = {**REFERRED, "step_up_meeting_held_on": "2024-02-01", "step_down_meeting_held_on": "2024-02-01"}
    assert decide(program, case(program, facts), PyDatalog()).responsible_team == "intensive_team"


def test_no_circle_turns_on_one_day_and_each_case_found_shows_its_finding(program: Program) -> None:
    report = run(program)
    assert (report.outcomes["circle"].findings, report.outcomes["circle"].proved) == ((), 10)
    no_record = "(one step gives both; no record was found that comes to it)"
    assert {name: outcome.unsettled for name, outcome in report.outcomes.items() if outcome.unsettled} == {
        "two-teams": (f"North Team and Intensive Team {no_record}", f"South Team and Intensive Team {no_record}")
    }
    assert [finding.says for finding in report.findings if not shows(program, finding)] == []


def test_without_its_line_ten_circles_are_told_with_clauses_files_and_lines(tmp_path: Path) -> None:
    home = tmp_path / "eastbank"
    shutil.copytree(EASTBANK, home)
    rules = home / "2_up_and_down.dl"
    kept = [
        line
        for line in rules.read_text(encoding="utf-8").splitlines()
        if not line.startswith(("up_counts :-", "crisis_counts :-"))
    ]
    never = "up_counts :- known unborn, known not unborn.\ncrisis_counts :- known unborn, known not unborn.\n"
    rules.write_text("\n".join(kept).replace("@clause eb10.\n", "@clause eb10.\n" + never) + "\n", encoding="utf-8")
    findings = run(load_program(str(home)), ["circle"]).outcomes["circle"].findings
    first = findings[0]
    assert first.says == (
        "A child can go in a circle on one day: from Intensive Team to Edge Team at the crisis meeting "
        "and from Edge Team to Intensive Team at the return review."
    )
    assert first.clauses == ("eb6", "eb7")
    assert [place.rsplit(":", 2)[0] for place in first.where] == ["eastbank/2_up_and_down.dl"] * 2
    assert len(findings) > 2


def test_the_command_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WHICHTEAM_POLICIES", str(EASTBANK.parent))
    file = tmp_path / "case.json"
    document = {"case_id": "e1", "policy": "eastbank", "as_of": "2024-10-16", "facts": ROUND}
    file.write_text(json.dumps(document), encoding="utf-8")
    home = str(EASTBANK)
    assert "South Team" in whichteam("why", file, "--policy", home).out
    assert "Edge Team" in whichteam("journey", file, "--policy", home).out
    assert "Edge Team" in whichteam("graph", home, "--format", "mermaid").out
    assert whichteam("test", home).code == 0
    record = tmp_path / "record.json"
    ran = whichteam("record", file, "--out", record)
    assert ran.code == 0, ran.err
    assert whichteam("verify", record).code == 0


def test_the_report_tells_circles_the_shortest_first() -> None:
    loops = report(team_graph(load_program(str(EASTBANK)))).loops
    names = {"north_team": "N", "south_team": "S", "intensive_team": "I", "edge_team": "E"}
    assert ["".join(names[code] for code in loop) for loop in loops] == ["NSN", "NIN", "SIS", "IEI", "NSIN", "NISN"]
