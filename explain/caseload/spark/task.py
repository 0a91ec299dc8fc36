"""The work of one Spark task: Arrow record batches of cases in, batches of results out. Does not import Spark.

Every input row gives one output row: decided, or refused with reasons. Rows are taken some thousands
at a time, so that memory does not grow with the partition.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.compute as pc  # type: ignore[import-untyped]

from explain.caseload.rows import as_rows
from kb.bulk import arrays
from kb.bulk.arrow import distinct_of, read_arrow
from kb.bulk.columns_in import FIRST_ROW, HEADINGS, ID_COLUMN
from kb.bulk.reader import CasesRead, Wanted
from kb.bulk.table import CaseTable
from kb.engines.bulk.columns import Columns
from kb.errors import Fault
from kb.program import Program
from queries.bulk.caseload import decide_steps
from queries.bulk.journeys import last_steps
from queries.bulk.on_file import FIRED, PROGRAM, SEVERAL_WAYS, STEP, Keeping, on_file
from queries.bulk.tally import Count, counts_of
from queries.bulk.teams import summarise

ROWS = 8_192  # rows decided together at most
FILE, ROW, TWICE = "_file", "_row", "_twice"  # columns: file, row counted from 0, other row with the same id
ID, PLACE = "Child", "Read from"  # result columns
REFUSED, COUNTS = "Refused because", "Counts"
PROOF = (PROGRAM, SEVERAL_WAYS, STEP, FIRED)
COUNT = pa.struct([("what", pa.string()), ("of", pa.string()), ("name", pa.string()), ("number", pa.int64())])


@dataclass(frozen=True)
class Asked:
    """Parameters of a task. `name` is what faults call the cases; `firings`: add the columns of the proof."""

    wanted: Wanted
    name: str
    firings: bool = False


@dataclass(frozen=True)
class Chunk:
    """Rows that are decided together: source, row numbers in it, and other rows with the same id."""

    table: Any
    name: str
    numbers: Any
    before: str = ""  # prefix of each row's place
    twice: list[str | None] = field(default_factory=list)


def decided(program: Program, asked: Asked, batches: Iterable[Any], part: int) -> Iterator[Any]:
    """The results for some record batches, in order. `part` is the number of the partition."""
    for chunk in chunks(asked, batches, part):
        yield from results(program, asked, chunk).to_batches()


def chunks(asked: Asked, batches: Iterable[Any], part: int) -> Iterator[Chunk]:
    """Splits batches into chunks of rows from one file, at most `ROWS` each."""
    seen = 0
    for batch in batches:
        for start in range(0, batch.num_rows, ROWS):
            some = pa.Table.from_batches([batch.slice(start, ROWS)])
            for table in _by_file(some):
                yield _chunk(asked, table, part, seen)
                seen += table.num_rows


def _by_file(table: Any) -> Iterator[Any]:
    if FILE not in table.column_names:
        yield table
        return
    codes = distinct_of(table[FILE].combine_chunks()).codes
    starts = [0, *(np.flatnonzero(np.diff(codes)) + 1).tolist()]
    for start, stop in zip(starts, [*starts[1:], len(codes)]):
        yield table.slice(start, stop - start)


def _chunk(asked: Asked, table: Any, part: int, seen: int) -> Chunk:
    facts = table.select([name for name in table.column_names if name not in (FILE, ROW, TWICE)])
    twice = table[TWICE].to_pylist() if TWICE in table.column_names else [None] * table.num_rows
    if ROW not in table.column_names:
        name = f"partition {part}"
        return Chunk(facts, name, np.arange(seen + 1, seen + table.num_rows + 1), f"{name}, ", twice)
    numbers = arrays.as_numpy(table[ROW].combine_chunks(), 0).astype(np.int64) + FIRST_ROW
    if FILE not in table.column_names:
        return Chunk(facts, asked.name, numbers, "", twice)
    name = str(table[FILE][0].as_py())
    return Chunk(facts, name, numbers, f"{name}, ", twice)


def results(program: Program, asked: Asked, chunk: Chunk) -> Any:
    """The rows of a chunk, decided or refused, as a `pyarrow.Table` with the columns of `columns_of`."""
    once = np.array([one is None for one in chunk.twice], np.bool_)
    rest = replace(chunk, table=chunk.table.filter(arrays.truths(once)), numbers=chunk.numbers[once])
    loaded = read_arrow(rest.table, chunk.name, asked.wanted, rest.numbers)
    table = replace(loaded.table, places=[f"{chunk.before}{place}" for place in loaded.table.places])
    refused = _reasons(chunk, loaded)
    good = np.flatnonzero(~np.isin(chunk.numbers, list(refused)))
    bad = np.flatnonzero(np.isin(chunk.numbers, list(refused)))
    columns, counts = _answers(program, asked, table)
    counts += [("refused", "", "rows", len(bad)), ("refused", "", "faults", sum(map(len, refused.values())))]
    made = pa.concat_tables([pa.table(columns), _refused(pa.table(columns).schema, chunk, bad, refused)])
    made = made.take(arrays.numbers(np.argsort(np.concatenate([good, bad]), kind="stable")))
    return made.append_column(COUNTS, _on_first_row(counts, len(made))).combine_chunks()


def _reasons(chunk: Chunk, loaded: CasesRead) -> dict[int, list[str]]:
    """Why rows are refused, by row number."""
    by_row: dict[int, list[str]] = {}
    for number, fault in zip(loaded.fault_rows, loaded.faults):
        by_row.setdefault(number, []).append(str(fault))
    for row in (row for row, other in enumerate(chunk.twice) if other is not None):
        number, case_id = int(chunk.numbers[row]), chunk.table[ID_COLUMN][row].as_py()
        message = f"case id `{str(case_id).strip()}` is used by {chunk.twice[row]} too"
        where = f"{chunk.name}: row {number}, column `{ID_COLUMN}`"
        by_row[number] = [str(Fault(where, message, "give each case its own id"))]
    return by_row


def _answers(program: Program, asked: Asked, table: CaseTable) -> tuple[dict[str, Any], list[Count]]:
    """The result columns of the valid cases, and their counts."""
    steps = last_steps(program, table)
    keeping = Keeping(program, steps, Columns()) if asked.firings else None
    caseload = decide_steps(program, table, steps, keeping or Columns())
    rows = as_rows(caseload, most_first=False)  # a ranking would cover this task's children only
    columns = {name: _whole(rows[name]) for name in rows.column_names}
    if keeping is not None:
        proof = on_file(program, steps, keeping.fired)
        columns |= {name: proof[name] for name in PROOF}
    columns[REFUSED] = pa.nulls(len(table), pa.list_(pa.string()))
    return columns, list(counts_of(summarise(caseload)))


def _whole(column: Any) -> Any:
    """A column as one chunk, with `large_string` cast to `string`."""
    column = column.combine_chunks()
    return column.cast(pa.string()) if pa.types.is_large_string(column.type) else column


def _refused(schema: Any, chunk: Chunk, rows: Any, reasons: dict[int, list[str]]) -> Any:
    """Refused rows in the columns of the results: id, place and reasons."""
    numbers = chunk.numbers[rows].tolist()
    known = {
        ID: pc.cast(chunk.table[ID_COLUMN].combine_chunks().take(arrays.numbers(rows)), pa.string()),
        PLACE: arrays.texts([f"{chunk.before}row {number}" for number in numbers]),
        REFUSED: pa.array([reasons[number] for number in numbers], pa.list_(pa.string())),
    }
    return pa.table({name: known.get(name, pa.nulls(len(rows), schema.field(name).type)) for name in schema.names}, schema=schema)


def _on_first_row(counts: list[Count], rows: int) -> Any:
    """A column with the counts of a chunk in its first row, null elsewhere."""
    rows_of_counts = [dict(zip(("what", "of", "name", "number"), count)) for count in counts]
    return pa.array([rows_of_counts, *[None] * (rows - 1)][:rows], pa.list_(COUNT))


def columns_of(program: Program, asked: Asked) -> Any:
    """The pyarrow schema of the results, obtained by deciding an empty chunk."""
    nobody = pa.table({name: arrays.texts([]) for name in HEADINGS})
    chunk = Chunk(nobody, asked.name, np.zeros(0, np.int64))
    return results(program, asked, chunk).schema
