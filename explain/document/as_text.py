"""A document as plain text: an empty line before each heading, lists indented below what they belong to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import assert_never

from explain.document.blocks import Block, Columns, Document, Facts, Heading, Item, Items, Paragraph, Section, Table, Text, plain
from explain.escape import visible

_BELOW = " " * 3  # under a heading of the third level, which has a number
_LIST = " " * 2


def as_text(document: Document) -> str:
    """The document as text. Its lines are as long as what they say."""
    return "\n".join(_blocks(document.blocks)) + "\n"


def _line(text: Text) -> str:
    return visible(plain(text))


def _blocks(blocks: Iterable[Block], indent: str = "") -> Iterator[str]:
    for block in blocks:
        match block:
            case Heading(level, text):
                if level > 1:
                    yield ""
                yield _line(text)
                indent = _BELOW if level > 2 else ""
            case Paragraph(text):
                yield f"{indent}{_line(text)}"
            case Items(items, ordered, start=start):
                yield from _items(items, indent + _LIST, start if ordered else None)
            case Facts(pairs):
                yield from (f"{indent}{_LIST}{_line(name)}: {_line(text)}" for name, text in pairs)
            case Table():
                yield from (f"{indent}{_LIST}{row}" for row in _table(block))
            case Section(inside):
                yield from _blocks(inside, indent)
            case Columns(first, second):
                yield from _blocks((*first, *second), indent)
            case _:
                assert_never(block)


def _items(items: Iterable[Item], indent: str, number: int | None) -> Iterator[str]:
    for place, item in enumerate(items):
        mark = "" if number is None else f"{number + place}. "
        yield f"{indent}{mark}{_line(item.text)}"
        yield from _items(item.below, indent + _LIST, None)


def _table(table: Table) -> Iterator[str]:
    """Rows with their cells under each other."""
    rows = [[_line(cell) for cell in row] for row in (*((table.heads,) if table.heads else ()), *table.rows)]
    widths = [max(map(len, column)) for column in zip(*rows)]
    for row in rows:
        cells = (
            cell.rjust(width) if place in table.numbers else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(row, widths))
        )
        yield _LIST.join(cells).rstrip()
