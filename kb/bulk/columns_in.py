"""From named columns of distinct values to a `CaseTable`, with every fault by row and column.

Faults name the row as a spreadsheet counts it: the header is row 1.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from kb.bulk.distinct import Distinct, Wrong, read_column, read_list
from kb.bulk.intake import Intake, Wanted
from kb.bulk.table import UNKNOWN, CaseTable, ListColumn, Numbers
from kb.case import ID, parse_day
from kb.dates import iso
from kb.errors import Fault, InputError, did_you_mean, plain

ID_COLUMN, POLICY_COLUMN, DAY_COLUMN = "case_id", "policy", "as_of"
FIRST_ROW = 2

#: A list column that is already in lists, with what is wrong in it.
Lists = tuple[ListColumn, list[Wrong]]


@dataclass
class Rows:
    """The rows of a file while they are read: which are bad, and why."""

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
) -> Intake:
    """The cases in some columns. `numbers` are the rows' numbers in the file. Errors: `InputError`."""
    if numbers is None:
        numbers = np.arange(FIRST_ROW, FIRST_ROW + count)
    rows = Rows(name, numbers, np.zeros(count, np.bool_))
    ids = _ids(columns, rows)
    as_of = _days(columns, rows, wanted)
    _check_policy(columns, rows, wanted)
    notes: list[str] = []
    plain_columns: dict[str, Numbers] = {}
    lists: dict[str, ListColumn] = {}
    for column, content in columns.items():
        fact = wanted.vocabulary.facts.get(column)
        if fact is None:
            if column not in (ID_COLUMN, POLICY_COLUMN, DAY_COLUMN):
                notes.append(_left_out(column, wanted))
        elif fact.type.startswith("list"):
            read = read_list(fact, content, wanted.vocabulary) if isinstance(content, Distinct) else content
            lists[column], found = read
            rows.wrong(column, found)
        else:
            assert isinstance(content, Distinct)
            numbers_, found = read_column(fact, content, wanted.vocabulary)
            plain_columns[column] = numbers_
            rows.wrong(column, found)
            if fact.type == "date" and fact.past:
                rows.wrong(column, _ahead(numbers_, as_of))
    table = CaseTable(wanted.policy, ids, as_of, plain_columns, lists, [f"row {n}" for n in numbers])
    good = np.flatnonzero(~rows.bad)
    return Intake(select(table, good), count, count - len(good), rows.told(), tuple(notes))


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
            places=[table.places[row] for row in rows] if table.places else (),
        )
    columns = {name: column for name, column in taken.columns.items() if (column != UNKNOWN).any()}
    return replace(taken, columns=columns, lists={name: column for name, column in taken.lists.items() if column.known.any()})


def _select_list(column: ListColumn, rows: NDArray[np.int64]) -> ListColumn:
    counts = np.diff(column.offsets)[rows]
    offsets = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    entries = np.arange(offsets[-1]) - np.repeat(offsets[:-1] - column.offsets[rows], counts)
    return ListColumn(column.known[rows], offsets, {name: part[entries] for name, part in column.parts.items()})


def _left_out(column: str, wanted: Wanted) -> str:
    hint = did_you_mean(column, wanted.vocabulary.facts)
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
    """An id as text; sheets make numbers of ids that look like them."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()


def _days(columns: Mapping[str, Distinct | Lists], rows: Rows, wanted: Wanted) -> NDArray[np.int32]:
    if wanted.as_of is not None:
        return np.full(len(rows.bad), wanted.as_of, np.int32)
    column = columns.get(DAY_COLUMN)
    hint = "write the date as 2024-09-03"
    if not isinstance(column, Distinct):
        raise InputError([Fault(rows.name, f"has no column `{DAY_COLUMN}`", "add it, or name the day: --as-of DATE")])
    days: list[int] = []
    for code, raw in enumerate(column.values):
        try:
            days.append(parse_day(str(raw).strip()[:10] if hasattr(raw, "year") else raw))
        except ValueError as error:
            days.append(0)
            rows.wrong(DAY_COLUMN, [Wrong(np.flatnonzero(column.codes == code), str(error), hint)])
    rows.wrong(DAY_COLUMN, [Wrong(np.flatnonzero(column.codes < 0), "is empty", hint)])
    return np.array([*days, 0], np.int32)[column.codes]


def _check_policy(columns: Mapping[str, Distinct | Lists], rows: Rows, wanted: Wanted) -> None:
    column = columns.get(POLICY_COLUMN)
    if wanted.chosen or not isinstance(column, Distinct):
        return
    for code, raw in enumerate(column.values):
        if raw != wanted.policy:
            message = f"`{plain(str(raw)[:60])}` is not the policy of the first row, `{wanted.policy}`"
            hint = "decide the whole file under one: --policy NAME"
            rows.wrong(POLICY_COLUMN, [Wrong(np.flatnonzero(column.codes == code), message, hint)])


def _ahead(days: Numbers, as_of: NDArray[np.int32]) -> list[Wrong]:
    return [
        Wrong(np.array([row]), f"{iso(int(days[row]))} is after the as-of date {iso(int(as_of[row]))}", "correct one of the two")
        for row in np.flatnonzero((days > as_of) & (as_of > 0))
    ]


def first_policy(values: Sequence[object]) -> str | None:
    """The policy that the first row of a file names."""
    return next((str(value) for value in values if value is not None), None)
