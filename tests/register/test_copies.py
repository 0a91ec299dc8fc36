"""Backup, restore, erasure, upgrades, and the check of the database itself."""

from __future__ import annotations

import shutil
import sqlite3
import stat
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, text

from kb.errors import InputError
from kb.register import upgrade
from kb.register.audit import audit
from kb.register.check import check
from kb.register.copies import back_up, restore
from kb.register.place import Place, place_of
from kb.register.schema import DATA, OF_A_CHILD, children, entries, erasures
from kb.register.store import Store, open_store, sqlite_engine
from queries.register import change, erasing
from queries.register.exporting import everything
from queries.register.history import history
from tests.register.test_audit import filled
from tests.register.test_change import refusal
from tests.register.tiny import POLICY, Clock, made


def rows(store: Store) -> dict[str, list[Any]]:
    with store.reading() as connection:
        return {
            table.name: list(map(tuple, connection.execute(select(table).order_by(*table.primary_key))))
            for table in (entries, *DATA)
        }


def test_a_backup_is_a_whole_copy_for_its_owner_and_goes_back_into_either_kind(place: str, tmp_path: Path) -> None:
    filled(place)
    store, copy = open_store(place), tmp_path / "backup.sqlite"
    back_up(store, copy)
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(("backup", ".whichteam"))] == ["backup.sqlite"]
    before = rows(store)
    assert rows(Store(Place(file=copy), sqlite_engine(copy))) == before
    assert refusal(back_up, store, copy) == f"{copy}: is there already\n    name another file for the backup"
    change.note(store, "c1", "after the backup", "Ann")
    assert "entries, which a restore would replace" in refusal(restore, store.place, copy, False, store)
    audited, kept = restore(store.place, copy, True, store)
    assert (rows(store), audited.whole, audit(store).head) == (before, True, audited.head)
    assert kept is not None
    notes = [note[-1] for note in rows(Store(Place(file=kept), sqlite_engine(kept)))["notes"]]
    assert notes[-1] == "after the backup"
    elsewhere = place_of(str(tmp_path / "new" / "register.sqlite"))
    restore(elsewhere, copy, False, None)
    assert rows(open_store(str(elsewhere))) == before


def test_a_changed_backup_is_not_put_back(tmp_path: Path) -> None:
    place, copy = tmp_path / "r.sqlite", tmp_path / "backup.sqlite"
    filled(place)
    store = open_store(str(place))
    back_up(store, copy)
    with closing(sqlite3.connect(copy)) as connection:
        connection.execute("UPDATE facts SET value = 'false' WHERE entry = 2 AND n = 1")
        connection.commit()
    before = rows(store)
    assert "was changed behind its back: row 1 of facts from entry 2" in refusal(restore, store.place, copy, True, store)
    (tmp_path / "text.sqlite").write_text("no database at all, but long enough to be taken for one" * 100)
    assert "is no register, or is damaged" in refusal(restore, store.place, tmp_path / "text.sqlite", True, store)
    assert rows(store) == before


# erasure -----------------------------------------------------------------------------------------


def test_erasure_leaves_a_tombstone_and_the_chain_whole(place: str) -> None:
    filled(place)
    store = open_store(place)
    with store.reading() as connection:
        child = connection.execute(select(children.c.child).where(children.c.number == "c1")).scalar_one()
    erased = erasing.erase(store, "c1", "a court's order", "Fay")
    with store.reading() as connection:
        left = [
            connection.execute(select(func.count()).select_from(t).where(t.c.child == child)).scalar()
            for t in (children, *OF_A_CHILD)
        ]
        tombstone = connection.execute(select(erasures).where(erasures.c.child == child)).one()
    assert left == [0] * 6
    assert (tombstone.rows, tombstone.reason, erased.rows) == (erased.rows, "a court's order", erased.rows)
    assert audit(store).whole
    assert history(store, "c2").siblings == ()
    assert "there is no child `c1`" in refusal(history, store, "c1")
    assert change.add(store, "c1", {"icpc_required": True}, "Ann", "2024-08-25", policy=POLICY).new_child
    assert audit(store).whole


def test_nothing_that_was_erased_is_left_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "r.sqlite"
    store = made(path)
    change.add(store, "SECRET-NUMBER", {"icpc_required": True}, "Ann", "2024-08-25", "SECRET SOURCE", POLICY)
    change.note(store, "SECRET-NUMBER", "SECRET NOTE", "Ann")
    with store.reading() as connection:
        salt = connection.execute(select(children.c.salt)).scalar_one()
    assert erasing.erase(store, "SECRET-NUMBER", "retention period over", "Ann").swept
    left = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert [word for word in (b"SECRET", salt.encode()) if word in left] == []


