"""Concurrent cases do not mix: eight threads give the same answers as one."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields
from typing import Any

from kb.engines.pydatalog import PyDatalog
from kb.program import Program
from queries.decide import decide
from tests.strategies import blackpool, case

THREADS, EACH = 8, 60
DAYS = ("2024-08-30", "2024-09-02", "2024-09-03", "2024-09-10", True, False)
EVENTS = (
    "icpc_held_on", "threshold_decision_on", "first_hearing_held_on", "placed_on", "first_review_held_on",
    "assessment_completed_on", "section_37_report_requested_on", "police_protection_on",
)  # fmt: skip
FLAGS = ("threshold_met", "transfer_agreed", "transfer_discussion_held", "cared_for", "unborn", "safeguarding_concern")


def some_facts(number: int) -> dict[str, Any]:
    chance = random.Random(number)
    teams = [code.code for code in blackpool().policy.vocabulary.codes["team"]]
    found: dict[str, Any] = {name: chance.choice(DAYS) for name in EVENTS if chance.random() < 0.4}
    found |= {name: chance.random() < 0.5 for name in FLAGS if chance.random() < 0.6}
    return {**found, "team_on_record": chance.choice([*teams, "none"])}


def answer(program: Program, number: int, case_id: str) -> dict[str, Any]:
    """Every field of a decision except its cases and models."""
    decision = decide(program, case(program, some_facts(number), case_id), PyDatalog())
    assert decision.case.case_id == case_id
    return {
        f.name: str(getattr(decision, f.name)) for f in fields(decision) if f.repr and f.name not in ("case", "model", "branch")
    }


def test_threads_give_what_one_thread_gives() -> None:
    program = blackpool()
    expected = [answer(program, number, "x") for number in range(EACH)]
    assert len({str(found) for found in expected}) > EACH // 4

    def ask(thread: int) -> list[int]:
        """The cases whose answer differs, tried in a random order.

        Every other thread uses one id for all cases, the others an id for each.
        """
        numbers = list(range(EACH))
        random.Random(thread).shuffle(numbers)
        return [n for n in numbers if answer(program, n, "same" if thread % 2 else f"t{thread}-{n}") != expected[n]]

    with ThreadPoolExecutor(THREADS) as pool:
        assert list(pool.map(ask, range(THREADS))) == [[]] * THREADS
