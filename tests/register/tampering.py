"""Changes behind a register's back, of every kind: what a person with the file and a database program could do."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from kb.register.chain import FIRST, entry_hash, row_digest, rows_text
from kb.register.schema import DATA, entries
from kb.register.store import has_salt_of_child

Change = Callable[[sqlite3.Connection], object]


@dataclass(frozen=True)
class Tampering:
    """One change. `where` is part of what an audit has to say; `headed`: only a head that was printed before shows it."""

    name: str
    apply: Change
    where: str
    headed: bool = False


def tamperings(register: sqlite3.Connection) -> list[Tampering]:
    """Every kind of change, at the first and the last row that it can be made to."""
    register.row_factory = sqlite3.Row
    last = int(register.execute("SELECT max(seq) FROM entries").fetchone()[0])
    return [
        *_values(register),
        *_rows_removed(register),
        *_rows_put_in(register),
        *_rows_exchanged(register),
        *_log_changed(last),
        *_rows_with_a_new_digest(register, last),
        *_tails_cut(register, last),
        *_made_anew(register, last),
        *_put_back(register, last),
    ]


def _ends(register: sqlite3.Connection, table: str) -> list[sqlite3.Row]:
    order = "seq" if table == "entries" else "entry, n"
    rows = register.execute(f"SELECT rowid AS place, * FROM {table} ORDER BY {order}").fetchall()
    return [rows[0], rows[-1]] if len(rows) > 1 else rows


def _named(table: str, row: sqlite3.Row) -> str:
    return f"entry {row['seq']}" if table == "entries" else f"row {row['n']} of {table} from entry {row['entry']}"


def _sql(text: str, *values: Any) -> Change:
    return lambda connection: connection.execute(text, values)


def _other(value: Any) -> Any:
    """Another value of the same kind."""
    if value is None or isinstance(value, int):
        return (value or 0) + 1_000
    if isinstance(value, bytes):
        return value[:-1] + bytes([value[-1] ^ 1])
    return f"{value[:-1]}{'0' if value[-1:] != '0' else '1'}"


def _values(register: sqlite3.Connection) -> Iterator[Tampering]:
    """Each column of each table: another value, and no value or an empty one."""
    for table in (*DATA, entries):
        for number, row in enumerate(_ends(register, table.name)):
            for column in [each.name for each in table.c]:
                named = _named(table.name, row) if column not in ("entry", "n", "seq") else ""
                if column in ("child", "salt") and table.name in ("children", "register"):
                    named = ""  # what it was the key of is told instead
                update = f'UPDATE {table.name} SET "{column}" = ? WHERE rowid = ?'
                yield Tampering(f"{table}.{column} {number}", _sql(update, _other(row[column]), row["place"]), named)


def _rows_removed(register: sqlite3.Connection) -> Iterator[Tampering]:
    for table in (*DATA, entries):
        for number, row in enumerate(_ends(register, table.name)):
            last = table is entries and number == 1
            where = "belongs to no entry" if last else "missing"
            yield Tampering(f"remove {table} {number}", _sql(f"DELETE FROM {table.name} WHERE rowid = ?", row["place"]), where)
        yield Tampering(f"remove all {table}", _sql(f"DELETE FROM {table.name}"), "")


def _rows_put_in(register: sqlite3.Connection) -> Iterator[Tampering]:
    """A copy of a row under another number, in the same entry and in one that is not there."""
    for table in DATA:
        row = _ends(register, table.name)[0]
        names = [each.name for each in table.c if each.name not in ("entry", "n")]
        unlike = {"child", "number"} if table.name == "children" else set()
        listed = ", ".join(f'"{name}"' for name in names)
        for entry, n in ((row["entry"], 77), (900, 0), (-1, 0)):
            values = [_other(row[name]) if name in unlike else row[name] for name in names]
            marks = ", ".join("?" * len(values))
            insert = f"INSERT INTO {table.name} (entry, n, {listed}) VALUES (?, ?, {marks})"
            where = f"row {n} of {table} from entry {entry}: belongs to no entry"
            yield Tampering(f"put in {table} {entry}.{n}", _sql(insert, entry, n, *values), where)


def _rows_exchanged(register: sqlite3.Connection) -> Iterator[Tampering]:
    """Two rows of a table take each other's place, and a row goes over to another entry."""
    for table in DATA:
        rows = _ends(register, table.name)
        if len(rows) < 2:
            continue
        one, other = rows

        def swap(connection: sqlite3.Connection, name: str = table.name, one: Any = one, other: Any = other) -> None:
            for place, entry, n in (
                (one["place"], -9, 0),
                (other["place"], one["entry"], one["n"]),
                (one["place"], other["entry"], other["n"]),
            ):
                connection.execute(f"UPDATE {name} SET entry = ?, n = ? WHERE rowid = ?", (entry, n, place))

        yield Tampering(f"exchange in {table}", swap, f"of {table}")
        move = f"UPDATE {table.name} SET entry = ?, n = 55 WHERE rowid = ?"
        yield Tampering(f"move in {table}", _sql(move, other["entry"], one["place"]), f"row 55 of {table}")


