"""Finds facts that are not known because a row without an id may be about the child.

Such a row may be about any child or, if it has a date of birth, about children born on that day. For the child of the row
above, to which it most likely belongs (a merged cell), every fact is open that the row could change: a later day, another
occurrence, another team. For all other children those facts are open that follow from the absence of a row: that a case is
closed, that no team has the child, that a list of closings is complete.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from kb.intake.choose import Moments, holds
from kb.intake.model import UNUSABLE, Record
from kb.intake.rules import Derivation

_ABSENCE = (
    "agree",
    "any",
    "latest",
    "earliest",
    "nth",
    "finished",
    "running",
)  # ways that pass a line over where no row meets it
_LAST = ("latest", "finished")
_LISTS = ("all", "further", "runs")
_END = "end"


class Known(Protocol):
    """The facts of a child from the lines before."""

    facts: dict[str, Any]


@dataclass(frozen=True)
class Perhaps:
    """The rows that may be about a child: `near` are those below a row of the child, `others` may be about any child."""

    near: Sequence[Record] = field(default_factory=tuple)
    others: Sequence[Record] = field(default_factory=tuple)

    def leaves_open(self, line: Derivation, answer: tuple[Any, str] | None, moments: Moments, as_of: int, known: Known) -> bool:
        """Whether a row that may be about the child could change the result of a line."""
        how = line.choose[0]
        near = [row for row in self.near if row.kind == line.record]
        others = [row for row in self.others if row.kind == line.record]
        if not near and not others:
            return False
        if how == "finished":
            return answer is not None and any(not _ends_by(row, answer[0]) for row in (*near, *others))
        if how == "closings":
            closed = set(_days_of(answer[0])) if answer is not None else set()
            return answer is not None and any(_may_close(row, closed, as_of) for row in (*near, *others))
        if how == "complete":
            return any(_may_close(row, _days_of(answer[0] if answer else ()), as_of) for row in (*near, *others))
        meeting_near = [row for row in near if _may_meet(line, row, moments)]
        if answer is None:
            return how in _ABSENCE and (bool(meeting_near) or any(_may_meet(line, row, moments) for row in others))
        if how in _LAST:
            return any(_is_beyond(row, line.choose[1], answer, line, moments) for row in meeting_near)
        if how == "agree":
            return any(_says_else(row, line, answer[0]) for row in meeting_near)
        if how in _LISTS:
            days = _days_of(answer[0])
            return any(_adds(row, line, days) for row in meeting_near)
        return False


def _says_else(row: Record, line: Derivation, value: Any) -> bool:
    """Whether a row has another value than the one on which the child's rows agree."""
    if line.value.form != "field":
        return False
    raw = row.values.get(line.value.words[0])
    if raw is None:
        return False
    mapping = line.value.mapping
    return raw is UNUSABLE or (mapping.get(str(raw), mapping.get("*", "")) if mapping else raw) != value


def _may_meet(line: Derivation, row: Record, moments: Moments) -> bool:
    return all(holds(clause, row, moments) is not False for clause in line.where)


def _ends_by(row: Record, last: Any) -> bool:
    end = row.values.get(_END)
    return isinstance(end, int) and isinstance(last, int) and end <= last


def _may_close(row: Record, closed: set[int], as_of: int) -> bool:
    end = row.values.get(_END)
    return end is UNUSABLE or (isinstance(end, int) and end <= as_of and end not in closed)


def _days_of(value: Any) -> set[int]:
    """The days (ordinals) in an answer: its numbers, or the days of a list of closings."""
    found: set[int] = set()
    for part in value if isinstance(value, (list, tuple)) else (value,):
        if isinstance(part, int):
            found.add(part)
        elif isinstance(part, dict):
            found |= {date.fromisoformat(text).toordinal() for text in part.values() if _is_day(text)}
    return found


def _is_day(text: Any) -> bool:
    return isinstance(text, str) and len(text) == len("2024-09-03") and text[4:5] == "-"


def _is_beyond(row: Record, part: str, answer: tuple[Any, str], line: Derivation, moments: Moments) -> bool:
    """Whether a row may come after the one that gave the answer."""
    day = row.values.get(part)
    if day is UNUSABLE:
        return True
    return isinstance(day, int) and isinstance(answer[0], int) and day > answer[0] if line.kind == "MOMENT" else day is not None


def _adds(row: Record, line: Derivation, days: set[int]) -> bool:
    day = row.values.get(line.value.words[0])
    return day is UNUSABLE or (isinstance(day, int) and day not in days)
