"""Reading the tab-separated tables that describe a policy: facts, codes, clauses, readings."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from kb.errors import Fault, InputError, did_you_mean

MAX_TABLE_BYTES = 2_000_000


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its cells by column name, and where it stands."""

    file: str
    line: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    def fault(self, column: str, message: str, hint: str = "") -> Fault:
        """A fault in one cell of this row."""
        return Fault(f"{self.file}:{self.line}, column `{column}`", message, hint)


def read_table(path: Path, columns: tuple[str, ...], name: str | None = None) -> list[Row]:
    """Rows of a UTF-8, tab-separated file with exactly these columns.

    Errors: `InputError` naming the line and what was expected.
    """
    name = name or path.name
    raw = path.read_bytes()
    if len(raw) > MAX_TABLE_BYTES:
        raise InputError([Fault(name, f"is larger than {MAX_TABLE_BYTES:,} bytes")])
    try:
        lines = raw.decode("utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        raise InputError([Fault(name, f"is not text: byte {error.start + 1} is not UTF-8", "save it as UTF-8")]) from None
    header = lines[0].rstrip("\r").split("\t")
    faults = [
        Fault(f"{name}:1", f"unknown column `{column}`", did_you_mean(column, columns))
        for column in header
        if column not in columns
    ]
    faults += [
        Fault(f"{name}:1", f"column `{column}` is missing", "columns: " + ", ".join(columns))
        for column in columns
        if column not in header
    ]
    if faults:
        raise InputError(faults)
    rows: list[Row] = []
    for number, line in enumerate(lines[1:], 2):
        cells = line.rstrip("\r").split("\t")
        if cells == [""]:
            continue
        if len(cells) != len(header):
            message = f"has {len(cells)} cells, expected {len(header)}"
            faults.append(Fault(f"{name}:{number}", message, "cells are parted by one tab"))
            continue
        rows.append(Row(name, number, dict(zip(header, map(str.strip, cells)))))
    if faults:
        raise InputError(faults)
    return rows
