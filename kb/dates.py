"""Calendar arithmetic on day numbers (`date.toordinal`), as the policies need it.

Day 0 is the start day. Months keep the day of the month, or take the last one. Years are
birthdays: 29 February is reached on 1 March. Working days are Monday to Friday less the
bank holidays of England.
"""

from __future__ import annotations

import calendar
from datetime import date

from kb.cache import held, remember

MINUTES_A_DAY = 1440


@held()
def bank_holidays(year: int) -> frozenset[int]:
    """The bank holidays of England in a year, as day numbers."""
    from importlib.metadata import version

    key = f"bank holidays in England {year}, holidays {version('holidays')}"
    return remember(key, frozenset[int], lambda: _ask_library(year))


def _ask_library(year: int) -> frozenset[int]:
    import holidays  # imported here: it is heavy, and only working days of a new year need it

    return frozenset(day.toordinal() for day in holidays.country_holidays("GB", subdiv="ENG", years=year))


def bank_holidays_in(first: int, last: int) -> list[int]:
    """The bank holidays of England from one year to another (both included), in order, never from what was kept."""
    import holidays

    found = holidays.country_holidays("GB", subdiv="ENG", years=range(first, last + 1))
    return sorted(day.toordinal() for day in found)


def is_working_day(day: int) -> bool:
    """Whether a day number is Monday to Friday and no bank holiday in England."""
    when = date.fromordinal(day)
    return when.weekday() < 5 and day not in bank_holidays(when.year)


def add_working_days(day: int, count: int) -> int:
    """The day that many working days on (back, if negative)."""
    step = 1 if count > 0 else -1
    for _ in range(abs(count)):
        day += step
        while not is_working_day(day):
            day += step
    return day


def add_months(day: int, count: int) -> int:
    """Same day of the month, that many months on; the last day where the month is short."""
    when = date.fromordinal(day)
    months = when.year * 12 + when.month - 1 + count
    year, month = months // 12, months % 12 + 1
    last = calendar.monthrange(year, month)[1]
    return date(year, month, min(when.day, last)).toordinal()


def add_years(day: int, count: int) -> int:
    """The birthday that many years on; 29 February becomes 1 March in other years."""
    when = date.fromordinal(day)
    if when.month == 2 and when.day == 29 and not calendar.isleap(when.year + count):
        return date(when.year + count, 3, 1).toordinal()
    return when.replace(year=when.year + count).toordinal()


def shift(day: int, count: int, unit: str) -> int:
    """A day number moved by a count of days, working days, weeks, months or years; minutes moved by a count of hours."""
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
    """The first such weekday (Monday is 0) on or after a day number."""
    return day + (weekday - date.fromordinal(day).weekday()) % 7


def iso(day: int) -> str:
    """A day number as YYYY-MM-DD."""
    return date.fromordinal(day).isoformat()


def in_words(day: int) -> str:
    """A day number as in `3 September 2024`."""
    when = date.fromordinal(day)
    return f"{when.day} {calendar.month_name[when.month]} {when.year}"


def in_short(day: int) -> str:
    """A day number as in `3 Sep 2024`, for tables."""
    when = date.fromordinal(day)
    return f"{when.day} {calendar.month_abbr[when.month]} {when.year}"
