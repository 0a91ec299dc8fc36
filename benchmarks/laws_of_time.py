"""Tests the laws of time (`tests/laws/time.py`) on thousands of random records.

Run: python -m benchmarks.laws_of_time [--records 500] [--engine pydatalog|forward] [--policy NAME ...] [--law NUMBER ...]
Prints for each law the number of records, of records to which it applies ("tried"), and of records that break it, with the
first of these as a case file. Exit code 1 if a law is broken.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from random import Random

from kb.case import case_document
from kb.engines.forward import Forward
from kb.engines.interface import Engine
from kb.engines.pydatalog import PyDatalog
from queries.load import load_program
from tests.laws.histories import record
from tests.laws.time import LAWS, Bench

ENGINES: dict[str, type[Engine]] = {"forward": Forward, "pydatalog": PyDatalog}


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    asked.add_argument("--records", type=int, default=500)
    asked.add_argument("--engine", choices=sorted(ENGINES), default="forward")
    asked.add_argument("--policy", nargs="+", default=["blackpool", "sefton"])
    asked.add_argument("--law", nargs="+", default=[])
    options = asked.parse_args()
    failed = False
    for policy in options.policy:
        for name in LAWS:
            if not options.law or name.split()[0] in options.law:
                failed |= not _try(policy, name, options.records, ENGINES[options.engine]())
    return int(failed)


def _try(policy: str, name: str, records: int, engine: Engine) -> bool:
    program = load_program(policy)
    tried, broken, first = 0, 0, ""
    start = time.perf_counter()
    for number in range(records):
        draw = Random(f"{policy} {name} {number}")
        case = record(program, draw)
        found = LAWS[name](Bench(program, engine, draw), case)
        tried += found is not None
        if found:
            broken += 1
            first = first or f"{found}\n{json.dumps(case_document(case, program.policy.vocabulary))}"
    seconds = time.perf_counter() - start
    print(f"{policy:10s} law {name:24s} {records:6d} records, {tried:6d} tried, {broken:3d} broken, {seconds:7.1f} s", flush=True)
    if first:
        print(first, flush=True)
    return not broken


if __name__ == "__main__":
    sys.exit(main())
