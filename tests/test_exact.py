"""Exact possible teams: those that some way of filling in the record gives, each with a witness."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks.exact import compared
from kb.bulk.table import from_cases
from kb.engines.bulk.columns import Columns
from kb.engines.forward import Forward
from kb.engines.pydatalog import PyDatalog
from kb.program import Program
from queries import exact
from queries.bulk.caseload import BOUNDS, EXACT, SETTLED, decide_caseload
from queries.bulk.exact import bounds, made_exact
from queries.decide import Decision, decide
from queries.exact import decide_exactly, possible
from queries.journey import can_hold
from queries.load import load_program
from tests.helpers import START, case_of, program

#: A level of three or more goes to Beta, a lower one to Gamma: Alpha passes the child on in any case.
BY_LEVEL = (
    START
    + """@clause t2.
route(alpha, beta, handover) :- threshold_level(L), L >= 3.
route(alpha, gamma, handover) :- threshold_level(L), L < 3.
point_event(handover, handover_on).
"""
)
MOVED = {"team_on_record": "alpha", "handover_on": "2024-06-03"}


@pytest.fixture(scope="module")
def by_level(tmp_path_factory: pytest.TempPathFactory) -> Program:
    return program(tmp_path_factory.mktemp("level"), BY_LEVEL)


def both(compiled: Program, facts: dict[str, Any], as_of: str = "2024-06-03") -> tuple[Decision, Decision]:
    case = case_of(compiled, facts, as_of)
    return decide(compiled, case, PyDatalog()), decide_exactly(compiled, case, PyDatalog())


def test_a_team_that_both_replies_lead_away_from_is_not_possible(by_level: Program) -> None:
    quick, found = both(by_level, MOVED)
    assert quick.possible_teams == ("alpha", "beta", "gamma")
    assert (found.status, found.possible_teams, found.exact) == ("unknown", ("beta", "gamma"), True)
    assert found.journey[-1].possible_teams == ("beta", "gamma")
    assert [witness.team for witness in found.witnesses] == ["beta", "gamma"]
    for witness in found.witnesses:
        assert decide(by_level, witness.case, PyDatalog()).responsible_team == witness.team
    assert all(set(end.possible_teams) & {"beta", "gamma"} for end in found.ends)


def test_a_decided_answer_has_nothing_to_settle(by_level: Program) -> None:
    _, found = both(by_level, {**MOVED, "threshold_level": 3})
    assert (found.responsible_team, found.exact, found.witnesses) == ("beta", None, ())


def test_what_rule_four_closes_stays_closed(by_level: Program) -> None:
    _, found = both(by_level, {"team_on_record": "alpha"})  # an unrecorded event has not moved the child
    assert (found.status, found.possible_teams) == ("decided", ("alpha",))


def test_where_all_that_is_missing_leads_to_one_team_it_is_decided(tmp_path: Path) -> None:
    rules = BY_LEVEL.replace("route(alpha, gamma", "route(alpha, beta")
    quick, found = both(program(tmp_path, rules), MOVED)
    assert (quick.status, quick.possible_teams) == ("unknown", ("alpha", "beta"))
    assert (found.status, found.responsible_team, found.exact) == ("decided", "beta", True)
    assert found.journey[-1].team == "beta"


def test_a_team_that_a_reply_starts_a_route_to_is_possible(tmp_path: Path) -> None:
    """The level is missing anyway. A level of four gives Gamma by a clause that takes unrecorded as no."""
    rules = (
        START
        + """@clause t2.
