"""DuckDB as a bulk engine: the SQL of a program, run inside this process and in memory."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from kb.bulk.bits import ALL, NONE, WORD, words
from kb.bulk.conditions import BulkConditions
from kb.bulk.table import CaseTable
from kb.engines.bulk.interface import Firings
from kb.engines.bulk.plan import FALSE, TRUE, make_plan
from kb.engines.bulk.sql import CaseColumns, Script, write_sql
from kb.program import Program

CHUNK = 1 << 20  # cases; planning the statements is most of the time of fewer


class DuckDB:
    """Runs the statements one after the other, a temporary table each."""

    def __init__(self, chunk: int = CHUNK, threads: int = 0):
        assert chunk % WORD == 0
        self.chunk = chunk
        self.threads = threads

    def fire(self, program: Program, table: CaseTable) -> Iterator[Firings]:
        import duckdb

        halves = program.halves
        conditions = BulkConditions(table, program.policy.vocabulary)
        plan = make_plan(halves, [n for n in halves.conditions if conditions.is_unknown(halves.atoms[n])])
        columns = CaseColumns(conditions)
        script = write_sql(halves, plan, columns)
        used, at = np.unique(np.array(plan.fired, np.int64), return_inverse=True)
        for start in range(0, len(table), self.chunk):
            count = min(self.chunk, len(table) - start)
            with duckdb.connect(":memory:", config={"enable_external_access": "false"}) as connection:
                if self.threads:
                    connection.execute(f"SET threads = {self.threads}")
                connection.execute("SET disabled_optimizers = 'join_order,statistics_propagation,common_subexpressions'")
                connection.register("cases", columns.table(start, start + count))
                for statement in script.statements:
                    connection.execute(f"CREATE TEMP TABLE {statement.table} AS {statement.select}")
                planes = np.empty((len(used), words(count)), np.uint64)
                _fetch(connection, script, used.tolist(), planes)
            yield Firings(program, conditions, start, count, planes, at)


def _fetch(
    connection: object, script: Script, values: list[int], planes: np.ndarray[tuple[int, int], np.dtype[np.uint64]]
) -> None:
    """The planes of some values, each from the table in which it stands."""
    by_table: dict[str, list[tuple[int, str]]] = {}
    for row, value in enumerate(values):
        if value in (FALSE, TRUE):
            planes[row] = ALL if value == TRUE else NONE
        else:
            table, column = script.places[value]
            by_table.setdefault(table, []).append((row, column))
    for table, wanted in by_table.items():
        found = connection.execute(f"SELECT w, {', '.join(column for _, column in wanted)} FROM {table} ORDER BY w").fetchnumpy()  # type: ignore[attr-defined]
        for row, column in wanted:
            planes[row] = found[column].view(np.uint64)
