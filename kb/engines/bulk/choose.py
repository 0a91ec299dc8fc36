"""The bulk engines by name; only the chosen one is imported."""

from __future__ import annotations

from kb.engines.bulk.interface import BulkEngine
from kb.errors import Fault, InputError, did_you_mean


def _columns() -> BulkEngine:
    from kb.engines.bulk.columns import Columns

    return Columns()


def _duckdb() -> BulkEngine:
    from kb.engines.bulk.duckdb import DuckDB

    return DuckDB()


ENGINES = {"columns": _columns, "duckdb": _duckdb}
SPARK = "spark"  # reads the cases itself and runs the columns engine in its tasks: explain/caseload/spark


def engine_named(name: str) -> BulkEngine:
    """The engine of a name. Errors: `InputError` if there is none."""
    if name not in ENGINES:
        known = (*ENGINES, SPARK)
        hint = did_you_mean(name, known) or "engines: " + ", ".join(known)
        raise InputError([Fault("--engine", f"there is no engine `{name}`", hint)])
    return ENGINES[name]()
