"""The day that a workbook describes, if a sheet other than its lists states it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from kb.intake.days import to_day
from kb.intake.layout import TableLayout
from kb.intake.model import RawTable
from kb.intake.names import squash

_SAYING = ("asat", "asof", "dataasat", "dataasof", "snapshotdate", "extractdate", "dateofextract", "dateofextraction",
           "reportdate", "dateofreport", "dataextractedon", "extractedon", "censusdate", "datadate", "dateofdata")  # fmt: skip
_YEAR = 365.25


def said_day(sheets: Sequence[Sequence[Sequence[Any]]]) -> int | None:
    """The one day beside or under words such as `as at` in some sheets; None if there is none or there are several."""
    found: set[int] = set()
    for rows in sheets:
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                if not isinstance(cell, str):
                    continue
                words, _, rest = cell.partition(":")
                if squash(words) in _SAYING:
                    under = rows[number + 1][column] if number + 1 < len(rows) and column < len(rows[number + 1]) else None
                    beside = row[column + 1] if column + 1 < len(row) else None
                    found |= {day for day in map(_day, (rest.strip() or None, beside, under)) if day is not None}
    return found.pop() if len(found) == 1 else None


def _day(cell: Any) -> int | None:
    try:
        return to_day(cell)
    except ValueError:
        return None


def suggested_day(tables: Sequence[tuple[TableLayout | None, RawTable]]) -> str:
    """The day that most ages of a workbook fit with the dates of birth, as a hint only; else nothing."""
    days: dict[int, int] = {}
    for _, table in tables:
        header = [squash(heading) for heading in table.header]
        if "age" not in header or "dateofbirth" not in header:
            continue
        at_age, at_birth = header.index("age"), header.index("dateofbirth")
        for _, row in table.rows:
            age = row[at_age] if at_age < len(row) else None
            born = _day(row[at_birth]) if at_birth < len(row) else None
            if isinstance(age, float) and not age.is_integer() and born is not None:
                day = born + round(age * _YEAR)
                days[day] = days.get(day, 0) + 1
    if not days:
        return ""
    best = max(days, key=lambda day: days[day])
    return f"{date.fromordinal(best).isoformat()}, which is what the ages fit" if days[best] > 2 else ""


def name_of(path: Path) -> str:
    """The name of a source in messages."""
    return path.name or str(path)
