"""Everything that the register has of a child, and the cases of all children, as plain data."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import select

from kb.register.schema import OF_A_CHILD, children, entries
from kb.register.store import Store
from queries.register.answering import unpacked
from queries.register.change import checked_day, policy_named
from queries.register.known import Child, find_child, known

FORM = "whichteam-register-child/1"
PACKED = ("facts", "answer")  # columns of answers that are compressed


def everything(store: Store, number: str) -> dict[str, Any]:
    """All rows about a child, those taken back too, with the entries that wrote them. Errors: `InputError`."""
    with store.reading() as connection:
        child = find_child(connection, number)
        found: dict[str, Any] = {"form": FORM, "child": number, "policy": child.policy}
        about = select(entries).where(entries.c.child == child.id).order_by(entries.c.seq)
        found["entries"] = [
            {"entry": e.seq, "at": e.at, "by": e.by, "what": e.what, "reverses": e.reverses} for e in connection.execute(about)
        ]
        for table in OF_A_CHILD:
            rows = connection.execute(select(table).where(table.c.child == child.id).order_by(table.c.entry, table.c.n))
            found[table.name] = [_plain(table.name, dict(row)) for row in rows.mappings()]
        named = connection.execute(select(children.c.child, children.c.number)) if found["brothers_and_sisters"] else ()
        numbers = {row[0]: row[1] for row in named}
        found["brothers_and_sisters"] = [{**row, "sibling": numbers.get(row["sibling"])} for row in found["brothers_and_sisters"]]
        return found


def _plain(table: str, row: dict[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in row.items() if name not in ("child", "n")}
    if table == "facts":
        return {**kept, "value": json.loads(kept["value"])}
    if table == "answers":
        kept = {name: unpacked(value) if name in PACKED else value for name, value in kept.items()}
        return {**kept, "settings": json.loads(kept["settings"])}
    return kept


def cases(store: Store, as_of: str | None = None) -> Iterator[dict[str, Any]]:
    """The case of every child that anything is known of, as case files have it. Errors: `InputError`."""
    day = checked_day(store, as_of, "--as-of")
    with store.reading() as connection:
        everyone = connection.execute(select(children.c.child, children.c.number, children.c.policy).order_by(children.c.number))
        for row in everyone.all():
            child = Child(row.child, row.number, row.policy)
            found = known(connection, child, day, policy_named(child.policy).vocabulary)
            if found.values:
                yield found.document()
