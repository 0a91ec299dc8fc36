"""Makes a `CaseTable` from named columns of distinct values, with every fault by row and column.

Faults number rows as a spreadsheet does: the header is row 1.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from kb.bulk.distinct import EMPTY, Distinct, Wrong, read_column, read_days, read_list
from kb.bulk.reader import CasesRead, Wanted
from kb.bulk.table import HAPPENED, UNKNOWN, CaseTable, ListColumn, Numbers
from kb.carried import DEATH
from kb.case import ID, ONE_DEATH, RECORDED_ON, TWO_DEATHS, parse_day
from kb.dates import iso
from kb.errors import Fault, InputError, did_you_mean, plain

ID_COLUMN, POLICY_COLUMN, DAY_COLUMN = "case_id", "policy", "as_of"
HEADINGS = (ID_COLUMN, POLICY_COLUMN, DAY_COLUMN, RECORDED_ON)  # columns that are not facts
FIRST_ROW = 2

#: A list column that has been read already, with its faults.
Lists = tuple[ListColumn, list[Wrong]]


@dataclass
class Rows:
    """The rows of a file while they are read: which ones are refused, and the faults."""

    name: str
    numbers: NDArray[np.int64]
    bad: NDArray[np.bool_]
    faults: list[tuple[int, str, str, str]] = field(default_factory=list)

    def wrong(self, column: str, found: Iterable[Wrong]) -> None:
        for one in found:
            self.bad[one.rows] = True
            self.faults += [(int(self.numbers[row]), column, one.message, one.hint) for row in one.rows]

    def told(self) -> tuple[Fault, ...]:
        where = f"{self.name}: row {{}}, column `{{}}`"
        return tuple(Fault(where.format(row, column), message, hint) for row, column, message, hint in sorted(self.faults))


def read_columns(
    name: str,
    columns: Mapping[str, Distinct | Lists],
    count: int,
    wanted: Wanted,
    numbers: NDArray[np.int64] | None = None,
) -> CasesRead:
    """The cases in some columns of `count` rows.

    `name` is the file name used in faults; `numbers` are the rows' numbers in the file. Errors: `InputError` for faults
    of the file as a whole.
    """
    if numbers is None:
        numbers = np.arange(FIRST_ROW, FIRST_ROW + count)
    rows = Rows(name, numbers, np.zeros(count, np.bool_))
    ids = _ids(columns, rows)
    as_of = _days(columns, rows, wanted)
    recorded_on = _recorded_on(columns, rows, wanted, as_of)
    _check_policy(columns, rows, wanted)
    notes: list[str] = []
    plain_columns: dict[str, Numbers] = {}
    lists: dict[str, ListColumn] = {}
    later: dict[str, ListColumn] = {}
    for column, content in columns.items():
        fact = wanted.vocabulary.recorded.get(column)
        if fact is None:
            if column not in HEADINGS:
                notes.append(_left_out(column, wanted))
        elif fact.type.startswith("list"):
            read = read_list(fact, content, wanted.vocabulary) if isinstance(content, Distinct) else content
            lists[column], found = read
            rows.wrong(column, found)
        else:
            assert isinstance(content, Distinct)
            if fact.recurs:
                plain_columns[column], more, found = read_days(fact, content, wanted.vocabulary)
                later |= {} if more is None else {column: more}
            else:
                plain_columns[column], found = read_column(fact, content, wanted.vocabulary)
            rows.wrong(column, found)
    places = [f"row {n}" for n in numbers]
    table = CaseTable(wanted.policy, ids, as_of, plain_columns, lists, places, recorded_on, later)
    _check_days(table, rows, wanted)
    good = np.flatnonzero(~rows.bad)
    at = tuple(row for row, *_ in sorted(rows.faults))
    return CasesRead(select(table, good), count, count - len(good), rows.told(), tuple(notes), at)


def _check_days(table: CaseTable, rows: Rows, wanted: Wanted) -> None:
    """Reports days that no record can have, as `kb.case.faults_of_days`."""
    born = table.columns.get(wanted.vocabulary.birth)
    for name, first in table.columns.items():
        fact = wanted.vocabulary.facts[name]
        if fact.past:
            rows.wrong(name, _ahead(table.last(name), table))
        if fact.after_birth and born is not None:
            before = np.flatnonzero((first > HAPPENED) & (born > HAPPENED) & (first < born))
            told = ((row, f"{iso(int(first[row]))} is before the date of birth {iso(int(born[row]))}") for row in before)
            hint = "only a child who has been born can have it: correct one of the two dates"
            rows.wrong(name, [Wrong(np.array([row]), message, hint) for row, message in told])
    if DEATH in table.columns:
        first, last = table.columns[DEATH], table.last(DEATH)
        twice = np.flatnonzero((first > HAPPENED) & (last > first))
        told = ((row, TWO_DEATHS.format(iso(int(first[row])), iso(int(last[row])))) for row in twice)
        rows.wrong(DEATH, [Wrong(np.array([row]), message, ONE_DEATH) for row, message in told])


def select(table: CaseTable, rows: NDArray[np.int64]) -> CaseTable:
    """Some rows of a table, in the order given; facts that none of them records are dropped."""
    if len(rows) == len(table):
        taken = table
    else:
        taken = replace(
            table,
            ids=[table.ids[row] for row in rows],
            as_of=table.as_of[rows],
            columns={name: column[rows] for name, column in table.columns.items()},
            lists={name: _select_list(column, rows) for name, column in table.lists.items()},
            recorded_on=None if table.recorded_on is None else table.recorded_on[rows],
            later={name: _select_list(column, rows) for name, column in table.later.items()},
            places=[table.places[row] for row in rows] if table.places else (),
        )
    columns = {name: column for name, column in taken.columns.items() if (column != UNKNOWN).any()}
    lists, later = ({name: column for name, column in some.items() if column.known.any()} for some in (taken.lists, taken.later))
    return replace(taken, columns=columns, lists=lists, later=later)


def _select_list(column: ListColumn, rows: NDArray[np.int64]) -> ListColumn:
    counts = np.diff(column.offsets)[rows]
    offsets = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    entries = np.arange(offsets[-1]) - np.repeat(offsets[:-1] - column.offsets[rows], counts)
    return ListColumn(column.known[rows], offsets, {name: part[entries] for name, part in column.parts.items()})


def _left_out(column: str, wanted: Wanted) -> str:
    hint = did_you_mean(column, wanted.vocabulary.recorded)
    return f"column `{plain(column)}` is no case fact and was left out{'; ' + hint if hint else ''}"


def _ids(columns: Mapping[str, Distinct | Lists], rows: Rows) -> list[str]:
    column = columns.get(ID_COLUMN)
    if not isinstance(column, Distinct):
        raise InputError([Fault(rows.name, f"has no column `{ID_COLUMN}`", "give each child an id of its own")])
    texts = [_id_text(value) for value in column.values]
    hint = "use letters, digits, `.`, `_` and `-`"
    for code, text in enumerate(texts):
        if text and not (ID.fullmatch(text) and text.strip(".")):
            rows.wrong(ID_COLUMN, [Wrong(np.flatnonzero(column.codes == code), f"`{plain(text[:60])}` is not a case id", hint)])
    nameless = np.array([*(not text for text in texts), True])[column.codes]
    rows.wrong(ID_COLUMN, [Wrong(np.flatnonzero(nameless), "is empty", "give each child an id of its own")])
    by_text = {text: number for number, text in reversed(list(enumerate(texts)))}
    codes = np.append(np.array([by_text[text] for text in texts], np.int64), -1)[column.codes]
    codes[nameless] = -1
    order = np.argsort(codes, kind="stable")
    again = np.flatnonzero(codes[order][1:] == codes[order][:-1]) + 1
    for place in again[codes[order][again] >= 0]:
        row, before = order[place], order[place - 1]
        message = f"case id `{texts[codes[row]]}` is used by row {rows.numbers[before]} too"
        rows.wrong(ID_COLUMN, [Wrong(np.array([row]), message, "give each case its own id")])
    return [texts[code] if code >= 0 else "" for code in codes.tolist()]


def _id_text(value: object) -> str:
    """An id as text. Spreadsheets turn ids such as 1001 into the number 1001.0."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()


