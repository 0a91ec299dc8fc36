"""Finds changes in a register that were not made through the program.

Three things are checked: that each entry of the log is chained to the one before, that each row has the salted digest that
the log has of it, and that the log contains heads that were printed before. Only the last check finds a log whose last
entries were removed together with their rows, or that was written again from some entry on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, Table, column, func, select

from kb.register.chain import FIRST, Head, Name, entry_hash, read_rows, row_digest
from kb.register.schema import DATA, children, entries, register
from kb.register.store import Store, has_salt_of_child

BLOCK = 2_000  # entries that are checked together
MOST_TOLD = 200
MOST_ENTRIES = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Finding:
    """One deviation from the log. `where` names the entry or the row."""

    where: str
    message: str

    def __str__(self) -> str:
        return f"{self.where}: {self.message}"


@dataclass(frozen=True, slots=True)
class Audited:
    """What an audit found: the first findings (at most `MOST_TOLD`), how many there are, and what was checked."""

    findings: tuple[Finding, ...]
    count: int
    entries: int
    rows: int
    head: Head | None

    @property
    def whole(self) -> bool:
        return not self.count


def audit(store: Store, heads: Sequence[Head] = ()) -> Audited:
    """Checks the whole register, and that its log contains each of `heads`. Errors: `InputError` if it can't be read."""
    with store.reading() as connection:
        check = _Audit(connection)
        found: list[Finding] = []
        count = 0
        for finding in (*check.all(), *check.goes_on(heads)):
            count += 1
            if len(found) < MOST_TOLD:
                found.append(finding)
        return Audited(tuple(found), count, check.entries, check.rows, check.head)


