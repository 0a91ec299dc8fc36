"""Patterns of English that several checks share: figures with units, duties, words of time."""

from __future__ import annotations

import re

_NUMBER_WORDS = """
    one two three four five six seven eight nine ten eleven twelve fifteen twenty thirty
"""
NUMBERS = dict(zip(_NUMBER_WORDS.split(), [*range(1, 13), 15, 20, 30]))
_NUMBER = r"\d{1,3}|" + "|".join(NUMBERS)
#: A figure with its unit: groups `number`, `kind` (working, calendar, ...) and `unit`.
PERIOD = re.compile(
    rf"\b(?P<number>{_NUMBER})(?:\s+\(\d+\))?[\s-]+(?P<kind>working|calendar|business|school|week|clear)?[\s-]*"
    r"(?P<unit>hour|day|week|month|year)s?\b",
    re.IGNORECASE,
)
MODAL = re.compile(
    r"\b(?:must|shall|will|should|has to|have to|needs? to|is to|are to|(?:is|are) (?:required|expected) to)\b", re.I
)
DECIDES = re.compile(
    r"\b(?:must|shall|will|should|may|can|could|needs? to|ha(?:s|ve) to|(?:is|are) to|transfers?|retains?|moves?|closed?|"
    r"responsib\w+|expected|refer(?:s|red)?|allocated?)\b",
    re.IGNORECASE,
)
#: What sets a duty in time.
WHEN = re.compile(
    r"\b(?:within|before|after|following|prior to|until|once|when|whenever|where|if|on|at|by (?:\d|"
    r"the (?:end|time|date|first|next)"
    r"|noon|(?:mon|tue|wed|thu|fri|sat|sun)\w*)|immediately|same day|daily|weekly|monthly|yearly|annual(?:ly)?|every|each|during|"
    r"as soon as|first|next|already|today|then|upon|from|since|in advance|throughout|always|as part of|"
    r"while|for \w+ (?:day|week|month))\b",
    re.IGNORECASE,
)


def number_of(word: str) -> int:
    """The number that a word or digits stand for."""
    return NUMBERS[word.lower()] if word.lower() in NUMBERS else int(word)
