"""Limits on nesting and on the length of numbers in JSON and TOML, checked before parsing.

The parsers recurse as deep as the text is nested and convert numbers of any length.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from kb.errors import Fault, InputError

MAX_DEPTH = 40
MAX_DIGITS = 18  # digits of one number; no day, age or count is longer (the patterns below match 19 and more)

_JSON = re.compile(r'"(?:[^"\\]++|\\.?)*+(?:"|\Z)|[\[{]|[\]}]|[0-9]{19,}', re.DOTALL)
_TOML = re.compile(
    r'"""(?:[^"\\]++|\\.?|"(?!""))*+(?:"""|\Z)'
    r"|'''(?:[^']++|'(?!''))*+(?:'''|\Z)"
    r'|"(?:[^"\\\n]++|\\.?)*+(?:"|$)'
    r"|'[^'\n]*+(?:'|$)"
    r"|#[^\n]*+|[\[{]|[\]}]|[0-9A-Za-z_.]{73,}",
    re.DOTALL | re.MULTILINE,
)


def check_json(text: str, name: str) -> None:
    """Refuses JSON that is nested too deeply or has too long a number. Errors: `InputError` with line and column."""
    _check(text, name, _JSON, "JSON")


def check_toml(text: str, name: str) -> None:
    """As `check_json`, for TOML."""
    _check(text, name, _TOML, "TOML")


def _check(text: str, name: str, pieces: re.Pattern[str], form: str) -> None:
    for at, problem in _problems(text, pieces):
        line, column = text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
        raise InputError([Fault(f"{name}:{line}:{column}", f"is not usable {form}: {problem}", "is it the right file?")])


def _problems(text: str, pieces: re.Pattern[str]) -> Iterator[tuple[int, str]]:
    depth = 0
    for match in pieces.finditer(text):
        first = match.group()[0]
        if first in "[{":
            depth += 1
            if depth > MAX_DEPTH:
                yield match.start(), f"brackets are nested more than {MAX_DEPTH} deep"
        elif first in "]}":
            depth -= 1
        elif first.isalnum() or first in "_.":
            yield match.start(), f"a {'number' if match.group().isdigit() else 'word'} of {len(match.group()):,} characters"
