"""Young people who turn 18 with a team, where no clause says what follows."""

from __future__ import annotations

from pathlib import Path

from tests.check.checks import found
from tests.helpers import CODES

NAME = "ages"
ALPHA = "@clause t1.\nfront_door(gamma).\nroute(gamma, alpha, handover).\npoint_event(handover, referral_accepted_on).\n"
BETA = """@clause t2.
never_holds(beta).
"""
AT_18 = """@clause t2.
route(alpha, beta, goodbye).
occurs(goodbye, Born + 18 years) :- known date_of_birth(Born), known as_of >= Born + 18 years.
by_age_only(goodbye).
lasts(goodbye).
"""


def test_nothing_follows_at_eighteen(tmp_path: Path) -> None:
    (finding,) = found(NAME, tmp_path, ALPHA + BETA, codes=CODES)
    assert finding.says == "Somebody who has turned 18 can stay with Alpha: no clause moves or closes the case by then."
    assert (finding.weight, finding.clauses, finding.answer) == ("gap", ("t1",), "decided")
    assert finding.case is not None
    assert set(finding.case.facts) == {"team_on_record", "date_of_birth"}


def test_a_birthday_moves_them(tmp_path: Path) -> None:
    assert found(NAME, tmp_path, ALPHA + AT_18, codes=CODES) == []
