"""No team without a clause: an answer with another team than at the start cites a clause for it."""

from __future__ import annotations

from typing import Any

from hypothesis import given

from explain.decision_json import decision_json
from kb.engines.pydatalog import PyDatalog
from kb.program import Program
from queries.decide import decide
from tests.strategies import blackpool, case, facts, laws


def start(program: Program, facts: dict[str, Any]) -> set[str]:
    """The team at the start: the team on record, else the front doors of the policy."""
    on_record = facts.get("team_on_record")
    if on_record not in (None, "none"):
        return {on_record}
    return {str(rule.head.args[0]) for rule in program.policy.rules if rule.head.predicate == "front_door"}


@laws(60)
@given(facts=facts("blackpool"))
def test_a_team_other_than_the_first_is_backed_by_a_clause(facts: dict[str, Any]) -> None:
    document = decision_json(decide(blackpool(), case(blackpool(), facts), PyDatalog()))
    recorded = "case_closed" if facts.keys() & {"case_closed_on", "died_on"} else None  # recorded, so it needs no clause
    if document["status"] == "decided" and document["responsible_team"] not in {recorded, *start(blackpool(), facts)}:
        assert [clause for clause in document["clauses"] if clause["lines"]]


@laws(30)
@given(facts=facts("blackpool"))
def test_every_rule_in_a_proof_stands_under_its_clause(facts: dict[str, Any]) -> None:
    document = decision_json(decide(blackpool(), case(blackpool(), facts), PyDatalog()))
    places = {str(rule.position): rule.clause for rule in blackpool().policy.rules}
    for step in document["proof"]["steps"].values():
        if "rule" in step:
            assert places[step["rule"]["at"]] == step["rule"]["clause"]
            assert step["rule"]["lines"] == list(blackpool().policy.clauses[step["rule"]["clause"]].lines)
