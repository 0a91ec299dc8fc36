"""`CaseTable`: cases survive a round trip, and the arrays have the documented form."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given

from kb.bulk.columns_in import select
from kb.bulk.table import HAPPENED, NOT_HAPPENED, UNKNOWN, WHOLE, from_cases
from tests.strategies import AS_OF, blackpool, case, facts, laws


@laws(60)
@given(facts=facts("blackpool"))
def test_a_case_comes_back_as_it_went_in(facts: dict[str, Any]) -> None:
    vocabulary = blackpool().policy.vocabulary
    cases = [case(blackpool(), facts, "one"), case(blackpool(), {}, "two")]
    assert list(from_cases(cases, vocabulary).cases(vocabulary)) == cases


def test_the_arrays() -> None:
    vocabulary = blackpool().policy.vocabulary
    first = {
        "unborn": False,
        "icpc_held_on": AS_OF.isoformat(),
        "gestation_weeks": 18,
        "exploitation_types": ["trafficking", "other"],
        "previous_involvements": [{"closed_on": AS_OF.isoformat()}],
    }
    second = {"icpc_held_on": True, "exploitation_types": []}
    third = {"icpc_held_on": False, "team_on_record": "none"}
    table = from_cases([case(blackpool(), f, str(n)) for n, f in enumerate([first, second, third])], vocabulary)
    assert table.columns["unborn"].tolist() == [0, UNKNOWN, UNKNOWN]
    assert table.columns["icpc_held_on"].tolist() == [AS_OF.toordinal(), HAPPENED, NOT_HAPPENED]
    assert table.columns["gestation_weeks"].tolist() == [18, UNKNOWN, UNKNOWN]
    assert [str(table.columns[name].dtype) for name in ("unborn", "icpc_held_on")] == ["int8", "int32"]
    kinds = vocabulary.facts["exploitation_types"].values
    listed = table.lists["exploitation_types"]
    assert (listed.known.tolist(), listed.offsets.tolist()) == ([True, True, False], [0, 2, 2, 2])
    assert [kinds[n] for n in listed.parts[WHOLE]] == ["trafficking", "other"]
    involved = table.lists["previous_involvements"]
    assert (involved.parts["team"].tolist(), involved.parts["closed_on"].tolist()) == ([UNKNOWN], [AS_OF.toordinal()])
    assert involved.rows.tolist() == [0]
    assert set(table.columns) | set(table.lists) == {*first, *third}


def test_several_days_and_the_day_of_the_record() -> None:
    vocabulary = blackpool().policy.vocabulary
    days = [(AS_OF + timedelta(n)).isoformat() for n in (-300, -200, -1)]
    one = case(blackpool(), {"icpc_held_on": days, "child_protection_plan_from": days[:2]}, "one")
    cases = [one, replace(case(blackpool(), {"icpc_held_on": True}, "two"), recorded_on=AS_OF.toordinal() + 9)]
    table = from_cases(cases, vocabulary)
    assert list(table.cases(vocabulary)) == cases
    assert table.columns["icpc_held_on"].tolist() == [AS_OF.toordinal() - 300, HAPPENED]
    assert table.last("icpc_held_on").tolist() == [AS_OF.toordinal() - 1, HAPPENED]
    assert table.record_days.tolist() == [AS_OF.toordinal(), AS_OF.toordinal() + 9]
    assert [(name, column.offsets.tolist()) for name, column in table.later.items()] == [
        ("icpc_held_on", [0, 2, 2]),
        ("child_protection_plan_from", [0, 1, 1]),
    ]
    assert list(select(table, np.array([1])).cases(vocabulary)) == cases[1:]
    assert list(select(table, np.array([1])).later) == []


@pytest.mark.parametrize("count", [0, 1])
def test_few_cases(count: int) -> None:
    vocabulary = blackpool().policy.vocabulary
    table = from_cases([case(blackpool(), {"unborn": True})] * count, vocabulary)
    assert (len(table), len(list(table.cases(vocabulary)))) == (count, count)
