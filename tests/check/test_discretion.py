"""A move left to the managers, with and without somebody who settles it."""

from __future__ import annotations

from pathlib import Path

from tests.check.checks import MOVES, found
from tests.helpers import CODES

NAME = "discretion"
SETTLERS = (*CODES, ("escalation", "head", "the head"))
RULES = MOVES + "@clause t4.\ndiscretion(alpha, gamma, handover) :- known unborn.\n"


def test_nobody_settles_it(tmp_path: Path) -> None:
    (finding,) = found(NAME, tmp_path, RULES)
    assert (finding.weight, finding.clauses) == ("gap", ("t4",))
    assert finding.says == "The managers may move a child from Alpha to Gamma at the handover; nobody is named who settles it."
    assert finding.case is not None
    assert finding.case.facts["unborn"] is True


def test_somebody_settles_it(tmp_path: Path) -> None:
    (finding,) = found(NAME, tmp_path, RULES + "escalation_to(head) :- known unborn.\n", codes=SETTLERS)
    assert finding.weight == "note"
    assert finding.says == "The managers may move a child from Alpha to Gamma at the handover; it goes to the head."


def test_nothing_is_left_to_them(tmp_path: Path) -> None:
    assert found(NAME, tmp_path, MOVES) == []


def test_no_moment_but_the_agreement(tmp_path: Path) -> None:
    (finding,) = found(
        NAME, tmp_path, RULES.replace("gamma, handover) :- known unborn", "gamma, managers_agreement) :- known unborn")
    )
    assert finding.says == (
        "The managers may move a child from Alpha to Gamma at the agreement between the managers concerned, "
        "and no event or day says when; nobody is named who settles it."
    )
