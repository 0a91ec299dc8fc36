"""Resolves the names that people use for codes and facts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from kb.errors import nearest
from kb.vocabulary.model import Fact, Vocabulary

SEE_FACTS = "see `whichteam facts` for the names"


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


def fact_hint(name: str, facts: Mapping[str, Fact]) -> str:
    """What to write for the name of a fact that is not known: the fact with this label, the nearest name, the nearest label."""
    by_label = {alike(fact.label.removeprefix("whether ")): code for code, fact in facts.items()}
    plain = alike(name)
    near = nearest(re.sub(r"[\s-]+", "_", name.strip()), facts) or by_label.get(nearest(plain, by_label), "")
    meant = by_label.get(plain, near)
    return f"did you mean `{meant}`?" if meant else SEE_FACTS
