"""The report of an intake: a workbook with one sheet a topic, or one CSV file with all topics."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from explain.escape import MAX_CELL, cell, visible
from explain.workbooks import making_workbook
from kb.case import written as as_in_files
from kb.dates import in_words
from kb.errors import Fault, InputError
from kb.intake.model import Intake
from kb.vocabulary.model import Vocabulary

FORMS = (".xlsx", ".csv")
_WIDEST = 60
_LINE = 14  # height of a line in points
_DARK = "1F3A5F"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One topic of the report."""

    name: str
    headings: tuple[str, ...]
    rows: Sequence[tuple[Any, ...]]


def sheets(intake: Intake, vocabulary: Vocabulary, source: str) -> list[Sheet]:
    """The topics in the order in which a person would work through them. `source` is the name of the data."""
    return [
        _summary(intake, source),
        Sheet("To put right", ("where", "what is wrong", "what to do"), [(f.where, f.message, f.hint) for f in intake.faults]),
        Sheet(
            "To confirm",
            ("child", "question", "the data suggest", "your answer", "from", "why it is not certain", "fact"),
            [(h.case_id, vocabulary.facts[h.fact].question, _shown(h.value), "", h.source, h.why, h.fact) for h in intake.hints],
        ),
        Sheet(
            "Teams to name",
            ("team in the data", "children", "which team of the policy is it?"),
            [(name, count, "write it in the teams file") for name, count in sorted(intake.unknown_teams.items())],
        ),
        Sheet(
            "Facts",
            ("child", "fact", "value", "from", "name"),
            [
                (case.case_id, vocabulary.facts[name].label, _shown(value), intake.sources[case.case_id].get(name, ""), name)
                for case in intake.cases
                for name, value in as_in_files(case.facts).items()
            ],
        ),
        Sheet(
            "Rows",
            ("table", "read", "used", "refused", "ignored", "why ignored"),
            [(c.table, c.read, c.used, c.refused, sum(c.ignored.values()), _reasons(c.ignored)) for c in intake.counts],
        ),
        Sheet(
            "Columns", ("table", "heading", "read as"), [(h.table, h.heading, h.read_as or "not read") for h in intake.headings]
        ),
    ]


def _summary(intake: Intake, source: str) -> Sheet:
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
        ("to confirm", len(intake.hints)),
        ("team names that nobody has explained", len(intake.unknown_teams)),
        *(("note", note) for note in intake.notes),
    ]
    return Sheet("Summary", ("what was read", "figure"), rows)


def _reasons(ignored: dict[str, int]) -> str:
    return "; ".join(f"{reason}: {count}" for reason, count in ignored.items())


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return ", ".join(value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def written(matters: Sequence[Sheet], path: Path) -> bytes:
    """The report as .xlsx or .csv, by the ending of `path`. Errors: `InputError`."""
    if path.suffix.lower() not in FORMS:
        raise InputError([Fault(str(path), "is neither .xlsx nor .csv", "end the report's name in one of them")])
    if path.suffix.lower() == ".csv":
        return _csv(matters)
    with making_workbook():
        return _workbook(matters)


def _workbook(matters: Sequence[Sheet]) -> bytes:
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.properties import PageSetupProperties

    book = Workbook()
    book.remove(book.worksheets[0])
    for matter in matters:
        sheet = book.create_sheet(matter.name)
        for number, row in enumerate([matter.headings, *matter.rows], 1):
            for position, value in enumerate(row, 1):
                place = sheet.cell(number, position, visible(value)[:MAX_CELL] if isinstance(value, str) else value)
                place.alignment = Alignment(wrap_text=True, vertical="top", horizontal="left")
                if isinstance(value, str):
                    place.data_type = "s"  # keeps text that starts with = from becoming a formula
        sheet.freeze_panes = "A2"
        sheet.auto_filter.ref = sheet.dimensions
        for head in sheet[1]:
            head.value = str(head.value).capitalize()
            head.font = Font(bold=True, color="FFFFFF")
            head.fill = PatternFill("solid", fgColor=_DARK)
        sheet.page_setup.orientation = "landscape"
        sheet.page_setup.fitToHeight = 0
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        sheet.print_title_rows = "1:1"
        for position in range(1, len(matter.headings) + 1):
            longest = max((len(str(row[position - 1])) for row in [matter.headings, *matter.rows]), default=0)
            sheet.column_dimensions[get_column_letter(position)].width = min(_WIDEST, max(10, longest + 2))
        for number, row in enumerate(matter.rows, 2):
            lines = max((-(-len(str(value)) // (_WIDEST - 8)) for value in row), default=1)
            if lines > 1:
                sheet.row_dimensions[number].height = _LINE * lines
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _csv(matters: Sequence[Sheet]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    for matter in matters:
        for row in [matter.headings, *matter.rows]:
            writer.writerow([matter.name, *(cell(str(value)) for value in row)])
    return out.getvalue().encode("utf-8-sig")
