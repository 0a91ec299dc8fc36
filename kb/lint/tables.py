"""The tables of words that the look through a document rests on (`kb/lint/*.tsv`)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from kb.tables import Row, read_table

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Replaced:
    """A law, guidance or body that something took the place of, the day from which, and what."""

    what: str
    pattern: re.Pattern[str]
    since: date
    now: str
    source: str


@dataclass(frozen=True, slots=True)
class Vague:
    """Words that leave something open, and what."""

    term: str
    pattern: re.Pattern[str]
    open: str


@dataclass(frozen=True, slots=True)
class Term:
    """One of several terms for one thing; the form `*` stands for the words that the pattern finds."""

    concept: str
    form: str
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Misspelt:
    """A word that is never written so, and how it is."""

    pattern: re.Pattern[str]
    write: str


@dataclass(frozen=True, slots=True)
class Slip:
    """A slip of grammar or punctuation, what is wrong, and what to do."""

    pattern: re.Pattern[str]
    what: str
    advice: str


@dataclass(frozen=True, slots=True)
class Topic:
    """What a policy that is `about` something has to say; `missing` is the question if `pattern` is nowhere found."""

    topic: str
    about: re.Pattern[str]
    pattern: re.Pattern[str]
    missing: str


@cache
def replaced() -> tuple[Replaced, ...]:
    rows = _rows("replaced", "what", "pattern", "since", "now", "source")
    return tuple(
        Replaced(r["what"], re.compile(r["pattern"]), date.fromisoformat(r["since"]), r["now"], r["source"]) for r in rows
    )


@cache
def vague() -> tuple[Vague, ...]:
    rows = _rows("vague", "term", "pattern", "open")
    return tuple(Vague(row["term"], re.compile(row["pattern"]), row["open"]) for row in rows)


@cache
def terms() -> tuple[Term, ...]:
    rows = _rows("terms", "concept", "form", "pattern")
    return tuple(Term(row["concept"], row["form"], re.compile(row["pattern"])) for row in rows)


@cache
def misspelt() -> tuple[Misspelt, ...]:
    return tuple(Misspelt(re.compile(row["pattern"]), row["write"]) for row in _rows("misspelt", "pattern", "write"))


@cache
def slips() -> tuple[Slip, ...]:
    rows = _rows("slips", "pattern", "what", "advice")
    return tuple(Slip(re.compile(row["pattern"]), row["what"], row["advice"]) for row in rows)


@cache
def topics() -> tuple[Topic, ...]:
    rows = _rows("topics", "topic", "about", "pattern", "missing")
    return tuple(
        Topic(r["topic"], re.compile(r["about"], re.IGNORECASE), re.compile(r["pattern"], re.IGNORECASE), r["missing"])
        for r in rows
    )


@cache
def known_acronyms() -> frozenset[str]:
    """Acronyms that every reader knows."""
    return frozenset(row["acronym"] for row in _rows("known_acronyms", "acronym"))


def _rows(name: str, *columns: str) -> list[Row]:
    return read_table(HERE / f"{name}.tsv", columns)
