"""A document as one HTML file without scripts or anything from elsewhere, also suited for print.

Aims at WCAG 2.2 AA: one `main`, headings as their levels say, tables with captions and header cells. Colours and sizes are those
of the style sheets.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from itertools import zip_longest
from pathlib import Path
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
)
from explain.escape import visible

_SHARED = Path(__file__).with_name("page.css")
_RUNS = {"": "", "strong": "strong", "emphasis": "em", "code": "code", "cite": "cite"}
_SECTIONS = {"header": "header", "footer": "footer", "quote": "blockquote"}


def as_html(document: Document, style: Path) -> str:
    """The document as HTML. `style`: the style sheet of its kind, which comes after the one that all share."""
    return page(document.title, style, body(document.blocks))


def page(title: str, style: Path, inside: str) -> str:
    """An HTML file with `inside` as what stands in `main`, for a document that has more than blocks."""
    looks = "".join(path.read_text(encoding="utf-8") for path in (_SHARED, style))
    return (
        '<!DOCTYPE html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{_escaped(title)}</title>\n<style>{looks}</style>\n</head>\n<body>\n<main>\n{inside}\n</main>\n</body>\n</html>\n"
    )


def body(blocks: Iterable[Block]) -> str:
    """Blocks as HTML."""
    return "\n".join(map(_block, blocks))


def _escaped(text: str) -> str:
    return escape(visible(text))


def _line(text: Text, can_break: bool = False) -> str:
    """A line as HTML. `can_break`: names in it may go on in the next line after an underscore."""
    return "".join(_run(run, _escaped(run.text).replace("_", "_<wbr>" if can_break else "_")) for run in runs(text))


def _run(run: Run, inside: str) -> str:
    return _element(_RUNS[run.manner] or "span", inside, run.kind) if run.manner or run.kind else inside


def _element(name: str, inside: str, kind: str = "", more: str = "") -> str:
    classes = f' class="{escape(kind)}"' if kind else ""
    return f"<{name}{classes}{more}>{inside}</{name}>"


def _block(block: Block) -> str:
    match block:
        case Heading(level, text, kind, new_page):
            return _element(f"h{level}", _line(text), " ".join(filter(None, (kind, "new-page" if new_page else ""))))
        case Paragraph(text, kind):
            return _element("p", _line(text), kind)
        case Items(below, ordered, start, folds, kind):
            return _items(below, "ol" if ordered else "ul", folds, kind, f' start="{start}"' if start > 1 else "")
        case Facts(pairs, kind):
            return _element(
                "dl", "".join(f"<div><dt>{_line(name)}</dt><dd>{_line(text)}</dd></div>" for name, text in pairs), kind
            )
        case Table():
            table = _element("table", "\n".join(_table(block)), block.kind)
            moved = f' tabindex="0" role="region" aria-label="{_escaped(block.caption)}"'
            return _element("div", table, "scroll", moved) if block.kind == "wide" else table
        case Section(blocks, kind):
            inside = f"\n{body(blocks)}\n"
            if kind in _SECTIONS:
                return _element(_SECTIONS[kind], inside)
            return _element("section", inside, kind, ' role="note"' if kind == "note" else "")
        case Columns(first, second):
            return _element("div", "".join(_element("div", f"\n{body(blocks)}\n") for blocks in (first, second)), "two")
    assert_never(block)


def _items(below: tuple[Item, ...], tag: str, folds: bool, kind: str = "", more: str = "") -> str:
    return _element(tag, "\n".join(_element("li", _item(item, folds), item.kind) for item in below), kind, more)


def _item(item: Item, folds: bool) -> str:
    """An item; only those of the first level fold."""
    if not item.below:
        return _line(item.text)
    below = _items(item.below, "ul", False)
    return f"<details open><summary>{_line(item.text)}</summary>\n{below}</details>" if folds else f"{_line(item.text)}\n{below}"


def _table(table: Table) -> Iterator[str]:
    def cell(place: int, tag: str, text: Text, scope: str = "") -> str:
        return _element(tag, _line(text, table.kind == "wide"), "n" if place in table.numbers else "", scope)

    if table.caption:
        yield f"<caption>{_escaped(table.caption)}</caption>"
    if table.heads:
        heads = "".join(cell(place, "th", head, ' scope="col"') for place, head in enumerate(table.heads))
        yield f"<thead><tr>{heads}</tr></thead>"
    yield "<tbody>"
    for row, name in zip_longest(table.rows, table.ids):
        cells = (cell(n, "th", text, ' scope="row"') if n == table.named else cell(n, "td", text) for n, text in enumerate(row))
        yield _element("tr", "".join(cells), more=f' id="{_escaped(name)}"' if name else "")
    yield "</tbody>"
