"""A PostgreSQL server of its own, in a folder of its own, without a port, that can be stopped and started."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import create_engine

from tests.intake.test_database import programs


class Server:
    """The server; `address` gives an address, and `database` that of a new empty database."""

    def __init__(self, home: Path, within: Path | None = None, fsync: bool = False):
        self.home, self.fsync = home, fsync
        self.user: dict[str, Any] = {"user": "postgres"} if hasattr(os, "geteuid") and os.geteuid() == 0 else {}
        self.folder = Path(tempfile.mkdtemp(prefix="pg", dir=within))
        if self.user:
            shutil.chown(self.folder, **self.user)
        self._run("initdb", "-D", str(self.folder / "data"), "-U", "tester", "--auth=trust", "--no-sync", "-E", "UTF8")

    def start(self) -> None:
        options = f"-k {self.folder} -c listen_addresses='' -c fsync={'on' if self.fsync else 'off'}"
        self._run("pg_ctl", "-D", str(self.folder / "data"), "-o", options, "-l", str(self.folder / "log"), "-w", "start")

    def stop(self) -> None:
        self._run("pg_ctl", "-D", str(self.folder / "data"), "-m", "immediate", "stop")

    def kill(self) -> None:
        """Ends the server as a power cut does: signal 9 to each of its processes."""
        held = self.folder / "data" / "postmaster.pid"
        head = int(held.read_text().split("\n")[0])
        os.kill(head, signal.SIGSTOP)  # it starts no more of them
        every = [head, *map(int, Path(f"/proc/{head}/task/{head}/children").read_text().split())]
        for process in every:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        while not all(map(_ended, every)):
            time.sleep(0.01)
        for left in (held, *self.folder.glob(".s.PGSQL*")):  # nobody may have taken note that it ended
            left.unlink(missing_ok=True)

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


def _ended(process: int) -> bool:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] in "ZX"
    return True


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
