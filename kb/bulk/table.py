"""Many cases in columns: what readers yield and bulk engines take.

The contract
------------
A `CaseTable` holds cases of one policy. Row i of everything is case i; rows keep the order
of the file. Each fact has one array, in the smallest whole-number type that holds it:

    type              in the array                                            unknown
    bool              0 no, 1 yes                                             UNKNOWN
    enum              index into `Fact.values`                                UNKNOWN
    team              index into `team_codes(vocabulary)`                     UNKNOWN
    int               the number                                              UNKNOWN
    date              the day number (`date.toordinal`)                       UNKNOWN
    datetime          minutes: day number * 1440 + minute of the day          UNKNOWN
    event             0 known not to have happened, 1 happened on a day       UNKNOWN
                      that is not known, else the day number
    list[...]         a `ListColumn` in `lists`, not an array

UNKNOWN is -1 for every type. A fact without any array is unknown for every case, so only
facts that somebody recorded cost memory and time. No value of a case is negative, and day
numbers start at 1900, so nothing is mistaken for something else.

Who makes one: `from_cases` for typed `Case` objects; `kb.bulk.arrow.read_arrow` for any
table of pyarrow whose columns bear our fact names; a reader of its own may build the arrays
itself as long as they are as above (`dtype_of` gives the type of each).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kb.case import NO_TEAM_ON_RECORD, Case, Day
from kb.vocabulary.model import Fact, Vocabulary

UNKNOWN = -1
NOT_HAPPENED, HAPPENED = 0, 1  # events whose day is not known
WHOLE = ""  # the part of a list whose entries are codes, not records

Numbers = NDArray[Any]


@dataclass(frozen=True)
class ListColumn:
    """A list fact. Entries of case i stand at `offsets[i]:offsets[i + 1]` of each part.

    `known` is False where the list is not recorded; a known list without entries is known to
    be empty. `parts` has one array for each field of a record, coded as above with UNKNOWN
    where an entry lacks the field, or one array under `WHOLE` for a list of codes.
    """

    known: NDArray[np.bool_]
    offsets: NDArray[np.int64]
    parts: Mapping[str, Numbers]

    @cached_property
    def rows(self) -> NDArray[np.int64]:
        """The case that each entry belongs to."""
        return np.repeat(np.arange(len(self.known)), np.diff(self.offsets))


@dataclass(frozen=True)
class CaseTable:
    """Cases of one policy in columns; see the contract above. `places` says where each was read."""

    policy: str
    ids: Sequence[str]
    as_of: NDArray[np.int32]
    columns: Mapping[str, Numbers]
    lists: Mapping[str, ListColumn]
    places: Sequence[str] = field(default=(), repr=False)

    def __len__(self) -> int:
        return len(self.as_of)

    @property
    def nbytes(self) -> int:
        """Bytes of all arrays: what one pass over the input has to read."""
        lists = [a for column in self.lists.values() for a in (column.known, column.offsets, *column.parts.values())]
        return int(sum(array.nbytes for array in [self.as_of, *self.columns.values(), *lists]))

    def case(self, row: int, vocabulary: Vocabulary) -> Case:
        """One case in its usual form."""
        facts = {name: decode(vocabulary.facts[name], self.columns[name][row], vocabulary) for name in self.columns}
        facts |= {name: _entries(vocabulary.facts[name], column, row, vocabulary) for name, column in self.lists.items()}
        known = {name: facts[name] for name in vocabulary.facts if facts.get(name) is not None}
        return Case(self.ids[row], self.policy, int(self.as_of[row]), known)

    def cases(self, vocabulary: Vocabulary) -> Iterator[Case]:
        return (self.case(row, vocabulary) for row in range(len(self)))


def from_cases(cases: Sequence[Case], vocabulary: Vocabulary) -> CaseTable:
    """Typed cases of one policy in columns."""
    columns: dict[str, Numbers] = {}
    lists: dict[str, ListColumn] = {}
    for name, fact in vocabulary.facts.items():
        raw = [case.facts.get(name) for case in cases]
        if all(value is None for value in raw):
            continue
        if fact.type.startswith("list"):
            lists[name] = _list_column(fact, raw, vocabulary)
        else:
            columns[name] = encode(fact, raw, vocabulary)
    policy = cases[0].policy if cases else ""
    as_of = np.array([case.as_of for case in cases], np.int32)
    return CaseTable(policy, [case.case_id for case in cases], as_of, columns, lists)


def team_codes(vocabulary: Vocabulary) -> tuple[str, ...]:
    """What a team fact may be, in the order of its numbers."""
    named = [code.code for kind in ("team", "outcome") for code in vocabulary.codes.get(kind, ())]
    return tuple(dict.fromkeys([*named, NO_TEAM_ON_RECORD]))


def codes_of(fact: Fact, vocabulary: Vocabulary) -> tuple[str, ...]:
    """The codes that the numbers of an enum or team fact (or of a list of them) stand for."""
    return team_codes(vocabulary) if "team" in fact.type else fact.values


def dtype_of(fact: Fact, vocabulary: Vocabulary) -> type[np.signedinteger[Any]]:
    """The type of the array of a fact, or of the entries of a list of codes."""
    if fact.type in ("date", "datetime", "event"):
        return np.int32
    if fact.type == "bool":
        return np.int8
    highest = fact.maximum if fact.type == "int" else len(codes_of(fact, vocabulary))
    return next((t for t in (np.int8, np.int16, np.int32) if highest <= np.iinfo(t).max), np.int64)


def encode(fact: Fact, values: Sequence[Any], vocabulary: Vocabulary) -> Numbers:
    """Typed values of a fact (`kb.case.typed_value`; None is unknown) as an array."""
    if fact.type in ("enum", "list[enum]", "team", "list[team]"):
        numbers = {code: number for number, code in enumerate(codes_of(fact, vocabulary))}
        coded = [UNKNOWN if value is None else numbers[value] for value in values]
    else:
        coded = [UNKNOWN if v is None else v.number if isinstance(v, Day) else int(v) for v in values]
    return np.array(coded, dtype_of(fact, vocabulary))


def decode(fact: Fact, number: Any, vocabulary: Vocabulary) -> Any:
    """The typed value that a number of an array stands for; None where it is unknown."""
    if number == UNKNOWN:
        return None
    if fact.type == "bool":
        return bool(number)
    if fact.type in ("enum", "list[enum]", "team", "list[team]"):
        return codes_of(fact, vocabulary)[number]
    if fact.type == "event" and number in (NOT_HAPPENED, HAPPENED):
        return bool(number)
    return Day(int(number)) if fact.type in ("date", "event") else int(number)


def parts_of(fact: Fact) -> dict[str, Fact]:
    """The parts of the entries of a list fact, each described like a fact."""
    if fact.type != "list[record]":
        return {WHOLE: fact}
    return {name: Fact(name, kind, name, "", "", "") for name, kind in fact.fields}


def _list_column(fact: Fact, raw: Sequence[Any], vocabulary: Vocabulary) -> ListColumn:
    lengths = [len(entries) if entries is not None else 0 for entries in raw]
    flat = [entry for entries in raw if entries is not None for entry in entries]
    parts = {
        name: encode(part, flat if name == WHOLE else [entry.get(name) for entry in flat], vocabulary)
        for name, part in parts_of(fact).items()
    }
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    return ListColumn(np.array([entries is not None for entries in raw], np.bool_), offsets, parts)


def _entries(fact: Fact, column: ListColumn, row: int, vocabulary: Vocabulary) -> tuple[Any, ...] | None:
    if not column.known[row]:
        return None
    parts = parts_of(fact)
    found: list[Any] = []
    for at in range(int(column.offsets[row]), int(column.offsets[row + 1])):
        if WHOLE in parts:
            found.append(decode(fact, column.parts[WHOLE][at], vocabulary))
        else:
            entry = {name: decode(part, column.parts[name][at], vocabulary) for name, part in parts.items()}
            found.append({name: value for name, value in entry.items() if value is not None})
    return tuple(found)
