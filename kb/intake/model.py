"""What intake works with: tables as found, neutral records of a child, and what comes of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kb.case import Case
from kb.errors import Fault


class Unusable:
    """A cell that holds something, but nothing that can be used: its value is not known."""

    def __repr__(self) -> str:
        return "unusable"


UNUSABLE = Unusable()


@dataclass(frozen=True, slots=True)
class UnknownTeam:
    """A team by a name that nobody has said the code of."""

    name: str


@dataclass(frozen=True)
class RawTable:
    """A table as found. `rows` has the number that a person sees beside each row.

    `refused` are rows that could not even be split into cells, with the reason. `counted` is what the rows are counted
    by: the rows of a sheet or file, or the lines of an XML file. `hidden`: a sheet that Excel does not show. `from_1904`: its
    workbook counts days from 1904.
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

    def place(self, row: int, column: int) -> str:
        """Where a cell is, as its reader would look for it."""
        heading = self.header[column].strip() if column < len(self.header) else ""
        letter = f" {column_letter(column)}" if self.is_sheet else ""
        return f"{self.file}, {self.name}, {self.counted} {row}, column{letter} `{heading}`"

    def column_place(self, column: int) -> str:
        """Where a column is."""
        letter = f" {column_letter(column)}" if self.is_sheet else ""
        return f"{self.file}, {self.name}, column{letter} `{self.header[column].strip()}`"

    def row_place(self, row: int) -> str:
        return f"{self.file}, {self.name}, {self.counted} {row}"


def column_letter(index: int) -> str:
    """The letters over a column of a worksheet; 0 is A."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


@dataclass(frozen=True, slots=True)
class Record:
    """One thing that is known of a child, in words that no source owns. `source` tells the row."""

    kind: str
    values: Mapping[str, Any]
    source: str


@dataclass
class Count:
    """What became of the rows of one table: used, refused and ignored add up to read."""

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
    """What became of one file, sheet or table: read, refused, or left out.

    `why` it was not read, or what has to be said of how it was; `deciding`: it may hold a fact that decides.
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
    """What the data suggest and a person has to confirm before it counts."""

    case_id: str
    fact: str
    value: Any
    source: str
    why: str


@dataclass(frozen=True, slots=True)
class Heading:
    """A column of a table: what it was read as, or the empty string where it was left unread, and why."""

    table: str
    heading: str
    read_as: str
    why: str = ""
    file: str = ""


@dataclass(frozen=True, slots=True)
class Answered:
    """What a person answered: `answer` in the words of a case file, `place` where it stands, `state` what came of it."""

    case_id: str
    fact: str
    answer: Any
    place: str
    state: str


@dataclass(frozen=True)
class Intake:
    """The cases of one source, and everything that has to be said about how they were read.

    `sources` gives for each case and fact the row it comes from.
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
        """What was not read, first what may hold a fact that decides."""
        return tuple(sorted((e for e in self.account if e.state != READ), key=lambda e: (not e.deciding, e.state != REFUSED)))

    @property
    def nothing_read(self) -> bool:
        """Whether no row of the source was used."""
        return not any(count.used for count in self.counts)