def test_a_reason_that_names_the_child_is_refused(tmp_path: Path) -> None:
    store = made(tmp_path / "r.sqlite")
    change.add(store, "K-1", {}, "Ann", "2024-08-25", policy=POLICY)
    assert refusal(erasing.erase, store, "K-1", "for k-1", "Ann").startswith(
        "--reason: names the child, and stays after the erasure"
    )


def test_children_of_whom_nothing_was_recorded_for_years(place: str) -> None:
    clock = Clock()
    clock.set("2024-02-29")
    store = made(place, clock)
    change.add(store, "old", {}, "Ann", "2024-02-28", policy=POLICY)
    clock.set("2026-02-28")
    change.add(store, "new", {}, "Ann", "2024-02-28", policy=POLICY)
    assert [one.number for one in erasing.unchanged_for(store, 2)] == []
    clock.set("2026-03-01")
    clock.tick()
    assert [one.number for one in erasing.unchanged_for(store, 2)] == ["old"]
    clock.set("2028-02-29")
    clock.tick()
    assert [one.number for one in erasing.unchanged_for(store, 2)] == ["old", "new"]
    assert refusal(erasing.unchanged_for, store, 0).startswith("--unchanged-for: 0 is not a number of years")


def test_a_childs_file_has_all_that_is_kept_of_it(tmp_path: Path) -> None:
    path = tmp_path / "r.sqlite"
    filled(path)
    found = everything(open_store(str(path)), "c2")
    assert (found["child"], [e["what"] for e in found["entries"]]) == (
        "c2",
        ["add", "answer", "override", "note", "undo", "note"],
    )
    assert [n["text"] for n in found["notes"]] == ["wrong child", "last"]
    assert (found["answers"][0]["answer"]["status"], found["confirmations"][0]["reason"]) == ("decided", "agreed at the meeting")
    assert everything(open_store(str(path)), "c1")["brothers_and_sisters"] == [{"entry": 5, "sibling": "c2"}]


# upgrades ----------------------------------------------------------------------------------------

STEP = """
from alembic import op
import sqlalchemy as sa
revision = "002"
down_revision = "001"
def upgrade():
    op.add_column("notes", sa.Column("colour", sa.String(20)))
    {more}
"""


def later(tmp_path: Path, more: str = "") -> Path:
    """The steps of a later version of the program."""
    steps = tmp_path / "steps"
    shutil.copytree(upgrade.STEPS, steps, ignore=shutil.ignore_patterns("__pycache__"))
    (steps / "versions" / "r002_later.py").write_text(STEP.format(more=more))
    return steps


def test_a_register_of_every_earlier_form_is_brought_up_to_date_after_a_backup(place: str, tmp_path: Path) -> None:
    filled(place)
    before = rows(open_store(place))
    store = open_store(place, steps=later(tmp_path))
    with store.reading() as connection:
        assert connection.execute(text("SELECT DISTINCT colour FROM notes")).scalars().all() == [None]
    home = Path(place).parent if "://" not in place else tmp_path / "data" / "whichteam"
    (kept,) = home.glob("*before-upgrade-from-001*.sqlite")
    assert rows(Store(Place(file=kept), sqlite_engine(kept))) == before
    assert audit(store).whole
    assert refusal(open_store, place).startswith(f"{store.place}: was written by a later version of whichteam (form `002`)")


def test_an_upgrade_that_fails_changes_nothing(place: str, tmp_path: Path) -> None:
    filled(place)
    before = rows(open_store(place))
    with pytest.raises(RuntimeError):
        open_store(place, steps=later(tmp_path, "raise RuntimeError"))
    assert rows(open_store(place)) == before


def test_the_tables_are_those_of_the_schema_and_a_register_is_in_order(place: str) -> None:
    filled(place)
    assert check(open_store(place)) == []


def test_what_is_not_in_order_is_told(tmp_path: Path) -> None:
    path = tmp_path / "kept" / "r.sqlite"
    filled(path)
    path.chmod(0o640)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TRIGGER sly AFTER INSERT ON notes BEGIN DELETE FROM facts; END")
        connection.execute("DROP INDEX ix_notes_child")
        connection.execute("DELETE FROM children WHERE number = 'c1'")
        connection.commit()
    found = check(open_store(str(path)))
    assert found[-1] == f"Others can get at the file {path} (rights 640): make it yours alone with chmod go= {path}."
    assert "The trigger sly was added to it." in found
    assert "A row of facts points to a row that is not there." in found
    assert "Its tables are not as they were made: add_index ix_notes_child." in found


def test_a_damaged_file_is_told(tmp_path: Path) -> None:
    path = tmp_path / "r.sqlite"
    filled(path)
    raw = bytearray(path.read_bytes())
    raw[4096 * 3 : 4096 * 9] = b"\xff" * (4096 * 6)
    path.write_bytes(raw)
    try:
        told = "\n".join(check(open_store(str(path))))
    except InputError as error:
        told = str(error)
    assert "damaged" in told
