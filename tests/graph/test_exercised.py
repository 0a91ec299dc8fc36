"""For every move of every policy, the case found by clingo takes the move under the deciding engine."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from kb.case import Case, make_case
from kb.engines.forward import Forward
from kb.engines.pydatalog import PyDatalog
from kb.language.model import UNDATED
from kb.policy import installed, load_policy
from kb.program import Program, compile_policy, solve
from kb.space import ORDINARY_DAY
from queries.decide import Decision, decide
from queries.graph.build import team_graph
from queries.graph.model import YES, Key, TeamGraph
from queries.graph.place import COMPLETED, place
from queries.graph.proved import DISCRETIONARY, smallest_cases, takes
from queries.load import load_program
from tests.graph.tiny import tiny_program

NORTHSHIRE = Path(__file__).parent.parent / "councils" / "northshire"
POLICIES = (*sorted(installed()), "northshire", "tiny")

#: Moves that no case can take, each with the reason found by reading the rules.
NEVER: dict[Key, str] = {
    ("birch", "case_closed", "finish"): "t8 names the close as the transfer point, and no rule says which event that is",
}


@cache
def the_program(name: str) -> Program:
    if name == "tiny":
        return tiny_program()
    return compile_policy(load_policy(NORTHSHIRE)) if name == "northshire" else load_program(name)


@cache
def searched(name: str) -> tuple[TeamGraph, dict[Key, str]]:
    """The graph, and a smallest case for each of its moves, searched without the cache."""
    program = the_program(name)
    return team_graph(program), smallest_cases(program, ORDINARY_DAY)


@cache
def engine() -> PyDatalog:
    return PyDatalog()


def case_from(program: Program, document: dict[str, Any], **more: Any) -> Case:
    facts = {**document["facts"], **more}
    return make_case({**document, "facts": facts}, program.policy.vocabulary, "witness")


def told(decision: Decision) -> set[tuple[str, str, str, str]]:
    moves = [decision.transfer, *decision.further_transfers] if decision.transfer else []
    return {(move.origin, move.to, move.point, move.status) for move in moves}


@pytest.mark.parametrize("name", POLICIES)
def test_every_move_has_a_case_or_a_reason(name: str) -> None:
    graph, cases = searched(name)
    assert set(cases) == {move.key for move in graph.moves}
    assert {key for key, case in cases.items() if not case} == {key for key in NEVER if key in cases}


@pytest.mark.parametrize("name", POLICIES)
def test_each_case_takes_its_move(name: str) -> None:
    """The answer has the move as completed, or as the managers' decision, which then completes it."""
    program = the_program(name)
    graph, cases = searched(name)
    for move in graph.moves:
        if move.key in NEVER:
            continue
        document = json.loads(cases[move.key])
        decision = decide(program, case_from(program, document), engine())
        if move.discretionary != YES:
            assert move.key in [taken.key for taken in place(decision).taken], move.id
            continue
        assert (*move.key, "discretionary") in told(decision), move.id
        if graph.team(move.to).said("agreement_counts"):
            agreed = case_from(program, document, managers_agreed_team=move.to, managers_agreed_on=document["as_of"])
            after = told(decide(program, agreed, engine()))
            assert (move.origin, move.to, "managers_agreement", "completed") in after, move.id


def test_the_agreed_moves_of_both_policies_count() -> None:
    """Every discretionary move goes to a team on which managers can agree, so the test above tries the agreement for all."""
    for name in ("blackpool", "sefton"):
        graph, _ = searched(name)
        left_open = [move for move in graph.moves if move.discretionary == YES]
        assert left_open
        assert all(graph.team(move.to).said("agreement_counts") for move in left_open)


@pytest.mark.parametrize("name", POLICIES)
def test_no_fact_of_a_case_can_be_left_out(name: str) -> None:
    """The cases found are minimal, checked with another engine. One whose move has a day is compared with such cases only."""
    program = the_program(name)
    graph, cases = searched(name)
    for move in graph.moves:
        key, text = move.key, cases[move.key]
        if not text:
            continue
        document, left_open = json.loads(text), move.discretionary == YES
        assert shows(program, document, key, left_open)
        dated = shows(program, document, key, left_open, dated=True)
        for fact in document["facts"]:
            fewer = {**document, "facts": {name: value for name, value in document["facts"].items() if name != fact}}
            assert not (shows(program, fewer, key, left_open, dated) and taken_on_a_journey(program, fewer, key, left_open)), (
                key,
                fact,
            )


def shows(program: Program, document: dict[str, Any], key: Key, left_open: bool, dated: bool = False) -> bool:
    """Whether a record, evaluated as a single step, certainly takes a move (`dated`: on a known day)."""
    model = solve(program, case_from(program, document), Forward())
    atoms = model.holding_of("candidate" if left_open else "moved")
    if dated and not left_open:
        atoms = [atom for atom in atoms if atom.args[3] != UNDATED]
    return (*key, "discretionary")[: 4 if left_open else 3] in [tuple(map(str, a.args[: 4 if left_open else 3])) for a in atoms]


def taken_on_a_journey(program: Program, document: dict[str, Any], key: Key, left_open: bool) -> bool:
    """Whether the journey of a record certainly takes a move. (A single step may have two certain moves to different teams.)"""
    return takes(program, case_from(program, document), key, DISCRETIONARY if left_open else COMPLETED)
