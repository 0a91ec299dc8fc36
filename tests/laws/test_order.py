"""The order of facts, rules and files does not change the answer."""

from __future__ import annotations

import random
from dataclasses import replace
from functools import cache
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from explain.decision_json import decision_json
from kb.engines.forward import Forward
from kb.engines.pydatalog import PyDatalog
from kb.program import Program, compile_policy
from queries.decide import decide
from tests.strategies import blackpool, case, facts, laws


def answer(program: Program, facts: dict[str, Any]) -> dict[str, Any]:
    """The decision without its explanation, which may be another one of several proofs."""
    document = decision_json(decide(program, case(program, facts), Forward()), proof=False)
    return {key: value for key, value in document.items() if key not in ("clauses", "proof")}


@laws(30)
@given(facts=facts("blackpool"), chance=st.randoms(use_true_random=False))
def test_the_order_of_facts(facts: dict[str, Any], chance: random.Random) -> None:
    names = list(facts)
    chance.shuffle(names)
    first, second = (decide(blackpool(), case(blackpool(), f), PyDatalog()) for f in (facts, {n: facts[n] for n in names}))
    assert decision_json(first) == decision_json(second)


def shuffled(program: Program, seed: int) -> Program:
    """The same policy with its rules, and so its files, in another order."""
    rules = list(program.policy.rules)
    random.Random(seed).shuffle(rules)
    assert tuple(rules) != program.policy.rules
    return compile_policy(replace(program.policy, rules=tuple(rules)))


@cache
def others() -> list[Program]:
    reverse = compile_policy(replace(blackpool().policy, rules=blackpool().policy.rules[::-1]))
    return [reverse, shuffled(blackpool(), 1), shuffled(blackpool(), 2)]


@laws(25)
@given(facts=facts("blackpool"))
def test_the_order_of_rules_and_files(facts: dict[str, Any]) -> None:
    expected = answer(blackpool(), facts)
    for other in others():
        assert answer(other, facts) == expected


def test_the_same_ground_rules_come_of_any_order() -> None:
    def texts(program: Program) -> set[str]:
        return {
            f"{r.head} :- {sorted(map(str, r.body))} | {sorted(map(str, r.given))} | {program.rules[r.source]}"
            for r in program.ground
        }

    for other in others():
        assert texts(other) == texts(blackpool())
