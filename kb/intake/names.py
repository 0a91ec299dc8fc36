"""Normalises names for comparison: without case, spaces, punctuation and look-alike characters."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Any

_NOT_ALNUM = re.compile(r"[^a-z0-9]+")
_UNSEEN = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad"))
_LETTERING = re.compile(r"^[a-z]{1,2}\d?\)\s*")


@lru_cache(maxsize=20_000)
def squash(name: str) -> str:
    """Lower-case letters and digits only, so that `ChildUniqueID` is `Child Unique ID `."""
    plain = unicodedata.normalize("NFKD", name.replace("\ufeff", "")).casefold()
    return _NOT_ALNUM.sub("", plain)


@lru_cache(maxsize=20_000)
def spaced(text: str) -> str:
    """Lower case with single spaces and plain quotes: how values and team names are compared."""
    text = unicodedata.normalize("NFKC", text.replace("\ufeff", "")).casefold()
    text = text.replace("\u2019", "'").replace("\u2018", "'").replace("\u2013", "-").replace("\u2014", "-")
    return " ".join(text.split())


def seen(cell: Any) -> Any:
    """A cell without zero-width characters, which text copied from web pages may contain."""
    return cell.translate(_UNSEEN) if isinstance(cell, str) and not cell.isascii() else cell


def without_lettering(text: str) -> str:
    """A value without the list letter that forms put before it: `a) Yes` becomes `Yes`."""
    return _LETTERING.sub("", text)


def fits(heading: str, wanted: str) -> bool:
    """Whether a heading is the wanted one. A `*` at the end of the wanted one matches any rest."""
    found, target = squash(heading), squash(wanted)
    if wanted.endswith("*"):
        return bool(target) and found.startswith(target)
    return found == target
