"""References to sections, appendices, notes and sources that the document does not have."""

from __future__ import annotations

import re
from collections.abc import Iterator

from queries.lint.finding import Finding, Subject, around, shortened

NAME = "references"
_SECTION = re.compile(
    r"\b(?:(?:see|in|under|at|of|by|and|with|to|per) (?:section|paragraph|para|clause|part|step) (?P<simple>\d{1,2})\b(?!\.?\d)"
    r"(?P<own>,? (?:above|below|of this (?:policy|document|procedure|guidance)))?"
    r"|(?:sections?|paragraphs?|paras?|clauses?|see) (?P<dotted>\d{1,2}(?:\.\d{1,2})+))",
    re.IGNORECASE,
)
_APPENDIX = re.compile(r"\b(Appendix|Annex|Annexe|Schedule|Flow ?chart|Table|Figure) ([A-H]|\d{1,2})\b(?! (?:to|of) the\b)")
_SOURCE = re.compile(r"\(([^()]{3,90}(?:\([A-Z]{2,5}\))?[^()]{0,20}?(?:, | )(?:19|20)\d\d)\)")
_NOTE = re.compile(r"(?<=\)) (\d)(?= [a-z])|(?<=[a-z]{2})(\d)(?=[\s.,;])(?![\s]*(?:%|days|weeks))")
_LIST = re.compile(r"(?:references|bibliography|sources|further reading)(?: .{0,20})?:?", re.IGNORECASE)
_DATE = re.compile(
    r"\b(?:January|February|March|April|May|June|July|August|September|October|November|December)\b|\bAct\b|\bRegulations\b"
)
#: Sections of Acts that such documents cite by number alone.
STATUTORY = frozenset(
    [1, 7, 8, 10, 11, 16, 17, 18, 20, 22, 23, 24, 25, 31, 34, 35, 36, 37, 38, 42, 43, 44, 46, 47, 50, 85, 86, 91]
)


def find(subject: Subject) -> Iterator[Finding]:
    text = subject.text
    numbers = {p.number for p in text.body if p.number}
    for match, paragraph in text.find(_SECTION) if numbers else ():
        number = match["dotted"] or match["simple"]
        if number in numbers or (
            match["simple"] and not match["own"] and (int(number) in STATUTORY or number not in _near(numbers))
        ):
            continue
        says = f"It refers to section {number}, which it does not have."
        yield Finding(NAME, "fault", says, (paragraph.place_at(match.start()),), match[0], "name the section that is meant")
    yield from _appendices(subject)
    notes = {p.number for p in text.body if p.number and not p.heading}
    for match, paragraph in text.find(_NOTE):
        number = match[1] or match[2]
        if number not in notes:
            says = f"A stray {number} stands in the text; if it marks a footnote, there is none."
            yield Finding(
                NAME,
                "fault",
                says,
                (paragraph.place_at(match.start()),),
                around(paragraph.text, match.start(), match.end()),
                "take it out, or add the note",
            )
    cited = [(match[1], p.place_at(match.start())) for match, p in text.find(_SOURCE) if not _DATE.search(match[1])]
    listed = any(_LIST.fullmatch(p.text.strip()) for p in text.body)
    if cited and not listed:
        names = "; ".join(dict.fromkeys(shortened(name) for name, _ in cited))
        says = "Sources are cited by name and year, and there is no list of references."
        yield Finding(
            NAME, "gap", says, subject.ordered(place for _, place in cited), names, "add the list, or leave the sources out"
        )


def _near(numbers: set[str]) -> set[str]:
    """Numbers of sections that such a document might have: those up to twelve more than its last."""
    last = max((int(number.split(".")[0]) for number in numbers), default=0)
    return {str(number) for number in range(1, last + 13)}


def _appendices(subject: Subject) -> Iterator[Finding]:
    cited: dict[str, list[str]] = {}
    there: set[str] = set()
    for match, paragraph in subject.text.find(_APPENDIX):
        name = f"{match[1].capitalize().replace('Annexe', 'Annex')} {match[2]}"
        if match.start() == 0 and (len(paragraph.text.split()) <= 14 or paragraph.heading):
            there.add(name)
        else:
            cited.setdefault(name, []).append(paragraph.place_at(match.start()))
    for name, places in cited.items():
        if name not in there:
            advice = f"attach {name}, or take the reference out"
            yield Finding(NAME, "fault", f"{name} is cited and not attached.", subject.ordered(places), name, advice)
