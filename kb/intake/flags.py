"""Reads outcomes stored as JSON in one cell, in both forms that extracts use. Free text is dropped."""

from __future__ import annotations

import json
from typing import Any

from kb.intake.names import spaced
from kb.intake.values import CodeList

_TRUE = frozenset(("y", "yes", "true", "1", "t"))


def to_codes(raw: str, codes: CodeList) -> tuple[str, ...]:
    """The codes that a cell says yes to: a list, an object of flags, or one plain value.

    Keys that are not on the list, comments among them, are left aside. Errors: ValueError; it
    never quotes the cell, which may hold free text.
    """
    text = raw.strip()
    if not text.startswith(("[", "{")):
        return (codes.code(text),)
    try:
        found: Any = json.loads(text)
    except (ValueError, RecursionError):
        message = f"the JSON breaks off or is not well formed ({len(text):,} characters)"
        raise ValueError(f"{message}; export the column in full length") from None
    if isinstance(found, dict):
        names = [key for key, value in found.items() if spaced(str(value)) in _TRUE]
    elif isinstance(found, list):
        names = [str(value) for value in found]
    else:
        raise ValueError("the JSON is neither a list nor an object; export the column as it is in the standard")
    known = [codes.spellings[spaced(name)] for name in names if spaced(name) in codes.spellings]
    return tuple(dict.fromkeys(known))
