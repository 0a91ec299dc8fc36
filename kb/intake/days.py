"""Days as councils' files write them. What could be read in two ways is refused, not guessed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from kb.case import EARLIEST, LATEST
from kb.intake.nulls import is_null, is_null_day

EXPECTED = "write it as 25/09/2024 or 2024-09-25"
_SERIALS = (7_000, 80_000)  # days of a spreadsheet from 1919 to 2119; a smaller number is no date
_EPOCH = date(1899, 12, 30)
_TIME = r"(?:[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s*(?:[ap]m)?(?:Z|[+-]\d{2}:?\d{2})?)?"
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})" + _TIME, re.IGNORECASE)
_BRITISH = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})" + _TIME, re.IGNORECASE)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_WORDS = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[ -]([a-z]{3,9})[ ,-]*(\d{4})" + _TIME, re.IGNORECASE)
_SERIAL = re.compile(r"(\d{4,5})(?:\.\d+)?")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


@dataclass(frozen=True, slots=True)
class Habit:
    """How a column writes days: `month_first` where only that reading fits what stands in it."""

    month_first: bool = False


def habit_of(cells: Iterable[Any]) -> Habit:
    """The habit of a column, from the cells that only one reading fits."""
    day_first = month_first = False
    for raw in cells:
        match = _BRITISH.fullmatch(raw.strip()) if isinstance(raw, str) else None
        if match:
            first, second = int(match[1]), int(match[2])
            day_first |= 12 < first <= 31
            month_first |= first <= 12 < second <= 31
    return Habit(month_first and not day_first)


def to_day(raw: Any, habit: Habit = Habit()) -> int | None:
    """The day number of a cell, or None where it says nothing.

    Errors: ValueError with what was found and expected.
    """
    if is_null(raw):
        return None
    if isinstance(raw, datetime):
        return _checked(raw.date(), raw)
    if isinstance(raw, date):
        return _checked(raw, raw)
    if isinstance(raw, bool):
        raise ValueError(f"`{raw}` is not a date; {EXPECTED}")
    if isinstance(raw, (int, float)):
        return _serial(float(raw), raw)
    return _text(str(raw).strip(), habit)


def _text(text: str, habit: Habit) -> int | None:
    if match := _ISO.fullmatch(text):
        return _day(int(match[1]), int(match[2]), int(match[3]), text)
    if match := _BRITISH.fullmatch(text):
        first, second, year = int(match[1]), int(match[2]), int(match[3])
        if first <= 12 < second <= 31:
            raise ValueError(f"`{text}` has no month {second}: month and day seem to be swapped; {EXPECTED}")
        if habit.month_first and first <= 12 and second <= 12 and first != second:
            raise ValueError(f"`{text}` can be read two ways, and other dates here have the month first; {EXPECTED}")
        return _day(year, second, first, text)
    if match := _WORDS.fullmatch(text):
        month = match[2][:3].lower()
        if month in _MONTHS:
            return _day(int(match[3]), _MONTHS.index(month) + 1, int(match[1]), text)
    if (match := _COMPACT.fullmatch(text)) and text[:2] in ("19", "20", "21"):
        return _day(int(match[1]), int(match[2]), int(match[3]), text)
    if match := _SERIAL.fullmatch(text):
        return _serial(float(text), text)
    raise ValueError(f"`{_short(text)}` is not a date; {EXPECTED}")


def _serial(number: float, raw: Any) -> int | None:
    if number in (0, 1, 2):
        return None
    if not _SERIALS[0] <= number <= _SERIALS[1]:
        raise ValueError(f"`{raw}` is a number, not a date; {EXPECTED}")
    return _checked(_EPOCH + timedelta(int(number)), raw)


def _day(year: int, month: int, day: int, raw: str) -> int | None:
    try:
        return _checked(date(year, month, day), raw)
    except ValueError as error:
        if "between" in str(error):
            raise
        raise ValueError(f"`{raw}` is no day of the calendar; {EXPECTED}") from None


def _checked(day: date, raw: Any) -> int | None:
    if is_null_day(day):
        return None
    if not EARLIEST <= day.year <= LATEST:
        raise ValueError(f"`{raw}` is not between {EARLIEST} and {LATEST}; correct the year")
    return day.toordinal()


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:40] + "…"
