"""Time limits without a kind of day or a start, and ages and time limits whose exact value belongs to no case or to two."""

from __future__ import annotations

import re
from collections.abc import Iterator

from queries.lint.finding import Finding, Subject, around
from queries.lint.words import PERIOD, number_of

NAME = "limits"
_LIMIT = re.compile(
    r"\b(?:within|up to|no later than|no more than|not more than|less than|at most|in|by|for|every|"
    r"after|at|more than|under|over|than)(?: an?| the| each| first| next| \d+ ?,| \d+ and| \d+ or)*\s*$",
    re.IGNORECASE,
)
_CLOCK = re.compile(
    r"\b(?:within|up to|no later than|no more than|not more than|at most|for up to|for no more than)(?: an?|"
    r" the| a further| a maximum of)?\s*$|\b\d+(?:,| and| or)(?: \d+ and| \d+ or)*\s*$",
    re.IGNORECASE,
)
_START = re.compile(
    r"^[-\s]*(?:period|time ?frame|timescale|window|limit)?\s*(?:\([^)]*\)\s*)?(?:of\b|(?:\w+\s+){0,4}?(?:(?<!apart )from|"
    r"after|following|since|before|prior|post|starting|beginning|until|once|when|counted)\b)",
    re.IGNORECASE,
)
_BEFORE = re.compile(r"\b(?:from|after|following|since|once|when|post|upon|on receipt of)\b[^.;]{3,80}$", re.IGNORECASE)
_AGE = r"(?:the )?(?:age(?:d|s)?(?: of)? )?"
_EDGES = (
    ("below", re.compile(
        rf"\b(?:under|below|younger than|less than) {_AGE}(\d{{1,2}})\b(?! ?(?:%|per cent|,\d|(?:working |"
        rf"calendar )?(?:hour|day|week|month)))", re.IGNORECASE)),
    ("above", re.compile(
        rf"\b(?:over|above|older than|more than) {_AGE}(\d{{1,2}})\b(?! ?(?:%|per cent|,\d|(?:working |"
        rf"calendar )?(?:hour|day|week|month)))", re.IGNORECASE)),
    ("from", re.compile(
        r"\b(\d{1,2})(?: years?(?: old)?)?(?: (?:and|or) (?:over|above|older)|\+)|\b(?:from|at) (?:the )?(?:age of )(\d{1,2})\b|"
        r"\baged (\d{1,2}) (?:and|or) (?:over|above|older)", re.IGNORECASE)),
    ("to", re.compile(
        r"\b(?:up to|until) (?:and including )?(?:the )?(?:age (?:of )?)(\d{1,2})\b|\b(\d{1,2})(?: years?(?: old)?)? (?:and|"
        r"or) (?:under|below|younger)\b", re.IGNORECASE)),
    ("at", re.compile(r"\b(?:aged?|age of|turns?|turned|reach(?:es)?) (\d{1,2})\b(?! (?:and|or) )", re.IGNORECASE)),
)  # fmt: skip
_LENGTHS = (
    ("below", re.compile(r"\b(?:less than|under|shorter than|fewer than)(?: an?)?\s*$", re.IGNORECASE)),
    ("above", re.compile(r"\b(?:more than|over|longer than|exceed(?:s|ing)?)(?: an?)?\s*$", re.IGNORECASE)),
    ("from", re.compile(r"\b(?:at least|not less than|a minimum of)(?: an?)?\s*$", re.IGNORECASE)),
    ("to", re.compile(r"\b(?:up to|within|no more than|not more than|at most|no longer than)(?: an?)?\s*$", re.IGNORECASE)),
)  # fmt: skip
_OR_MORE = re.compile(r"^ (?:or|and) (?:more|longer|over)\b", re.IGNORECASE)
_OR_LESS = re.compile(r"^ (?:or|and) (?:less|fewer|under)\b", re.IGNORECASE)
NEAR = 8  # paragraphs within which two time limits are taken to be about the same thing


def find(subject: Subject) -> Iterator[Finding]:
    yield from _periods(subject)
    yield from _edges(subject, *_ages(subject))
    for near in _lengths(subject):
        yield from _edges(subject, *near)


