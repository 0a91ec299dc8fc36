"""Fixtures for the tests of the app."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def no_register(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test keeps a case in the register of whoever runs it."""
    monkeypatch.delenv("WHICHTEAM_REGISTER", raising=False)
