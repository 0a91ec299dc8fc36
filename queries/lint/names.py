"""One team, service or panel under several names.

A name is a run of words with capitals that ends in a word such as Team or Service. Two names are variants where they differ in
spelling only, or where all words of one are among those of one other name only. A register of teams also tells by its aliases.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from kb.lint.text import LONG, Paragraph
from queries.lint.finding import Finding, Subject, shortened
from queries.lint.terms import short_places

NAME = "names"
HEADS = ["team", "service", "hub", "unit", "panel", "board", "department"]
LITTLE = frozenset(["and", "of", "for", "in", "with", "our", "&"])
MOST_BACK = 7  # words before the head that may belong to a name
MOST_SMALL = 2  # of them in small letters
_HEAD = re.compile(rf"(?:{'|'.join(HEADS)})s?", re.IGNORECASE)
_WORD = re.compile(r"[A-Za-z½][\w'’½-]*|&|[,;:.()/•“”]|(?<= )[–-](?= )")
_DEPARTMENT = re.compile(r"\b(?:[Cc]hildren(?:'s|’s)?|[Ss]ocial|[Pp]ublic|[Cc]ouncil) [Ss]ervices?\b")
_NOT_OF_NAME_WORDS = """
    a an the all any each both this these that other another current receiving sending existing local identified relevant
    appropriate allocated where when if as in from to into by for between with following your their its his her no under
    after before until once council's most several social work managers manager new own which whole same first second
    third last one two three every either neither within at via not cases are is be will must transfer transferred
"""
_INSIDE = frozenset(["after", "under", "in", "to", "by", "from"])  # as in a Looked After Team
_NOT_OF_NAME = frozenset(_NOT_OF_NAME_WORDS.split())


@dataclass
class Name:
    """A name as it is written, its words that count, its head, and where it stands."""

    written: str
    key: frozenset[str]
    head: str
    places: list[str] = field(default_factory=list)


def find(subject: Subject) -> Iterator[Finding]:
    known = _of_register(subject)
    unknown: list[dict[str, list[str]]] = []
    for cluster in _clusters(list(names(subject))):
        forms = {name.written: name.places for name in cluster}
        plain = {_plain(form) for form in forms}
        label = next((label for label, own in known.items() if plain & {_plain(form) for form in own}), None)
        if label is None:
            unknown.append(forms)
        else:
            known[label] = {**forms, **known[label]}
    for label, forms in known.items():
        if len(_distinct(forms)) > 1:
            yield _finding(subject, f"{label} has {len(_distinct(forms))} names", forms)
    for forms in unknown:
        if len(_distinct(forms)) > 1:
            yield _finding(subject, f"What seems to be one team or service has {len(_distinct(forms))} names", forms)
    if subject.text.words >= LONG:
        yield from _once(subject)


def _once(subject: Subject) -> Iterator[Finding]:
    """Teams that a long document names a single time."""
    found = list(names(subject))
    together = {name.written for cluster in _clusters(found) for name in cluster}
    for name in found:
        one = name.written.endswith(("Team", "Unit")) and not any(len(w) > 1 and w.isupper() for w in name.written.split())
        if one and len(name.places) == 1 and name.written not in together:
            says = (
                f"“{name.written}” is named once only: nothing says what it does, or whether it is another "
                f"team under another name."
            )
            yield Finding(
                NAME,
                "note",
                says,
                tuple(name.places),
                name.written,
                "say what it does, or use the name of the team that is meant",
            )


def names(subject: Subject) -> list[Name]:
    """Every name of a team or service in the body, each way of writing once."""
    found: dict[str, Name] = {}
    for paragraph in subject.text.body:
        for words, head, offset in _in(paragraph):
            written = " ".join([*words, head])
            key = frozenset(stem(word) for word in words if word.lower() not in LITTLE or word.lower() == "our")
            name = found.setdefault(written, Name(written, key, head.lower().rstrip("s")))
            name.places.append(paragraph.place_at(offset))
    capital = {name.key for name in found.values() if any(word[:1].isupper() for word in name.written.split()[:-1])}
    named = (name for name in found.values() if name.key and name.key in capital)
    return [name for name in named if not _DEPARTMENT.search(name.written)]


def _in(paragraph: Paragraph) -> Iterator[tuple[list[str], str, int]]:
    """Runs of words before each head in a paragraph, and the offset of the first word."""
    tokens = list(_WORD.finditer(paragraph.text))
    for n, token in enumerate(tokens):
        if not _HEAD.fullmatch(token[0]):
            continue
        run: list[re.Match[str]] = []
        for at in range(n - 1, max(-1, n - MOST_BACK - 1), -1):
            before, word = tokens[at], tokens[at][0]
            inside = at > 0 and tokens[at - 1][0][:1].isupper() and word.lower() in _INSIDE
            capital = word[:1].isupper() and (inside or word.lower() not in _NOT_OF_NAME)
            few = sum(other[0].islower() and other[0] not in LITTLE for other in run) < MOST_SMALL
            small = word in LITTLE or (few and word.islower() and word not in _NOT_OF_NAME)
            if (not word[:1].isalpha() and word != "&") or not (capital or small) or _HEAD.fullmatch(word):
                break
            run.append(before)
        run.reverse()
        first = next((n for n, word in enumerate(run) if word[0][:1].isupper()), 0)
        if first and any(word[0][:1].isupper() for word in run):
            run = run[first:]  # what stands in small letters before a name is no part of it
        while run and (
            run[0][0].lower() in LITTLE or (len(run) > 1 and re.search(r"['’]s$", run[0][0]) and run[1][0][:1].isupper())
        ):
            run.pop(0)
        if run and run[-1][0] not in LITTLE:
            yield [word[0] for word in run], token[0], run[0].start()


def stem(word: str) -> str:
    """A word without possessive, plural and ending, so that spellings of one name agree."""
    word = re.sub(r"['’]s?$|['’]", "", word.lower())
    if word in ("peoples", "people", "persons"):
        return "person"
    word = word[:-1] if word.endswith("s") and len(word) > 3 else word
    ending = re.fullmatch(r"(\w{4,}?)(?:ing|ment)", word)
    return ending[1] if ending else word


def _clusters(found: list[Name]) -> Iterator[list[Name]]:
    """Names of one team, put together."""
    keys = list(dict.fromkeys(name.key for name in found))
    home: dict[frozenset[str], frozenset[str]] = {}
    for key in keys:
        wider = [other for other in keys if key < other]
        widest = [other for other in wider if not any(other < more for more in wider)]
        similar = [other for other in keys if other != key and _alike(key, other) and _often(found, other) > _often(found, key)]
        if len(widest) == 1:
            home[key] = widest[0]
        elif not wider and len(similar) == 1:
            home[key] = similar[0]
    clusters: dict[frozenset[str], list[Name]] = {}
    for name in found:
        key = name.key
        while key in home and home[key] != name.key:
            key = home[key]
        clusters.setdefault(key, []).append(name)
    yield from (cluster for cluster in clusters.values() if len(cluster) > 1)


def _often(found: list[Name], key: frozenset[str]) -> int:
    return sum(len(name.places) for name in found if name.key == key)


def _alike(key: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two names differ in one word only, and that by a letter or two."""
    odd, there = sorted(key - other), sorted(other - key)
    return len(odd) == len(there) == 1 and len(odd[0]) > 3 and SequenceMatcher(None, odd[0], there[0]).ratio() >= 0.8


