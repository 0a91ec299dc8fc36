"""Converts between a `pyarrow.Table` with one column for each fact and a `CaseTable`."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.compute as pc  # type: ignore[import-untyped]
from numpy.typing import NDArray

from kb.bulk import arrays
from kb.bulk.columns_in import DAY_COLUMN, HEADINGS, ID_COLUMN, POLICY_COLUMN, Lists, read_columns
from kb.bulk.distinct import Distinct, Wrong, distinct, read_column
from kb.bulk.reader import CasesRead, Wanted
from kb.bulk.table import HAPPENED, UNKNOWN, WHOLE, CaseTable, ListColumn, Numbers, codes_of, parts_of
from kb.case import MAX_LIST, RECORDED_ON, Moment, moment_text
from kb.dates import iso
from kb.vocabulary.model import Fact, Vocabulary

UNIX_DAY = 719163  # date(1970, 1, 1).toordinal()


def read_arrow(table: Any, name: str, wanted: Wanted, numbers: NDArray[np.int64] | None = None) -> CasesRead:
    """The cases of a `pyarrow.Table`.

    `name` is the file name used in faults; `numbers` are the rows' numbers in the file. Errors: `InputError`.
    """
    columns: dict[str, Distinct | Lists] = {}
    for column in table.column_names:
        fact = wanted.vocabulary.facts.get(column)
        content = _one_chunk(table[column])
        if fact is not None and fact.type.startswith("list") and _is_list(content.type):
            columns[column] = _read_lists(fact, content, wanted.vocabulary)
        elif fact is not None and fact.recurs and _is_list(content.type):
            columns[column] = distinct(
                None if cell is None else json.dumps([_written(day) for day in cell]) for cell in content.to_pylist()
            )
        elif fact is not None or column in HEADINGS:
            columns[column] = distinct_of(content)
        else:
            columns[column] = Distinct([], np.full(len(content), UNKNOWN, np.int64))
    return read_columns(name, columns, table.num_rows, wanted, numbers)


def distinct_of(content: Any) -> Distinct:
    """A column of pyarrow as its distinct values."""
    if pa.types.is_nested(content.type):
        return distinct(None if cell is None else str(cell) for cell in content.to_pylist())
    encoded = content if pa.types.is_dictionary(content.type) else content.dictionary_encode()
    return Distinct(encoded.dictionary.to_pylist(), arrays.as_numpy(encoded.indices, UNKNOWN).astype(np.int64))


def _written(day: Any) -> Any:
    return day.isoformat() if hasattr(day, "isoformat") else day


def _one_chunk(column: Any) -> Any:
    if isinstance(column, pa.ChunkedArray):
        column = column.unify_dictionaries().combine_chunks()
    return column


def _is_list(kind: Any) -> bool:
    return bool(pa.types.is_list(kind) or pa.types.is_large_list(kind))


def _read_lists(fact: Fact, content: Any, vocabulary: Vocabulary) -> Lists:
    """A column of lists. The values of each part are checked once each, and faults are reported for every row they are in."""
    known = arrays.is_known(content)
    lengths = arrays.as_numpy(pc.list_value_length(content), 0).astype(np.int64)
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    owner = np.repeat(np.arange(len(known)), lengths)
    flat = content.flatten()
    wrong: list[Wrong] = []
    parts: dict[str, Numbers] = {}
    is_record = pa.types.is_struct(flat.type)
    described = parts_of(fact)
    if is_record == (WHOLE in described):
        wanted = "codes" if WHOLE in described else "records"
        wrong.append(Wrong(np.flatnonzero(known), f"is not a list of {wanted}", "see `whichteam facts`"))
        return _none_known(len(known), described), wrong
    if is_record:
        names = [field.name for field in flat.type]
        flattened = dict(zip(names, flat.flatten()))
        for extra in set(names) - set(described):
            filled = arrays.is_known(flattened[extra])
            message = f"unknown part `{extra}`, expected " + ", ".join(described)
            wrong.append(Wrong(np.unique(owner[filled]), message, ""))
    else:
        flattened = {WHOLE: flat}
    wrong.append(Wrong(np.unique(owner[~arrays.is_known(flat)]), "`null` is no entry", ""))
    for part, described_part in described.items():
        if part not in flattened:
            parts[part] = np.full(len(flat), UNKNOWN, np.int8)
            continue
        single = Fact(part, described_part.type.removeprefix("list[").removesuffix("]"), part, "", "", "", described_part.values)
        parts[part], found = read_column(single, distinct_of(_one_chunk(flattened[part])), vocabulary)
        wrong += [Wrong(np.unique(owner[one.rows]), one.message, one.hint) for one in found]
        if part == WHOLE:
            wrong.append(_no_team(fact, parts[part], owner, vocabulary))
    wrong.append(Wrong(np.flatnonzero(lengths > MAX_LIST), f"is longer than {MAX_LIST}, the longest list there may be", ""))
    return ListColumn(known, offsets, parts), [one for one in wrong if len(one.rows)]


def _no_team(fact: Fact, numbers: Numbers, owner: NDArray[Any], vocabulary: Vocabulary) -> Wrong:
    """The rows whose list of teams holds something other than a team, such as an outcome or `none`."""
    codes = codes_of(fact, vocabulary)
    teams = fact.type != "list[team]" or np.array([vocabulary.has("team", code) for code in codes])[numbers]
    return Wrong(np.unique(owner[~np.broadcast_to(teams, numbers.shape) & (numbers != UNKNOWN)]), "names what is no team", "")


def _none_known(count: int, described: dict[str, Fact]) -> ListColumn:
    empty = {name: np.zeros(0, np.int8) for name in described}
    return ListColumn(np.zeros(count, np.bool_), np.zeros(count + 1, np.int64), empty)


# Writing -----------------------------------------------------------------------------------


def to_arrow(table: CaseTable, vocabulary: Vocabulary, as_text: bool = False) -> Any:
    """A `pyarrow.Table` that `read_arrow` can read. `as_text`: each list as text in one cell, for CSV."""
    columns: dict[str, Any] = {
        ID_COLUMN: arrays.texts(table.ids),
        POLICY_COLUMN: arrays.coded(np.zeros(len(table), np.int8), [table.policy]),
        DAY_COLUMN: _dates(table.as_of),
    }
    if table.recorded_on is not None:
        columns[RECORDED_ON] = _dates(table.recorded_on, table.recorded_on == UNKNOWN)
    for name, fact in vocabulary.facts.items():
        if name in table.later:
            columns[name] = arrays.texts(_days_of(table.columns[name], table.later[name]))
        elif name in table.columns:
            columns[name] = _as_arrow(fact, table.columns[name], vocabulary)
        elif name in table.lists:
            columns[name] = _lists_as_arrow(fact, table.lists[name], vocabulary)
            if as_text:
                columns[name] = arrays.texts(_texts(columns[name]))
    return arrays.table(columns)


def _as_arrow(fact: Fact, column: Numbers, vocabulary: Vocabulary) -> Any:
    unknown = column == UNKNOWN
    if fact.type == "bool":
        return arrays.truths(column == 1, unknown)
    if fact.type == "date":
        return _dates(column, unknown)
    if fact.type == "int":
        return arrays.numbers(column, unknown)
    if fact.type == "event":
        return _coded(column, unknown, _event)
    if fact.type == "datetime":
        return _coded(column, unknown, lambda minutes: moment_text(Moment(minutes)))
    return arrays.coded(column, codes_of(fact, vocabulary), unknown)


def _dates(days: Numbers, unknown: NDArray[np.bool_] | None = None) -> Any:
    return arrays.numbers(days.astype(np.int32) - np.int32(UNIX_DAY), unknown, pa.date32())


def _coded(column: Numbers, unknown: NDArray[np.bool_], text: Callable[[int], str]) -> Any:
    values, codes = np.unique(column, return_inverse=True)
    texts = [text(int(value)) if value != UNKNOWN else "" for value in values]
    return arrays.coded(codes.astype(np.int32), texts, unknown)


def _event(number: int) -> str:
    return iso(number) if number > HAPPENED else ("false", "true")[number]


def _days_of(first: Numbers, later: ListColumn) -> list[str | None]:
    """The days of each row as text, separated by semicolons."""
    found: list[str | None] = []
    for row, number in enumerate(first.tolist()):
        days = later.parts[WHOLE][later.offsets[row] : later.offsets[row + 1]].tolist()
        found.append(None if number == UNKNOWN else "; ".join(map(_event, [number, *days])))
    return found


def _lists_as_arrow(fact: Fact, column: ListColumn, vocabulary: Vocabulary) -> Any:
    described = parts_of(fact)
    if WHOLE in described:
        entries = _as_arrow(fact, column.parts[WHOLE], vocabulary)
    else:
        fields = [_as_arrow(part, column.parts[name], vocabulary) for name, part in described.items()]
        entries = pa.StructArray.from_arrays(fields, list(described))
    offsets = arrays.numbers(column.offsets.astype(np.int32), np.append(~column.known, False))
    return pa.ListArray.from_arrays(offsets, entries)


def _texts(lists: Any) -> list[str | None]:
    def one(entries: Any) -> str | None:
        if entries is None:
            return None
        plain = [
            {k: v if isinstance(v, (bool, int, str)) else v.isoformat() for k, v in entry.items() if v is not None}
            if isinstance(entry, dict)
            else entry
            for entry in entries
        ]
        return json.dumps(plain)

    return [one(entries) for entries in lists.to_pylist()]
