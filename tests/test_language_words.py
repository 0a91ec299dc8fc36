"""The words of the rule language in proofs, clauses, clauses set aside and verified filed decisions."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from explain.filed.as_json import as_json
from explain.filed.content import content_of
from explain.filed.verify.check import verify
from explain.rule_words import rule_words
from kb.engines.pydatalog import PyDatalog
from kb.program import Program
from queries.decide import decide
from queries.exact import decide_exactly
from queries.set_aside import clauses_set_aside
from tests.helpers import CODES, START, case_of, make_policy, program, whichteam

RULES = """predicate ready_to_go
  "the child may go"
  not "the child may not go".

@clause t2.
route(alpha, beta, handover) :- ready_to_go.
point_event(handover, icpc_held_on).
ready_to_go :- recorded cared_for, threshold_met.
ready_to_go :- known safeguarding_concern, known not threshold_met.
open ready_to_go :- unknown safeguarding_concern, known not threshold_met.
@clause t3 exception_to t2.
route(alpha, gamma, handover) :- known unborn.
@clause t4 exception_to t3.
route(alpha, delta, handover) :- known first_pregnancy.
@clause t5 exception_to t4.
not route(_, delta, _) :- known homeless_or_at_risk.
"""
TEAMS = (*CODES, ("team", "delta", "Delta"))
GOES = {"team_on_record": "alpha", "icpc_held_on": "2024-05-01", "threshold_met": True, "cared_for": False}


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Program:
    return program(tmp_path_factory.mktemp("words"), START + RULES, codes=TEAMS)


def test_rules_in_english(compiled: Program) -> None:
    told = {rule.written: rule_words(rule, compiled) for rule in compiled.policy.rules}
    expected = {
        "ready_to_go :- recorded cared_for, threshold_met.": (
            "The child may go, if it is recorded whether the child is cared for (looked after) now; "
            "and the need meets the threshold for a statutory assessment."
        ),
        "open ready_to_go :- unknown safeguarding_concern, known not threshold_met.": (
            "It is left open whether the child may go, if it is not recorded whether there is a safeguarding or "
            "child protection concern; and the need is below the threshold for a statutory assessment."
        ),
        "not route(_, delta, _) :- known homeless_or_at_risk.": (
            "As an exception, it does not follow that the child's case goes from any team to Delta at any transfer point, "
            "if the young person is homeless or at risk of becoming homeless."
        ),
    }
    assert {written: told[written] for written in expected} == expected


@pytest.mark.parametrize(
    ("facts", "team", "aside"),
    [
        ({}, "beta", []),
        ({"unborn": True}, "gamma", [("t2", "beta", "t3")]),
        ({"unborn": True, "first_pregnancy": True}, "delta", [("t2", "beta", "t4"), ("t3", "gamma", "t4")]),
        ({"first_pregnancy": True}, "delta", [("t2", "beta", "t4")]),
        (
            {"unborn": True, "first_pregnancy": True, "homeless_or_at_risk": True},
            "gamma",
            [("t2", "beta", "t3"), ("t4", "delta", "t5")],
        ),
    ],
)
def test_of_a_chain_the_innermost_decides_and_the_others_are_told(
    compiled: Program, facts: dict[str, Any], team: str, aside: list[tuple[str, str, str]]
) -> None:
    decision = decide(compiled, case_of(compiled, {**GOES, **facts}), PyDatalog())
    assert (decision.status, decision.responsible_team) == ("decided", team)
    assert sorted((each.clause, each.team, each.by) for each in clauses_set_aside(decision)) == aside


def told(folder: Path, facts: dict[str, Any], *more: str) -> str:
    """The output of `why` for a case, in one line."""
    home = make_policy(folder, START + RULES, codes=TEAMS)
    path = folder / "case.json"
    path.write_text(json.dumps({"case_id": "c1", "policy": "tiny", "as_of": "2024-06-03", "facts": {**GOES, **facts}}))
    ran = whichteam("why", path, "--policy", home, *more)
    assert (ran.code, ran.err) == (0, "")
    return " ".join(ran.out.replace("│", " ").replace("└──", " ").replace("├──", " ").split())


def test_the_reasons_say_what_is_recorded(tmp_path: Path) -> None:
    said = told(tmp_path, {})
    assert (
        "The child may go [clause t2 (line 2)] The child is not cared for (looked after) now The need meets the threshold" in said
    )
    assert "recorded whether" not in said


def test_every_step_says_what_was_asked(tmp_path: Path) -> None:
    said = told(tmp_path, {}, "--full")
    assert "rule: ready_to_go :- recorded cared_for, threshold_met." in said
    assert "It is recorded whether the child is cared for (looked after) now [a rule of the house, tiny/rules.dl:10:16]" in said


def test_what_is_left_open_says_what_it_waits_for(tmp_path: Path) -> None:
    said = told(tmp_path, {"threshold_met": False})
    assert said.startswith("On 3 June 2024 it is not known who holds the child: Alpha or Beta.")
    taken = "a safeguarding or child protection concern (nobody recorded this; it is taken as so to see what follows)"
    assert f"There is no {taken[2:]}" in said
    assert f"The child may go [clause t2 (line 2)] There is {taken}" in said


def test_an_exception_that_only_removes_is_told(tmp_path: Path) -> None:
    said = told(tmp_path, {"unborn": True, "first_pregnancy": True, "homeless_or_at_risk": True})
    assert "Clause t4 (line 4) would take the case to Delta at the handover, but an exception comes first" in said
    assert "The exception applies [clause t5 (line 5)] The young person is homeless or at risk of becoming homeless" in said


@pytest.mark.parametrize("facts", [{}, {"threshold_met": False}, {"unborn": True, "first_pregnancy": True}])
def test_records_are_verified_apart(compiled: Program, facts: dict[str, Any]) -> None:
    decision = decide_exactly(compiled, case_of(compiled, {**GOES, **facts}), PyDatalog())
    record = json.loads(as_json(content_of(decision)))
    assert verify(record) == []
    written = {source["text"] for source in record["program"]["sources"]}
    assert {"ready_to_go :- recorded cared_for, threshold_met.", "recorded cared_for :- known cared_for."} <= written
