"""The four rules on who holds the child (`kb/house`), on a policy with one move and one gate."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kb.engines.pydatalog import PyDatalog
from kb.program import Program
from queries.decide import Decision, decide
from tests.helpers import START, case_of, program

RULES = (
    START
    + """@clause t2.
route(alpha, beta, handover) :- cared_for.
point_event(handover, handover_on).
@clause t3.
gate(alpha, handover, papers_ready).
gate_met(papers_ready) :- plan_smart.
"""
)


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Program:
    return program(tmp_path_factory.mktemp("decide"), RULES)


def decided(compiled: Program, facts: dict[str, Any], as_of: str = "2024-06-03") -> Decision:
    return decide(compiled, case_of(compiled, facts, as_of), PyDatalog())


MOVED = {"team_on_record": "alpha", "cared_for": True, "handover_on": "2024-06-03", "plan_smart": True}


@pytest.mark.parametrize(
    ("changes", "teams", "move"),
    [
        ({}, ["beta"], ("completed", "2024-06-03")),
        ({"team_on_record": "none"}, ["beta"], ("completed", "2024-06-03")),
        ({"handover_on": "2024-06-04"}, ["alpha"], ("upcoming", "2024-06-04")),
        ({"handover_on": True}, ["beta"], ("completed", None)),
        ({"handover_on": False}, ["alpha"], ("upcoming", None)),
        ({"handover_on": None}, ["alpha"], ("upcoming", None)),
        ({"cared_for": False}, ["alpha"], None),
        ({"cared_for": None}, ["alpha", "beta"], ("unknown", "2024-06-03")),
        ({"plan_smart": False}, ["alpha"], ("blocked", "2024-06-03")),
        ({"plan_smart": None}, ["beta"], ("completed", "2024-06-03")),
        ({"plan_smart": False, "cared_for": None}, ["alpha"], ("blocked", "2024-06-03")),
        ({"team_on_record": "gamma"}, ["gamma"], None),
        ({"team_on_record": "beta"}, ["beta"], None),
    ],
)
def test_who_holds_the_child(
    compiled: Program, changes: dict[str, Any], teams: list[str], move: tuple[str, str | None] | None
) -> None:
    found = decided(compiled, {**MOVED, **changes})
    assert sorted(found.possible_teams) == teams
    assert (found.transfer and (found.transfer.status, found.transfer.on)) == move
    assert list(found.blocked_by) == (["papers_ready"] if changes.get("plan_smart") is False else [])
    assert list(found.unconfirmed_gates) == (["papers_ready"] if changes.get("plan_smart", 0) is None else [])
    assert ("cared_for" in found.missing_facts) is ("cared_for" in changes and changes["cared_for"] is None)


def test_a_policy_without_a_front_door_is_silent_on_a_new_contact(tmp_path: Path) -> None:
    rules = "@clause t1.\nroute(alpha, beta, handover).\npoint_event(handover, handover_on).\n"
    found = decided(program(tmp_path, rules), {"team_on_record": "none"})
    assert (found.status, found.possible_teams, found.responsible_team) == ("silent", (), None)


def test_a_day_still_ahead_is_expected_and_has_not_come(tmp_path: Path) -> None:
    rules = START + (
        "@clause t2.\nroute(alpha, beta, goodbye) :- date_of_birth(_).\n"
        "occurs(goodbye, On) :- known date_of_birth(Born), On = Born + 16 years.\n"
    )
    compiled_here = program(tmp_path, rules)
    facts = {"team_on_record": "alpha", "date_of_birth": "2008-06-04"}
    before = decided(compiled_here, facts, "2024-06-03")
    on_the_day = decided(compiled_here, facts, "2024-06-04")
    assert (before.responsible_team, before.transfer and before.transfer.as_json()["status"]) == ("alpha", "upcoming")
    assert (on_the_day.responsible_team, on_the_day.transfer and on_the_day.transfer.on) == ("beta", "2024-06-04")
