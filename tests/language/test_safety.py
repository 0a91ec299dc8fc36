"""Every variable gets a value from something that holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.helpers import START, faults, holding, model, program

HEAD = 'predicate busy(Team: team) "{Team} is busy" not "{Team} is quiet".\nduty(call_back) :- busy(_).\n'


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("busy(Team) :- team(Team), not team_on_record(Team).", []),
        (
            "busy(Team) :- safeguarding_concern.",
            [
                "5:1: `Team` in the conclusion `busy(Team)` gets no value from the conditions\n"
                "    add a condition that gives it one, such as `team(Team)` for each team, or name a code in its place"
            ],
        ),
        (
            "busy(Team) :- not team_on_record(Team).",
            [
                "5:1: `Team` in the conclusion `busy(Team)` gets no value from the conditions\n"
                "    add a condition that gives it one, such as `team(Team)` for each team, or name a code in its place",
                "5:15: `Team` occurs only in a denial: `not team_on_record(Team)`\n    add a condition that gives it a value",
            ],
        ),
        (
            "busy(alpha) :- known not team_on_record(_).",
            ["5:16: `_` occurs only in a denial: `known not team_on_record(_)`\n    name a helper predicate for it"],
        ),
        (
            "busy(alpha) :- contact_received_on(Day), Day < Other.",
            ["5:42: `Other` occurs only in a comparison: `Day < Other`\n    add a condition that gives it a value"],
        ),
        # the value of a date may stay open under a denial: there is only one
        ("busy(alpha) :- not icpc_held_on(_).", []),
        ("busy(alpha) :- not known happened(icpc_held_on, _).", []),
        # not known not: it may be true, so it binds
        ("busy(Team) :- not known not team_on_record(Team).", []),
        # an assignment gives a value, in one direction
        ("busy(alpha) :- contact_received_on(Day), Later = Day + 3 days, Later < as_of.", []),
        (
            "busy(alpha) :- contact_received_on(Day), Later = Other + 3 days, Later < Day.",
            [
                "5:42: `Later` occurs only in a comparison: `Later = Other + 3 days`\n    add a condition that gives it a value",
                "5:42: `Other` occurs only in a comparison: `Later = Other + 3 days`\n    add a condition that gives it a value",
                "5:66: `Later` occurs only in a comparison: `Later < Day`\n    add a condition that gives it a value",
            ],
        ),
    ],
)
def test_safety(tmp_path: Path, rule: str, expected: list[str]) -> None:
    assert faults(tmp_path, START + HEAD + rule) == ["tiny/rules.dl:" + fault for fault in expected]


def test_unknown_gives_a_value_to_what_is_not_ruled_out(tmp_path: Path) -> None:
    compiled = program(tmp_path, START + HEAD + "busy(Team) :- unknown team_on_record(Team).")
    assert holding(model(compiled, {}), "busy") >= {"busy(alpha)", "busy(beta)", "busy(gamma)"}
    assert holding(model(compiled, {"team_on_record": "beta"}), "busy") == set()


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ("limit(visit_due, Start + 10 days) :- known contact_received_on(Start).", ()),
        (
            "limit(visit_due, Start + 10 days) :- cared_for.",
            ("Start", "add a condition that gives it one, such as `known FACT(Start)` with a date or an event"),
        ),
        ("limit(visit_due, Start + 10 days) :- known contact_received_on(Strat).", ("Start", "did you mean `Strat`?")),
        (
            "limit(visit_due, On + Days days) :- known contact_received_on(On).",
            ("Days", "add a condition that gives it one, such as `known FACT(Days)` with a fact that is a number"),
        ),
        (
            "limit_at(visit_due, Called) :- cared_for.",
            ("Called", "add a condition that gives it one, such as `known FACT(Called)` with a fact that is a date and time"),
        ),
        (
            "route(alpha, beta, _) :- known cared_for.",
            ("_", "name what is concluded; only a condition, or what an exception takes away, may have `_`"),
        ),
        (
            "route(alpha, beta, Where) :- known cared_for.",
            ("Where", "add a condition that gives it one, such as `point(Where)` for each point, or name a code in its place"),
        ),
    ],
)
def test_what_gives_a_conclusion_its_value(tmp_path: Path, rule: str, told: tuple[str, ...]) -> None:
    """The variable is named with its conclusion, and what to write is of the sort that its place asks for."""
    expected = []
    if told:
        head = rule.partition(" :-")[0]
        expected = [f"tiny/rules.dl:3:1: `{told[0]}` in the conclusion `{head}` gets no value from the conditions\n    {told[1]}"]
    assert faults(tmp_path, START + rule) == expected
