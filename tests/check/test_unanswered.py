"""A duty for a child whom nobody has, and one that somebody always sees to."""

from __future__ import annotations

from pathlib import Path

from tests.check.checks import MOVES, found, outcome

NAME = "unanswered"
NOBODY = """@clause t4.
in_place_of(alpha, no_team) :- known not threshold_met.
@clause t5.
duty(call_back) :- DAY.
"""


def test_a_duty_that_nobody_is_there_to_do(tmp_path: Path) -> None:
    (finding,) = found(NAME, tmp_path, MOVES + NOBODY.replace("DAY", "known unborn"))
    whose = "whose need is not shown to meet the threshold"
    assert finding.says == f"The duty “call back” can stand for a child {whose} while no team is named."
    assert (finding.weight, finding.answer, finding.clauses) == ("note", "silent", ("t5",))
    assert finding.case is not None
    assert {"unborn", "threshold_met"} <= set(finding.case.facts)


def test_a_duty_only_where_there_is_a_team(tmp_path: Path) -> None:
    checked = outcome(NAME, tmp_path, MOVES + NOBODY.replace("DAY", "known unborn, known threshold_met"))
    assert (checked.findings, checked.unsettled) == ((), ())
    assert checked.proved == 1


def test_a_failed_check_leaves_the_child_where_it_is(tmp_path: Path) -> None:
    gate = "@clause t6.\ngate(alpha, handover, papers_ready).\ngate_met(papers_ready) :- record_up_to_date.\n"
    checked = outcome(NAME, tmp_path, MOVES + gate)
    assert (checked.findings, checked.unsettled, checked.proved) == ((), (), 1)