def _days(columns: Mapping[str, Distinct | Lists], rows: Rows, wanted: Wanted) -> NDArray[np.int32]:
    if wanted.as_of is not None:
        return np.full(len(rows.bad), wanted.as_of, np.int32)
    column = columns.get(DAY_COLUMN)
    hint = "write the date as 2024-09-03"
    if not isinstance(column, Distinct):
        raise InputError([Fault(rows.name, f"has no column `{DAY_COLUMN}`", "add it, or name the day: --as-of DATE")])
    rows.wrong(DAY_COLUMN, [Wrong(np.flatnonzero(column.codes < 0), "is empty", hint)])
    return _parsed(DAY_COLUMN, column, rows, 0)


def _recorded_on(
    columns: Mapping[str, Distinct | Lists], rows: Rows, wanted: Wanted, as_of: NDArray[np.int32]
) -> NDArray[np.int32] | None:
    """The day of each record that was drawn up after the day of the answer, UNKNOWN for others; None if there is none.

    If the user asks about another day than the table's (`--as-of`), the table's day is the day of the record.
    """
    own = as_of
    day = columns.get(DAY_COLUMN)
    if wanted.as_of is not None and isinstance(day, Distinct):
        own = _parsed(DAY_COLUMN, day, rows, 0)
    column = columns.get(RECORDED_ON)
    found = np.full(len(as_of), UNKNOWN, np.int32)
    if isinstance(column, Distinct):
        found = _parsed(RECORDED_ON, column, rows, UNKNOWN)
        early = np.flatnonzero((found != UNKNOWN) & (found < own))
        told = ((row, f"{iso(int(found[row]))} is before the as-of date {iso(int(own[row]))}") for row in early)
        hint = "the record is drawn up on the day of the answer or later"
        rows.wrong(RECORDED_ON, [Wrong(np.array([row]), message, hint) for row, message in told])
    found = np.where(found == UNKNOWN, own, found)
    later = found > as_of
    return np.where(later, found, UNKNOWN).astype(np.int32) if later.any() else None


