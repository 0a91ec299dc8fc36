"""Rule coverage: compared with its definition, with the engine, and with rules that have a condition dropped."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from kb.engines.forward import Forward
from kb.program import Program, compile_policy, solve
from queries.load import load_program
from queries.rule_coverage import RuleUse, Tally, rule_coverage
from tests.helpers import START, case_of, model, program
from tests.strategies import case, facts, laws

P, Q, R = "icpc_required", "safeguarding_concern", "transfer_agreed"
RULES = START + f"duty(call_back) :- {P}, not {Q}, known {R}.\n"
TRUTHS: tuple[bool | None, ...] = (True, False, None)


def use_of(tiny: Program, cases: dict[str, dict[str, Any]], rule: int = -1) -> RuleUse:
    """The coverage of one rule of a tiny policy by some cases."""
    return rule_coverage(tiny, {name: model(tiny, given, engine=Forward()) for name, given in cases.items()})[rule]


def test_a_condition_is_shown_where_it_alone_decides(tmp_path: Path) -> None:
    cases = {f"{p} {q} {r}": {P: p, Q: q, R: r} for p, q, r in product(TRUTHS, repeat=3)}
    use = use_of(program(tmp_path, RULES), cases)
    assert use.fired == ("True False True",)
    assert set(use.possible) == {f"{p} {q} True" for p in (True, None) for q in (False, None)}
    first, second, third = use.conditions
    assert (first.shown_false, first.shown_open) == (("False False True",), ("None False True",))
    assert (second.shown_false, second.shown_open) == (("True True True",), ("True None True",))
    assert (set(third.shown_false), third.shown_open) == ({"True False False", "True False None"}, ())
    assert use.missed == 0


def test_what_is_missed_is_told_with_the_nearest_case(tmp_path: Path) -> None:
    use = use_of(program(tmp_path, RULES), {"far": {P: False, Q: True, R: False}, "near": {P: True, Q: True, R: False}})
    assert use.fired == ()
    assert use.nearest is not None
    assert (use.nearest.case, [str(lit) for lit in use.nearest.in_the_way]) == ("near", [f"not {Q}", f"known {R}"])
    first, second, _ = use.conditions
    assert (first.ever_true, first.ever_false, second.ever_true) == (True, True, False)
    assert first.nearest is not None
    assert (first.nearest.case, [str(lit) for lit in first.nearest.in_the_way]) == ("far", [f"not {Q}", f"known {R}"])
    assert second.nearest is not None
    assert (second.nearest.case, [str(lit) for lit in second.nearest.in_the_way]) == ("near", [f"known {R}"])
    assert use.missed == 4


def test_a_value_that_is_missing_takes_its_comparisons_with_it(tmp_path: Path) -> None:
    rules = START + "duty(call_back) :- known threshold_level(Level), Level >= 3.\n"
    use = use_of(program(tmp_path, rules), {"none": {}, "low": {"threshold_level": 2}, "high": {"threshold_level": 3}})
    assert use.fired == ("high",)
    assert [(str(c.literal), c.shown_false) for c in use.conditions] == [
        ("known threshold_level(Level)", ("none",)),
        ("Level >= 3", ("low",)),
    ]


def test_exceptions_readings_and_tables(tmp_path: Path) -> None:
    rules = (
        START + f"@clause t2.\nduty(call_back) :- {P}, reading(mood, calm), team(T), T = beta.\n"
        "duty(call_back) :- reading(mood, stern).\n"
        f"@clause t3 exception_to t2.\nduty(call_back) :- {Q}.\n"
    )
    tiny = program(tmp_path, rules)
    cases = {"plain": {P: True, Q: False}, "excepted": {P: True, Q: True}}
    general, other_mood, exception = rule_coverage(tiny, {n: model(tiny, f) for n, f in cases.items()})[-3:]
    assert [str(c.literal) for c in general.conditions] == [P, "not set_aside(t2, duty)"]
    assert (general.fired, general.conditions[1].shown_false) == (("plain",), ("excepted",))
    assert (other_mood.can_fire, other_mood.conditions) == (False, ())
    assert exception.fired == ("excepted",)


def test_a_rule_that_leaves_something_open_is_covered_where_it_does(tmp_path: Path) -> None:
    tiny = program(tmp_path, START + f"open duty(call_back) :- unknown {P}, not {Q}.\n")
    cases = {f"{p} {q}": {P: p, Q: q} for p, q in product(TRUTHS, repeat=2)}
    use = use_of(tiny, cases)
    assert set(use.fired) == set(use.possible) == {"None False", "None None"}
    waits, denied = use.conditions
    assert str(waits.literal) == f"not known {P}"
    assert (set(waits.shown_false), waits.shown_open) == ({f"{p} {q}" for p in (True, False) for q in (False, None)}, ())
    assert (denied.shown_false, denied.shown_open) == (("None True",), ())
    assert use.missed == 0


def test_what_is_recorded_is_one_condition_and_what_is_removed_one_rule(tmp_path: Path) -> None:
    rules = START + (
        f"@clause t2.\nduty(call_back) :- recorded {P}.\n@clause t3 exception_to t2.\nnot duty(_) :- {Q}, known {R}.\n"
    )
    tiny = program(tmp_path, rules)
    cases = {"yes": {P: True}, "no": {P: False}, "blank": {}, "gone": {P: True, Q: True, R: True}}
    general, removal = rule_coverage(tiny, {name: model(tiny, given) for name, given in cases.items()})[-2:]
    assert [str(c.literal) for c in general.conditions] == [f"recorded {P}", "not set_aside(t2, duty, not, _)"]
    assert general.fired == general.possible == ("yes", "no")
    assert general.conditions[1].shown_false == ("gone",)
    assert [str(c.literal) for c in removal.conditions] == [Q, f"known {R}"]
    assert removal.fired == ("gone",)


def test_cases_under_another_reading_count_for_the_same_rules(tmp_path: Path) -> None:
    rules = START + f"duty(call_back) :- {P}, reading(mood, calm).\nduty(call_back) :- {Q}, reading(mood, stern).\n"
    home = program(tmp_path, rules)
    stern = compile_policy(home.policy.with_settings({"mood": "stern"}))
    tally = Tally(home)
    tally.add("calm", model(home, {P: True, Q: True}))
    tally.add("stern", model(stern, {P: True, Q: True}))
    assert [use.fired for use in tally.uses()[-2:]] == [("calm",), ("stern",)]


@pytest.mark.parametrize("dropped", range(3))
def test_what_is_shown_false_makes_the_rule_fire_once_it_is_dropped(tmp_path: Path, dropped: int) -> None:
    conditions = [P, f"not {Q}", f"known {R}"]
    kept = ", ".join(c for n, c in enumerate(conditions) if n != dropped)
    for name in ("whole", "less"):
        (tmp_path / name).mkdir()
    whole, less = program(tmp_path / "whole", RULES), program(tmp_path / "less", START + f"duty(call_back) :- {kept}.\n")
    cases = {f"{p} {q} {r}": {P: p, Q: q, R: r} for p, q, r in product(TRUTHS, repeat=3)}
    condition = use_of(whole, cases).conditions[dropped]
    gained = set(use_of(less, cases).fired) - set(use_of(whole, cases).fired)
    assert set(condition.shown_false) | set(condition.shown_open) == gained


@given(drawn=facts("sefton"))
@laws(8)
def test_the_rules_that_fire_are_those_of_the_engine(drawn: dict[str, Any]) -> None:
    sefton = load_program("sefton")
    solved = solve(sefton, case(sefton, drawn), Forward())
    certain, possible = (
        {sefton.ground[i].source for i in numbers if sefton.ground[i].source < len(sefton.policy.rules)}
        for numbers in solved.fired_ground
    )
    uses = rule_coverage(sefton, [("it", solved)])
    leave_open = {index for index in possible if sefton.policy.rules[index].form == "open"}
    assert {use.index for use in uses if use.fired} == certain | leave_open
    assert {use.index for use in uses if use.possible} == possible
    assert all(not (c.shown_false and c.nearest) for use in uses for c in use.conditions)


def test_cases_may_come_in_any_order(tmp_path: Path) -> None:
    tiny = program(tmp_path, RULES)
    models = {name: solve(tiny, case_of(tiny, given), Forward()) for name, given in {"a": {P: True}, "b": {P: False}}.items()}
    there = rule_coverage(tiny, models)
    back = rule_coverage(tiny, dict(reversed(models.items())))
    assert [(set(a.fired), set(a.possible)) for a in there] == [(set(b.fired), set(b.possible)) for b in back]
