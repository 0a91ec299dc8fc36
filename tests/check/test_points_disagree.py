"""Two points by which one team can lose a child."""

from __future__ import annotations

from pathlib import Path

from tests.check.checks import MOVES, found

NAME = "points-disagree"


def test_both_can_be_reached(tmp_path: Path) -> None:
    (finding,) = found(NAME, tmp_path, MOVES)
    assert (finding.weight, set(finding.clauses) - {"t1"}) == ("note", {"t2", "t3"})
    assert finding.says == (
        "Out of Alpha a child can reach both the handover and the goodbye (to Beta by the one, Gamma by the other)."
    )
    assert finding.case is not None
    assert set(finding.case.facts) == {"team_on_record", "icpc_held_on", "first_hearing_held_on"}


def test_only_one_can(tmp_path: Path) -> None:
    apart = MOVES.replace("handover).", "handover) :- known unborn.", 1).replace(
        ":- known first", ":- known not unborn, known first"
    )
    assert found(NAME, tmp_path, apart) == []
