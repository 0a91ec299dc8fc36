"""The results of the checks of a document."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from kb.edition import Edition
from kb.lint.text import Text, text_of
from kb.policy import Policy
from queries.check.finding import WEIGHTS, Weight

MAX_WORDS = 90  # characters of the document that a finding quotes
BESIDE = 24  # characters quoted before and after the words of a finding


@dataclass(frozen=True)
class Finding:
    """One finding.

    weight  `fault`: the document is wrong or contradicts itself; `gap`: it leaves something out; `note`: possibly intended
    says    the statement; `advice` is what to do
    places  where it stands, in document order
    words   the words of the document that it is about
    """

    check: str
    weight: Weight
    says: str
    places: tuple[str, ...] = ()
    words: str = ""
    advice: str = ""


@dataclass(frozen=True)
class Subject:
    """A document to check. `as_of` is the day, `policy` the policy with the register of its clauses, if any."""

    edition: Edition
    as_of: date
    policy: Policy | None = None

    @cached_property
    def text(self) -> Text:
        return text_of(self.edition)

    @cached_property
    def whole(self) -> str:
        """The whole body as one text, to search for words."""
        return "\n".join(paragraph.text for paragraph in self.text.body)

    def ordered(self, places: Iterable[str]) -> tuple[str, ...]:
        """Places without repeats, in document order."""
        return tuple(sorted(dict.fromkeys(places), key=lambda place: self.text.order.get(place, -1)))


@dataclass(frozen=True)
class Report:
    """What the checks of a document found. `places` is the number of its lines or paragraphs, `words` of its words."""

    document: str
    as_of: date
    policy: str
    places: int
    words: int
    found: Mapping[str, tuple[Finding, ...]]
    notes: tuple[str, ...] = ()
    order: Mapping[str, int] = field(default_factory=dict, compare=False)

    @property
    def findings(self) -> list[Finding]:
        """All findings, gravest first, then in the order of the checks."""
        return sorted((f for found in self.found.values() for f in found), key=lambda f: WEIGHTS.index(f.weight))


def shortened(words: str) -> str:
    """Words of the document on one line, cut at `MAX_WORDS`."""
    words = " ".join(words.split())
    return words if len(words) <= MAX_WORDS else words[: MAX_WORDS - 1].rstrip() + "…"


def around(text: str, start: int, end: int) -> str:
    """The words of a stretch of text with some before and after it, none of them cut."""
    first = text.rfind(" ", 0, max(0, start - BESIDE)) + 1 if start > BESIDE else 0
    last = text.find(" ", end + BESIDE)
    return shortened(text[first : last if last >= 0 else len(text)])
