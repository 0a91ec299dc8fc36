"""What a list of records, or the occurrences of an event, come to on a day."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .dates import shift


def of_occurrences(tally: Any, raw: Any, days: list[int], day: int, holidays: Sequence[int]) -> int | None:
    """How often an event happened by a day, in the time before it that counts."""
    if raw is None or raw is True:
        return None
    first = shift(day, -tally["count"], tally["unit"], holidays) if tally["count"] else 0
    return len([on for on in days if first <= on <= day])


def of_entries(tally: Any, entries: Any) -> Any:
    """What the entries of a list come to; None where that is not known."""
    if entries is None:
        return None
    how, fields = tally["how"], tally["fields"]
    if how in ("each", "earliest", "latest"):
        values = [entry.get(fields[0]) for entry in entries]
        if how == "each":
            return None if None in values else list(dict.fromkeys(values))
        if not values or None in values:
            return bool(values)
        return min(values) if how == "earliest" else max(values)
    yes = [all(entry.get(field) is True for field in fields) for entry in entries]
    no = [any(entry.get(field) is False for field in fields) for entry in entries]
    open_ = len(entries) - sum(yes) - sum(no)
    if how == "count":
        return None if open_ else sum(yes)
    if how == "any":
        return True if any(yes) else None if open_ else False
    return False if any(no) or not entries else None if open_ else True
