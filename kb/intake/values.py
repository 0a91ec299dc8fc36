"""Reads coded values by their spellings (`values.tsv`). A council may add its own spellings."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from kb.errors import did_you_mean, plain
from kb.intake.names import spaced, without_lettering
from kb.tables import read_table

_TOKEN = re.compile(r"[a-z]{1,3}\d{1,2}[a-z]?|\d{1,2}[a-z]?")
_CODE = re.compile(r"[A-Z]{1,3}\d{1,2}[A-Z]?|\d{1,2}[A-Z]?")


@dataclass(frozen=True)
class CodeList:
    """One list of codes: every spelling with its code."""

    name: str
    spellings: Mapping[str, str]
    codes: tuple[str, ...]

    def code(self, text: str) -> str:
        """The code that a text stands for. Errors: ValueError with what was expected."""
        plain = spaced(text)
        for tried in (plain, without_lettering(plain)):
            if tried in self.spellings:
                return self.spellings[tried]
        rest = without_lettering(plain)
        found = {self.spellings[token] for token in self._tokens(rest)}
        if len(found) == 1:
            return found.pop()
        if len(found) > 1:
            raise ValueError(f"`{_short(text)}` names {' and '.join(sorted(found))}; give one of them")
        near = did_you_mean(rest, self.spellings)
        expected = "expected one of " + ", ".join(code.replace("_", " ") for code in self.codes)
        raise ValueError(f"`{_short(text)}` is not a known {self.name.replace('_', ' ')}; {near or expected}")

    def _tokens(self, text: str) -> list[str]:
        """Codes that stand in a text: at its start before a mark, in brackets, or anywhere if letters and digits."""
        words = re.split(r"[\s:;,()\[\]'\"-]+", text)
        known = [word for word in words if _TOKEN.fullmatch(word) and word in self.spellings and self._is_code(word)]
        first = words[0] if words else ""
        if first in known and re.match(re.escape(first) + r"\s*[:\-\[(]", text):
            return [first]
        return [word for word in known if word[0].isalpha()] or ([first] if first in known else [])

    def _is_code(self, word: str) -> bool:
        return bool(_CODE.fullmatch(word.upper())) and self.spellings[word].casefold() == word


@cache
def code_lists() -> dict[str, CodeList]:
    """Every list of codes, with the spellings that come with the program."""
    return with_own({})


def with_own(own: Mapping[str, Mapping[str, str]]) -> dict[str, CodeList]:
    """The lists with a council's own spellings added: list, then spelling and code."""
    spellings: dict[str, dict[str, str]] = {}
    for row in read_table(Path(__file__).parent / "values.tsv", ("list", "code", "aliases")):
        of_list = spellings.setdefault(row["list"], {})
        for spelling in (row["code"], row["code"].replace("_", " "), *row["aliases"].split(";")):
            if spelling.strip():
                of_list.setdefault(spaced(spelling), row["code"])
    for name, added in own.items():
        for spelling, code in added.items():
            spellings.setdefault(name, {})[spaced(spelling)] = code
    return {name: CodeList(name, found, tuple(dict.fromkeys(found.values()))) for name, found in spellings.items()}


def _short(text: str) -> str:
    return plain(text if len(text) <= 60 else text[:60] + "…")
