"""Returns in XML (the children in need census, SSDA903) as tables: one row for each element that repeats in a child.

An element that `tables.tsv` names as a table gives a row, and the values inside it are its cells. Values inside other
elements belong to the row of the enclosing element. Each row also has the child's id and dates of birth, and the line of
the file on which its element starts. A value that occurs several times in a row is kept as a tuple.

Files are untrusted: the size is checked before reading; a document type with entities is refused, as a few lines of it can
expand to gigabytes; and so is nesting deeper than in any return.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.parsers import expat

from kb.errors import Fault, InputError
from kb.files import read_bytes
from kb.intake.layout import TableLayout, of_source
from kb.intake.model import RawTable
from kb.intake.names import squash

SUFFIXES = (".xml",)
MAX_BYTES = 300_000_000
MAX_DEPTH = 40
MAX_VALUES = 50_000_000
MAX_TEXT = 10_000  # characters of one value
_FORBIDDEN = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_ENCODING = re.compile(rb"<\?xml[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9._-]*)")
_OF_XML = re.compile(r"xmlns|xml:|(\w+:)?(nil|type|schemaLocation|noNamespaceSchemaLocation)$")  # attributes without data
_SAVE = "export the return again from the system that made it"
_REFERENCE_DAY = "referencedate"  # in the first part of a return: the day of its data
#: For each source: the element of one child, and those of its values that every row gets.
_CHILD = {"cin_census": ("Child", ("LAchildID", "PersonBirthDate", "ExpectedPersonBirthDate")),
          "ssda903": ("CHILD", ("CHILDID", "CHILD", "DOB"))}  # fmt: skip
_ROOTS = {"message": "cin_census", "expssda903": "ssda903", "ssda903": "ssda903"}

Found = list[tuple[TableLayout | None, RawTable]]


@dataclass(slots=True)
class _Row:
    table: str
    line: int
    values: dict[str, Any] = field(default_factory=dict)


def read_file(path: Path) -> tuple[Found, str]:
    """The tables of a return, and the day that it states for its data (None if it has none). Errors: `InputError`."""
    raw = read_bytes(path, MAX_BYTES, path.name)
    if _FORBIDDEN.search(raw.replace(b"\0", b"")):
        raise InputError([Fault(path.name, "has a document type of its own, which no return has", _SAVE)])
    reading = _Reading(path.name)
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = lambda name, attributes: reading.start(name, attributes, parser.CurrentLineNumber)
    parser.EndElementHandler = reading.end
    parser.CharacterDataHandler = reading.text
    parser.StartDoctypeDeclHandler = _refuse(path.name)
    parser.EntityDeclHandler = _refuse(path.name)
    try:
        parser.Parse(raw, True)
    except expat.ExpatError as error:
        where = f"{path.name}:{error.lineno}:{error.offset + 1}"
        message = f"is not XML: {expat.ErrorString(error.code)}"
        hint = "was it changed by hand, or cut off? " + _SAVE
        if not _is_as_said(raw):
            message, hint = "has a byte that is not UTF-8, in which it says to be", "save it as UTF-8"
        raise InputError([Fault(where, message, hint)]) from None
    except (ValueError, LookupError):
        raise InputError([Fault(path.name, "is in a character set that can't be read", "save it as UTF-8")]) from None
    return reading.tables(), reading.said


def _is_as_said(raw: bytes) -> bool:
    """Whether a file that says nothing else is UTF-8."""
    told = _ENCODING.search(raw[:200])
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff") or (told and told[1].lower() not in (b"utf-8", b"utf8")):
        return True
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _refuse(name: str) -> Callable[..., None]:
    def refuse(*_: Any) -> None:
        raise InputError([Fault(name, "has a document type of its own, which no return has", _SAVE)])

    return refuse


class _Reading:
    """The state while a file is read."""

    def __init__(self, file: str):
        self.said = ""
        self._file = file
        self._source = ""
        self._names: dict[str, str] = {}
        self._child = ""
        self._common: frozenset[str] = frozenset()
        self._path: list[str] = []
        self._leaf = True
        self._text: list[str] = []
        self._open: list[tuple[int, _Row]] = []
        self._of_child: list[_Row] = []
        self._shared: dict[str, str] = {}
        self._rows: list[_Row] = []
        self._values = 0
        self._attributes: dict[str, str] = {}

    def start(self, name: str, attributes: Mapping[str, str], line: int) -> None:
        name = name.rpartition(":")[2]
        if not self._path:
            self._recognise(name)
        self._path.append(name)
        if len(self._path) > MAX_DEPTH:
            raise InputError([Fault(f"{self._file}:{line}", f"is nested more than {MAX_DEPTH} deep", "is it the right file?")])
        self._leaf, self._text = True, []
        if squash(name) == self._child and len(self._path) > 1:
            self._of_child, self._shared = [], {}
        table = self._names.get(squash(name))
        if table:
            self._open.append((len(self._path), _Row(table, line)))
        self._attributes = {key: value for key, value in attributes.items() if not _OF_XML.match(key)}
        if table:
            for key, value in self._attributes.items():
                self._value(key.rpartition(":")[2], value.strip())

    def text(self, text: str) -> None:
        self._text.append(text)

    def end(self, name: str) -> None:
        name = name.rpartition(":")[2]
        depth = len(self._path)
        if self._leaf:
            text = "".join(self._text).strip()
            if not text and not self._names.get(squash(name)):  # an empty value in a place that no return has
                text = " ".join(f"{key}={value}" for key, value in self._attributes.items())
            self._value(name, text)
        if self._open and self._open[-1][0] == depth:
            row = self._open.pop()[1]
            if row.values:
                self._of_child.append(row)
        if squash(name) == self._child and depth > 1:
            for row in self._of_child:
                row.values = {**self._shared, **row.values}
            self._rows += sorted(self._of_child, key=lambda row: row.line)
            self._of_child = []
        self._path.pop()
        self._leaf, self._text = False, []

    def _recognise(self, root: str) -> None:
        source = _ROOTS.get(squash(root), "")
        if not source:
            known = "Message (the children in need census) or EXPSSDA903"
            raise InputError([Fault(self._file, f"starts with `{root}`, expected {known}", "is it the right file?")])
        child, common = _CHILD[source]
        self._source, self._child = source, squash(child)
        self._common = frozenset(squash(part) for part in common)
        for layout in of_source(source):
            for name in (layout.name, *layout.aliases):
                self._names[squash(name)] = layout.name

    def _value(self, name: str, text: str) -> None:
        if not self._open and squash(name) == _REFERENCE_DAY and not self.said:
            self.said = text
        if not text or not self._open:
            return
        self._values += 1
        if self._values > MAX_VALUES or len(text) > MAX_TEXT:
            told = (
                f"has more than {MAX_VALUES:,} values" if self._values > MAX_VALUES else f"has a value of {len(text):,} letters"
            )
            raise InputError([Fault(self._file, told, "is it the right file?")])
        if squash(name) in self._common:
            self._shared.setdefault(name, text)
        values = self._open[-1][1].values
        if name not in values:
            values[name] = text
        elif isinstance(values[name], tuple):
            values[name] = (*values[name], text)
        else:
            values[name] = (values[name], text)

    def tables(self) -> Found:
        """The tables that were read."""
        found: Found = []
        for layout in of_source(self._source):
            rows = [row for row in self._rows if row.table == layout.name]
            if rows:
                header = tuple(dict.fromkeys(name for row in rows for name in row.values))
                cells = [(row.line, tuple(row.values.get(name) for name in header)) for row in rows]
                found.append((layout, RawTable(self._file, layout.name, header, cells, counted="line")))
        return found
