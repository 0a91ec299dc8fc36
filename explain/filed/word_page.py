"""The one page of a record at the head of its Word document; the record in full follows as its annex.

What stands beside each other on the page is set in two columns of one section, so that it is read in order.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from explain.answer import NOTED
from explain.filed import one_page_content as wording
from explain.filed.one_page_content import OnePage
from explain.words import ADVICE

GAP = 340  # twentieths of a point between two columns
STYLE, SMALL = "One page", "One page, small"
NARROW = (6.2, 2.3)  # centimetres of the two columns of a table that stands beside others


def front(document: Any, page: OnePage) -> None:
    """Writes the page into a new document, and starts the annex on the next one."""
    from docx.enum.section import WD_SECTION

    _styles(document)
    _edges(document.sections[0])
    _line(document, (page.council, True), (f" · {wording.KIND} · Case {page.case_id} · For {page.day}", False))
    _line(document, ("  ".join(f"{mark.sign} {mark.words}" for mark in page.marks), True))
    document.add_heading(page.title, 1)
    _line(document, (page.lead, False))
    if page.noted:
        document.add_heading(NOTED, 2)
        _lines(document, (*(f"• {line}" for line in page.noted), page.noted_more))
    document.add_heading(wording.REASONS, 2)
    for number, (text, clause) in enumerate(page.reasons, 1):
        _line(document, (f"{number}. {text}.", False), (f" [{clause}]" if clause else "", True))
    _columns(document.add_section(WD_SECTION.CONTINUOUS), 2)
    _beside(document, page)
    _columns(document.add_section(WD_SECTION.CONTINUOUS), 1)
    document.add_heading(wording.WHO, 2)
    _table(document, page.who, (3.2, 14.6))
    _line(document, ("Policy ", True), (f"{page.policy} {wording.ABOUT_CLAUSES} ", False), (ADVICE, True), style=SMALL)
    for name, value in (("Clauses", page.clauses), *page.hashes):
        _line(document, (f"{name} ", True), (value, False), style=SMALL)
    _line(document, ("Annex ", True), ("the full record, from the next page on", False), style=SMALL)
    annex = document.add_section(WD_SECTION.NEW_PAGE)
    _columns(annex, 1)


def _beside(document: Any, page: OnePage) -> None:
    """The checks, and in the second column what was taken as not so, limits, and where clauses differ."""
    from docx.enum.text import WD_BREAK

    if page.checks:
        document.add_heading(wording.CHECKS, 2)
        _table(document, [(name, reply) for name, reply, _ in page.checks], NARROW)
        _lines(document, (page.checks_told, page.checks_more))
    if page.checks and (page.assumed or page.limits or page.two_ways):
        document.add_paragraph(style=SMALL).add_run().add_break(WD_BREAK.COLUMN)
    if page.assumed:
        document.add_heading(wording.ASSUMED, 2)
        _lines(document, (wording.ABOUT_ASSUMED,))
        _lines(document, (*(f"• {line}" for line in page.assumed), page.assumed_more))
    if page.limits:
        document.add_heading(wording.LIMITS, 2)
        _table(document, page.limits, NARROW)
        _lines(document, (page.limits_more,))
    if page.two_ways:
        document.add_heading(wording.TWO_WAYS, 2)
        _lines(document, (f"• {line}" for line in page.two_ways))


def _styles(document: Any) -> None:
    from docx.enum.style import WD_STYLE_TYPE
    from docx.shared import Pt

    for name, size, after in ((STYLE, 9, 2), (SMALL, 7, 1)):
        style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style, style.font.size = document.styles["Normal"], Pt(size)
        style.paragraph_format.space_after, style.paragraph_format.space_before = Pt(after), Pt(0)


def _edges(section: Any) -> None:
    from docx.shared import Cm

    section.left_margin = section.right_margin = Cm(1.6)
    section.top_margin = section.bottom_margin = Cm(1.2)


def _columns(section: Any, count: int) -> None:
    """Sets the section in so many columns."""
    from docx.oxml.ns import qn

    (columns,) = section._sectPr.findall(qn("w:cols"))  # each section begins as a copy of the one before
    columns.set(qn("w:num"), str(count))
    columns.set(qn("w:space"), str(GAP))


def _line(document: Any, *runs: tuple[str, bool], style: str = STYLE) -> None:
    """A paragraph of texts, each with whether it is bold."""
    paragraph = document.add_paragraph(style=style)
    for text, bold in runs:
        paragraph.add_run(text).bold = bold


def _lines(document: Any, lines: Iterable[str]) -> None:
    for line in filter(None, lines):
        _line(document, (line, False))


def _table(document: Any, rows: Sequence[tuple[str, str]], widths: tuple[float, float]) -> None:
    from docx.shared import Cm

    table = document.add_table(rows=0, cols=2, style="Table Grid")
    table.autofit = False
    for column, width in zip(table.columns, widths):
        column.width = Cm(width)
    for row in rows:
        for place, (cell, text) in enumerate(zip(table.add_row().cells, row)):
            cell.width = Cm(widths[place])
            cell.paragraphs[0].style = document.styles[STYLE]
            cell.paragraphs[0].add_run(text).bold = place == 1
