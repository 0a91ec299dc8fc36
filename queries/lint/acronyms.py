"""Acronyms that are never spelt out, spelt out too late, or spelt out in two ways."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kb.lint.tables import known_acronyms
from kb.lint.text import Paragraph
from queries.lint.finding import Finding, Subject

NAME = "acronyms"
_ACRONYM = re.compile(
    r"(?<![\w.@/-])([A-Z]{2,}(?:/[A-Z]{2,})+|[A-Z]{1,3}&[A-Z]{1,3}|[A-Z][A-Za-z]?[A-Z][A-Z]{0,5}\d{0,2}|[A-Z]{2,7})(?:s|'s|’s)?(?![\w@])(?!\.\w)"
)
_SPACED = 9  # words before a bracket that may be its long form
_GLOSSARY = re.compile(r"([A-Z][A-Za-z]?[A-Z]{1,6})\s*(?:[:=–—-]|means|stands for)\s*([A-Z][a-z]\w*.*)")
_LITTLE = frozenset(["and", "of", "the", "for", "to", "in", "a", "an", "with", "on", "our"])


def find(subject: Subject) -> Iterator[Finding]:
    """Reports each acronym once."""
    used: dict[str, list[tuple[int, str]]] = {}
    told: dict[str, list[tuple[int, str, str]]] = {}
    for paragraph in subject.text.body:
        shouted = _shouted(paragraph.text)
        for match in _ACRONYM.finditer(paragraph.text):
            name, place = match[1], paragraph.place_at(match.start())
            if name in known_acronyms() or shouted or re.fullmatch(r"[A-Z]\d+", name):
                continue
            long = _long_form(paragraph, match)
            if long:
                told.setdefault(name, []).append((paragraph.index, place, long))
            used.setdefault(name, []).append((paragraph.index, place))
    plain = set(re.findall(r"\b[a-z]+\b", subject.whole))
    for name, uses in used.items():
        if name.lower() in plain:  # a word in capitals
            continue
        places = subject.ordered(place for _, place in uses)
        if name not in told:
            says = f"{name} is never spelt out."
            yield Finding(NAME, "gap", says, places, name, f"write in full what {name} stands for where it first stands")
            continue
        index, place, _ = told[name][0]
        early = subject.ordered(at for number, at in uses if number < index)
        if early:
            says = f"{name} is used before it is spelt out."
            yield Finding(NAME, "note", says, (*early, place), name, "spell it out where it first stands")
        forms = {_key(long): long for _, _, long in told[name]}
        if len(forms) > 1:
            both = " and ".join(f"“{long}”" for long in forms.values())
            at = subject.ordered(place for _, place, _ in told[name])
            yield Finding(NAME, "fault", f"{name} stands for two things: {both}.", at, name, "use one, or another acronym")


def _shouted(text: str) -> bool:
    """Whether a line is all in capitals, so that its words are no acronyms."""
    words = re.findall(r"[A-Za-z]{2,}", text)
    return len(words) > 1 and sum(word.isupper() for word in words) > 0.7 * len(words)


def _long_form(paragraph: Paragraph, match: re.Match[str]) -> str:
    """The words that an acronym stands for, if they stand beside it: `Long Form (LF)`, `LF (Long Form)` or `LF: Long Form`."""
    text, name = paragraph.text, match[1]
    if text[: match.start()].endswith("(") and text[match.end() : match.end() + 1] in (")", "/", ",", ";"):
        return _initials(name, text[: match.start() - 1].split()[-_SPACED:])
    after = re.match(r"\s*\(([^)]{4,80})\)", text[match.end() :])
    if after and _initials(name, after[1].split()):
        return after[1]
    if match.start() == 0 and (entry := _GLOSSARY.match(text)):
        return " ".join(entry[2].split()[:_SPACED])
    return ""


def _initials(name: str, words: list[str]) -> str:
    """The last of the words whose initials are the letters of an acronym; empty if they are not."""
    letters = [letter.lower() for letter in name if letter.isalpha()]
    for start in range(len(words) - 1, -1, -1):
        pieces = [piece for word in words[start:] for piece in re.split(r"[-/–]", word) if piece.strip("“”‘’'\"(")]
        initials = [re.sub(r"\W", "", piece)[:1].lower() for piece in pieces]
        if initials and initials[0] == letters[0] and _within(letters, initials, pieces):
            return " ".join(words[start:]).strip(" ,;:(“”‘’")
    return ""


def _within(letters: list[str], initials: list[str], pieces: list[str]) -> bool:
    """Whether the letters are the initials in order; little words may be left out, and one letter may lie inside a word."""
    places = iter(range(len(initials)))
    missed = 0
    last = -1
    for letter in letters:
        place = next((n for n in places if initials[n] == letter), None)
        if place is None:
            inside = last >= 0 and letter in pieces[last][1:].lower()
            missed += 1 if inside else 9
            places = iter(range(last + 1, len(initials)))
        else:
            last = place
    skipped = [piece for piece in pieces if piece.lower() not in _LITTLE]
    return missed <= 1 and len(skipped) <= len(letters) + 1


def _key(long: str) -> tuple[str, ...]:
    words = (re.sub(r"\W", "", word.lower()) for word in long.split())
    return tuple(word.rstrip("s") for word in words if word and word not in _LITTLE)
