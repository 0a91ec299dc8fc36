"""Every variable is replaced before any case is seen."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.language.model import Atom
from tests.helpers import START, program

BUSY = 'predicate busy(Team: team) "{Team} is busy" not "{Team} is quiet".\n'
PAIR = 'predicate pair(A: team, B: team) "{A} and {B} pair" not "{A} and {B} do not pair".\n'
USE = "finding(odd) :- busy(_).\n"
USE_PAIR = "finding(odd) :- pair(_, _).\n"


def instances(folder: Path, rules: str, predicate: str) -> set[str]:
    """The ground rules for one predicate, as `head :- body | given`."""
    return {
        f"{rule.head} :- {', '.join(map(str, rule.body))} | {', '.join(map(str, rule.given))}"
        for rule in program(folder, rules).ground
        if rule.head.predicate == predicate
    }


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ("busy(T) :- team(T), cared_for.", {f"busy({t}) :- cared_for | team({t})" for t in ("alpha", "beta", "gamma")}),
        ("busy(T) :- team(T), T != beta, cared_for.",
         {f"busy({t}) :- cared_for | team({t}), {t} != beta" for t in ("alpha", "gamma")}),
        ("busy(T) :- team(T), T = beta, cared_for.", {"busy(beta) :- cared_for | team(beta)"}),
        ("busy(beta) :- reading(mood, calm), cared_for.", {"busy(beta) :- cared_for | reading(mood, calm)"}),
        ("busy(beta) :- reading(mood, stern), cared_for.", set()),
        ("busy(beta) :- not reading(mood, stern), cared_for.", {"busy(beta) :- cared_for | not reading(mood, stern)"}),
        ("busy(T) :- listed_before(T, gamma), cared_for.",
         {f"busy({t}) :- cared_for | listed_before({t}, gamma)" for t in ("alpha", "beta")}),
        ("busy(beta) :- contact_received_on(D), D + 3 days < as_of.",
         {"busy(beta) :- contact_received_on(contact_received_on), contact_received_on + 3 days < as_of | "}),
        ("busy(beta) :- known happened(icpc_held_on, D), D < as_of.",
         {"busy(beta) :- known icpc_held_on(icpc_held_on), icpc_held_on < as_of | "}),
        ("busy(beta) :- contact_received_on(D), expected_date_of_birth(D).",
         {"busy(beta) :- contact_received_on(contact_received_on), expected_date_of_birth(expected_date_of_birth), "
          "expected_date_of_birth = contact_received_on | "}),
        ("busy(beta) :- reading(span, N), contact_received_on(D), D + N days < as_of.",
         {"busy(beta) :- contact_received_on(contact_received_on), contact_received_on + 7 days < as_of | reading(span, 7)"}),
        ("busy(beta) :- 3 < 2, cared_for.", set()),
        ("busy(beta) :- cared_for, cared_for.", {"busy(beta) :- cared_for | "}),
        ("busy(T) :- team(T), last_closed_by(T, D), D < as_of.",
         {f"busy({t}) :- last_closed_by({t}, last_closed_by[{t}]), last_closed_by[{t}] < as_of | team({t})"
          for t in ("alpha", "beta", "gamma")}),
    ],
)  # fmt: skip
def test_instances(tmp_path: Path, rules: str, expected: set[str]) -> None:
    assert instances(tmp_path, BUSY + START + rules + "\n" + USE, "busy") == expected


def test_one_variable_in_two_places_is_one_code(tmp_path: Path) -> None:
    rules = PAIR + BUSY + START + "pair(alpha, beta) :- cared_for.\npair(beta, beta) :- unborn.\nbusy(T) :- pair(T, T).\n" + USE
    assert instances(tmp_path, rules, "busy") == {"busy(beta) :- pair(beta, beta) | "}


def test_what_always_holds_is_no_condition_of_a_case(tmp_path: Path) -> None:
    rules = BUSY + START + "busy(alpha).\n" + USE
    assert instances(tmp_path, rules, "finding") == {"finding(odd) :-  | busy(alpha)"}


def test_rules_that_can_never_fire_are_left_out(tmp_path: Path) -> None:
    rules = BUSY + START + "busy(alpha).\nbusy(beta) :- not busy(alpha), cared_for.\n" + USE
    assert instances(tmp_path, rules, "busy") == {"busy(alpha) :-  | "}


def test_a_denial_of_what_no_rule_gives_holds(tmp_path: Path) -> None:
    rules = BUSY + START + "busy(alpha) :- cared_for.\nduty(call_back) :- not busy(beta), unborn.\n"
    assert instances(tmp_path, rules, "duty") == {"duty(call_back) :- unborn | not busy(beta)"}


def test_conclusions_that_need_each_other_are_all_found(tmp_path: Path) -> None:
    rules = (
        PAIR + START + "pair(alpha, beta) :- cared_for.\npair(beta, gamma).\npair(A, C) :- pair(A, B), pair(B, C).\n" + USE_PAIR
    )
    heads = {rule.head for rule in program(tmp_path, rules).ground if rule.head.predicate == "pair"}
    assert {str(atom) for atom in heads} == {"pair(alpha, beta)", "pair(beta, gamma)", "pair(alpha, gamma)"}


def test_nothing_stays_open(tmp_path: Path) -> None:
    """No variable is left in any ground rule of the house either."""
    from kb.language.model import variables

    atoms: list[Atom] = []
    for rule in program(tmp_path).ground:
        atoms += [rule.head, *(literal.atom for literal in (*rule.body, *rule.given))]
    assert [str(atom) for atom in atoms if any(variables(arg) for arg in atom.args)] == []


def test_a_blank_in_two_places_is_two_codes(tmp_path: Path) -> None:
    rules = PAIR + START + "pair(alpha, beta) :- cared_for.\n" + USE_PAIR
    assert instances(tmp_path, rules, "finding") == {"finding(odd) :- pair(alpha, beta) | "}
