"""DuckDB as a bulk engine: runs the SQL of a program in this process, in memory."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kb.bulk.bits import WORD
from kb.bulk.table import CaseTable
from kb.engines.bulk.interface import Firings
from kb.engines.bulk.sql import Planes, Script, script_of
from kb.program import Program

CHUNK = 1 << 20  # cases; with fewer, most of the time goes into planning the statements


class DuckDB:
    """Runs the statements one after the other, each into a temporary table."""

    def __init__(self, chunk: int = CHUNK, threads: int = 0):
        assert chunk % WORD == 0
        self.chunk = chunk
        self.threads = threads

    def fire(self, program: Program, table: CaseTable) -> Iterator[Firings]:
        script = script_of(program, table)
        for start in range(0, len(table), self.chunk):
            count = min(self.chunk, len(table) - start)
            planes = self._run(script, start, count)
            yield Firings(program, script.conditions, start, count, planes, script.at)

    def _run(self, script: Script, start: int, count: int) -> Planes:
        import duckdb

        with duckdb.connect(":memory:", config={"enable_external_access": "false"}) as connection:
            if self.threads:
                connection.execute(f"SET threads = {self.threads}")
            connection.register("cases", script.cases(start, start + count))
            for statement in script.statements:
                connection.execute(f"CREATE TEMP TABLE {statement.table} AS {statement.select}")

            def ask(made: str, columns: list[str]) -> dict[str, Any]:
                found: dict[str, Any] = connection.execute(f"SELECT {', '.join(columns)} FROM {made} ORDER BY w").fetchnumpy()
                return found

            return script.planes(count, ask)
