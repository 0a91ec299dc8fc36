"""Calendar arithmetic on ordinals (`date.toordinal`).

The start day is day 0. Adding months keeps the day of the month, or takes the last day of a shorter month. Adding years
gives birthdays: 29 February becomes 1 March in other years. Working days are Monday to Friday except the bank holidays of
England.
"""

from __future__ import annotations

import calendar
from datetime import date

from kb.cache import held, remember

MINUTES_A_DAY = 1440


@held()
def bank_holidays(year: int) -> frozenset[int]:
    """The bank holidays of England in a year, as ordinals."""
    from importlib.metadata import version

    key = f"bank holidays in England {year}, holidays {version('holidays')}"
    return remember(key, frozenset[int], lambda: _ask_library(year))


def _ask_library(year: int) -> frozenset[int]:
    import holidays  # slow to import, and needed only for years that are not cached

    return frozenset(day.toordinal() for day in holidays.country_holidays("GB", subdiv="ENG", years=year))


def bank_holidays_in(first: int, last: int) -> list[int]:
    """The bank holidays of England in the years `first` to `last` (inclusive), sorted. Computed without the cache on disk."""
    import holidays

    found = holidays.country_holidays("GB", subdiv="ENG", years=range(first, last + 1))
    return sorted(day.toordinal() for day in found)


def is_working_day(day: int) -> bool:
    """Whether a day is Monday to Friday and not a bank holiday in England."""
    when = date.fromordinal(day)
    return when.weekday() < 5 and day not in bank_holidays(when.year)


def add_working_days(day: int, count: int) -> int:
    """The day `count` working days later (earlier if negative)."""
    step = 1 if count > 0 else -1
    for _ in range(abs(count)):
        day += step
        while not is_working_day(day):
            day += step
    return day


def add_months(day: int, count: int) -> int:
    """The same day of the month `count` months later; the last day of the month if it is shorter."""
    when = date.fromordinal(day)
    months = when.year * 12 + when.month - 1 + count
    year, month = months // 12, months % 12 + 1
    last = calendar.monthrange(year, month)[1]
    return date(year, month, min(when.day, last)).toordinal()


def add_years(day: int, count: int) -> int:
    """The birthday `count` years later; 29 February becomes 1 March in other years."""
    when = date.fromordinal(day)
    if when.month == 2 and when.day == 29 and not calendar.isleap(when.year + count):
        return date(when.year + count, 3, 1).toordinal()
    return when.replace(year=when.year + count).toordinal()


def shift(day: int, count: int, unit: str) -> int:
    """A day `count` units later: days, working days, weeks, months or years; minutes `count` hours later."""
    if unit == "hours":
        return day + 60 * count
    if unit == "days":
        return day + count
    if unit == "working days":
        return add_working_days(day, count)
    if unit == "weeks":
        return day + 7 * count
    if unit == "months":
        return add_months(day, count)
    return add_years(day, count)


def on_or_after(weekday: int, day: int) -> int:
    """The first such weekday (Monday is 0) on or after a day."""
    return day + (weekday - date.fromordinal(day).weekday()) % 7


def iso(day: int) -> str:
    """A day as YYYY-MM-DD."""
    return date.fromordinal(day).isoformat()


def in_words(day: int) -> str:
    """A day as in `3 September 2024`."""
    when = date.fromordinal(day)
    return f"{when.day} {calendar.month_name[when.month]} {when.year}"


def in_short(day: int) -> str:
    """A day as in `3 Sep 2024`, for tables."""
    when = date.fromordinal(day)
    return f"{when.day} {calendar.month_abbr[when.month]} {when.year}"
