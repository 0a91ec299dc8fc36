"""What the tests of the register share: a tiny council, a clock that is set by hand, registers of both kinds."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.register.postgres import Server, running
from tests.register.tiny import install


@pytest.fixture(scope="package", autouse=True)
def council(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of the tiny council's policies, installed for the tests of this folder."""
    folder = tmp_path_factory.mktemp("policies")
    install(folder)
    before = os.environ.get("WHICHTEAM_POLICIES")
    os.environ["WHICHTEAM_POLICIES"] = str(folder)
    yield folder
    if before is None:
        del os.environ["WHICHTEAM_POLICIES"]
    else:
        os.environ["WHICHTEAM_POLICIES"] = before


@pytest.fixture(autouse=True)
def own_register(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test uses the register of whoever runs it."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.delenv("WHICHTEAM_REGISTER", raising=False)


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    yield from running()


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a new register can be made: a file, and a database of a real server."""
    if request.param == "sqlite":
        return str(tmp_path / "kept" / "register.sqlite")
    server: Server = request.getfixturevalue("server")
    return server.database()
