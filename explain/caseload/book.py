"""The contents of a caseload's workbook."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from explain.caseload.as_xlsx import Sheet, write_xlsx
from explain.words import ADVICE
from kb.bulk.reader import CasesRead
from kb.dates import in_words
from queries.bulk.caseload import Caseload
from queries.bulk.teams import Summary

WIDTHS = {
    "Child": 18,
    "As of": 12,
    "On": 12,
    "Since": 12,
    "Record wrong since": 12,
    "Next deadline on": 12,
    "Deadlines": 60,
    "Missing facts": 60,
    "Possible teams": 40,
    "Possible teams are": 18,
}
WIDE = 26


def write_book(path: Path, loaded: CasesRead, caseload: Caseload, summary: Summary, rows: Any, changed: Any | None) -> None:
    """Writes summary, children, missing facts, changes and refused rows. Errors: `InputError`."""
    policy = caseload.program.policy
    vocabulary = policy.vocabulary
    days = sorted({int(day) for day in caseload.table.as_of})
    about = [
        ("Policy", f"{policy.name}, {policy.document} ({policy.version})"),
        ("As of", in_words(days[0]) if len(days) == 1 else f"{in_words(days[0])} to {in_words(days[-1])}, by child"),
        ("Children decided", f"{len(caseload):,} of {loaded.total:,} read; {loaded.refused:,} refused"),
        ("Answers", ", ".join(f"{count:,} {vocabulary.label('status', name)}" for name, count in summary.statuses.items())),
        ("Record and policy differ", f"{summary.differ:,} children; for {summary.not_known:,} it is not known"),
        ("Transfers", f"{summary.due:,} due, {summary.overdue:,} overdue, {summary.to_record:,} made and not yet on the record"),
        ("Use", ADVICE),
    ]
    sheets = [_of_table("Children", rows)]
    missing = [(vocabulary.facts[name].label, vocabulary.facts[name].question, count) for name, count in summary.missing.items()]
    sheets.append(Sheet("Missing facts", ("Fact", "Question", "Children whose answer waits for it"), missing, (50, 80, 18)))
    if changed is not None:
        sheets.append(_of_table("Changes", changed))
    not_read = [(fault.where, fault.message, fault.hint) for fault in loaded.faults] + [("", note, "") for note in loaded.notes]
    sheets.append(Sheet("Not read", ("Where", "What is wrong", "What to do"), not_read, (46, 70, 60)))
    write_xlsx(path, summary, vocabulary, about, sheets)


def _of_table(title: str, table: Any) -> Sheet:
    columns = [column.to_pylist() for column in table.columns]
    return Sheet(title, table.column_names, zip(*columns), [WIDTHS.get(name, WIDE) for name in table.column_names])
