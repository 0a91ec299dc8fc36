"""The deadlines of a record as a calendar file (RFC 5545): one all-day event each.

Nothing in it names the child: only the case id. Ids and stamps come from the case, so that
the same deadline, written again, takes the place of the earlier entry.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date, timedelta

from explain.filed.as_html import basis, kept
from explain.filed.content import ADVICE, Content, Due

_FOLD = 75  # octets a line, RFC 5545 section 3.1


def as_calendar(content: Content) -> str:
    """The calendar file of a record's deadlines. It has to have some: a calendar without events is none."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//whichteam//decision record//EN", "CALSCALE:GREGORIAN", "METHOD:PUBLISH"]
    used: dict[str, int] = {}
    for due in content.deadlines:
        lines += _event(content, due, used)
    return "".join(f"{part}\r\n" for line in [*lines, "END:VCALENDAR"] for part in fold(line))


def _event(content: Content, due: Due, used: dict[str, int]) -> Iterator[str]:
    case = content.decision.case
    day = date.fromisoformat(due.due)
    known_as = f"{case.case_id} {content.policy.code} {due.code} {due.day_count}"
    used[known_as] = used.get(known_as, 0) + 1
    stamp = date.fromordinal(case.as_of).strftime("%Y%m%dT000000Z")
    told = [
        f"{basis(due)}.",
        f"As of {content.day}: {kept(due, case.as_of)}.",
        f"{content.policy.name}, {content.policy.document} ({content.policy.version}).",
        ADVICE,
    ]
    yield "BEGIN:VEVENT"
    yield f"UID:{hashlib.sha256(f'{known_as} {used[known_as]}'.encode()).hexdigest()[:32]}@whichteam"
    yield f"DTSTAMP:{stamp}"
    yield f"DTSTART;VALUE=DATE:{day:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{day + timedelta(1):%Y%m%d}"
    yield f"SUMMARY:{escaped(f'{due.name} ({due.counted}), case {case.case_id}')}"
    yield f"DESCRIPTION:{escaped(chr(10).join(told))}"
    yield "TRANSP:TRANSPARENT"
    yield "CLASS:CONFIDENTIAL"
    yield "END:VEVENT"


def escaped(text: str) -> str:
    """A text value with what has a meaning in the format escaped (RFC 5545, section 3.3.11)."""
    for plain, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r\n", "\\n"), ("\n", "\\n")):
        text = text.replace(plain, written)
    return text


def fold(line: str) -> Iterator[str]:
    """A line in pieces of at most 75 octets, each after the first with a space before it."""
    start = ""
    piece = ""
    for letter in line:
        if len((start + piece + letter).encode()) > _FOLD:
            yield start + piece
            start, piece = " ", ""
        piece += letter
    yield start + piece
