"""A general rule holds unless a rule of an exception to it does; of a chain of exceptions the innermost is left."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest

from kb.language.parser import parse_rules
from kb.lowering.exceptions import lower_exceptions
from kb.program import Program
from tests.helpers import CODES as HELPED
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
        "t3: set_aside(t2, route) :- unborn.",
        "t4: set_aside(t3, route) :- icpc_required.",
        "t4: set_aside(t2, route) :- icpc_required.",
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
        (False, True, {NARROWEST}, set()),  # as in Catala, whether or not the exception in between applies
        (True, True, {NARROWEST}, set()),
        (None, False, set(), {GENERAL, NARROW}),
        (True, None, set(), {NARROW, NARROWEST}),
        (False, None, set(), {GENERAL, NARROWEST}),
        (None, True, {NARROWEST}, set()),
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


# Exceptions that only remove -----------------------------------------------------------------

LIFTED = """@clause t2.
duty(call_back).
duty(write_up).
route(alpha, beta, handover).
route(gamma, beta, handover).
@clause t3 exception_to t2.
route(alpha, gamma, handover) :- unborn.
@clause t4 exception_to t3.
not route(_, gamma, _) :- icpc_required.
@clause t5 exception_to t2.
not duty(call_back) :- cared_for.
not route(From, _, _) :- last_closed_by(From, _).
"""
CODES = (*HELPED, ("duty", "write_up", "write up"))
ELSEWHERE = "route(gamma, beta, handover)"


def test_the_rules_that_come_out_of_those_that_only_remove() -> None:
    exceptions = {"t2": ("t3", "t5"), "t3": ("t4",)}
    lowered = lower_exceptions(parse_rules(LIFTED, "a.dl").rules, exceptions)
    assert [f"{rule.clause}: {rule}" for rule in lowered] == [
        "t2: duty(call_back) :- not set_aside(t2, duty, not, call_back).",
        "t2: duty(write_up).",
        "t2: route(alpha, beta, handover) :- not set_aside(t2, route), not set_aside(t2, route, not, alpha, _, _).",
        "t2: route(gamma, beta, handover) :- not set_aside(t2, route), not set_aside(t2, route, not, gamma, _, _).",
        "t3: route(alpha, gamma, handover) :- unborn, not set_aside(t3, route, not, _, gamma, _).",
        "t4: set_aside(t3, route, not, _, gamma, _) :- icpc_required.",
        "t5: set_aside(t2, duty, not, call_back) :- cared_for.",
        "t5: set_aside(t2, route, not, From, _, _) :- last_closed_by(From, _).",
        "t3: set_aside(t2, route) :- unborn, not set_aside(t3, route, not, _, gamma, _).",
    ]


@pytest.fixture(scope="module")
def lifted(tmp_path_factory: pytest.TempPathFactory) -> Program:
    return program(tmp_path_factory.mktemp("lifted"), START + LIFTED, codes=CODES)


@pytest.mark.parametrize(
    ("facts", "certain", "open_"),
    [
        ({"unborn": False}, {GENERAL, ELSEWHERE}, set()),
        ({"unborn": True, "icpc_required": False}, {NARROW}, set()),
        ({"unborn": True, "icpc_required": True}, {GENERAL, ELSEWHERE}, set()),  # what t3 had displaced holds again
        ({"unborn": True}, set(), {GENERAL, NARROW, ELSEWHERE}),
        ({"icpc_required": True}, {GENERAL, ELSEWHERE}, set()),
        ({"unborn": False, "previous_involvements": [{"team": "gamma", "closed_on": "2023-01-02"}]}, {GENERAL}, set()),
    ],
)
def test_what_is_removed_goes_and_what_it_had_displaced_comes_back(
    lifted: Program, facts: dict[str, object], certain: set[str], open_: set[str]
) -> None:
    found = model(lifted, {"previous_involvements": [], **facts})
    assert holding(found, "route") == certain
    assert {str(atom) for atom in found.open_of("route")} == open_


@pytest.mark.parametrize(
    ("cared", "certain", "open_"),
    [
        (True, {"duty(write_up)"}, set()),
        (False, {"duty(call_back)", "duty(write_up)"}, set()),
        (None, {"duty(write_up)"}, {"duty(call_back)"}),
    ],
)
def test_only_what_is_named_is_removed(lifted: Program, cared: bool | None, certain: set[str], open_: set[str]) -> None:
    found = model(lifted, {"cared_for": cared})
    assert (holding(found, "duty"), {str(atom) for atom in found.open_of("duty")}) == (certain, open_)


UNLESS = """@clause t2.
route(alpha, beta, handover).
@clause t3 exception_to t2.
not route(_, _, _) :- unborn.
@clause t4 exception_to t3.
{}
"""


@pytest.mark.parametrize(
    ("innermost", "routes"),
    [
        ("not route(_, _, _) :- cared_for.", {GENERAL}),  # it takes the exception away, so the rule holds
        ("route(alpha, beta, goodbye) :- cared_for.", {NARROWEST}),  # it takes the place of both
    ],
)
@pytest.mark.parametrize("unborn", [True, False, None])
def test_an_exception_to_an_exception_that_only_removes(
    tmp_path: Path, innermost: str, routes: set[str], unborn: bool | None
) -> None:
    compiled = program(tmp_path, START + UNLESS.format(innermost))
    assert holding(model(compiled, {"unborn": unborn, "cared_for": True}), "route") == routes
    without = {True: set(), False: {GENERAL}, None: set()}[unborn]
    assert holding(model(compiled, {"unborn": unborn, "cared_for": False}), "route") == without


def test_of_a_removal_no_part_is_taken_away(tmp_path: Path) -> None:
    """Where a clause both concludes and removes, a removal of part of it bears on what it concludes."""
    rules = (
        "@clause t2.\nroute(alpha, beta, handover).\nroute(alpha, gamma, goodbye).\n"
        "@clause t3 exception_to t2.\nnot route(_, _, goodbye) :- unborn.\nroute(alpha, beta, goodbye) :- cared_for.\n"
        "@clause t4 exception_to t3.\nnot route(_, beta, _) :- icpc_required.\n"
    )
    compiled = program(tmp_path, START + rules)
    facts = {"unborn": True, "cared_for": True, "icpc_required": True}
    assert holding(model(compiled, facts), "route") == {GENERAL}
    assert holding(model(compiled, {**facts, "icpc_required": False}), "route") == {NARROWEST}


def test_four_in_a_chain_leave_the_innermost_that_applies(tmp_path: Path) -> None:
    facts = ("unborn", "icpc_required", "cared_for")
    chain = "@clause t2.\nroute(alpha, beta, handover).\n" + "".join(
        f"@clause t{n + 3} exception_to t{n + 2}.\nroute(alpha, {to}, {at}) :- {fact}.\n"
        for n, (fact, to, at) in enumerate(zip(facts, ("gamma", "beta", "gamma"), ("handover", "goodbye", "goodbye")))
    )
    compiled = program(tmp_path, START + chain)
    last = "route(alpha, gamma, goodbye)"
    for values in product((True, False), repeat=3):
        innermost = [r for r, holds in zip((GENERAL, NARROW, NARROWEST, last), (True, *values)) if holds][-1]
        assert holding(model(compiled, dict(zip(facts, values))), "route") == {innermost}, values
