"""Hours, limits with a time of day, and limits that come again and again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from explain.words import Words
from kb.bulk import dates as bulk
from kb.dates import shift
from kb.engines.forward import Forward
from kb.engines.pydatalog import PyDatalog
from kb.language.model import HOURS
from queries.decide import decide
from tests.helpers import START, case_of, faults, program

CALL = ("called_at", "datetime", "", "the call", "the call came on {Value}", "the call did not come on {Value}", "When?")
REVIEW = ("review_held_on", "event", "", "the review", "it was reviewed", "it was not reviewed", "When was it reviewed?")
TIMED = START + (
    "@clause t2.\nlimit_at(visit_due, Called + 36 hours) :- known called_at(Called).\nmet_by(visit_due, review_held_on).\n"
)


def due(folder: Path, rules: str, facts: dict[str, Any], as_of: str = "2024-06-03") -> list[tuple[str, Any]]:
    """The days of all limits and whether they were kept, by both engines for one case."""
    compiled = program(folder, rules, facts=[CALL, REVIEW] if "called_at" in rules else [REVIEW])
    case = case_of(compiled, {"team_on_record": "alpha", **facts}, as_of)
    found, same = (decide(compiled, case, engine).deadlines for engine in (PyDatalog(), Forward()))
    assert found == same
    return [(row["due"], row["met"]) for row in found]


@pytest.mark.parametrize("hours", [0, 1, 36, 10_000, -5])
def test_hours_move_minutes(hours: int) -> None:
    minutes = 738_000 * 1440 + 22 * 60 + 30
    assert shift(minutes, hours, HOURS) == minutes + 60 * hours
    assert bulk.shift(np.array([minutes]), hours, HOURS)[0] == minutes + 60 * hours


def test_a_limit_by_the_hour(tmp_path: Path) -> None:
    assert due(tmp_path, TIMED, {"called_at": "2024-06-01T22:30"}) == [("2024-06-03T10:30", None)]


def test_nine_on_the_next_working_day(tmp_path: Path) -> None:
    """From a Friday before a bank holiday."""
    rules = TIMED.replace("Called + 36 hours", "day(Called) + 1 working days at 09:00")
    assert due(tmp_path, rules, {"called_at": "2024-05-24T23:59"}) == [("2024-05-28T09:00", None)]


@pytest.mark.parametrize(
    ("seen", "met"),
    [("2024-06-02", True), ("2024-06-03", None), ("2024-06-04", False)],
)
def test_on_the_day_itself_it_is_not_known_whether_it_was_kept(tmp_path: Path, seen: str, met: bool | None) -> None:
    facts = {"called_at": "2024-06-01T22:30", "review_held_on": seen}
    assert due(tmp_path, TIMED, facts, "2024-06-10") == [("2024-06-03T10:30", met)]


def test_hours_read_as_hours(tmp_path: Path) -> None:
    words = Words(program(tmp_path, TIMED, facts=[CALL, REVIEW]))
    (atom,) = [rule.head for rule in words.program.ground if rule.head.predicate == "limit_at"]
    assert words.value(atom.args[1]) == "36 hours after the call"


AGAIN = START + (
    "@clause t2.\nlimit(visit_due, Start + 3 months) :- known placed_on(Start).\n"
    "limit(visit_due, Last + 6 months) :- known review_held_on(Last).\n"
    "recurring(visit_due).\nmet_by(visit_due, review_held_on).\n"
)


@pytest.mark.parametrize(
    ("facts", "as_of", "expected"),
    [
        ({}, "2024-06-03", []),
        ({"placed_on": "2024-05-01"}, "2024-06-03", [("2024-08-01", None)]),
        ({"placed_on": "2024-05-01", "review_held_on": "2024-07-10"}, "2024-07-20", [("2025-01-10", None)]),
        ({"placed_on": "2024-05-01", "review_held_on": ["2024-07-10", "2024-12-01"]}, "2024-12-20", [("2025-06-01", None)]),
        # a review of an earlier time: the later of the two days counts
        ({"placed_on": "2024-05-01", "review_held_on": "2024-01-02"}, "2024-06-03", [("2024-08-01", None)]),
        ({"placed_on": "2024-05-01", "review_held_on": False}, "2024-09-01", [("2024-08-01", False)]),
    ],
)
def test_of_a_recurring_limit_one_day_counts(
    tmp_path: Path, facts: dict[str, Any], as_of: str, expected: list[tuple[str, Any]]
) -> None:
    assert due(tmp_path, AGAIN, facts, as_of) == expected


def test_without_the_word_every_day_is_told(tmp_path: Path) -> None:
    rules = AGAIN.replace("recurring(visit_due).\n", "")
    facts = {"placed_on": "2024-05-01", "review_held_on": "2024-07-10"}
    assert due(tmp_path, rules, facts, "2024-07-20") == [("2024-08-01", True), ("2025-01-10", True)]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (
            "limit(visit_due, Called + 36 hours) :- known called_at(Called).",
            "`Called + 36 hours` is a date and time, but `limit` takes a date here\n"
            "    conclude `limit_at` for a limit with a time of day",
        ),
        (
            "limit_at(visit_due, Placed + 36 hours) :- known placed_on(Placed).",
            "`Placed + 36 hours` needs a date and time, but `Placed` is a date\n"
            "    write for example `Placed at 09:00` for a time of it",
        ),
        (
            "limit(visit_due, Called + 3 days) :- known called_at(Called).",
            "`Called + 3 days` needs a date, but `Called` is a date and time\n    write `day(Called)` for its day",
        ),
    ],
)
def test_days_and_times_are_kept_apart(tmp_path: Path, rule: str, expected: str) -> None:
    found = faults(tmp_path, f"{START}@clause t2.\n{rule}\n", facts=[CALL])
    assert f"tiny/rules.dl:4:1: {expected}" in found
