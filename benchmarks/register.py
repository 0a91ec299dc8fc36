"""Tests the register under load: several writers, killed processes, tampering; and its size and speed with many answers.

    python -m benchmarks.register together [ADDRESS]        8 writers x 500 changes, on SQLite or on a PostgreSQL database
    python -m benchmarks.register killed [ADDRESS]          50 writers killed at random moments
    python -m benchmarks.register server                    both with a new PostgreSQL server, which is also killed 50
                                                            times; full disk; backup and restore
    python -m benchmarks.register tampered                  every kind of change that does not go through the program
    python -m benchmarks.register fill FILE CHILDREN        adds children with 10 answers each until FILE has CHILDREN
    python -m benchmarks.register scale FILE                times search, history, due, replay, audit, backup; size

Exit code 1 if a change was lost or written twice, or a tampering was not found. `fill` decides 50 invented children and
copies their facts and answers to all others, so that rows have a realistic size; each is written as an entry of the log.
"""

from __future__ import annotations

import contextlib
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from explain.decision_json import decision_json
from kb.case import case_document, parse_day
from kb.dates import iso
from kb.engines.pydatalog import PyDatalog
from kb.errors import InputError
from kb.register.audit import audit
from kb.register.check import check
from kb.register.copies import back_up, restore
from kb.register.place import place_of
from kb.register.schema import answers, children, entries, facts, notes
from kb.register.store import Store, Writer, open_store
from queries.exact import decide_exactly
from queries.load import load_program
from queries.register import change
from queries.register.answering import answer_row
from queries.register.due import due
from queries.register.history import history
from queries.register.known import IMPORT, Child, Known, Recorded
from queries.register.replaying import replay
from queries.register.searching import Wanted, search
from tests.register.postgres import Server
from tests.register.tampering import tamperings
from tests.register.writers import Kept, kept, killed, moments, start, together

POLICY = "blackpool"
DAY = "2024-11-20"  # day of the latest answers
MODELS = 50  # invented children whose facts and answers are copied
ANSWERS = 10  # answers of each child
SHARE = 500  # children in one transaction
#: Number of writers and changes of each; number of kills, and the longest time before a kill in seconds.
WRITERS, CHANGES, KILLED, LONGEST = 8, 500, 50, 0.6


def main() -> int:
    what, *given = sys.argv[1:] or [""]
    parts: dict[str, Callable[..., int]] = {"together": _together, "killed": _killed, "tampered": _tampered}
    parts |= {"server": _server}
    parts |= {"fill": _fill, "scale": _scale}
    if what not in parts:
        print(__doc__)
        return 2
    return parts[what](*given)


def _new(given: str, folder: Path) -> tuple[str, Store]:
    """A new register with one child, in a folder or at an address: its place, and the open register."""
    place = given or str(folder / "kept" / "register.sqlite")
    store = open_store(place, make=True)
    change.add(store, "c1", {}, "Ann", policy=POLICY)
    return place, store


def _lost(store: Store, told: list[Kept], spare: int) -> int:
    """The number of writers with a lost or repeated change.

    told   the changes that each writer was told are kept
    spare  the number of further changes that a writer may have made: one if it was killed while writing
    """
    with store.reading() as connection:
        asked = select(entries.c.by, notes.c.entry).join(entries, entries.c.seq == notes.c.entry).order_by(notes.c.entry)
        there: dict[str, list[int]] = {}
        for by, entry in connection.execute(asked):
            there.setdefault(by, []).append(entry)
    wrong = 0
    for one in told:
        written = there.get(one.by, [])
        wrong += written[: len(one.entries)] != list(one.entries) or len(written) - len(one.entries) > spare
    return wrong


