"""Programs that write to a register at the same time, and programs that are killed while they write."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
#: Records changes about one child, one after another, and prints the number of each entry once it is kept.
WRITER = """
import sys
from kb.register.store import open_store
from queries.register import change
place, child, by, count = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
store = open_store(place)
for number in range(count):
    print(change.note(store, child, f"{by} {number}", by), flush=True)
"""


@dataclass(frozen=True)
class Kept:
    """What a writer said that it had kept: entries by number."""

    by: str
    entries: tuple[int, ...]
    code: int


def start(place: str, child: str, by: str, count: int, out: Path) -> subprocess.Popen[bytes]:
    """Starts a writer whose output goes to a file."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with out.open("wb") as file:
        command = [sys.executable, "-c", WRITER, place, child, by, str(count)]
        return subprocess.Popen(command, stdout=file, cwd=ROOT, env=environment)


def kept(by: str, out: Path, code: int) -> Kept:
    """What a writer printed; a line that was cut off does not count."""
    lines = out.read_text().split("\n")[:-1]
    return Kept(by, tuple(int(line) for line in lines), code)


def together(place: str, child: str, writers: int, count: int, folder: Path) -> list[Kept]:
    """Some writers at the same time, each with so many changes."""
    names = [f"writer-{number}" for number in range(writers)]
    running = [start(place, child, name, count, folder / name) for name in names]
    codes = [writer.wait() for writer in running]
    return [kept(name, folder / name, code) for name, code in zip(names, codes)]


def killed(place: str, child: str, name: str, after: float, folder: Path) -> Kept:
    """A writer that is killed (signal 9) some seconds after its first change."""
    out = folder / name
    writer = start(place, child, name, 1_000_000, out)
    while not out.read_bytes() and writer.poll() is None:
        time.sleep(0.005)
    time.sleep(after)
    os.kill(writer.pid, signal.SIGKILL)
    return kept(name, out, writer.wait())


def moments(count: int, most: float, seed: int = 1) -> Sequence[float]:
    """Random waits in seconds."""
    chance = random.Random(seed)
    return [chance.uniform(0, most) for _ in range(count)]
