"""Duties without somebody who does them, or without a time."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kb.lint.text import Paragraph
from queries.lint.finding import Finding, Subject, shortened
from queries.lint.words import MODAL, WHEN

NAME = "duties"
_DONE_WORDS = """
    notified informed told invited sent completed recorded updated checked audited reviewed arranged allocated agreed
    escalated alerted signed explained gained obtained decided held raised followed archived prioritised addressed
    provided offered shared made identified appointed convened uploaded scheduled submitted circulated issued undertaken
    carried given sought assessed visited seen consulted advised contacted discussed designated resolved referred
    highlighted ratified
"""
_DONE = "|".join(_DONE_WORDS.split())
_PASSIVE = re.compile(
    r"\b(?:must|shall|will|should|has to|have to|needs? to|is to|are to)(?: (?:also|then|always|all|first|(?!only)\w+ly))* be "
    rf"(?:(?!only)\w+ly )?({_DONE})\b(?! (?:in the best interests|on the basis))",
    re.IGNORECASE,
)
#: A duty without its verb, as “Letters to be sent”: no verb and no word that governs “to be” comes before.
_BARE = re.compile(
    r"^[A-Z][\w'’/&-]*(?: (?!(?:is|are|has|have|had|was|were|be|needs?|must|will|should|can|may|ought|wish\w*|due|likely|"
    rf"plans?|agreed|decisions?|asked|tasks?|those|that|which|when|where|if)\b)[\w'’/&-]+){{0,6}} to be ({_DONE})\b",
)
_ACTIVE = re.compile(
    r"\b(?:must|shall|will|should|has to|have to|needs? to|is to|are to) (?:also )?(notify|inform|"
    r"tell|send|invite|alert|complete|hold|convene|review|submit|"
    r"refer|contact|visit|write to|arrange|report|record|update|allocate|circulate|upload|sign|audit)\b",
    re.IGNORECASE,
)
_AGENT = re.compile(
    r"\bby (?!(?:adherence|means|way|the (?:end|time|date|due)|noon|\d|mon|tue|wed|thu|fri|sat|"
    r"sun|\w+ing\b))(?:both |all |each |either )?(?:an?|the|its|their|his|her|this|that|one|our|"
    r"two|[A-Z]|\w+ (?:manager|worker|team))|between (?:the )?(?:\w+ )*(?:managers|teams|workers)",
    re.IGNORECASE,
)
_WHO = re.compile(
    r"\b(?:managers?|workers?|teams?|service|hub|officers?|panel|chair|director|advis[eo]rs?|business support|"
    r"head of)\b[^:]*\b(?:must|will|should|ensure|responsib\w+|shall)\b",
    re.IGNORECASE,
)


def find(subject: Subject) -> Iterator[Finding]:
    """One finding for each sentence that lacks an owner, a time, or both."""
    body = subject.text.body
    led = _led(body)
    for sentence in subject.text.sentences():
        paragraph = body[sentence.paragraph]
        bare = _BARE.search(sentence.text)
        passive = _PASSIVE.search(sentence.text) or bare
        active = _ACTIVE.search(sentence.text)
        before = paragraph.text[: paragraph.text.find(sentence.text)]
        owned = (
            _AGENT.search(sentence.text)
            or _WHO.search(sentence.text[: passive.start()] if passive else "")
            or paragraph.index in led
        )
        ownerless = passive is not None and not owned and not _WHO.search(before)
        verb = passive or active
        timeless = verb is not None and not WHEN.search(sentence.text) and bool(bare or MODAL.search(sentence.text))
        if not ownerless and not timeless:
            continue
        assert verb is not None
        missing = (
            "neither who does it nor by when" if ownerless and timeless else "not who does it" if ownerless else "not by when"
        )
        does = _what(sentence.text, verb)
        advice = (
            "name the role that does it" * ownerless
            + " and " * (ownerless and timeless)
            + "give a time, counted from an event" * timeless
        )
        yield Finding(
            NAME,
            "gap" if ownerless else "note",
            f"The duty “{does}” says {missing}.",
            (sentence.place,),
            shortened(sentence.text),
            advice,
        )


def _what(text: str, verb: re.Match[str]) -> str:
    """The words around the verb of a duty, from the start of its clause."""
    before = re.split(r"[,;:(]\s|\sand\s", text[: verb.start()])[-1].split()[-9:]
    after = text[verb.end() :].split()[:6]
    return shortened(" ".join([*before, verb[0], *after]).strip(" ,;.()"))


def _led(body: tuple[Paragraph, ...]) -> set[int]:
    """Paragraphs of a list whose introduction says who has the duties."""
    found: set[int] = set()
    leading = False
    for paragraph in body:
        listed = bool(paragraph.bullet or paragraph.letter or (paragraph.number and not paragraph.heading))
        if leading and listed:
            found.add(paragraph.index)
        elif not listed:
            leading = paragraph.text.rstrip().endswith(":") and bool(
                re.search(r"\b(?:manager|worker|team|hub|service|chair|officer|advis)", paragraph.text, re.IGNORECASE)
            )
    return found
