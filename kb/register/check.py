"""Checks a register as a database: its file, its version, its tables, and who can read it."""

from __future__ import annotations

import stat
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection

from kb.register import upgrade
from kb.register.schema import metadata
from kb.register.store import Store

ALLOWED = stat.S_IRWXU


def check(store: Store) -> list[str]:
    """The faults found, as sentences. Errors: `InputError` if the register can't be read."""
    found: list[str] = []
    with store.reading() as connection:
        if connection.dialect.name == "sqlite":
            found += _sqlite(connection)
        form = upgrade.form_of(connection)
        if form != upgrade.newest():
            found.append(f"It has the form {form}, expected {upgrade.newest()}.")
        different = compare_metadata(MigrationContext.configure(connection), metadata)
        found += [f"Its tables are not as they were made: {_told(each)}." for each in different]
    if store.place.file is not None:
        found += _rights(store.place.file)
    return found


def _sqlite(connection: Connection) -> list[str]:
    """What SQLite finds in its file, and what was added to it."""
    damage = [row[0] for row in connection.exec_driver_sql("PRAGMA integrity_check(20)") if row[0] != "ok"]
    loose = [row[0] for row in connection.exec_driver_sql("PRAGMA foreign_key_check").fetchmany(20)]
    added = connection.exec_driver_sql("SELECT type, name FROM sqlite_master WHERE type IN ('trigger', 'view')")
    mode = connection.exec_driver_sql("PRAGMA journal_mode").scalar()
    return [
        *(f"The file is damaged: {text}." for text in damage),
        *(f"A row of {table} points to a row that is not there." for table in loose),
        *(f"The {kind} {name} was added to it." for kind, name in added),
        *(["Its journal is not a write-ahead log: readers wait for writers."] if mode != "wal" else []),
    ]


def _rights(file: Path) -> list[str]:
    """Faults in the permissions of the file. Not for Windows, where other users can't access the user's folders."""
    found = []
    for path, kind in ((file.parent, "folder"), (file, "file")):
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & ~ALLOWED and hasattr(path, "owner"):
            found.append(f"Others can get at the {kind} {path} (rights {mode:o}): make it yours alone with chmod go= {path}.")
    return found


def _told(difference: object) -> str:
    """A difference found by Alembic as text: the operation, and the name of the object."""
    parts = difference if isinstance(difference, tuple) else next(iter(difference)) if isinstance(difference, list) else ()
    names = [str(getattr(part, "name", part)) for part in parts if isinstance(part, str) or hasattr(part, "name")]
    return " ".join(names) or "a difference"
