"""Rules that would grow without end, or into too many instances, are refused."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kb.language.model import Rule
from kb.lowering import ground
from tests.helpers import CODES, START, faults

CLOCK = 'predicate tick(On: date) "it ticks on {On}" not "it does not tick on {On}".\n' + START


def test_a_date_that_is_moved_once_is_fine(tmp_path: Path) -> None:
    assert faults(tmp_path, CLOCK + "tick(Day + 3 days) :- contact_received_on(Day).\nlimit(visit_due, Day) :- tick(Day).") == []


@pytest.mark.parametrize("unit", ["days", "working days", "weeks", "months", "years"])
def test_a_rule_that_keeps_adding_to_a_date_is_refused(tmp_path: Path, unit: str) -> None:
    rules = (
        CLOCK + f"tick(Day) :- contact_received_on(Day).\ntick(Day + 1 {unit}) :- tick(Day).\nlimit(visit_due, Day) :- tick(Day)."
    )
    assert faults(tmp_path, rules) == [
        "tiny/rules.dl:5:1: `tick` grows without end: each round adds to its date\n    break the circle of rules"
    ]


def test_two_rules_that_grow_together_are_refused(tmp_path: Path) -> None:
    tock = 'predicate tock(On: date) "it tocks on {On}" not "it does not tock on {On}".\n'
    rules = tock + CLOCK + "tick(Day) :- contact_received_on(Day).\ntick(Day + 1 days) :- tock(Day).\n"
    rules += "tock(on_or_after(monday, Day)) :- tick(Day).\nlimit(visit_due, Day) :- tick(Day)."
    (fault,) = faults(tmp_path, rules)
    assert fault in (
        "tiny/rules.dl:6:1: `tick` grows without end: each round adds to its date\n    break the circle of rules",
        "tiny/rules.dl:7:1: `tock` grows without end: each round adds to its date\n    break the circle of rules",
    )


def test_a_date_written_too_deep_is_refused(tmp_path: Path) -> None:
    deep = "Day" + " + 1 days" * (ground.MAX_DEPTH + 1)
    assert faults(tmp_path, START + f"limit(visit_due, {deep}) :- contact_received_on(Day).") == [
        f"tiny/rules.dl:3:1: the dates of `limit` are nested more than {ground.MAX_DEPTH} deep\n    shift by one amount instead"
    ]


def crowd(teams: int) -> tuple[str, list[tuple[str, str, str]]]:
    """A rule with an instance for every five of so many teams."""
    codes = [*CODES, *(("team", f"team{n}", f"Team {n}") for n in range(teams - 3))]
    declare = 'predicate crowd(A: team, B: team, C: team, D: team, E: team) "{A} {B} {C} {D} {E}" not "no {A} {B} {C} {D} {E}".\n'
    return (
        f"{declare}{START}crowd(A, B, C, D, E) :- {', '.join(f'team({v})' for v in 'ABCDE')}.\n"
        "finding(odd) :- crowd(_, _, _, _, _).",
        codes,
    )


def test_too_many_instances_are_refused(tmp_path: Path) -> None:
    rules, codes = crowd(11)
    assert faults(tmp_path, rules, codes=codes) == [
        "tiny/rules.dl:4:1: the rules have more than 100,000 instances\n    name codes in place of variables"
    ]


def test_too_many_instances_are_refused_before_they_are_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ground, "MAX_GROUND_RULES", 5_000)
    rules, codes = crowd(16)  # more than a million
    assert faults(tmp_path, rules, codes=codes) == [
        "tiny/rules.dl:4:1: the rules have more than 5,000 instances\n    name codes in place of variables"
    ]


LISTS = ("exploitation_types", "dispute_reasons", "final_orders")
FEWER = "name codes in place of variables, or let one predicate ask each list, so that no rule runs over several together"


def over_lists(several: int, *more: str) -> str:
    """A rule with so many conditions that each run over the codes of a list."""
    asked = [f"known {LISTS[n % len(LISTS)]}(V{n})" for n in range(several)]
    return f"{START}route(alpha, beta, handover) :- {', '.join([*asked, *more])}.\npoint_event(handover, icpc_held_on)."


def test_a_rule_over_few_lists_is_fine(tmp_path: Path) -> None:
    assert faults(tmp_path, over_lists(3)) == []


@pytest.mark.parametrize("several", [6, 12])
def test_a_rule_over_many_lists_is_refused_before_an_instance_is_made(
    tmp_path: Path, several: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ground.Grounder, "_instances", _only_of_short_rules)
    assert faults(tmp_path, over_lists(several)) == [
        f"tiny/rules.dl:3:1: the conditions of this rule run over more than 10,000 combinations of codes\n    {FEWER}"
    ]


def _only_of_short_rules(self: ground.Grounder, rule: Rule, index: int, order: object, binding: object) -> Iterator[object]:
    assert len(rule.body) < 6
    return iter(())


def test_many_lists_of_which_each_asks_for_one_code_are_fine(tmp_path: Path) -> None:
    """What is compared as soon as it is bound leaves few combinations."""
    assert faults(tmp_path, over_lists(12, *(f"V{n} = V{n + 3}" for n in range(9)))) == []


def test_combinations_that_come_to_nothing_count_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sixth list has to have the code of the third and another one, which is seen only after the others were tried."""
    monkeypatch.setattr(ground, "MAX_TRIED", 2_000)
    assert faults(tmp_path, over_lists(6, "V2 = V5", "V2 != V5")) == [
        f"tiny/rules.dl:3:1: the conditions of this rule can be combined in more than 2,000 ways\n    {FEWER}"
    ]
