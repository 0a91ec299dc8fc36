"""What the rules tell as a notice: each once, with the smallest case in which it is told."""

from __future__ import annotations

from pathlib import Path

from tests.check.checks import MOVES, found, outcome

NAME = "notices"


def test_a_notice_and_its_smallest_case(tmp_path: Path) -> None:
    (finding,) = found(NAME, tmp_path, MOVES + "@clause t4.\nfinding(odd) :- known unborn.\n")
    assert (finding.weight, finding.says, finding.clauses, finding.answer) == ("note", "This is odd.", ("t4",), "decided")
    assert finding.case is not None
    assert finding.case.facts["unborn"] is True
    assert set(finding.case.facts) <= {"unborn", "team_on_record"}


def test_it_is_a_gap_where_the_policy_then_names_no_team(tmp_path: Path) -> None:
    left = "in_place_of(alpha, no_team) :- known unborn, known starts_with(alpha).\n"
    told = "finding(odd) :- known unborn, known starts_with(alpha).\n"
    (finding,) = found(NAME, tmp_path, "@clause t1.\nfront_door(alpha).\n@clause t4.\n" + left + told)
    assert (finding.weight, finding.answer, finding.advice) == ("gap", "silent", "say in the policy what follows")


def test_a_notice_that_is_never_told_is_proved_so(tmp_path: Path) -> None:
    result = outcome(NAME, tmp_path, MOVES + "@clause t4.\nfinding(odd) :- known unborn, known not unborn.\n")
    assert (result.findings, result.unsettled) == ((), ())
