"""Every proof is complete, and each of its claims holds in the model."""

from __future__ import annotations

from graphlib import TopologicalSorter
from typing import Any

from hypothesis import given

from explain.decision_json import decision_json
from kb.carried import HOLDER, SINCE
from kb.case import written
from kb.engines.pydatalog import PyDatalog
from kb.program import Program, solve
from queries.decide import decide, read_decision
from queries.proof import Claim, Manner, Prover, Step, needed, roots
from tests.strategies import blackpool, case, facts, laws

OPPOSITE: dict[Manner, Manner] = {
    "established": "unproved",
    "unproved": "established",
    "possible": "excluded",
    "excluded": "possible",
}


def proof_of(program: Program, facts: dict[str, Any]) -> tuple[Prover, list[tuple[str, Claim]], dict[Claim, Step]]:
    found = case(program, facts)
    model = solve(program, found, PyDatalog())
    claims = roots(model, read_decision(model, found).status)
    prover = Prover(model)
    return prover, claims, prover.proof(claim for _, claim in claims)


@laws(40)
@given(facts=facts("blackpool"))
def test_each_step_rests_on_every_literal_of_its_rule(facts: dict[str, Any]) -> None:
    _, claims, steps = proof_of(blackpool(), facts)
    assert [claim for _, claim in claims if claim not in steps] == []
    for claim, step in steps.items():
        assert [premise for premise in step.premises if premise not in steps] == []
        if step.rule is not None:
            rule = blackpool().ground[step.rule]
            assert rule.head == claim.atom
            assert step.premises == tuple(needed(literal, claim.manner == "established") for literal in rule.body)


@laws(40)
@given(facts=facts("blackpool"))
def test_each_lack_answers_every_rule_that_might_have_served(facts: dict[str, Any]) -> None:
    prover, _, steps = proof_of(blackpool(), facts)
    for claim, step in steps.items():
        if step.rule is not None:
            continue
        rules = blackpool().by_head.get(claim.atom, ())
        if not rules:
            assert prover.model.is_condition(claim.atom)
            continue
        assert step.failing == rules
        answered: set[Claim] = set()
        for index in rules:
            claims = [needed(literal, claim.manner == "unproved") for literal in blackpool().ground[index].body]
            against = {Claim(c.atom, OPPOSITE[c.manner]) for c in claims} & set(step.premises)
            assert against, f"nothing is said against rule {index}"
            answered |= against
        assert answered == set(step.premises)


@laws(40)
@given(facts=facts("blackpool"))
def test_each_claim_holds_in_the_model(facts: dict[str, Any]) -> None:
    prover, _, steps = proof_of(blackpool(), facts)
    for claim in steps:
        truth = prover.model.truth(claim.atom)
        allowed: dict[str, list[bool | None]] = {
            "established": [True],
            "possible": [True, None],
            "excluded": [False],
            "unproved": [False, None],
        }
        assert truth in allowed[claim.manner]


@laws(40)
@given(facts=facts("blackpool"))
def test_the_steps_in_the_json(facts: dict[str, Any]) -> None:
    """The proof of the last step; the proofs of earlier moves have the same form."""
    decision = decide(blackpool(), case(blackpool(), facts), PyDatalog())
    document = decision_json(decision)
    steps = document["proof"]["steps"]
    proved = Prover(decision.model).proof(claim for _, claim in roots(decision.model, decision.status))
    assert len(steps) == len(proved)
    for step in steps.values():
        assert set(step["premises"]) <= set(steps)
        assert step["says"][0] == step["says"][0].upper()
        assert step["says"].endswith(".")
        assert "rule" in step or "no_rule_serves" in step or step["source"] is not None
    for claim, step in zip(proved, steps.values()):
        assert (step["claim"], step["manner"]) == (str(claim.atom), claim.manner)
        assert len(step["premises"]) == len(proved[claim].premises)
    used = {name for step in steps.values() for name in step["premises"]}
    assert used | {row["step"] for row in document["proof"]["conclusions"]} == set(steps)
    list(TopologicalSorter({name: step["premises"] for name, step in steps.items()}).static_order())


@laws(40)
@given(facts=facts("blackpool"))
def test_every_part_of_the_answer_is_concluded(facts: dict[str, Any]) -> None:
    """With several branches, the proof is of one of them, and the answer is what they have in common."""
    decision = decide(blackpool(), case(blackpool(), facts), PyDatalog())
    document = decision_json(decision)
    concluded = [row["part"] for row in document["proof"]["conclusions"]]
    one = read_decision(decision.model, decision.case)
    if (one.status, one.possible_teams) != (decision.status, decision.possible_teams):
        assert set(one.possible_teams) <= set(decision.possible_teams)
        return
    if document["status"] != "silent":
        assert concluded.count("holder") == len(document["possible_teams"])
    assert ("transfer" in concluded) is (document["transfer"] is not None)
    for part in ("blocked_by", "unconfirmed_gates", "duties", "attendance", "co_working", "escalate_to"):
        assert concluded.count(part) == len(getattr(one, part))
        ends = [getattr(end, part) for end in decision.ends]  # what all branches have in common is certain, and proved in them
        sure = [row for row in getattr(decision, part) if ends and all(row in end for end in ends)]
        assert [row for row in getattr(decision, part) if row not in (*getattr(one, part), *sure)] == []


@laws(40)
@given(facts=facts("blackpool"))
def test_a_condition_shows_what_the_case_records(facts: dict[str, Any]) -> None:
    """Facts set by the journey, such as the holder, have their value in the step; all others their recorded value."""
    decision = decide(blackpool(), case(blackpool(), facts), PyDatalog())
    step = decision.model.conditions.case
    step_record = {name: value for name, value in step.facts.items() if name not in step.assumed}
    carried = {name for name, fact in blackpool().policy.vocabulary.facts.items() if fact.time == "step"} | {HOLDER, SINCE}
    for proved in decision_json(decision)["proof"]["steps"].values():
        for source in proved.get("source", []):
            name = source["fact"]
            expected = written(step_record[name]) if name in step_record else None
            assert source["recorded"] == expected
            assert expected in (None, facts.get(name)) or name in carried
