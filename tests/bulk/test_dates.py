"""Shifting arrays of dates: every day of some years, compared with the arithmetic for one day."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from kb.bulk import dates
from kb.dates import on_or_after, shift

DAYS = np.arange(date(2019, 12, 1).toordinal(), date(2025, 3, 2).toordinal())


@pytest.mark.parametrize("unit", ["days", "weeks", "months", "years"])
@pytest.mark.parametrize("count", [-400, -13, -1, 0, 1, 2, 11, 12, 18, 25])
def test_every_day_moves_as_one_day_does(unit: str, count: int) -> None:
    assert dates.shift(DAYS, count, unit).tolist() == [shift(day, count, unit) for day in DAYS.tolist()]


@pytest.mark.parametrize("count", [-25, -10, -1, 0, 1, 2, 5, 10, 45])
def test_working_days_leave_out_weekends_and_bank_holidays(count: int) -> None:
    days = DAYS[::3]
    expected = [shift(day, count, "working days") for day in days.tolist()]
    assert dates.shift(days, count, "working days").tolist() == expected


def test_known_days() -> None:
    def moved(day: str, count: int, unit: str) -> str:
        found = dates.shift(np.array([date.fromisoformat(day).toordinal()]), count, unit)
        return date.fromordinal(int(found[0])).isoformat()

    assert moved("2024-01-31", 1, "months") == "2024-02-29"
    assert moved("2023-01-31", 1, "months") == "2023-02-28"
    assert moved("2008-02-29", 16, "years") == "2024-02-29"
    assert moved("2008-02-29", 18, "years") == "2026-03-01"
    assert moved("2024-12-24", 1, "working days") == "2024-12-27"  # Christmas Day and Boxing Day are bank holidays


@pytest.mark.parametrize("weekday", range(7))
def test_the_next_weekday(weekday: int) -> None:
    assert dates.on_or_after(weekday, DAYS).tolist() == [on_or_after(weekday, day) for day in DAYS.tolist()]


def test_no_days_stay_none() -> None:
    assert dates.shift(np.zeros(0, np.int64), 3, "working days").tolist() == []
