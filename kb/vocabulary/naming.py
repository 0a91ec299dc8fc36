"""Resolves the names that people use for codes and facts."""

from __future__ import annotations

import re
from collections.abc import Iterable

from kb.vocabulary.model import Vocabulary


def code_named(vocabulary: Vocabulary, kinds: Iterable[str], name: str) -> str | None:
    """The code with this code, label or alias, ignoring case and underscores; None if there is none."""
    for kind in kinds:
        for code in vocabulary.codes.get(kind, ()):
            if alike(name) in map(alike, (code.code, code.label, *code.aliases)):
                return code.code
    return None


def alike(name: str) -> str:
    """A name in the form in which names are compared."""
    return re.sub(r"[\s_]+", " ", name.strip().lower()).removeprefix("the ")
