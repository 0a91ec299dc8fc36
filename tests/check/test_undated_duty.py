"""Duties of binding clauses without a time limit."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.check.checks import MOVES, found
from tests.helpers import START

NAME = "undated-duty"
DUTY = "@clause t4.\nduty(call_back) :- known unborn, not known transfer_summary_complete, not known placed_on(_).\n"
MUST = tuple((f"t{n}", str(n), "duty", "must", "A duty.") for n in range(1, 6))


def test_no_limit(tmp_path: Path) -> None:
    (finding,) = found(NAME, tmp_path, MOVES + DUTY, clauses=MUST[:4])
    assert finding.says == "No clause sets a date or a number of days for this duty: call back."
    assert (finding.weight, finding.clauses, finding.case) == ("note", ("t4",), None)


@pytest.mark.parametrize(
    "limit",
    [
        "limit_in_days(visit_due, Start, 5) :- known icpc_held_on(Start).",
        "@clause t5.\nlimit_in_days(visit_due, Start, 5) :- known icpc_held_on(Start).\nmet_by(visit_due, placed_on).",
    ],
    ids=["under the same clause", "kept by the event that ends the duty"],
)
def test_a_limit(tmp_path: Path, limit: str) -> None:
    clauses = MUST if "t5" in limit else MUST[:4]
    assert found(NAME, tmp_path, f"{MOVES}{DUTY}{limit}\n", clauses=clauses) == []


def test_a_birthday_is_a_date(tmp_path: Path) -> None:
    rule = "@clause t2.\nduty(call_back) :- known date_of_birth(Born), known as_of >= Born + 16 years.\n"
    assert found(NAME, tmp_path, START + rule, clauses=MUST[:2]) == []


def test_a_clause_that_permits(tmp_path: Path) -> None:
    may = (*MUST[:3], ("t4", "4", "duty", "may", "A duty."))
    assert found(NAME, tmp_path, MOVES + DUTY, clauses=may) == []
