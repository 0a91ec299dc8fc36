"""A value that is written in a condition: of a fact, of what is denied, and of a conclusion."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.engines.forward import Forward
from kb.engines.pydatalog import PyDatalog
from tests.helpers import START, faults, holding, model, program

OWN = """\
predicate weighs(N: number) "the weight is {N}" not "the weight is not {N}".
@clause t2.
weighs(N) :- threshold_level(N).
duty(call_back) :- known weighs(N), N > 3.
"""
LEVEL = {
    "threshold_decision_on": "2024-05-01",
    "threshold_level": 3,
    "icpc_held_on": "2024-05-01",
    "icpc_booked_for": "2024-05-02",
}


@pytest.mark.parametrize(
    ("condition", "holds", "holds_of_nothing"),
    [
        ("threshold_level(3)", True, False),
        ("threshold_level(2)", False, False),
        ("known threshold_level(3)", True, False),
        ("not threshold_level(3)", False, False),
        ("not threshold_level(2)", True, False),
        ("known not threshold_level(3)", False, False),
        ("known not threshold_level(2)", True, False),
        ("not known threshold_level(3)", False, True),
        ("not known threshold_level(2)", True, True),
        ("not known not threshold_level(3)", True, True),
        ("not known not threshold_level(2)", False, True),
        ("not known icpc_held_on(2024-05-01)", False, True),
        ("not known icpc_held_on(2024-05-03)", True, True),
        ("known icpc_booked_for(Day), not known icpc_held_on(Day)", True, False),
        ("known icpc_held_on(Day), not known icpc_held_on(Day)", False, False),
        ("known icpc_held_on(Day), not known icpc_booked_for(Day + 1 days)", False, False),
        ("known icpc_held_on(Day), not known icpc_booked_for(Day + 2 days)", True, False),
        ("known icpc_booked_for(Day), not known icpc_held_on(Day), not threshold_level(2)", True, False),
        ("known happened(icpc_held_on, 2024-05-01)", True, False),
        ("known happened(icpc_held_on, 2024-05-03)", False, False),
        ("not known happened(icpc_held_on, 2024-05-03)", True, True),
        ("known recorded_date(icpc_booked_for, 2024-05-03)", False, False),
        ("known icpc_booked_for(Day), known happened(icpc_held_on, Day)", False, False),
        ("known weighs(N), N = 3", True, False),
        ("known weighs(N), N = 2", False, False),
        ("N = 3, known weighs(N)", True, False),
    ],
)
@pytest.mark.parametrize("engine", [Forward(), PyDatalog()], ids=["forward", "pydatalog"])
def test_a_value_is_compared(
    tmp_path: Path, condition: str, holds: bool, holds_of_nothing: bool, engine: Forward | PyDatalog
) -> None:
    """Also where it is denied: the denial of one value holds where another one is recorded."""
    made = program(tmp_path, START + OWN + f"duty(call_back) :- {condition}.\n")
    for given, expected in ((LEVEL, holds), ({}, holds_of_nothing)):
        found = holding(model(made, given, engine=engine), "duty")
        assert bool(found) is expected


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("weighs(N), N = 2", []),
        ("not weighs(_)", ["6:17: `_` occurs only in a denial: `not weighs(_)`\n    name a helper predicate for it"]),
        (
            "known weighs(2)",
            ["6:17: `known weighs(2)` names the value of a conclusion\n    write `weighs(X), X = 2`"],
        ),
        (
            "not weighs(2)",
            [
                "6:17: `not weighs(2)` names the value of a conclusion\n"
                "    conclude something of your own from `weighs(X), X = 2`, and deny that"
            ],
        ),
    ],
)
def test_the_value_of_a_conclusion_is_asked_with_a_variable(tmp_path: Path, condition: str, expected: list[str]) -> None:
    rules = START + OWN + f"duty(call_back) :- {condition}.\n"
    line = rules.count("\n")
    assert faults(tmp_path, rules) == [f"tiny/rules.dl:{text}".replace(":6:17", f":{line}:20") for text in expected]
