"""`recorded` is asked of what a case may leave open, and of one thing at a time."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.helpers import START, faults

HEAD = """predicate busy(Team: team) "{Team} is busy" not "{Team} is not busy".
@clause t2.
duty(call_back) :- busy(alpha).
busy(Team) :- team_on_record(Team).
"""


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("recorded cared_for", []),
        ("recorded icpc_held_on(_)", []),
        ("recorded happened(icpc_held_on, _)", []),
        ("recorded care_plan(_), recorded care_plan(adoption), recorded final_orders(_)", []),
        ("recorded busy(alpha)", []),
        ("team(Team), recorded last_closed_by(Team, _)", []),
        (
            "recorded front_door(Team), team(Team)",
            [
                "7:17: `recorded front_door(Team)` asks of whichever code, and `front_door` is a conclusion\n"
                "    name the codes, or write one rule with `known` and one with `known not`"
            ],
        ),
        (
            "recorded reading(mood, calm)",
            ["7:17: `reading` is settled by the policy, so `recorded reading(mood, calm)` always holds\n    remove it"],
        ),
        (
            "recorded date_of_birth(Born), date_of_birth(Born)",
            ["7:17: `recorded date_of_birth(Born)` asks whether there is a value, not which\n    write `_` for `Born`"],
        ),
        (
            "recorded last_closed_by(Team, _)",
            [
                "7:17: `Team` occurs only in a question whether something is recorded: `recorded last_closed_by(Team, _)`\n"
                "    add a condition that gives it a value"
            ],
        ),
        ("recorded cared_fr", ["7:17: unknown predicate `cared_fr`\n    did you mean `cared_for`?"]),
        (
            "recorded cared_for(_)",
            ["7:17: `cared_for` has 1 argument, expected 0\n    arguments: none; write `cared_for`, or `not cared_for`"],
        ),
        ("recorded care_plan(adopt)", ["7:17: unknown value of care plan `adopt`\n    did you mean `adoption`?"]),
        (
            "not recorded cared_for",
            [
                "7:17: `not recorded cared_for` is said in one word\n    finding(odd) :- not recorded cared_for.\n"
                "                    ^\n    write `unknown cared_for`"
            ],
        ),
    ],
)
def test_recorded(tmp_path: Path, condition: str, expected: list[str]) -> None:
    found = faults(tmp_path, START + HEAD + f"finding(odd) :- {condition}.\n")
    assert found == [f"tiny/rules.dl:{fault}" for fault in expected]
