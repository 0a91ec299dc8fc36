"""Refuses characters in policy files that control a terminal or change the direction of text.

Policies are shown in many formats, so such characters are refused when a file is read. Line breaks and tabs are allowed.
"""

from __future__ import annotations

import re
import unicodedata

from kb.errors import Fault

#: Control characters except tab, newline and a carriage return before a newline; marks that set the direction of text;
#: line and paragraph separators; surrogates and noncharacters, which XML does not allow.
UNSAFE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff]"
    "|\r(?!\n)"
)
MOST_TOLD = 20
_NAMES = {"\x0b": "a line break of Word (Shift+Enter)", "\x0c": "a page break", "\r": "a carriage return", "\x1b": "an escape"}


def unsafe_characters(text: str, name: str) -> list[Fault]:
    """A fault with line and column for each refused character of a text, up to twenty. `name`: the file name in faults."""
    faults: list[Fault] = []
    for match in UNSAFE.finditer(text):
        if len(faults) == MOST_TOLD:
            break
        at = match.start()
        line, column = text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
        faults.append(Fault(f"{name}:{line}:{column}", f"{_in_words(match.group())} can't stand here", "take it out"))
    return faults


def _in_words(char: str) -> str:
    """The Unicode name and number of a character."""
    called = _NAMES.get(char) or unicodedata.name(char, "a control character").lower()
    return f"{called}, U+{ord(char):04X},"
