"""Disputes for which different places of the text name different people to escalate to."""

from __future__ import annotations

import re
from collections.abc import Iterator

from queries.lint.finding import Finding, Subject
from queries.lint.terms import short_places

NAME = "disputes"
APART = 6  # paragraphs; sentences closer together describe the steps of one escalation
_DISPUTE = re.compile(
    r"\bdisputes?\b|\bdisagree|\bunable to (?:agree|resolve)|\b(?:cannot|can ?not|can't|not) (?:be )?(?:resolved|"
    r"agreed)|\bescalat",
    re.IGNORECASE,
)
_ROLE = re.compile(
    r"\b(?:(?:[Tt]eam|[Ss]ervice|[Gg]roup|[Aa]rea|[Pp]ractice|[Dd]uty) [Mm]anagers?|[Hh]eads? of [Ss]ervice|"
    r"(?:[Aa]ssistant )?[Dd]irectors?)\b"
)


def find(subject: Subject) -> Iterator[Finding]:
    """Compares the roles that each sentence on disputes names."""
    ways: dict[tuple[str, ...], list[str]] = {}
    at: list[int] = []
    for sentence in subject.text.sentences():
        if _DISPUTE.search(sentence.text):
            roles = dict.fromkeys(role.lower().rstrip("s") for role in _ROLE.findall(sentence.text))
            if roles:
                ways.setdefault(tuple(sorted(roles)), []).append(sentence.place)
                at.append(sentence.paragraph)
    apart = [way for way in ways if not any(set(way) < set(other) for other in ways)]
    if len(ways) > 1 and at[-1] - at[0] > APART:
        told = "; ".join(f"{' and '.join(way)} ({short_places(subject.ordered(places))})" for way, places in ways.items())
        says = f"Who settles what the managers do not agree on is told in {len(ways)} ways: {told}."
        places = subject.ordered(place for found in ways.values() for place in found)
        yield Finding(
            NAME, "fault" if len(apart) > 2 else "note", says, places, advice="say once, in order, who settles it and by when"
        )
