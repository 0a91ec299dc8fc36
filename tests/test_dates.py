"""Calendar arithmetic: compared with days counted by hand, and properties of any day."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.dates import add_months, add_working_days, add_years, in_words, is_working_day, iso, on_or_after, shift
from kb.program import Program
from queries.decide import read_decision
from tests.helpers import START, case_of, holding, model, program

laws = settings(max_examples=100, derandomize=True, deadline=None, database=None)
days = st.integers(date(1990, 1, 1).toordinal(), date(2060, 12, 31).toordinal())


def day(text: str) -> int:
    return date.fromisoformat(text).toordinal()


@pytest.mark.parametrize(
    ("start", "count", "expected"),
    [
        ("2024-01-31", 1, "2024-02-29"),
        ("2023-01-31", 1, "2023-02-28"),
        ("2024-01-30", 1, "2024-02-29"),
        ("2024-01-29", 1, "2024-02-29"),
        ("2024-01-28", 1, "2024-02-28"),
        ("2024-02-29", 1, "2024-03-29"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-08-31", 6, "2025-02-28"),
        ("2024-08-31", 3, "2024-11-30"),
        ("2024-12-15", 1, "2025-01-15"),
        ("2024-11-30", 3, "2025-02-28"),
        ("2024-03-31", -1, "2024-02-29"),
        ("2024-01-15", -1, "2023-12-15"),
        ("2024-01-31", 0, "2024-01-31"),
        ("2100-01-31", 1, "2100-02-28"),
    ],
)
def test_months(start: str, count: int, expected: str) -> None:
    assert iso(add_months(day(start), count)) == expected


@pytest.mark.parametrize(
    ("born", "age", "expected"),
    [
        ("2006-09-03", 18, "2024-09-03"),
        ("2008-02-29", 16, "2024-02-29"),
        ("2008-02-29", 17, "2025-03-01"),
        ("2008-02-29", 18, "2026-03-01"),
        ("2008-02-28", 18, "2026-02-28"),
        ("2008-03-01", 18, "2026-03-01"),
        ("2096-02-29", 4, "2100-03-01"),
    ],
)
def test_birthdays(born: str, age: int, expected: str) -> None:
    assert iso(add_years(day(born), age)) == expected


@pytest.mark.parametrize(
    ("start", "count", "expected"),
    [
        # Christmas 2024: holidays on Wednesday 25 and Thursday 26 December and Wednesday 1 January
        ("2024-12-24", 1, "2024-12-27"),
        ("2024-12-24", 2, "2024-12-30"),
        ("2024-12-24", 3, "2024-12-31"),
        ("2024-12-24", 4, "2025-01-02"),
        ("2024-12-25", 1, "2024-12-27"),
        ("2024-12-27", -1, "2024-12-24"),
        # Christmas 2021 fell on a weekend: Monday 27 and Tuesday 28 December, and Monday 3 January
        ("2021-12-24", 1, "2021-12-29"),
        ("2021-12-24", 3, "2021-12-31"),
        ("2021-12-24", 4, "2022-01-04"),
        # Christmas Day 2022 was a Sunday: Monday 26 and Tuesday 27 December
        ("2022-12-23", 1, "2022-12-28"),
        # Easter 2024: Friday 29 March and Monday 1 April
        ("2024-03-28", 1, "2024-04-02"),
        ("2024-03-27", 1, "2024-03-28"),
        ("2024-04-02", -1, "2024-03-28"),
        # holidays of one year only
        ("2020-05-07", 1, "2020-05-11"),
        ("2020-05-01", 1, "2020-05-04"),
        ("2022-06-01", 1, "2022-06-06"),
        ("2022-09-16", 1, "2022-09-20"),
        ("2023-05-05", 1, "2023-05-09"),
        # no holiday between: weeks of five days
        ("2024-09-03", 10, "2024-09-17"),
        ("2024-09-03", 45, "2024-11-05"),
        ("2024-09-07", 1, "2024-09-09"),
        ("2024-09-07", 0, "2024-09-07"),
        # St Andrew's Day and 2 January are holidays in Scotland only, 12 July in Northern Ireland only
        ("2024-11-29", 1, "2024-12-02"),
        ("2025-01-01", 1, "2025-01-02"),
        ("2024-07-11", 1, "2024-07-12"),
    ],
)
def test_working_days(start: str, count: int, expected: str) -> None:
    assert iso(add_working_days(day(start), count)) == expected


@pytest.mark.parametrize(
    ("weekday", "start", "expected"),
    [
        (0, "2024-09-02", "2024-09-02"),
        (0, "2024-09-03", "2024-09-09"),
        (6, "2024-09-02", "2024-09-08"),
        (1, "2024-09-02", "2024-09-03"),
    ],
)
def test_on_or_after(weekday: int, start: str, expected: str) -> None:
    assert iso(on_or_after(weekday, day(start))) == expected


def test_in_words() -> None:
    assert (in_words(day("2024-09-03")), in_words(day("2024-12-31"))) == ("3 September 2024", "31 December 2024")


@laws
@given(days, st.integers(1, 60))
def test_so_many_working_days_lie_in_between(start: int, count: int) -> None:
    end = add_working_days(start, count)
    assert is_working_day(end)
    assert sum(is_working_day(d) for d in range(start + 1, end + 1)) == count


@laws
@given(days, st.integers(1, 60))
def test_working_days_lead_back(start: int, count: int) -> None:
    first = add_working_days(start, 1)
    assert add_working_days(add_working_days(first, count), -count) == first


@laws
@given(days, st.integers(0, 60))
def test_a_later_start_ends_no_earlier(start: int, count: int) -> None:
    for unit in ("days", "working days", "weeks", "months", "years"):
        assert shift(start, count, unit) <= shift(start + 1, count, unit)


@laws
@given(days)
def test_no_weekend_is_a_working_day(start: int) -> None:
    assert not (is_working_day(start) and date.fromordinal(start).weekday() >= 5)


@laws
@given(days, st.integers(-240, 240))
def test_months_end_in_the_right_month(start: int, count: int) -> None:
    before, after = date.fromordinal(start), date.fromordinal(add_months(start, count))
    assert after.year * 12 + after.month == before.year * 12 + before.month + count
    assert after.day == before.day or (after.day < before.day and (after + timedelta(1)).day == 1)


@laws
@given(days, st.integers(0, 30))
def test_a_birthday_is_the_first_day_of_that_age(born: int, age: int) -> None:
    """Counted independently: how often the day of the year of the birth has been reached."""
    when = date.fromordinal(born)

    def years_old(on: date) -> int:
        return on.year - when.year - ((on.month, on.day) < (when.month, when.day))

    birthday = date.fromordinal(add_years(born, age))
    assert years_old(birthday) == age
    assert age == 0 or years_old(birthday - timedelta(1)) == age - 1


@laws
@given(days, st.integers(0, 6))
def test_the_weekday_comes_within_a_week(start: int, weekday: int) -> None:
    found = on_or_after(weekday, start)
    assert 0 <= found - start <= 6
    assert date.fromordinal(found).weekday() == weekday


# Boundaries in rules ----------------------------------------------------------------------


def test_an_age_is_reached_on_the_birthday(tmp_path: Path) -> None:
    adult = program(tmp_path, START + "finding(odd) :- date_of_birth(Born), Born + 18 years <= as_of.")
    for born, as_of, reached in [
        ("2006-09-03", "2024-09-02", False),
        ("2006-09-03", "2024-09-03", True),
        ("2008-02-29", "2026-02-28", False),
        ("2008-02-29", "2026-03-01", True),
    ]:
        assert bool(holding(model(adult, {"date_of_birth": born}, as_of), "finding")) is reached


def test_a_time_of_day_is_a_bound_that_counts_itself(tmp_path: Path) -> None:
    late = program(tmp_path, START + "finding(odd) :- transfer_record_sent_at(Sent), Sent > on_or_after(monday, as_of) at 10:00.")
    for sent, found in [("2024-06-03T10:00", False), ("2024-06-03T10:01", True), ("2024-06-03T10:00:59", False)]:
        assert bool(holding(model(late, {"transfer_record_sent_at": sent}), "finding")) is found


@pytest.fixture(scope="module")
def limited(tmp_path_factory: pytest.TempPathFactory) -> Program:
    rules = START + "limit_in_days(visit_due, Start, 10) :- contact_received_on(Start).\nmet_by(visit_due, icpc_held_on)."
    return program(tmp_path_factory.mktemp("limited"), rules)


@pytest.mark.parametrize(
    ("held", "as_of", "calendar", "working"),
    [
        # ten days from Monday 20 May 2024: 30 May; ten working days, less the bank holiday of 27 May: 4 June
        ("2024-05-30", "2024-06-20", True, True),
        ("2024-05-31", "2024-06-20", False, True),
        ("2024-06-04", "2024-06-20", False, True),
        ("2024-06-05", "2024-06-20", False, False),
        (None, "2024-06-20", None, None),
        (False, "2024-05-30", None, None),
        (False, "2024-05-31", False, None),
        (False, "2024-06-04", False, None),
        (False, "2024-06-05", False, False),
        (True, "2024-06-20", None, None),
        ("2024-06-19", "2024-05-30", None, None),
        ("2024-06-19", "2024-05-31", False, None),
    ],
)
def test_limits(limited: Program, held: object, as_of: str, calendar: bool | None, working: bool | None) -> None:
    facts = {"contact_received_on": "2024-05-20", "icpc_held_on": held, "team_on_record": "alpha"}
    case = case_of(limited, facts, as_of)
    decision = read_decision(model(limited, facts, as_of), case)
    assert list(decision.deadlines) == [
        {"code": "visit_due", "due": "2024-05-30", "day_count": "calendar", "met": calendar},
        {"code": "visit_due", "due": "2024-06-04", "day_count": "working", "met": working},
    ]
