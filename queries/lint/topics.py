"""Topics that a transfer policy should cover and a long document does not."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kb.lint.tables import topics
from kb.lint.text import LONG
from queries.lint.finding import Finding, Subject

NAME = "topics"
FEWEST = 6  # mentions of a transfer in a policy on transfers
_CONTROL = (
    ("when it is to be reviewed", re.compile(
        r"\breview(?:ed|s)?\b[^.]{0,20}(?:date|due|by|\d{4})|\bdates? of reviews?\b|\bnext review\b", re.IGNORECASE)),
    ("who is responsible for it", re.compile(
        r"\b(?:responsible officer|policy owner|document owner|owner|author|lead officer)\b", re.IGNORECASE)),
    ("from when it counts", re.compile(
        r"\b(?:effective|in force|applies from|last updated|version|date of issue|issued)\b", re.IGNORECASE)),
    ("who approved it", re.compile(r"\b(?:approved|agreed by|adopted|decision|signed off|sign-off)\b", re.IGNORECASE)),
)  # fmt: skip


def find(subject: Subject) -> Iterator[Finding]:
    """Reports each entry of `kb/lint/topics.tsv` on which a document of a thousand words or more says nothing."""
    text = subject.text
    moves = sum(1 for _ in text.find(re.compile(r"\btransfer", re.IGNORECASE)))
    if text.words < LONG or moves < FEWEST:
        return
    for topic in topics():
        about = [paragraph.place_at(match.start()) for match, paragraph in text.find(topic.about)]
        if about and not any(True for _ in text.find(topic.pattern)):
            specific = len(about) <= 12
            says = f"It nowhere says {topic.missing}."
            yield Finding(
                NAME,
                "gap",
                says,
                subject.ordered(about) if specific else (),
                topic.topic,
                f"say {topic.missing}, or that it is left open",
            )
    front = " ".join(p.text for p in (*text.body[:25], *text.body[-6:]) if len(p.text.split()) <= 14)
    for what, pattern in _CONTROL:
        if not pattern.search(front) and not any(pattern.search(block.text) for block in text.empty):
            yield Finding(NAME, "gap", f"It does not say {what}.", (), what, "add it to the front page")
