"""A made-up council that uses every word of the rule language: districts in tables, brothers and sisters, counts in a window,
hours, limits that recur, joint holding, four levels of a dispute, exceptions that only take away, the end of a case.

Its examples were written before its rules. All engines agree on them, and the checker accepts their records.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from explain.decision_json import decision_json
from explain.filed.as_json import as_json
from explain.filed.content import content_of
from explain.filed.verify.check import verify
from kb.bulk.table import from_cases
from kb.case import Case
from kb.engines.bulk.columns import Columns
from kb.engines.bulk.duckdb import DuckDB
from kb.engines.bulk.interface import BulkEngine
from kb.engines.clingo import Clingo
from kb.engines.forward import Forward
from kb.engines.interface import Engine
from kb.engines.pydatalog import PyDatalog
from kb.examples import Example, read_examples
from kb.program import Program
from queries.bulk.caseload import decide_caseload
from queries.coverage import coverage_of
from queries.decide import decide
from queries.exact import decide_exactly
from queries.examples import unmet
from queries.load import load_program
from tests.bulk.test_answers import said, told

WESTMERE = Path(__file__).parent / "councils" / "westmere"
#: Examples whose records are put to the checker: one of each new word.
FILED = (
    "A district decides the assessment team",
    "A call out of hours is timed by the hour, and the team that answers it keeps no case",
    "A third plan within 24 months",
    "A brother is with the Protection Team",
    "Three in care",
    "After a review the next one is due in six months",
    "A fourth level of a dispute",
    "More cases than the team's cap",
    "No continuing needs end the case",
)


@pytest.fixture(scope="module")
def program() -> Program:
    return load_program(str(WESTMERE))


@pytest.fixture(scope="module")
def examples(program: Program) -> tuple[Example, ...]:
    return read_examples(WESTMERE, program.policy)


def plain(examples: tuple[Example, ...]) -> list[Case]:
    """The cases of the examples under the readings in use."""
    return [example.case for example in examples if not example.settings]


@pytest.fixture(scope="module")
def by_pydatalog(program: Program, examples: tuple[Example, ...]) -> list[tuple[Case, dict[str, Any]]]:
    """Every third case, and its decision by pyDatalog."""
    return [(case, decision_json(decide(program, case, PyDatalog()))) for case in plain(examples)[::3]]


@pytest.fixture(scope="module")
def one_by_one(program: Program, examples: tuple[Example, ...]) -> list[dict[str, Any]]:
    """The answer to each case in the form of a caseload, which shows days without hours."""
    answers = [told(decide(program, case, Forward())) for case in plain(examples)]
    return [{**answer, "deadlines": [(due[:10], *rest) for due, *rest in answer["deadlines"]]} for answer in answers]


def test_it_has_more_than_fifty_clauses(program: Program) -> None:
    found = coverage_of(program.policy)
    assert (len(found.encoded), len(found.out_of_scope), found.missing) == (54, 2, ())


def test_its_examples_come_out_as_they_were_written(program: Program, examples: tuple[Example, ...]) -> None:
    missed: dict[str, Any] = {}
    for example in examples:
        used = load_program(str(WESTMERE), dict(example.settings)) if example.settings else program
        answer = decision_json(decide_exactly(used, example.case, PyDatalog()))
        if misses := unmet(example, answer, used.policy):
            missed[example.name] = misses
    assert missed == {}


@pytest.mark.parametrize("engine", [Forward(), Clingo()], ids=["forward", "clingo"])
def test_the_engines_for_one_case_agree(
    program: Program, by_pydatalog: list[tuple[Case, dict[str, Any]]], engine: Engine
) -> None:
    for case, expected in by_pydatalog:
        assert decision_json(decide(program, case, engine)) == expected, case


@pytest.mark.parametrize("engine", [Columns(), DuckDB()], ids=["columns", "duckdb"])
def test_the_engines_for_a_caseload_agree(
    program: Program, examples: tuple[Example, ...], one_by_one: list[dict[str, Any]], engine: BulkEngine
) -> None:
    cases = plain(examples)
    found = decide_caseload(program, from_cases(cases, program.policy.vocabulary), engine)
    for row, expected in enumerate(one_by_one):
        assert said(found, row) == expected, cases[row]


@pytest.mark.parametrize("name", FILED)
def test_the_checker_accepts_their_records(program: Program, examples: tuple[Example, ...], name: str) -> None:
    case = next(example.case for example in examples if example.name == name)
    record = json.loads(as_json(content_of(decide_exactly(program, case, PyDatalog()))))
    assert verify(record) == []


def test_a_record_with_a_false_count_is_refused(program: Program, examples: tuple[Example, ...]) -> None:
    case = next(example.case for example in examples if example.name == "A third plan within 24 months")
    record = json.loads(as_json(content_of(decide_exactly(program, case, PyDatalog()))))
    record["journey"]["ways"][0]["last"]["record"]["plans_in_two_years"] = 4
    assert any("is not what it was on that day" in problem for problem in verify(record))
