"""Fixtures for all tests."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def main_module() -> Iterator[None]:
    """Restores `__main__`: Streamlit leaves a page of the app there, which processes that a later test starts would run."""
    before = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = before
