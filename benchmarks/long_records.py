"""Times the answer for records with more and more dated occurrences, up to records that are refused as too long.

Run: python -m benchmarks.long_records [--policy NAME ...]
Each record repeats four events from January 2020 on, once with a team on record and once without. Times are elapsed
seconds; the ratio compares with the record of 10 occurrences in the same run.
"""

from __future__ import annotations

import argparse
import time
from datetime import date, timedelta
from typing import Any

from kb.case import Case, make_case
from kb.engines.pydatalog import PyDatalog
from kb.errors import InputError
from kb.program import Program
from queries.decide import decide
from queries.load import load_program

EVENTS = ("contact_received_on", "assessment_completed_on", "icpc_held_on", "first_hearing_held_on")
FIRST, AS_OF = date(2020, 1, 1), date(2024, 10, 16)
OCCURRENCES = (10, 100, 400, 800, 1_000, 5_000)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    asked.add_argument("--policy", nargs="+", default=["blackpool", "sefton"])
    for policy in asked.parse_args().policy:
        program = load_program(policy)
        held = next(code.code for code in program.policy.vocabulary.codes["team"])
        for told, facts in (("team on record", {"team_on_record": held}), ("no team on record", {})):
            _grow(program, told, facts)


def _grow(program: Program, told: str, facts: dict[str, Any]) -> None:
    first = 0.0
    for count in OCCURRENCES:
        start = time.perf_counter()
        try:
            case = _record(program, count, facts)
        except InputError as error:
            seconds = time.perf_counter() - start
            print(f"{program.policy.code:10s} {told:18s} {count:6,d} occurrences: refused in {seconds:.3f} s: {error.args[0]}")
            continue
        decision = decide(program, case, PyDatalog())
        seconds = time.perf_counter() - start
        first = first or seconds
        print(
            f"{program.policy.code:10s} {told:18s} {count:6,d} occurrences: {seconds:8.2f} s, {seconds / first:6.1f} times, "
            f"{decision.status}, {len(decision.journey)} stints",
            flush=True,
        )


def _record(program: Program, count: int, facts: dict[str, Any]) -> Case:
    each = count // len(EVENTS)
    span = (AS_OF - FIRST).days
    days = {
        name: sorted({(FIRST + timedelta(n * span // (each + 1) + place)).isoformat() for n in range(each)})
        if each < span
        else [(FIRST - timedelta(n)).isoformat() for n in range(each)][::-1]
        for place, name in enumerate(EVENTS)
    }
    document = {"case_id": "long", "policy": program.policy.code, "as_of": AS_OF.isoformat(), "facts": {**facts, **days}}
    return make_case(document, program.policy.vocabulary, "long.json")


if __name__ == "__main__":
    main()
