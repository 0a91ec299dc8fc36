"""A child whom a clause leaves without a team."""

from __future__ import annotations

from pathlib import Path

from tests.check.checks import MOVES, found, outcome

NAME = "no-team"
CODES = (
    ("team", "alpha", "Alpha"),
    ("team", "beta", "Beta"),
    ("team", "gamma", "Gamma"),
    ("point", "handover", "the handover"),
    ("point", "goodbye", "the goodbye"),
)


def test_a_clause_that_names_nobody(tmp_path: Path) -> None:
    rules = MOVES + "@clause t4.\nin_place_of(alpha, no_team) :- known safeguarding_concern.\n"
    finding = found(NAME, tmp_path, rules, codes=CODES)[0]
    assert (finding.weight, finding.answer, finding.clauses) == ("gap", "silent", ("t4",))
    assert (
        finding.says == "A child whose need meets the threshold can be without any team on leaving Alpha: the policy names none."
    )
    assert finding.case is not None
    assert set(finding.case.facts) == {"team_on_record", "safeguarding_concern", "threshold_met"}
    assert finding.case.facts["safeguarding_concern"] is True


def test_below_the_threshold_it_is_a_note(tmp_path: Path) -> None:
    rules = MOVES + "@clause t4.\nin_place_of(alpha, no_team) :- known not threshold_met.\n"
    finding = found(NAME, tmp_path, rules, codes=CODES)[0]
    assert finding.weight == "note"
    assert finding.says.startswith(
        "A child whose need is not shown to meet the threshold can be without any team on leaving Alpha"
    )


def test_every_child_has_a_team(tmp_path: Path) -> None:
    assert outcome(NAME, tmp_path, MOVES, codes=CODES).findings == ()
