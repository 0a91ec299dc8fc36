"""Spark as a bulk engine: the same SQL, put into Spark's words by sqlglot.

Run here in local mode, for trying. Who has outgrown one machine gives a session of their own:
the SQL needs nothing but the table `cases`.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kb.bulk.bits import WORD
from kb.bulk.table import CaseTable
from kb.engines.bulk.interface import Firings
from kb.engines.bulk.sql import CASES, Planes, Script, script_of
from kb.errors import Fault, InputError
from kb.program import Program

CHUNK = 1 << 20
STEPS_TOGETHER = 8  # statements between two stops, where the plan so far is run and forgotten
SETTINGS = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.memory": "2g",
    "spark.driver.extraJavaOptions": "-XX:-DontCompileHugeMethods",
    "spark.sql.shuffle.partitions": "1",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.optimizer.excludedRules": "org.apache.spark.sql.catalyst.optimizer.CollapseProject",
    "spark.sql.debug.maxToStringFields": "10",
}


class Spark:
    """Runs the statements one after the other; what each gives is kept as a view."""

    def __init__(self, session: Any = None, chunk: int = CHUNK):
        assert chunk % WORD == 0
        self.session = session
        self.chunk = chunk

    def fire(self, program: Program, table: CaseTable) -> Iterator[Firings]:
        script = script_of(program, table)
        session = self.session or local_session()
        for start in range(0, len(table), self.chunk):
            count = min(self.chunk, len(table) - start)
            planes = _run(session, script, start, count)
            yield Firings(program, script.conditions, start, count, planes, script.at)


def local_session() -> Any:
    """A session on this machine only. Errors: `InputError` where pyspark or Java is missing."""
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        raise InputError(
            [Fault("--engine spark", "pyspark is not installed", "install whichteam[spark], or use columns")]
        ) from None
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    builder: Any = SparkSession.builder
    builder = builder.master("local[2]").appName("whichteam")
    for name, value in SETTINGS.items():
        builder = builder.config(name, value)
    try:
        session = builder.getOrCreate()
    except Exception as error:  # pyspark tells a missing Java in several ways
        raise InputError([Fault("--engine spark", f"Spark can't start: {str(error)[:100]}", "is Java 17 installed?")]) from None
    session.sparkContext.setLogLevel("ERROR")
    return session


def _run(session: Any, script: Script, start: int, count: int) -> Planes:
    """The leaves are gathered and joined; from then on each word is a row with an array of all that is known.

    Joining the tables of earlier statements, as DuckDB does, would shuffle all rows for each:
    here the same expressions append to the array, and no row needs another.
    """
    from pyarrow import parquet  # type: ignore[import-untyped]

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "cases.parquet"
        parquet.write_table(script.cases(start, start + count), path)
        cases = session.read.parquet(str(path))
        places: dict[str, int] = {}
        known: Any = None
        for number, statement in enumerate(script.statements):
            made = in_spark(f"[{', '.join(expression for _, expression in statement.columns)}]", places)
            if statement.sources != (CASES,):
                known = known.select("w", _expr(f"CONCAT(a, {made}) AS a"))
            else:
                gathered = cases.groupBy("w").agg(_expr(f"{made} AS b"))
                joined = gathered.withColumn("a", _expr("ARRAY()")) if known is None else known.join(gathered, "w")
                known = joined.select("w", _expr("CONCAT(a, b) AS a"))
            places |= {f"{statement.table}.{name}": len(places) + place for place, (name, _) in enumerate(statement.columns)}
            if number % STEPS_TOGETHER == STEPS_TOGETHER - 1:
                known = known.localCheckpoint()
        rows = [row.a for row in known.orderBy("w").collect()]
    return script.planes(count, lambda table, columns: {c: [row[places[f"{table}.{c}"]] for row in rows] for c in columns})


def _expr(text: str) -> Any:
    from pyspark.sql.functions import expr

    return expr(text)


def in_spark(expression: str, places: dict[str, int]) -> str:
    """An expression in Spark's SQL, with the columns of earlier statements as places of the array `a`."""
    import sqlglot

    placed = re.sub(r"\w+\.[qv]\d+", lambda column: f"a[{places[column[0]] + 1}]", expression)  # DuckDB counts from 1
    return sqlglot.transpile(placed, read="duckdb", write="spark")[0]
