"""The calendar arithmetic of `kb.dates` for arrays of ordinals, with the same results.

A shift depends only on the day, so it is computed once for each day of the range that occurs and then looked up.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from kb.dates import bank_holidays

Days = NDArray[Any]

_EPOCH = 719163  # date(1970, 1, 1).toordinal(), day 0 of numpy's calendar


def shift(days: Days, count: int, unit: str) -> Days:
    """Ordinals shifted by `count` units: days, working days, weeks, months or years; minutes shifted by `count` hours."""
    if unit == "hours":
        return days + 60 * count
    if unit == "days":
        return days + count
    if unit == "weeks":
        return days + 7 * count
    if unit == "months":
        return _add_months(days, count)
    if unit == "years":
        return _add_years(days, count)
    return _add_working_days(days, count)


def on_or_after(weekday: int, days: Days) -> Days:
    """The first such weekday (Monday is 0) on or after each day."""
    moved: Days = days + (weekday - (days - 1)) % 7
    return moved


def _add_months(days: Days, count: int) -> Days:
    months, day = _month_and_day(days)
    start = _first_of(months + count)
    length = _first_of(months + count + 1) - start
    return np.asarray(start + np.minimum(day, length) - 1)


def _add_years(days: Days, count: int) -> Days:
    months, day = _month_and_day(days)
    return _first_of(months + 12 * count) + day - 1  # 29 February becomes 1 March


def _month_and_day(days: Days) -> tuple[Days, Days]:
    """Months since January 1970, and the day of the month."""
    months: Days = np.asarray((days - _EPOCH).astype("datetime64[D]").astype("datetime64[M]").astype(np.int64))
    return months, days - _first_of(months) + 1


def _first_of(months: Days) -> Days:
    return np.asarray(months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64) + _EPOCH)


def _add_working_days(days: Days, count: int) -> Days:
    if not len(days) or not count:
        return days
    margin = 2 * abs(count) + 30  # more than half of all days are working days, except over some two weeks
    first, last = int(days.min()) - margin, int(days.max()) + margin
    every = np.arange(first, last + 1)
    working = every[(every - 1) % 7 < 5]
    years = range(_year(first), _year(last) + 1)
    free = np.array([day for year in years for day in bank_holidays(year)], np.int64)
    working = working[~np.isin(working, free)]
    if count > 0:
        return np.asarray(working[np.searchsorted(working, days, side="right") + count - 1])
    return np.asarray(working[np.searchsorted(working, days, side="left") + count])


def _year(day: int) -> int:
    return int(np.datetime64(day - _EPOCH, "D").astype("datetime64[Y]").astype(int)) + 1970
