"""Fixtures for all tests."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator

import pytest


@pytest.fixture(scope="session", autouse=True)
def one_time_zone() -> None:
    """A register shows times as local times, so the tests and the processes that they start have one time zone."""
    os.environ["TZ"] = "UTC"
    if sys.platform != "win32":
        time.tzset()


@pytest.fixture(autouse=True)
def main_module() -> Iterator[None]:
    """Restores `__main__`: Streamlit leaves a page of the app there, which processes that a later test starts would run."""
    before = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = before
