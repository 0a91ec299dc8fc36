"""The version of this program. It is said here only: `pyproject.toml` takes it from this file."""

from __future__ import annotations

VERSION = "0.1.0"


def own_version() -> str:
    """The version of the program that is running."""
    return VERSION