def _together(address: str = "") -> int:
    with tempfile.TemporaryDirectory() as folder:
        place, store = _new(address, Path(folder))
        start = time.perf_counter()
        told = together(place, "c1", WRITERS, CHANGES, Path(folder))
        took = time.perf_counter() - start
        kept = sum(len(one.entries) for one in told)
        wrong, whole = _lost(store, told, 0), audit(store).whole and not check(store)
    print(f"{WRITERS} writers x {CHANGES} changes: {kept:,} kept in {took:.1f} s ({kept / took:.0f} a second)")
    print(f"lost or doubled: {wrong}; chain and database {'whole' if whole else 'NOT WHOLE'}")
    return int(bool(wrong) or not whole or kept != WRITERS * CHANGES)


def _killed(address: str = "") -> int:
    wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        place, store = _new(address, Path(folder))
        told = []
        for number, wait in enumerate(moments(KILLED, LONGEST)):
            told.append(killed(place, "c1", f"killed-{number}", wait, Path(folder)))
            if not audit(store).whole or check(store):
                wrong += 1
                print(f"not whole after {number}, killed after {wait:.3f} s")
        lost = _lost(store, told, 1)
    kept = sum(len(one.entries) for one in told)
    print(
        f"{KILLED} writers killed, {kept:,} changes kept by then: {lost} with a change lost or doubled, {wrong} times not whole"
    )
    return int(bool(lost or wrong))


def _server() -> int:
    """Tests PostgreSQL: a change that a writer was told is kept exists once, whatever happens to writers, server and disk."""
    from tests.intake.test_database import programs

    home = programs()
    if home is None:
        print("PostgreSQL is not installed")
        return 2
    with _small_disk() as disk:
        server = Server(home, disk, fsync=True)
        server.start()
        try:
            wrong = _together(server.database()) + _killed(server.database())
            return wrong + _server_killed(server) + _full(server, disk) + _put_back(server)
        finally:
            server.stop()


@contextlib.contextmanager
def _small_disk() -> Iterator[Path | None]:
    """A small file system in memory (400 MB); None if it can't be mounted."""
    folder = Path(tempfile.mkdtemp(prefix="disk"))
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=400m,mode=755", "tmpfs", str(folder)], capture_output=True)
    try:
        yield folder if mounted.returncode == 0 else None
    finally:
        if mounted.returncode == 0:
            subprocess.run(["umount", "-l", str(folder)], check=True)
        folder.rmdir()


def _server_killed(server: Server) -> int:
    """Kills the server KILLED times while a writer writes, and starts it again."""
    place, wrong, told, refused = server.database(), 0, [], 0
    with tempfile.TemporaryDirectory() as folder:
        place, store = _new(place, Path(folder))
        for number, wait in enumerate(moments(KILLED, LONGEST)):
            by, out = f"cut-off-{number}", Path(folder) / str(number)
            writer = start(place, "c1", by, 1_000_000, out)
            while not out.read_bytes() and writer.poll() is None:
                time.sleep(0.005)
            time.sleep(wait)
            server.kill()
            told.append(kept(by, out, writer.wait()))
            server.start()
            refused += told[-1].code == 1
            store = open_store(place)
            if not audit(store).whole or check(store):
                wrong += 1
                print(f"not whole after the server was killed for the {number + 1}th time, after {wait:.3f} s")
        lost = _lost(store, told, 1)
    many = sum(len(one.entries) for one in told)
    print(
        f"server killed {KILLED} times, {many:,} changes kept by then: {lost} times one lost or doubled, {wrong} times not whole"
    )
    print(f"  writers that ended with an error told: {refused}")
    return int(bool(lost or wrong or refused != KILLED))


