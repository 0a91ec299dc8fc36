"""A rule that leaves its conclusion open says what it waits for."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.helpers import START, faults

WAITS = "\n    write `unknown` before the condition that nobody recorded, or remove `open`"


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("open duty(call_back) :- unknown cared_for.", []),
        ("open duty(call_back) :- unborn, unknown happened(icpc_held_on, _), unknown cared_for.", []),
        ("open duty(call_back) :- not known not cared_for, not known cared_for.", []),
        ("duty(call_back) :- cared_for.", []),
        ("open duty(call_back) :- cared_for.", ["3:1: `open duty(call_back)` does not say what it waits for" + WAITS]),
        ("open duty(call_back).", ["3:1: `open duty(call_back)` does not say what it waits for" + WAITS]),
        (
            "open duty(call_back) :- not known cared_for, not known not unborn.",
            ["3:1: `open duty(call_back)` does not say what it waits for" + WAITS],
        ),
        (
            "open duty(Which) :- unknown cared_for.",
            [
                "3:1: `Which` in the conclusion `duty(Which)` gets no value from the conditions\n"
                "    name the code of a duty in its place"
            ],
        ),
        (
            "open cared_for :- unknown unborn.",
            ["3:1: `cared_for` comes from the case or the tables, no rule can conclude it\n    conclude a declared predicate"],
        ),
        (
            'predicate open "so" not "not so".\nduty(call_back) :- cared_for.',
            ["3:1: `open` is a word of the language already\n    choose another name"],
        ),
    ],
)
def test_left_open(tmp_path: Path, rule: str, expected: list[str]) -> None:
    found = faults(tmp_path, START + rule + "\n")
    assert [fault for fault in found if "never used" not in fault] == [f"tiny/rules.dl:{fault}" for fault in expected]
