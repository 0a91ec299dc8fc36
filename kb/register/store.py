"""Opens a register, reads from it, and writes to it.

A change is one transaction with one or more entries of the log. Only one transaction writes at a time (SQLite: BEGIN
IMMEDIATE; PostgreSQL: an advisory lock), so that each entry is chained to the one before. Readers see the register as it was
when they began, and do not wait for writers.
"""

from __future__ import annotations

import contextlib
import os
import random
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import uuid4

from sqlalchemy import Connection, Engine, Table, create_engine, delete, event, insert, select
from sqlalchemy.pool import NullPool

from kb import output
from kb.errors import Fault, InputError, shown
from kb.register import upgrade
from kb.register.chain import FIRST, Head, Name, entry_hash, new_salt, row_digest, rows_text
from kb.register.faults import told
from kb.register.place import Place, place_of
from kb.register.schema import DATA, MOST_NAME, children, entries, register

WAIT = 60_000  # milliseconds that a change waits for others
MOST_TO_CONNECT = 10  # seconds until a server that does not answer is given up
LOCK = 0x77686963  # PostgreSQL's advisory lock of the writers
SET_UP = (
    "foreign_keys=ON",
    "synchronous=FULL",  # committed changes survive a power cut
    "secure_delete=ON",  # erased rows are overwritten in the file
    "trusted_schema=OFF",  # functions in the schema of the file are not run
)
WRITES = "whichteam_writes"
MAKE_ONE = "whichteam register add CHILD makes it; or set WHICHTEAM_REGISTER to where it is"

Clock = Callable[[], datetime]
Row = Mapping[str, Any]


def now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Store:
    """An open register. `clock` gives the time that entries are written with."""

    place: Place
    engine: Engine
    clock: Clock = now

    @contextlib.contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection with a consistent view of the register as it is now. Errors: `InputError`."""
        with told(self.place):
            options = {} if self.place.address is None else {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
            with self.engine.connect().execution_options(**options) as connection:
                yield connection

    @contextlib.contextmanager
    def writing(self) -> Iterator[Writer]:
        """A transaction that writes: committed at the end of the block, rolled back on an exception. Errors: `InputError`."""
        with told(self.place), transaction(self.engine) as connection:
            yield Writer(connection, self.clock)


class Writer:
    """A transaction in progress. Nobody else can write until it ends."""

    def __init__(self, connection: Connection, clock: Clock):
        self.connection = connection
        last = connection.execute(
            select(entries.c.seq, entries.c.at, entries.c.hash).order_by(entries.c.seq.desc()).limit(1)
        ).first()
        self.head = Head(last.seq, last.hash) if last is not None else None
        at = moment(clock())
        self.salts: dict[Any, str] = {}
        self.at = at if last is None else max(at, str(last.at))  # times stay in order if the clock was set back

    @property
    def next(self) -> int:
        """The number of the entry to be written next."""
        return 1 if self.head is None else self.head.seq + 1

    def entry(
        self,
        by: str,
        what: str,
        rows: Sequence[tuple[Table, Row]] = (),
        child: int | None = None,
        reverses: int | None = None,
        removed: Sequence[Name] = (),
    ) -> int:
        """Writes an entry with its rows, removes other rows, and returns the number of the entry.

        child     id of the child that it is about
        reverses  number of the entry that it undoes
        removed   rows to remove, by table, entry and number
        """
        seq = self.next
        written: list[tuple[str, int, str]] = []
        of_table: dict[str, list[Row]] = {}
        for table, values in rows:
            of_table.setdefault(table.name, [])
            n = len(of_table[table.name])
            row = {"entry": seq, "n": n, **{c.name: values.get(c.name) for c in table.c if c.name not in ("entry", "n")}}
            of_table[table.name].append(row)
            if table is children:
                self.salts[row["child"]] = str(row["salt"])
            written.append((table.name, n, row_digest(self._salt(row.get("child"), table), table.name, row)))
        for table in DATA:
            if table.name in of_table:
                self.connection.execute(insert(table), of_table[table.name])
        for name, entry, n in removed:
            table = next(table for table in DATA if table.name == name)
            self.connection.execute(delete(table).where(table.c.entry == entry, table.c.n == n))
        told = {"seq": seq, "at": self.at, "by": by, "what": what, "child": child, "reverses": reverses}
        told["rows"] = rows_text(written, removed)
        digest = entry_hash(FIRST if self.head is None else self.head.hash, told)
        self.connection.execute(insert(entries).values(**told, hash=digest))
        self.head = Head(seq, digest)
        return seq

    def _salt(self, child: Any, table: Table) -> str:
        """The salt of a row: that of its child, or the register's own."""
        if not has_salt_of_child(table):
            return str(self.connection.execute(select(register.c.salt)).scalar_one())
        if child not in self.salts:
            self.salts[child] = str(
                self.connection.execute(select(children.c.salt).where(children.c.child == child)).scalar_one()
            )
        return self.salts[child]


