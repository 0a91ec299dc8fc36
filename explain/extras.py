"""The parts that a small installation leaves out, and what to say where one is asked for."""

from __future__ import annotations

from importlib.util import find_spec

from kb.errors import Fault, InputError

#: The package that a part cannot do without, and the extra of pyproject.toml that brings it.
EXTRA_OF = {
    "duckdb": "caseload",
    "pyarrow": "caseload",
    "openpyxl": "documents",
    "docx": "documents",
    "pypdf": "documents",
    "pyspark": "spark",
    "sqlalchemy": "register",
    "alembic": "register",
    "psycopg": "sql",
    "streamlit": "app",
}


def missing(error: ModuleNotFoundError) -> Fault | None:
    """What to say of a package that is not installed; None where no extra brings it."""
    package = (error.name or "").partition(".")[0]
    return _fault(package) if package in EXTRA_OF else None


def needed(package: str) -> None:
    """Makes sure of a package before it is used by another process. Errors: `InputError`."""
    if find_spec(package) is None:
        raise InputError([_fault(package)])


def _fault(package: str) -> Fault:
    extra = EXTRA_OF[package]
    message = f"this needs the package `{package}`, which is not installed"
    hint = f'it comes with the extra `{extra}`: pip install "WHEEL[{extra}]", or ".[{extra}]" in the project'
    return Fault("whichteam", message, hint)
