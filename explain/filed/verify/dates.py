"""Days as numbers, and what is counted from them: weeks, months, birthdays, working days in England."""

from __future__ import annotations

import calendar
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import date

EVEN = {"days": 1, "weeks": 7, "hours": 60}  # a date and time is moved by hours, as a number of minutes
FARTHEST = 100_000  # no policy counts more days, weeks, months or years


def day_of(text: str) -> int:
    """The number of a day."""
    return date.fromisoformat(text).toordinal()


def number(text: str | None) -> int | None:
    """The same, where a day may not be known."""
    return None if text is None else day_of(text)


def iso(day: int | None) -> str | None:
    """The day of a number, as 2024-09-03."""
    return None if day is None else date.fromordinal(day).isoformat()


def in_words(text: str) -> str:
    """A day as people write it: 3 September 2024."""
    day = date.fromisoformat(text)
    return f"{day.day} {calendar.month_name[day.month]} {day.year}"


def weekday_from(day: int, name: str) -> int:
    """The first day with the name of a weekday on or after a day."""
    names = [known.lower() for known in calendar.day_name]
    return day + (names.index(name) - date.fromordinal(day).weekday()) % 7


def shift(number: int, count: int, unit: str, holidays: Sequence[int]) -> int:
    """A day moved by days, working days, weeks, months or years; a birthday on 29 February falls on 1 March."""
    if abs(count) > FARTHEST:
        raise ValueError(f"{count} {unit} are more than any policy counts")
    if unit in EVEN:
        return number + count * EVEN[unit]
    day = date.fromordinal(number)
    if unit == "working days":
        return _working(number, count, holidays)
    if unit == "months":
        year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
        return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1])).toordinal()
    leap = (day.month, day.day) == (2, 29) and not calendar.isleap(day.year + count)
    return (date(day.year + count, 3, 1) if leap else day.replace(year=day.year + count)).toordinal()


def weekday_holidays(days: Sequence[str]) -> list[int]:
    """The holidays on a Monday to Friday, as numbers, each once and in order: what `shift` counts working days with."""
    return sorted({day for day in map(day_of, days) if date.fromordinal(day).weekday() < 5})


def _working(day: int, count: int, holidays: Sequence[int]) -> int:
    """A day moved by working days, found by halving, so that a record can't make it take long."""

    def worked(upto: int) -> int:  # working days from 1 January of the year 1, a Monday, to a day
        weeks, rest = divmod(upto, 7)
        return 5 * weeks + min(rest, 5) - bisect_right(holidays, upto)

    if count == 0:
        return day
    wanted = worked(day) + count if count > 0 else worked(day - 1) + count + 1
    return bisect_left(range(date.max.toordinal() + 1), wanted, key=worked)
