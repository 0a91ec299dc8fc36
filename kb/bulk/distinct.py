"""A column of a file as its distinct values, so that each value is checked once.

A million cells hold a few thousand different values, so the check for a single case (`kb.case.typed_value`) is quick
enough for all of them and gives the same messages.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kb.bulk.table import UNKNOWN, WHOLE, ListColumn, Numbers, dtype_of, encode, later_days, parts_of
from kb.case import hint_for, typed_value
from kb.errors import plain
from kb.json_yaml import Repeated, no_repeats
from kb.nesting import MAX_DIGITS
from kb.vocabulary.model import Fact, Vocabulary

EMPTY = ("", "null", "NULL", "None", "NaN", "#N/A")  # cells that mean "not recorded"


@dataclass(frozen=True)
class Distinct:
    """A column: row i has value `values[codes[i]]`; code -1 is an empty cell."""

    values: list[Any]
    codes: NDArray[np.int64]


@dataclass(frozen=True)
class Wrong:
    """The rows whose cell holds one value that can't be used, with the message."""

    rows: NDArray[np.int64]
    message: str
    hint: str


def distinct(cells: Iterable[Any]) -> Distinct:
    """The distinct values of some cells. Values of different type are distinct, as `True == 1`."""
    seen: dict[tuple[type, Any], int] = {}  # keyed by type too, as True == 1
    codes = [UNKNOWN if cell is None else seen.setdefault((type(cell), cell), len(seen)) for cell in cells]
    return Distinct([value for _, value in seen], np.array(codes, np.int64))


def read_column(fact: Fact, column: Distinct, vocabulary: Vocabulary) -> tuple[Numbers, list[Wrong]]:
    """A column as an array (UNKNOWN in rows with faults), and the faults."""
    typed, wrong = _typed(fact, column, vocabulary)
    return _numbers(fact, typed, column, vocabulary), wrong


def read_days(fact: Fact, column: Distinct, vocabulary: Vocabulary) -> tuple[Numbers, ListColumn | None, list[Wrong]]:
    """A column of a recurring fact: the first day of each row, the later days (None if there are none), and the faults."""
    typed, wrong = _typed(fact, column, vocabulary)
    later = None
    if any(isinstance(value, tuple) for value in typed):
        later = _taken(later_days([*typed, None]), column.codes)
    return _numbers(fact, typed, column, vocabulary), later, wrong


def _numbers(fact: Fact, typed: list[Any], column: Distinct, vocabulary: Vocabulary) -> Numbers:
    numbers = np.append(encode(fact, typed, vocabulary), np.array([UNKNOWN], dtype_of(fact, vocabulary)))
    return np.asarray(numbers[column.codes])


def read_list(fact: Fact, column: Distinct, vocabulary: Vocabulary) -> tuple[ListColumn, list[Wrong]]:
    """A column with a list in each cell, and the faults."""
    typed, wrong = _typed(fact, column, vocabulary)
    lists = [*(entries if entries is not None else () for entries in typed), ()]
    known = np.array([*(entries is not None for entries in typed), False])
    flat = [entry for entries in lists for entry in entries]
    parts = {
        name: encode(part, flat if name == WHOLE else [entry.get(name) for entry in flat], vocabulary)
        for name, part in parts_of(fact).items()
    }
    offsets = np.concatenate([[0], np.cumsum([len(entries) for entries in lists])]).astype(np.int64)
    return _taken(ListColumn(known, offsets, parts), column.codes), wrong


def _taken(lists: ListColumn, codes: NDArray[np.int64]) -> ListColumn:
    """The list of each row, from the lists of the distinct values; the last of these stands for an empty cell."""
    firsts = lists.offsets[:-1]
    counts = np.diff(lists.offsets)[codes]
    offsets = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    within = np.arange(offsets[-1]) - np.repeat(offsets[:-1], counts)
    taken = np.repeat(firsts[codes], counts) + within
    return ListColumn(lists.known[codes], offsets, {name: part[taken] for name, part in lists.parts.items()})


def _typed(fact: Fact, column: Distinct, vocabulary: Vocabulary) -> tuple[list[Any], list[Wrong]]:
    typed: list[Any] = []
    wrong: list[Wrong] = []
    for code, raw in enumerate(column.values):
        try:
            value = as_written(fact, raw)
            typed.append(None if value is None else typed_value(fact, value, vocabulary))
        except ValueError as error:
            typed.append(None)
            wrong.append(Wrong(np.flatnonzero(column.codes == code), str(error), hint_for(fact, raw, vocabulary)))
    return typed, wrong


def as_written(fact: Fact, raw: Any) -> Any:
    """A cell's value as a case file would have it, from text or a spreadsheet's types."""
    if isinstance(raw, float) and raw != raw:
        return None
    if isinstance(raw, datetime):
        midnight = (raw.hour, raw.minute, raw.second) == (0, 0, 0)
        return raw.date().isoformat() if fact.type != "datetime" and midnight else raw.strftime("%Y-%m-%dT%H:%M")
    if isinstance(raw, date):
        return raw.isoformat()
    if isinstance(raw, float) and raw.is_integer() and fact.type == "int":
        return int(raw)
    if not isinstance(raw, str):
        return raw
    text = raw.strip()
    if text in EMPTY:
        return None
    if fact.type in ("bool", "event") and text.lower() in ("true", "false"):
        return text.lower() == "true"
    if fact.type == "int" and text.isascii() and text.isdigit() and len(text) <= MAX_DIGITS:
        return int(text)
    if fact.type.startswith("list") or (fact.recurs and (";" in text or text.startswith("["))):
        return _list(fact, text)
    return text


def _list(fact: Fact, text: str) -> Any:
    """A list written in one cell: JSON, or codes or days separated by semicolons."""
    if text.startswith("["):
        try:
            return json.loads(text, object_pairs_hook=no_repeats)
        except Repeated as error:
            raise ValueError(f"`{plain(str(error))}` is given twice") from None
        except (ValueError, RecursionError):
            raise ValueError(f"`{plain(text[:60])}` is not JSON") from None
    return text if fact.type == "list[record]" else [part.strip() for part in text.split(";") if part.strip()]
