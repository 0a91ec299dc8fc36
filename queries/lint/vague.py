"""Vague words in sentences that decide something."""

from __future__ import annotations

from collections.abc import Iterator

from kb.lint.tables import vague
from queries.lint.finding import Finding, Subject, shortened
from queries.lint.words import DECIDES

NAME = "vague-words"


def find(subject: Subject) -> Iterator[Finding]:
    """Reports each entry of `kb/lint/vague.tsv` once, with every sentence in which it decides."""
    sentences = [sentence for sentence in subject.text.sentences() if DECIDES.search(sentence.text)]
    for entry in vague():
        hits = [(match[0], s.place) for s in sentences for match in entry.pattern.finditer(s.text)]
        if hits:
            forms = "; ".join(dict.fromkeys(word.strip().lower() for word, _ in hits))
            says = f"“{entry.term}” and the like decide here, and leave open {entry.open}."
            advice = f"say {entry.open}, or take the words out where nothing hangs on them"
            yield Finding(NAME, "note", says, subject.ordered(place for _, place in hits), shortened(forms), advice)
