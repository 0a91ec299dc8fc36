"""Reads the tab-separated tables of a policy: facts, codes, clauses, readings."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from kb.characters import unsafe_characters
from kb.errors import MAX_FAULTS, Fault, InputError, did_you_mean, many, nearest, shown
from kb.files import read_bytes, text_of

MAX_TABLE_BYTES = 2_000_000
MAX_ROWS = 10_000
#: What else people put between the cells of a table.
_OTHER_MARKS = {"commas": r'"?,"?', "semicolons": r'"?;"?', "vertical bars": r" *\| *", "spaces": r" +"}


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its cells by column name, and its place in the file."""

    file: str
    line: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    def place(self, column: str) -> str:
        """The place of a cell of this row, as `file:line:column`."""
        return f"{self.file}:{self.line}, column `{column}`"

    def fault(self, column: str, message: str, hint: str = "") -> Fault:
        """A fault at a cell of this row."""
        return Fault(self.place(column), message, hint)


def read_table(path: Path, columns: tuple[str, ...], name: str | None = None, optional: tuple[str, ...] = ()) -> list[Row]:
    """The rows of a UTF-8, tab-separated file with these columns, each once, in any order.

    name      file name used in faults
    optional  columns that may be left out; their cells are then empty

    Errors: `InputError` with the line and what was expected.
    """
    name = name or path.name
    known = (*columns, *optional)
    first, *others = read_cells(path, name)
    header = first.cells
    if fault := _not_parted(header, columns, name):
        raise InputError([fault])
    faults = [
        Fault(f"{name}:1", f"unknown column `{shown(column)}`", did_you_mean(column, known) or f"columns: {', '.join(known)}")
        for column in header[:MAX_FAULTS]
        if column not in known
    ]
    misspelt = {nearest(column, known) for column in header[:MAX_FAULTS] if column not in known}
    missing = [f"`{column}`" for column in columns if column not in header and column not in misspelt]
    if missing:
        told = f"column {missing[0]} is missing" if len(missing) == 1 else f"columns {', '.join(missing)} are missing"
        faults.append(Fault(f"{name}:1", told, "the first line names the columns, parted by tabs: " + ", ".join(columns)))
    faults += [
        Fault(f"{name}:1", f"column `{shown(column)}` is there twice", "keep one of them")
        for column in dict.fromkeys(header[:MAX_FAULTS])
        if header.count(column) > 1 and column in known
    ]
    if faults:
        raise InputError(faults)
    rows: list[Row] = []
    for cells in others:
        if len(cells.cells) != len(header):
            message = f"has {many(len(cells.cells), 'cell')}, expected {len(header)}"
            faults.append(Fault(f"{name}:{cells.line}", message, "cells are parted by one tab"))
            continue
        if fault := _quoted(cells, header, name):
            faults.append(fault)
            continue
        rows.append(Row(name, cells.line, {**dict.fromkeys(optional, ""), **dict(zip(header, cells.cells))}))
    if faults:
        raise InputError(faults)
    return rows


def _not_parted(header: tuple[str, ...], columns: tuple[str, ...], name: str) -> Fault | None:
    """The fault of a table that is empty, or whose cells are parted by something else than tabs."""
    wanted = f"the first line names the columns, parted by tabs: {', '.join(columns)}"
    if header == ("",):
        return Fault(f"{name}:1", "the first line is empty", wanted)
    if len(header) > 1 and not any(nearest(column, columns) for column in header[:MAX_FAULTS]):
        return Fault(f"{name}:1", "the first line does not name the columns", wanted)
    if len(header) > 1 or len(columns) == 1:
        return None
    for mark, parts in _OTHER_MARKS.items():
        cells = re.split(parts, header[0])
        if len(cells) > 1 and set(cells) & set(columns):
            return Fault(
                f"{name}:1", f"the cells are parted by {mark}, expected tabs", "save it as text with tabs between the cells"
            )
    return None


def _quoted(cells: Cells, header: tuple[str, ...], name: str) -> Fault | None:
    """The fault of a row with a cell in quotation marks, as spreadsheets save some."""
    for column, cell in zip(header, cells.cells):
        if len(cell) > 1 and cell[0] == cell[-1] == '"':
            hint = "write it without: nothing stands around the cells of a table"
            return Fault(f"{name}:{cells.line}, column `{column}`", f"`{shown(cell)}` is in quotation marks", hint)
    return None


@dataclass(frozen=True, slots=True)
class Cells:
    """The cells of one line of a table, without the space around them."""

    line: int
    cells: tuple[str, ...]


def read_cells(path: Path, name: str) -> list[Cells]:
    """The heading and the rows of a UTF-8, tab-separated file, without empty lines. Errors: `InputError`."""
    text = text_of(read_bytes(path, MAX_TABLE_BYTES, name), name)
    if unsafe := unsafe_characters(text, name):
        raise InputError(unsafe)
    lines = text.split("\n")
    if len(lines) > MAX_ROWS:
        raise InputError([Fault(name, f"has {len(lines):,} lines, expected at most {MAX_ROWS:,}", "is it the right file?")])
    found = [(number, line.rstrip("\r").split("\t")) for number, line in enumerate(lines, 1)]
    return [
        Cells(number, tuple(map(str.strip, cells)) if number > 1 else tuple(cells))
        for number, cells in found
        if cells != [""] or number == 1
    ]
