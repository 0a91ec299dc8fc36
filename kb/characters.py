"""Refuses characters in policy files that control a terminal or change the direction of text.

Policies are shown in many formats, so such characters are refused when a file is read. Line breaks and tabs are allowed.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

from kb.errors import Fault, many

#: Control characters except tab, newline and a carriage return before a newline; marks that set the direction of text;
#: line and paragraph separators; surrogates and noncharacters, which XML does not allow.
UNSAFE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff]"
    "|\r(?!\n)"
)
MOST_TOLD = 20  # kinds of character of one file
_NAMES = {"\x0b": "a line break of Word (Shift+Enter)", "\x0c": "a page break", "\r": "a carriage return", "\x1b": "an escape"}


def unsafe_characters(text: str, name: str) -> list[Fault]:
    """A fault for each kind of refused character of a text, with the place of the first. `name`: the file name in faults."""
    first: dict[str, int] = {}
    counts: Counter[str] = Counter()
    for match in UNSAFE.finditer(text):
        first.setdefault(match.group(), match.start())
        counts[match.group()] += 1
    return [_fault(text, name, char, at, counts[char] - 1) for char, at in [*first.items()][:MOST_TOLD]]


def _fault(text: str, name: str, char: str, at: int, more: int) -> Fault:
    """The fault of a character that stands at a place, and at so many more."""
    line, column = text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
    rest = f" (also at {many(more, 'further place')})" if more else ""
    hint = "save the file with plain line ends" if char == "\r" and more else "take it out"
    return Fault(f"{name}:{line}:{column}", f"{_in_words(char)} can't stand here{rest}", hint)


def _in_words(char: str) -> str:
    """The Unicode name and number of a character."""
    called = _NAMES.get(char) or unicodedata.name(char, "a control character").lower()
    return f"{called}, U+{ord(char):04X},"
