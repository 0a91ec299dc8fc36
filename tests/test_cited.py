"""The clauses that an answer cites: those that decide, all of several with the same effect, and no others."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from explain.decision_json import decision_json
from kb.engines.pydatalog import PyDatalog
from kb.program import Program
from queries.decide import decide
from tests.helpers import START, case_of, program

#: t2 and t3 give the same move; t4 a further one. The first duty has two grounds; the second only t6.
RULES = (
    START
    + """@clause t2.
route(alpha, beta, handover) :- known cared_for.
point_event(handover, handover_on).
@clause t3.
route(alpha, beta, handover) :- known child_disabled.
@clause t4.
route(beta, gamma, goodbye) :- known assessment_completed_on(_).
point_event(goodbye, assessment_completed_on).
@clause t5.
duty(call_back) :- known plan_smart.
@clause t6.
duty(call_back) :- known risks_recorded, known unlikely.
predicate unlikely
  "it is unlikely"
  not "it is not unlikely".
@clause t7.
unlikely :- known safeguarding_concern.
@clause t8.
unlikely :- known homeless_or_at_risk.
"""
)


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Program:
    folder: Path = tmp_path_factory.mktemp("cited")
    return program(folder, RULES)


MOVED = {"team_on_record": "alpha", "handover_on": "2024-05-01", "cared_for": True}
ONWARD = {**MOVED, "assessment_completed_on": "2024-05-20"}


@pytest.mark.parametrize(
    ("facts", "cited"),
    [
        (MOVED, ["t2"]),
        ({**MOVED, "child_disabled": False}, ["t2"]),
        ({**MOVED, "child_disabled": True}, ["t2", "t3"]),
        ({**MOVED, "cared_for": False, "child_disabled": True}, ["t2", "t3"]),  # t2 still says what the event is
        (ONWARD, ["t2", "t4"]),
        ({**ONWARD, "child_disabled": True}, ["t2", "t3", "t4"]),
        ({**MOVED, "plan_smart": True}, ["t2", "t5"]),
        # Of two proofs of an intermediate conclusion, one is enough.
        ({**MOVED, "risks_recorded": True, "safeguarding_concern": True, "homeless_or_at_risk": True}, ["t2", "t6", "t7"]),
        ({**MOVED, "plan_smart": True, "risks_recorded": True, "safeguarding_concern": True}, ["t2", "t5", "t6"]),
        ({**MOVED, "plan_smart": True, "risks_recorded": True, "safeguarding_concern": False}, ["t2", "t5"]),
    ],
)
def test_clauses_that_are_cited(compiled: Program, facts: dict[str, Any], cited: list[str]) -> None:
    decision = decide(compiled, case_of(compiled, facts), PyDatalog())
    assert [clause["id"] for clause in decision_json(decision, proof=False)["clauses"]] == cited


#: t2 hangs on facts that t3 and t4 may take away; t5 is a check of the move.
HANGING = (
    START
    + """@clause t2.
route(alpha, beta, handover) :- cared_for, not staying.
point_event(handover, handover_on).
predicate staying
  "the child stays"
  not "the child does not stay".
@clause t3.
staying :- child_disabled.
@clause t4.
staying :- safeguarding_concern.
@clause t5.
gate(alpha, handover, papers_ready).
gate_met(papers_ready) :- record_up_to_date.
"""
)
READY = {"record_up_to_date": True}
NOT_KEPT = {"child_disabled": False, "safeguarding_concern": False}


@pytest.mark.parametrize(
    ("facts", "status", "cited"),
    [
        ({**MOVED, **NOT_KEPT, **READY}, "decided", ["t2", "t5"]),  # the move rests on its check, which is met
        ({**MOVED, **NOT_KEPT}, "decided", ["t2", "t5"]),  # or not recorded
        ({"team_on_record": "alpha", **READY}, "decided", ["t2"]),  # no move was made, so its check is no ground
        ({**MOVED, **NOT_KEPT, **READY, "cared_for": None}, "unknown", ["t2"]),  # t3 and t4 are ruled out
        ({**MOVED, **NOT_KEPT, **READY, "child_disabled": None}, "unknown", ["t2", "t3"]),
    ],
)
def test_clauses_of_checks_and_of_open_answers(tmp_path: Path, facts: dict[str, Any], status: str, cited: list[str]) -> None:
    compiled = program(tmp_path, HANGING)
    decision = decide(compiled, case_of(compiled, {k: v for k, v in facts.items() if v is not None}), PyDatalog())
    assert (decision.status, [clause["id"] for clause in decision_json(decision, proof=False)["clauses"]]) == (status, cited)
