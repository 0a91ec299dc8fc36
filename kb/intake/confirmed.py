"""Reads people's answers from the sheets “To confirm” and “Answered” of an intake's report.

A row counts where its column “your answer” is filled: with `agreed` (or `a`) for what the data suggest, or with the answer
itself. An answer counts until the data themselves state another value; both are then reported. The next report
has every answer again, under “Answered”, so that none is lost.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from kb.case import typed_value
from kb.errors import Fault, InputError, did_you_mean
from kb.intake.cells import as_text
from kb.intake.days import to_day
from kb.intake.derive import Derived
from kb.intake.model import Answered
from kb.intake.sheets import rows_of
from kb.vocabulary.model import Fact, Vocabulary
from kb.vocabulary.naming import alike, code_named
from kb.workbook import Row

SHEET, KEPT = "To confirm", "Answered"
CHILD, FACT, ANSWER, SUGGESTED = "Child", "Fact", "Your answer", "The data suggest"
AGREED = "agreed"
USED, IN_DATA, OTHER, UNUSABLE, NOBODY = (
    "used",
    "the data say it by now",
    "the data say something else",
    "no answer to its question",
    "not in this data",
)
_AGREED = (AGREED, "a", "agree")
_YES_NO = {"yes": True, "y": True, "true": True, "no": False, "n": False, "false": False}


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as written, its place in the file, and the suggestion that it answered."""

    cell: Any
    place: str
    suggested: Any = None
    kept: bool = False  # reported in an earlier report already


@dataclass(frozen=True)
class Confirmed:
    """The answers that people gave, by child and fact."""

    answers: Mapping[str, Mapping[str, Answer]] = field(default_factory=dict)

    def add_to(self, child: str, derived: Derived, vocabulary: Vocabulary) -> list[Answered]:
        """Adds the answers about a child to its facts. Unusable answers and contradictions with the data are reported."""
        return [self._add(child, name, answer, derived, vocabulary) for name, answer in self.answers.get(child, {}).items()]

    def _add(self, child: str, name: str, answer: Answer, derived: Derived, vocabulary: Vocabulary) -> Answered:
        try:
            value = _value(answer, vocabulary.facts[name], derived, vocabulary)
        except ValueError as error:
            told = f"`{answer.cell}` is no answer for `{name}`: {error}"
            derived.faults.append(Fault(answer.place, told, f"or write `{AGREED}`"))
            return Answered(child, name, answer.cell, answer.place, UNUSABLE)
        said = derived.facts.get(name)
        if name not in derived.facts:
            derived.facts[name] = value
            derived.sources[name] = f"confirmed: {answer.place}"
            derived.hints.pop(name, None)
            return Answered(child, name, value, answer.place, USED)
        if said == value:
            return Answered(child, name, value, answer.place, IN_DATA)
        told = f"the answer for `{name}` of child {child} was {shown(value)}; the data say {shown(said)} by now"
        derived.faults.append(Fault(answer.place, told, f"the data count: see {derived.sources[name]}"))
        return Answered(child, name, value, answer.place, OTHER)

    def kept(self, children: Sequence[str]) -> list[Answered]:
        """The answers about children whom the data do not have."""
        known = set(children)
        return [
            Answered(child, name, answer.cell if not _is_agreed(answer.cell) else answer.suggested, answer.place, NOBODY)
            for child, answers in self.answers.items()
            if child not in known
            for name, answer in answers.items()
        ]

    def of_nobody(self, children: Sequence[str]) -> list[Fault]:
        """Answers about children whom the data do not have."""
        known = set(children)
        return [
            Fault(place, f"there is no child `{child}`", did_you_mean(child, children))
            for child, answers in self.answers.items()
            if child not in known
            for place in (answer.place for answer in answers.values() if not answer.kept)
        ]


NOTHING_CONFIRMED = Confirmed()


