"""The forms of a record that people read: in full as HTML, its one page as HTML, and both as Word."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from explain.document.as_html import as_html
from explain.document.as_word import Look, as_word
from explain.document.blocks import Document, Heading, Section
from explain.filed.content import Content
from explain.filed.in_full import in_full
from explain.filed.one_page import one_page

STYLE, PAGE_STYLE = (Path(__file__).with_name(name) for name in ("record.css", "one_page.css"))
LOOK = Look(headings=(14, 12, 10.5), after=2.4, margins=(1.6, 1.2), kinds={"page": 9, "small": 7})


def record_html(content: Content, hashes: dict[str, str]) -> str:
    """The record in full. `hashes`: names and values of the hashes of its JSON form."""
    title = f"Decision record: case {content.case_id}"
    return as_html(Document(title, (Heading(1, title), *in_full(content, hashes))), STYLE)


def page_html(content: Content, hashes: dict[str, str]) -> str:
    """The one page of a record."""
    annex = f"the full record with its proof: record-{content.case_id}.json"
    return as_html(Document(f"Decision for case {content.case_id}", tuple(one_page(content, hashes, annex))), PAGE_STYLE)


def record_word(content: Content, hashes: dict[str, str]) -> bytes:
    """The one page, and the record in full as its annex. The day in the file is that of the answer, not of the clock."""
    page = Section(tuple(one_page(content, hashes, "the full record, from the next page on")), "page")
    annex = Heading(1, f"Annex: the full record of case {content.case_id}", new_page=True)
    document = Document(f"Decision record: case {content.case_id}", (page, annex, *in_full(content, hashes)))
    return as_word(document, LOOK, datetime.fromordinal(content.decision.case.as_of))
