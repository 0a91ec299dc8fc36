"""Selects records for a line of `rules.tsv`: those that meet its conditions, and of these the ones to use.

A condition on an unusable cell is open. If the line depends on the order of rows (such as `latest`), the result is then
not known, so that a fault in the last row never makes an earlier row count. If rows only have to agree (`agree`, `any`),
those that can be read are used.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kb.intake.model import UNUSABLE, Record
from kb.intake.rules import Clause

Moments = Mapping[str, Any]
SINCE = "since"  # the moment that everything is after, where no episode is on record
AS_OF = "as_of"
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    ">=": lambda a, b: a >= b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    "<": lambda a, b: a < b,
    "=": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
}


class NotKnown(Exception):
    """A line applies, but its value is not known, as a cell can't be used."""


class NotSaid(NotKnown):
    """What no row says, and has to be told, as nothing else tells it."""


class Disagree(NotKnown):
    """Records that should have the same value differ."""

    def __init__(self, records: Sequence[Record]):
        self.records = tuple(records)
        super().__init__()


@dataclass(frozen=True)
class Among:
    """The records of one kind that a line looks at, with the moments of the child."""

    records: Sequence[Record]
    moments: Moments

    def meeting(self, where: Sequence[Clause], in_order: bool) -> list[Record]:
        """The records that meet all conditions. Errors: `NotKnown` if that depends on an unusable cell."""
        found: list[Record] = []
        is_open = False
        for record in self.records:
            truths = [holds(clause, record, self.moments) for clause in where]
            if False in truths:
                continue
            if None in truths:
                is_open = True
            else:
                found.append(record)
        if is_open and (in_order or not found):
            raise NotKnown
        return found


def holds(clause: Clause, record: Record, moments: Moments) -> bool | None:
    """Whether a record meets a condition; None if that depends on an unusable cell."""
    value = record.values.get(clause.field)
    if value is UNUSABLE:
        never = clause.right and clause.right[0] in moments and moments[clause.right[0]] is None and clause.right[0] != SINCE
        return False if never else None
    if clause.operator in ("open", "ended"):
        return (value is None or value > moments[AS_OF]) is (clause.operator == "open")
    if clause.operator in ("filled", "empty"):
        return (value is not None) is (clause.operator == "filled")
    if clause.operator == "in":
        return value in clause.right
    if clause.operator == "has":
        return value is not None and clause.right[0] in value
    right: Any = clause.right[0]
    if right in moments:
        right = moments[right]
        if right is UNUSABLE:
            return None
        if right is None:
            return clause.right[0] == SINCE and value is not None
        right += clause.days
    elif isinstance(value, int):
        return False
    if value is None:
        return clause.operator == "!="
    return _COMPARE[clause.operator](value, right)


def latest(records: Sequence[Record], field: str, last: bool = True) -> list[Record]:
    """The records with the last (or first) day in a field."""
    days = _days(records, field)
    if not days:
        return []
    wanted = max(days) if last else min(days)
    return [record for record in records if record.values.get(field) == wanted]


def nth(records: Sequence[Record], field: str, number: int) -> list[Record]:
    """The records with the n-th day in a field."""
    days = sorted(set(_days(records, field)))
    return [r for r in records if r.values.get(field) == days[number - 1]] if len(days) >= number else []


def finished(all_records: Sequence[Record], meeting: Sequence[Record], field: str, as_of: int) -> list[Record]:
    """The last to end, if every record of the kind has ended."""
    ends = [record.values.get(field) for record in all_records]
    if UNUSABLE in ends:
        raise NotKnown
    return latest(meeting, field) if ends and all(end is not None and end <= as_of for end in ends) else []


def _days(records: Sequence[Record], field: str) -> list[int]:
    found = [record.values.get(field) for record in records]
    if UNUSABLE in found:
        raise NotKnown
    return [day for day in found if day is not None]
