"""A code is written in lower case: with a capital letter it would be a variable, which takes any code."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.helpers import START, faults

OUTCOME = "Child_protection_plan"


def told(place: str, name: str, code: str) -> str:
    message = f"`{name}` starts with a capital letter, so it is a variable and takes any code"
    return f"tiny/rules.dl:{place}: {message}\n    write the code: `{code}`"


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("duty(call_back) :- icpc_outcome(child_protection_plan).", []),
        ("duty(call_back) :- icpc_outcome(Outcome), Outcome != no_plan.", []),
        ("duty(call_back) :- icpc_outcome(_).", []),
        ("duty(call_back) :- icpc_outcome(Child_protection_plan).", [told("3:20", OUTCOME, "child_protection_plan")]),
        ("duty(call_back) :- icpc_outcome(ChildProtectionPlan).", [told("3:20", "ChildProtectionPlan", "child_protection_plan")]),
        ("duty(Call_back) :- cared_for.", [told("3:1", "Call_back", "call_back")]),
        ("route(Alpha, beta, handover) :- cared_for.", [told("3:1", "Alpha", "alpha")]),
        # a variable that is used twice may be called as it likes, unless it is written as a code
        ("route(Alpha, beta, handover) :- known team_on_record(Alpha), cared_for.", []),
        ("duty(call_back) :- reading(mood, stern).", []),
        ("duty(call_back) :- reading(mood, Stern).", [told("3:20", "Stern", "stern")]),
    ],
)
def test_a_code_with_a_capital_letter(tmp_path: Path, rule: str, expected: list[str]) -> None:
    assert faults(tmp_path, START + rule) == expected
