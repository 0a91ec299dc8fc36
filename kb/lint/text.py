"""The text of a document in paragraphs and sentences, each with its place.

What stands in front of a paragraph (a bullet, a number) is its `label`. The list of contents is kept apart from the body.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from kb.edition import Block, Edition, starts_paragraph
from kb.errors import Fault, InputError

MAX_HEADING = 14  # words of a heading
MAX_FIELD = 6  # words of the label of a field
MAX_WORDS = 100_000  # words of a document; a policy has a few thousand
MAX_PARAGRAPH = 4_000  # characters; a longer one is looked at in parts
LONG = 1_000  # words from which on a document is taken to say all that a policy has to say

_BULLET = re.compile(r"\s*[•▪◦●‣*–-]\s+")
_NUMBER = re.compile(r"\(?(\d{1,2}(?:\.\d{1,2}){0,3})([.)]*)\s+(?=\S)")
_LETTER = re.compile(r"(\(?)([a-z]|[ivx]{1,5})[.)]\s+(?=\S)")
_CONTENTS = re.compile(r"(table of )?contents( page)?:?", re.IGNORECASE)
_ENTRY = re.compile(r"(?:(\d{1,2}(?:\.\d{1,2})*)[.)]?\s+)?(\S.*?)[\s.…]*?[\s.…](\d{1,3})")
_MONTHS = calendar.month_name[1:]
_VERB = re.compile(r"\b(?:must|will|shall|should|may|can|could|is|are|was|were|has|have|had|be|been|do|does|needs?|[a-z]+s)\b")
_STOP = re.compile(r"(?<=[.!?;:])[”\"’)]?\s+(?=[A-Z“\"(‘•])")
_SHORT = re.compile(r"(?:\b(?:e\.g|i\.e|etc|al|vs|no|nos|para|Mr|Mrs|Ms|Dr|St|cf|ss?|reg|art)|\b[A-Z])\.$")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence or a part of a list, and where it begins."""

    text: str
    place: str
    paragraph: int


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph without its bullet and number.

    index     its number in the document, from 0
    bullet    the bullet in front of it
    number    the section number in front of it, such as `2.1`; `stop` is what follows this, such as `.` or `)`
    letter    the letter or roman number in front of it
    starts    pairs of an offset in the text and the place of what begins there
    """

    index: int
    text: str
    starts: tuple[tuple[int, str], ...]
    bullet: str = ""
    number: str = ""
    stop: str = ""
    letter: str = ""
    heading: bool = False

    @property
    def place(self) -> str:
        return self.starts[0][1]

    def place_at(self, offset: int) -> str:
        """Where the character at an offset stands."""
        return [place for start, place in self.starts if start <= offset or not start][-1]

    def sentences(self) -> Iterator[Sentence]:
        begin = 0
        for stop in _STOP.finditer(self.text):
            if not _SHORT.search(self.text[begin : stop.start()]):
                yield Sentence(self.text[begin : stop.start() + 1].strip(), self.place_at(begin), self.index)
                begin = stop.end()
        if self.text[begin:].strip():
            yield Sentence(self.text[begin:].strip(), self.place_at(begin), self.index)


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the list of contents."""

    number: str
    title: str
    page: int | None
    place: str


@dataclass(frozen=True)
class Text:
    """A document: its body in order, the entries of its contents, and the labels of fields that are empty.

    `wrapped` says that paragraphs were put together from lines that are broken at a width.
    """

    name: str
    body: tuple[Paragraph, ...]
    contents: tuple[Entry, ...] = ()
    empty: tuple[Block, ...] = ()
    wrapped: bool = False
    notes: tuple[str, ...] = ()
    order: dict[str, int] = field(default_factory=dict, compare=False)

    @property
    def words(self) -> int:
        """The number of words of the body."""
        return sum(len(paragraph.text.split()) for paragraph in self.body)

    @property
    def headings(self) -> list[Paragraph]:
        return [paragraph for paragraph in self.body if paragraph.heading]

    def sentences(self) -> Iterator[Sentence]:
        """Every sentence of the body, headings left out."""
        for paragraph in self.body:
            if not paragraph.heading:
                yield from paragraph.sentences()

    def find(self, pattern: re.Pattern[str]) -> Iterator[tuple[re.Match[str], Paragraph]]:
        """Every match in the body, with its paragraph."""
        for paragraph in self.body:
            yield from ((match, paragraph) for match in pattern.finditer(paragraph.text))


