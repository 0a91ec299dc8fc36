"""Limits in another order than listed, and limits without a start."""

from __future__ import annotations

from pathlib import Path

from tests.check.checks import MOVES, found
from tests.helpers import CODES

NAME = "limits"
LIMITS = (*CODES, ("deadline", "second_due", "second visit due"))
RULES = """@clause t4.
limit_in_days(visit_due, Start, {first}) :- known placed_on(Start).
@clause t5.
limit_in_days(second_due, Start, {second}) :- known placed_on(Start).
"""


def test_listed_first_and_falls_after(tmp_path: Path) -> None:
    (finding,) = found(NAME, tmp_path, MOVES + RULES.format(first=45, second=10), codes=LIMITS)
    assert finding.weight == "fault"
    assert finding.says == "“visit due” is listed before “second visit due” and falls after it."
    assert finding.clauses == ("t4", "t5")


def test_in_order_by_a_wide_margin(tmp_path: Path) -> None:
    assert found(NAME, tmp_path, MOVES + RULES.format(first=10, second=45), codes=LIMITS) == []


def test_never_starts(tmp_path: Path) -> None:
    rules = MOVES + "@clause t4.\nmet_by(visit_due, placed_on).\n"
    (finding,) = found(NAME, tmp_path, rules)
    assert (finding.weight, finding.says) == ("fault", "The limit “visit due” never starts: no rule gives its start or its date.")


#: The second runs from another day than the first, so which of the two falls first is open.
TWO_FOR_ONE = RULES.format(first=10, second=45).replace("placed_on(Start).\n@", "section_20_from(Start).\n@") + (
    "met_by(visit_due, icpc_held_on).\nmet_by(second_due, icpc_held_on).\n"
)


def test_two_limits_for_one_event(tmp_path: Path) -> None:
    (finding,) = found(NAME, tmp_path, MOVES + TWO_FOR_ONE, codes=LIMITS)
    assert (finding.weight, finding.clauses) == ("fault", ("t4", "t5"))
    both = "“visit due” and “second visit due” are two limits for the initial child protection conference"
    assert finding.says == f"{both} and can fall on different days."


def test_a_window_is_no_limit_to_be_kept(tmp_path: Path) -> None:
    assert found(NAME, tmp_path, MOVES + TWO_FOR_ONE + "window(second_due).\n", codes=LIMITS) == []
