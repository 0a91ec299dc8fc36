"""Finds the child of a row by its id, and recognises rows that are about no child.

Ids are compared without what spreadsheets change: `.0` at the end, leading zeros, case and spaces.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from kb.intake.cells import as_text
from kb.intake.days import is_day
from kb.intake.model import UNUSABLE
from kb.intake.names import spaced, squash
from kb.intake.nulls import is_null
from kb.tables import read_table

_ID = re.compile(r"[A-Za-z0-9._-]{1,100}")
_POWER = re.compile(r"\d(\.\d+)?E\+?\d+", re.IGNORECASE)
_DECIMALS = re.compile(r"(\d+)\.0+")
_TOTAL = re.compile(r"(grand |sub|sub-|sub )?totals?\b.*|(number|count|no\.?) of .*")
_MARKS = (",", ";", "\t", "|")  # between the cells of a text
_MOST_DIGITS = 15  # digits of a number in a spreadsheet; further digits are lost
_WORD = re.compile(r"[A-Za-z]{2,}")
_DAY = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-](\d{4}|\d{2})|\d{4}[/.-]\d{1,2}[/.-]\d{1,2}( .*)?")
_LINE = re.compile(r"[\s_=.*+|-]+")  # drawn under headings by programs that print tables
_FORM = re.compile(r"d{1,2}(.)m{1,3}\1y{2,4}|y{4}(.)m{1,3}\2d{1,2}")  # how a day is to be written, as guides to columns say


@cache
def _words() -> Mapping[str, str]:
    return {spaced(row["word"]): row["what"] for row in read_table(Path(__file__).parent / "no_child.tsv", ("word", "what"))}


def no_row_of_a_child(cells: Sequence[Any], position: int, heading: str) -> str:
    """What a row is if it is about no child: a total, repeated headings, a remark. Empty for rows of children."""
    raw = cells[position] if position < len(cells) else None
    filled = [cell for cell in cells if cell is UNUSABLE or not is_null(cell)]
    first = next((cell for cell in filled), None)
    text = spaced(as_text(raw)) if raw is not None and raw is not UNUSABLE else ""
    if text and squash(text) == squash(heading):
        return "the headings again"
    if not any(map(str.isdigit, text)):
        texts = [as_text(cell).casefold() for cell in filled]
        if texts and all(map(_LINE.fullmatch, texts)):
            return "a drawn line"
        if any(map(_FORM.fullmatch, texts)):
            return "a guide to the columns"
    if _words().get(text) == "a total" or _TOTAL.fullmatch(text):
        return "a total"
    if not text and isinstance(first, str) and _TOTAL.fullmatch(spaced(first)):
        return "a total"
    if len(filled) == 1 and isinstance(first, str):
        name = as_text(first)
        is_remark = first is not raw or not _is_id(name) or " " in name
        return "a remark" if is_remark and not is_row_in_a_cell(first) else ""
    return ""


def is_row_in_a_cell(text: str) -> bool:
    """Whether a cell has a whole row in it, with other marks between its cells than the table: an id and a day."""
    rows = [text.split(mark) for mark in _MARKS if mark in text]
    return any(any(map(is_id, parts)) and any(map(is_day, parts)) for parts in rows)


def id_of(raw: Any, heading: str) -> str:
    """The id of a child in a cell. A day, or noughts only, is none. Errors: `ValueError`."""
    if is_null(raw) or raw is UNUSABLE:
        raise ValueError(f"`{heading}` is empty, so nobody can tell whose row it is; write the id")
    if isinstance(raw, (int, float)) and not isinstance(raw, bool) and abs(raw) >= 10**_MOST_DIGITS:
        told = f"`{as_text(raw)}` has lost digits: a spreadsheet keeps {_MOST_DIGITS} of a number"
        raise ValueError(f"{told}; save the column as text")
    text = as_text(raw)
    if isinstance(raw, str) and "\n" in raw.strip():
        raise ValueError(f"`{text}` stands on several lines, so nobody can tell whose row it is; write one id")
    if isinstance(raw, date) or _DAY.fullmatch(text):
        raise ValueError(f"`{text}` is a day and no id, so nobody can tell whose row it is; write the id")
    if _words().get(spaced(text)) or not text.strip("0."):
        raise ValueError(f"`{text}` stands in the place of an id, so nobody can tell whose row it is; write the id")
    if _POWER.fullmatch(text):
        raise ValueError(f"`{text}` has lost digits: a spreadsheet showed it as a power of ten; format the column as text")
    if not _is_id(text) or sum(bool(_WORD.fullmatch(word)) for word in text.split()) > 1:
        raise ValueError(f"`{text}` is not an id; use letters, digits, `.`, `_` and `-`")
    return safe(text)


def is_id(cell: Any) -> bool:
    """Whether a cell has an id of a child with a digit in it, as nearly all ids have."""
    try:
        return any(map(str.isdigit, id_of(cell, "")))
    except ValueError:
        return False


def _is_id(text: str) -> bool:
    plain = safe(text)
    return bool(_ID.fullmatch(plain)) and any(map(str.isalnum, plain))


def safe(text: str) -> str:
    """An id with `/` and spaces replaced, which case ids can't have."""
    return text.replace("/", "-").replace(" ", "_")


@cache
def alike(child: str) -> str:
    """The normalised form of an id, equal for all its spellings."""
    plain = child.casefold().replace("_", "").replace(" ", "")
    decimal = _DECIMALS.fullmatch(plain)
    plain = decimal[1] if decimal else plain
    return plain.lstrip("0") or "0" if plain.isdigit() else plain


def plainest(spellings: Sequence[str]) -> str:
    """The spelling to use for a child: without `.0`, and with all leading zeros."""
    return min(spellings, key=lambda one: (bool(_DECIMALS.fullmatch(one)), -len(one), one))
