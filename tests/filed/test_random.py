"""Filed decisions of random cases are sound: the checker re-derives each of them."""

from __future__ import annotations

import json
from random import Random
from typing import Any

import pytest
from hypothesis import given

from explain.filed.as_json import as_json
from explain.filed.content import content_of
from explain.filed.verify import verify
from kb.engines.pydatalog import PyDatalog
from queries.exact import decide_exactly
from queries.load import load_program
from tests.laws.histories import record
from tests.strategies import blackpool, case, facts, laws


@laws(25)
@given(facts=facts("blackpool"))
def test_the_record_of_any_case_is_sound(facts: dict[str, Any]) -> None:
    content = content_of(decide_exactly(blackpool(), case(blackpool(), facts), PyDatalog()))
    assert verify(json.loads(as_json(content))) == []


def told_of(policy: str, draw: Random) -> Any:
    """The filed decision of a random history."""
    program = load_program(policy)
    return json.loads(as_json(content_of(decide_exactly(program, record(program, draw), PyDatalog()))))


@pytest.mark.parametrize("seed", range(24))
def test_the_record_of_any_history_is_sound(seed: int) -> None:
    assert verify(told_of("sefton", Random(seed))) == []


@pytest.mark.parametrize("seed", range(24))
def test_a_fact_of_a_step_that_is_not_of_its_day_is_found(seed: int) -> None:
    draw = Random(seed)
    told = told_of("blackpool", draw)
    assert verify(told) == []
    way = told["journey"]["ways"][0]
    step = draw.choice([*way["moves"], way["last"]])
    name = draw.choice(sorted(told["case"]["facts"]))
    if step["record"].pop(name, None) is None:
        step["record"][name] = "2000-01-01"
    said = f"the record of the step of {step['as_at']} is not what it was on that day: "
    assert any(problem.startswith(said) and name in problem for problem in verify(told))
