"""Other documents that the text refers to without including them or giving their address."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kb.fingerprint import words_of
from queries.lint.finding import Finding, Subject

NAME = "cited-documents"
_KIND = (
    r"(?:Policy|Policies|Protocol|Procedures?|Guidance|Framework|Strategy|Standards|Agreement|Handbook|"
    r"Toolkit|Practice Standards|Threshold Document|Charter|Manual|Code of Practice)"
)
_WORD = r"(?:[A-Z½][\w'’/&-]*|\d{2}(?:/\d{2})?(?: [Yy]ear[- ][Oo]lds?)?)"
_NAMED = re.compile(
    rf"\b((?:{_WORD} (?:and |of |for |in |to |with |on |& )*){{1,10}}(?:{_KIND}|policy|protocol|procedures?|"
    rf"guidance|framework|strategy))\b"
)
_SET_OUT = re.compile(
    r"(?:outlined|set out|detailed|described|contained|defined|laid down) (?:with)?in (?:the |our )?"
    r"([A-Z]\w+(?: (?:(?:and|of|for|the|in|with|to|on) )*[A-Z]\w+){2,12})"
)
_LAW = re.compile(r"\bActs?\b|\bRegulations?\b|\bDirections?\b|Working Together")
_LEADING = re.compile(
    r"^(?:The|This|Our|In|See|All|Any|Each|These|An?|With|Under|For|Following|Where|When|If|As|Please|And|Of|To|Council's?)\s+"
)


def find(subject: Subject) -> Iterator[Finding]:
    """Reports each document that is named, once, with all places."""
    text = subject.text
    title = " ".join(p.text for p in text.body[:4] if len(p.text.split()) <= 30 and p.text[-1:] != ".")
    own = set(words_of(title))
    related = " ".join(p.text for p in text.body if re.match(r"related (?:documents?|policies)", p.text, re.IGNORECASE)).lower()
    named: dict[str, tuple[str, list[str]]] = {}
    for pattern in (_NAMED, _SET_OUT):
        for match, paragraph in text.find(pattern):
            name = match[1].strip()
            while (lead := _LEADING.match(name)) is not None:
                name = name[lead.end() :]
            key = " ".join(words_of(name))
            short = len(name.split()) < (2 if name.split()[-1][:1].isupper() else 3) or set(words_of(name)) <= own | {"this"}
            address = re.search(r"https?://|www\.", paragraph.text)
            if short or address or _LAW.search(name) or key in related or paragraph.heading or paragraph.index < 2:
                continue
            named.setdefault(key, (name, []))[1].append(paragraph.place_at(match.start()))
    for key, (name, places) in named.items():
        if not any(key != other and key in other for other in named):
            says = f"“{name}” is relied on, and neither attached nor listed with an address."
            yield Finding(
                NAME, "gap", says, subject.ordered(places), name, "attach it, or say where it is found and which edition counts"
            )