def has_salt_of_child(table: Table) -> bool:
    """Whether the rows of a table are hashed under the salt of a child: those that a child's erasure removes."""
    return any(key.column.table is children for key in table.foreign_keys) or table is children


def sweep(store: Store) -> bool:
    """Removes erased rows from SQLite's write-ahead log. In the file itself they are overwritten (`secure_delete`).

    Returns False if another program is reading: the log then keeps them until that program ends.
    """
    if store.place.file is None:
        return True
    address = f"{store.place.file.absolute().as_uri()}?mode=rw"
    with contextlib.closing(sqlite3.connect(address, uri=True, timeout=5)) as connection:
        busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return not busy


# Moments ------------------------------------------------------------------------------------


def moment(when: datetime) -> str:
    """A time as the register writes it: UTC, to the microsecond, so that texts sort as times do."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def end_of(day: str) -> str:
    """The moment at which a day (ISO) ends in local time. What was recorded before it was known on that day."""
    return moment(datetime.combine(datetime.fromisoformat(day).date() + timedelta(days=1), datetime.min.time()).astimezone())


def local(at: str) -> datetime:
    """A moment of the register as local time."""
    return datetime.fromisoformat(at).astimezone()


# Names and texts that people give -----------------------------------------------------------


def checked_text(raw: str, where: str, most: int, what: str) -> str:
    """A text of a person, without blanks around it. Errors: `InputError` if it is empty, too long or no text."""
    text = raw.strip()
    if not text:
        raise InputError([Fault(where, "is empty", f"write {what}")])
    if len(text) > most:
        raise InputError([Fault(where, f"has {len(text):,} characters, expected at most {most:,}", "make it shorter")])
    bad = next((c for c in text if not (c.isprintable() or c in "\n\t")), None)
    if bad is not None:
        raise InputError([Fault(where, f"`{shown(text)}` holds the character {shown(bad)}, which is no text", "take it out")])
    return text


def checked_name(raw: str) -> str:
    """The name of the person who does something. Errors: `InputError`."""
    return " ".join(checked_text(raw, "--by", MOST_NAME, "the name of the person who does this").split())


# Opening ------------------------------------------------------------------------------------


def open_store(
    named: str | None = None, make: bool = False, clock: Clock = now, steps: Path = upgrade.STEPS, wait: int = WAIT
) -> Store:
    """Opens the register at a place (default: see `kb.register.place`). An older version is backed up and upgraded.

    make  create the register if there is none
    wait  milliseconds that a change waits for other writers

    Errors: `InputError`.
    """
    place = place_of(named)
    if place.file is not None and make and not os.path.lexists(place.file):
        _make_file(place.file, clock, steps)
    if place.file is not None and not os.path.lexists(place.file):
        raise InputError([Fault(str(place), "there is no register there yet", MAKE_ONE)])
    store = Store(place, engine_of(place, wait), clock)
    with store.reading() as connection:
        form = upgrade.form_of(connection)
    if form is None and not make:
        raise InputError([Fault(str(place), "holds no register yet", MAKE_ONE)])
    if form is not None and not upgrade.known(form, steps):
        message = f"was written by a later version of whichteam (form `{shown(form)}`)"
        raise InputError([Fault(str(place), message, "install that version")])
    if form != upgrade.newest(steps):
        if form is not None:
            _back_up_first(store, form)
        begin(store, steps)
    return store


def begin(store: Store, steps: Path = upgrade.STEPS) -> None:
    """Creates or upgrades the tables, and writes the first entry of a new register. Errors: `InputError`."""
    with told(store.place), transaction(store.engine) as connection:
        if upgrade.form_of(connection) != upgrade.newest(steps):  # another program may have done it in the meantime
            upgrade.bring_up_to_date(connection, steps)
        writer = Writer(connection, store.clock)
        if writer.head is None:
            salt = new_salt()
            row = {"entry": 1, "n": 0, "name": str(uuid4()), "salt": salt}
            connection.execute(insert(register).values(row))
            first = {"seq": 1, "at": writer.at, "by": "whichteam", "what": "made", "child": None, "reverses": None}
            first["rows"] = rows_text([("register", 0, row_digest(salt, "register", row))])
            connection.execute(insert(entries).values(**first, hash=entry_hash(FIRST, first)))


def engine_of(place: Place, wait: int = WAIT) -> Engine:
    """SQLAlchemy's engine for a place; nothing is opened yet. Errors: `InputError`."""
    if place.address is not None:
        try:
            options = f"-c lock_timeout={wait} -c timezone=UTC -c client_encoding=UTF8"
            seconds = min(MOST_TO_CONNECT, max(2, wait // 1_000))  # libpq takes less than 2 as 2
            return create_engine(place.address, poolclass=NullPool, connect_args={"options": options, "connect_timeout": seconds})
        except ModuleNotFoundError as error:
            hint = 'it comes with the extra `sql`: pip install "WHEEL[sql]", or ".[sql]" in the project'
            raise InputError([Fault(str(place), f"this needs the package `{error.name}`", hint)]) from None
    assert place.file is not None
    return sqlite_engine(place.file, wait)


def sqlite_engine(file: Path, wait: int = WAIT) -> Engine:
    """An engine for a file that is there. Several threads may use it: each transaction has a connection of its own."""
    address = f"file:{quote(str(file.absolute()))}?mode=rw"

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(address, uri=True, isolation_level=None, check_same_thread=False)
        for setting in (f"busy_timeout={wait}", *SET_UP):  # `busy_timeout` first, as the others may have to wait
            connection.execute(f"PRAGMA {setting}")
        return connection

    engine = create_engine("sqlite://", creator=connect, poolclass=NullPool)

    @event.listens_for(engine, "begin")
    def begin_as_told(connection: Connection) -> None:
        if connection.get_execution_options().get(WRITES):
            _take_turn(connection, wait)
        else:
            connection.exec_driver_sql("BEGIN")

    return engine


def _take_turn(connection: Connection, wait: int) -> None:
    """Begins a transaction that writes once nobody else writes. Errors: `SQLAlchemyError` after `wait` milliseconds.

    SQLite's own timeout retries only every tenth of a second, so that one of several busy writers might never succeed.
    """
    driver = connection.connection.driver_connection
    assert driver is not None
    driver.execute("PRAGMA busy_timeout=0")
    last = time.monotonic() + wait / 1_000
    try:
        while time.monotonic() < last:
            try:
                driver.execute("BEGIN IMMEDIATE")
                return
            except sqlite3.OperationalError as error:
                if "locked" not in str(error):
                    break
                time.sleep(random.uniform(0.001, 0.005))
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    finally:
        driver.execute(f"PRAGMA busy_timeout={wait}")


@contextlib.contextmanager
def transaction(engine: Engine) -> Iterator[Connection]:
    """A transaction during which nobody else can write. Errors: `SQLAlchemyError`."""
    with engine.connect().execution_options(**{WRITES: True}) as connection, connection.begin():
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")
        yield connection


def _make_file(file: Path, clock: Clock, steps: Path) -> None:
    """Creates a register in a file with a random name, and renames the file once it is complete.

    If another program has created the register in the meantime, that one is kept. Errors: `InputError`.
    """
    output.make_folder(file.parent)
    made = output.beside(file)
    place = Place(file=file)
    try:
        os.close(os.open(made, os.O_CREAT | os.O_EXCL | os.O_WRONLY, output.PRIVATE))
        store = Store(place, sqlite_engine(made), clock)
        with told(place):
            with contextlib.closing(sqlite3.connect(made)) as connection:
                connection.execute("PRAGMA journal_mode=WAL")
            begin(store, steps)
        store.engine.dispose()
        _give_name(made, file)
    except sqlite3.Error as error:
        raise InputError([Fault(str(file), f"can't be made: {error}", "name another place (WHICHTEAM_REGISTER)")]) from None
    except OSError as error:
        reason = (error.strerror or "not possible").lower()
        raise InputError([Fault(str(file), f"can't be made: {reason}", "name another place (WHICHTEAM_REGISTER)")]) from None
    finally:
        for left in (made, *(made.with_name(made.name + end) for end in ("-wal", "-shm", "-journal"))):
            with contextlib.suppress(OSError):
                left.unlink(missing_ok=True)


def _give_name(made: Path, file: Path) -> None:
    """Renames a new file, unless another program has created a file of that name. Errors: `OSError`."""
    try:
        os.link(made, file)
    except FileExistsError:
        return
    except OSError:  # a file system without hard links
        if not os.path.lexists(file):
            os.rename(made, file)


def _back_up_first(store: Store, form: str) -> None:
    """Backs up a register of an older version before the upgrade: beside its file, or into the user's data folder."""
    from kb.register.copies import back_up
    from kb.register.place import data_folder

    stamp = store.clock().strftime("%Y%m%d-%H%M%S")
    home = store.place.file.parent if store.place.file is not None else data_folder()
    name = store.place.file.stem if store.place.file is not None else "register"
    back_up(store, home / f"{name}-before-upgrade-from-{shown(form)}-{stamp}.sqlite")