def _full(server: Server, disk: Path | None) -> int:
    """Fills the server's disk: a change is refused with a message, and the next one is kept once there is space."""
    if disk is None:
        print("disk full: not tested, as no file system can be mounted here")
        return 0
    _, store = _new(server.database(), disk)
    written, ballast = 0, disk / "ballast"
    free = shutil.disk_usage(disk).free
    ballast.write_bytes(b"\0" * max(0, free - 2_000_000))
    message = ""
    for _ in range(20_000):
        try:
            change.note(store, "c1", os.urandom(1_900).hex(), "Ann")
            written += 1
        except InputError as error:
            message = str(error.faults[0])
            break
    ballast.unlink()
    time.sleep(2)  # the server may be restarting
    for _ in range(60):
        try:
            change.note(store, "c1", "there is room again", "Ann")
            break
        except InputError:
            time.sleep(0.5)
    there, whole = history(store, "c1").notes, audit(store).whole and not check(store)
    print(f"disk full after {written} changes: {message}")
    right = whole and len(there) in (written + 1, written + 2) and there[-1].text == "there is room again" and message
    print(f"  then {len(there)} changes are there; chain and database {'whole' if whole else 'NOT WHOLE'}")
    return int(not right)


def _put_back(server: Server) -> int:
    """Makes a backup during writing and restores it into another database."""
    with tempfile.TemporaryDirectory() as folder:
        place, store = _new(server.database(), Path(folder))
        writer = start(place, "c1", "busy", 200, Path(folder) / "busy")
        backup = Path(folder) / "backup.sqlite"
        while len((Path(folder) / "busy").read_bytes().split()) < 50:
            time.sleep(0.01)
        back_up(store, backup)
        writer.wait()
        other = server.database()
        checked, _ = restore(place_of(other), backup, False, None)
        back = open_store(other)
        whole = audit(back, [checked.head] if checked.head else []).whole and not check(back)
    print(
        f"backup while written to: {checked.entries} entries, put back into another database, {'whole' if whole else 'NOT WHOLE'}"
    )
    return int(not whole)


def _tampered() -> int:
    import sqlite3

    from tests.register.test_audit import changed, filled
    from tests.register.tiny import install

    with tempfile.TemporaryDirectory() as folder:
        os.environ["WHICHTEAM_POLICIES"] = folder
        install(Path(folder))
        register, path = Path(folder) / "register.sqlite", Path(folder) / "changed.sqlite"
        filled(register)
        with closing(sqlite3.connect(register)) as connection:
            connection.execute("PRAGMA journal_mode=DELETE")
            every = tamperings(connection)
        head, missed = audit(open_store(str(register))).head, 0
        assert head is not None
        for tampering in every:
            changed(register, path, tampering)
            found = audit(open_store(str(path)), [head] if tampering.headed else []) if tampering.name else None
            if found is None or not any(tampering.where in str(finding) for finding in found.findings):
                missed += 1
                print(f"not found: {tampering.name}")
    headed = sum(one.headed for one in every)
    print(f"{len(every)} tamperings, {headed} of them with the printed head: {len(every) - missed} found, {missed} not")
    return int(bool(missed))


# size and speed ------------------------------------------------------------------------------------


Model = tuple[list[tuple[str, Any]], list[dict[str, Any]]]


def _models() -> list[Model]:
    """The facts and answers of MODELS invented children: answers for the day of the record and nine earlier days."""
    from kb.bulk.plain_files import read
    from kb.bulk.reader import Wanted as Reading
    from queries.invented import Wanted as Invented
    from queries.invented import make_invented

    program, engine, day = load_program(POLICY), PyDatalog(), parse_day(DAY)
    with tempfile.TemporaryDirectory() as folder:
        make_invented(program, Invented(MODELS, 7, day), Path(folder) / "invented")
        table = read(Path(folder) / "invented" / "children.parquet", Reading(POLICY, program.policy.vocabulary)).table
    found: list[Model] = []
    for case in table.cases(program.policy.vocabulary):
        facts_known = case_document(case, program.policy.vocabulary)["facts"]
        recorded = {name: Recorded(0, name, value, DAY, IMPORT, "", "", "") for name, value in facts_known.items()}
        rows = []
        for as_of in range(day - 30 * (ANSWERS - 1), day + 1, 30):
            then = replace(case, as_of=as_of, recorded_on=day if as_of < day else None)
            decision = decide_exactly(program, then, engine)
            told = {**decision_json(decision, proof=False), "notes": []}
            known = Known(Child(0, case.case_id, POLICY), iso(as_of), recorded, {})
            rows.append(dict(answer_row(0, known.document(program.policy.code), decision, told, "benchmark")))
        found.append((list(facts_known.items()), rows))
    return found


