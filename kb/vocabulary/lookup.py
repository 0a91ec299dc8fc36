"""Lookup tables of a policy, such as `area.tsv`: which team serves which district.

A further table in a policy's folder, `NAME.tsv`, is a condition `NAME(...)` of its rules with one argument a column. The
last word of a column's heading says what the column holds: codes of a kind (`team`), values of a fact (`district`), or
`number`. A combination that no row has does not hold.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from kb.errors import Fault, InputError, did_you_mean, many, shown
from kb.nesting import MAX_DIGITS
from kb.tables import read_cells
from kb.vocabulary.model import KINDS, NUMBER, WITH_VALUES, Cell, LookupTable, Vocabulary

#: The tables of a policy's folder that are no lookup tables.
OTHER_TABLES = (*("clauses", "codes", "facts", "readings", "settings", "calculated", "groups", "shown_by", "fingerprints"),)
MAX_NUMBER = 1_000_000  # as in the rules
_NAME = re.compile(r"[a-z][a-z0-9_]*$")


def lookup_tables(folder: Path, vocabulary: Vocabulary) -> tuple[LookupTable, ...]:
    """The lookup tables of a policy. Errors: `InputError`, all faults of all tables."""
    found: list[LookupTable] = []
    faults: list[Fault] = []
    for path in sorted(folder.glob("*.tsv")):
        if path.stem not in OTHER_TABLES and not path.name.startswith("."):
            try:
                found.append(_table(path, f"{folder.name}/{path.name}", vocabulary))
            except InputError as error:
                faults += error.faults
    if faults:
        raise InputError(faults)
    return tuple(found)


def _table(path: Path, where: str, vocabulary: Vocabulary) -> LookupTable:
    """One lookup table. Errors: `InputError`, all its faults."""
    taken = {*vocabulary.facts, *vocabulary.calculated, *KINDS}
    if not _NAME.match(path.stem):
        hint = "use lower-case letters, digits and _; rules ask it by this name"
        raise InputError([Fault(where, f"`{shown(path.stem)}` can't be the name of a table", hint)])
    if path.stem in taken:
        message = f"a table can't be called `{path.stem}`: rules have a condition of that name already"
        raise InputError([Fault(where, message, "give the file another name")])
    heading, *rows = read_cells(path, where)
    sorts = [_sort(cell, vocabulary) for cell in heading.cells]
    faults = [*_heading_faults(where, heading.cells, sorts, vocabulary)]
    if faults:
        raise InputError(faults)
    allowed = [_allowed(str(sort), vocabulary) for sort in sorts]
    seen: dict[tuple[Cell, ...], int] = {}
    for row in rows:
        if len(row.cells) != len(sorts):
            message = f"has {many(len(row.cells), 'cell')}, expected {len(sorts)}"
            faults.append(Fault(f"{where}:{row.line}", message, "cells are parted by one tab"))
            continue
        cells: list[Cell] = []
        for name, sort, cell, codes in zip(heading.cells, sorts, row.cells, allowed):
            value = _value(cell, str(sort))
            if value is None or (codes is not None and value not in codes):
                faults.append(_wrong(f"{where}:{row.line}, column `{shown(name)}`", cell, str(sort), codes))
            cells.append(cell if value is None else value)
        if tuple(cells) in seen:
            message = f"says the same as line {seen[tuple(cells)]}"
            faults.append(Fault(f"{where}:{row.line}", message, "remove one of them"))
        seen.setdefault(tuple(cells), row.line)
    if faults:
        raise InputError(faults)
    return LookupTable(path.stem, tuple(heading.cells), tuple(map(str, sorts)), tuple(seen))


def _sort(heading: str, vocabulary: Vocabulary) -> str | None:
    """The sort that a heading ends with; None where it names none."""
    word = heading.split()[-1] if heading.split() else ""
    if word == NUMBER or word in KINDS:
        return word
    fact = vocabulary.facts.get(word)
    return f"value of {word}" if fact is not None and fact.type in WITH_VALUES else None


def _heading_faults(where: str, heading: Iterable[str], sorts: Iterable[str | None], vocabulary: Vocabulary) -> Iterator[Fault]:
    known = [*KINDS, NUMBER, *(name for name, fact in vocabulary.facts.items() if fact.type in WITH_VALUES)]
    seen: set[str] = set()
    for cell, sort in zip(heading, sorts):
        if sort is None:
            word = cell.split()[-1] if cell.split() else ""
            hint = did_you_mean(word, known) or (
                "end the heading with a kind of code such as `team`, the name of a fact with values, or `number`; "
                "remove the file if it is no table of the policy"
            )
            yield Fault(f"{where}:1", f"the column `{shown(cell)}` does not say what it holds", hint)
        elif cell in seen:
            yield Fault(f"{where}:1", f"two columns are called `{shown(cell)}`", f"write for example `first {cell}`")
        seen.add(cell)


def _allowed(sort: str, vocabulary: Vocabulary) -> tuple[str, ...] | None:
    """The codes that a column may hold; None for numbers."""
    if sort == NUMBER:
        return None
    if sort.startswith("value of "):
        return vocabulary.facts[sort.removeprefix("value of ")].values
    kinds = (sort, "outcome") if sort == "team" else (sort,)
    return tuple(code.code for kind in kinds for code in vocabulary.codes.get(kind, ()))


def _value(cell: str, sort: str) -> Cell | None:
    """A cell as rules have it; None where it is no number and should be."""
    if sort != NUMBER:
        return cell
    whole = cell.isascii() and cell.isdecimal() and len(cell) <= MAX_DIGITS and int(cell) <= MAX_NUMBER
    return int(cell) if whole else None


def _wrong(where: str, cell: str, sort: str, codes: tuple[str, ...] | None) -> Fault:
    if not cell:
        return Fault(where, "the cell is empty", "write what it holds, or remove the row: every cell of a lookup table is filled")
    if codes is None:
        return Fault(where, f"`{shown(cell)}` is not a whole number up to {MAX_NUMBER:,}", "write digits only")
    if sort.startswith("value of "):
        fact = sort.removeprefix("value of ")
        return Fault(where, f"`{shown(cell)}` is not a value of `{fact}`", did_you_mean(cell, codes) or "add it in facts.tsv")
    named = sort.replace("_", " ")
    hint = did_you_mean(cell, codes) or f"declare it in codes.tsv as a {named}"
    return Fault(where, f"unknown {named} `{shown(cell)}`", hint)
