"""Moves that a blank holds open."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.check.checks import found
from tests.helpers import START

NAME = "blank-route"
ROUTE = START + "@clause t2.\nroute(alpha, beta, handover) :- {conditions}.\npoint_event(handover, handover_on).\n"


@pytest.mark.parametrize(
    "conditions",
    [
        "known cared_for",
        "known cared_for, not unborn",  # what is asked besides decides between teams
        "known not cared_for",
        "reading(mood, calm)",  # no fact is asked
    ],
)
def test_what_starts_the_move_has_to_be_noted(tmp_path: Path, conditions: str) -> None:
    assert found(NAME, tmp_path, ROUTE.format(conditions=conditions)) == []


def test_a_blank_holds_the_move_open(tmp_path: Path) -> None:
    (finding,) = found(NAME, tmp_path, ROUTE.format(conditions="cared_for, not unborn"))
    assert finding.weight == "note"
    assert finding.says == (
        "Where `cared_for` and `not unborn` are not recorded, `route(alpha, beta, handover)` is not settled, "
        "before its event as well."
    )
    assert finding.where == ("tiny/rules.dl:4:1",)
    assert finding.advice == (
        "write `known cared_for` if somebody has to have noted it for the move to start; leave it if it is to be asked"
    )
