"""Small workbooks and folders of tables for tests, and what is read from them."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from kb.case import Case, Day
from kb.dates import iso
from kb.intake.confirmed import NOTHING_CONFIRMED, read_confirmed
from kb.intake.model import Intake
from kb.intake.read import open_source, read_source
from kb.intake.teams import Settings
from kb.vocabulary.load import load_vocabulary
from kb.vocabulary.model import Code, Vocabulary

AS_OF = date(2024, 9, 3)
_SHARED = load_vocabulary()
TEAMS = (
    Code("team", "alpha", "Alpha Team", ("Team A",)),
    Code("team", "beta", "Beta Team"),
    Code("team", "gamma", "Gamma Team"),
)
VOCABULARY = Vocabulary(_SHARED.facts, _SHARED.calculated, {**_SHARED.codes, "team": TEAMS})
Rows = Sequence[Sequence[Any]]


def workbook(path: Path, sheets: Mapping[str, Any]) -> Path:
    """A workbook with these sheets."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    book.save(path)
    return path


def folder(path: Path, tables: Mapping[str, Rows], encoding: str = "utf-8") -> Path:
    """A folder with one CSV file a table."""
    path.mkdir(exist_ok=True)
    for name, rows in tables.items():
        with (path / name).open("w", encoding=encoding, newline="") as file:
            csv.writer(file).writerows(rows)
    return path


def read(
    source: Path | str, settings: Settings | None = None, as_of: date | None = AS_OF, confirmed: Path | None = None
) -> Intake:
    """What is read of a source, with what a person confirmed."""
    day = as_of.toordinal() if as_of else None
    answers = read_confirmed(confirmed, VOCABULARY) if confirmed else NOTHING_CONFIRMED
    return read_source(open_source(str(source)), "tiny", VOCABULARY, day, settings, answers)


def facts(case: Case) -> dict[str, Any]:
    """The facts of a case with days as text."""
    return {name: plain(value) for name, value in case.facts.items()}


def plain(value: Any) -> Any:
    if isinstance(value, Day):
        return iso(value.number)
    if isinstance(value, tuple):
        return [plain(part) for part in value]
    return {key: plain(part) for key, part in value.items()} if isinstance(value, dict) else value


def all_facts(intake: Intake) -> dict[str, dict[str, Any]]:
    return {case.case_id: facts(case) for case in intake.cases}


def told(intake: Intake) -> list[str]:
    return [str(fault) for fault in intake.faults]


def counted(intake: Intake) -> dict[str, tuple[int, int, int, dict[str, int]]]:
    return {count.table: (count.read, count.used, count.refused, count.ignored) for count in intake.counts}