def _log_changed(last: int) -> Iterator[Tampering]:
    """Times moved, people exchanged, entries exchanged, hashes exchanged, undone in silence."""
    for seq in range(2, last):
        yield Tampering(
            f"earlier {seq}", _sql("UPDATE entries SET at = '2020-01-01T00:00:00.000000Z' WHERE seq = ?", seq), f"entry {seq}"
        )
        yield Tampering(
            f"other person {seq}", _sql('UPDATE entries SET "by" = ? WHERE seq = ?', "Somebody Else", seq), f"entry {seq}"
        )
    for seq in range(2, last - 1, 3):

        def swap(connection: sqlite3.Connection, one: int = seq) -> None:
            for before, after in ((one, -1), (one + 1, one), (-1, one + 1)):
                connection.execute("UPDATE entries SET seq = ? WHERE seq = ?", (after, before))

        yield Tampering(f"exchange entries {seq}", swap, f"entry {seq}")
        gap = _sql("UPDATE entries SET seq = seq + 5000 WHERE seq > ?", seq)
        yield Tampering(f"gap after {seq}", gap, "missing from the log")
        undone = _sql("UPDATE entries SET reverses = ? WHERE seq = ?", seq, seq + 1)
        yield Tampering(f"undone {seq}", undone, f"entry {seq + 1}")


def _salt(connection: sqlite3.Connection, table: Any, row: sqlite3.Row) -> str:
    if not has_salt_of_child(table):
        return str(connection.execute("SELECT salt FROM register").fetchone()[0])
    return str(connection.execute("SELECT salt FROM children WHERE child = ?", (row["child"],)).fetchone()[0])


def _rehash(connection: sqlite3.Connection, first: int, last: int) -> None:
    """Makes the digests and hashes of some entries anew, as the program does."""
    connection.row_factory = sqlite3.Row
    found = connection.execute("SELECT hash FROM entries WHERE seq = ?", (first - 1,)).fetchone()
    before = found[0] if found else FIRST
    for seq in range(first, last + 1):
        entry = dict(connection.execute("SELECT * FROM entries WHERE seq = ?", (seq,)).fetchone())
        if "- " not in entry["rows"]:
            written = []
            for table in DATA:
                for row in connection.execute(f"SELECT * FROM {table.name} WHERE entry = ? ORDER BY n", (seq,)):
                    if table.name == "children" or not has_salt_of_child(table) or _has_child(connection, row):
                        written.append((table.name, row["n"], row_digest(_salt(connection, table, row), table.name, dict(row))))
            if written or not entry["rows"]:
                entry["rows"] = rows_text(written)
        before = entry_hash(before, entry)
        connection.execute("UPDATE entries SET rows = ?, hash = ? WHERE seq = ?", (entry["rows"], before, seq))


def _has_child(connection: sqlite3.Connection, row: sqlite3.Row) -> bool:
    return connection.execute("SELECT 1 FROM children WHERE child = ?", (row["child"],)).fetchone() is not None


