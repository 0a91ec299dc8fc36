"""Compares Spark with the columns engine: `whichteam caseload` from Parquet to Parquet, each run in a process of its own.

Run: python -m benchmarks.spark [--rows 10000] [--policy blackpool] [--invented 500]

`--invented` children are invented; the other rows are copies of them with all days some weeks later, so that no two records
are equal. Measured are the elapsed seconds of the whole process, start-up included, and the peak memory of the process, of
Java and of the largest Python worker.
"""

from __future__ import annotations

import argparse
import contextlib
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]
from pyarrow import parquet

from kb.bulk.arrow import read_arrow, to_arrow
from kb.bulk.reader import Wanted as Reading
from kb.bulk.table import HAPPENED, WHOLE, CaseTable, ListColumn, Numbers, parts_of
from kb.dates import MINUTES_A_DAY
from kb.program import Program
from kb.vocabulary.model import Fact, Vocabulary
from queries.invented import Wanted, make_invented
from queries.load import load_program

AS_OF = date(2024, 11, 20).toordinal()
MASTERS = ("local[1]", "local[2]")
EVERY = 0.2  # seconds between two readings of the memory


@dataclass
class Run:
    """One run: elapsed seconds, and peak memory in MB of each kind of process (driver, java, worker)."""

    name: str
    seconds: float = 0.0
    peaks: dict[str, float] = field(default_factory=dict)

    @property
    def workers(self) -> float:
        return self.peaks.get("worker", 0.0)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    asked.add_argument("--rows", type=int, default=10_000)
    asked.add_argument("--policy", default="blackpool")
    asked.add_argument("--invented", type=int, default=500)
    options = asked.parse_args()
    rows, policy = options.rows, options.policy
    with tempfile.TemporaryDirectory() as folder:
        cases = Path(folder) / "cases.parquet"
        write(load_program(policy), rows, options.invented, cases)
        print(f"{policy}, {rows:,} rows, {cases.stat().st_size / 1e6:.1f} MB of Parquet", flush=True)
        base = measured("columns", cases, policy, ["--engine", "columns"])
        print(line(base, base, rows), flush=True)
        for master in MASTERS:
            print(line(measured(master, cases, policy, ["--engine", "spark", "--master", master]), base, rows), flush=True)


def write(program: Program, rows: int, invented: int, path: Path) -> None:
    """Writes `rows` cases as Parquet: `invented` children, and copies of them some weeks later."""
    vocabulary = program.policy.vocabulary
    children = path.with_name("invented")
    make_invented(program, Wanted(min(invented, rows), 1, AS_OF), children)
    made = read_arrow(parquet.read_table(children / "children.parquet"), "invented", Reading(program.policy.code, vocabulary))
    copies = [to_arrow(later(made.table, weeks, vocabulary), vocabulary) for weeks in range(-(-rows // len(made.table)))]
    plain = [pa.table({name: _plain(table[name]) for name in table.column_names}) for table in copies]
    parquet.write_table(pa.concat_tables(plain).slice(0, rows), path)


def _plain(column: Any) -> Any:
    return column.cast(column.type.value_type) if pa.types.is_dictionary(column.type) else column


def later(table: CaseTable, weeks: int, vocabulary: Vocabulary) -> CaseTable:
    """Copies of the children with every day some weeks later, and with new ids."""
    facts = vocabulary.facts
    return replace(
        table,
        ids=[f"{case_id}-{weeks}" for case_id in table.ids],
        as_of=table.as_of + 7 * weeks,
        recorded_on=None if table.recorded_on is None else _moved(table.recorded_on, "date", weeks),
        columns={name: _moved(column, facts[name].type, weeks) for name, column in table.columns.items()},
        later={name: _list_moved(column, {WHOLE: facts[name]}, weeks) for name, column in table.later.items()},
        lists={name: _list_moved(column, parts_of(facts[name]), weeks) for name, column in table.lists.items()},
    )


def _moved(column: Numbers, kind: str, weeks: int) -> Numbers:
    """A column with its days some weeks later."""
    step = {"date": 7, "event": 7, "datetime": 7 * MINUTES_A_DAY}.get(kind, 0) * weeks
    return np.where(column > HAPPENED, column + step, column).astype(column.dtype)


def _list_moved(column: ListColumn, parts: Mapping[str, Fact], weeks: int) -> ListColumn:
    return replace(column, parts={name: _moved(part, parts[name].type, weeks) for name, part in column.parts.items()})


def measured(name: str, cases: Path, policy: str, options: list[str]) -> Run:
    """Runs the command and measures it. `name` is used for the output file; `options` are those of the engine."""
    out = cases.with_name(f"{name.replace('[', '-').rstrip(']')}.parquet")
    command = [sys.executable, "-m", "explain.cli", "caseload", str(cases), "--policy", policy, "--out", str(out), *options]
    run, start = Run(name), time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        while process.poll() is None:
            look(run, process.pid)
            time.sleep(EVERY)
    run.seconds = time.perf_counter() - start
    if process.returncode:
        raise SystemExit(f"{name}: failed")
    return run


def look(run: Run, pid: int) -> None:
    """Updates the peak memory of a process and its descendants. Of the workers, only the largest counts."""
    for found in tree(pid):
        with contextlib.suppress(OSError, StopIteration, ValueError):
            name = (found / "comm").read_text().strip()
            kind = "driver" if found.name == str(pid) else "java" if name == "java" else "worker"
            peak = next(text for text in (found / "status").read_text().splitlines() if text.startswith("VmHWM"))
            run.peaks[kind] = max(run.peaks.get(kind, 0.0), int(peak.split()[1]) / 1024)


def tree(pid: int) -> Iterator[Path]:
    """A process and all its descendants, as folders in /proc."""
    parents: dict[int, list[int]] = {}
    for path in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError, IndexError):
            parents.setdefault(int((path / "stat").read_text().rsplit(")", 1)[1].split()[1]), []).append(int(path.name))
    waiting = [pid]
    while waiting:
        one = waiting.pop()
        yield Path("/proc") / str(one)
        waiting += parents.get(one, [])


def line(run: Run, base: Run, rows: int) -> str:
    """A line on one run, with the ratio of its time to that of the columns engine (`base`)."""
    memory = ", ".join(f"{kind} {peak:,.0f} MB" for kind, peak in run.peaks.items())
    each = 1e3 * run.seconds / rows
    return f"{run.name}: {run.seconds:.1f} s ({each:.2f} ms a row), {run.seconds / base.seconds:.2f} times columns; {memory}"


if __name__ == "__main__":
    main()
