"""Sentences that are repeated, word for word or nearly, and words repeated in a row."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

from kb.fingerprint import words_of
from kb.lint.text import Sentence
from queries.lint.finding import Finding, Subject, shortened

NAME = "repeats"
FEWEST = 7  # words that a sentence must have to be compared
ALIKE = 0.82  # share of common words from which two sentences count as the same
SHINGLE, COMMON = 4, 12  # words of a run; runs in more than COMMON sentences are ignored
MOST = 2_000  # pairs of sentences that are compared, those with most common runs first
_DOUBLE = re.compile(r"\b(?!(?:that|had|is|do|can)\b)([A-Za-z]+)\s+\1\b(?!-)", re.IGNORECASE)
_FORCE = frozenset(["must", "should", "may", "will", "can", "shall", "not", "no", "never", "only"])


def find(subject: Subject) -> Iterator[Finding]:
    for match, paragraph in subject.text.find(_DOUBLE):
        if match[0].split()[1][0].islower():
            place = paragraph.place_at(match.start())
            yield Finding(NAME, "fault", f"“{match[1]}” stands twice in a row.", (place,), match[0], "take one out")
    sentences = [(s, words) for s in subject.text.sentences() if len(words := words_of(s.text)) >= FEWEST]
    same: dict[tuple[str, ...], list[Sentence]] = {}
    for sentence, words in sentences:
        same.setdefault(tuple(words), []).append(sentence)
    repeated: dict[tuple[str, ...], str] = {}
    for group in same.values():
        if len(group) > 1:
            repeated.setdefault(subject.ordered(s.place for s in group), group[0].text)
    for places, text in repeated.items():
        says = "The same words stand here more than once."
        advice = "say it in one place, so that a change reaches every reader"
        yield Finding(NAME, "fault", says, places, shortened(text), advice)
    kept = [(group[0], words) for words, group in same.items()]
    for first, second in _pairs([words for _, words in kept]):
        yield from _nearly(subject, kept[first], kept[second])


def _pairs(all_words: list[tuple[str, ...]]) -> Iterator[tuple[int, int]]:
    """Pairs of sentences that share several runs of words."""
    runs: dict[tuple[str, ...], list[int]] = {}
    for number, words in enumerate(all_words):
        for run in {words[n : n + SHINGLE] for n in range(len(words) - SHINGLE + 1)}:
            runs.setdefault(run, []).append(number)
    shared: dict[tuple[int, int], int] = {}
    for numbers in runs.values():
        for n, first in enumerate(numbers if len(numbers) <= COMMON else ()):
            for second in numbers[n + 1 :]:
                shared[first, second] = shared.get((first, second), 0) + 1
    close = [pair for pair, count in shared.items() if count >= max(1, min(len(all_words[n]) for n in pair) // 6)]
    yield from sorted(sorted(close, key=lambda pair: -shared[pair])[:MOST])


def _nearly(
    subject: Subject, one: tuple[Sentence, tuple[str, ...]], other: tuple[Sentence, tuple[str, ...]]
) -> Iterator[Finding]:
    matcher = SequenceMatcher(None, one[1], other[1], autojunk=False)
    if matcher.ratio() < ALIKE:
        return
    changes = [op for op in matcher.get_opcodes() if op[0] != "equal"]
    here = {word for _, a, b, _, _ in changes for word in one[1][a:b]}
    there = {word for _, _, _, c, d in changes for word in other[1][c:d]}
    figures = [{word for word in words if word.isdigit()} for words in (here, there)]
    places = subject.ordered((one[0].place, other[0].place))
    told = [" … ".join(" ".join(w[a:b]) for a, b in parts if b > a) or "nothing" for w, parts in (
        (one[1], [(a, b) for _, a, b, _, _ in changes]), (other[1], [(c, d) for _, _, _, c, d in changes]))]  # fmt: skip
    differ = f"“{shortened(told[0])}” and “{shortened(told[1])}”"
    if all(figures) and figures[0] != figures[1]:
        says = f"Two sentences are alike but for a figure: {differ}."
        yield Finding(NAME, "fault", says, places, shortened(one[0].text), "settle which figure counts, and say it once")
    elif here & _FORCE and there & _FORCE and here & _FORCE != there & _FORCE:
        says = f"Two sentences are alike but for how firm they are: {differ}."
        yield Finding(NAME, "fault", says, places, shortened(one[0].text), "settle which counts, and say it once")
    elif len(one[1]) >= 10 and matcher.ratio() >= 0.88:
        says = f"Two sentences say nearly the same, with other words: {differ}."
        yield Finding(NAME, "note", says, places, shortened(one[0].text), "say it once, or say what the difference means")
