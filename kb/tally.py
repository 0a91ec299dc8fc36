"""What a list of records, or the occurrences of an event, come to: a count, whether some or every entry says so, a date.

Which is worked out is a row of `calculated.tsv` (see `kb.vocabulary.tallies`). Each is a fact of one step: `kb.as_at` adds
it to the record as it stood on a day. A list that is given is complete; where an entry does not say, what hangs on it is
not known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kb.case import Day, occurrences
from kb.dates import shift
from kb.vocabulary.model import Tally

Entry = Mapping[str, Any]


def of_occurrences(tally: Tally, raw: Any, day: int) -> int | None:
    """How often an event happened by a day, in the time before that the tally names; None where that is not known."""
    if raw is None or raw is True:
        return None
    since = shift(day, -tally.count, tally.unit) if tally.count else 0
    return sum(since <= on <= day for on in occurrences(raw))


def of_entries(tally: Tally, entries: Sequence[Entry] | None) -> Any:
    """What a list of records comes to; None where that is not known."""
    if entries is None:
        return None
    if tally.how == "each":
        named = [entry.get(tally.fields[0]) for entry in entries]
        return None if None in named else tuple(dict.fromkeys(named))
    if tally.how in ("earliest", "latest"):
        return _day(tally, [entry.get(tally.fields[0]) for entry in entries])
    answers = [_answer(entry, tally.fields) for entry in entries]
    if tally.how == "count":
        return None if None in answers else answers.count(True)
    if tally.how == "any":
        return True if True in answers else None if None in answers else False
    return False if False in answers or not answers else None if None in answers else True


def _answer(entry: Entry, fields: Sequence[str]) -> bool | None:
    """Whether an entry says yes in all of some fields."""
    said = [entry.get(field) for field in fields]
    return False if False in said else None if None in said else True


def _day(tally: Tally, days: Sequence[Day | None]) -> Any:
    """The first or last of some days; True where there are some and one is not known, False where there are none."""
    dated = sorted(day.number for day in days if day is not None)
    if not days or len(dated) < len(days):
        return bool(days)
    return Day(dated[0 if tally.how == "earliest" else -1])
