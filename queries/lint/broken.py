"""Sentences and paragraphs that are broken: brackets, marks, missing stops, slips of grammar."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from kb.lint.tables import misspelt, slips
from kb.lint.text import Paragraph
from queries.lint.finding import Finding, Subject, around, shortened

NAME = "broken-text"
_MODALS = "should|must|will|shall|may|can"
_STARTED = re.compile(rf"(?<=[a-z] )([A-Z][a-z]{{3,}}) (?=(?:{_MODALS}|is|are|has|have|needs?) )")
_LISTED = re.compile(
    r"\b(?:a|an|the|this|that|each|any|all|every|its|their|our|his|her|to|of|by|with|for|and|or|in|from|as|at|on|which|between|"
    r"receiving|sending)$",
    re.IGNORECASE,
)
#: Words that can't end a sentence.
_CUT = re.compile(r"[a-z,)] (?:the|an|and|or|must|shall|should|will|its|their)$|(?:^|[.!?] )(?:It|This|They|There) (?:is|are)$")
_PAIRS = (("(", ")"), ("[", "]"), ("“", "”"))


def find(subject: Subject) -> Iterator[Finding]:
    body = subject.text.body
    lower, inside = _usage(body)
    for paragraph in body:
        yield from _brackets(paragraph)
        for slip in slips():
            for match in slip.pattern.finditer(paragraph.text):
                yield _at(paragraph, match, f"{slip.what}.", slip.advice)
        for word in misspelt():
            for match in word.pattern.finditer(paragraph.text):
                yield _at(paragraph, match, f"“{match[0].strip()}” is a slip.", f"write {word.write}")
        for match in _STARTED.finditer(paragraph.text):
            before = paragraph.text[: match.start()].rstrip()
            small = before.split()[-1][:1].islower()
            phrase = f"{before.split()[-1]} {match[1].lower()}"
            if (
                small
                and match[1].lower() in lower
                and phrase not in subject.whole
                and match[1] not in inside
                and not _LISTED.search(before)
            ):
                yield _at(paragraph, match, f"A stop is missing before “{match[1]}”.", "put it in")
    if not subject.text.wrapped:
        yield from _parted(body)
        yield from _cut_off(body)
    yield from _bare(subject)


def _usage(body: tuple[Paragraph, ...]) -> tuple[set[str], set[str]]:
    """Words that stand in small letters somewhere, and words with a capital after another word with one or inside a name."""
    text = "\n".join(paragraph.text for paragraph in body)
    lower = set(re.findall(r"(?<![A-Za-z])[a-z]{4,}", text))
    named = re.findall(
        r"[A-Z][\w'’]* (?:and |of |for |the |& )?([A-Z][a-z]{3,})|([A-Z][a-z]{3,}) (?:and |of |for |& )?[A-Z]", text
    )
    return lower, {word for pair in named for word in pair if word}


def _brackets(paragraph: Paragraph) -> Iterator[Finding]:
    text = paragraph.text
    for opened, closed in _PAIRS:
        more, fewer = text.count(opened), text.count(closed)
        if opened == "(":
            fewer -= len(re.findall(r"(?:^|\s)(?:[a-z]|[ivx]{1,4}|\d{1,2})\)", text))  # of a list: a), ii), 3)
            fewer = max(fewer, min(more, text.count(closed)))
        if more != fewer:
            what = f"A “{opened}” is opened and not closed." if more > fewer else f"A “{closed}” closes what was not opened."
            at = text.rfind(opened) if more > fewer else text.rfind(closed)
            yield Finding(
                NAME,
                "fault",
                what,
                (paragraph.place_at(max(at, 0)),),
                around(text, max(at, 0), max(at, 0) + 1),
                "put in the other half",
            )
    if text.count('"') % 2:
        yield Finding(NAME, "fault", "A quotation mark has no other half.", (paragraph.place,), shortened(text), "put it in")
    stray = re.search(r"[a-rt-z]['’]$", text)
    if stray and not re.search(r"(?:^|[\s(])['‘]", text):
        words = around(text, len(text) - 1, len(text))
        yield Finding(
            NAME, "fault", "A quotation mark closes what was not opened.", (paragraph.place_at(len(text)),), words, "take it out"
        )


def _parted(body: tuple[Paragraph, ...]) -> Iterator[Finding]:
    """Paragraphs that end in the middle of a sentence that the next paragraph continues."""
    for above, below in pairwise(body):
        plain = not (below.bullet or below.number or below.letter or above.heading or below.heading)
        if plain and re.search(r"[a-z,]$", above.text) and re.match(r"[a-z]", below.text) and len(above.text.split()) > 8:
            says = "A sentence is parted in two: one paragraph ends without a stop, and the next goes on in small letters."
            yield Finding(NAME, "fault", says, (above.place, below.place), shortened(below.text), "join the two")


def _cut_off(body: tuple[Paragraph, ...]) -> Iterator[Finding]:
    """Paragraphs that end with a word that can't end a sentence, and that no other paragraph continues."""
    for above, below in zip(body, [*body[1:], None]):
        goes_on = below is not None and (below.bullet or below.letter or below.number or re.match(r"[a-z(]", below.text))
        titled = above.heading and not re.search(r"[.!?] ", above.text)
        if not titled and not goes_on and _CUT.search(above.text.rstrip()):
            says = f"A sentence breaks off after “{above.text.split()[-1]}”."
            yield Finding(NAME, "fault", says, (above.place_at(len(above.text)),), shortened(above.text[-80:]), "finish it")


def _bare(subject: Subject) -> Iterator[Finding]:
    """Headings with nothing below them."""
    body = subject.text.body
    for above, below in zip(body, [*body[1:], None]):
        if above.heading and above.number and (below is None or (below.heading and not _deeper(above, below))):
            says = f"The section “{above.text[:60]}” has no text."
            yield Finding(NAME, "gap", says, (above.place,), above.text[:60], "write it, or take the heading out")


def _deeper(above: Paragraph, below: Paragraph) -> bool:
    return below.number.startswith(above.number + ".") or not below.number


def _at(paragraph: Paragraph, match: re.Match[str], says: str, advice: str) -> Finding:
    words = around(paragraph.text, match.start(), match.end())
    return Finding(NAME, "fault", says, (paragraph.place_at(match.start()),), words, advice)
