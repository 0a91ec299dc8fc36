"""Several at once, programs that are killed, a full disk, a database that goes away and comes back."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from sqlalchemy import select

from kb.register.audit import audit
from kb.register.check import check
from kb.register.schema import entries, notes
from kb.register.store import Store, open_store
from queries.register import change
from queries.register.history import history
from tests.helpers import with_small_files
from tests.register.postgres import Server
from tests.register.test_change import HELD, refusal
from tests.register.tiny import POLICY, Clock, made
from tests.register.writers import Kept, killed, moments, together


def with_child(place: str | Path) -> Store:
    store = made(place, Clock())
    change.add(store, "c1", HELD, "Ann", "2024-08-25", policy=POLICY)
    return open_store(str(place))


def notes_by(store: Store) -> dict[str, list[tuple[int, str]]]:
    """The notes of each person, with the entries that they were written by."""
    with store.reading() as connection:
        asked = (
            select(entries.c.by, notes.c.entry, notes.c.text)
            .join(entries, entries.c.seq == notes.c.entry)
            .order_by(notes.c.entry)
        )
        found: dict[str, list[tuple[int, str]]] = {}
        for by, entry, text in connection.execute(asked):
            found.setdefault(by, []).append((entry, text))
        return found


def check_nothing_lost(store: Store, told: list[Kept], whole: bool = True) -> None:
    """Every change that a writer was told to be kept is there once; of a killed one perhaps one more."""
    there = notes_by(store)
    for one in told:
        written = there.get(one.by, [])
        assert [entry for entry, _ in written][: len(one.entries)] == list(one.entries)
        assert [text for _, text in written] == [f"{one.by} {number}" for number in range(len(written))]
        assert len(written) - len(one.entries) in ((0,) if whole else (0, 1))
    assert audit(store).whole
    assert check(store) == []


def test_writers_at_the_same_time_lose_nothing_and_double_nothing(place: str, tmp_path: Path) -> None:
    store = with_child(place)
    told = together(place, "c1", 3, 25, tmp_path)
    assert [(one.code, len(one.entries)) for one in told] == [(0, 25)] * 3
    check_nothing_lost(store, told)


@pytest.mark.parametrize("after", moments(2, 0.4))
def test_a_writer_that_is_killed_loses_nothing_that_it_was_told_to_be_kept(after: float, tmp_path: Path) -> None:
    place = str(tmp_path / "kept" / "r.sqlite")
    store = with_child(place)
    told = killed(place, "c1", "killed", after, tmp_path)
    assert (told.code, len(told.entries) > 0) == (-9, True)
    check_nothing_lost(store, [told], whole=False)
    change.note(store, "c1", "goes on", "Ann")


def test_of_two_that_start_from_the_same_state_one_is_refused(place: str) -> None:
    store = with_child(place)
    seen = history(store, "c1").version
    results: list[int | str] = []

    def write(name: str) -> None:
        try:
            results.append(change.note(open_store(place), "c1", "mine", name, seen=seen))
        except Exception as error:
            results.append(str(error).split(":")[1].strip())

    threads = [threading.Thread(target=write, args=(name,)) for name in ("Ben", "Cat")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, results)) == ["3", "was changed since you looked at it"]


def test_a_register_that_two_make_at_once_is_one(tmp_path: Path) -> None:
    place = tmp_path / "kept" / "r.sqlite"
    stores: list[Store] = []
    threads = [threading.Thread(target=lambda: stores.append(open_store(str(place), make=True))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for number, store in enumerate(stores):
        change.add(store, f"c{number}", HELD, "Ann", "2024-08-25", policy=POLICY)
    assert len(stores) == 4
    assert audit(stores[0]).entries == 5
    assert [path.name for path in place.parent.iterdir()] == ["r.sqlite"]


def test_readers_do_not_wait_for_a_writer(place: str) -> None:
    store = with_child(place)
    with store.writing() as writer:
        writer.entry("Ben", "note", [(notes, {"child": 2, "text": "under way"})], 2)
        assert history(store, "c1").notes == ()
    assert [note.text for note in history(store, "c1").notes] == ["under way"]


def test_a_full_disk_is_told_and_nothing_is_recorded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "kept" / "r.sqlite"
    store = with_child(place)
    monkeypatch.setenv("WHICHTEAM_REGISTER", str(place))
    before = audit(store)
    ran = with_small_files(1_000, "register", "note", "c1", "x" * 3_000, "--by", "Ann")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"error: {place}: can't be written or read: the disk failed, or a file may not grow\n    make room")
    assert audit(store) == before
    change.note(store, "c1", "there is room again", "Ann")


def test_a_database_that_goes_away_and_comes_back(server: Server) -> None:
    place = server.database()
    store = with_child(place)
    server.stop()
    try:
        told = refusal(change.note, store, "c1", "while it is away", "Ann")
        assert "can't be reached, or the connection broke" in told
        assert told.endswith("see `whichteam register history` for whether it was kept")
    finally:
        server.start()
    change.note(store, "c1", "back again", "Ann")
    assert [note.text for note in history(store, "c1").notes] == ["back again"]
    assert audit(store).whole


def test_a_file_that_goes_away_and_comes_back(tmp_path: Path) -> None:
    place = tmp_path / "r.sqlite"
    store = with_child(place)
    place.rename(tmp_path / "away")
    assert refusal(change.note, store, "c1", "while it is away", "Ann").startswith(f"{place}: can't be opened")
    assert not place.exists()
    (tmp_path / "away").rename(place)
    assert change.note(store, "c1", "back again", "Ann") == 3


def test_what_no_register_can_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("not a database, but a text that is long enough to be taken for the head of one" * 30)
    assert refusal(open_store, str(tmp_path / "text")).startswith(f"{tmp_path / 'text'}: is no register, or is damaged")
    assert refusal(open_store, str(tmp_path)).startswith(f"{tmp_path}: can't be opened")
    assert refusal(open_store, str(tmp_path / "text" / "r.sqlite"), make=True).startswith(str(tmp_path / "text"))
    assert refusal(open_store, "mysql://u:secretword@h/d").startswith("WHICHTEAM_REGISTER: names a database of the kind `mysql`")
    told = refusal(open_store, "postgresql://u:secretword@/nowhere?host=/nowhere")
    assert "can't be reached" in told
    assert "secretword" not in told
