"""Cases and filed decisions that the tests of this folder share."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from explain.filed.as_json import as_json
from explain.filed.content import Confirmation, Content, Document, content_of
from kb.engines.pydatalog import PyDatalog
from queries.decide import Decision
from queries.exact import decide_exactly
from tests.helpers import case_of
from tests.strategies import blackpool

SCENARIOS = Path(__file__).parent.parent / "scenarios"
#: A decided case: a move by a conference, duties, somebody who attends.
HELD = {
    "team_on_record": "assessment_and_support_team",
    "icpc_required": True,
    "icpc_held_on": "2024-10-15",
    "icpc_outcome": "child_protection_plan",
    "transfer_discussion_held": True,
}
#: A case with deadlines, in calendar and working days, over a bank holiday.
TIMED = {
    "team_on_record": "assessment_and_support_team",
    "threshold_level": 3,
    "contact_received_on": "2024-08-01",
    "assessment_started_on": "2024-08-02",
    "checkpoint_10_held_on": "2024-08-13",
}
#: A case of three stints, with days on which nothing moved.
MOVED = {
    "date_of_birth": "2017-06-20",
    "team_on_record": "none",
    "previous_involvements": [],
    "contact_received_on": "2024-09-02",
    "threshold_level": 3,
    "threshold_met": True,
    "threshold_decision_on": "2024-09-03",
    "assessment_started_on": "2024-09-04",
    "icpc_required": True,
    "icpc_held_on": "2024-10-01",
    "icpc_outcome": "child_protection_plan",
}


def decided(facts: dict[str, Any], as_of: str = "2024-10-16") -> Decision:
    return decide_exactly(blackpool(), case_of(blackpool(), facts, as_of), PyDatalog())


def content(facts: dict[str, Any], confirmation: Confirmation | None = None, document: Document | None = None) -> Content:
    return content_of(decided(facts), confirmation, document)


@cache
def record_text(which: str) -> str:
    return as_json(content({"held": HELD, "timed": TIMED, "moved": MOVED}[which], Confirmation("A Manager", "2024-10-17")))


def record(which: str = "held") -> Any:
    """A sound filed decision; a new copy for each test."""
    return json.loads(record_text(which))


def scenarios() -> list[Any]:
    """About forty cases, taken at regular intervals from all scenario files."""
    files = sorted(SCENARIOS.glob("*.json"))
    found = [entry["case"] for path in files for entry in json.loads(path.read_text(encoding="utf-8")) if "case" in entry]
    return found[:: max(1, len(found) // 40)]
