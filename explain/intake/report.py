"""The report of an intake: a workbook with one sheet a topic, or one CSV file with all topics."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from explain.escape import MAX_CELL, cell, visible
from kb.case import written as as_in_files
from kb.dates import in_words
from kb.errors import Fault, InputError
from kb.intake.confirmed import KEPT, SHEET, shown
from kb.intake.model import Hint, Intake
from kb.vocabulary.model import Vocabulary
from kb.workbook_writing import making_workbook
from queries.intake import HeldUp

FORMS = (".xlsx", ".csv")
_WIDEST = 60
_MEASURED = 2_000  # rows by which the width of a column is chosen
_LINE = 14  # height of a line in points
_DARK = "1F3A5F"
_MAX_ROWS = 1_048_575  # of an Excel sheet, less the headings


@dataclass(frozen=True, slots=True)
class Sheet:
    """One topic of the report. `is_plain`: cells are written without a format, as there may be very many."""

    name: str
    headings: tuple[str, ...]
    rows: Sequence[tuple[Any, ...]]
    is_plain: bool = False


def sheets(intake: Intake, vocabulary: Vocabulary, source: str, held: HeldUp | None = None) -> list[Sheet]:
    """The topics in the order in which a person would work through them.

    `source` is the name of the data. `held` tells on which facts the answers hang: what it leaves out is not asked.
    """
    return [
        _summary(intake, source, held),
        Sheet(
            "Not read",
            ("file", "sheet or table", "what was done", "rows", "why", "may hold a fact that decides"),
            [(e.file, e.table, e.state, e.rows, e.why, "yes" if e.deciding else "no") for e in intake.unread],
        ),
        Sheet("To put right", ("where", "what is wrong", "what to do"), [(f.where, f.message, f.hint) for f in intake.faults]),
        Sheet(
            SHEET,
            ("child", "question", "the data suggest", "your answer", "from", "why it is not certain", "fact", "answers held up"),
            [
                (h.case_id, vocabulary.facts[h.fact].question, shown(h.value), "", h.source, h.why, h.fact, _waiting(h, held))
                for h in asked(intake, held)
            ],
        ),
        Sheet(
            KEPT,
            ("child", "question", "your answer", "what came of it", "from", "fact"),
            [(a.case_id, vocabulary.facts[a.fact].question, shown(a.answer), a.state, a.place, a.fact) for a in intake.answered],
        ),
        Sheet(
            "Teams to name",
            ("team in the data", "children", "which team of the policy is it?"),
            [(name, count, "write it in the teams file") for name, count in sorted(intake.unknown_teams.items())],
        ),
        Sheet("Facts", ("child", "fact", "value", "from", "name"), Facts(intake, vocabulary), is_plain=True),
        Sheet(
            "Rows",
            ("table", "read", "used", "refused", "ignored", "why ignored", "file"),
            [(c.table, c.read, c.used, c.refused, sum(c.ignored.values()), _reasons(c.ignored), c.file) for c in intake.counts],
        ),
        Sheet(
            "Columns",
            ("table", "heading", "read as", "why it was not read", "file"),
            [(h.table, h.heading, h.read_as or "not read", h.why, h.file) for h in intake.headings],
        ),
    ]


class Facts(Sequence[tuple[Any, ...]]):
    """A row for each fact of each child, made when it is written: a council has some hundred thousand."""

    def __init__(self, intake: Intake, vocabulary: Vocabulary):
        self._intake, self._vocabulary = intake, vocabulary

    def __len__(self) -> int:
        return sum(len(case.facts) for case in self._intake.cases)

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        for case in self._intake.cases:
            sources = self._intake.sources[case.case_id]
            for name, value in as_in_files(case.facts).items():
                yield case.case_id, self._vocabulary.facts[name].label, shown(value), sources.get(name, ""), name

    def __getitem__(self, at: Any) -> Any:
        return list(islice(self, at.start, at.stop)) if isinstance(at, slice) else next(islice(self, at, None))


def asked(intake: Intake, held: HeldUp | None) -> list[Hint]:
    """The suggestions that a person is asked to confirm: those that could change an answer, first what holds up most."""
    if held is None:
        return list(intake.hints)
    hints = [hint for hint in intake.hints if held.matters(hint)]
    return sorted(hints, key=lambda hint: (-held.children.get(hint.fact, 0), hint.fact))


def _waiting(hint: Hint, held: HeldUp | None) -> int | str:
    return "" if held is None else held.children.get(hint.fact, 0)


def _summary(intake: Intake, source: str, held: HeldUp | None) -> Sheet:
    read, used, refused = (sum(getattr(count, name) for count in intake.counts) for name in ("read", "used", "refused"))
    rows: list[tuple[Any, ...]] = [
        ("source", source),
        ("day of the answer", in_words(intake.as_of)),
        ("children", len(intake.cases)),
        ("facts known", sum(len(case.facts) for case in intake.cases)),
        ("rows read", read),
        ("rows used", used),
        ("rows refused", refused),
        ("rows ignored", read - used - refused),
        ("to put right", len(intake.faults)),
        ("files, sheets and tables not read", len(intake.unread)),
        ("of these, may hold a fact that decides", sum(entry.deciding for entry in intake.unread)),
        ("to confirm", len(asked(intake, held))),
        ("suggested besides, where no reply would change an answer", len(intake.hints) - len(asked(intake, held))),
        ("answered before", len(intake.answered)),
        ("team names that nobody has explained", len(intake.unknown_teams)),
        *(("note", note) for note in intake.notes),
    ]
    return Sheet("Summary", ("what was read", "figure"), rows)


def _reasons(ignored: dict[str, int]) -> str:
    return "; ".join(f"{reason}: {count}" for reason, count in ignored.items())


def written(matters: Sequence[Sheet], path: Path) -> bytes:
    """The report as .xlsx or .csv, by the ending of `path`. Errors: `InputError`."""
    if path.suffix.lower() not in FORMS:
        raise InputError([Fault(str(path), "is neither .xlsx nor .csv", "end the report's name in one of them")])
    if path.suffix.lower() == ".csv":
        return _csv(matters)
    with making_workbook():
        return _workbook(matters)


def _workbook(matters: Sequence[Sheet]) -> bytes:
    """The report as a workbook, written row by row."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.properties import PageSetupProperties

    top = Alignment(wrap_text=True, vertical="top", horizontal="left")
    bold, dark = Font(bold=True, color="FFFFFF"), PatternFill("solid", fgColor=_DARK)
    book = Workbook(write_only=True)
    for matter in matters:
        page = book.create_sheet(matter.name)
        page.freeze_panes = "A2"
        page.page_setup.orientation = "landscape"
        page.page_setup.fitToHeight = 0
        page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        page.print_title_rows = "1:1"
        first = matter.rows[:_MEASURED]
        for position, heading in enumerate(matter.headings):
            longest = max((len(str(row[position])) for row in first), default=0)
            width = min(_WIDEST, max(10, longest + 2, len(heading) + 2))
            page.column_dimensions[get_column_letter(position + 1)].width = width
        heads = [_cell(page, heading.capitalize(), top) for heading in matter.headings]
        for head in heads:
            head.font, head.fill = bold, dark
        page.append(heads)
        count = 1
        for row in islice(matter.rows, _MAX_ROWS):
            count += 1
            lines = 1 if matter.is_plain else max((-(-len(str(value)) // (_WIDEST - 8)) for value in row), default=1)
            if lines > 1:
                page.row_dimensions[count].height = _LINE * lines
            page.append([_cell(page, value, None if matter.is_plain else top) for value in row])
        page.auto_filter.ref = f"A1:{get_column_letter(len(matter.headings))}{count}"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _cell(page: Any, value: Any, alignment: Any) -> Any:
    """A cell of text that can't be a formula, or of a number."""
    from openpyxl.cell import WriteOnlyCell

    if isinstance(value, str):
        value = visible(value)[:MAX_CELL]
    if alignment is None and not (isinstance(value, str) and value.startswith("=")):
        return value
    cell = WriteOnlyCell(page, value or None if isinstance(value, str) else value)
    if alignment is not None:
        cell.alignment = alignment
    if isinstance(value, str) and value:
        cell.data_type = "s"
    return cell


def _csv(matters: Sequence[Sheet]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    for matter in matters:
        for row in [matter.headings, *matter.rows]:
            writer.writerow([matter.name, *(cell(str(value)) for value in row)])
    return out.getvalue().encode("utf-8-sig")
