"""One document with every kind of block, and texts that would mean something in a form, as each writer writes it."""

from __future__ import annotations

import io
from datetime import datetime
from pathlib import Path

import docx
import pytest
from markdown_it import MarkdownIt

from explain.document.as_html import as_html, body
from explain.document.as_markdown import as_markdown
from explain.document.as_text import as_text
from explain.document.as_word import Look, as_word
from explain.document.blocks import (
    Columns,
    Document,
    Facts,
    Heading,
    Item,
    Items,
    Paragraph,
    Section,
    Table,
    cite,
    code,
    emphasis,
    items,
    strong,
)

DAY = datetime(2024, 10, 16)
BLOCKS = (
    Heading(1, "Ash & Oak"),
    Paragraph(("A ", strong("strong", "held"), " and ", emphasis("new"), " word, ", code("a_b"), " ", cite("clause 5")), "soft"),
    Items((Item("first", (Item("below"),), "shown"), Item("second")), ordered=True, folds=True, kind="cards"),
    Facts((("Lines", "1-3"),)),
    Table((("1", "Ash", "12"), ("2", "Oak", "3")), ("No.", "Team", "Moves"), "Teams", named=1, numbers=frozenset({0, 2})),
    Section((Heading(2, "To note", new_page=True), Paragraph("Said.")), "note"),
    Section((Paragraph("Its words."),), "quote"),
    Columns((items("left"),), (Heading(2, "Right"), Table((("Case", "c1"),)))),
)
WRITTEN = Document("Ash", BLOCKS)

MARKDOWN = r"""# Ash \& Oak

A **strong** and *new* word, `a_b` [clause 5]

1. first
   - below
2. second

- **Lines:** 1-3

Teams

| No. | Team | Moves |
|--:|---|--:|
| 1 | Ash | 12 |
| 2 | Oak | 3 |

## To note

Said.

> Its words.

- left

## Right

|  |  |
|---|---|
| Case | c1 |
"""
TEXT = """Ash & Oak
A strong and new word, a_b [clause 5]
  1. first
    below
  2. second
  Lines: 1-3
  No.  Team  Moves
    1  Ash      12
    2  Oak       3

To note
Said.
Its words.
  left

Right
  Case  c1
"""
HTML = """<h1>Ash &amp; Oak</h1>
<p class="soft">A <strong class="held">strong</strong> and <em>new</em> word, <code>a_b</code> \
<cite>clause 5</cite></p>
<ol class="cards"><li class="shown"><details open><summary>first</summary>
<ul><li>below</li></ul></details></li>
<li>second</li></ol>
<dl><div><dt>Lines</dt><dd>1-3</dd></div></dl>
<table><caption>Teams</caption>
<thead><tr><th class="n" scope="col">No.</th><th scope="col">Team</th><th class="n" scope="col">Moves</th></tr></thead>
<tbody>
<tr><td class="n">1</td><th scope="row">Ash</th><td class="n">12</td></tr>
<tr><td class="n">2</td><th scope="row">Oak</th><td class="n">3</td></tr>
</tbody></table>
<section class="note" role="note">
<h2 class="new-page">To note</h2>
<p>Said.</p>
</section>
<blockquote>
<p>Its words.</p>
</blockquote>
<div class="two"><div>
<ul><li>left</li></ul>
</div><div>
<h2>Right</h2>
<table><tbody>
<tr><th scope="row">Case</th><td>c1</td></tr>
</tbody></table>
</div></div>"""


def word_of(document: Document, look: Look | None = None) -> docx.document.Document:
    return docx.Document(io.BytesIO(as_word(document, look or Look(), DAY)))


def test_markdown() -> None:
    assert as_markdown(WRITTEN) == MARKDOWN


def test_text() -> None:
    assert as_text(WRITTEN) == TEXT


def test_what_stands_below_a_finding_in_text() -> None:
    blocks = (Heading(3, "7. Two teams"), Paragraph("So too:"), Items((Item("a", (Item("b"),)),), ordered=True, start=4))
    assert as_text(Document("", blocks)) == "\n7. Two teams\n   So too:\n     4. a\n       b\n"
    assert as_markdown(Document("", blocks)) == "### 7. Two teams\n\nSo too:\n\n4. a\n   - b\n"
    assert '<ol start="4">' in body(blocks)


def test_html() -> None:
    assert body(BLOCKS) == HTML


def test_a_wide_table_can_be_moved_and_its_rows_linked_to() -> None:
    assert body((Table((("a", "b_c"),), ("A", "B"), "1 & 2", ids=("x--1",), kind="wide"),)) == (
        '<div class="scroll" tabindex="0" role="region" aria-label="1 &amp; 2"><table class="wide"><caption>1 &amp; 2</caption>\n'
        '<thead><tr><th scope="col">A</th><th scope="col">B</th></tr></thead>\n'
        '<tbody>\n<tr id="x--1"><th scope="row">a</th><td>b_<wbr>c</td></tr>\n</tbody></table></div>'
    )


def test_an_html_file_asks_nothing_of_others(tmp_path: Path) -> None:
    style = tmp_path / "own.css"
    style.write_text("h1 { color: red; }", encoding="utf-8")
    text = as_html(WRITTEN, style)
    assert text.startswith('<!DOCTYPE html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n')
    assert "default-src 'none'; style-src 'unsafe-inline'" in text
    assert "<title>Ash</title>" in text
    assert "h1 { color: red; }</style>" in text
    assert f"<main>\n{HTML}\n</main>" in text


