"""Cutting a rule file into statements, each ending in a full stop.

Each statement is then parsed by itself, so every fault of a file is reported in one run.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_PIECES = re.compile(r'"[^"\n]*"|%[^\n]*|(?<=[0-9])\.[0-9]|\.|[^".%]+|.', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Statement:
    """The text of one statement and where it starts (line and column from 1)."""

    text: str
    line: int
    column: int


def split(text: str) -> list[Statement]:
    """The statements of a file, in order. A last one without its full stop is kept."""
    found: list[Statement] = []
    pending: list[str] = []
    line, column = 1, 1
    start = (1, 1)
    for match in _PIECES.finditer(text):
        piece = match.group()
        if not pending:
            if piece.startswith("%"):
                line, column = _advance(piece, line, column)
                continue
            body = piece.lstrip()
            line, column = _advance(piece[: len(piece) - len(body)], line, column)
            start, piece = (line, column), body
        if piece:
            pending.append(piece)
            line, column = _advance(piece, line, column)
        if piece == ".":
            found.append(Statement("".join(pending), *start))
            pending = []
    if "".join(pending).strip():
        found.append(Statement("".join(pending).rstrip(), *start))
    return found


def _advance(piece: str, line: int, column: int) -> tuple[int, int]:
    newlines = piece.count("\n")
    if newlines:
        return line + newlines, len(piece) - piece.rfind("\n")
    return line, column + len(piece)
