"""How facts follow from records: the lines of `rules.tsv`, read once.

A line says: of the records of this kind for which all of `where` holds, `choose` one, and `value` of it is the fact. The
first line of a fact that gives a value counts. The class is READ or CALC for facts, HINT for what a person has to confirm,
MOMENT for days that other lines count from. `kb/intake/choose.py` (`holds`) has the operators of `where`,
`kb/intake/derive.py` (`_answer`, `_chosen`, `_days`) the words of `choose` (`latest FIELD`, `all`, `agree`, ...).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from kb.tables import read_table

CLASSES = ("READ", "CALC", "HINT", "MOMENT")
COLUMNS = ("fact", "class", "record", "where", "choose", "value", "why")
_OPERATORS = re.compile(r"(\w+) (>=|<=|!=|=|>|<|in|has) (.+)")


@dataclass(frozen=True, slots=True)
class Clause:
    """One condition on a record. `right` is a word, a moment with a number of days, or several words."""

    field: str
    operator: str
    right: tuple[str, ...] = ()
    days: int = 0


@dataclass(frozen=True, slots=True)
class Value:
    """The value of the fact: a constant word, or a field of the record, unchanged or translated by `mapping`."""

    form: str
    words: tuple[str, ...]
    mapping: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Derivation:
    """One line of the table."""

    fact: str
    kind: str
    record: str
    where: tuple[Clause, ...]
    choose: tuple[str, ...]
    value: Value
    why: str

    @property
    def fields(self) -> frozenset[str]:
        """The fields of a record that the line uses."""
        return frozenset((*(clause.field for clause in self.where), *(self.value.words if self.value.form != "word" else ())))


@cache
def derivations() -> tuple[Derivation, ...]:
    """Every line, in order."""
    return tuple(
        Derivation(
            row["fact"],
            row["class"],
            row["record"],
            tuple(_clause(part.strip()) for part in row["where"].split(";") if part.strip()),
            tuple(row["choose"].split()),
            _value(row["value"]),
            row["why"],
        )
        for row in read_table(Path(__file__).parent / "rules.tsv", COLUMNS)
    )


def _clause(text: str) -> Clause:
    if text in ("open", "ended"):
        return Clause("end", text)
    match = _OPERATORS.fullmatch(text)
    if not match:
        field, _, operator = text.partition(" ")
        return Clause(field, operator)
    field, operator, right = match[1], match[2], match[3]
    if operator == "in":
        return Clause(field, operator, tuple(part.strip() for part in right.split(",")))
    moment = re.fullmatch(r"(\w+) ([+-]) (\d+)", right)
    if moment:
        return Clause(field, operator, (moment[1],), int(moment[2] + moment[3]))
    return Clause(field, operator, (right,))


def _value(text: str) -> Value:
    if text.startswith("="):
        return Value("word", (text[1:].strip(),), {})
    head, _, table = text.partition(":")
    words = tuple(head.split())
    pairs = (part.strip().partition("=") for part in table.split(",") if part.strip())
    mapping = {key: value for key, _, value in pairs}
    if len(words) > 1:
        return Value(words[0], words[1:], mapping)
    return Value("field", words, mapping)
