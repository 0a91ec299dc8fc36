"""Laws, guidance and bodies that have been replaced."""

from __future__ import annotations

from collections.abc import Iterator

from kb.dates import in_words
from kb.lint.tables import replaced
from queries.lint.finding import Finding, Subject, shortened

NAME = "replaced"


def find(subject: Subject) -> Iterator[Finding]:
    """Reports each entry of `kb/lint/replaced.tsv` that the document cites and that was replaced by the day asked for."""
    for entry in replaced():
        if entry.since > subject.as_of:
            continue
        cited = [(match[0], paragraph.place_at(match.start())) for match, paragraph in subject.text.find(entry.pattern)]
        if cited:
            says = (
                f"It cites {entry.what}, in whose place {entry.now} came on {in_words(entry.since.toordinal())} ({entry.source})."
            )
            places = subject.ordered(place for _, place in cited)
            yield Finding(NAME, "fault", says, places, shortened(cited[0][0]), f"cite {entry.now}, and check what it changes")