def _periods(subject: Subject) -> Iterator[Finding]:
    whole = _day_rule(subject)
    for sentence in subject.text.sentences():
        for match in PERIOD.finditer(sentence.text):
            before, after = sentence.text[: match.start()], sentence.text[match.end() :]
            if not _LIMIT.search(before) and not before.endswith("(") and not re.search(r"\d+(?:,| and| or) *$", before):
                continue
            words = around(sentence.text, match.start(), match.end())
            written = " ".join(match[0].split())
            if match["unit"].lower() == "day" and not match["kind"] and not whole and not _plain_days(before, after):
                says = f"“{written}” does not say whether working or calendar days are meant."
                yield Finding(NAME, "gap", says, (sentence.place,), words, "write working days or calendar days")
            if before.endswith("(") and re.match(r"(?: review| meeting)?\)", after):
                says = f"“{written}” stands in brackets, and it is not said what it limits or from when."
                yield Finding(
                    NAME, "gap", says, (sentence.place,), words, "say in the sentence what it limits and from which day"
                )
            started = (
                _START.match(after)
                or _BEFORE.search(before)
                or re.match(r"['’]? (?:notice|intervals?|old|pregnan|gestation)", after)
            )
            if _CLOCK.search(before) and not started:
                says = f"“{written}” has no start: it is not said from which day it counts."
                yield Finding(NAME, "gap", says, (sentence.place,), words, "name the event and the day on which the clock starts")


def _day_rule(subject: Subject) -> bool:
    """Whether the document says for all its limits which days are meant."""
    pattern = re.compile(
        r"\b(?:all )?(?:days|time ?scales|time limits|periods)\b[^.;]{0,40}\b(?:are|means?|refers? to|"
        r"counted in)\b[^.;]{0,30}(?:working|calendar) days",
        re.I,
    )
    return any(True for _ in subject.text.find(pattern))


def _plain_days(before: str, after: str) -> bool:
    return bool(re.search(r"\b(?:working|calendar) days\b", after[:40])) or bool(
        re.match(r" (?:a|per) (?:week|month|year)", after)
    )


_Edge = tuple[int, str, str]  # paragraph, place, words


def _ages(subject: Subject) -> tuple[str, dict[tuple[int, str], list[_Edge]]]:
    """The mentions of ages, by number and by the side of the number that is meant (such as under or over)."""
    found: dict[tuple[int, str], list[_Edge]] = {}
    for side, pattern in _EDGES:
        for match, paragraph in subject.text.find(pattern):
            number = int(next(group for group in match.groups() if group))
            aged = re.search(r"\bage|\byears?\b|\byoung|\bchild|\bteen|\bunder \d+s?\b|\+|\bold", paragraph.text, re.IGNORECASE)
            if (
                1 <= number <= 25
                and aged
                and not re.match(r"[ -]?(?:%|hours?|days?|weeks?|months?)", paragraph.text[match.end() :])
            ):
                found.setdefault((number, side), []).append((paragraph.index, paragraph.place_at(match.start()), match[0]))
    return "A child of exactly {n}", found


def _lengths(subject: Subject) -> Iterator[tuple[str, dict[tuple[int, str], list[_Edge]]]]:
    """As `_ages`, for lengths of time mentioned near each other."""
    by_unit: dict[str, dict[tuple[int, str], list[_Edge]]] = {}
    for match, paragraph in subject.text.find(PERIOD):
        before, after = paragraph.text[: match.start()], paragraph.text[match.end() :]
        side = next((side for side, pattern in _LENGTHS if pattern.search(before)), "")
        side = "from" if _OR_MORE.match(after) else "to" if _OR_LESS.match(after) else side
        if side:
            edge = (paragraph.index, paragraph.place_at(match.start()), match[0])
            by_unit.setdefault(match["unit"].lower(), {}).setdefault((number_of(match["number"]), side), []).append(edge)
    for unit, found in by_unit.items():
        for number in {number for number, _ in found}:
            sides = {side: edges for (n, side), edges in found.items() if n == number}
            first = min(edge[0] for edges in sides.values() for edge in edges)
            near = {(number, s): kept for s, edges in sides.items() if (kept := [e for e in edges if e[0] - first <= NEAR])}
            yield f"A time of exactly {{n}} {unit}s", near


def _edges(subject: Subject, what: str, found: dict[tuple[int, str], list[_Edge]]) -> Iterator[Finding]:
    """Findings for numbers of which both sides are mentioned, and the number itself on neither or on both."""
    for number in sorted({number for number, _ in found}):
        sides = {side: edges for (n, side), edges in found.items() if n == number}
        places = subject.ordered(place for edges in sides.values() for _, place, _ in edges)
        words = "; ".join(dict.fromkeys(edges[0][2].strip() for edges in sides.values()))
        who = what.format(n=number)
        if {"below", "above"} <= set(sides) and not {"from", "to", "at"} & set(sides):
            says = f"{who} falls under neither: what is below {number} and what is above it is told, and {number} itself is not."
            yield Finding(NAME, "gap", says, places, words, f"say on which side {number} itself falls")
        elif {"from", "to"} <= set(sides) and not {"below", "above"} & set(sides):
            says = f"{who} falls under both: one sentence has it up to {number}, another from {number}."
            yield Finding(NAME, "fault", says, places, words, f"say on which side {number} itself falls")