class _Audit:
    """One pass over the register, entry by entry; the rows of a block of entries are read together."""

    def __init__(self, connection: Connection):
        self.connection = connection
        self.entries = self.rows = 0
        self.head: Head | None = None
        self.removed: dict[Name, int] = {}
        self.salts = {row.child: str(row.salt) for row in self._all(children, "child", "salt")}
        self.own = next((str(row.salt) for row in self._all(register, "salt")), "")

    def all(self) -> Iterator[Finding]:
        yield from self._read_removals()
        last = self.connection.execute(select(func.max(column("seq"))).select_from(entries)).scalar()
        top = last if isinstance(last, int) else 0
        before, expected, at = FIRST, 1, ""
        for start in range(1, top + 1, BLOCK):
            told = self._entries(start, start + BLOCK - 1)
            rows = self._rows(start, start + BLOCK - 1)
            for entry in told:
                if entry["seq"] != expected:
                    missing = f"entry {expected}" if entry["seq"] == expected + 1 else f"entries {expected} to {entry['seq'] - 1}"
                    yield Finding(missing, "missing from the log")
                yield from self._one(entry, before, at, rows)
                before, expected, at = str(entry["hash"]), entry["seq"] + 1, str(entry["at"])
            for name in rows:
                yield Finding(_named(name), "belongs to no entry of the log")
            self.entries += len(told)
            self.head = Head(expected - 1, before)
        if not self.entries:
            yield Finding("the log", "is empty")
        yield from self._strays(top)

    def _one(self, entry: Mapping[str, Any], before: str, at: str, rows: dict[Name, dict[str, Any]]) -> Iterator[Finding]:
        where = f"entry {entry['seq']}"
        if entry_hash(before, entry) != entry["hash"]:
            yield Finding(where, "does not match its hash: it was changed, or does not follow the entry before it")
        if str(entry["at"]) < at:
            yield Finding(where, f"is dated before the entry before it ({entry['at']})")
        try:
            written, _ = read_rows(str(entry["rows"]))
        except ValueError:
            yield Finding(where, "does not say which rows it wrote")
            written = {}
        for (table, n), digest in written.items():
            name = (table, entry["seq"], n)
            row = rows.pop(name, None)
            erased = self.removed.get(name)
            self.rows += row is not None
            if row is None and erased is None:
                yield Finding(f"{_named(name)}, {_by(entry)}", "is missing")
            elif row is not None and erased is not None:
                yield Finding(_named(name), f"is there, although entry {erased} removed it")
            elif row is not None:
                yield from self._row(table, row, digest, f"{_named(name)}, {_by(entry)}")

    def _row(self, name: str, row: dict[str, Any], digest: str, where: str) -> Iterator[Finding]:
        table = next(table for table in DATA if table.name == name)
        salt = self.salts.get(row["child"]) if has_salt_of_child(table) else self.own
        if salt is None:
            yield Finding(where, "belongs to a child that is not there")
        elif row_digest(salt, name, row) != digest:
            yield Finding(where, "was changed, or the salt of its hash was")

    def _read_removals(self) -> Iterator[Finding]:
        """Reads which rows the log says were removed; only an erasure removes rows."""
        for entry in self._all(entries, "seq", "what", "rows", having="- "):
            try:
                _, removed = read_rows(str(entry.rows))
            except ValueError:
                continue  # reported with the entry
            if removed and entry.what != "erase":
                yield Finding(f"entry {entry.seq}", "removes rows, which only an erasure does")
            self.removed |= {name: entry.seq for name in removed if name[1] < entry.seq}

    def _strays(self, top: int) -> Iterator[Finding]:
        """Rows whose entry does not exist."""
        for table in DATA:
            outside = (table.c.entry < 1) | (table.c.entry > top)
            for row in self.connection.execute(_raw(table, "entry", "n").where(outside)):
                yield Finding(_named((table.name, row.entry, row.n)), "belongs to no entry of the log")

    def goes_on(self, heads: Sequence[Head]) -> Iterator[Finding]:
        """Reports each of these heads that the log does not contain."""
        for head in heads:
            there = (
                None
                if head.seq > MOST_ENTRIES
                else self.connection.execute(_raw(entries, "hash").where(entries.c.seq == head.seq)).scalar()
            )
            if there is None and self.head is not None and self.head.seq < head.seq:
                message = f"is the printed head, and the log ends at entry {self.head.seq}: its tail was cut off"
                yield Finding(f"entry {head.seq}", f"{message}, or an older backup was put back")
            elif there is None:
                yield Finding(f"entry {head.seq}", "is the printed head, and is missing from the log")
            elif there != head.hash:
                made_anew = "the log was made anew from here or before, or a backup was put back"
                message = f"has another hash than the head that was printed: {made_anew}"
                yield Finding(f"entry {head.seq}", message)

    # reading stored values without conversion, as they may have any type

    def _all(self, table: Table, *names: str, having: str = "") -> Iterator[Any]:
        asked = _raw(table, *names)
        yield from self.connection.execute(asked.where(table.c.rows.contains(having)) if having else asked)

    def _entries(self, first: int, last: int) -> list[dict[str, Any]]:
        asked = _raw(entries, *entries.c.keys()).where(entries.c.seq.between(first, last)).order_by(entries.c.seq)
        return [dict(row) for row in self.connection.execute(asked).mappings()]

    def _rows(self, first: int, last: int) -> dict[Name, dict[str, Any]]:
        found: dict[Name, dict[str, Any]] = {}
        for table in DATA:
            asked = _raw(table, *table.c.keys()).where(table.c.entry.between(first, last))
            found |= {(table.name, row["entry"], row["n"]): dict(row) for row in self.connection.execute(asked).mappings()}
        return found


@cache
def _raw(table: Table, *names: str) -> Select[Any]:
    """A SELECT of columns without their types, so that values are not converted."""
    columns: list[Any] = [column(name) for name in names]
    return select(*columns).select_from(table)


def _named(name: Name) -> str:
    table, entry, n = name
    return f"row {n} of {table} from entry {entry}"


def _by(entry: Mapping[str, Any]) -> str:
    return f"{entry['what']} by {entry['by']} at {str(entry['at'])[:16].replace('T', ' ')}"
