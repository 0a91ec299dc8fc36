"""What identifies a line of a council's document without keeping its words."""

from __future__ import annotations

import hashlib
import re


def words_of(text: str) -> list[str]:
    """The words of a text as fingerprints see them: no case, no punctuation, no accents."""
    return re.findall(r"[a-z0-9]+", text.lower())


def fingerprint(line: str) -> str:
    """What identifies a line of a document, whatever its spacing, case and punctuation."""
    return fingerprint_of(words_of(line))


def fingerprint_of(words: list[str]) -> str:
    """The fingerprint of a line that has these words."""
    return hashlib.sha256(" ".join(words).encode()).hexdigest()[:16]
