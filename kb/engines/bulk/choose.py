"""The bulk engines by name; only the chosen one is imported."""

from __future__ import annotations

from importlib import import_module

from kb.engines.bulk.interface import BulkEngine
from kb.errors import Fault, InputError, did_you_mean

ENGINES = {
    "columns": ("kb.engines.bulk.columns", "Columns"),
    "duckdb": ("kb.engines.bulk.duckdb", "DuckDB"),
}
SPARK = "spark"  # reads the cases itself and runs the columns engine in its tasks: explain/caseload/spark


def engine_named(name: str) -> BulkEngine:
    """The engine of a name. Errors: `InputError` if there is none, or if its package is not installed."""
    if name not in ENGINES:
        known = (*ENGINES, SPARK)
        hint = did_you_mean(name, known) or "engines: " + ", ".join(known)
        raise InputError([Fault("--engine", f"there is no engine `{name}`", hint)])
    module, what = ENGINES[name]
    engine: BulkEngine = getattr(import_module(module), what)()
    return engine
