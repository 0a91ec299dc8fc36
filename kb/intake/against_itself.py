"""Contradictions within a row: an end before the start, or a reason for an end without the day of the end.

Nobody can tell which of the values is wrong, so none is used. If most rows of a table have an end before the start, the two
columns are taken to be swapped.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kb.dates import iso
from kb.intake.layout import Column
from kb.intake.model import UNUSABLE

_STARTS = ("start", "from")
_END, _REASON = "end", "reason"
_SAMPLE = 500  # rows with both days by which columns are judged
_PROOF = 2


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of columns by position: start and end of one thing, and the reason for its end and the end."""

    days: tuple[tuple[int, int], ...]
    reasons: tuple[tuple[int, int], ...]


def pairs_of(columns: Iterable[tuple[Column, int]]) -> Pairs:
    """The pairs among some columns with their positions."""
    found: dict[str, dict[str, int]] = {}
    for column, position in columns:
        found.setdefault(column.record, {})[column.field] = position
    starts = [
        (fields[start], fields[_END]) for fields in found.values() for start in _STARTS if start in fields and _END in fields
    ]
    reasons = [(fields[_REASON], fields[_END]) for fields in found.values() if _REASON in fields and _END in fields]
    return Pairs(tuple(dict.fromkeys(starts)), tuple(dict.fromkeys(reasons)))


def contradictions(pairs: Pairs, values: Mapping[int, Any]) -> dict[int, str]:
    """The positions in a row whose values can't be used, each with a message. `values` are by position."""
    told: dict[int, str] = {}
    for start, end in pairs.days:
        first, last = values.get(start), values.get(end)
        if isinstance(first, int) and isinstance(last, int) and last < first:
            message = f"it ends on {iso(last)}, before it starts on {iso(first)}"
            told.setdefault(end, message)
            told.setdefault(start, "")
    for reason, end in pairs.reasons:
        if values.get(reason) not in (None, UNUSABLE) and values.get(end) is None:
            told.setdefault(end, "the row has a reason for the end, and no day of it")
    return told


def are_swapped(rows: Iterable[tuple[Any, Any]]) -> str:
    """The evidence that the columns of starts and ends are swapped, as text; empty if there is none.

    `rows`: start and end of each row.
    """
    before = after = alone = 0
    for start, end in rows:
        if isinstance(start, int) and isinstance(end, int):
            before, after = before + (end < start), after + (end >= start)
            if before + after >= _SAMPLE:
                break
        else:
            alone += isinstance(end, int) and start is None
    if before <= after or (before < _PROOF and not alone):
        return ""
    return f"the end comes before the start in {before} of {before + after} rows that have both"


def marked(positions: Sequence[int], values: Sequence[Any], told: Mapping[int, str]) -> list[Any]:
    """The values of a row, with those at the positions in `told` replaced by "not known"."""
    return [UNUSABLE if position in told else value for position, value in zip(positions, values)]
