"""Moves that bring a child back on one day, and what keeps them apart."""

from __future__ import annotations

from pathlib import Path

from kb.case import Day
from kb.engines.pydatalog import PyDatalog
from queries.check.circle import turns_in
from queries.decide import decide
from tests.check.checks import found, outcome
from tests.helpers import program

NAME = "circle"
UP_AND_DOWN = """@clause t1.
front_door(alpha).
@clause t2.
route(beta, gamma, handover).
point_event(handover, icpc_held_on).
@clause t3.
route(gamma, beta, goodbye).
point_event(goodbye, first_hearing_held_on).
"""
KEPT_APART = UP_AND_DOWN.replace(
    "route(gamma, beta, goodbye).",
    "route(gamma, beta, goodbye) :- not both.\n"
    'predicate both\n  "both fall on one day"\n  not "they do not fall on one day".\n'
    "both :- known icpc_held_on(One), known first_hearing_held_on(Other), known One = Other.",
)


def test_up_and_down_on_one_day(tmp_path: Path) -> None:
    (finding,) = found(NAME, tmp_path, UP_AND_DOWN)
    assert finding.weight == "fault"
    assert finding.says == (
        "A child can go in a circle on one day: from Beta to Gamma at the handover and from Gamma to Beta at the goodbye."
    )
    assert finding.clauses == ("t2", "t3")
    assert finding.where == ("tiny/rules.dl:4:1", "tiny/rules.dl:7:1")
    assert finding.case is not None
    assert not finding.one_step
    days = {name: finding.case.facts[name] for name in ("icpc_held_on", "first_hearing_held_on")}
    assert set(days.values()) == {Day(finding.case.as_of)}


def test_the_journey_makes_the_moves_on_that_day(tmp_path: Path) -> None:
    made = program(tmp_path, UP_AND_DOWN)
    (tmp_path / "again").mkdir()
    (finding,) = found(NAME, tmp_path / "again", UP_AND_DOWN)
    assert finding.case is not None
    turns = [("beta", "gamma", "handover"), ("gamma", "beta", "goodbye")]
    assert turns_in(made, finding.case, turns, PyDatalog())
    branch = decide(made, finding.case, PyDatalog()).branch
    assert branch is not None
    assert [(m.origin, m.to, m.point, m.day) for m in branch.moves[:2]] == [(*turn, finding.case.as_of) for turn in turns]


def test_one_event_can_not_turn_it(tmp_path: Path) -> None:
    same = UP_AND_DOWN.replace("first_hearing_held_on", "icpc_held_on")
    assert outcome(NAME, tmp_path, same).findings == ()


def test_days_kept_apart_are_proved(tmp_path: Path) -> None:
    kept = outcome(NAME, tmp_path, KEPT_APART)
    assert (kept.findings, kept.unsettled, kept.proved) == ((), (), 2)


def test_a_circle_of_three(tmp_path: Path) -> None:
    rules = UP_AND_DOWN.replace("route(gamma, beta", "route(gamma, alpha") + (
        "@clause t4.\nroute(alpha, beta, first_talk_held).\npoint_event(first_talk_held, second_review_held_on).\n"
    )
    codes = (
        ("team", "alpha", "Alpha"),
        ("team", "beta", "Beta"),
        ("team", "gamma", "Gamma"),
        ("point", "handover", "the handover"),
        ("point", "goodbye", "the goodbye"),
        ("point", "first_talk_held", "the first talk"),
    )
    (finding,) = found(NAME, tmp_path, rules, codes=codes, readings=())
    assert finding.clauses == ("t2", "t3", "t4")
    assert "from Alpha to Beta at the first talk, from Beta to Gamma at the handover and from Gamma to Alpha" in finding.says


def test_it_comes_before_all_others() -> None:
    from queries.check import CHECKS

    assert CHECKS[0].NAME == NAME
