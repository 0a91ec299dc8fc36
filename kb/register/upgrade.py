"""Upgrades a register: Alembic runs the steps in `migrations` in one transaction."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from threading import Lock

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

STEPS = Path(__file__).parent / "migrations"
_one_at_a_time = Lock()  # Alembic has global state


@cache
def newest(steps: Path = STEPS) -> str:
    """The name of the version (revision) that this program writes."""
    found = ScriptDirectory(str(steps)).get_current_head()
    assert found is not None
    return found


@cache
def known(name: str, steps: Path = STEPS) -> bool:
    """Whether a version can be upgraded by these steps."""
    return any(step.revision == name for step in ScriptDirectory(str(steps)).walk_revisions())


def form_of(connection: Connection) -> str | None:
    """The name of a register's version; None for an empty database."""
    return MigrationContext.configure(connection).get_current_revision()


def bring_up_to_date(connection: Connection, steps: Path = STEPS) -> None:
    """Runs the steps that a register lacks, within the transaction of the connection."""
    config = Config()
    config.set_main_option("script_location", str(steps).replace("%", "%%"))
    config.attributes["connection"] = connection
    with _one_at_a_time:
        command.upgrade(config, "head")
