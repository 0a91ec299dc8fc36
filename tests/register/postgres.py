"""A PostgreSQL server of its own, in a folder of its own, without a port, that can be stopped and started."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import create_engine

from tests.intake.test_database import programs


class Server:
    """The server; `address` gives an address, and `database` that of a new empty database."""

    def __init__(self, home: Path):
        self.home = home
        self.user: dict[str, Any] = {"user": "postgres"} if hasattr(os, "geteuid") and os.geteuid() == 0 else {}
        self.folder = Path(tempfile.mkdtemp(prefix="pg"))
        if self.user:
            shutil.chown(self.folder, **self.user)
        self._run("initdb", "-D", str(self.folder / "data"), "-U", "tester", "--auth=trust", "--no-sync", "-E", "UTF8")

    def start(self) -> None:
        options = f"-k {self.folder} -c listen_addresses='' -c fsync=off"
        self._run("pg_ctl", "-D", str(self.folder / "data"), "-o", options, "-l", str(self.folder / "log"), "-w", "start")

    def stop(self) -> None:
        self._run("pg_ctl", "-D", str(self.folder / "data"), "-m", "immediate", "stop")

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self.home / program), *arguments]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=self.folder, **self.user)

    def address(self, database: str = "postgres") -> str:
        return f"postgresql://tester@/{database}?host={self.folder}"

    def database(self) -> str:
        """The address of a new database with nothing in it."""
        name = f"r{uuid4().hex}"
        engine = create_engine(self.address().replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {name}")
        engine.dispose()
        return self.address(name)


def running() -> Iterator[Server]:
    """A server that runs until it is not needed any more."""
    home = programs()
    if home is None and os.environ.get("CI") == "true":
        pytest.fail("PostgreSQL is not installed: .ci/run installs it")
    if home is None:
        pytest.skip("PostgreSQL is not installed")
    server = Server(home)
    server.start()
    try:
        yield server
    finally:
        server.stop()
        shutil.rmtree(server.folder, ignore_errors=True)