def shown(value: Any) -> str:
    """A value of a case file as the text or value of a cell."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return ", ".join(value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


def read_confirmed(path: Path, vocabulary: Vocabulary) -> Confirmed:
    """The answers in a report. Errors: `InputError` with all faults: the file is no report, or names unknown facts."""
    sheets = rows_of(path)
    if SHEET not in sheets:
        raise InputError([Fault(path.name, f"has no sheet `{SHEET}`", "fill in the report that whichteam intake wrote")])
    found: dict[str, dict[str, Answer]] = {}
    faults: list[Fault] = []
    for sheet in (KEPT, SHEET):
        if sheet in sheets:
            _read_sheet(path.name, sheet, sheets[sheet], vocabulary, found, faults)
    if faults:
        raise InputError(faults)
    return Confirmed(found)


def _read_sheet(
    file: str, sheet: str, rows: Sequence[Row], vocabulary: Vocabulary, found: dict[str, dict[str, Answer]], faults: list[Fault]
) -> None:
    heads = [str(cell or "").strip() for cell in (rows[0] if rows else ())]
    missing = [name for name in (CHILD, FACT, ANSWER) if name not in heads]
    if missing:
        where = f"{file}, {sheet}"
        raise InputError([Fault(where, f"there is no column `{name}`", did_you_mean(name, heads)) for name in missing])
    child_at, fact_at, answer_at = (heads.index(name) for name in (CHILD, FACT, ANSWER))
    suggested_at = heads.index(SUGGESTED) if SUGGESTED in heads else None
    for number, row in enumerate(rows[1:], 2):
        cells = (*row, *[None] * (len(heads) - len(row)))
        child, name, answer = as_text(cells[child_at] or ""), str(cells[fact_at] or "").strip(), cells[answer_at]
        if answer is None or not str(answer).strip():
            continue
        place = f"{file}, {sheet}, row {number}"
        if name not in vocabulary.facts:
            faults.append(Fault(place, f"there is no fact `{name}`", did_you_mean(name, vocabulary.facts)))
        else:
            suggested = cells[suggested_at] if suggested_at is not None else None
            found.setdefault(child, {})[name] = Answer(answer, place, suggested, sheet == KEPT)


def _is_agreed(cell: Any) -> bool:
    return isinstance(cell, str) and cell.strip().lower() in _AGREED


def _value(answer: Answer, fact: Fact, derived: Derived, vocabulary: Vocabulary) -> Any:
    """An answer as a value of a case file. Errors: `ValueError` with what was expected."""
    cell = answer.cell
    if _is_agreed(cell):
        if answer.suggested is None and fact.name not in derived.hints:
            raise ValueError("the data suggest nothing any more; write the answer itself")
        if answer.suggested is None:
            return derived.hints[fact.name][0]
        cell = answer.suggested  # agreed to the suggestion of that report, not to a newer one
    value = _meant(cell, fact, vocabulary)
    typed_value(fact, value, vocabulary)
    return value


def _meant(cell: Any, fact: Fact, vocabulary: Vocabulary) -> Any:
    """What a cell means for a fact of some type."""
    text = cell.strip() if isinstance(cell, str) else cell
    if fact.type == "list[record]" and isinstance(text, str) and text.startswith("["):
        return json.loads(text)
    said = _YES_NO.get(str(text).lower())
    if fact.type in ("bool", "event") and said is not None:
        return said
    if fact.recurs and isinstance(text, str) and re.search("[;,]", text):
        return [date.fromordinal(day).isoformat() for part in re.split("[;,]", text) if (day := to_day(part.strip())) is not None]
    if fact.type in ("date", "event"):
        day = to_day(text)
        return None if day is None else date.fromordinal(day).isoformat()
    if fact.type == "int" and isinstance(text, str) and re.fullmatch(r"\d{1,6}", text):
        return int(text)
    if fact.type.startswith("list["):
        return [_code(part, fact, vocabulary) for part in re.split(r"\s*[;,]\s*", str(text)) if part]
    return _code(text, fact, vocabulary)


def _code(text: Any, fact: Fact, vocabulary: Vocabulary) -> Any:
    """A team by any of its names, or one of a fact's values, however it is written."""
    if not isinstance(text, str):
        return text
    if fact.type in ("team", "list[team]"):
        return code_named(vocabulary, ("team",), text) or alike(text).replace(" ", "_")
    return next((value for value in fact.values if alike(value) == alike(text)), text)
