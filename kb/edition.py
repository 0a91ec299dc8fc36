"""Extracts the text of a council's document, in order, from plain text, HTML, Word or PDF.

`notes` reports what could not be extracted: scanned pages, headers left out, automatic numbering in Word.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

from kb.errors import Fault, InputError
from kb.files import read_bytes, text_of
from kb.fingerprint import words_of
from kb.office import DOCUMENT, check_office

FORMS = {".txt": "text", ".md": "text", ".html": "html", ".htm": "html", ".docx": "word", ".pdf": "pdf"}
MAX_BYTES = 50_000_000
MAX_TEXT_BYTES = 5_000_000  # of plain text
MAX_BLOCKS = 10_000
PACKED = ("word", "pdf")
MAX_WRAPPED = 120  # columns of a hard-wrapped text

_BREAKING_TAGS = """
address article aside blockquote body br caption dd details dialog div dl dt fieldset figcaption figure footer form
h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section summary table tbody td tfoot th thead tr ul
"""
_BREAKS = frozenset(_BREAKING_TAGS.split())
_HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])
_CELLS = ("td", "th")
_UNSEEN = frozenset(["script", "style", "template", "noscript", "title"])
_LIGATURES = {0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl", 0xAD: ""}
_BULLET = re.compile(r"\s*([•▪◦●‣–-]\s|\(?[0-9]{1,2}(\.[0-9]+)*[.)]\s|\(?[a-z][.)]\s)")


@dataclass(frozen=True, slots=True)
class Block:
    """A line, paragraph or table cell of the document. `place` tells people where it is, such as a page.

    `heading` says that the format marks it as one (HTML and Word do).
    """

    text: str
    place: str
    heading: bool = False


@dataclass(frozen=True, slots=True)
class Edition:
    """The text of a document.

    wrapped     lines are hard-wrapped, so a paragraph may span several blocks
    counted     blocks are numbered as people would count them, by lines or paragraphs
    unnumbered  numbers in front of paragraphs are missing from the text
    empty       labels of fields in which nothing was written: the first cell of a row whose other cells are blank, or a
                line that ends with a tab
    """

    name: str
    blocks: tuple[Block, ...]
    wrapped: bool = False
    unnumbered: bool = False
    counted: bool = True
    notes: tuple[str, ...] = ()
    empty: tuple[Block, ...] = ()


def read_edition(path: Path) -> Edition:
    """The text of a document; the file name's extension decides the format. Errors: `InputError`."""
    form = FORMS.get(path.suffix.lower())
    if form is None:
        hint = "give it as .txt, .html, .docx or .pdf"
        raise InputError([Fault(path.name, f"is of a form that can't be read: `{path.suffix or path.name}`", hint)])
    raw = read_bytes(path, MAX_BYTES if form in PACKED else MAX_TEXT_BYTES, path.name)
    edition = _READERS[form](raw, path.name)
    if len(edition.blocks) > MAX_BLOCKS:
        message = f"has {len(edition.blocks):,} lines or paragraphs, expected at most {MAX_BLOCKS:,}"
        raise InputError([Fault(path.name, message, "is it the right file?")])
    if not any(words_of(block.text) for block in edition.blocks):
        raise InputError([Fault(path.name, "holds no words", "if it is a scan, give a version with text")])
    return edition


def _plain(raw: bytes, name: str) -> Edition:
    written = text_of(raw, name).split("\n")
    rows = [row.strip() for row in written]
    blocks = tuple(Block(row, f"line {number}") for number, row in enumerate(rows, 1) if words_of(row))
    unfilled = {f"line {number}" for number, row in enumerate(written, 1) if row.rstrip(" \r").endswith("\t")}
    empty = tuple(block for block in blocks if block.place in unfilled and "\t" not in block.text)
    return Edition(name, blocks, wrapped=_hard_wrapped(rows), empty=empty)


