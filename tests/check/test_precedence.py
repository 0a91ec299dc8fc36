"""Orders between clauses that the rules have: clashes that a reading settles, and exceptions."""

from __future__ import annotations

from pathlib import Path

from tests.check.checks import MOVES, found
from tests.helpers import CODES

NAME = "precedence"
READINGS = (("odd", "beta", "gamma", "", "The text does not rank them."),)


def test_a_clash_that_a_reading_settles(tmp_path: Path) -> None:
    rules = MOVES + "@clause t4.\nclash(odd, gamma) :- known unborn, reading(odd, beta).\n"
    (finding,) = found(NAME, tmp_path, rules, codes=CODES, readings=READINGS)
    assert (finding.weight, finding.says, finding.clauses) == ("choice", "This is odd.", ("t4",))
    assert finding.settled_by == ("odd=beta",)
    assert finding.advice == "say in the document which of the clauses comes first"
    assert finding.case is not None
    assert finding.case.facts["unborn"] is True


def test_an_exception(tmp_path: Path) -> None:
    rules = MOVES + "@clause t4 exception_to t2.\nroute(alpha, gamma, handover) :- known unborn.\n"
    (finding,) = found(NAME, tmp_path, rules)
    assert (finding.weight, finding.says) == ("note", "The rules let clause t4 come before clause t2.")
    assert finding.clauses == ("t2", "t4")


def test_no_order(tmp_path: Path) -> None:
    assert found(NAME, tmp_path, MOVES + "@clause t4.\nfinding(odd) :- known unborn.\n") == []