def _parsed(name: str, column: Distinct, rows: Rows, empty: int) -> NDArray[np.int32]:
    """A column of days as ordinals; `empty` where a cell is empty or has a fault."""
    days: list[int] = []
    for code, raw in enumerate(column.values):
        if isinstance(raw, str) and raw.strip() in EMPTY and name != DAY_COLUMN:
            days.append(empty)
            continue
        try:
            days.append(parse_day(str(raw).strip()[:10] if hasattr(raw, "year") else raw))
        except ValueError as error:
            days.append(empty)
            rows.wrong(name, [Wrong(np.flatnonzero(column.codes == code), str(error), "write the date as 2024-09-03")])
    return np.array([*days, empty], np.int32)[column.codes]


def _check_policy(columns: Mapping[str, Distinct | Lists], rows: Rows, wanted: Wanted) -> None:
    column = columns.get(POLICY_COLUMN)
    if wanted.chosen or not isinstance(column, Distinct):
        return
    for code, raw in enumerate(column.values):
        if raw != wanted.policy:
            message = f"`{plain(str(raw)[:60])}` is not the policy of the first row, `{wanted.policy}`"
            hint = "decide the whole file under one: --policy NAME"
            rows.wrong(POLICY_COLUMN, [Wrong(np.flatnonzero(column.codes == code), message, hint)])


def _ahead(days: Numbers, table: CaseTable) -> list[Wrong]:
    recorded = table.record_days
    ahead = np.flatnonzero((days > recorded) & (recorded > 0))
    told = ((row, f"{iso(int(days[row]))} is after the day of the record {iso(int(recorded[row]))}") for row in ahead)
    return [Wrong(np.array([row]), message, "correct one of the two dates") for row, message in told]


def first_policy(values: Sequence[object]) -> str | None:
    """The first policy named in a column; None if there is none."""
    return next((str(value) for value in values if value is not None), None)
