"""`recorded p` and `open` before a head, in plainer words, and what follows from them."""

from __future__ import annotations

from typing import Any

import pytest

from kb.engines.clingo import Clingo
from kb.engines.forward import Forward
from kb.engines.interface import Engine
from kb.engines.pydatalog import PyDatalog
from kb.language.model import Atom
from kb.language.parser import parse_rules
from kb.lowering.words import asked_whether_recorded, lower_words
from kb.program import Program
from tests.helpers import START, holding, model, program, truth

RULES = """predicate said "it is said" not "it is not said".
predicate held "it is held" not "it is not held".
predicate planned_for "it is planned for" not "it is not planned for".
predicate settled "it is settled" not "it is not settled".
predicate needy "there is need" not "there is no need".
predicate likely(Team: team) "{Team} may be it" not "{Team} is not it".
@clause t2.
said :- recorded unborn, not known cared_for.
held :- recorded icpc_held_on(_), recorded date_of_birth(_).
planned_for :- recorded care_plan(_).
settled :- recorded needy.
needy :- threshold_met.
open needy :- unknown threshold_met, cared_for.
open likely(Team) :- unknown team_on_record(Team).
finding(odd) :- said.
finding(odd) :- held.
finding(odd) :- planned_for.
finding(odd) :- settled.
finding(odd) :- likely(_).
"""
ENGINES: tuple[type[Engine], ...] = (PyDatalog, Forward, Clingo)


def test_the_rules_that_come_out() -> None:
    lowered = lower_words(parse_rules(RULES, "a.dl").rules, "house_recorded")
    assert [f"{rule.clause}: {rule}" for rule in lowered if rule.head.predicate != "finding"] == [
        "t2: said :- recorded unborn, not known cared_for.",
        "t2: held :- recorded icpc_held_on(_), recorded date_of_birth(_).",
        "t2: planned_for :- recorded care_plan(_).",
        "t2: settled :- recorded needy.",
        "t2: needy :- threshold_met.",
        "t2: needy :- not known threshold_met, threshold_met, cared_for.",
        "t2: likely(Team) :- not known team_on_record(Team), team_on_record(Team).",
        "house_recorded: recorded unborn :- known unborn.",
        "house_recorded: recorded unborn :- known not unborn.",
        "house_recorded: recorded icpc_held_on(_) :- known icpc_held_on(_).",
        "house_recorded: recorded icpc_held_on(_) :- known not icpc_held_on(_).",
        "house_recorded: recorded date_of_birth(_) :- known date_of_birth(_).",
        "house_recorded: recorded date_of_birth(_) :- known not date_of_birth(_).",
        "house_recorded: recorded care_plan(_) :- known care_plan(_).",
        "house_recorded: recorded care_plan(_) :- known not care_plan(_).",
        "house_recorded: recorded needy :- known needy.",
        "house_recorded: recorded needy :- known not needy.",
    ]
    assert not any(literal.recorded for rule in lowered for literal in rule.body)


def test_what_is_asked_twice_is_concluded_once_and_each_rule_keeps_its_place() -> None:
    rules = parse_rules("@clause t2.\na(T) :- b(T), recorded c(T, _).\na(S) :- recorded c(S, _), b(S).\n", "a.dl").rules
    lowered = lower_words(rules, "house_recorded")
    assert [str(rule) for rule in lowered] == [
        "a(T) :- b(T), recorded c(T, _).",
        "a(S) :- recorded c(S, _), b(S).",
        "recorded c(V0, _) :- known c(V0, _).",
        "recorded c(V0, _) :- known not c(V0, _).",
    ]
    assert [rule.position for rule in lowered[:2]] == [rule.position for rule in rules]
    assert str(asked_whether_recorded(lowered[2].head)) == "c(V0, _)"
    assert asked_whether_recorded(Atom("recorded_date")) is None


def test_without_such_words_nothing_changes() -> None:
    rules = parse_rules("@clause t2.\na :- unknown b, not known not c.\n", "a.dl").rules
    assert lower_words(rules, "house_recorded") == rules


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Program:
    return program(tmp_path_factory.mktemp("words"), START + RULES)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("facts", "conclusion", "expected"),
    [
        ({}, "said", False),  # never open: it asks about the record itself
        ({"unborn": True}, "said", True),
        ({"unborn": False}, "said", True),
        ({"unborn": False, "cared_for": True}, "said", False),
        ({"icpc_held_on": "2024-05-01"}, "held", False),
        ({"icpc_held_on": "2024-05-01", "date_of_birth": "2015-05-01"}, "held", True),
        ({"icpc_held_on": False, "date_of_birth": "2015-05-01"}, "held", True),
        ({"icpc_held_on": True, "date_of_birth": "2015-05-01"}, "held", True),
        ({"date_of_birth": "2015-05-01"}, "held", False),
        ({}, "planned_for", False),
        ({"care_plan": "adoption"}, "planned_for", True),
        ({}, "settled", False),
        ({"cared_for": True}, "settled", False),
        ({"cared_for": False}, "settled", False),
        ({"threshold_met": False}, "settled", True),
        ({"threshold_met": True}, "settled", True),
    ],
)
def test_what_is_recorded(
    compiled: Program, engine: type[Engine], facts: dict[str, Any], conclusion: str, expected: bool
) -> None:
    assert truth(model(compiled, facts, engine=engine()), conclusion) is expected


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("met", "cared", "expected"),
    [(None, True, None), (None, None, None), (True, True, True), (True, None, True), (False, True, False), (False, None, False)],
)
def test_what_is_left_open(
    compiled: Program, engine: type[Engine], met: bool | None, cared: bool | None, expected: bool | None
) -> None:
    found = model(compiled, {"threshold_met": met, "cared_for": cared}, engine=engine())
    assert truth(found, "needy") is expected


def test_each_value_that_is_not_ruled_out_is_left_open(compiled: Program) -> None:
    nothing = model(compiled, {})
    assert holding(nothing, "likely") == set()
    assert {"likely(alpha)", "likely(beta)", "likely(gamma)"} <= {str(atom) for atom in nothing.open_of("likely")}
    assert model(compiled, {"team_on_record": "beta"}).open_of("likely") == []
