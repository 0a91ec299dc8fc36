"""Points that nothing reaches, codes that no rule names, readings that no rule asks, and idle variables and teams."""

from __future__ import annotations

from pathlib import Path

from tests.check.checks import found
from tests.helpers import READINGS, START

NAME = "loose-ends"
USED = (
    ("team", "alpha", "Alpha"),
    ("team", "beta", "Beta"),
    ("point", "handover", "the handover"),
)
ROUTE = START + "@clause t2.\nroute(alpha, beta, handover) :- known cared_for.\n"
POINT = "point_event(handover, handover_on).\n"


def test_all_is_named(tmp_path: Path) -> None:
    assert found(NAME, tmp_path, ROUTE + POINT, codes=USED, readings=()) == []


def test_a_point_that_nothing_reaches(tmp_path: Path) -> None:
    (finding,) = found(NAME, tmp_path, ROUTE, codes=USED, readings=())
    assert (finding.weight, finding.says) == (
        "fault",
        "Nothing reaches the transfer point “the handover”, so its moves are never made.",
    )
    assert (finding.clauses, finding.where) == (("t2",), ("tiny/rules.dl:4:1",))


def test_a_birthday_is_reached_by_a_rule(tmp_path: Path) -> None:
    rules = ROUTE + "occurs(handover, On) :- known date_of_birth(Born), On = Born + 16 years.\n"
    assert found(NAME, tmp_path, rules, codes=USED, readings=()) == []


def test_codes_that_no_rule_names(tmp_path: Path) -> None:
    codes = (*USED, ("team", "gamma", "Gamma"), ("duty", "call_back", "call back"))
    findings = found(NAME, tmp_path, ROUTE + POINT, codes=codes, readings=())
    assert [(finding.weight, finding.says) for finding in findings] == [
        ("note", "No rule names the team “Gamma” (`gamma`)."),
        ("note", "No rule names the duty “call back” (`call_back`)."),
    ]


def test_a_table_names_codes_too(tmp_path: Path) -> None:
    codes = (*USED, ("team", "gamma", "Gamma"))
    rules = ROUTE + POINT + "route(alpha, To, handover) :- known unborn, kinds(To).\n"
    assert found(NAME, tmp_path, rules, codes=codes, readings=(), files={"kinds.tsv": "team\ngamma\n"}) == []


def test_readings_that_no_rule_asks(tmp_path: Path) -> None:
    rules = ROUTE.replace("known cared_for", "known cared_for, reading(mood, calm)") + POINT
    (finding,) = found(NAME, tmp_path, rules, codes=USED, readings=READINGS)
    assert finding.says == "No rule asks for the reading `span`, so its setting changes nothing."


def test_a_variable_that_occurs_once(tmp_path: Path) -> None:
    duty = "@clause t3.\nduty(call_back) :- known icpc_held_on(Held), known first_hearing_held_on(Hold), as_of > {}.\n"
    codes = (*USED, ("duty", "call_back", "call back"))
    (finding,) = found(NAME, tmp_path, ROUTE + POINT + duty.format("Held + 10 days"), codes=codes, readings=())
    assert (finding.says, finding.where) == ("In this rule of t3 `Hold` occurs only once.", ("tiny/rules.dl:7:1",))
    assert finding.advice == "is `Held` meant? write `_` where any value will do"
    good = tmp_path / "good"
    good.mkdir()
    assert found(NAME, good, ROUTE + POINT + duty.format("Held + 10 days, as_of > Hold"), codes=codes, readings=()) == []


def test_two_teams_that_no_rule_tells_apart(tmp_path: Path) -> None:
    codes = (*USED, ("team", "gamma", "Gamma"))
    rules = ROUTE + POINT + "route(alpha, gamma, handover) :- known {}.\n"
    (finding,) = found(NAME, tmp_path, rules.format("cared_for"), codes=codes, readings=())
    assert (finding.says, finding.clauses) == (
        "No rule tells Beta and Gamma apart: what is said of one is said of the other.",
        ("t2",),
    )
    good = tmp_path / "good"
    good.mkdir()
    assert found(NAME, good, rules.format("unborn"), codes=codes, readings=()) == []
