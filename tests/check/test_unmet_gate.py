"""Checks before a move that can fail with nothing after it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.check.checks import MOVES, found, outcome
from tests.helpers import CODES

NAME = "unmet-gate"
GATE = """@clause t4.
gate(alpha, handover, papers_ready).
gate_met(papers_ready) :- all_there.
predicate all_there
 "the papers are there"
  not "the papers are not there".
all_there :- transfer_summary_complete.
"""
DUTY = "duty(call_back) :- known not transfer_summary_complete."
ESCALATED = "escalation_to(head) :- blocked_by(papers_ready)."
ASKED = "ask(transfer_summary_complete) :- not known transfer_summary_complete."


def test_nothing_follows(tmp_path: Path) -> None:
    (finding,) = found(NAME, tmp_path, MOVES + GATE + ASKED + "\n")
    assert finding.says == "Where this is not so, the move is held up and no clause says what follows: the papers are ready."
    assert (finding.weight, finding.clauses) == ("gap", ("t4",))
    assert finding.case is not None
    assert finding.case.facts["transfer_summary_complete"] is False


@pytest.mark.parametrize("rule", [DUTY, ESCALATED])
def test_something_follows(tmp_path: Path, rule: str) -> None:
    answered = outcome(NAME, tmp_path, f"{MOVES}{GATE}{rule}\n", codes=(*CODES, ("escalation", "head", "the head")))
    assert (answered.findings, answered.proved) == ((), 1)
