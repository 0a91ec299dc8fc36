"""The names that people use for codes and facts, and what they mean by them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from kb.vocabulary.model import Vocabulary


def code_named(vocabulary: Vocabulary, kinds: Iterable[str], name: str) -> str | None:
    """The code that people mean: its code, label or an alias, whatever its case and underscores. None if there is none."""
    for kind in kinds:
        for code in vocabulary.codes.get(kind, ()):
            if alike(name) in map(alike, (code.code, code.label, *code.aliases)):
                return code.code
    return None


def alike(name: str) -> str:
    """A name without what people write differently."""
    return re.sub(r"[\s_]+", " ", name.strip().lower()).removeprefix("the ")
