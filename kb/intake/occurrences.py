"""The days on which something happened, from all rows of a child, not only the last one.

If a cell can't be used, the whole fact is not known, as its day may be the last one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kb.dates import add_months
from kb.intake.choose import NotKnown
from kb.intake.model import UNUSABLE, Record

GAP = 1  # days between two rows of one unbroken run
EITHER = "|"  # separates fields of which the first that has a value counts


@dataclass(frozen=True, slots=True)
class Span:
    """An uninterrupted span, with its rows. `end` None: still running; `start` None: not stated."""

    start: int | None
    end: int | None
    sources: tuple[str, ...]


Dated = dict[int, str]  # day (ordinal) to the row that states it


def every(records: Sequence[Record], field: str) -> Dated:
    """Each day in a field. Errors: `NotKnown`."""
    found: Dated = {}
    for record in records:
        day = _day(record, field)
        if day is not None:
            found.setdefault(day, record.source)
    return found


def further(known: Sequence[int], found: Dated, within: int) -> Dated:
    """The days of `found` without a known day on the same day or up to `within` days before it."""
    return {day: row for day, row in found.items() if not any(day - within <= other <= day for other in known)}


def runs(records: Sequence[Record], starts: str, end: str, as_of: int) -> list[Span]:
    """Rows joined to spans without gaps (GAP), oldest first. A future end counts as no end. Errors: `NotKnown`."""
    spans = [_span(record, starts, end, as_of) for record in records]
    found: list[Span] = []
    for span in sorted(spans, key=lambda s: (s.start or 0, s.end or as_of + 1)):
        last = found[-1] if found else None
        if last is None or not _touch(last, span):
            found.append(span)
            continue
        ended = None if last.end is None or span.end is None else max(last.end, span.end)
        found[-1] = Span(last.start, ended, (*last.sources, *span.sources))
    return found


def _span(record: Record, starts: str, end: str, as_of: int) -> Span:
    start = next((day for name in starts.split(EITHER) if (day := _day(record, name)) is not None), None)
    ended = _day(record, end)
    return Span(start, None if ended is None or ended > as_of else ended, (record.source,))


def _touch(last: Span, span: Span) -> bool:
    return last.end is None or span.start is None or span.start <= last.end + GAP


def starts(spans: Sequence[Span]) -> Dated:
    return {span.start: span.sources[0] for span in spans if span.start is not None}


def ends(spans: Sequence[Span]) -> Dated:
    return {span.end: span.sources[-1] for span in spans if span.end is not None}


def last_run(spans: Sequence[Span]) -> Dated:
    """The first day of the span that is still running, with its row; empty if there is none."""
    return starts([span for span in spans[-1:] if span.end is None])


def in_each(spans: Sequence[Span], found: Dated, how: Sequence[str]) -> Dated:
    """One of the days in each span, chosen by `how`:

    nth N                      the N-th day
    nth N WITHIN               the same, only in spans whose first day comes within WITHIN days of the start (in others
                               earlier days are missing)
    nearest MONTHS LEAST MOST  the day nearest to MONTHS months after the start, from LEAST to MOST days after it
    """
    chosen: Dated = {}
    for span in spans:
        start = span.start
        if start is None:
            continue
        days = sorted(day for day in found if start <= day and (span.end is None or day <= span.end))
        numbers = [int(part) for part in how[1:]]
        if how[0] == "nth":
            if len(numbers) > 1 and days and days[0] > start + numbers[1]:
                continue
            days = days[numbers[0] - 1 : numbers[0]]
        else:
            months, least, most = numbers
            target = add_months(start, months)
            days = [day for day in days if start + least <= day <= start + most]
            days = sorted(days, key=lambda day: (abs(day - target), day))[:1]
        chosen |= {day: found[day] for day in days}
    return chosen


def _day(record: Record, field: str) -> int | None:
    day = record.values.get(field)
    if day is UNUSABLE:
        raise NotKnown
    return day if isinstance(day, int) else None
