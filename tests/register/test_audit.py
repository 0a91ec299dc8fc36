"""Whatever is changed behind a register's back is found, and where; nothing is found where nothing was changed."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import select, update

from kb.errors import InputError
from kb.register import chain
from kb.register.audit import audit
from kb.register.place import Place
from kb.register.schema import entries, facts
from kb.register.store import Store, open_store, sqlite_engine
from queries.register import answering, change, editions, erasing
from tests.register.tampering import Tampering, tamperings
from tests.register.tiny import LATER, POLICY, Clock, made, told

FACTS = {"team_on_record": "alpha", "icpc_required": True, "icpc_held_on": "2024-08-20", "record_up_to_date": True}


def filled(place: str | Path) -> None:
    """A register with every kind of entry and rows in every table."""
    clock = Clock()
    store = made(place, clock)
    for number in ("c1", "c2", "c3"):
        change.add(store, number, FACTS, "Ann", "2024-08-25", policy=POLICY)
        clock.tick()
    change.add(store, "c1", {"record_up_to_date": False}, "Ben", "2024-08-26", brothers_and_sisters=["c2"])
    for number in ("c1", "c2"):
        entry = answering.answer(store, number, told, "Ann", "test", "2024-08-26").entry
        clock.tick()
    change.note(store, "c1", "rang the school", "Cat")
    answering.confirm(store, "c1", "Dan")
    answering.override(store, "c2", "gamma", "agreed at the meeting", "Dan", entry)
    editions.add_edition(store, POLICY, "2024-01-01", None, None, "Eve")
    editions.add_edition(store, LATER, "2025-01-01", None, POLICY, "Eve")
    change.undo(store, change.note(store, "c2", "wrong child", "Cat"), "Cat")
    erasing.erase(store, "c3", "retention period over", "Fay")
    change.note(store, "c2", "last", "Cat", entry)


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("register") / "register.sqlite"
    filled(path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")  # one file, to be copied
    return path


def changed(register: Path, path: Path, tampering: Tampering) -> None:
    shutil.copyfile(register, path)
    with closing(sqlite3.connect(path)) as connection:
        tampering.apply(connection)
        connection.commit()


def test_every_tampering_is_found_where_it_was_made(register: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(register)) as connection:
        every = tamperings(connection)
    untouched = audit(open_store(str(register)))
    assert untouched.whole
    assert untouched.head is not None
    missed = []
    path = tmp_path / "changed.sqlite"
    store = Store(Place(file=path), sqlite_engine(path))
    for tampering in every:
        changed(register, path, tampering)
        found = audit(store, [untouched.head] if tampering.headed else [])
        if not any(tampering.where in str(finding) for finding in found.findings):
            missed.append((tampering.name, tampering.where, [str(finding) for finding in found.findings[:4]]))
        if tampering.headed and not audit(store).whole:
            missed.append((tampering.name, "needs no head", []))
    assert not missed, "\n".join(map(str, missed))
    assert len(every) >= 200
    assert len({tampering.name for tampering in every}) == len(every)


def test_a_whole_register_goes_on_from_every_head_that_it_had(place: str) -> None:
    filled(place)
    store = open_store(place)
    with store.reading() as connection:
        heads = [chain.Head(seq, digest) for seq, digest in connection.execute(select(entries.c.seq, entries.c.hash))]
    beyond = chain.Head(10**17, "0" * 64)
    assert [str(finding)[:50] for finding in audit(store, [beyond]).findings] == [
        "entry 100000000000000000: is the printed head, and"
    ]
    found = audit(store, heads)
    assert (found.findings, found.entries, found.head) == ((), len(heads), heads[-1])


def test_postgresql_is_checked_in_the_same_way(place: str) -> None:
    filled(place)
    store = open_store(place)
    with store.engine.begin() as connection:
        connection.execute(update(facts).where(facts.c.entry == 2, facts.c.n == 1).values(value="false"))
    (finding,) = audit(store).findings
    assert str(finding) == "row 1 of facts from entry 2, add by Ann at 2024-09-01 12:00: was changed, or the salt of its hash was"


@pytest.mark.parametrize("text", ["", "7", "7-abc", "0-" + "0" * 64, "7-" + "g" * 64, "-7-" + "0" * 64])
def test_what_is_no_head_is_told(text: str) -> None:
    with pytest.raises(InputError, match="is no head of a register"):
        chain.parse_head(text)


def test_a_head_is_read_as_it_is_printed() -> None:
    head = chain.Head(4711, "0b" * 32)
    assert chain.parse_head(f" {str(head).upper()}\n") == head
