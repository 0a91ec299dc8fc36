"""Rules that say the same in another order, with other names."""

from __future__ import annotations

from pathlib import Path

from queries.check import Finding
from tests.check.checks import MOVES, found

NAME = "said-twice"
FIRST = "duty(call_back) :- known threshold_level(Level), Level > 2, known unborn.\n"
AGAIN = "duty(call_back) :- known unborn, known threshold_level(N), N > 2, known unborn.\n"


def test_twice_in_one_clause(tmp_path: Path) -> None:
    assert found(NAME, tmp_path, f"{MOVES}@clause t4.\n{FIRST}{AGAIN}") == [
        Finding(
            NAME,
            "fault",
            "This rule of t4 says the same as one of t4 at tiny/rules.dl:10:1.",
            ("t4",),
            ("tiny/rules.dl:10:1", "tiny/rules.dl:11:1"),
            advice="remove one of the two",
        )
    ]


def test_two_clauses_may_say_the_same(tmp_path: Path) -> None:
    (finding,) = found(NAME, tmp_path, f"{MOVES}@clause t4.\n{FIRST}@clause t5.\n{AGAIN}")
    assert (finding.weight, finding.clauses) == ("note", ("t4", "t5"))


def test_another_number_is_another_rule(tmp_path: Path) -> None:
    assert found(NAME, tmp_path, f"{MOVES}@clause t4.\n{FIRST}{AGAIN.replace('2', '3')}") == []
