"""Differences between a document and the register of a policy: teams and passages that only one of them has."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kb.lint.text import Paragraph
from queries.drift_lines import passages_of
from queries.lint.finding import Finding, Subject, shortened
from queries.lint.names import names, register_names, stem

NAME = "register"
_RULE = re.compile(r"\b(?:must|shall|will|should|(?:is|are) responsible|needs? to|may only|can only)\b", re.IGNORECASE)
_KNOWN_KINDS = ("team", "body", "outcome", "escalation", "meeting", "attendance", "co_working")


def find(subject: Subject) -> Iterator[Finding]:
    """No findings without a policy."""
    if subject.policy is not None:
        yield from _unknown_teams(subject)
        yield from _unnamed_teams(subject)
        yield from _uncited(subject)


def _unknown_teams(subject: Subject) -> Iterator[Finding]:
    assert subject.policy is not None
    codes = subject.policy.vocabulary.codes
    known = [
        {stem(word) for word in re.findall(r"[A-Za-z½][\w'’½-]*", form)}
        for kind in _KNOWN_KINDS
        for entry in codes.get(kind, ())
        for form in (entry.label, *entry.aliases)
    ]
    for name in names(subject):
        words = set(name.key)
        holds_known = any(pattern.search(name.written) for _, pattern in register_names(subject))
        a_team = name.head not in ("board", "service") or name.written.split()[-1][0].isupper()
        if (
            name.written[0].isupper()
            and a_team
            and not holds_known
            and not any(words <= {*form, "team", "servic"} for form in known)
        ):
            says = f"The register knows no team called “{name.written}”."
            advice = "add it to codes.tsv, or as an alias of the team that is meant"
            yield Finding(NAME, "note", says, subject.ordered(name.places), name.written, advice)


def _unnamed_teams(subject: Subject) -> Iterator[Finding]:
    for label, pattern in register_names(subject):
        if not any(True for _ in subject.text.find(pattern)):
            says = f"The register has the team {label}, which the document nowhere names."
            yield Finding(NAME, "note", says, advice="take it out of codes.tsv, or add the name that the document has for it")


def _uncited(subject: Subject) -> Iterator[Finding]:
    """Passages that read like rules and that no clause of the register cites."""
    policy = subject.policy
    assert policy is not None
    if not policy.fingerprints:
        return
    cited = {line for clause in policy.clauses.values() for line in clause.lines}
    at = {place: paragraph for paragraph in subject.text.body for _, place in paragraph.starts}
    for passage in passages_of(policy.fingerprints, subject.edition):
        paragraph: Paragraph | None = at.get(passage.place)
        if passage.line not in cited and _RULE.search(passage.text) and paragraph is not None:
            says = "This reads like a rule, and no clause of the register cites it."
            yield Finding(NAME, "note", says, (passage.place,), shortened(passage.text), "register it, if only as out of scope")
