"""Answers computed in columns equal the decision of each case, for random cases and every scenario."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks.random_table import random_steps, random_table
from kb.bulk.bits import unpack
from kb.bulk.table import CaseTable, from_cases
from kb.case import make_case
from kb.dates import iso
from kb.engines.bulk.columns import Columns
from kb.engines.forward import Forward
from kb.program import Program, solve
from queries.bulk.answers import Answers
from queries.bulk.caseload import DUE, KEPT, MISSED, NOT_DUE, OVERDUE, RECORD, TO_COME, Caseload, decide_caseload
from queries.decide import Decision, StintTold, decide, read_decision
from queries.load import load_program
from tests.helpers import case_of

SCENARIOS = Path(__file__).parent.parent / "scenarios"
CODES = {
    "unconfirmed_gates": ("unconfirmed", "gate"),
    "duties": ("duty", "duty"),
    "escalate_to": ("escalate_to", "escalation"),
    "findings": ("finding", "finding"),
}


def told(decision: Decision) -> dict[str, Any]:
    """A decision in the form of `said`, for comparison."""
    move = decision.transfer
    return {
        "status": decision.status,
        "team": decision.responsible_team,
        "possible": decision.possible_teams,
        "missing": decision.missing_facts,
        "move": (move.origin, move.to, move.point, move.status) if move else None,
        "on": move.on if move else None,
        "since": since(decision),
        "next": next(((*move_of(s), s.since) for s in decision.journey if s.status == "planned" and s.point is not None), None),
        "blocked_by": decision.blocked_by,
        "deadlines": [(d["due"], d["code"], d["day_count"], d["met"]) for d in decision.deadlines],
    }


def since(decision: Decision) -> int | None:
    """The first day of the present stint if its team is known."""
    present = next(stint for stint in decision.journey if stint.status == "present")
    return present.since


def move_of(stint: StintTold) -> tuple[str, str, str]:
    return stint.moves[0].origin, stint.moves[0].to, str(stint.moves[0].point)


def said(found: Caseload, row: int) -> dict[str, Any]:
    """The answer of one row of a caseload."""
    limits = found.deadlines
    span = range(int(limits.offsets[row]), int(limits.offsets[row + 1]))
    met = {KEPT: True, MISSED: False}
    deadlines = [(iso(int(limits.due[n])), *limits.kinds[limits.codes[n]], met.get(int(limits.state[n]))) for n in span]
    return {
        "status": found.statuses[found.status[row]],
        "team": found.teams[found.team[row]] if found.team[row] >= 0 else None,
        "possible": found.possible.of_case(row),
        "missing": found.missing.of_case(row),
        "move": found.moves[found.move[row]] if found.move[row] >= 0 else None,
        "on": iso(int(found.on[row])) if found.on[row] >= 0 else None,
        "since": int(found.since[row]) if found.since[row] >= 0 else None,
        "next": (*found.moves[found.next_move[row]][:3], int(found.next_on[row])) if found.next_move[row] >= 0 else None,
        "blocked_by": found.blocked_by.of_case(row),
        "deadlines": sorted(deadlines, key=lambda row: row[:3]),
    }


def decisions(program: Program, table: CaseTable) -> list[Decision]:
    return [decide(program, case, Forward()) for case in table.cases(program.policy.vocabulary)]


@pytest.mark.parametrize("policy", ["blackpool", "sefton"])
@pytest.mark.parametrize("unknown", [0.2, 0.6])
def test_random_cases(policy: str, unknown: float) -> None:
    """A few: `benchmarks.agree` compares thousands."""
    program = load_program(policy)
    table = random_table(program, 40, seed=41, unknown=unknown)
    found = decide_caseload(program, table, Columns(64))
    expected = decisions(program, table)
    assert [said(found, row) for row in range(len(table))] == [told(decision) for decision in expected]


@pytest.mark.parametrize("policy", ["blackpool", "sefton"])
def test_the_scenarios(policy: str) -> None:
    program = load_program(policy)
    documents = [s["case"] for s in json.loads((SCENARIOS / f"{policy}.json").read_text(encoding="utf-8"))]
    cases = [make_case(document, program.policy.vocabulary, "case") for document in documents]
    table = from_cases(cases, program.policy.vocabulary)
    found = decide_caseload(program, table, Columns())
    expected = decisions(program, table)
    assert [said(found, row) for row in range(len(cases))] == [told(decision) for decision in expected]


@pytest.mark.parametrize("policy", ["blackpool", "sefton"])
def test_codes_of_other_kinds(policy: str) -> None:
    program = load_program(policy)
    table = random_steps(program, 40, seed=43, unknown=0.4)
    expected = [read_decision(solve(program, case, Forward()), case) for case in table.cases(program.policy.vocabulary)]
    answers = Answers(next(iter(Columns().fire(program, table))))
    for field, (predicate, kind) in CODES.items():
        planes = answers.codes(predicate, kind)
        bits = {code: unpack(plane, len(table)) for code, plane in planes.items()}
        for row, decision in enumerate(expected):
            assert tuple(code for code in planes if bits[code][row]) == getattr(decision, field)


HELD = {"team_on_record": "assessment_and_support_team", "icpc_required": True, "icpc_outcome": "child_protection_plan"}


@pytest.mark.parametrize(
    ("facts", "differs", "due"),
    [
        ({"icpc_held_on": "2024-10-15"}, 1, RECORD),
        ({"icpc_held_on": "2024-10-15", "transfer_agreed": False}, 0, OVERDUE),
        ({"icpc_booked_for": "2024-10-20"}, 0, DUE),
        ({"icpc_booked_for": "2024-10-16"}, 0, DUE),
        ({"icpc_booked_for": "2024-10-15"}, 0, OVERDUE),
        ({"icpc_held_on": False}, 0, TO_COME),
        ({"team_on_record": "strengthening_and_supporting_families", "icpc_required": None}, 0, NOT_DUE),
        ({"team_on_record": None}, -1, NOT_DUE),
        ({**dict.fromkeys(HELD), "team_on_record": "none", "date_of_birth": "2015-02-11"}, 0, NOT_DUE),
    ],
)
def test_whether_record_and_policy_differ_and_how_far_the_transfer_is(facts: dict[str, Any], differs: int, due: int) -> None:
    program = load_program("blackpool")
    known = {name: value for name, value in {**HELD, **facts}.items() if value is not None}
    table = from_cases([case_of(program, known, "2024-10-16")], program.policy.vocabulary)
    found = decide_caseload(program, table, Columns())
    assert (found.differs.tolist(), found.due.tolist()) == ([differs], [due])


def test_no_cases() -> None:
    program = load_program("blackpool")
    assert len(decide_caseload(program, random_table(program, 0), Columns())) == 0
