"""Data types of intake: tables as found, records of a child independent of the source, and the results."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kb.case import Case
from kb.errors import Fault
from kb.workbook_cells import column_name


class Unusable:
    """The value of a cell that is not empty but can't be used: it is not known."""

    def __repr__(self) -> str:
        return "unusable"


UNUSABLE = Unusable()


@dataclass(frozen=True, slots=True)
class UnknownTeam:
    """A team whose name is not assigned to a code."""

    name: str


@dataclass(frozen=True)
class RawTable:
    """A table as found.

    rows       each with the number that a person sees beside it
    refused    rows that could not be split into cells, with the reason
    counted    the unit of row numbers in messages: rows of a sheet or file, or lines of an XML file
    hidden     a sheet that Excel does not show
    from_1904  its workbook counts days from 1904
    above      the rows above the headings
    under      the number of the row of headings, the lower one of two; 0 where there is none
    merged     the cells (row number and column) that are merged with one above or before them, and have no value of their own
    """

    file: str
    name: str
    header: tuple[str, ...]
    rows: Sequence[tuple[int, Sequence[Any]]]
    refused: tuple[tuple[int, str], ...] = ()
    is_sheet: bool = False
    counted: str = "row"
    hidden: bool = False
    from_1904: bool = False
    above: Sequence[tuple[int, Sequence[Any]]] = ()
    under: int = 0
    merged: frozenset[tuple[int, int]] = frozenset()

    def place(self, row: int, column: int) -> str:
        """The place of a cell in words that help to find it."""
        heading = self.header[column].strip() if column < len(self.header) else ""
        letter = f" {column_name(column)}" if self.is_sheet else ""
        return f"{self.file}, {self.name}, {self.counted} {row}, column{letter} `{heading}`"

    def column_place(self, column: int) -> str:
        """The place of a column, as `place`."""
        letter = f" {column_name(column)}" if self.is_sheet else ""
        return f"{self.file}, {self.name}, column{letter} `{self.header[column].strip()}`"

    def row_place(self, row: int) -> str:
        return f"{self.file}, {self.name}, {self.counted} {row}"


@dataclass(frozen=True, slots=True)
class Record:
    """One thing known of a child, with fields that are the same for all sources. `source` names the row."""

    kind: str
    values: Mapping[str, Any]
    source: str


@dataclass
class Count:
    """Numbers of rows of one table: `used`, `refused` and `ignored` add up to `read`."""

    table: str
    read: int = 0
    used: int = 0
    refused: int = 0
    ignored: dict[str, int] = field(default_factory=dict)
    file: str = ""

    def ignore(self, reason: str) -> None:
        self.ignored[reason] = self.ignored.get(reason, 0) + 1

    @property
    def adds_up(self) -> bool:
        return self.read == self.used + self.refused + sum(self.ignored.values())


@dataclass(frozen=True, slots=True)
class Entry:
    """Whether one file, sheet or table was read, refused or left out.

    `why` it was not read, or a remark on how it was read; `deciding`: it may have a fact that changes an answer.
    """

    file: str
    table: str
    state: str
    rows: int = 0
    why: str = ""
    deciding: bool = False

    def __str__(self) -> str:
        name = self.file if not self.table or self.table == self.file else f"{self.file}, {self.table}"
        return f"{name}: {self.state}{f', {self.why}' if self.why else ''}"


READ, REFUSED, LEFT_OUT = "read", "refused", "left out"


@dataclass(frozen=True, slots=True)
class Hint:
    """A value that the data suggest. It counts only once a person has confirmed it."""

    case_id: str
    fact: str
    value: Any
    source: str
    why: str


@dataclass(frozen=True, slots=True)
class Heading:
    """A column of a table and what it was read as; empty if it was not read, with the reason."""

    table: str
    heading: str
    read_as: str
    why: str = ""
    file: str = ""


@dataclass(frozen=True, slots=True)
class Answered:
    """A person's answer: `answer` as in a case file, `place` in the report, `state` whether it was used."""

    case_id: str
    fact: str
    answer: Any
    place: str
    state: str


@dataclass(frozen=True)
class Intake:
    """The cases of one source, and the report on how they were read.

    `sources` names for each case and fact the row that it comes from.
    """

    kind: str
    as_of: int
    cases: tuple[Case, ...]
    sources: Mapping[str, Mapping[str, str]]
    faults: tuple[Fault, ...]
    counts: tuple[Count, ...]
    hints: tuple[Hint, ...]
    headings: tuple[Heading, ...]
    unknown_teams: Mapping[str, int]
    notes: tuple[str, ...] = ()
    account: tuple[Entry, ...] = ()
    answered: tuple[Answered, ...] = ()

    @property
    def unread(self) -> tuple[Entry, ...]:
        """The entries that were not read; first those that may have a fact that changes an answer."""
        return tuple(sorted((e for e in self.account if e.state != READ), key=lambda e: (not e.deciding, e.state != REFUSED)))

    @property
    def nothing_read(self) -> bool:
        """Whether no row of the source was used."""
        return not any(count.used for count in self.counts)