def _rows_with_a_new_digest(register: sqlite3.Connection, last: int) -> Iterator[Tampering]:
    """A row is changed and its digest with it: the entry does not match; with its hash too, the next one does not follow."""
    for table, column in (("facts", "value"), ("answers", "team"), ("notes", "text"), ("confirmations", "reason")):
        for row in _ends(register, table):
            if row["entry"] >= last:
                continue

            def digest_too(connection: sqlite3.Connection, t: str = table, c: str = column, r: Any = row) -> None:
                connection.execute(f"UPDATE {t} SET {c} = ? WHERE rowid = ?", (f"{r[c]}0", r["place"]))
                was = connection.execute("SELECT hash FROM entries WHERE seq = ?", (r["entry"],)).fetchone()[0]
                _rehash(connection, r["entry"], r["entry"])
                connection.execute("UPDATE entries SET hash = ? WHERE seq = ?", (was, r["entry"]))

            def hash_too(connection: sqlite3.Connection, t: str = table, c: str = column, r: Any = row) -> None:
                connection.execute(f"UPDATE {t} SET {c} = ? WHERE rowid = ?", (f"{r[c]}0", r["place"]))
                _rehash(connection, r["entry"], r["entry"])

            yield Tampering(f"{table}.{column} with digest {row['entry']}", digest_too, f"entry {row['entry']}: does not match")
            yield Tampering(f"{table}.{column} with hash {row['entry']}", hash_too, f"entry {row['entry'] + 1}: does not match")


def _tails_cut(register: sqlite3.Connection, last: int) -> Iterator[Tampering]:
    """The last entries are taken off together with all their rows: what is left is whole in itself.

    Unless an erasure goes with them: the rows that it removed are missing then.
    """
    child, erased = register.execute("SELECT child, seq FROM entries WHERE what = 'erase'").fetchone()
    for count in range(1, last - 1):

        def cut(connection: sqlite3.Connection, after: int = last - count) -> None:
            for table in DATA:
                connection.execute(f"DELETE FROM {table.name} WHERE entry > ?", (after,))
            connection.execute("DELETE FROM entries WHERE seq > ?", (after,))

        if child <= last - count < erased:
            yield Tampering(f"cut {count}", cut, "is missing")
        else:
            where = f"entry {last}: is the printed head, and the log ends at entry {last - count}"
            yield Tampering(f"cut {count}", cut, where, headed=True)


def _made_anew(register: sqlite3.Connection, last: int) -> Iterator[Tampering]:
    """A row, a time or a person is changed and the whole chain made anew from there on."""
    for table, column in (("facts", "value"), ("facts", "day"), ("answers", "status"), ("notes", "text"), ("editions", "since")):
        for row in _ends(register, table):

            def anew(connection: sqlite3.Connection, t: str = table, c: str = column, r: Any = row) -> None:
                connection.execute(f"UPDATE {t} SET {c} = ? WHERE rowid = ?", (_other(r[c]), r["place"]))
                _rehash(connection, r["entry"], last)

            yield Tampering(f"{table}.{column} anew {row['entry']}", anew, f"entry {last}: has another hash", headed=True)
    for seq in range(2, last + 1):

        def person(connection: sqlite3.Connection, seq: int = seq) -> None:
            connection.execute('UPDATE entries SET "by" = ? WHERE seq = ?', ("Somebody Else", seq))
            _rehash(connection, seq, last)

        yield Tampering(f"person anew {seq}", person, f"entry {last}: has another hash", headed=True)


def _put_back(register: sqlite3.Connection, last: int) -> Iterator[Tampering]:
    """Rows of an erased child are put in again; a removal is claimed by an entry that erased nothing."""
    child, entry = register.execute("SELECT child, seq FROM entries WHERE what = 'erase'").fetchone()
    added = register.execute("SELECT seq FROM entries WHERE child = ? AND what = 'add'", (child,)).fetchone()[0]
    columns = "(entry, n, child, fact, value, day, origin, source)"
    row = f"INSERT INTO facts {columns} VALUES (?, 0, ?, 'x', 'true', '2024-01-01', 'person', 'x')"
    where = f"row 0 of facts from entry {added}: is there, although entry {entry} removed"
    yield Tampering("put back", _sql(row, added, child), where)

    def claim(connection: sqlite3.Connection) -> None:
        connection.execute("DELETE FROM facts WHERE entry = 2 AND n = 0")
        connection.execute("UPDATE entries SET rows = '- facts 2 0' WHERE seq = ?", (last,))
        connection.execute("UPDATE entries SET what = 'note' WHERE seq = ?", (last,))

    yield Tampering("claimed removal", claim, "removes rows, which only an erasure does")