def _hard_wrapped(rows: Sequence[str]) -> bool:
    """Whether a text is hard-wrapped, with blank lines between paragraphs."""
    width = max(map(len, rows))
    parted = any(row and not blank and below for row, blank, below in zip(rows, rows[1:], rows[2:]))
    broken = any(len(row) > 0.7 * width and row[-1] not in ".;:!?" and below for row, below in pairwise(rows) if row)
    return parted and broken and width <= MAX_WRAPPED


# HTML -------------------------------------------------------------------------------------


class _Blocks(HTMLParser):
    """Collects the text between block-level tags, which pieces are headings, and the pieces of each cell of each row."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[list[str]] = [[]]
        self.unseen: list[str] = []
        self.headings: set[int] = set()
        self.rows: list[list[range]] = []
        self._cell = 0

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        if tag in _UNSEEN:
            self.unseen.append(tag)
        if tag in _BREAKS:
            self.pieces.append([])
        if tag in _HEADINGS:
            self.headings.add(len(self.pieces) - 1)
        if tag == "tr":
            self.rows.append([])
        if tag in _CELLS:
            self._cell = len(self.pieces) - 1

    def handle_endtag(self, tag: str) -> None:
        if self.unseen and tag == self.unseen[-1]:
            self.unseen.pop()
        if tag in _CELLS and self.rows:
            self.rows[-1].append(range(self._cell, len(self.pieces)))
        if tag in _BREAKS:
            self.pieces.append([])

    def handle_data(self, data: str) -> None:
        if not self.unseen:
            self.pieces[-1].append(data)


def _html(raw: bytes, name: str) -> Edition:
    parser = _Blocks()
    parser.feed(text_of(raw, name))
    parser.close()
    blocks = _paragraphs(["".join(piece) for piece in parser.pieces], parser.headings)
    return Edition(name, tuple(blocks.values()), unnumbered=True, empty=tuple(_empty(parser.rows, blocks)))


def _paragraphs(texts: Sequence[str], headings: Collection[int] = ()) -> dict[int, Block]:
    """The paragraphs that have words, by their place in `texts`."""
    kept = [(n, " ".join(text.translate(_LIGATURES).split())) for n, text in enumerate(texts) if words_of(text)]
    return {n: Block(text, f"paragraph {number}", n in headings) for number, (n, text) in enumerate(kept, 1)}


def _empty(rows: Iterable[Sequence[Iterable[int]]], blocks: Mapping[int, Block]) -> Iterator[Block]:
    """The labels of rows whose other cells are blank. Each cell is the numbers of its paragraphs."""
    for row in rows:
        filled = [[blocks[n] for n in cell if n in blocks] for cell in row]
        if len(filled) > 1 and len(filled[0]) == 1 and not any(filled[1:]):
            yield filled[0][0]


# Word -------------------------------------------------------------------------------------


def _word(raw: bytes, name: str) -> Edition:
    import docx
    from docx.oxml.ns import qn

    check_office(raw, name, DOCUMENT)
    unusable = InputError([Fault(name, "is not a Word document that can be read", "save it anew as .docx")])
    try:
        body = docx.Document(io.BytesIO(raw)).element.body
    except Exception:  # python-docx raises all kinds of errors on damaged files
        raise unusable from None
    paragraph, text, hidden = qn("w:p"), qn("w:t"), (qn("w:del"), qn("w:moveFrom"), _FALLBACK)
    found: dict[Any, str] = dict.fromkeys(body.iter(paragraph), "")
    tracked = False
    for node in body.iter(text, qn("w:tab"), qn("w:br"), qn("w:ins"), qn("w:delText"), qn("w:noBreakHyphen")):
        if node.tag in (qn("w:ins"), qn("w:delText")):
            tracked = True
            continue
        above = list(node.iterancestors())
        home = next((a for a in above if a.tag == paragraph), None)
        if home is None or any(a.tag in hidden for a in above):
            continue
        found[home] += (node.text or "") if node.tag == text else "-" if node.tag == qn("w:noBreakHyphen") else " "
    notes = ["It has tracked changes: they are read as if accepted."] if tracked else []
    number = {home: n for n, home in enumerate(found)}
    homes = ((style, next(style.iterancestors(paragraph), None)) for style in body.iter(qn("w:pStyle")))
    headings = {number[home] for style, home in homes if home is not None and _is_heading(style, qn("w:val"))}
    blocks = _paragraphs(list(found.values()), headings)
    rows = [
        [[number[home] for home in cell.iterchildren(paragraph)] for cell in row.iterchildren(qn("w:tc"))]
        for row in body.iter(qn("w:tr"))
        if not any(True for cell in row.iterchildren(qn("w:tc")) for _ in cell.iterchildren(qn("w:tbl")))
    ]
    return Edition(name, tuple(blocks.values()), unnumbered=True, notes=tuple(notes), empty=tuple(_empty(rows, blocks)))


def _is_heading(style: Any, value: str) -> bool:
    """Whether a paragraph's style is one of a heading."""
    return bool(re.match(r"Heading[1-9]", str(style.get(value)).replace(" ", "")))


