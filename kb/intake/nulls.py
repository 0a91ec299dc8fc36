"""Recognises cells that mean "no value": empty, the word NULL, placeholder dates and numbers (`nulls.tsv`)."""

from __future__ import annotations

from datetime import date, datetime, time
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from kb.intake.names import spaced
from kb.tables import read_table


@cache
def _nulls() -> tuple[frozenset[str], frozenset[date]]:
    words: set[str] = set()
    days: set[date] = set()
    for row in read_table(Path(__file__).parent / "nulls.tsv", ("value", "why")):
        words.add(spaced(row["value"]))
        try:
            days.add(date.fromisoformat(row["value"]))
        except ValueError:
            continue
    return frozenset(words), frozenset(days)


def is_null(raw: Any) -> bool:
    """Whether a cell means "no value"."""
    if raw is None:
        return True
    if isinstance(raw, str):
        return _says_nothing(raw)
    if isinstance(raw, (datetime, date)):
        return is_null_day(raw if not isinstance(raw, datetime) else raw.date())
    if raw == time.min:  # 0 in a cell for dates, as a formula gives for an empty cell
        return True
    if isinstance(raw, float) and raw != raw:
        return True
    return _says_nothing(str(raw))


@lru_cache(maxsize=100_000)
def _says_nothing(raw: str) -> bool:
    text = spaced(raw)
    return not text or text in _nulls()[0]


def is_said_unknown(raw: Any) -> bool:
    """Whether a cell states that its value is not known. Such an end is not the same as no end."""
    return isinstance(raw, str) and spaced(raw) in _said_unknown()


@cache
def _said_unknown() -> frozenset[str]:
    rows = read_table(Path(__file__).parent / "nulls.tsv", ("value", "why"))
    return frozenset(spaced(row["value"]) for row in rows if row["why"].startswith("said"))


def is_null_day(day: date) -> bool:
    """Whether a day is a placeholder that systems write for "no day"."""
    return day in _nulls()[1]
