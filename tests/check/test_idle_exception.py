"""Exceptions that never take the place of their rule, and one that does."""

from __future__ import annotations

from pathlib import Path

import pytest

from queries.check import Finding
from tests.check.checks import found, outcome

NAME = "idle-exception"
RULES = """@clause t1.
front_door(alpha).
point_event(handover, icpc_held_on).
@clause t2.
route(alpha, beta, handover) :- known unborn.
@clause t3 exception_to t2.
route(alpha, gamma, handover) :- {condition}.
"""


def test_the_two_never_meet(tmp_path: Path) -> None:
    assert found(NAME, tmp_path, RULES.format(condition="known not unborn")) == [
        Finding(
            NAME,
            "fault",
            "t3 is an exception to t2, and there is no case in which it takes its place.",
            ("t3", "t2"),
            ("tiny/rules.dl:6:1",),
            advice="take `exception_to t2` away, or mend the conditions of one of the two",
        )
    ]


REMOVAL = RULES.replace("route(alpha, gamma, handover) :- {condition}", "not route(_, beta, _){condition}")


def test_one_that_only_removes_has_something_to_remove(tmp_path: Path) -> None:
    assert [finding.clauses for finding in found(NAME, tmp_path, REMOVAL.format(condition=" :- known not unborn"))] == [
        ("t3", "t2")
    ]


@pytest.mark.parametrize("condition", [" :- known threshold_met", ""])
def test_one_that_removes_something(tmp_path: Path, condition: str) -> None:
    met = outcome(NAME, tmp_path, REMOVAL.format(condition=condition))
    assert (met.findings, met.proved) == ((), 1)


def test_the_two_meet(tmp_path: Path) -> None:
    met = outcome(NAME, tmp_path, RULES.format(condition="known threshold_met"))
    assert (met.findings, met.proved) == ((), 1)


def test_an_exception_to_one_that_only_removes(tmp_path: Path) -> None:
    """It gives back what the other takes away."""
    back = REMOVAL.format(condition=" :- known threshold_met") + "@clause t4 exception_to t3.\nnot route(_, _, _) :- {}.\n"
    met = outcome(NAME, tmp_path, back.format("known cared_for"))
    assert (met.findings, met.proved) == ((), 2)
