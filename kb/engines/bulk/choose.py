"""The bulk engines by name; only the one that is asked for is loaded."""

from __future__ import annotations

from importlib import import_module

from kb.engines.bulk.interface import BulkEngine
from kb.errors import Fault, InputError, did_you_mean

ENGINES = {
    "columns": ("kb.engines.bulk.columns", "Columns"),
    "duckdb": ("kb.engines.bulk.duckdb", "DuckDB"),
}
SPARK = "spark"  # holds the cases itself and runs the columns engine in its tasks: explain/caseload/spark


def engine_named(name: str) -> BulkEngine:
    """The engine of a name. Errors: `InputError`, also where what it needs is not installed."""
    if name not in ENGINES:
        known = (*ENGINES, SPARK)
        hint = did_you_mean(name, known) or "engines: " + ", ".join(known)
        raise InputError([Fault("--engine", f"there is no engine `{name}`", hint)])
    module, what = ENGINES[name]
    engine: BulkEngine = getattr(import_module(module), what)()
    return engine
