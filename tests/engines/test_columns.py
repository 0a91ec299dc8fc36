"""The columns engine fires the same rules as the engines for one case, and gives models for proofs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given

from benchmarks.random_table import random_steps
from kb.bulk.table import CaseTable, from_cases
from kb.engines.bulk.columns import Columns
from kb.engines.bulk.plan import make_plan
from kb.engines.forward import Forward
from kb.engines.pydatalog import PyDatalog
from kb.program import Program, solve
from queries.decide import read_decision
from queries.load import load_program
from queries.proof import Prover, roots
from tests.helpers import START, case_of, program
from tests.strategies import blackpool, case, facts, laws

POLICIES = ("blackpool", "sefton")


def fired(made: Program, table: CaseTable, chunk: int = 64) -> list[frozenset[int]]:
    """The rules that fire in each case of a table."""
    return [found.of_case(found.start + n) for found in Columns(chunk).fire(made, table) for n in range(found.count)]


@pytest.mark.parametrize("policy", POLICIES)
def test_random_cases_fire_as_in_the_forward_pass(policy: str) -> None:
    made = load_program(policy)
    table = random_steps(made, 130, seed=11)
    expected = [solve(made, found, Forward()).fired for found in table.cases(made.policy.vocabulary)]
    assert fired(made, table) == expected


@pytest.mark.parametrize("policy", POLICIES)
def test_random_cases_fire_as_in_pydatalog(policy: str) -> None:
    made = load_program(policy)
    table = random_steps(made, 15, seed=12)
    expected = [solve(made, found, PyDatalog()).fired for found in table.cases(made.policy.vocabulary)]
    assert fired(made, table) == expected


@laws(25)
@given(facts=facts("blackpool"))
def test_a_sparse_case_with_columns_that_nobody_filled(facts: dict[str, Any]) -> None:
    found = case(blackpool(), facts)
    table = from_cases([found], blackpool().policy.vocabulary)
    assert fired(blackpool(), table) == [solve(blackpool(), found, Forward()).fired]


@pytest.mark.parametrize("chunk", [64, 128, 1024])
def test_chunks_make_no_difference_and_may_be_kept(chunk: int) -> None:
    made = load_program("blackpool")
    table = random_steps(made, 300, seed=5)
    kept = [found.kept() for found in Columns(chunk).fire(made, table)]
    assert [(found.start, found.count) for found in kept] == [(n, min(chunk, 300 - n)) for n in range(0, 300, chunk)]
    assert [found.of_case(found.start + n) for found in kept for n in range(found.count)] == fired(made, table, 512)


def test_halves_are_those_of_the_rules_also_where_only_firings_were_kept() -> None:
    made = load_program("sefton")
    table = random_steps(made, 70)
    first = next(iter(Columns(128).fire(made, table)))
    kept = first.kept()
    halves = {rule.head for rule in made.halves.rules} | {made.halves.certain(n) for n in made.halves.conditions}
    for half in halves:
        assert np.array_equal(first.half(half)[0], kept.half(half)[0])


@pytest.mark.parametrize("policy", POLICIES)
def test_a_proof_is_read_off_without_deciding_again(policy: str) -> None:
    made = load_program(policy)
    table = random_steps(made, 40, seed=21, unknown=0.5)
    found = next(iter(Columns().fire(made, table)))
    for row in (0, 17, 39):
        one = table.case(row, made.policy.vocabulary)
        model, expected = found.model(row), solve(made, one, PyDatalog())
        assert (model.holding, model.fired) == (expected.holding, expected.fired)
        told = roots(model, read_decision(model, one).status)
        proof = Prover(model).proof(claim for _, claim in told)
        assert proof == Prover(expected).proof(claim for _, claim in told)
        assert len(proof) > 5


CIRCLE = """predicate linked "a link" not "no link".
predicate other "another" not "no other".
predicate third "a third" not "no third".
linked :- other, not unborn.
other :- third, not section_47_started.
third :- linked.
third :- icpc_required.
duty(call_back) :- not linked, not other.
"""


def test_rules_in_a_circle_are_settled_from_below(tmp_path: Path) -> None:
    made = program(tmp_path, START + CIRCLE.replace("section_47_started", "first_pregnancy"))
    assert made.halves.circular
    values = (None, True, False)
    cases = [
        case_of(made, {"unborn": a, "first_pregnancy": b, "icpc_required": c}) for a in values for b in values for c in values
    ]
    expected = [solve(made, found, PyDatalog()).fired for found in cases]
    assert fired(made, from_cases(cases, made.policy.vocabulary)) == expected


def test_no_cases_give_no_chunk() -> None:
    made = load_program("blackpool")
    assert list(Columns().fire(made, random_steps(made, 0))) == []


def test_the_plan_works_nothing_out_twice() -> None:
    halves = load_program("blackpool").halves
    plan = make_plan(halves)
    assert len(set(plan.steps)) == len(plan.steps)
    assert all(max(left, right) < plan.first + place for place, (_, left, right) in enumerate(plan.steps))
    literals = sum(len(rule.positive) + len(rule.negative) for rule in halves.rules)
    assert len(plan.steps) < literals
