"""Fingerprints: hashes that identify a line of a council's document without storing its words."""

from __future__ import annotations

import hashlib
import re


def words_of(text: str) -> list[str]:
    """The words of a text without case, punctuation and accents."""
    return re.findall(r"[a-z0-9]+", text.lower())


def fingerprint(line: str) -> str:
    """The fingerprint of a line, independent of spacing, case, punctuation and accents."""
    return fingerprint_of(words_of(line))


def fingerprint_of(words: list[str]) -> str:
    """The fingerprint of a line with these words (see `words_of`)."""
    return hashlib.sha256(" ".join(words).encode()).hexdigest()[:16]