def _fill(file: str, wanted: str) -> int:
    start = datetime(2020, 1, 1, tzinfo=UTC)
    store = open_store(file, make=True)
    with store.reading() as connection:
        there = connection.execute(select(func.count()).select_from(children)).scalar_one()
    models = _models()
    began, cpu = time.perf_counter(), time.process_time()
    for first in range(there, int(wanted), SHARE):
        with Store(store.place, store.engine, lambda n=first: start + timedelta(minutes=n)).writing() as writer:  # type: ignore[misc]
            for number in range(first, min(first + SHARE, int(wanted))):
                _child(writer, number, *models[number % MODELS])
    made = int(wanted) - there
    took = time.process_time() - cpu
    print(
        f"{made:,} children with {made * ANSWERS:,} answers in {time.perf_counter() - began:.0f} s, {took:.0f} s of the processor"
    )
    return 0


def _child(writer: Writer, number: int, known: list[tuple[str, Any]], kept: list[dict[str, Any]]) -> None:
    child, new = change.new_child(writer, f"K{number:07}", POLICY)
    rows = [Recorded(0, name, value, DAY, IMPORT, "children.parquet", "", "") for name, value in known]
    writer.entry("nightly", "import", [*new, *((facts, change.fact_row(child, one)) for one in rows)], child.id)
    for row in kept:
        writer.entry("Ann", "answer", [(answers, {**row, "child": child.id})], child.id)


def _scale(file: str) -> int:
    store, program = open_store(file), load_program(POLICY)
    with store.reading() as connection:
        counted = [
            connection.execute(select(func.count()).select_from(t)).scalar_one() for t in (children, answers, facts, entries)
        ]
    size = sum(path.stat().st_size for path in Path(file).parent.glob(Path(file).name + "*"))
    print("{:,} children, {:,} answers, {:,} facts, {:,} entries".format(*counted))
    print(f"size on disk: {size / 1e6:,.0f} MB, {size / max(counted[1], 1):,.0f} bytes an answer, all tables included")
    last = f"K{counted[0] - 1:07}"
    _timed("search by number", lambda: len(search(store, Wanted(number=last[-5:]))[0]))
    _timed("search by team", lambda: search(store, Wanted(team="assessment_and_support_team"))[1])
    _timed("history of a child", lambda: len(history(store, last).answers))
    _timed("a note, kept", lambda: change.note(store, last, "a note", "Ann"))
    _timed("due within 14 days of 20 November 2024", lambda: len(due(store, DAY, 14)))
    _timed("due, of one team", lambda: len(due(store, DAY, 14, "assessment_and_support_team")))
    _timed("replay of the latest answers", lambda: _replayed(replay(store, program, latest_only=True)))
    _timed("replay of every answer", lambda: _replayed(replay(store, program)))
    _timed("audit", lambda: audit(store).rows)
    with tempfile.TemporaryDirectory(dir=Path(file).parent) as folder:
        _timed("backup", lambda: _backed_up(store, Path(folder) / "backup.sqlite"))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    print(f"peak memory: {peak:,.0f} MB")
    return 0


def _backed_up(store: Store, file: Path) -> str:
    back_up(store, file)
    return f"{file.stat().st_size / 1e6:,.0f} MB"


def _replayed(found: Any) -> str:
    return f"{found.compared:,} answers, {len(found.differing):,} would differ"


def _timed(what: str, call: Callable[[], Any]) -> None:
    began, cpu = time.perf_counter(), time.process_time()
    found = call()
    shown = f"{found:,}" if isinstance(found, int) else found
    print(f"{what}: {time.perf_counter() - began:.2f} s, {time.process_time() - cpu:.2f} s of the processor ({shown})")


if __name__ == "__main__":
    sys.exit(main())
