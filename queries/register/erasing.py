"""Erasing a child: every row about it goes, and a tombstone stays, so that the log is whole.

What stays of it: that there was a child with some number of the register's own, who recorded how much and when, and why it
was erased. The salt of its hashes is destroyed, so that they tell nothing any more.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection, Table, func, or_, select

from kb.errors import Fault, InputError
from kb.register.schema import MOST_SOURCE, OF_A_CHILD, brothers_and_sisters, children, entries, erasures
from kb.register.store import Store, checked_name, checked_text, moment, sweep
from queries.register.known import find_child

MOST_YEARS = 100


@dataclass(frozen=True, slots=True)
class Erased:
    """A tombstone: the entry that erased the child, how many rows went, and whether the journal of the file is clean."""

    entry: int
    number: str
    rows: int
    swept: bool


@dataclass(frozen=True, slots=True)
class Unchanged:
    """A child about which nobody recorded anything since a moment."""

    number: str
    last_at: str


def erase(store: Store, number: str, reason: str, by: str) -> Erased:
    """Erases everything about a child but the fact that it was erased. Errors: `InputError`; nothing is erased then."""
    by = checked_name(by)
    reason = checked_text(reason, "--reason", MOST_SOURCE, "why, such as: retention period over")
    if number.casefold() in reason.casefold():
        raise InputError([Fault("--reason", "names the child, and stays after the erasure", "leave the case number out")])
    with store.writing() as writer:
        child = find_child(writer.connection, number)
        removed = [name for table in OF_A_CHILD for name in _rows(writer.connection, table, child.id)]
        removed += _rows(writer.connection, children, child.id)
        row = {"child": child.id, "rows": len(removed), "reason": reason}
        entry = writer.entry(by, "erase", [(erasures, row)], child.id, removed=removed)
    return Erased(entry, number, len(removed), sweep(store))


def _rows(connection: Connection, table: Table, child: int) -> list[tuple[str, int, int]]:
    about = table.c.child == child
    if table is brothers_and_sisters:
        about = or_(about, brothers_and_sisters.c.sibling == child)
    found = connection.execute(select(table.c.entry, table.c.n).where(about).order_by(table.c.entry, table.c.n))
    return [(table.name, entry, n) for entry, n in found]


def unchanged_for(store: Store, years: int) -> list[Unchanged]:
    """The children about which nobody recorded anything for so many years, the longest first. Errors: `InputError`."""
    if not 1 <= years <= MOST_YEARS:
        raise InputError(
            [Fault("--unchanged-for", f"{years} is not a number of years", f"write a number from 1 to {MOST_YEARS}")]
        )
    now = store.clock()
    try:
        since = now.replace(year=now.year - years)
    except ValueError:  # 29 February
        since = (now + timedelta(days=1)).replace(year=now.year - years)
    last = func.max(entries.c.at)
    asked = (
        select(children.c.number, last)
        .join(entries, entries.c.child == children.c.child)
        .group_by(children.c.child, children.c.number)
        .having(last < moment(since))
        .order_by(last, children.c.number)
    )
    with store.reading() as connection:
        return [Unchanged(number, at) for number, at in connection.execute(asked)]
