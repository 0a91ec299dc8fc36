"""Checks that no case can pass."""

from __future__ import annotations

from pathlib import Path

from queries.check import Finding
from tests.check.checks import MOVES, found, outcome

NAME = "idle-gate"
GATE = "@clause t4.\ngate(alpha, handover, papers_ready).\n"


def test_a_check_that_can_not_be_met(tmp_path: Path) -> None:
    rule = "gate_met(papers_ready) :- known unborn, known not unborn."
    finding = found(NAME, tmp_path, f"{MOVES}{GATE}{rule}\n")[0]
    advice = "write a rule for `gate_met` that some case can meet"
    assert finding == Finding(NAME, "fault", "The check that the papers are ready can never be met.", ("t4",), advice=advice)


def test_a_check_that_can_be_met_and_holds_up(tmp_path: Path) -> None:
    met = outcome(NAME, tmp_path, f"{MOVES}{GATE}gate_met(papers_ready) :- transfer_summary_complete.\n")
    assert (met.findings, met.proved) == ((), 2)