def test_word() -> None:
    word = word_of(WRITTEN)
    assert [(p.style.name if p.style else "", p.text) for p in word.paragraphs if p.text.strip()] == [
        ("Heading 1", "Ash & Oak"),
        ("Normal", "A strong and new word, a_b [clause 5]"),
        ("List Number", "first"),
        ("List Bullet 2", "below"),
        ("List Number", "second"),
        ("Normal", "Lines: 1-3"),
        ("Heading 2", "To note"),
        ("Normal", "Said."),
        ("Quote", "Its words."),
        ("List Bullet", "left"),
        ("Heading 2", "Right"),
    ]
    assert [run.text for run in word.paragraphs[1].runs if run.bold] == ["strong"]
    assert [run.text for run in word.paragraphs[1].runs if run.italic] == ["new", "[clause 5]"]
    (to_note,) = [p for p in word.paragraphs if p.text == "To note"]
    assert to_note.paragraph_format.page_break_before
    (right,) = [p for p in word.paragraphs if p.text == "Right"]
    assert [run._r.xpath("./w:br/@w:type") for run in right.runs] == [["column"], []]
    teams, facts = word.tables
    assert [[cell.text for cell in row.cells] for row in teams.rows] == [
        ["No.", "Team", "Moves"],
        ["1", "Ash", "12"],
        ["2", "Oak", "3"],
    ]
    assert teams._tbl.xpath("./w:tblPr/w:tblCaption/@w:val") == ["Teams"]
    assert [len(row._tr.xpath("./w:trPr/w:tblHeader")) for row in teams.rows] == [1, 0, 0]
    assert len(facts._tbl.xpath(".//w:tblHeader")) == 0
    assert [section._sectPr.xpath("./w:cols/@w:num") for section in word.sections] == [[], ["2"], ["1"]]
    core = word.core_properties
    assert (core.title, core.author, core.language, core.created) == ("Ash", "whichteam", "en-GB", core.modified)


def test_every_numbered_list_of_word_begins_at_one() -> None:
    twice = Document("Two", (Items((Item("a"),), ordered=True), Items((Item("b"),), ordered=True)))
    first, second = (p._p.xpath("./w:pPr/w:numPr/w:numId/@w:val") for p in word_of(twice).paragraphs)
    assert first != second


def test_a_kind_of_word_has_its_own_size_in_lists_and_tables_too() -> None:
    small = Section((Paragraph("a"), items("b"), Table((("c", "d"),)), Paragraph("e", "tiny")), "page")
    word = word_of(Document("Small", (small, Paragraph("f"))), Look(kinds={"page": 9, "tiny": 7}))
    named = {p.text: p.style.name if p.style else "" for p in word.paragraphs}
    assert named | {"": ""} == {"a": "Normal, page", "b": "List Bullet, page", "e": "Normal, tiny", "f": "Normal", "": ""}
    assert word.tables[0].cell(0, 0).paragraphs[0].style.name == "Normal, page"
    assert [word.styles[f"Normal, {kind}"].font.size.pt for kind in ("page", "tiny")] == [9, 7]


def test_equal_documents_give_equal_bytes() -> None:
    assert as_word(WRITTEN, Look(), DAY) == as_word(WRITTEN, Look(), DAY)


ODD = [
    "<b>bold</b> & <script>alert(1)</script>",
    "**bold** [link](http://example.org) `code` | pipe",
    "# heading",
    "- item",
    "+ item",
    "> quoted",
    "3. item",
    "3) item",
    "3.",
    "---",
    "    indented",
    "a\n\nb",
    "a\u202eb\x1b[31m",
    " ",
    "_a_",
]


@pytest.mark.parametrize("text", ODD)
def test_text_stays_text(text: str) -> None:
    """Read back by other programs, every place of a document has the text and nothing else."""
    shown = " ".join(text.replace("\u202e", "\\u202e").replace("\x1b", "\\x1b").split())
    blocks = (
        Heading(1, text),
        Paragraph(text),
        Paragraph((strong(text), emphasis(text), code(text), cite(text))),
        items(text),
        Facts(((text, text),)),
        Table(((text, text),), (text, text), text),
    )
    tokens = MarkdownIt("commonmark").enable("table").parse(as_markdown(Document(text, blocks)))
    inner = [child for token in tokens for child in token.children or ()]
    tags = {token.tag for token in (*tokens, *inner)} - {""}
    assert tags <= {"h1", "p", "strong", "em", "code", "ul", "li", "table", "thead", "tbody", "tr", "th", "td"}
    assert [token.type for token in tokens if token.type.endswith("_open")].count("list_item_open") == 2
    said = [" ".join("".join(c.content for c in t.children or ()).split()) for t in tokens if t.type == "inline"]
    if shown:
        assert said[:2] == [shown, shown]
        assert said[-4:] == [shown] * 4
    html = body(blocks)
    assert not any(f"<{tag}" in html for tag in ("script", "b>"))
    word = word_of(Document(text, blocks))
    assert " ".join(word.paragraphs[1].text.split()) == shown
    assert " ".join(word.tables[0].cell(1, 1).text.split()) == shown