route(alpha, beta, handover) :- threshold_level(L), L >= 3.
point_event(handover, handover_on).
@clause t3 exception_to t2.
route(alpha, gamma, handover) :- known threshold_level(4).
"""
    )
    quick, found = both(program(tmp_path, rules), MOVED)
    assert quick.possible_teams == ("alpha", "beta")
    assert (found.possible_teams, found.exact) == (("alpha", "beta", "gamma"), True)
    assert dict(found.witnesses[2].filled) == {"threshold_level": 4}


def test_beyond_the_bound_it_says_so(by_level: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exact, "MOST", 2)
    quick, found = both(by_level, MOVED)
    assert (found.exact, found.possible_teams) == (False, quick.possible_teams)


def test_the_hub_is_not_possible_after_a_transfer_scheme_request_with_no_birthday() -> None:
    """Sefton: for every date of birth, the young person has left the hub."""
    facts = {
        "team_on_record": "mash",
        "contact_received_on": "2024-03-01",
        "unaccompanied_asylum_seeking": True,
        "via_national_transfer_scheme": True,
        "arrived_on": "2024-03-04",
        "age_disputed": False,
    }
    _, found = both(load_program("sefton"), facts, "2024-03-05")
    assert found.possible_teams == ("cared_for_children_team", "young_peoples_team", "care_experienced_team")


def test_where_a_policy_has_two_front_doors_the_child_may_be_with_either() -> None:
    quick, found = both(load_program("sefton"), {"contact_received_on": "2024-09-02"}, "2024-09-03")
    assert {"integrated_front_door", "mash"} < set(quick.possible_teams)
    assert (found.possible_teams, found.exact) == (quick.possible_teams, True)
    assert {end.branch.stint.team for end in quick.ends if end.branch} >= {"none", "mash", "locality_team"}


def test_with_the_only_front_door_and_with_a_team_outside_it_is_as_with_no_team_on_record() -> None:
    blackpool = load_program("blackpool")
    assert not {"request_for_support_hub", "other_local_authority", "awaken"} & set(can_hold(blackpool))
    for facts in ({}, {"contact_received_on": "2024-09-02"}, {"threshold_decision_on": "2024-09-02", "threshold_level": 4}):
        answers = [
            decide(blackpool, case_of(blackpool, {**facts, "team_on_record": team}, "2024-09-03"), PyDatalog())
            for team in ("none", "request_for_support_hub", "other_local_authority")
        ]
        assert len({(answer.status, answer.responsible_team, answer.transfer) for answer in answers}) == 1


@pytest.mark.parametrize("policy", ["blackpool", "sefton"])
def test_possible_teams_are_those_that_brute_force_finds(policy: str) -> None:
    for each in compared(load_program(policy), 6, 60, seed=5):
        assert not each.complete or each.brute <= each.exact, dict(each.case.facts)


def test_a_caseload_says_whose_teams_are_bounds_and_settles_them(by_level: Program) -> None:
    facts: list[dict[str, Any]] = [{**MOVED, "threshold_level": 3}, MOVED, {"team_on_record": "alpha"}]
    table = from_cases([case_of(by_level, each) for each in facts], by_level.policy.vocabulary)
    found = decide_caseload(by_level, table, Columns())
    assert (found.exact.tolist(), bounds(found)) == ([SETTLED, BOUNDS, SETTLED], [1])
    assert found.possible.of_case(1) == ("alpha", "beta", "gamma")
    settled = made_exact(found)
    assert (settled.exact.tolist(), bounds(settled)) == ([SETTLED, EXACT, SETTLED], [])
    assert settled.possible.of_case(1) == ("beta", "gamma")
    assert [settled.possible.of_case(row) for row in (0, 2)] == [found.possible.of_case(row) for row in (0, 2)]
    assert np.array_equal(settled.status, found.status)


def test_a_caseload_settles_a_child_that_all_replies_lead_to_one_team(tmp_path: Path) -> None:
    compiled = program(tmp_path, BY_LEVEL.replace("route(alpha, gamma", "route(alpha, beta"))
    table = from_cases([case_of(compiled, MOVED)], compiled.policy.vocabulary)
    found = made_exact(decide_caseload(compiled, table, Columns()))
    assert (found.statuses[found.status[0]], found.teams[found.team[0]]) == ("decided", "beta")
    assert (found.exact.tolist(), found.differs.tolist()) == ([SETTLED], [1])


def test_the_witness_is_the_record_with_what_is_filled_in(by_level: Program) -> None:
    answer = decide(by_level, case_of(by_level, MOVED), Forward())
    for witness in possible(answer).witnesses:
        assert witness.case.facts == {**answer.case.facts, **dict(witness.filled)}
        assert not set(dict(witness.filled)) & set(answer.case.facts)
