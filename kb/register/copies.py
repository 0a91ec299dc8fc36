"""Backs up and restores a register. A backup is an SQLite file, also of a register in PostgreSQL.

It is a consistent copy of one moment that only its owner can read, and can be restored into SQLite or PostgreSQL. If an
error occurs, no incomplete backup is left.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Connection, delete, func, insert, select

from kb import output
from kb.errors import Fault, InputError
from kb.register import upgrade
from kb.register.audit import Audited, audit
from kb.register.faults import told
from kb.register.place import Place
from kb.register.schema import DATA, entries
from kb.register.store import Store, begin, engine_of, sqlite_engine, transaction

TOGETHER = 1_000  # rows that are copied at a time
ENDS = ("-wal", "-shm", "-journal")


def back_up(store: Store, file: Path) -> None:
    """Writes a copy of the register to a new file. Errors: `InputError`; the file is then removed."""
    if os.path.lexists(file):
        raise InputError([Fault(str(file), "is there already", "name another file for the backup")])
    output.make_folder(file.parent)
    with _beside(file) as made:
        if store.place.file is not None:
            _copy_file(store.place.file, made)
        else:
            _copy_out(store, made)
        descriptor = os.open(made, os.O_RDWR)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        os.rename(made, file)


@contextlib.contextmanager
def _beside(file: Path) -> Iterator[Path]:
    """An empty temporary file beside another, readable by its owner only. It is removed on errors. Errors: `InputError`."""
    made = output.beside(file)
    try:
        os.close(os.open(made, os.O_CREAT | os.O_EXCL | os.O_WRONLY, output.PRIVATE))
        yield made
    except sqlite3.Error as error:
        raise InputError([Fault(str(file), f"can't be written: {error}", "name another place")]) from None
    except OSError as error:
        raise InputError(
            [Fault(str(file), f"can't be written: {(error.strerror or 'not possible').lower()}", "name another place")]
        ) from None
    finally:
        for left in (made, *(made.with_name(made.name + end) for end in ENDS)):
            with contextlib.suppress(OSError):
                left.unlink(missing_ok=True)


def _copy_file(source: Path, made: Path) -> None:
    """Copies a register in SQLite to the file `made`. Errors: `sqlite3.Error`."""
    with contextlib.closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=rw", uri=True)) as connection:
        connection.execute("VACUUM INTO ?", (str(made),))


def _copy_out(store: Store, made: Path) -> None:
    """Copies a register in PostgreSQL to the file `made`, row by row in one transaction."""
    engine = sqlite_engine(made)
    with store.reading() as source, transaction(engine) as target:
        upgrade.bring_up_to_date(target)
        copy_rows(source, target)
    engine.dispose()


def copy_rows(source: Connection, target: Connection) -> int:
    """Copies every row of every table to empty tables. Returns the number of rows."""
    copied = 0
    for table in (entries, *DATA):
        order = [table.c.seq] if table is entries else [table.c.entry, table.c.n]
        found = source.execution_options(yield_per=TOGETHER).execute(select(table).order_by(*order))
        for some in found.mappings().partitions(TOGETHER):
            target.execute(insert(table), [dict(row) for row in some])
            copied += len(some)
    return copied


def restore(place: Place, backup: Path, replace: bool, store: Store | None) -> tuple[Audited, Path | None]:
    """Replaces the content of a register by a backup, in one transaction.

    store    the existing register, if any. If it has entries, it is replaced only with `replace`, and a copy of it is kept
             beside it (or beside the backup)

    Returns the audit of the backup, and the place of the copy. Errors: `InputError`; nothing has changed then.
    """
    if not backup.is_file():
        raise InputError([Fault(str(backup), "there is no such file", "check the path")])
    with tempfile.TemporaryDirectory(prefix="whichteam-") as folder:
        copy = Path(folder) / "backup.sqlite"
        shutil.copyfile(backup, copy)
        copied = Store(Place(file=copy), sqlite_engine(copy))
        with copied.reading() as connection:
            form = upgrade.form_of(connection)
        if form is None or not upgrade.known(form):
            raise InputError([Fault(str(backup), "is no backup of a register, or of a later version", "name another file")])
        begin(copied)
        checked = audit(copied)
        if checked.findings:
            first = checked.findings[0]
            raise InputError([Fault(str(backup), f"was changed behind its back: {first}", "name another backup")])
        kept = _set_aside(store, backup, replace) if store is not None else None
        target = store if store is not None else _empty(place)
        with told(target.place), transaction(target.engine) as into, copied.reading() as source:
            for table in reversed((entries, *DATA)):
                into.execute(delete(table))
            copy_rows(source, into)
        copied.engine.dispose()
    return checked, kept


def _set_aside(store: Store, backup: Path, replace: bool) -> Path | None:
    """Makes a copy of the register to be replaced and returns its place; None if it is empty. Errors: `InputError`."""
    with store.reading() as connection:
        count = connection.execute(select(func.count()).select_from(entries)).scalar_one()
    if count <= 1:
        return None
    if not replace:
        message = f"holds {count:,} entries, which a restore would replace"
        raise InputError([Fault(str(store.place), message, "add --replace; a copy of what is there is kept")])
    home = store.place.file if store.place.file is not None else backup
    kept = home.with_name(f"{home.stem}-before-restore-{store.clock().strftime('%Y%m%d-%H%M%S')}.sqlite")
    back_up(store, kept)
    return kept


def _empty(place: Place) -> Store:
    """A new register with only its first entry, which the copy replaces."""
    from kb.register.store import open_store

    if place.file is not None:
        return open_store(str(place.file), make=True)
    store = Store(place, engine_of(place))
    begin(store)
    return store
