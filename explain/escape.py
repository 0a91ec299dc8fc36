"""Escaping of text for files and pages: one function a format.

Policy texts contain no control characters (`kb/characters.py`); texts of cases, documents and users may.
"""

from __future__ import annotations

import re
from html import escape

from kb.characters import UNSAFE

MAX_CELL = 32_767  # characters in an Excel cell
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_MARKDOWN = re.compile(r"([\\`*_\[\]<|~&])")


def visible(text: str) -> str:
    """Writes out control and bidirectional characters as Python escapes."""
    return UNSAFE.sub(lambda match: match.group().encode("unicode_escape", "surrogatepass").decode("ascii"), text)


def cell(text: str) -> str:
    """A text for a spreadsheet cell: formulas are prefixed with an apostrophe, and long texts are cut."""
    inert = f"'{text}" if text.startswith(_FORMULA) else text
    shown = visible(inert)
    return shown if len(shown) <= MAX_CELL else shown[: MAX_CELL - 1] + "…"


def tooltip(text: str) -> str:
    """A tooltip for Graphviz, which parses it as HTML and then processes backslash escapes twice."""
    return escape(visible(text).replace("\\", "\\" * 4))


def markdown(text: str) -> str:
    """Text that Markdown shows literally: no emphasis, links, images or HTML."""
    return _MARKDOWN.sub(r"\\\1", visible(text))
