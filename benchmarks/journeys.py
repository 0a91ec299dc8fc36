"""Times the journeys of a caseload: in columns (`queries.bulk.walk`), and one case after the other.

Run: python -m benchmarks.journeys [--children 10000] [--one-by-one 300] [--policy NAME ...]
The children are invented, all different. `plain` are those whose journey can be computed in columns; the others are always
computed one by one. `--one-by-one` is the number of children that are also computed one by one for comparison. Times are
elapsed seconds of one run on one machine.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq  # type: ignore[import-untyped]

from kb.bulk.arrow import read_arrow
from kb.bulk.columns_in import select
from kb.bulk.reader import Wanted as Reading
from kb.bulk.table import CaseTable
from kb.engines.bulk.columns import Columns
from kb.program import Program
from queries.bulk.journeys import CHUNK, last_steps
from queries.bulk.walk import Rules, walk
from queries.invented import Wanted, make_invented
from queries.load import load_program

AS_OF = date(2024, 11, 20).toordinal()


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    asked.add_argument("--children", type=int, default=10_000)
    asked.add_argument("--one-by-one", type=int, default=300)
    asked.add_argument("--policy", nargs="+", default=["blackpool", "sefton"])
    options = asked.parse_args()
    for policy in options.policy:
        program = load_program(policy)
        _measure(program, children(program, options.children), options.one_by_one)


def children(program: Program, count: int, seed: int = 1) -> CaseTable:
    """`count` invented children of a policy as a table."""
    with tempfile.TemporaryDirectory() as folder:
        make_invented(program, Wanted(count, seed, AS_OF), Path(folder) / "made")
        table = pq.read_table(Path(folder) / "made" / "children.parquet")
    return read_arrow(table, "children", Reading(program.policy.code, program.policy.vocabulary)).table


def _measure(program: Program, table: CaseTable, one_by_one: int) -> None:
    last_steps(program, select(table, np.arange(min(64, len(table)))))  # fills the caches of the program
    start = time.perf_counter()
    for rows in np.array_split(np.arange(len(table)), -(-len(table) // CHUNK)):
        walk(Rules(program), select(table, rows), Columns())
    walked = (time.perf_counter() - start) / len(table)
    start = time.perf_counter()
    steps = last_steps(program, table)
    many = (time.perf_counter() - start) / len(table)
    some = select(table, np.arange(min(one_by_one, len(table))))
    start = time.perf_counter()
    last_steps(program, some, in_columns=False)
    each = (time.perf_counter() - start) / len(some)
    plain = 1 - steps.hard / len(table)
    print(
        f"{program.policy.code:10s} {len(table):9,d} children, {plain:.1%} plain: {walked * 1e6:6,.0f} µs a case to walk, "
        f"{many * 1e6:8,.0f} µs with those handed over, "
        f"one after the other {each * 1e6:8,.0f} µs ({len(some):,d} of them), {each / many:6,.1f} times as quick",
        flush=True,
    )


if __name__ == "__main__":
    main()
