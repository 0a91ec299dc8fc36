"""Reads days as councils' files write them. Ambiguous dates are refused, not guessed.

A time with a zone is converted to the day in England: midnight in summer is 23:00 of the day before in UTC.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

from kb.case import EARLIEST, LATEST
from kb.errors import plain
from kb.intake.nulls import is_null, is_null_day

EXPECTED = "write it as 25/09/2024 or 2024-09-25"
_SERIALS = (7_000, 80_000)  # days of a spreadsheet from 1919 to 2119; a smaller number is no date
_EPOCH = date(1899, 12, 30)
_LOCAL = ZoneInfo("Europe/London")
_TIME = (
    r"(?:[ T]+(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::\d{2}(?:\.\d+)?)?\s*(?P<half>[ap]m)?"
    r"\s*(?P<zone>Z|UTC|[+-]\d{2}:?\d{2})?)?"
)
_ISO = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})" + _TIME, re.IGNORECASE)
_BRITISH = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})" + _TIME, re.IGNORECASE)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_WORDS = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[ -]([a-z]{3,9})[ ,-]*(\d{4}|\d{2})" + _TIME, re.IGNORECASE)
_WORDS_MONTH_FIRST = re.compile(r"([a-z]{3,9}) +(\d{1,2})(?:st|nd|rd|th)?,? +(\d{4})" + _TIME, re.IGNORECASE)
_COMPACT_NUMBERS = (19_000_101, 21_991_231)  # a day such as 20240925 in a cell of numbers
_SERIAL = re.compile(r"(\d{4,5})(?:\.\d+)?")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_CENTURY = 50  # two-digit years below it are of this century, as in databases
_LAST_MONTH = 12
_PROOF = 3  # dates of a column that have to show a swap, with none against it
_SLIPS = 20  # one date with the month first among so many with the day first is a slip of its row
_BEFORE_MIDNIGHT = (23, 0)  # midnight of British summer time, as a time of UTC


@dataclass(frozen=True, slots=True)
class Habit:
    """How a column writes days. `month_first`: some of its cells can only be read with the month first."""

    month_first: bool = False


def habit_of(cells: Iterable[Any]) -> Habit:
    """The habit of a column, from those of its cells that can be read in one way only.

    In a column with both orders, nobody can tell the order of the other cells, unless the month comes first in one cell only
    or in less than one of `_SLIPS`.
    """
    day_first = month_first = 0
    for raw in cells:
        match = _BRITISH.fullmatch(raw.strip()) if isinstance(raw, str) else None
        if match and not is_null(raw):
            first, second = int(match[1]), int(match[2])
            day_first += 12 < first <= 31
            month_first += first <= 12 < second <= 31
    return Habit(bool(month_first) and (not day_first or (month_first > 1 and month_first * _SLIPS > day_first)))


def zone_lost(cells: Iterable[tuple[int, Any]]) -> str:
    """The evidence that a column has times of UTC without their zone, as text; empty if there is none.

    Midnight in summer is 23:00 of the day before in UTC, so such days are a day early. The evidence: 23:00 on every day in
    summer, and midnight on every day in winter.

    cells  the number of each row with its cell
    """
    shown = ""
    found = 0
    for row, raw in cells:
        moment = _moment(raw)
        if moment is None:
            continue
        offset = moment.replace(tzinfo=_LOCAL).utcoffset()
        at = (moment.hour, moment.minute)
        if at != (_BEFORE_MIDNIGHT if offset else (0, 0)):
            return ""
        if offset:
            found += 1
            shown = shown or f"{moment:%Y-%m-%d %H:%M}, row {row}"
    if found < _PROOF:
        return ""
    return f"all its {found} days in summer have the time 23:00 ({shown}), which is midnight of the next day in England"


def _moment(raw: Any) -> datetime | None:
    """The day and time of a cell, if it has both and no zone."""
    if isinstance(raw, datetime):
        return None if raw.tzinfo is not None or is_null(raw) else raw
    match = _ISO.fullmatch(raw.strip()) if isinstance(raw, str) else None
    if match is None or not match["hour"] or match["zone"] or match["half"] or is_null(raw):
        return None
    try:
        return datetime(int(match[1]), int(match[2]), int(match[3]), int(match["hour"]), int(match["minute"]))
    except ValueError:
        return None


def swapped(cells: Iterable[tuple[int, Any]]) -> str:
    """The evidence that a column has dates with day and month swapped, as text; empty if there is none.

    A program that puts the month first turns the text 03/09/2024 into 9 March 2024, and leaves 25/09/2024 as text.
    The evidence: all dates that are still text are after the 12th of a month, and no true date is. Text such as 09/25/2024,
    or a text date up to the 12th, is evidence against it.

    cells  the number of each row with its cell
    """
    texts: list[tuple[int, str]] = []
    dates: list[tuple[int, date]] = []
    for row, raw in cells:
        if isinstance(raw, str):
            match = _BRITISH.fullmatch(raw.strip())
            if match and not is_null(raw):
                if int(match[1]) <= _LAST_MONTH:
                    return ""
                if is_day(raw):
                    texts.append((row, raw.strip()))
                continue
        day = _true_date(raw)
        if day is not None:
            if day.day > _LAST_MONTH:
                return ""
            dates.append((row, day))
    if not texts or len(texts) + len(dates) < _PROOF or not any(day.day != day.month for _, day in dates):
        return ""
    (text_row, text), (date_row, day) = texts[0], next((row, day) for row, day in dates if day.day != day.month)
    return (
        f"all {len(texts)} dates that are text come after the 12th of a month (`{text}`, row {text_row}), and none of the "
        f"{len(dates)} true dates does ({day.isoformat()}, row {date_row}): a program took the day for the month"
    )


def is_day(cell: Any) -> bool:
    """Whether a cell has a day that can be read."""
    try:
        return to_day(cell) is not None
    except ValueError:
        return False


def _true_date(raw: Any) -> date | None:
    """The date of a cell that a program has converted to a date: a date, a serial number, or ISO text."""
    if isinstance(raw, bool) or is_null(raw):
        return None
    if isinstance(raw, str) and not _ISO.fullmatch(raw.strip()):
        return None
    if not isinstance(raw, (date, int, float, str)):
        return None
    try:
        number = to_day(raw)
    except ValueError:
        return None
    return None if number is None else date.fromordinal(number)


def to_day(raw: Any, habit: Habit = Habit()) -> int | None:
    """The day of a cell as an ordinal, or None if it is empty.

    Errors: ValueError with what was found and expected.
    """
    if is_null(raw):
        return None
    if isinstance(raw, datetime):
        return _checked(raw.date() if raw.tzinfo is None else raw.astimezone(_LOCAL).date(), raw)
    if isinstance(raw, date):
        return _checked(raw, raw)
    if isinstance(raw, bool):
        raise ValueError(f"`{raw}` is not a date; {EXPECTED}")
    if isinstance(raw, (int, float)):
        if _COMPACT_NUMBERS[0] <= raw <= _COMPACT_NUMBERS[1] and raw == int(raw):
            return _text(str(int(raw)), habit)
        return _serial(float(raw), raw)
    return _text(str(raw).strip(), habit)


def _text(text: str, habit: Habit) -> int | None:
    if match := _ISO.fullmatch(text):
        return _in_england(_day(int(match[1]), int(match[2]), int(match[3]), text), match, text)
    if match := _BRITISH.fullmatch(text):
        first, second, year = int(match[1]), int(match[2]), int(match[3])
        if first <= 12 < second <= 31:
            raise ValueError(f"`{text}` has no month {second}: month and day seem to be swapped; {EXPECTED}")
        if habit.month_first and first <= 12 and second <= 12 and first != second:
            raise ValueError(f"`{text}` can be read two ways, and other dates here have the month first; {EXPECTED}")
        return _in_england(_day(year, second, first, text), match, text)
    if match := _WORDS.fullmatch(text):
        month = match[2][:3].lower()
        if month in _MONTHS:
            return _in_england(_day(_year(match[3]), _MONTHS.index(month) + 1, int(match[1]), text), match, text)
    if match := _WORDS_MONTH_FIRST.fullmatch(text):
        month = match[1][:3].lower()
        if month in _MONTHS:
            return _in_england(_day(int(match[3]), _MONTHS.index(month) + 1, int(match[2]), text), match, text)
    if (match := _COMPACT.fullmatch(text)) and text[:2] in ("19", "20", "21"):
        return _day(int(match[1]), int(match[2]), int(match[3]), text)
    if match := _SERIAL.fullmatch(text):
        return _serial(float(text), text)
    raise ValueError(f"`{_short(text)}` is not a date; {EXPECTED}")


def _year(digits: str) -> int:
    """A year of four digits, or of two beside a month in letters."""
    year = int(digits)
    return year if len(digits) > 2 else year + (2000 if year < _CENTURY else 1900)


def _in_england(day: int | None, match: re.Match[str], raw: str) -> int | None:
    """A day that was read; if its time has a zone, the day in England."""
    zone = match["zone"]
    if day is None or not zone:
        return day
    hour, minute = int(match["hour"]), int(match["minute"])
    if match["half"]:
        hour = hour % 12 + (12 if match["half"].lower() == "pm" else 0)
    try:
        moment = datetime.combine(date.fromordinal(day), datetime.min.time()).replace(
            hour=hour, minute=minute, tzinfo=_zone(zone)
        )
    except ValueError:
        raise ValueError(f"`{_short(raw)}` has no time of the day; {EXPECTED}") from None
    return _checked(moment.astimezone(_LOCAL).date(), raw)


def _zone(written: str) -> timezone:
    if written.upper() in ("Z", "UTC"):
        return UTC
    sign = -1 if written[0] == "-" else 1
    return timezone(sign * timedelta(hours=int(written[1:3]), minutes=int(written[-2:])))


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
    return plain(text if len(text) <= 40 else text[:40] + "…")
