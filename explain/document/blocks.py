"""The blocks of a document. A `kind` names a look: a class of the document's style sheet, or a size of its Word form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Manner = Literal["", "strong", "emphasis", "code", "cite"]


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of a line: strong, emphasised, code, or what a statement cites."""

    text: str
    manner: Manner = ""
    kind: str = ""


#: What is said on a line. Plain text needs no run.
Text = str | Run | tuple[str | Run, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading, level 1 for the document's own. `new_page`: a printed page begins with it."""

    level: int
    text: Text
    kind: str = ""
    new_page: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: Text
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """An item of a list, with the items below it."""

    text: Text
    below: tuple[Item, ...] = ()
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Items:
    """A list.

    start  number of the first item, if they are ordered
    folds  where a form can, the items below one can be hidden; they are shown at first
    """

    items: tuple[Item, ...]
    ordered: bool = False
    start: int = 1
    folds: bool = False
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """Pairs of a label and what is said under it."""

    pairs: tuple[tuple[str, Text], ...]
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table with as many heads as cells in a row; without heads it has pairs of a name and a value.

    named    the column that names a row
    numbers  columns of numbers
    ids      of the rows, for links to them
    kind     a `wide` one may be wider than the page: it can be moved to the side
    """

    rows: tuple[tuple[Text, ...], ...]
    heads: tuple[str, ...] = ()
    caption: str = ""
    named: int = 0
    numbers: frozenset[int] = frozenset()
    ids: tuple[str, ...] = ()
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """Blocks that belong together. Of the kinds, `header`, `footer`, `note` and `quote` have a meaning beside their look."""

    blocks: tuple[Block, ...]
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Columns:
    """Two groups of blocks beside each other, read one after the other. The second begins with a heading, line or list."""

    first: tuple[Block, ...]
    second: tuple[Block, ...]


Block = Heading | Paragraph | Items | Facts | Table | Section | Columns


@dataclass(frozen=True, slots=True)
class Document:
    """A document. Its first heading may say more than `title`, which is for lists of files and windows."""

    title: str
    blocks: tuple[Block, ...]


def strong(text: str, kind: str = "") -> Run:
    return Run(text, "strong", kind)


def emphasis(text: str) -> Run:
    return Run(text, "emphasis")


def code(text: str) -> Run:
    return Run(text, "code")


def cite(text: str) -> Run:
    return Run(text, "cite")


def items(*texts: Text, kind: str = "") -> Items:
    """A list of lines."""
    return Items(tuple(map(Item, texts)), kind=kind)


def coded(text: str) -> Text:
    """A line whose code stands in backticks."""
    return tuple(code(part) if place % 2 else part for place, part in enumerate(text.split("`")))


def runs(text: Text) -> tuple[Run, ...]:
    """A line as runs."""
    parts = text if isinstance(text, tuple) else (text,)
    return tuple(Run(part) if isinstance(part, str) else part for part in parts)


def plain(text: Text) -> str:
    """A line without its looks; what is cited stands in brackets."""
    return "".join(f"[{run.text}]" if run.manner == "cite" else run.text for run in runs(text))
