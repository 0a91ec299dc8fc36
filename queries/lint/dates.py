"""Dates that do not exist, have passed, or contradict each other."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from kb.lint.text import MAX_FIELD, Paragraph
from queries.lint.finding import Finding, Subject, shortened

NAME = "dates"
_MONTHS = calendar.month_name[1:]
_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
_MONTH = "|".join([*_MONTHS, *(month[:3] for month in _MONTHS), "Sept"])
_DATE = re.compile(
    rf"(?:\b(?P<weekday>{'|'.join(_DAYS)}),? )?(?:\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? )?\b(?P<month>{_MONTH})\.? "
    rf"(?:(?P<late>\d{{1,2}})(?:st|nd|rd|th)?,? )?(?P<year>(?:19|20)\d\d)\b"
    r"|\b(?P<d>\d{1,2})[/.](?P<m>\d{1,2})[/.](?P<y>(?:19|20)?\d\d)\b"
)
#: What a review is often set for instead of a day: a season, a quarter, a month in figures, a year.
_VAGUE = re.compile(
    r"\b(?:(?P<part>spring|summer|autumn|winter|early|mid|end|Q[1-4])[ -](?:of )?)?(?:(?P<m>0?[1-9]|1[0-2])/)?"
    r"(?P<year>20\d\d|(?<=/)\d\d)(?![\d/–-])",
    re.IGNORECASE,
)
_SET = re.compile(rf"[\s:–-]*{_VAGUE.pattern}", re.IGNORECASE)
_LAST_MONTH = {"spring": 5, "summer": 8, "autumn": 11, "early": 4, "mid": 8, "q1": 3, "q2": 6, "q3": 9}
_REVIEW = re.compile(
    r"\b(?:date of reviews?|review(?:ed)? (?:date|by|due)|next review|reviews? due|expir\w+|valid until|"
    r"to be reviewed|for review)\b|^reviews?:?$",
    re.IGNORECASE,
)
_START = re.compile(
    r"\b(?:effective (?:from|date)|date effective|in force from|applies from|date of issue|issued?|"
    r"approved?|adopted|last updated|published)\b",
    re.IGNORECASE,
)
_SPAN = re.compile(
    r"\b(?:\w+ )?(?:Strategy|Plan|Framework|Programme|Policy|Agreement),? \(?(?P<first>20\d\d) ?[-–/] ?(?P<last>20\d\d|\d\d)\b"
)
_ISSUED = re.compile(r"\b(?:last updated|issued|approved|published|last reviewed)\b", re.IGNORECASE)


@dataclass(frozen=True)
class _Found:
    """A date of the text, its first and last day, and its paragraph."""

    written: str
    first: date
    last: date
    paragraph: Paragraph
    place: str
    label: str


def find(subject: Subject) -> Iterator[Finding]:
    found: list[_Found] = []
    label = ""
    for paragraph in subject.text.body:
        for match in _DATE.finditer(paragraph.text):
            place = paragraph.place_at(match.start())
            before = paragraph.text[: match.start()][-60:]
            read = _read(match)
            if read is None:
                yield Finding(NAME, "fault", f"There is no day “{match[0].strip()}”.", (place,), match[0], "put the date right")
                continue
            first, last, weekday = read
            if weekday and _DAYS[first.weekday()] != weekday:
                says = f"{match[0].strip()} was a {_DAYS[first.weekday()]}, not a {weekday}."
                yield Finding(NAME, "fault", says, (place,), match[0], "put the day or the date right")
            found.append(_Found(match[0].strip(), first, last, paragraph, place, before if before.strip() else label))
        label = paragraph.text if len(paragraph.text.split()) <= 6 else ""
    found += _set_vaguely(subject, {each.paragraph.index for each in found})
    yield from _passed(subject, found)
    for match, paragraph in subject.text.find(_SPAN):
        year = int(match["last"]) if len(match["last"]) == 4 else int(match["first"][:2] + match["last"])
        if year < subject.as_of.year:
            says = f"“{match[0]}” ran out at the end of {year}."
            place = paragraph.place_at(match.start())
            yield Finding(NAME, "fault", says, (place,), shortened(paragraph.text), "cite what came in its place")


def _set_vaguely(subject: Subject, dated: set[int]) -> Iterator[_Found]:
    """Reviews set for a season, a quarter, a month in figures or a year: in a field, or in the line after its label."""
    label = ""
    for paragraph in subject.text.body:
        short = len(paragraph.text.split()) <= MAX_FIELD
        own = _REVIEW.search(paragraph.text)
        of_field = _REVIEW.search(label) and _VAGUE.fullmatch(paragraph.text.strip())
        match = _SET.match(paragraph.text, own.end()) if own else of_field
        if short and match and paragraph.index not in dated:
            year = int(match["year"]) if len(match["year"]) == 4 else 2000 + int(match["year"])
            month = int(match["m"] or _LAST_MONTH.get((match["part"] or "").lower(), 12))
            first, last = date(year, 1, 1), date(year, month, calendar.monthrange(year, month)[1])
            place = paragraph.place_at(match.start("year"))
            yield _Found(match[0].lstrip(" :–-"), first, last, paragraph, place, own[0] if own else label)
        label = paragraph.text if short else ""


def _passed(subject: Subject, found: list[_Found]) -> Iterator[Finding]:
    reviews = [each for each in found if _REVIEW.search(each.label)]
    starts = [each for each in found if _START.search(each.label) and each not in reviews]
    for review in reviews:
        if review.last < subject.as_of:
            says = f"The review date, {review.written}, has passed."
            yield Finding(
                NAME, "fault", says, (review.place,), shortened(review.paragraph.text), "review it, and set the next date"
            )
        early = [start for start in starts if review.last < start.first]
        if early:
            says = f"The review date, {review.written}, is before {early[0].written}, from which it counts."
            yield Finding(
                NAME, "fault", says, subject.ordered((early[0].place, review.place)), review.written, "put one of them right"
            )
    for each in found:
        if _ISSUED.search(each.label) and each not in reviews and each.first > subject.as_of:
            says = f"It says that it was issued or updated on {each.written}, which is still to come."
            yield Finding(NAME, "fault", says, (each.place,), each.written, "put the date right")


def _read(match: re.Match[str]) -> tuple[date, date, str] | None:
    """First and last day of a written date and its weekday; None if there is no such day."""
    if match["y"]:
        year = int(match["y"]) if len(match["y"]) == 4 else 2000 + int(match["y"])
        day, month = int(match["d"]), int(match["m"])
    else:
        year, month = int(match["year"]), next(n for n, name in enumerate(_MONTHS, 1) if name.startswith(match["month"][:3]))
        day = int(match["day"] or match["late"] or 0)
    try:
        first = date(year, month, day or 1)
    except ValueError:
        return None
    return first, first if day else date(year, month, calendar.monthrange(year, month)[1]), match["weekday"] or ""
