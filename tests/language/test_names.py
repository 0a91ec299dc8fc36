"""Predicates are declared and get the right number of arguments."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.helpers import START, faults

GOOD = "route(alpha, beta, handover) :- safeguarding_concern."


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (GOOD, []),
        (
            "route(alpha, beta, handover) :- safeguarding_concernn.",
            ["tiny/rules.dl:3:33: unknown predicate `safeguarding_concernn`\n    did you mean `safeguarding_concern`?"],
        ),
        (
            "rout(alpha, beta, handover).",
            ["tiny/rules.dl:3:1: unknown predicate `rout`\n    did you mean `route`?"],
        ),
        (
            "duty(call_back) :- known not zzzz.",
            ["tiny/rules.dl:3:20: unknown predicate `zzzz`\n    declare it with `predicate`, or as a fact"],
        ),
        (
            "route(alpha, beta).",
            ["tiny/rules.dl:3:1: `route` has 2 arguments, expected 3\n    arguments: team, team, point"],
        ),
        (
            "duty(call_back) :- safeguarding_concern(alpha).",
            [
                "tiny/rules.dl:3:20: `safeguarding_concern` has 1 argument, expected 0\n"
                "    arguments: none; write `safeguarding_concern`, or `not safeguarding_concern`"
            ],
        ),
        (
            "duty(call_back) :- icpc_held_on.",
            [
                "tiny/rules.dl:3:20: `icpc_held_on` has 0 arguments, expected 1\n"
                "    arguments: date; write `icpc_held_on(_)` for any"
            ],
        ),
        (
            "safeguarding_concern :- icpc_required.",
            [
                "tiny/rules.dl:3:1: `safeguarding_concern` comes from the case or the tables, no rule can conclude it\n"
                "    conclude a declared predicate"
            ],
        ),
        (
            "duty(call_back) :- known siblings(alpha).",
            [
                "tiny/rules.dl:3:20: `siblings` is a list of records, and no condition\n"
                "    a row of calculated.tsv says what is asked of it, such as a count; rules ask that"
            ],
        ),
        (
            "responsible(alpha).",
            [
                "tiny/rules.dl:3:1: `responsible` is what the house concludes, and a policy only asks it\n"
                "    conclude what it follows from, such as `route`, `front_door` or `gate_met`"
            ],
        ),
        (
            "moved(alpha, beta, handover, as_of) :- safeguarding_concern.",
            [
                "tiny/rules.dl:3:1: `moved` is what the house concludes, and a policy only asks it\n"
                "    conclude what it follows from, such as `route`, `front_door` or `gate_met`"
            ],
        ),
        ("contradiction(outcome_without_assessment) :- safeguarding_concern.", []),
        (
            "team(alpha).",
            [
                "tiny/rules.dl:3:1: `team` comes from the case or the tables, no rule can conclude it\n"
                "    conclude a declared predicate"
            ],
        ),
    ],
)
def test_names(tmp_path: Path, rule: str, expected: list[str]) -> None:
    assert faults(tmp_path, START + rule) == expected


def test_a_predicate_declared_twice_is_refused(tmp_path: Path) -> None:
    twice = 'predicate busy "it is busy" not "it is quiet".\n'
    assert faults(tmp_path, twice + twice + START + "busy :- icpc_required.\nduty(call_back) :- busy.") == [
        "tiny/rules.dl:2:1: `busy` is declared twice\n    first at tiny/rules.dl:1:1; give this one another name"
    ]


def test_a_policy_can_not_redeclare_what_a_case_records(tmp_path: Path) -> None:
    own = 'predicate cared_for "the child is in care" not "the child is not in care".\n'
    rules = own + START + "cared_for :- safeguarding_concern.\nduty(call_back) :- cared_for."
    assert faults(tmp_path, rules) == ["tiny/rules.dl:1:1: `cared_for` is a fact of the case already\n    choose another name"]


def test_all_faults_come_together_in_the_order_of_the_file(tmp_path: Path) -> None:
    rules = START + "duty(call_back) :- zzzz.\nroute(alpha, beta).\nduty(call_bak)."
    assert faults(tmp_path, rules) == [
        "tiny/rules.dl:3:20: unknown predicate `zzzz`\n    declare it with `predicate`, or as a fact",
        "tiny/rules.dl:4:1: `route` has 2 arguments, expected 3\n    arguments: team, team, point",
        "tiny/rules.dl:5:1: unknown duty `call_bak`\n    did you mean `call_back`?",
    ]
