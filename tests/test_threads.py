"""Cases asked at the same time do not mix: eight threads give what one gives."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from explain.record import decision_json
from kb.engines.pydatalog import PyDatalog
from kb.program import Program
from queries.decide import decide
from tests.strategies import blackpool, case

THREADS, EACH = 8, 200
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
    document = decision_json(decide(program, case(program, some_facts(number), case_id), PyDatalog()), proof=False)
    assert document.pop("case_id") == case_id
    return document


@pytest.mark.parametrize("same_id", [False, True], ids=["ids of their own", "one id"])
def test_threads_give_what_one_thread_gives(same_id: bool) -> None:
    program = blackpool()
    expected = [answer(program, number, "x") for number in range(EACH)]
    assert len({str(document) for document in expected}) > EACH // 4

    def ask(thread: int) -> list[int]:
        """The numbers of the cases, taken in an order of its own, whose answer differs."""
        numbers = list(range(EACH))
        random.Random(thread).shuffle(numbers)
        return [n for n in numbers if answer(program, n, "same" if same_id else f"t{thread}-{n}") != expected[n]]

    with ThreadPoolExecutor(THREADS) as pool:
        assert list(pool.map(ask, range(THREADS))) == [[]] * THREADS
