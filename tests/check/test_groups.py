"""Groups of children who go to a team of their own from the front door, and not from a team that has them already."""

from __future__ import annotations

from pathlib import Path

from tests.check.checks import found, outcome

NAME = "groups"
#: Gamma is the front door. Unborn children go to Beta, all others to Alpha.
RULES = """@clause t1.
front_door(gamma).
route(gamma, alpha, handover) :- not known child_disabled.
point_event(handover, referral_accepted_on).
@clause t2.
route(gamma, beta, handover) :- known child_disabled.
"""
FROM_ALPHA = """@clause t3.
route(alpha, beta, goodbye) :- known child_disabled.
point_event(goodbye, icpc_held_on).
"""


def test_not_from_a_team_that_has_them(tmp_path: Path) -> None:
    (finding,) = found(NAME, tmp_path, RULES)
    assert finding.says == (
        "Where the child is disabled, a clause takes the child from the front door to Beta; none does so from Alpha."
    )
    assert (finding.weight, finding.clauses, finding.topic) == ("note", ("t2",), "beta")
    assert finding.case is not None
    assert finding.case.facts == {"team_on_record": "alpha", "child_disabled": True}


def test_from_everywhere(tmp_path: Path) -> None:
    every = outcome(NAME, tmp_path, RULES + FROM_ALPHA)
    assert (every.findings, every.proved) == ((), 1)


def test_a_team_for_everybody_is_no_team_of_a_group(tmp_path: Path) -> None:
    assert found(NAME, tmp_path, RULES.replace(" :- known child_disabled", "")) == []
