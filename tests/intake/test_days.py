"""Days as files write them: read in one way only, or refused."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.intake.days import Habit, habit_of, to_day, zone_lost
from tests.strategies import laws

DAY = date(2024, 9, 3)
GOOD: list[Any] = [
    "03/09/2024",
    "3/9/2024",
    "03-09-2024",
    "03.09.2024",
    " 03/09/2024 ",
    "03/09/2024 00:00",
    "03/09/2024 14:30:00",
    "2024-09-03",
    "2024-09-03T00:00:00",
    "2024-09-03 00:00:00.000",
    "2024-09-03 00:00:00.0000000",
    "2024-09-03T00:00:00Z",
    "2024/09/03",
    "20240903",
    20240903,
    "3 September 2024",
    "3rd Sept 2024",
    "03-Sep-2024",
    45538,
    45538.0,
    45538.75,
    "45538",
    date(2024, 9, 3),
    datetime(2024, 9, 3, 16, 5),
]
NOTHING: list[Any] = [None, "", "  ", "NULL", "null", "#N/A", "1900-01-01", "1900-01-01 00:00:00.000", "01/01/1900", 0, 1, 2,
                      "-1", "SSD_PH", "PLACEHOLDER_DATA", "2300-01-01", "9999-12-31", "31/12/9999", datetime(1900, 1, 1),
                      datetime(9999, 12, 31), float("nan"), "Not known", "99/99/9999", "N/K", time(0, 0)]  # fmt: skip
BAD: list[tuple[Any, str]] = [
    ("09/25/2024", "`09/25/2024` has no month 25: month and day seem to be swapped; write it as 25/09/2024 or 2024-09-25"),
    ("31/02/2024", "`31/02/2024` is no day of the calendar; write it as 25/09/2024 or 2024-09-25"),
    ("2024-02-30", "`2024-02-30` is no day of the calendar; write it as 25/09/2024 or 2024-09-25"),
    ("03/09/24", "`03/09/24` is not a date; write it as 25/09/2024 or 2024-09-25"),
    ("next week", "`next week` is not a date; write it as 25/09/2024 or 2024-09-25"),
    ("03/09/1066", "`03/09/1066` is not between 1900 and 2200; correct the year"),
    (time(9, 30), "`09:30:00` is not a date; write it as 25/09/2024 or 2024-09-25"),
    (17, "`17` is a number, not a date; write it as 25/09/2024 or 2024-09-25"),
    (True, "`True` is not a date; write it as 25/09/2024 or 2024-09-25"),
]


@pytest.mark.parametrize("raw", GOOD, ids=repr)
def test_a_day_is_read(raw: Any) -> None:
    assert to_day(raw) == DAY.toordinal()


@pytest.mark.parametrize("raw", NOTHING, ids=repr)
def test_a_stand_in_is_nothing(raw: Any) -> None:
    assert to_day(raw) is None


@pytest.mark.parametrize(("raw", "message"), BAD, ids=[repr(raw) for raw, _ in BAD])
def test_what_is_no_day_is_refused(raw: Any, message: str) -> None:
    with pytest.raises(ValueError) as error:  # noqa: PT011 - the whole message is compared
        to_day(raw)
    assert str(error.value) == message


def test_a_column_with_the_month_first_is_not_guessed_at() -> None:
    american = habit_of(["04/25/2024", "03/09/2024", None, 45538])
    mixed = habit_of(["04/25/2024", "25/04/2024"])
    assert (american, mixed) == (Habit(True), Habit(False))
    with pytest.raises(ValueError, match="can be read two ways, and other dates here have the month first"):
        to_day("03/09/2024", american)
    assert to_day("03/09/2024", mixed) == DAY.toordinal()
    assert to_day("25/04/2024", american) == date(2024, 4, 25).toordinal()
    assert to_day("04/04/2024", american) == date(2024, 4, 4).toordinal()  # the same either way


def test_a_column_with_both_orders_is_not_guessed_at_unless_one_is_a_slip() -> None:
    both = ["04/25/2024", "05/26/2024", "25/04/2024"]
    assert [habit_of(both), habit_of(both[1:]), habit_of(["12/31/9999"])] == [Habit(True), Habit(False), Habit(False)]
    assert [habit_of(both + ["25/04/2024"] * more) for more in (38, 39)] == [Habit(True), Habit(False)]


SUMMER = ["2024-08-02 23:00:00", datetime(2024, 7, 2, 23), "2024-06-30T23:00:00.000"]
LOST: dict[str, tuple[list[Any], str]] = {
    "summer": (
        SUMMER,
        "all its 3 days in summer have the time 23:00 (2024-08-02 23:00, row 2), which is midnight of the next day in England",
    ),
    "and winter": (
        ["2024-02-03 00:00:00", *SUMMER, None, "2024-02-03", "NULL"],
        "all its 3 days in summer have the time 23:00 (2024-08-02 23:00, row 3), which is midnight of the next day in England",
    ),
    "two only": (SUMMER[:2], ""),
    "midnight in summer": ([*SUMMER, "2024-08-02 00:00:00"], ""),
    "a time of day": ([*SUMMER, "2024-08-02 23:05"], ""),
    "late in winter": ([*SUMMER, "2024-02-02 23:00"], ""),
    "with zones": ([f"{day}Z" for day in SUMMER if isinstance(day, str)] * 3, ""),
}


@pytest.mark.parametrize(("cells", "proof"), LOST.values(), ids=LOST.keys())
def test_times_of_another_zone_are_told_by_the_clock(cells: list[Any], proof: str) -> None:
    assert zone_lost(enumerate(cells, 2)) == proof


@laws(200)
@given(
    st.dates(date(1950, 1, 1), date(2150, 12, 31)),
    st.sampled_from(["%d/%m/%Y", "%Y-%m-%d", "%Y-%m-%d %H:%M:%S.000", "%Y%m%d", "%d %B %Y"]),
)
def test_a_day_written_in_any_form_comes_back(day: date, form: str) -> None:
    assert to_day(day.strftime(form)) == day.toordinal()


@laws(200)
@given(st.text(max_size=30))
def test_any_text_is_a_day_nothing_or_refused(text: str) -> None:
    try:
        found = to_day(text)
    except ValueError:
        return
    assert found is None or 1900 <= date.fromordinal(found).year <= 2200
