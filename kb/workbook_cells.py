"""Finds cells of a worksheet that have no value of their own: formulas without a result, and merged cells.

openpyxl reads both as empty cells.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from xml.parsers import expat

_CHUNK = 1 << 20
_OVERLAP = 400  # bytes that a tag may have on both sides of the border of two chunks
_FORMULA = re.compile(rb"<(?:\w+:)?f[ />]")
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\b[^>]*?\bref=[\"']([A-Z]+)(\d+):([A-Z]+)(\d+)[\"']")
_PLACE = re.compile(r"([A-Z]+)(\d+)")
_TEXT = "str"  # the type of a cell with a text as the result of its formula, which may be empty

Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Range:
    """A rectangle of cells by its first and last row and column, counted from 0."""

    top: int
    left: int
    bottom: int
    right: int


def not_worked_out(packed: zipfile.ZipFile, part: str) -> frozenset[Place]:
    """The row and column, counted from 0, of each formula of a worksheet that has no stored result."""
    if not any(_FORMULA.search(chunk) for chunk in _chunks(packed, part)):
        return frozenset()
    reading = _Reading()
    parser = expat.ParserCreate()
    parser.StartElementHandler = reading.start
    parser.EndElementHandler = reading.end
    parser.CharacterDataHandler = reading.text
    with packed.open(part) as file:
        while chunk := file.read(_CHUNK):
            parser.Parse(chunk, False)
    return frozenset(reading.found)


def merged_ranges(packed: zipfile.ZipFile, part: str) -> tuple[Range, ...]:
    """The merged cells of a worksheet."""
    found: dict[Range, None] = {}
    for chunk in _chunks(packed, part):
        for left, top, right, bottom in _MERGED.findall(chunk):
            found[Range(int(top) - 1, _column(left.decode()), int(bottom) - 1, _column(right.decode()))] = None
    return tuple(found)


def _chunks(packed: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """A part in pieces, each with the end of the one before it."""
    before = b""
    with packed.open(part) as file:
        while chunk := file.read(_CHUNK):
            yield before + chunk
            before = chunk[-_OVERLAP:]


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def column_name(column: int) -> str:
    """The letters over a column that is counted from 0: A, B, ... AA."""
    letters = ""
    number = column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def cell_name(row: int, column: int) -> str:
    """The name of a cell by its row and column, counted from 0: A1 is the first."""
    return f"{column_name(column)}{row + 1}"


@dataclass
class _Reading:
    """The state while the XML of a worksheet is read."""

    found: list[Place] = field(default_factory=list)
    row: int = -1
    column: int = -1
    type_: str = ""
    is_formula: bool = False
    in_value: bool = False
    has_value: bool = False

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        name = name.rpartition(":")[2]
        if name == "row":
            self.row = int(attributes["r"]) - 1 if "r" in attributes else self.row + 1
            self.column = -1
        elif name == "c":
            place = _PLACE.fullmatch(attributes.get("r", ""))
            self.column = _column(place[1]) if place else self.column + 1
            self.type_, self.is_formula, self.has_value = attributes.get("t", ""), False, False
        elif name == "f":
            self.is_formula = True
        self.in_value = name == "v"

    def text(self, text: str) -> None:
        self.has_value |= self.in_value and bool(text.strip())

    def end(self, name: str) -> None:
        name = name.rpartition(":")[2]
        self.in_value = False
        if name == "c" and self.is_formula and not self.has_value and self.type_ != _TEXT:
            self.found.append((self.row, self.column))
