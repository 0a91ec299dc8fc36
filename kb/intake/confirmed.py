"""What a person confirmed: the sheet “To confirm” of an intake's report, filled in and read back.

A row counts where its column “your answer” is filled: with `agreed` for what the data suggest,
or with the answer itself. An answer stands until the data themselves say something.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from kb.case import typed_value
from kb.errors import Fault, InputError, did_you_mean
from kb.intake.days import to_day
from kb.intake.derive import Derived
from kb.intake.sheets import rows_of
from kb.vocabulary.model import Fact, Vocabulary
from kb.vocabulary.naming import alike, code_named

SHEET = "To confirm"
CHILD, FACT, ANSWER = "Child", "Fact", "Your answer"
AGREED = "agreed"
_YES_NO = {"yes": True, "y": True, "true": True, "no": False, "n": False, "false": False}


@dataclass(frozen=True)
class Confirmed:
    """The answers that people gave: for each child and fact the cell and where it stands."""

    answers: Mapping[str, Mapping[str, tuple[Any, str]]] = field(default_factory=dict)

    def add_to(self, child: str, derived: Derived, vocabulary: Vocabulary) -> None:
        """Puts the answers about a child among its facts. What is no answer to its question is told."""
        for name, (cell, place) in self.answers.get(child, {}).items():
            if name in derived.facts:
                told = f"`{name}` is in the data by now"
                derived.faults.append(Fault(place, told, f"the answer was not used: see {derived.sources[name]}"))
                continue
            try:
                derived.facts[name] = _value(cell, vocabulary.facts[name], derived, vocabulary)
            except ValueError as error:
                derived.faults.append(Fault(place, f"`{cell}` is no answer for `{name}`: {error}", f"or write `{AGREED}`"))
                continue
            derived.sources[name] = f"confirmed: {place}"
            derived.hints.pop(name, None)

    def of_nobody(self, children: Sequence[str]) -> list[Fault]:
        """Answers about children whom the data do not have."""
        known = set(children)
        return [
            Fault(place, f"there is no child `{child}`", did_you_mean(child, children))
            for child, answers in self.answers.items()
            if child not in known
            for _, place in answers.values()
        ]


NOTHING_CONFIRMED = Confirmed()


def read_confirmed(path: Path, vocabulary: Vocabulary) -> Confirmed:
    """The answers of a report. Errors: `InputError`, all at once, for a file that is none and facts that are none."""
    rows = rows_of(path).get(SHEET)
    if rows is None:
        raise InputError([Fault(path.name, f"has no sheet `{SHEET}`", "fill in the report that whichteam intake wrote")])
    heads = [str(cell or "").strip() for cell in (rows[0] if rows else ())]
    missing = [name for name in (CHILD, FACT, ANSWER) if name not in heads]
    if missing:
        where = f"{path.name}, {SHEET}"
        raise InputError([Fault(where, f"there is no column `{name}`", did_you_mean(name, heads)) for name in missing])
    child_at, fact_at, answer_at = (heads.index(name) for name in (CHILD, FACT, ANSWER))
    found: dict[str, dict[str, tuple[Any, str]]] = {}
    faults: list[Fault] = []
    for number, row in enumerate(rows[1:], 2):
        cells = (*row, *[None] * (len(heads) - len(row)))
        child, name, answer = str(cells[child_at] or "").strip(), str(cells[fact_at] or "").strip(), cells[answer_at]
        if answer is None or not str(answer).strip():
            continue
        place = f"{path.name}, {SHEET}, row {number}"
        if name not in vocabulary.facts:
            faults.append(Fault(place, f"there is no fact `{name}`", did_you_mean(name, vocabulary.facts)))
        else:
            found.setdefault(child, {})[name] = answer, place
    if faults:
        raise InputError(faults)
    return Confirmed(found)


def _value(cell: Any, fact: Fact, derived: Derived, vocabulary: Vocabulary) -> Any:
    """An answer as a case file has it. Errors: ValueError with what was expected."""
    if isinstance(cell, str) and cell.strip().lower() == AGREED:
        if fact.name not in derived.hints:
            raise ValueError("the data suggest nothing any more; write the answer itself")
        return derived.hints[fact.name][0]
    value = _meant(cell, fact, vocabulary)
    typed_value(fact, value, vocabulary)
    return value


def _meant(cell: Any, fact: Fact, vocabulary: Vocabulary) -> Any:
    """What a cell means for a fact of some type."""
    text = cell.strip() if isinstance(cell, str) else cell
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
