"""Recursive rules: the checker computes the least model, as the engines do."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from explain.filed.as_json import as_json
from explain.filed.content import content_of
from explain.filed.verify import verify
from kb.engines.pydatalog import PyDatalog
from queries.exact import decide_exactly
from tests.helpers import START, case_of, program

RULES = """predicate linked "a link" not "no link".
predicate other "another" not "no other".
linked :- other.
other :- linked.
linked :- icpc_required.
duty(call_back) :- linked.
duty(call_back) :- not linked, not other.
finding(odd) :- known not other.
"""


@pytest.mark.parametrize(
    ("facts", "duties"),
    [({}, []), ({"icpc_required": True}, ["call_back"]), ({"icpc_required": False}, ["call_back"])],
    ids=["open", "linked", "not linked"],
)
def test_a_circle_of_rules_is_settled_from_below(tmp_path: Path, facts: dict[str, Any], duties: list[str]) -> None:
    made = program(tmp_path, START + RULES)
    told = json.loads(as_json(content_of(decide_exactly(made, case_of(made, facts), PyDatalog()))))
    assert made.halves.circular
    assert told["decision"]["duties"] == duties
    assert verify(told) == []
