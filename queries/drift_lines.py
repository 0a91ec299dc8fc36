"""Finds the lines of an old edition in a new one by fingerprint.

The project keeps no words of the document, only a fingerprint of each line that the rules were read from. So
every stretch of the new edition that starts and ends where a line could (at a break or punctuation mark) is
fingerprinted; a known fingerprint identifies the line, however the form wraps it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from kb.edition import Block, Edition, starts_paragraph
from kb.fingerprint import fingerprint_of, words_of

MAX_WORDS = 600  # in one line of a document
MIN_INSIDE = 5  # words needed to recognise a line inside a paragraph
_NUMBERS = [str(n) for n in range(1, 31)] + list("abcdefghijklmnopqrstuvwxyz") + ["ii", "iii", "iv", "vi", "vii", "viii", "ix"]
_PREFIXES = [[n] for n in _NUMBERS] + [[str(n), str(m)] for n in range(1, 16) for m in range(1, 16)]
_STOPS = re.compile(r"[.;:!?•▪◦●‣]\s*$")


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of the new edition and where it starts. `line` is the old line it equals, if any."""

    text: str
    place: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class _Stream:
    """All words of an edition, with the positions where a line or block may start or end."""

    words: list[str]
    cuts: list[int]
    breaks: dict[int, int]  # index of the first word of a block, to the block's number
    starts: frozenset[int]  # first words of blocks, also after a paragraph number
    texts: list[tuple[int, str]]  # for each word its block, and its text up to the next word


def _stream(blocks: Sequence[Block]) -> _Stream:
    words: list[str] = []
    cuts: set[int] = set()
    breaks: dict[int, int] = {}
    starts: set[int] = set()
    texts: list[tuple[int, str]] = []
    for number, block in enumerate(blocks):
        first = len(words)
        breaks[first] = number
        cuts.add(first)
        for piece in re.findall(r"\S+\s*", block.text):
            inside = words_of(piece)
            if not inside:
                if texts:
                    block_of, last = texts[-1]
                    texts[-1] = (block_of, f"{last}{piece}")
                if _STOPS.search(piece):
                    cuts.add(len(words))
                continue
            words += inside
            texts += [(number, "")] * (len(inside) - 1) + [(number, piece)]
            if len(words) - len(inside) == first and _is_number(inside):
                starts.add(len(words))  # after the paragraph number
            if _STOPS.search(piece):
                cuts.add(len(words))
    cuts.add(len(words))
    breaks[len(words)] = len(blocks)
    return _Stream(words, sorted(cuts | starts), breaks, frozenset(starts | set(breaks)), texts)


def _is_number(words: Sequence[str]) -> bool:
    """Whether these words are a paragraph number."""
    return all(word in _NUMBERS or word.isdigit() for word in words)


def passages_of(known: Mapping[int, str], edition: Edition) -> list[Passage]:
    """The edition as passages: old lines that were found, and what lies between. `known`: line to fingerprint."""
    stream = _stream(edition.blocks)
    by_print: dict[str, list[int]] = {}
    for line, print_ in sorted(known.items()):
        by_print.setdefault(print_, []).append(line)
    found = _found(stream, by_print, edition.unnumbered)
    passages: list[Passage] = []
    at = 0
    for start, end, print_ in [*found, (len(stream.words), len(stream.words), "")]:
        passages += _between(stream, edition, at, start)
        if print_:
            lines = by_print[print_]
            line = lines.pop(0) if len(lines) > 1 else lines[0]
            passages.append(Passage(_said(stream, start, end), _place(stream, edition, start), line))
        at = end
    return passages


def _found(stream: _Stream, known: Mapping[str, Sequence[int]], unnumbered: bool) -> list[tuple[int, int, str]]:
    """Stretches of words that are old lines, in order, without overlap: the earliest, and of those the longest."""
    found: list[tuple[int, int, str]] = []
    free = 0
    for index, start in enumerate(stream.cuts):
        if start < free:
            continue
        best = max(_starting(stream, index, known, unnumbered), default=None)
        if best is not None:
            end, print_ = best
            found.append((start, end, print_))
            free = end
    return found


def _starting(stream: _Stream, index: int, known: Mapping[str, Sequence[int]], unnumbered: bool) -> Iterator[tuple[int, str]]:
    """Old lines that start at a cut: end and fingerprint."""
    start = stream.cuts[index]
    running = hashlib.sha256()
    at = start
    for end in stream.cuts[index + 1 :]:
        if end - start > MAX_WORDS:
            break
        running.update((" " * (at > start) + " ".join(stream.words[at:end])).encode())
        at = end
        print_ = running.copy().hexdigest()[:16]
        at_breaks = start in stream.starts and end in stream.breaks
        if print_ in known and (at_breaks or end - start >= MIN_INSIDE):
            yield end, print_
    if unnumbered and start in stream.breaks:
        yield from _numbered(stream, start, known)


def _numbered(stream: _Stream, start: int, known: Mapping[str, Sequence[int]]) -> Iterator[tuple[int, str]]:
    """The block that starts here as an old line, if the form leaves out its number."""
    end = min((word for word in stream.breaks if word > start), default=start)
    words = stream.words[start:end]
    if words and fingerprint_of(words) not in known:
        for prefix in _PREFIXES:
            print_ = fingerprint_of([*prefix, *words])
            if print_ in known:
                yield end, print_


def _between(stream: _Stream, edition: Edition, start: int, end: int) -> Iterator[Passage]:
    """The passages between two lines that were found."""
    cuts = [start, *(word for word in sorted(stream.breaks) if start < word < end), end]
    pieces = [(a, b) for a, b in pairwise(cuts) if b > a]
    if edition.wrapped:
        pieces = _paragraphs(stream, edition, pieces)
    for a, b in pieces:
        if not _is_number(stream.words[a:b]):  # skip bare page or paragraph numbers
            yield Passage(_said(stream, a, b), _place(stream, edition, a))


def _paragraphs(stream: _Stream, edition: Edition, lines: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Wrapped lines joined into paragraphs: one starts at a bullet, or after a short line that ends a sentence."""
    width = max((len(block.text) for block in edition.blocks), default=0)
    found: list[tuple[int, int]] = []
    for a, b in lines:
        block = edition.blocks[stream.texts[a][0]]
        above = edition.blocks[stream.texts[found[-1][1] - 1][0]] if found else None
        ended = above is None or (bool(_STOPS.search(above.text)) and len(above.text) < 0.85 * width)
        if ended or starts_paragraph(block.text):
            found.append((a, b))
        else:
            found[-1] = (found[-1][0], b)
    return found


def _said(stream: _Stream, start: int, end: int) -> str:
    return " ".join("".join(f"{text} " if text else "" for _, text in stream.texts[start:end]).split())


def _place(stream: _Stream, edition: Edition, word: int) -> str:
    return edition.blocks[stream.texts[word][0]].place
