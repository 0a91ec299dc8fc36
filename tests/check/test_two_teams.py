"""Two clauses that give one child to two teams, and an exception that settles it."""

from __future__ import annotations

from pathlib import Path

from kb.case import Day
from tests.check.checks import MOVES, found, outcome

NAME = "two-teams"


def test_two_moves_on_one_day(tmp_path: Path) -> None:
    (finding,) = found(NAME, tmp_path, MOVES)
    assert finding.weight == "fault"
    assert finding.says == "The clauses give a child to Beta and Gamma at the same time."
    assert set(finding.clauses) - {"t1"} == {"t2", "t3"}  # t1 where the child is at the front door to start with
    assert finding.answer == "conflict"
    assert finding.case is not None
    assert set(finding.case.facts) == {"team_on_record", "icpc_held_on", "first_hearing_held_on"}
    days = finding.case.facts["icpc_held_on"], finding.case.facts["first_hearing_held_on"]
    assert isinstance(days[0], Day)
    assert days[0] == days[1]


def test_an_exception_settles_it(tmp_path: Path) -> None:
    settled = outcome(NAME, tmp_path, MOVES.replace("@clause t3.", "@clause t3 exception_to t2."))
    assert settled.findings == ()
    assert settled.unsettled == ()
    assert settled.proved >= 3


def test_the_order_of_rules_and_names_of_variables_do_not_matter(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    rewritten = """@clause t3.
point_event(goodbye, first_hearing_held_on).
route(alpha, gamma, goodbye) :- known first_hearing_held_on(When), known first_hearing_held_on(When).
@clause t2.
point_event(handover, icpc_held_on).
route(alpha, beta, handover).
@clause t1.
front_door(alpha).
"""
    both = [found(NAME, tmp_path / name, rules) for name, rules in (("a", MOVES), ("b", rewritten))]
    said = [{(f.weight, f.says) for f in findings} for findings in both]
    assert said[0] == said[1] != set()
