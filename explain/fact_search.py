"""Finding case facts by the words that people use for them."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from kb.vocabulary.model import Fact, Vocabulary

_SAID = Path(__file__).parent / "fact_search.tsv"
_WORD = re.compile(r"[a-z0-9]+")
_ENDINGS = ("ing", "ed", "es", "s")  # of words of at least five letters, so that "hearings" finds "hearing"
_SHORTEST = 5


@cache
def _people_say() -> dict[str, str]:
    """Abbreviations and everyday words, each with the words that the facts use."""
    with _SAID.open(encoding="utf-8", newline="") as rows:
        return {row["said"]: row["means"] for row in csv.DictReader(rows, delimiter="\t", quoting=csv.QUOTE_NONE)}


def find(vocabulary: Vocabulary, names: Iterable[str], text: str) -> list[str]:
    """The facts among `names` that have every word of a text, those that have them in their question first.

    A word is found at the beginning of a word; single letters are passed over. Looked at are question, label, sentence,
    group, options and name of a fact.
    """
    wanted = [_ways_to_say(word) for word in _WORD.findall(text.lower()) if len(word) > 1]
    groups = {name: group.title for group in vocabulary.groups for name in group.facts}
    found: list[tuple[bool, str]] = []
    for name in names:
        fact = vocabulary.facts[name]
        asked, every = _words(fact.question), _words(_text(fact, groups.get(name, ""), vocabulary))
        if wanted and all(_has(every, ways) for ways in wanted):
            found.append((not all(_has(asked, ways) for ways in wanted), name))
    return [name for _, name in sorted(found, key=lambda each: each[0])]


def _ways_to_say(word: str) -> list[list[str]]:
    """The word itself and, for an abbreviation, the words it stands for; each way is a list of words that all have to be met."""
    means = _people_say().get(word)
    return [[_stem(word)], *([[_stem(part) for part in _WORD.findall(means)]] if means else [])]


def _stem(word: str) -> str:
    ending = next((end for end in _ENDINGS if word.endswith(end)), "")
    return word.removesuffix(ending) if ending and len(word) - len(ending) >= _SHORTEST else word


def _has(words: list[str], ways: list[list[str]]) -> bool:
    return any(all(any(have.startswith(part) for have in words) for part in way) for way in ways)


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower().replace("’", "").replace("'", ""))


def _text(fact: Fact, group: str, vocabulary: Vocabulary) -> str:
    teams = " ".join(code.label for code in vocabulary.codes.get("team", ())) if fact.type in ("team", "list[team]") else ""
    values = " ".join(fact.values).replace("_", " ")
    return " ".join([fact.question, fact.label, fact.true, group, values, teams, fact.name.replace("_", " ")])
