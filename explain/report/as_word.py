"""The report as a Word document with real headings, lists and a table. Equal content gives equal bytes."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

from explain.escape import visible
from explain.filed.as_word import without_clock
from explain.report.content import COUNTED, Content, letter, rows

POINTS = 8.5


def as_word(content: Content) -> bytes:
    """The report as the bytes of a .docx file."""
    from docx import Document
    from docx.shared import Cm, Pt, RGBColor

    document: Any = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(1.4)
    section.top_margin = section.bottom_margin = Cm(1.2)
    sizes = {"Normal": POINTS, "Title": 15, "Heading 1": 11, "Heading 2": 9, "List Bullet": POINTS}
    for name, size in sizes.items():
        style = document.styles[name]
        style.font.name, style.font.size, style.font.color.rgb = "Arial", Pt(size), RGBColor(0x1B, 0x1B, 0x1B)
        style.paragraph_format.space_after = Pt(1)
        style.paragraph_format.space_before = Pt(4 if name.startswith("Heading") else 0)
    core = document.core_properties
    day = datetime(2000, 1, 1)
    core.title, core.author, core.last_modified_by, core.comments = content.title, "whichteam", "whichteam", ""
    core.language, core.created, core.modified = "en-GB", day, day
    document.add_heading(visible(content.title), 0)
    document.add_paragraph(visible(content.about))
    _table(document, content)
    for block in content.blocks:
        heading = document.add_heading(visible(f"{block.number}. {block.question}"), 2)
        heading.paragraph_format.keep_with_next = True
        for label, text in rows(block):
            paragraph = document.add_paragraph()
            paragraph.paragraph_format.keep_together = True
            paragraph.add_run(f"{label}: ").bold = True
            paragraph.add_run(visible(text)).italic = label == "Redline"
    if content.causes:
        document.add_heading("Further causes", 1)
        for number, (cause, lines, question, redline) in enumerate(content.causes, 1):
            paragraph = document.add_paragraph(style="List Bullet")
            paragraph.add_run(visible(f"{letter(number)}. {cause}")).bold = True
            paragraph.add_run(visible(f" (lines {lines}): {question} "))
            paragraph.add_run(visible(redline)).italic = True
        if content.more:
            document.add_paragraph(content.more)
    document.add_heading("Index by line", 1)
    document.add_paragraph("; ".join(f"{lines}: {told}" for lines, told in content.index) + ".")
    document.add_heading("Housekeeping", 1)
    for what, where in content.housekeeping:
        document.add_paragraph(visible(f"{what} ({where})"), style="List Bullet")
    document.add_paragraph(visible(content.housekeeping_told))
    document.add_heading("What this rests on", 1)
    for line in content.basis:
        document.add_paragraph(visible(line), style="List Bullet")
    made = io.BytesIO()
    document.save(made)
    return without_clock(made.getvalue())


def _table(document: Any, content: Content) -> None:
    heads = ["No.", "To settle", "Lines", *COUNTED, *([f"Children of {content.cases}"] if content.cases is not None else [])]
    table = document.add_table(rows=1, cols=len(heads))
    table.style = "Light Grid"
    cells = [
        [str(b.number), b.cause, b.lines, *map(str, b.counts), *([str(b.children)] if content.cases is not None else [])]
        for b in content.blocks
    ]
    for n, head in enumerate(heads):
        table.rows[0].cells[n].text = head
    for row in cells:
        added = table.add_row().cells
        for n, text in enumerate(row):
            added[n].text = visible(text)