def text_of(edition: Edition) -> Text:
    """The text of an edition. Errors: `InputError` if it is far longer than a policy is."""
    count = sum(len(block.text.split()) for block in edition.blocks)
    if count > MAX_WORDS:
        message = f"has {count:,} words, expected at most {MAX_WORDS:,}"
        raise InputError([Fault(edition.name, message, "is it the right file?")])
    blocks = tuple(part for block in edition.blocks for part in _parts(block))
    entries, taken = _contents(blocks)
    left = [block for n, block in enumerate(blocks) if n not in taken]
    wrapped = edition.wrapped or _goes_on(left)
    runs = _runs(left) if wrapped else [[block] for block in left]
    body = tuple(_paragraph(index, run) for index, run in enumerate(runs))
    order = {block.place: n for n, block in enumerate(edition.blocks)}
    return Text(edition.name, body, tuple(entries), edition.empty, wrapped, edition.notes, order)


def _parts(block: Block) -> Iterator[Block]:
    """A block in parts that are no longer than they may be."""
    for start in range(0, len(block.text), MAX_PARAGRAPH):
        yield replace(block, text=block.text[start : start + MAX_PARAGRAPH])


def _contents(blocks: Sequence[Block]) -> tuple[list[Entry], set[int]]:
    """The entries below a line that says “Contents”, and the numbers of the blocks of the whole list."""
    first = next((n for n, block in enumerate(blocks) if _CONTENTS.fullmatch(block.text.strip())), None)
    entries: list[Entry] = []
    if first is None:
        return entries, set()
    last = first
    for n in range(first + 1, len(blocks)):
        entry = _ENTRY.fullmatch(blocks[n].text.strip())
        if entry is None or len(entry[2].split()) > MAX_HEADING:
            break
        entries.append(Entry(entry[1] or "", entry[2].strip(" .…\t"), int(entry[3]), blocks[n].place))
        last = n
    return entries, set(range(first, last + 1)) if entries else set()


def _runs(blocks: Sequence[Block]) -> list[list[Block]]:
    """Lines that are broken at a width, put together to paragraphs."""
    width = max((len(block.text) for block in blocks), default=0)
    runs: list[list[Block]] = [list(blocks[:1])] if blocks else []
    for above, block in pairwise(blocks):
        apart = _line(block.place) not in (None, (_line(above.place) or 0) + 1)
        short = len(above.text) < 0.6 * width
        ended = above.text[-1:] in ".:;!?" and len(above.text) < 0.85 * width
        long = sum(len(part.text) for part in runs[-1]) > MAX_PARAGRAPH
        if apart or short or ended or long or starts_paragraph(block.text):
            runs.append([])
        runs[-1].append(block)
    return runs


def _goes_on(blocks: Sequence[Block]) -> bool:
    """Whether so many lines break off in a sentence that the text is one of broken lines, whatever their width."""
    broken = sum(
        bool(re.search(r"[a-z,]$", above.text) and re.match(r"[a-z]", block.text) and not starts_paragraph(block.text))
        for above, block in pairwise(blocks)
    )
    return broken > 3 and 8 * broken > len(blocks)


def _line(place: str) -> int | None:
    """The number of a line of plain text; None in other forms, which have no blank lines."""
    found = re.fullmatch(r"line (\d+)", place)
    return int(found[1]) if found else None


def _paragraph(index: int, run: Sequence[Block]) -> Paragraph:
    starts: list[tuple[int, str]] = []
    text = ""
    for block in run:
        text += " " if text else ""
        starts.append((len(text), block.place))
        text += block.text
    return _labelled(Paragraph(index, text, tuple(starts), heading=run[0].heading))


def _labelled(whole: Paragraph) -> Paragraph:
    """The same with bullet and number parted from the text."""
    bullet = _BULLET.match(whole.text)
    at = bullet.end() if bullet else 0
    number, letter = _NUMBER.match(whole.text, at), _LETTER.match(whole.text, at)
    rest = whole.text[number.end() :] if number else ""
    titled = rest[:1].isupper() and _is_title(rest)
    if number and (number[2] or "." in number[1] or titled) and rest.split(" ")[0].strip(",") not in _MONTHS:
        found = replace(whole, number=number[1], stop=number[2], heading=whole.heading or titled)
        at = number.end()
    else:
        found = replace(whole, letter=letter[2] if letter else "")
        at = letter.end() if letter else at
    starts = tuple((max(0, start - at), place) for start, place in whole.starts)
    return replace(found, text=whole.text[at:], bullet=bullet[0].strip() if bullet else "", starts=starts)


def _is_title(text: str) -> bool:
    """Whether words look like those of a heading: few, and no sentence."""
    if len(text.split()) > MAX_HEADING or text.rstrip()[-1:] in ";:,!?":
        return False
    return text.rstrip()[-1:] != "." or not _VERB.search(text)
