"""Many cases in columns: the form that readers produce and bulk engines use.

A `CaseTable` holds cases of one policy. Row i of every array is case i; rows keep the order
of the file. Each fact has one array, in the smallest integer type that holds it:

    type              in the array                                            unknown
    bool              0 no, 1 yes                                             UNKNOWN
    enum              index into `Fact.values`                                UNKNOWN
    team              index into `team_codes(vocabulary)`                     UNKNOWN
    int               the number                                              UNKNOWN
    date              the day number (`date.toordinal`)                       UNKNOWN
    datetime          minutes: day number * 1440 + minute of the day          UNKNOWN
    event             0 known not to have happened, 1 happened on a day       UNKNOWN
                      that is not known, else the day number
    point             index into the transfer points of the vocabulary        UNKNOWN
    list[...]         a `ListColumn` in `lists`, not an array

UNKNOWN is -1 for every type. A fact without an array is unknown for every case, so only
recorded facts cost memory and time. No other value is negative, and days start in 1900, so
-1, 0 and 1 are never days.

A fact with several occurrences has the first day in the array and the others in `later`.
In the table of one step (`kb.as_at`), `later` holds the next planned day.

Tables are made by `from_cases` from typed `Case` objects, by `kb.bulk.arrow.read_arrow` from
a table of pyarrow with a column for each fact, or by a reader that builds the arrays itself
(`dtype_of` gives the type of each).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kb.case import NO_TEAM_ON_RECORD, Case, Day, Moment
from kb.vocabulary.model import Fact, Vocabulary

UNKNOWN = -1
NOT_HAPPENED, HAPPENED = 0, 1  # values of events without a known day
WHOLE = ""  # the part of a list whose entries are codes, not records

Numbers = NDArray[Any]


@dataclass(frozen=True)
class ListColumn:
    """A list fact. The entries of case i are `offsets[i]:offsets[i + 1]` of each part.

    `known` is False where the list is not recorded; a known list without entries is recorded as empty.
    `parts` has one array for each field of a record, coded as above (UNKNOWN where an entry lacks the field),
    or one array under `WHOLE` for a list of codes.
    """

    known: NDArray[np.bool_]
    offsets: NDArray[np.int64]
    parts: Mapping[str, Numbers]

    @cached_property
    def rows(self) -> NDArray[np.int64]:
        """The row of the case that each entry belongs to."""
        return np.repeat(np.arange(len(self.known)), np.diff(self.offsets))


@dataclass(frozen=True)
class CaseTable:
    """Cases of one policy in columns, as described above.

    as_of        day of the answer of each case
    places       where each case was read, for messages
    recorded_on  day of each record; UNKNOWN if it is `as_of`. None if that is so for all cases
    later        for each fact with several days in some case: a `ListColumn` whose only part is `WHOLE`
    """

    policy: str
    ids: Sequence[str]
    as_of: NDArray[np.int32]
    columns: Mapping[str, Numbers]
    lists: Mapping[str, ListColumn]
    places: Sequence[str] = field(default=(), repr=False)
    recorded_on: NDArray[np.int32] | None = None
    later: Mapping[str, ListColumn] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.as_of)

    @property
    def nbytes(self) -> int:
        """Bytes of all arrays, that is of one pass over the input."""
        listed = [*self.lists.values(), *self.later.values()]
        lists = [a for column in listed for a in (column.known, column.offsets, *column.parts.values())]
        recorded = [] if self.recorded_on is None else [self.recorded_on]
        return int(sum(array.nbytes for array in [self.as_of, *recorded, *self.columns.values(), *lists]))

    @cached_property
    def record_days(self) -> NDArray[np.int32]:
        """The day of the record of each case: `recorded_on`, else `as_of`."""
        if self.recorded_on is None:
            return self.as_of
        return np.where(self.recorded_on == UNKNOWN, self.as_of, self.recorded_on)

    def last(self, fact: str) -> Numbers:
        """The array of a fact, with its last day where it has several."""
        later = self.later.get(fact)
        if later is None:
            return self.columns[fact]
        found = self.columns[fact].copy()
        found[later.rows] = later.parts[WHOLE]  # of several entries of a row the last one counts
        return found

    def case(self, row: int, vocabulary: Vocabulary) -> Case:
        """One row as a `Case`."""
        facts = {name: decode(vocabulary.facts[name], self.columns[name][row], vocabulary) for name in self.columns}
        facts |= {name: _entries(vocabulary.facts[name], column, row, vocabulary) for name, column in self.lists.items()}
        for name, column in self.later.items():
            days = column.parts[WHOLE][column.offsets[row] : column.offsets[row + 1]]
            if len(days):
                facts[name] = (facts[name], *(Day(int(day)) for day in days))
        known = {name: facts[name] for name in vocabulary.facts if facts.get(name) is not None}
        recorded = UNKNOWN if self.recorded_on is None else int(self.recorded_on[row])
        return Case(self.ids[row], self.policy, int(self.as_of[row]), known, None if recorded == UNKNOWN else recorded)

    def cases(self, vocabulary: Vocabulary) -> Iterator[Case]:
        return (self.case(row, vocabulary) for row in range(len(self)))


def from_cases(cases: Sequence[Case], vocabulary: Vocabulary) -> CaseTable:
    """Typed cases of one policy in columns."""
    columns: dict[str, Numbers] = {}
    lists: dict[str, ListColumn] = {}
    later: dict[str, ListColumn] = {}
    recorded = dict.fromkeys(name for case in cases for name in case.facts)
    for name, fact in vocabulary.facts.items():
        if name not in recorded:
            continue
        raw = [case.facts.get(name) for case in cases]
        if fact.type.startswith("list"):
            lists[name] = _list_column(fact, raw, vocabulary)
        else:
            columns[name] = encode(fact, raw, vocabulary)
            if any(isinstance(value, tuple) for value in raw):
                later[name] = later_days(raw)
    policy = cases[0].policy if cases else ""
    as_of = np.array([case.as_of for case in cases], np.int32)
    days = np.array([UNKNOWN if case.recorded_on is None else case.recorded_on for case in cases], np.int32)
    recorded_on = days if (days != UNKNOWN).any() else None
    return CaseTable(policy, [case.case_id for case in cases], as_of, columns, lists, (), recorded_on, later)


def later_days(values: Sequence[Any]) -> ListColumn:
    """The days after the first, of values that are several days."""
    tails = [value[1:] if isinstance(value, tuple) else () for value in values]
    lengths = np.array([len(tail) for tail in tails], np.int64)
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    days = np.array([day.number for tail in tails for day in tail], np.int32)
    return ListColumn(lengths > 0, offsets, {WHOLE: days})


def team_codes(vocabulary: Vocabulary) -> tuple[str, ...]:
    """The codes that a team fact may have, in the order of their numbers."""
    named = [code.code for kind in ("team", "outcome") for code in vocabulary.codes.get(kind, ())]
    return tuple(dict.fromkeys([*named, NO_TEAM_ON_RECORD]))


def codes_of(fact: Fact, vocabulary: Vocabulary) -> tuple[str, ...]:
    """The codes that the numbers of an enum, team or point fact (or of a list of these) stand for."""
    if fact.type == "point":
        return tuple(code.code for code in vocabulary.codes.get("point", ()))
    return team_codes(vocabulary) if "team" in fact.type else fact.values


def dtype_of(fact: Fact, vocabulary: Vocabulary) -> type[np.signedinteger[Any]]:
    """The type of the array of a fact, or of the entries of a list of codes."""
    if fact.type in ("date", "datetime", "event"):
        return np.int32
    if fact.type == "bool":
        return np.int8
    highest = fact.maximum if fact.type == "int" else len(codes_of(fact, vocabulary))
    return next((t for t in (np.int8, np.int16, np.int32) if highest <= np.iinfo(t).max), np.int64)


CODED = ("enum", "list[enum]", "team", "list[team]", "point")  # types whose numbers stand for codes


def encode(fact: Fact, values: Sequence[Any], vocabulary: Vocabulary) -> Numbers:
    """Typed values of a fact (`kb.case.typed_value`; None is unknown) as an array; of several days only the first."""
    if fact.type in CODED:
        numbers = {code: number for number, code in enumerate(codes_of(fact, vocabulary))}
        coded = [UNKNOWN if value is None else numbers[value] for value in values]
    else:
        coded = [_number(value) for value in values]
    return np.array(coded, dtype_of(fact, vocabulary))


def _number(value: Any) -> int:
    if value is None:
        return UNKNOWN
    if isinstance(value, tuple):
        value = value[0]
    return value.number if isinstance(value, Day) else value.minutes if isinstance(value, Moment) else int(value)


def decode(fact: Fact, number: Any, vocabulary: Vocabulary) -> Any:
    """The typed value that a number of an array stands for; None if unknown."""
    if number == UNKNOWN:
        return None
    if fact.type == "bool":
        return bool(number)
    if fact.type in CODED:
        return codes_of(fact, vocabulary)[number]
    if fact.type == "event" and number in (NOT_HAPPENED, HAPPENED):
        return bool(number)
    if fact.type == "datetime":
        return Moment(int(number))
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
