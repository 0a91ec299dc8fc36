"""Readings of a policy's own, with what the answers assume."""

from __future__ import annotations

from pathlib import Path

from queries.check import run
from tests.check.checks import MOVES, found
from tests.helpers import program

NAME = "defaults"
READINGS = (("who_waits", "alpha_waits", "beta_waits", "T:2", "The text does not say who waits."),)
RULES = MOVES + "@clause t4.\nduty(call_back) :- known unborn, reading(who_waits, alpha_waits).\n"


def test_a_reading_with_what_is_assumed_and_the_other_way(tmp_path: Path) -> None:
    (finding,) = found(NAME, tmp_path, RULES, readings=READINGS)
    assert (finding.weight, finding.clauses, finding.settled_by) == ("choice", ("t2",), ("who_waits=alpha_waits",))
    assert finding.says == "The text does not say who waits. The answers assume: who waits: alpha waits."
    assert finding.advice == "say in the document whether this is meant, or this: who waits: beta waits"


def test_settings_that_all_policies_share_are_left_out(tmp_path: Path) -> None:
    assert found(NAME, tmp_path, MOVES, readings=()) == []


def test_with_a_deep_check_the_readings_are_told_with_their_cases(tmp_path: Path) -> None:
    report = run(program(tmp_path, RULES, readings=READINGS), [NAME], deep=True)
    assert report.findings == []
