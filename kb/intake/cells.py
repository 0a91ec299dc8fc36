"""One cell to one part of a record: the forms that `columns.tsv` names (column `as`), all of them in `reader_of`.

The messages for cells that can't be used stand where the form is read: `days.py`, `values.py` (codes, yes and no), `flags.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from kb.intake.days import Habit, to_day
from kb.intake.flags import to_codes
from kb.intake.layout import Column
from kb.intake.model import UNUSABLE
from kb.intake.names import spaced
from kb.intake.nulls import is_null, is_said_unknown
from kb.intake.values import CodeList

Reader = Callable[[Any], Any]
_OPPOSITE = {"yes": "no", "no": "yes"}


def as_text(raw: Any) -> str:
    """A cell as text; a whole number without its `.0`."""
    if isinstance(raw, tuple):
        return " and ".join(str(part) for part in raw)
    if isinstance(raw, float) and raw.is_integer():
        return str(int(raw))
    return " ".join(str(raw).split())


def reader_of(column: Column, lists: Mapping[str, CodeList], habit: Habit, names: Mapping[str, str]) -> Reader:
    """Reads the cells of one column: a value, or None for nothing. Errors (of the reader): ValueError.

    `names` are the names of teams by key, where the column has the key of another table.
    """
    form, _, detail = column.form.partition(" ")
    if form == "day":
        return lambda raw: to_day(raw, habit)
    if form == "not":
        flags = lists["yes_or_no"]
        return lambda raw: _OPPOSITE[flags.code(as_text(raw))]
    if form in ("flag", "code"):
        codes = lists[detail or "yes_or_no"]
        return lambda raw: codes.code("yes" if raw is True else "no" if raw is False else as_text(raw))
    if form == "json":
        listed = lists[detail]
        return lambda raw: to_codes(as_text(raw), listed)
    if form == "codes":
        several = lists[detail]
        return lambda raw: _several(raw, several)
    if form == "known":
        wanted = lists[detail].spellings
        return lambda raw: tuple(dict.fromkeys(wanted[code] for part in _parts(raw) if (code := spaced(as_text(part))) in wanted))
    if form == "filled":
        return lambda raw: "yes"
    if form == "team":
        return lambda raw: names.get(spaced(as_text(raw)), as_text(raw))
    return as_text


def _parts(raw: Any) -> tuple[Any, ...]:
    return raw if isinstance(raw, tuple) else (raw,)


def _several(raw: Any, codes: CodeList) -> tuple[str, ...]:
    """Each of several values of a cell as a code. Errors: ValueError."""
    return tuple(dict.fromkeys(codes.code(as_text(part)) for part in _parts(raw) if not is_null(part)))


def read_cell(reader: Reader, raw: Any) -> Any:
    """The value of a cell, None where it says nothing. Errors: ValueError."""
    if raw is UNUSABLE:
        raise ValueError("the formula was never worked out; open the file in Excel, and save it")
    return None if is_null(raw) else reader(raw)


def read_day(reader: Reader, raw: Any) -> Any:
    """The day of a cell, None where it says nothing. Errors: ValueError, also where it says that the day is not known."""
    if is_said_unknown(raw):
        raise ValueError(f"`{as_text(raw)}` says that the day is not known; write the day, or leave the cell empty")
    return read_cell(reader, raw)
