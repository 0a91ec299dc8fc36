"""Exceptions that never take the place of their rule, and one that does."""

from __future__ import annotations

from pathlib import Path

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


def test_the_two_meet(tmp_path: Path) -> None:
    met = outcome(NAME, tmp_path, RULES.format(condition="known threshold_met"))
    assert (met.findings, met.proved) == ((), 1)
