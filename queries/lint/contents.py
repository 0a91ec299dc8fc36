"""A list of contents that does not match the body."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import pairwise

from kb.fingerprint import words_of
from kb.lint.text import Entry, Paragraph
from queries.lint.finding import Finding, Subject

NAME = "contents"
ALIKE = 0.75  # share of common letters from which two titles count as the same


def find(subject: Subject) -> Iterator[Finding]:
    """Compares each entry with the headings of the body, and the headings with the entries."""
    entries, body = subject.text.contents, subject.text.body
    titles = {_key(p.text): p for p in reversed(body) if len(p.text.split()) <= 14}
    matched: set[str] = set()
    for entry in entries:
        exact = titles.get(_key(entry.title))
        near = exact or _nearest(entry, body)
        if near is None:
            yield Finding(NAME, "fault", 
                f"The contents list {_name(entry)}, which the body does not have.", (entry.place,), entry.title,
                          "take it out, or put the section back")  # fmt: skip
            continue
        matched.add(near.place)
        if exact is None and _key(near.text).startswith(_key(entry.title)) and not near.number:
            says = f"The contents list {_name(entry)}; the body has a heading of that kind without a number, “{near.text[:60]}”."
            yield Finding(
                NAME, "fault", says, (entry.place, near.place), entry.title, "give it its number and its title, or take it out"
            )
        elif exact is None and not _named(near, _key(entry.title)):
            says = (
                f"The contents name section {entry.number or entry.title} otherwise than the body: “{entry.title}” "
                f"and “{near.text[:60]}”."
            )
            yield Finding(NAME, "fault", says, (entry.place, near.place), entry.title, "write the title alike")
        if entry.number and near.number and entry.number != near.number:
            says = f"“{entry.title}” is {entry.number} in the contents and {near.number} in the body."
            yield Finding(NAME, "fault", says, (entry.place, near.place), entry.title, "number them alike")
    depth = {entry.number.count(".") for entry in entries if entry.number}
    for heading in subject.text.headings:
        listed = heading.place in matched or _key(heading.text) in {_key(entry.title) for entry in entries}
        if entries and heading.number and heading.number.count(".") in depth and not listed:
            says = f"Section {heading.number}, “{heading.text[:60]}”, is not in the contents."
            yield Finding(NAME, "fault", says, (heading.place,), heading.text[:60], "put it into the contents")
    yield from _pages(entries)


def _nearest(entry: Entry, body: Sequence[Paragraph]) -> Paragraph | None:
    """The heading that is most like an entry: of the same number, or with nearly the same title, or beginning with it."""
    short = [p for p in body if len(p.text.split()) <= 14 and (p.heading or p.text[-1:] not in ".;:,")]
    best = max(short, key=lambda p: _alike(entry.title, p.text), default=None)
    if best is not None and _alike(entry.title, best.text) >= ALIKE:
        return best
    key = _key(entry.title)
    if len(key.split()) > 1:
        begins = next((p for p in short if _key(p.text).startswith(key) or _named(p, key)), None)
        if begins is not None:
            return begins
    same = next((p for p in short if p.heading and p.number and p.number == entry.number), None)
    return (
        same if same is not None and set(_key(same.text).split()) & set(key.split()) - {"and", "the", "of", "to", "for"} else None
    )


def _named(paragraph: Paragraph, key: str) -> bool:
    """Whether a line is the name of an appendix with whose title an entry goes on."""
    own = _key(paragraph.text)
    return bool(re.fullmatch(r"(?:appendix|annexe?|schedule) \w{1,2}", own)) and key.startswith(own + " ")


def _pages(entries: Sequence[Entry]) -> Iterator[Finding]:
    for above, entry in pairwise(entries):
        if above.page is not None and entry.page is not None and entry.page < above.page:
            says = f"The contents put {_name(entry)} on page {entry.page}, before the section above it (page {above.page})."
            yield Finding(NAME, "fault", says, (above.place, entry.place), entry.title, "make the contents anew")


def _alike(first: str, second: str) -> float:
    return SequenceMatcher(None, _key(first), _key(second)).ratio()


def _key(title: str) -> str:
    return " ".join(words_of(title))


def _name(entry: Entry) -> str:
    return f"section {entry.number}, “{entry.title}”" if entry.number else f"“{entry.title}”"
