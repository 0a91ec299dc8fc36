"""A document as a Markdown page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import assert_never

from explain.document.blocks import (
    Block,
    Columns,
    Document,
    Facts,
    Heading,
    Item,
    Items,
    Paragraph,
    Run,
    Section,
    Table,
    Text,
    runs,
    strong,
)
from explain.escape import markdown, visible

_MANNERS = {"strong": "**{}**", "emphasis": "*{}*", "code": "`{}`", "cite": "[{}]"}
_BREAK = re.compile(r"\s*\n\s*")
#: What would begin a heading, a list or a quotation at the start of a line.
_BEGINS = re.compile(r"^(#|>|[+-](?=[\s-]|$)|\d+(?=[.)](\s|$)))")


def as_markdown(document: Document) -> str:
    """The document as Markdown, with an empty line between blocks."""
    return "\n\n".join(_blocks(document.blocks)) + "\n"


def _said(text: Text) -> str:
    """What is said, on one line."""
    return "".join(map(_escaped, runs(text)))


def _escaped(run: Run) -> str:
    """A run; spaces at its ends stand outside its marks, as Markdown asks."""
    text = _BREAK.sub(" ", run.text)
    if not run.manner or not text.strip():
        return markdown(text)
    before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    inside = visible(text.strip()).replace("`", "'") if run.manner == "code" else markdown(text.strip())
    return f"{before}{_MANNERS[run.manner].format(inside)}{after}"


def _line(text: Text) -> str:
    """What is said where it begins a line."""
    return _BEGINS.sub(_inert, _said(text).lstrip())


def _inert(begins: re.Match[str]) -> str:
    return f"{begins[0]}\\" if begins[0].isdigit() else f"\\{begins[0]}"


def _blocks(blocks: Iterable[Block]) -> Iterator[str]:
    for block in blocks:
        match block:
            case Heading(level, text):
                yield f"{'#' * level} {_said(text)}"
            case Paragraph(text, kind):
                yield f"<sub>{_line(text)}</sub>" if kind == "small" else _line(text)
            case Items(items, ordered, start):
                yield "\n".join(_items(items, start if ordered else None))
            case Facts(pairs):
                yield "\n".join(f"- {_said(strong(f'{name}:'))} {_said(text)}" for name, text in pairs)
            case Table():
                if block.caption:
                    yield _line(block.caption)
                yield "\n".join(_table(block))
            case Section(inside, kind):
                written = _blocks(inside)
                yield from (re.sub("^", "> ", each, flags=re.MULTILINE) for each in written) if kind == "quote" else written
            case Columns(first, second):
                yield from _blocks((*first, *second))
            case _:
                assert_never(block)


def _items(items: Iterable[Item], number: int | None, indent: str = "") -> Iterator[str]:
    for place, item in enumerate(items):
        mark = "-" if number is None else f"{number + place}."
        yield f"{indent}{mark} {_line(item.text)}"
        yield from _items(item.below, None, indent + " " * (len(mark) + 1))


def _table(table: Table) -> Iterator[str]:
    heads = table.heads or ("",) * len(table.rows[0])
    yield f"| {' | '.join(map(_said, heads))} |"
    yield f"|{'|'.join('--:' if place in table.numbers else '---' for place in range(len(heads)))}|"
    yield from (f"| {' | '.join(map(_said, row))} |" for row in table.rows)
