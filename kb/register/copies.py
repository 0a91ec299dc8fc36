"""Copies of a register: a backup is a file of its own (SQLite) wherever the register is, and can be put back into either.

A backup is a copy of one moment, whole or not at all, for its owner's eyes only.
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
    """Writes a copy of the register to a new file. Errors: `InputError`; nothing is left of it then."""
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
    """An empty file beside another, for its owner only. Errors: `InputError`; nothing is left of it after an error."""
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
    """One moment of a register in SQLite. Errors: `sqlite3.Error`."""
    with contextlib.closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=rw", uri=True)) as connection:
        connection.execute("VACUUM INTO ?", (str(made),))


def _copy_out(store: Store, made: Path) -> None:
    """One moment of a register in PostgreSQL, row by row."""
    engine = sqlite_engine(made)
    with store.reading() as source, transaction(engine) as target:
        upgrade.bring_up_to_date(target)
        copy_rows(source, target)
    engine.dispose()


def copy_rows(source: Connection, target: Connection) -> int:
    """Copies every row of every table, and gives their number. The target's tables are empty."""
    copied = 0
    for table in (entries, *DATA):
        order = [table.c.seq] if table is entries else [table.c.entry, table.c.n]
        found = source.execution_options(yield_per=TOGETHER).execute(select(table).order_by(*order))
        for some in found.mappings().partitions(TOGETHER):
            target.execute(insert(table), [dict(row) for row in some])
            copied += len(some)
    return copied


def restore(place: Place, backup: Path, replace: bool, store: Store | None) -> tuple[Audited, Path | None]:
    """Puts a backup in the place of a register, in one transaction.

    store    the register that is there, if there is one; with entries of its own it is replaced only if `replace` says so,
             and a copy of it is kept beside it (or beside the backup)
    Gives the audit of the backup, and where the copy is. Errors: `InputError`; nothing has changed then.
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
    """A copy of the register that is to be replaced; None where it holds nothing. Errors: `InputError`."""
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
    """A register with tables and no rows but its first entry, which the copy replaces."""
    from kb.register.store import open_store

    if place.file is not None:
        return open_store(str(place.file), make=True)
    store = Store(place, engine_of(place))
    begin(store)
    return store
