"""Many cases as a table: one row a case, for the app and for spreadsheets."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import Any

from explain.answer import parts
from explain.answer_parts import team
from explain.escape import cell
from explain.standing import on_record, record_lags
from explain.words import Words
from kb.dates import iso
from kb.workbook_writing import making_workbook
from queries.decide import Decision

COLUMNS = (
    "Case", "Answer", "Team", "Team on record", "Record differs", "Next due", "What holds it up", "Missing", "The move",
    "Council", "Day of the answer",
)  # fmt: skip
DIFFERS = "yes"
STATES = {"decided": "Decided", "unknown": "Not known", "silent": "No team named", "conflict": "Clauses clash"}
FAULTY = "Not usable"
NO_TEAM = "none named by the policy"


@dataclass(frozen=True)
class Row:
    """Cells in the order of `COLUMNS`. `usable` is False if the file has no valid case."""

    cells: tuple[str, ...]
    usable: bool = True

    def as_dict(self) -> dict[str, str]:
        return dict(zip(COLUMNS, self.cells))


def row_of(decision: Decision) -> Row:
    """The row of a decision, in the words of its answer."""
    words = Words.of(decision.model)
    lines = {part.title: " ".join(part.lines) for part in parts(decision)}
    names = " or ".join(team(words, code) for code in decision.possible_teams)
    due = [str(row["due"]) for row in decision.deadlines if row["met"] is None and str(row["due"]) >= iso(decision.case.as_of)]
    return Row(
        (
            decision.case.case_id,
            STATES[decision.status],
            names or NO_TEAM,
            on_record(decision),
            DIFFERS if record_lags(decision) else "",
            min(due, default=""),
            lines.get("What holds it up", ""),
            lines.get("To be asked", ""),
            lines.get("The move", ""),
            words.program.policy.name,
            iso(decision.case.as_of),
        )
    )


def faulty_row(name: str, faults: str) -> Row:
    """The row of a file that is not a valid case: its name and its faults."""
    return Row((name, FAULTY, faults, *[""] * (len(COLUMNS) - 3)), usable=False)


def as_csv(rows: list[Row]) -> bytes:
    """CSV with a byte-order mark, so that spreadsheets read it as UTF-8. Formulas are escaped."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    writer.writerows([[cell(text) for text in row.cells] for row in rows])
    return out.getvalue().encode("utf-8-sig")


def as_xlsx(rows: list[Row]) -> bytes:
    """An Excel file, all cells as text, with a frozen and filterable header."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font

    book = Workbook()
    sheet: Any = book.active
    sheet.title = "Cases"
    sheet.append(COLUMNS)
    for row in rows:
        sheet.append([cell(text) for text in row.cells])
    for head in sheet[1]:
        head.font = Font(bold=True)
    for number, width in enumerate((20, 16, 34, 34, 14, 14, 44, 44, 50, 18, 16)):
        sheet.column_dimensions[chr(ord("A") + number)].width = width
    for line in sheet.iter_rows(min_row=2):
        for place in line:
            place.alignment = Alignment(wrap_text=True, vertical="top")
            place.data_type = "s"
    sheet.freeze_panes, sheet.auto_filter.ref = "B2", sheet.dimensions
    out = io.BytesIO()
    with making_workbook():
        book.save(out)
    return out.getvalue()
