"""Decides a Spark DataFrame of cases in any session: one row a child in, one row a child out.

    from explain.caseload.spark.frame import children, decide_dataframe, refused
    from queries.load import load_program

    decided = decide_dataframe(cases, load_program("blackpool")).persist()
    children(decided).write.parquet("results")
    refused(decided).write.parquet("refused")

`cases` has the columns that `whichteam caseload` reads from Parquet: `case_id`, `as_of` and our fact names.
Each task decides some thousand rows at a time with the columns engine. The program is sent to each worker
once, so workers need the same version of this package. Spark recomputes a DataFrame each time it is used:
`persist` or write it before asking it several things.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from explain.caseload.spark.task import (
    COUNTS,
    FILE,
    ID,
    PLACE,
    PROOF,
    REFUSED,
    ROW,
    TWICE,
    Asked,
    columns_of,
    decided,
)
from kb.bulk import arrays
from kb.bulk.arrow import read_arrow
from kb.bulk.columns_in import FIRST_ROW, HEADINGS, ID_COLUMN
from kb.bulk.reader import Wanted
from kb.errors import Fault, InputError, plain
from kb.program import Program
from queries.bulk.on_file import CHILD
from queries.bulk.tally import summary_of
from queries.bulk.teams import Summary

NAME = "cases"


def decide_dataframe(
    cases: Any,
    program: Program,
    as_of: int | None = None,
    any_policy: bool = False,
    firings: bool = False,
    check_ids: bool = True,
    name: str = NAME,
) -> Any:
    """One row for each row of `cases`: the columns of `whichteam caseload`, or why the row was refused.

    as_of       day of the answers as an ordinal, instead of the cases' own
    any_policy  also decide rows whose column `policy` names another policy than the program's
    firings     add the columns from which each child's proof can be read (see `firings`)
    check_ids   refuse rows whose id occurs twice; takes a pass over the ids. With the columns `_file` and
                `_row` (see `with_places`) the first row of an id is decided
    name        what faults call the cases

    Errors: `InputError` for faults of the columns.
    """
    from pyspark.sql.pandas.types import from_arrow_schema

    wanted = Wanted(program.policy.code, program.policy.vocabulary, as_of, any_policy)
    asked = Asked(wanted, name, firings)
    notes_on(cases, wanted, name)
    kept = [column for column in cases.columns if column in (*HEADINGS, FILE, ROW) or column in wanted.vocabulary.recorded]
    schema = from_arrow_schema(columns_of(program, asked))
    rows = cases.select(*map(_quoted, kept))
    rows = _with_twice(rows, name) if check_ids else rows
    program_sent = cases.sparkSession.sparkContext.broadcast(program)

    def task(batches: Iterable[Any]) -> Iterator[Any]:
        from pyspark import TaskContext

        context: Any = TaskContext.get()
        return decided(program_sent.value, asked, batches, context.partitionId())

    return rows.mapInArrow(task, schema)


def notes_on(cases: Any, wanted: Wanted, name: str = NAME) -> tuple[str, ...]:
    """Notes on ignored columns. Errors: `InputError` if a required column is missing or a column occurs twice."""
    columns = [column for column in cases.columns if column not in (FILE, ROW)]
    twice = sorted({column for column in columns if columns.count(column) > 1})
    if twice:
        raise InputError([Fault(name, f"column `{plain(column)}` is there twice", "keep one of them") for column in twice])
    return read_arrow(arrays.table({column: arrays.texts([]) for column in columns}), name, wanted).notes


def with_places(cases: Any, several_files: bool) -> Any:
    """Adds the columns `_row` and, for several files, `_file`; only for a DataFrame just read from Parquet."""
    places = {ROW: "_metadata.row_index"} | ({FILE: "_metadata.file_name"} if several_files else {})
    own = [_quoted(column) for column in cases.columns if column not in (FILE, ROW)]
    return cases.selectExpr(*own, *(f"{source} AS {column}" for column, source in places.items()))


def in_parts(cases: Any, parts: int) -> Any:
    """Repartitions cases in their order. One Parquet file may otherwise be a single partition, decided by one task."""
    order = [column for column in (FILE, ROW) if column in cases.columns]
    return cases.repartitionByRange(parts, *order).sortWithinPartitions(*order)


def _quoted(column: str) -> str:
    return f"`{column.replace('`', '``')}`"


def _with_twice(rows: Any, name: str) -> Any:
    """Adds a column that names another row with the same id; null if the row is to be decided."""
    from pyspark.sql import functions

    order = [column for column in (FILE, ROW) if column in rows.columns]
    case_id = functions.trim(functions.col(ID_COLUMN).cast("string"))
    ids = rows.select(case_id.alias("_id"), functions.struct(*order).alias("_at") if order else functions.lit(0).alias("_at"))
    several = ids.groupBy("_id").agg(functions.count("*").alias("_count"), functions.min("_at").alias("_first"))
    several = several.where("_count > 1 AND _id IS NOT NULL AND _id != ''")
    joined = rows.join(functions.broadcast(several), case_id == functions.col("_id"), "left")
    return joined.withColumn(TWICE, functions.expr(_other(order))).drop("_id", "_count", "_first")


def _other(order: list[str]) -> str:
    """SQL expression that names the other rows with an id."""
    if ROW not in order:
        return "CASE WHEN _count > 1 THEN concat(_count - 1, IF(_count > 2, ' other rows', ' other row')) END"
    same = " AND ".join(f"_first.{column} = {column}" for column in order)
    place = f"concat('row ', _first.{ROW} + {FIRST_ROW})"
    place = f"concat(_first.{FILE}, ' ', {place})" if FILE in order else place
    return f"CASE WHEN _count > 1 AND NOT ({same}) THEN {place} END"


# Results -------------------------------------------------------------------------


def children(frame: Any) -> Any:
    """The decided rows, with the columns that `whichteam caseload --out` writes."""
    return frame.where(f"`{REFUSED}` IS NULL").drop(REFUSED, COUNTS, *PROOF)


def refused(frame: Any) -> Any:
    """The refused rows: id, place and reasons."""
    return frame.where(f"`{REFUSED}` IS NOT NULL").select(ID, PLACE, REFUSED)


def firings(frame: Any) -> Any:
    """The columns from which each child's proof can be read (`queries.bulk.on_file`); only if `firings` was requested."""
    return frame.where(f"`{REFUSED}` IS NULL").selectExpr(f"`{ID}` AS {CHILD}", *PROOF)


def numbers(frame: Any, program: Program) -> tuple[Summary, int, int]:
    """The summary, the number of refused rows, and the number of faults. Spark adds up the counts of the tasks."""
    each = frame.where(f"`{COUNTS}` IS NOT NULL").selectExpr(f"inline(`{COUNTS}`)")
    summed = each.groupBy("what", "of", "name").agg({"number": "sum"}).collect()
    counts = [(row[0], row[1], row[2], int(row[3])) for row in summed]
    refusals = {name: number for what, _, name, number in counts if what == "refused"}
    return summary_of([c for c in counts if c[0] != "refused"], program), refusals.get("rows", 0), refusals.get("faults", 0)
