"""Rules that no case can make fire, and rules that only wait for a reading."""

from __future__ import annotations

from pathlib import Path

from queries.check import Finding
from tests.check.checks import MOVES, found

NAME = "dead-rule"


def test_conditions_that_rule_each_other_out(tmp_path: Path) -> None:
    rule = "duty(call_back) :- known threshold_level(Level), Level > 3, Level < 3."
    assert found(NAME, tmp_path, f"{MOVES}@clause t4.\n{rule}\n") == [
        Finding(
            NAME,
            "fault",
            "No case can make this rule of t4 fire, so `duty` never follows from it.",
            ("t4",),
            ("tiny/rules.dl:10:1",),
            advice="look for conditions that rule each other out, or one that nothing concludes; mend the rule or remove it"
            "; clause t4 is then without a rule: give a reason in column `out_of_scope`",
        )
    ]


def test_conditions_that_can_stand_together(tmp_path: Path) -> None:
    rule = "duty(call_back) :- known threshold_level(Level), Level > 2, Level < 4."
    assert found(NAME, tmp_path, f"{MOVES}@clause t4.\n{rule}\n") == []


def test_a_rule_of_another_setting_is_left_alone_with_what_rests_on_it(tmp_path: Path) -> None:
    rules = """@clause t4.
predicate strict
  "it is strict"
  not "it is not strict".

strict :- known unborn, reading(mood, stern).
duty(call_back) :- strict, known threshold_met.
"""
    assert found(NAME, tmp_path, MOVES + rules) == []


def test_a_rule_for_what_is_not_recorded_is_left_alone(tmp_path: Path) -> None:
    rule = "duty(call_back) :- not known threshold_level(_), threshold_level(_).\nopen duty(call_back) :- unknown unborn."
    assert found(NAME, tmp_path, f"{MOVES}@clause t4.\n{rule}\n") == []


def test_a_rule_that_says_what_no_record_can_be_is_no_dead_rule(tmp_path: Path) -> None:
    rule = "contradiction(unborn_after_birth) :- known unborn, known first_pregnancy."
    assert found(NAME, tmp_path, f"{MOVES}@clause t4.\n{rule}\n") == []
