"""Teams whose cases no clause ends, and teams from which no clause brings a child back."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.check.checks import found
from tests.helpers import CODES

NAME = "ends"
POINTS = (*CODES, ("team", "delta", "Delta"), ("point", "return", "the return"))
#: Delta is the front door; children go to Alpha, from there to Beta, and Beta closes.
RULES = """@clause t1.
front_door(delta).
route(delta, alpha, handover).
point_event(handover, referral_accepted_on).
@clause t2.
route(alpha, beta, goodbye).
point_event(goodbye, icpc_held_on).
"""
ONWARDS = """@clause t3.
route(beta, gamma, return).
point_event(return, first_hearing_held_on).
"""
BACK = """@clause t4.
route(gamma, beta, handover).
"""
CLOSED = """@clause t5.
route(alpha, case_closed, return).
route(beta, case_closed, return).
route(gamma, case_closed, return).
"""


def test_nothing_ends_a_case(tmp_path: Path) -> None:
    (finding,) = found(NAME, tmp_path, RULES, codes=POINTS)
    assert finding.says == "No clause says when a case ends with Alpha, Beta or Gamma."
    assert (finding.weight, finding.clauses) == ("gap", ("t1", "t2"))


def test_no_way_back(tmp_path: Path) -> None:
    """Alpha has its children from the front door alone, so none is brought back there; Beta has them from Alpha."""
    (finding,) = found(NAME, tmp_path, RULES + ONWARDS + CLOSED, codes=POINTS)
    assert finding.says == "Children come to Gamma from Beta, and no clause brings one back when the reason is gone."
    assert (finding.weight, finding.clauses) == ("gap", ("t3",))


@pytest.mark.parametrize("mended", [BACK, "by_age_only(return).\n"], ids=["a way back", "a move by age"])
def test_mended(tmp_path: Path, mended: str) -> None:
    assert found(NAME, tmp_path, RULES + ONWARDS + CLOSED + mended, codes=POINTS) == []
