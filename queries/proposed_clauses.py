"""Proposes the register of a new policy from its document: a row a paragraph, to be completed by a person.

No words of the document are kept. A row says where the paragraph stands, what kind of statement its words hint at, how
binding it is, and which times, ages and dates it names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kb.edition import Block, Edition
from kb.policy import MAX_LINE

MAX_PROPOSED = 2_000  # rows; a longer document is no transfer policy
_FEW_WORDS = 4  # a paragraph of fewer words that binds nobody is a heading

#: Words that hint at the kind of a statement. The first that fits is proposed.
_KINDS = (
    ("exception", r"except|unless|apart from|other than|does not apply|with the exception"),
    ("escalation", r"dispute|disagree|escalat|cannot agree|can ?not be agreed|resolv"),
    ("deadline", r"within|no later than|by the end of|working days?|deadline|timescale|every \w+ (?:weeks|months)"),
    ("gate", r"before|prior to|provided that|as long as|must be (?:complete|completed|up to date)|audit"),
    ("transfer_point", r"transfer|hand(?:ed|s)? over|moves? (?:to|from)|point of|takes? over|becomes? responsible"),
    ("route", r"responsib|allocat|held by|goes to|referred to|will sit with|lies? with"),
    ("attendance", r"attend|be present|invited to"),
    ("duty", r"inform|notif|tell|record|write|send|complete|ensure"),
    ("definition", r"means|is defined|refers to|criteria|threshold"),
)
_FORCES = (
    ("must", r"(?:must|shall|will|is to|are to|required|has to|have to|may not)\b"),
    ("should", r"(?:should|ought|expected to)\b"),
    ("may", r"(?:(?<!\d )may(?! \d)|can|could|discretion)\b"),  # neither 1 May nor May 2025
    ("usually", r"(?:usually|normally|generally|in most cases)\b"),
)
_NUMBER = r"(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty)"
_FOUND = re.compile(
    rf"\b(?:{_NUMBER}\s+(?:working\s+)?(?:hours?|days?|weeks?|months?|years?)(?:\s+old)?"
    rf"|{_NUMBER}(?:st|nd|rd|th)\s+birthday|aged?\s+(?:of\s+)?{_NUMBER}"
    r"|\d{1,2}[./]\d{1,2}[./]\d{2,4}|\d{1,2}\s+(?:January|February|March|April|May|June|July|August|September|October|"
    r"November|December)(?:\s+\d{4})?)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Proposed:
    """A row of the register as it is proposed; `line` is that of the document, or the number of the paragraph."""

    line: int
    kind: str
    force: str
    heading: bool
    found: tuple[str, ...]


def proposed(edition: Edition) -> tuple[Proposed, ...]:
    """A row for each paragraph of a document, in order, at most `MAX_PROPOSED`."""
    return tuple(_rows(edition))[:MAX_PROPOSED]


def _rows(edition: Edition) -> Iterator[Proposed]:
    for number, block in enumerate(edition.blocks[:MAX_LINE], 1):
        told = re.search(r"^(?:line|paragraph) (\d+)$", block.place)
        if block.text.strip():
            yield _proposed(int(told[1]) if told else number, block)


def _proposed(number: int, block: Block) -> Proposed:
    force = _first(_FORCES, block.text)
    kind = _first(_KINDS, block.text)
    heading = not force and len(block.text.split()) <= _FEW_WORDS
    found = tuple(dict.fromkeys(" ".join(match.group().split()) for match in _FOUND.finditer(block.text)))
    return Proposed(number, "background" if heading else kind or "background", force or "none", heading, found)


def _first(words: tuple[tuple[str, str], ...], text: str) -> str:
    """The first name whose words occur in a text; empty where none does."""
    return next((name for name, pattern in words if re.search(rf"\b(?:{pattern})", text, re.IGNORECASE)), "")
