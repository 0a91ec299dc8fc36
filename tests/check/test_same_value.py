"""Numbers that two rules claim from both sides, or leave out."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.check.checks import MOVES, found

NAME = "same-value"
RULES = """predicate small "it is small" not "it is not small".
predicate large "it is large" not "it is not large".
@clause t4.
small :- known gestation_weeks(N), known N {low} 12, not known large.
@clause t5.
large :- known gestation_weeks(N), known N {high} 12.
duty(call_back) :- known small.
duty(call_back) :- known large.
"""


@pytest.mark.parametrize(
    ("low", "high", "weight", "says"),
    [
        ("<=", ">=", "fault", "Two rules that conclude different things both claim the value 12 of “{label}”."),
        ("<", ">", "gap", "Two rules that conclude different things both leave out the value 12 of “{label}”."),
    ],
)
def test_an_edge_that_both_claim_or_leave_out(low: str, high: str, weight: str, says: str, tmp_path: Path) -> None:
    (finding,) = found(NAME, tmp_path, MOVES + RULES.format(low=low, high=high))
    assert (finding.weight, finding.clauses) == (weight, ("t4", "t5"))
    assert finding.says == says.format(label="the number of complete weeks of pregnancy on the day of contact")
    assert [place.split(":")[0] for place in finding.where] == ["tiny/rules.dl", "tiny/rules.dl"]


@pytest.mark.parametrize(("low", "high"), [("<", ">="), ("<=", ">")])
def test_an_edge_that_one_of_them_has(low: str, high: str, tmp_path: Path) -> None:
    assert found(NAME, tmp_path, MOVES + RULES.format(low=low, high=high)) == []


def test_the_same_conclusion_may_claim_it_twice(tmp_path: Path) -> None:
    rules = "@clause t4.\nduty(call_back) :- known gestation_weeks(N), known N <= 12.\n"
    assert found(NAME, tmp_path, MOVES + rules + rules.replace("<=", ">=").replace("t4", "t5")) == []
