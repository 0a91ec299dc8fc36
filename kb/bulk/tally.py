"""`kb.tally` for many cases at once: what lists of records come to, as columns."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kb.bulk.table import HAPPENED, NOT_HAPPENED, UNKNOWN, WHOLE, ListColumn, Numbers
from kb.vocabulary.model import Tally

Bits = NDArray[np.bool_]


def of_entries(tally: Tally, listed: ListColumn) -> Numbers:
    """What each list comes to, coded as in a `CaseTable`; UNKNOWN where that is not known."""
    rows, count = listed.rows, len(listed.known)
    if tally.how in ("earliest", "latest"):
        found = _days(tally, listed)
    else:
        yes, no = _answers(tally, listed)
        has_yes, has_no, has_blank = (_some(rows[bits], count) for bits in (yes, no, ~yes & ~no))
        if tally.how == "count":
            found = np.where(has_blank, UNKNOWN, np.bincount(rows[yes], minlength=count))
        elif tally.how == "any":
            found = np.where(has_yes, 1, np.where(has_blank, UNKNOWN, 0))
        else:
            found = np.where(has_no | ~(has_yes | has_blank), 0, np.where(has_blank, UNKNOWN, 1))
    return np.where(listed.known, found, UNKNOWN).astype(np.int32)


def each(tally: Tally, listed: ListColumn) -> ListColumn:
    """The codes in one part of the entries, as a list of codes; not known where an entry has none."""
    codes = listed.parts[tally.fields[0]]
    known = listed.known & ~_some(listed.rows[codes == UNKNOWN], len(listed.known))
    kept = known[listed.rows]
    offsets = np.concatenate([[0], np.cumsum(np.bincount(listed.rows[kept], minlength=len(known)))]).astype(np.int64)
    return ListColumn(known, offsets, {WHOLE: codes[kept]})


def _answers(tally: Tally, listed: ListColumn) -> tuple[Bits, Bits]:
    """Which entries say yes in all parts that are looked at, and which say no in one."""
    yes, no = np.ones(len(listed.rows), np.bool_), np.zeros(len(listed.rows), np.bool_)
    for field in tally.fields:
        said = listed.parts[field]
        yes &= said == 1
        no |= said == 0
    return yes, no


def _days(tally: Tally, listed: ListColumn) -> Numbers:
    days, rows, count = listed.parts[tally.fields[0]], listed.rows, len(listed.known)
    found = np.full(count, NOT_HAPPENED, np.int32)
    if tally.how == "latest":
        np.maximum.at(found, rows, days)
    else:
        first = np.full(count, np.iinfo(np.int32).max, np.int32)
        np.minimum.at(first, rows, days)
        found = np.where(_some(rows, count), first, found).astype(np.int32)
    found[_some(rows[days == UNKNOWN], count)] = HAPPENED
    return found


def _some(rows: NDArray[np.int64], count: int) -> Bits:
    """Which lists have some of these entries."""
    found = np.zeros(count, np.bool_)
    found[rows] = True
    return found
