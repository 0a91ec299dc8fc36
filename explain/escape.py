"""Text on its way into a file or onto a page: one function a format.

What a policy says holds no control characters (`kb/characters.py`), but texts of cases, documents and people may.
"""

from __future__ import annotations

import re
from html import escape

from kb.characters import UNSAFE

MAX_CELL = 32_767  # characters of a cell of Excel
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_MARKDOWN = re.compile(r"([\\`*_\[\]<|~&])")


def visible(text: str) -> str:
    """A text in which characters that steer a screen or turn text round are written out: every format can hold it."""
    return UNSAFE.sub(lambda match: match.group().encode("unicode_escape", "surrogatepass").decode("ascii"), text)


def cell(text: str) -> str:
    """A text that no spreadsheet takes for a formula, and that a cell has room for: an apostrophe stands before such a one."""
    inert = f"'{text}" if text.startswith(_FORMULA) else text
    found = visible(inert)
    return found if len(found) <= MAX_CELL else found[: MAX_CELL - 1] + "…"


def tooltip(text: str) -> str:
    """A tooltip for Graphviz, which takes it for HTML and then, twice, a backslash for a mark of what follows it."""
    return escape(visible(text).replace("\\", "\\" * 4))


def markdown(text: str) -> str:
    """A text that Markdown shows as it stands: no emphasis, no link, no picture, no HTML."""
    return _MARKDOWN.sub(r"\\\1", visible(text))
