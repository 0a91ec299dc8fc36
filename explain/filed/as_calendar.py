"""Deadlines and planned moves of a record as a calendar file (RFC 5545), one all-day event each.

What is still to come has an alarm. The file holds the case id and no name. UIDs and timestamps come from the case, so that
importing the file again replaces the earlier entries.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from explain.filed.content import Content, Due
from explain.journey import heading
from explain.words import ADVICE, Words
from queries.journey import Move

#: Days before the day itself on which the alarm sounds, at 9 o'clock: over a weekend a working day is left.
LEAD = 3
HOUR = 9
_FOLD = 75  # octets a line (RFC 5545, section 3.1)


@dataclass(frozen=True, slots=True)
class Entry:
    """One event; `known_as` is the part of its UID that stays the same from file to file, `open` whether it is still to come."""

    known_as: str
    day: date
    summary: str
    told: str
    open: bool


def entries(content: Content) -> tuple[Entry, ...]:
    """The deadlines of the child, then the planned moves. A day that the policy sets for everybody is none of these."""
    moves = [move for stint in content.decision.journey if stint.status == "planned" for move in stint.moves]
    limits = (_deadline(content, due) for due in content.deadlines if due.of_case)
    return (*limits, *(_move(move) for move in moves if move.day is not None))


def _deadline(content: Content, due: Due) -> Entry:
    description = f"{due.told_from}.\nAs of {content.day}: {due.outcome}."
    return Entry(
        f"{due.code} {due.day_count}",
        date.fromisoformat(due.due[:10]),
        f"{_name(due)} ({due.counted})",
        description,
        due.met is None,
    )


def _name(due: Due) -> str:
    """What a limit is called in a calendar of days: with its time, where it has one."""
    _, _, time = due.due.partition("T")
    return f"{due.name} by {time}" if time else due.name


def _move(move: Move) -> Entry:
    team = Words.of(move.model).any_label(move.to)
    summary = "Planned closing of the case" if move.point is None else f"Planned move to {team}"
    day = date.fromordinal(move.day or 0)
    return Entry(f"move {move.point} {move.to}", day, summary, heading(move, planned=True), True)


def as_calendar(content: Content) -> str:
    """The calendar file as text. The record needs at least one entry: RFC 5545 forbids an empty calendar."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//whichteam//decision record//EN", "CALSCALE:GREGORIAN", "METHOD:PUBLISH"]
    used: dict[str, int] = {}
    for entry in entries(content):
        lines += _event(content, entry, used)
    return "".join(f"{part}\r\n" for line in [*lines, "END:VCALENDAR"] for part in fold(line))


def _event(content: Content, entry: Entry, used: dict[str, int]) -> Iterator[str]:
    case = content.decision.case
    known_as = f"{case.case_id} {content.policy.code} {entry.known_as}"
    used[known_as] = used.get(known_as, 0) + 1
    stamp = date.fromordinal(case.as_of).strftime("%Y%m%dT000000Z")
    source = f"{content.policy.name}, {content.policy.document} ({content.policy.version})."
    yield "BEGIN:VEVENT"
    yield f"UID:{hashlib.sha256(f'{known_as} {used[known_as]}'.encode()).hexdigest()[:32]}@whichteam"
    yield f"DTSTAMP:{stamp}"
    yield f"DTSTART;VALUE=DATE:{entry.day:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{entry.day + timedelta(1):%Y%m%d}"
    yield f"SUMMARY:{escaped(f'{entry.summary}, case {case.case_id}')}"
    yield f"DESCRIPTION:{escaped(chr(10).join([entry.told, source, ADVICE]))}"
    yield "TRANSP:TRANSPARENT"
    yield "CLASS:CONFIDENTIAL"
    as_of = date.fromordinal(case.as_of)
    if entry.open and entry.day >= as_of:
        yield from _alarm(entry, min(LEAD, (entry.day - as_of).days))
    yield "END:VEVENT"


def _alarm(entry: Entry, days: int) -> Iterator[str]:
    """An alarm so many days before an event, at 9 o'clock (RFC 5545, section 3.6.6). A whole day starts at midnight."""
    before = f"-P{days - 1}DT{24 - HOUR}H" if days > 1 else f"-PT{24 - HOUR}H" if days else f"PT{HOUR}H"
    yield from ("BEGIN:VALARM", "ACTION:DISPLAY", f"DESCRIPTION:{escaped(entry.summary)}", f"TRIGGER:{before}", "END:VALARM")


def escaped(text: str) -> str:
    """A text value with backslash, semicolon, comma and line end escaped (RFC 5545, section 3.3.11)."""
    for plain, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r\n", "\\n"), ("\n", "\\n")):
        text = text.replace(plain, written)
    return text


def fold(line: str) -> Iterator[str]:
    """A content line folded into lines of at most 75 octets (RFC 5545, section 3.1)."""
    start = ""
    piece = ""
    for letter in line:
        if len((start + piece + letter).encode()) > _FOLD:
            yield start + piece
            start, piece = " ", ""
        piece += letter
    yield start + piece