def _distinct(forms: Iterable[str]) -> set[str]:
    """Forms that differ in more than capitals, the plural of the head, or a head that is left out."""
    kept = {_plain(form) for form in forms}
    return {
        form
        for form in kept
        if not any(form != other and re.fullmatch(re.escape(form) + rf" (?:{'|'.join(HEADS)})", other) for other in kept)
    }


def _plain(form: str) -> str:
    words = form.lower().replace("’", "'").split()
    if words and _HEAD.fullmatch(words[-1]):
        words[-1] = words[-1].rstrip("s")
    return " ".join(words)


def _of_register(subject: Subject) -> dict[str, dict[str, list[str]]]:
    """For each team of the register the forms of its name that the document has, with places."""
    found: dict[str, dict[str, list[str]]] = {}
    for label, pattern in register_names(subject):
        for match, paragraph in subject.text.find(pattern):
            found.setdefault(label, {}).setdefault(match[0], []).append(paragraph.place_at(match.start()))
    for label, forms in found.items():
        found[label] = {form: places for form, places in forms.items() if not _is_short(form)}
    return found


def _is_short(form: str) -> bool:
    """Whether a form is an acronym or has one, or is no more than words in small letters."""
    words = form.split()
    return any(len(word) > 1 and word.isupper() for word in words) or (form.islower() and not _HEAD.fullmatch(words[-1]))


def register_names(subject: Subject) -> Iterator[tuple[str, re.Pattern[str]]]:
    """Each team of the register with a pattern of its label and aliases, the longest first."""
    policy = subject.policy
    for entry in policy.vocabulary.codes.get("team", ()) if policy else ():
        forms = sorted({entry.label, *entry.aliases}, key=len, reverse=True)
        ways = "|".join(re.escape(form).replace("'", "['’]") for form in forms)
        yield entry.label, re.compile(rf"\b(?:{ways})\b", re.IGNORECASE)


def _finding(subject: Subject, says: str, forms: dict[str, list[str]]) -> Finding:
    listed = "; ".join(f"“{form}” ({short_places(subject.ordered(places))})" for form, places in forms.items())
    places = subject.ordered(place for at in forms.values() for place in at)
    advice = "settle one name, and use it everywhere"
    return Finding(NAME, "fault", f"{says}: {listed}.", places, shortened("; ".join(forms)), advice)
