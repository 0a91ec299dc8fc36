"""Journeys computed in columns equal those computed one by one: same last steps, same answers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest

import queries.bulk.caseload
import tests.laws.histories
from benchmarks.journeys import children
from benchmarks.random_table import random_table
from kb.bulk.columns_in import select
from kb.bulk.table import HAPPENED, UNKNOWN, CaseTable, from_cases
from kb.carried import INVOLVEMENTS, POINTS_PAST
from kb.case import Case, make_case
from kb.engines.bulk.columns import Columns
from kb.program import Program
from queries.bulk.caseload import PARTS, Caseload, Limits, Several, decide_caseload
from queries.bulk.journeys import LastSteps, last_steps
from queries.bulk.walk import Rules, walk
from queries.load import load_program
from tests.laws.histories import asked_for, record, with_facts, without
from tests.strategies import facts_read

SCENARIOS = Path(__file__).parent.parent / "scenarios"
POLICIES = ("blackpool", "sefton")


@lru_cache
def invented(policy: str) -> CaseTable:
    return children(load_program(policy), 36, seed=3)


def plain(program: Program, table: CaseTable) -> CaseTable:
    """The rows of a table whose journeys are computed in columns."""
    return select(table, np.flatnonzero(walk(Rules(program), table, Columns()).plain))


def facts(case: Case) -> dict[str, Any]:
    """The facts of a step for comparison: only the last use of each transfer point, and each closing once."""
    found: dict[str, Any] = dict(case.facts)
    if POINTS_PAST in found:
        latest: dict[str, int] = {}
        for entry in found[POINTS_PAST]:
            latest[entry["point"]] = max(latest.get(entry["point"], 0), entry["on"].number if "on" in entry else 1)
        found[POINTS_PAST] = latest
    if INVOLVEMENTS in found:
        found[INVOLVEMENTS] = {tuple(sorted(entry.items(), key=str)) for entry in found[INVOLVEMENTS]}
    return found


def both(program: Program, table: CaseTable) -> tuple[LastSteps, LastSteps]:
    """The last steps of a table, in columns and one by one. Asserts that they are equal."""
    vocabulary = program.policy.vocabulary
    found, expected = last_steps(program, table, few=0), last_steps(program, table, in_columns=False)
    assert len(found.table) == len(expected.table) == len(table)
    for one, other in zip(found.table.cases(vocabulary), expected.table.cases(vocabulary)):
        assert (one.case_id, one.as_of, facts(one)) == (other.case_id, other.as_of, facts(other))
    for part in ("since", "came_to", "came_on"):
        assert getattr(found, part).tolist() == getattr(expected, part).tolist()
    assert found.asks == expected.asks
    assert found.parted.keys() == expected.parted.keys()
    return found, expected


def assert_same_answers(program: Program, table: CaseTable, monkeypatch: pytest.MonkeyPatch) -> LastSteps:
    steps = both(program, table)
    told: list[Mapping[str, Any]] = []
    for some in steps:
        monkeypatch.setattr(queries.bulk.caseload, "last_steps", lambda *_, some=some: some)
        told.append(answers(decide_caseload(program, table, Columns())))
    for part in PARTS:
        assert told[0][part] == told[1][part], part
    return steps[0]


def answers(found: Caseload) -> Mapping[str, Any]:
    """All parts of a caseload by name, as two caseloads may number their moves differently."""
    told: dict[str, Any] = {}
    for part in PARTS:
        values = getattr(found, part)
        if isinstance(values, Several):
            told[part] = [values.of_case(row) for row in range(len(found))]
        elif isinstance(values, Limits):
            told[part] = [getattr(values, name).tolist() for name in ("offsets", "codes", "due", "state")]
        elif part in ("move", "next_move"):
            told[part] = [None if number < 0 else found.moves[number] for number in values]
        else:
            told[part] = values.tolist()
    return told


def fuller(program: Program, draw: Random, case: Case) -> Case:
    """The record with more facts and a team on record, so that fewer of its moves are open."""
    share, recorded = draw.random(), dict(case.facts)
    for name, fact in program.policy.vocabulary.recorded.items():
        if name not in recorded and draw.random() < share and fact.type in ("bool", "enum"):
            recorded[name] = draw.random() < 0.6 if fact.type == "bool" else draw.choice(fact.values)
    teams = ["none", *(code.code for code in program.policy.vocabulary.codes["team"])]
    return with_facts(case, **{"team_on_record": draw.choice(teams), **recorded})


def histories(program: Program, count: int, seed: str) -> CaseTable:
    """Random records and fuller ones (see `fuller`), some with an earlier day of the answer."""
    cases: list[Case] = []
    read = facts_read(program)
    with patch.object(tests.laws.histories, "facts_read", return_value=read):  # once, not for each record
        for number in range(count):
            draw = Random(f"{seed} {number}")
            case = record(program, draw, draw.choice((22, 30)))
            case = case if number % 3 == 0 else fuller(program, draw, case)
            cases.append(asked_for(case, case.as_of - draw.choice((1, 3, 30, 200))) if number % 5 == 0 else case)
    return from_cases(cases, program.policy.vocabulary)


@pytest.mark.parametrize("policy", POLICIES)
def test_random_histories(policy: str) -> None:
    program = load_program(policy)
    table = plain(program, histories(program, 80, "columns"))
    assert len(table) > 25
    both(program, table)


@pytest.mark.parametrize("policy", POLICIES)
def test_random_tables(policy: str) -> None:
    program = load_program(policy)
    table = random_table(program, 70, seed=7, unknown=0.4)
    for name, column in table.columns.items():
        if program.policy.vocabulary.facts[name].type == "event":
            column[column == HAPPENED] = UNKNOWN
    table = plain(program, table)
    assert len(table) > 6
    both(program, table)


@pytest.mark.parametrize("policy", POLICIES)
def test_the_scenarios(policy: str, monkeypatch: pytest.MonkeyPatch) -> None:
    program = load_program(policy)
    documents = [s["case"] for s in json.loads((SCENARIOS / f"{policy}.json").read_text(encoding="utf-8"))]
    cases = [make_case(document, program.policy.vocabulary, "case") for document in documents]
    table = plain(program, from_cases(cases, program.policy.vocabulary))
    assert len(table) > 6
    assert_same_answers(program, table, monkeypatch)


@pytest.mark.parametrize("policy", POLICIES)
def test_ordinary_children_are_walked_in_columns(policy: str, monkeypatch: pytest.MonkeyPatch) -> None:
    program = load_program(policy)
    table = invented(policy)
    assert assert_same_answers(program, table, monkeypatch).hard < len(table) // 5


@pytest.mark.parametrize("policy", POLICIES)
def test_long_journeys(policy: str) -> None:
    """Children with a team on record since years ago, half of them with an earlier day of the answer."""
    program = load_program(policy)
    made, draw = invented(policy), np.random.default_rng(11)
    since = np.maximum(made.as_of - draw.integers(300, 3000, len(made)), made.columns["date_of_birth"]).astype(np.int32)
    teams = draw.integers(0, len(program.policy.vocabulary.codes["team"]), len(made)).astype(np.int8)
    asked = np.where(draw.random(len(made)) < 0.5, made.as_of - draw.integers(1, 300, len(made)), made.as_of).astype(np.int32)
    columns = {**made.columns, "team_on_record": teams, "with_team_since": since}
    table = plain(program, replace(made, columns=columns, as_of=asked, recorded_on=made.as_of))
    assert len(table) > len(made) // 2
    both(program, table)


def test_what_is_handed_over_stands_in_its_own_row() -> None:
    program = load_program("blackpool")
    table = histories(program, 24, "mixed")
    assert 0 < both(program, table)[0].hard < len(table)


def test_a_record_without_its_team_is_handed_over() -> None:
    program = load_program("sefton")
    case = without(record(program, Random(1)), "team_on_record")
    table = from_cases([case], program.policy.vocabulary)
    assert last_steps(program, table, few=0).hard == 1


def test_no_cases_at_all() -> None:
    program = load_program("sefton")
    assert len(last_steps(program, from_cases([], program.policy.vocabulary), few=0).table) == 0
