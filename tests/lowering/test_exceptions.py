"""A general rule holds unless a rule of an exception to it does."""

from __future__ import annotations

import pytest

from kb.language.parser import parse_rules
from kb.lowering.exceptions import lower_exceptions
from kb.program import Program
from tests.helpers import START, holding, model, program

RULES = """@clause t2.
duty(call_back) :- cared_for.
route(alpha, beta, handover).
@clause t3 exception_to t2.
route(alpha, gamma, handover) :- unborn.
@clause t4 exception_to t3.
route(alpha, beta, goodbye) :- icpc_required.
"""


def test_the_rules_that_come_out() -> None:
    rules = lower_exceptions(parse_rules(RULES, "a.dl").rules, {"t2": ("t3",), "t3": ("t4",)})
    assert [f"{rule.clause}: {rule}" for rule in rules] == [
        "t2: duty(call_back) :- cared_for.",
        "t2: route(alpha, beta, handover) :- not set_aside(t2, route).",
        "t3: route(alpha, gamma, handover) :- unborn, not set_aside(t3, route).",
        "t4: route(alpha, beta, goodbye) :- icpc_required.",
        "t3: set_aside(t2, route) :- unborn, not set_aside(t3, route).",
        "t4: set_aside(t3, route) :- icpc_required.",
    ]


def test_without_exceptions_nothing_changes() -> None:
    rules = parse_rules(RULES, "a.dl").rules
    assert lower_exceptions(rules, {}) == rules


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Program:
    return program(tmp_path_factory.mktemp("exceptions"), START + RULES)


GENERAL, NARROW, NARROWEST = (
    f"route(alpha, {to}, {at})" for to, at in (("beta", "handover"), ("gamma", "handover"), ("beta", "goodbye"))
)


@pytest.mark.parametrize(
    ("unborn", "required", "certain", "open_"),
    [
        (False, False, {GENERAL}, set()),
        (True, False, {NARROW}, set()),
        (False, True, {GENERAL, NARROWEST}, set()),
        (True, True, {GENERAL, NARROWEST}, set()),
        (None, False, set(), {GENERAL, NARROW}),
        (True, None, set(), {GENERAL, NARROW, NARROWEST}),
        (False, None, {GENERAL}, {NARROWEST}),
        (None, True, {GENERAL, NARROWEST}, set()),
        (None, None, set(), {GENERAL, NARROW, NARROWEST}),
    ],
)
def test_an_exception_beats_and_is_beaten(
    compiled: Program, unborn: bool | None, required: bool | None, certain: set[str], open_: set[str]
) -> None:
    found = model(compiled, {"unborn": unborn, "icpc_required": required})
    assert holding(found, "route") == certain
    assert {str(atom) for atom in found.open_of("route")} == open_


def test_other_conclusions_of_the_general_clause_stay(compiled: Program) -> None:
    assert holding(model(compiled, {"unborn": True, "cared_for": True}), "duty") == {"duty(call_back)"}
