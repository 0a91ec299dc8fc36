"""A rule shared by several clauses is written once, and all of them are cited wherever it is used."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from explain.decision_json import decision_json
from explain.filed.as_json import as_json
from explain.filed.content import content_of
from explain.filed.verify.check import verify
from kb.engines.pydatalog import PyDatalog
from kb.program import Program
from queries.coverage import coverage_of
from queries.decide import Decision
from queries.exact import decide_exactly
from queries.set_aside import clauses_set_aside
from tests.helpers import START, case_of, holding, make_policy, model, program, whichteam

RULES = (
    START
    + """@clause t2 t3.
route(alpha, beta, handover) :- near_enough.
point_event(handover, icpc_held_on).

predicate near_enough
  "the two are near enough"
  not "the two are not near enough".

near_enough :- threshold_met.

@clause t3.
duty(call_back) :- near_enough.

@clause t4 t5 exception_to t3.
route(alpha, gamma, handover) :- known unborn.
"""
)
CLAUSES = [(f"t{n}", str(n), "route", "must", f"Says t{n}.") for n in range(1, 6)]
GOES = {"team_on_record": "alpha", "icpc_held_on": "2024-05-01", "threshold_met": True}


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Program:
    return program(tmp_path_factory.mktemp("shared"), RULES, clauses=CLAUSES)


def decision(compiled: Program, facts: dict[str, Any]) -> Decision:
    return decide_exactly(compiled, case_of(compiled, {**GOES, **facts}), PyDatalog())


def test_the_rule_is_one_rule_of_all_its_clauses(compiled: Program) -> None:
    shared = [rule for rule in compiled.policy.rules if rule.also]
    assert [(rule.clauses, rule.head.predicate) for rule in shared] == [
        (("t2", "t3"), "route"),
        (("t2", "t3"), "point_event"),
        (("t2", "t3"), "near_enough"),
        (("t4", "t5"), "route"),
    ]
    found = coverage_of(compiled.policy)
    assert (found.encoded, found.missing, found.rules) == (("t1", "t2", "t3", "t4", "t5"), (), 6)


@pytest.mark.parametrize(
    ("facts", "team", "cited"), [({}, "beta", ["t2", "t3"]), ({"unborn": True}, "gamma", ["t2", "t3", "t4", "t5"])]
)
def test_all_its_clauses_are_cited_and_a_record_is_verified(
    compiled: Program, facts: dict[str, Any], team: str, cited: list[str]
) -> None:
    found = decision(compiled, facts)
    assert found.responsible_team == team
    told = decision_json(found)
    assert [clause["id"] for clause in told["clauses"]] == cited
    record = json.loads(as_json(content_of(found)))
    assert verify(record) == []
    source = next(source for source in record["program"]["sources"] if source["text"].startswith("route(alpha, beta"))
    assert (source["clause"], source["also"]) == ("t2", [{"id": "t3", "lines": [3]}])


def test_an_exception_to_one_of_them_sets_the_rule_aside(compiled: Program) -> None:
    assert holding(model(compiled, {**GOES, "unborn": True}), "route") == {"route(alpha, gamma, handover)"}
    assert holding(model(compiled, {**GOES, "unborn": False}), "route") == {"route(alpha, beta, handover)"}
    told = [(each.clause, each.team, each.by) for each in clauses_set_aside(decision(compiled, {"unborn": True}))]
    assert told == [("t3", "beta", "t4")]


def test_commands_show_the_rule_under_each_clause(tmp_path: Path) -> None:
    home = make_policy(tmp_path, RULES, clauses=CLAUSES)
    for name, rules in (("t2", 3), ("t3", 4)):
        said = whichteam("clause", name, "--policy", home).out
        assert ("route(alpha, beta, handover) :- near_enough." in said, said.count("tiny/rules.dl:")) == (True, rules)
    case = tmp_path / "case.json"
    case.write_text(json.dumps({"case_id": "c1", "policy": "tiny", "as_of": "2024-06-03", "facts": GOES}))
    said = " ".join(whichteam("why", case, "--policy", home).out.replace("│", " ").split())
    assert "at the handover [clause t2 (line 2) and clause t3 (line 3)]" in said