_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"


# PDF --------------------------------------------------------------------------------------


def _pdf(raw: bytes, name: str) -> Edition:
    import logging

    from pypdf import PdfReader

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # its warnings mean nothing to users
    try:
        reader = PdfReader(io.BytesIO(raw))
        if reader.is_encrypted and not reader.decrypt(""):
            raise InputError([Fault(name, "is locked with a password", "give a version without one")])
        pages = [[line.strip() for line in (page.extract_text() or "").split("\n") if words_of(line)] for page in reader.pages]
    except InputError:
        raise
    except Exception:  # pypdf raises all kinds of errors on damaged files
        raise InputError([Fault(name, "is not a PDF that can be read", "save it anew, or give the Word version")]) from None
    running = _running(pages)
    blank = [number for number, page in enumerate(pages, 1) if not page]
    notes = [f"Page {number} holds no text: it may be a picture." for number in blank]
    notes += [f"Left out as a header or footer of the pages: “{line}”." for line in sorted(running)]
    blocks = [
        Block(line.translate(_LIGATURES), f"page {number}, line {row}")
        for number, page in enumerate(pages, 1)
        for row, line in enumerate(page, 1)
        if not ((row <= EDGE or row > len(page) - EDGE) and _shape(line) in running)
    ]
    return Edition(name, tuple(_joined(blocks)), wrapped=True, counted=False, notes=tuple(notes))


EDGE = 2  # lines at the top and bottom of a page that may be a header or footer


def _shape(line: str) -> str:
    """A line with its digits masked, as headers and footers differ only in page numbers."""
    return re.sub(r"[0-9]+", "#", line)


def _running(pages: Sequence[Sequence[str]]) -> frozenset[str]:
    """Shapes of headers and footers: lines at the edge of more than half of the pages, and of at least two."""
    edges = Counter(shape for page in pages for shape in {_shape(line) for line in [*page[:EDGE], *page[-EDGE:]]})
    return frozenset(shape for shape, count in edges.items() if count >= 2 and 2 * count > len(pages))


def _joined(blocks: Sequence[Block]) -> Iterator[Block]:
    """The blocks with words hyphenated at a line end joined, if the joined word occurs elsewhere in the document."""
    whole = {word for block in blocks for word in words_of(block.text)}
    carried = ""
    for block, below in zip(blocks, [*blocks[1:], None]):
        text = carried + block.text
        carried = ""
        parted = re.search(r"([A-Za-z]+)-$", text)
        follows = re.match(r"[a-z]+", below.text) if below is not None else None
        if parted and follows and (parted.group(1) + follows.group()).lower() in whole:
            text, carried = text[: parted.start()], parted.group(1)
        if words_of(text):
            yield Block(text, block.place)


def starts_paragraph(line: str) -> bool:
    """Whether a wrapped line looks like the start of a paragraph: it begins with a bullet or a number."""
    return bool(_BULLET.match(line))


_READERS = {"text": _plain, "html": _html, "word": _word, "pdf": _pdf}
