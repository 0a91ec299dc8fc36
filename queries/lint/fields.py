"""Fields without a value, and text of a form that was left to be filled in."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kb.lint.text import MAX_FIELD, Paragraph
from queries.lint.finding import Finding, Subject, around, shortened

NAME = "empty-fields"
_HOLDER = re.compile(
    r"\bTB[CDA]\b|\bto be (?:confirmed|decided later|determined|added|inserted|completed later)\b|"
    r"\[(?:insert|enter|add)\b[^\]]*\]|\[(?:name|date|team|council|role|details|number|address|xx+)(?: of [^\]]*| here)?\](?!\()|"
    r"<(?:insert|name|date|add|enter)\b[^>]*>|\bXX+\b|\bxx+\b|\bdd/mm/yy(?:yy)?\b|_{4,}|\?{2,}|\.{6,}(?!\s*\d)|Lorem ipsum|"
    r"Error! (?:Reference|Bookmark)|Click (?:or tap )?here to enter|\bDRAFT\b|\[[ ….]*\]|"
    r"(?:[(\[–:-]\s*)(?:details )?to follow(?:[)\]]|\.?$)",
    re.IGNORECASE,
)
_FILLED = re.compile(r"([A-Z][\w ()/'’&-]{2,45}):\s*\S")
_EMPTY = re.compile(r"([A-Z][\w ()/'’&-]{2,45}):\s*(?:[-–—]|n/?a)?")


def find(subject: Subject) -> Iterator[Finding]:
    labels = [block for block in subject.text.empty if len(block.text.split()) <= MAX_FIELD and not block.text.isupper()]
    listed = {block.place for block in labels}
    body = subject.text.body
    for n, paragraph in enumerate(body):
        match = _EMPTY.fullmatch(paragraph.text.strip())
        if match and len(match[1].split()) <= MAX_FIELD and paragraph.place not in listed and _among_fields(body, n):
            yield _empty(match[1], paragraph.place)
    for block in labels:
        yield _empty(block.text.rstrip(": "), block.place)
    for match, paragraph in subject.text.find(_HOLDER):
        words = around(paragraph.text, match.start(), match.end())
        says = f"“{shortened(match[0])}” was left to be filled in."
        yield Finding(NAME, "fault", says, (paragraph.place_at(match.start()),), words, "fill it in, or take it out")


def _among_fields(body: tuple[Paragraph, ...], n: int) -> bool:
    """Whether a paragraph stands among lines of the form `Label: value`."""
    if n + 1 < len(body) and (body[n + 1].bullet or body[n + 1].letter):
        return False  # it leads a list
    near = [p.text for p in (*body[max(0, n - 2) : n], *body[n + 1 : n + 3])]
    return sum(bool(_FILLED.match(text)) or bool(_EMPTY.fullmatch(text)) for text in near) >= 2


def _empty(label: str, place: str) -> Finding:
    return Finding(NAME, "gap", f"The field “{label.strip()}” is empty.", (place,), label.strip(), "fill it in, or take it out")
