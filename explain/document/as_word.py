"""A document as a Word file with real headings, lists and tables. Equal content gives equal bytes.

Only this module imports python-docx.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, assert_never

from explain.document.blocks import (
    Block,
    Columns,
    Document,
    Facts,
    Heading,
    Item,
    Items,
    Paragraph,
    Section,
    Table,
    Text,
    plain,
    runs,
    strong,
)
from explain.escape import visible

_PAGE = (21.0, 29.7)  # A4, in cm like all lengths here
_GAP = 0.6  # between two columns
_INK = (0x1B, 0x1B, 0x1B)
_LISTS = ("List Bullet", "List Bullet 2", "List Bullet 3")
_LETTER = 0.02  # of a letter, for each point of its size
_EDGES = 0.5  # left and right of the text in a cell
_SHARED = 60  # letters by which long columns share the width of a table, at most


@dataclass(frozen=True)
class Look:
    """How a Word file looks; sizes in points, margins in centimetres.

    size      of text
    headings  of headings, by level
    after     space after a paragraph
    margins   left and right, and above and below
    kinds     sizes of text in paragraphs and sections of a kind
    """

    size: float = 10.5
    headings: tuple[float, ...] = (15, 13, 11)
    after: float = 3
    margins: tuple[float, float] = (2, 2)
    kinds: Mapping[str, float] = field(default_factory=dict)


def as_word(document: Document, look: Look, day: datetime) -> bytes:
    """The document as the bytes of a .docx file. `day` stands in it as the day on which it was made."""
    import docx

    word: Any = docx.Document()
    core = word.core_properties
    core.title, core.author, core.last_modified_by, core.comments = visible(document.title), "whichteam", "whichteam", ""
    core.language, core.created, core.modified = "en-GB", day, day
    _dress(word, look)
    _Writer(word, look).write(document.blocks)
    made = io.BytesIO()
    word.save(made)
    return _without_clock(made.getvalue())


def _dress(word: Any, look: Look) -> None:
    """Sets the page, and the styles that are used."""
    from docx.oxml.ns import qn
    from docx.shared import Cm, Pt, RGBColor

    page, (side, above) = word.sections[0], look.margins
    page.page_width, page.page_height = map(Cm, _PAGE)
    page.left_margin = page.right_margin = Cm(side)
    page.top_margin = page.bottom_margin = Cm(above)
    sizes = {f"Heading {level}": size for level, size in enumerate(look.headings, 1)}
    for name, size in {"Normal": look.size, "Quote": look.size, **sizes}.items():
        style = word.styles[name]
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):  # they go before the name of a font
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        style.font.name, style.font.size, style.font.color.rgb = "Arial", Pt(size), RGBColor(*_INK)
    for name in ("Normal", "Quote", "List Number", *_LISTS):
        word.styles[name].paragraph_format.space_after = Pt(look.after)


@dataclass(frozen=True)
class _Writer:
    """Writes blocks at the end of a Word file. `kind` is that of the section; `share` is how many columns the page has."""

    word: Any
    look: Look
    kind: str = ""
    share: int = 1

    def write(self, blocks: Iterable[Block]) -> None:
        for block in blocks:
            self._block(block)

    def _block(self, block: Block) -> None:
        match block:
            case Heading(level, text, _, new_page):
                heading = self._paragraph(text, f"Heading {level}")
                heading.paragraph_format.page_break_before = new_page or None
            case Paragraph(text, kind):
                self._paragraph(text, "Quote" if self.kind == "quote" else self._style("Normal", kind))
            case Items(items, ordered, start):
                self._items(items, self._numbering(start) if ordered else None)
            case Facts(pairs):
                for name, text in pairs:
                    fact = self._paragraph((strong(f"{name}: "), *runs(text)), self._style("Normal"))
                    fact.paragraph_format.keep_together = True
            case Table():
                self._table(block)
            case Section(inside, kind):
                of = kind if kind in (*self.look.kinds, "quote") else self.kind
                replace(self, kind=of).write(inside)
            case Columns(first, second):
                self._columns(first, second)
            case _:
                assert_never(block)

    def _style(self, name: str, kind: str = "") -> Any:
        """The style of a name; where the kind has a size of its own, one that is based on it."""
        from docx.enum.style import WD_STYLE_TYPE
        from docx.shared import Pt

        styles, of = self.word.styles, kind if kind in self.look.kinds else self.kind
        if of not in self.look.kinds:
            return styles[name]
        own = f"{name}, {of}"
        if own not in styles:
            style = styles.add_style(own, WD_STYLE_TYPE.PARAGRAPH)
            style.base_style, style.font.size = styles[name], Pt(self.look.kinds[of])
            style.paragraph_format.space_after = Pt(self.look.after * self.look.kinds[of] / self.look.size)
        return styles[own]

    def _paragraph(self, text: Text, style: Any) -> Any:
        paragraph = self.word.add_paragraph(style=style)
        _fill(paragraph, text)
        return paragraph

    def _items(self, items: Iterable[Item], number: int | None, depth: int = 0) -> None:
        for item in items:
            name = _LISTS[min(depth, len(_LISTS) - 1)] if number is None else "List Number"
            paragraph = self._paragraph(item.text, self._style(name))
            if number is not None:
                paragraph._p.get_or_add_pPr().get_or_add_numPr().get_or_add_numId().val = number
            self._items(item.below, None, depth + 1)

    def _numbering(self, start: int) -> int:
        """A numbering of its own."""
        numbering = self.word.part.numbering_part.element
        of_style = self.word.styles["List Number"].element.pPr.numPr.numId.val
        numbers = numbering.add_num(numbering.num_having_numId(of_style).abstractNumId.val)
        numbers.add_lvlOverride(ilvl=0).add_startOverride(start)
        return int(numbers.numId)

    def _table(self, table: Table) -> None:
        """A table whose rows do not break across pages; its heads are repeated on each page, its caption is its title."""
        from docx.enum.text import WD_ALIGN_PARAGRAPH
        from docx.oxml import OxmlElement
        from docx.oxml.ns import qn
        from docx.shared import Cm, Pt

        heads: tuple[tuple[Text, ...], ...] = (tuple(map(strong, table.heads)),) if table.heads else ()
        width = (_PAGE[0] - 2 * self.look.margins[0] - _GAP * (self.share - 1)) / self.share
        widths = _widths((*heads, *table.rows), width, self.look.kinds.get(self.kind, self.look.size))
        made = self.word.add_table(rows=0, cols=len(widths), style="Table Grid")
        made.autofit = False
        if table.caption:
            title = OxmlElement("w:tblCaption")
            title.set(qn("w:val"), visible(table.caption))
            made._tbl.tblPr.append(title)
        for column, wide in zip(made.columns, widths):
            column.width = Cm(wide)
        for row in (*heads, *table.rows):
            added = made.add_row()
            added._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
            for place, (cell, text) in enumerate(zip(added.cells, row)):
                cell.width = Cm(widths[place])
                paragraph = cell.paragraphs[0]
                paragraph.style = self._style("Normal")
                if place in table.numbers:
                    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
                _fill(paragraph, strong(plain(text)) if place == table.named else text)
        if heads:
            made.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
        gap = self.word.add_paragraph().paragraph_format  # without one, Word joins what follows to the table
        gap.line_spacing, gap.space_after = Pt(4), Pt(0)

    def _columns(self, first: tuple[Block, ...], second: tuple[Block, ...]) -> None:
        """Two columns of a section of their own, so that they are read in order."""
        from docx.enum.section import WD_SECTION
        from docx.enum.text import WD_BREAK

        _divide(self.word.add_section(WD_SECTION.CONTINUOUS), 2)
        half = replace(self, share=2)
        half.write(first)
        before = len(self.word.paragraphs)
        half.write(second)
        begin = self.word.paragraphs[before]
        to_next = begin.add_run()
        to_next.add_break(WD_BREAK.COLUMN)
        begin._p.pPr.addnext(to_next._r)
        _divide(self.word.add_section(WD_SECTION.CONTINUOUS), 1)


def _fill(paragraph: Any, text: Text) -> None:
    for run in runs(text):
        added = paragraph.add_run(visible(plain(run)))
        added.bold = run.manner == "strong" or None
        added.italic = run.manner in ("emphasis", "cite") or None


def _divide(section: Any, count: int) -> None:
    """Sets a section in so many columns."""
    from docx.oxml.ns import qn
    from docx.shared import Cm

    (columns,) = section._sectPr.findall(qn("w:cols"))  # each section begins as a copy of the one before
    columns.set(qn("w:num"), str(count))
    columns.set(qn("w:space"), str(Cm(_GAP).twips))


def _widths(rows: tuple[tuple[Text, ...], ...], width: float, size: float) -> list[float]:
    """Widths of columns, together `width`: a short one has what it needs for text of a size, the long ones share the rest."""
    longest = [max(len(plain(cell)) for cell in column) for column in zip(*rows)]
    needs = [count * size * _LETTER + _EDGES for count in longest]
    shares = [min(count, _SHARED) if need > width / len(needs) else 0 for count, need in zip(longest, needs)]
    if not any(shares):
        return [width * need / sum(needs) for need in needs]
    rest = width - sum(need for need, share in zip(needs, shares) if not share)
    return [rest * share / sum(shares) if share else need for need, share in zip(needs, shares)]


def _without_clock(made: bytes) -> bytes:
    """The same zip archive with a fixed time on every part."""
    fixed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(made)) as old, zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            part.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(part, old.read(name))
    return fixed.getvalue()
