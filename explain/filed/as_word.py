"""A record as a Word document with real headings, lists and tables: its one page, then the record in full as the annex.

Only this module and `word_page.py` import python-docx. Equal content gives equal bytes: dates in the file are the
day of the answer, not the current time.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from explain.filed.as_html import about, basis, spoken
from explain.filed.content import HISTORY_TOLD, JOURNEY, LEGEND, CitedClause, Content, marked
from explain.filed.one_page_content import one_page_of
from explain.filed.word_page import front
from explain.tree import Sentence
from explain.words import ADVICE

_BULLETS = ("List Bullet", "List Bullet 2", "List Bullet 3")


def as_word(content: Content, hashes: dict[str, str]) -> bytes:
    """The record as the bytes of a .docx file. `hashes`: names and values of the hashes of its JSON form."""
    from docx import Document
    from docx.oxml.ns import qn
    from docx.shared import Cm, Pt, RGBColor

    title = f"Decision record: case {content.case_id}"
    document: Any = Document()
    document.sections[0].page_width, document.sections[0].page_height = Cm(21), Cm(29.7)
    for name in ("Normal", "Title", "Heading 1", "Heading 2"):
        font = document.styles[name].font
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):  # they go before the name of a font
            document.styles[name].element.get_or_add_rPr().get_or_add_rFonts().attrib.pop(qn(f"w:{theme}"), None)
        font.name, font.color.rgb = "Arial", RGBColor(0x1B, 0x1B, 0x1B)
    document.styles["Normal"].font.size = Pt(10.5)
    for name in (*_BULLETS, "Normal"):
        document.styles[name].paragraph_format.space_after = Pt(3)
    _properties(document, content, title)
    front(document, one_page_of(content, hashes))
    annex = document.sections[-1]
    annex.left_margin = annex.right_margin = annex.top_margin = annex.bottom_margin = Cm(2)
    document.add_heading(f"Annex: the full record of case {content.case_id}", 0)
    document.add_paragraph(content.question)
    document.add_paragraph().add_run(content.headline).bold = True
    for line in content.contradictions:
        document.add_paragraph().add_run(line).bold = True
    if content.confirmation.overridden_to:
        notice = f"This answer was set aside: {content.overridden_to} holds the child."
        document.add_paragraph().add_run(notice).bold = True
        document.add_paragraph(f"Reason: {content.confirmation.reason}")
    _table(document, None, about(content))
    document.add_paragraph().add_run(ADVICE).bold = True
    _answer(document, content)
    _journey(document, content)
    _why(document, content)
    document.add_heading("Clauses", 1)
    document.add_paragraph(content.document_told)
    for clause in content.clauses:
        _clause(document, clause)
    if content.readings:
        document.add_heading("How the text was read", 1)
        rows = [(reading.name.capitalize(), reading.setting, reading.why) for reading in content.readings]
        _table(document, ("Choice", "What was chosen", "Why there is a choice"), rows)
    document.add_heading("To check this record", 1)
    document.add_paragraph(
        "The JSON form of this record holds all facts, rules and steps; whichteam verify re-derives the answer from them. "
        "Hashes (SHA-256):"
    )
    _table(document, None, [("Policy files", content.policy.digest), *hashes.items()])
    made = io.BytesIO()
    document.save(made)
    return without_clock(made.getvalue())


def _properties(document: Any, content: Content, title: str) -> None:
    day = datetime.fromordinal(content.decision.case.as_of)
    core = document.core_properties
    core.title, core.author, core.last_modified_by = title, "whichteam", "whichteam"
    core.comments, core.language, core.created, core.modified = "", "en-GB", day, day


def without_clock(made: bytes) -> bytes:
    """The same zip archive with a fixed timestamp on every part."""
    fixed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(made)) as old, zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            part.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(part, old.read(name))
    return fixed.getvalue()


def _table(document: Any, heads: Sequence[str] | None, rows: Iterable[Sequence[str]]) -> None:
    """A table whose rows do not break across pages; `heads` is repeated on each page."""
    from docx.oxml import OxmlElement
    from docx.shared import Cm

    filled = list(rows)
    widths = {2: (4, 13), 3: (4, 4.5, 8.5), 4: (4, 3.4, 3.4, 6.2), 5: (4.2, 3.2, 3.2, 3.8, 2.6)}[len(filled[0])]
    table = document.add_table(rows=0, cols=len(filled[0]), style="Table Grid")
    table.autofit = False
    for column, width in zip(table.columns, widths):
        column.width = Cm(width)
    for row in [*([heads] if heads else []), *filled]:
        added = table.add_row()
        added._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        for place, (cell, text) in enumerate(zip(added.cells, row)):
            cell.width = Cm(widths[place])
            run = cell.paragraphs[0].add_run(text)
            run.bold = place == 0 or row is heads
    if heads:
        table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    document.add_paragraph()


def _answer(document: Any, content: Content) -> None:
    document.add_heading("The answer in full", 1)
    for part in content.all_parts:
        document.add_heading(part.title, 2)
        if part.title == "Deadlines" and content.deadlines:
            rows = [(due.name, spoken(due.due), due.outcome, basis(due)) for due in content.deadlines]
            _table(document, ("Deadline", "Due", "Kept", "Basis"), rows)
            continue
        for line in part.lines:
            document.add_paragraph(line, style="List Bullet" if len(part.lines) > 1 else None)


def _journey(document: Any, content: Content) -> None:
    document.add_heading("How the child came here", 1)
    rows = [(stint.team, stint.since, stint.until, stint.began, stint.clauses) for stint in content.stints]
    _table(document, JOURNEY, rows)
    if content.planned:
        document.add_heading("Planned moves", 2)
        _list(document, content.planned)
    if content.history:
        document.add_heading("History", 1)
        document.add_paragraph(HISTORY_TOLD)
        _list(document, content.history)
    if content.wrong_dates:
        document.add_heading("Dates that can't be right", 1)
        _list(document, content.wrong_dates)


def _list(document: Any, lines: Iterable[str]) -> None:
    for line in lines:
        document.add_paragraph(line, style=_BULLETS[0])


def _why(document: Any, content: Content) -> None:
    document.add_heading("Why", 1)
    document.add_paragraph(LEGEND)
    for sentence in content.why:
        document.add_heading(sentence.text, 2)
        _reasons(document, sentence.reasons, 0)
    if content.earlier:
        document.add_heading("Earlier moves", 2)
        _reasons(document, content.earlier, 0)
    for group in content.why_rest:
        document.add_heading(group.title, 2)
        _reasons(document, group.sentences, 0)


def _reasons(document: Any, sentences: Iterable[Sentence], depth: int) -> None:
    for sentence in sentences:
        paragraph = document.add_paragraph(style=_BULLETS[min(depth, len(_BULLETS) - 1)])
        _, mark, text = marked(sentence)
        paragraph.add_run(f"{mark}: ").bold = True
        paragraph.add_run(text)
        if sentence.clause:
            paragraph.add_run(f" [{sentence.clause}]").italic = True
        if sentence.repeated:
            paragraph.add_run(" (reasons shown above)")
        _reasons(document, sentence.reasons, depth + 1)


def _clause(document: Any, clause: CitedClause) -> None:
    document.add_heading(clause.cited, 2)
    document.add_paragraph(clause.paraphrase)
    for line in clause.lines:
        if line.passage is not None:
            document.add_paragraph(f"Line {line.number}: {line.passage}", style="Quote")
    if clause.note:
        document.add_paragraph(f"Noted by a reader: {clause.note}")
    prints = ", ".join(f"line {line.number} {line.fingerprint}" for line in clause.lines if line.fingerprint)
    if prints:
        document.add_paragraph(f"Fingerprint: {prints}")
