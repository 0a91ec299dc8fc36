"""Compares two engines on random cases and counts the differences.

Run: python -m benchmarks.agree POLICY CASES ENGINE [ENGINE]

The first engine is one for single cases (pydatalog, forward, clingo) or for many cases (columns, duckdb); the second is one
for many cases, by default columns. Prints in how many steps any rule fires under one engine only. If the first engine is
for single cases, it also prints how many whole records differ in status, team or move. 10,000 cases with pyDatalog take
about ten minutes a policy.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from benchmarks.engines import BULK, single_engine
from benchmarks.random_table import random_steps, random_table
from kb.bulk.bits import NONE, count_ones, words
from kb.bulk.table import CaseTable
from kb.engines.bulk.choose import engine_named
from kb.engines.bulk.interface import Firings
from kb.program import Program, solve
from queries.bulk.caseload import decide_caseload
from queries.decide import decide
from queries.load import load_program


def main() -> None:
    policy, count, first = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    second = sys.argv[4] if len(sys.argv) > 4 else "columns"
    program = load_program(policy)
    table = random_steps(program, count, seed=2024)
    start = time.perf_counter()
    if first in BULK:
        differing, compared = bulk(program, table, first, second)
        print(f"{policy}: {compared:,} cases, {first} and {second}: {differing:,} differ in some rule", end=" ")
    else:
        rules, answers = single(program, table, first, second)
        print(
            f"{policy}: {count:,} cases, {first} and {second}: {rules:,} differ in a rule, {answers:,} in the answer",
            end=" ",
        )
    print(f"({time.perf_counter() - start:.0f} s)")


def bulk(program: Program, table: CaseTable, first: str, second: str) -> tuple[int, int]:
    """The number of steps in which any rule differs, and the number compared."""
    differing = compared = 0
    for left, right in zip(_chunks(program, table, first), _chunks(program, table, second)):
        assert (left.start, left.count) == (right.start, right.count)
        found: NDArray[np.uint64] = np.full(words(left.count), NONE)
        for rule in range(len(program.halves.rules)):
            found |= left.rule(rule) ^ right.rule(rule)
        differing += count_ones(found, left.count)
        compared += left.count
    return differing, compared


def _chunks(program: Program, table: CaseTable, name: str) -> Iterator[Firings]:
    engine = engine_named(name)
    engine.chunk = 1 << 18  # type: ignore[attr-defined]
    return engine.fire(program, table)


def single(program: Program, steps: CaseTable, first: str, second: str) -> tuple[int, int]:
    """The number of steps in which any rule differs, and of whole records that differ in status, team or move."""
    engine, many, vocabulary = single_engine(first)(), engine_named(second), program.policy.vocabulary
    rules = answers = 0
    for firings in many.fire(program, steps):
        kept = firings.kept()
        for row in range(kept.start, kept.start + kept.count):
            rules += solve(program, steps.case(row, vocabulary), engine).fired != kept.of_case(row)
    records = random_table(program, len(steps), seed=2024)
    caseload = decide_caseload(program, records, many)
    for row, case in enumerate(records.cases(vocabulary)):
        decision = decide(program, case, engine)
        move = decision.transfer
        expected = (
            decision.status,
            decision.responsible_team,
            (move.origin, move.to, move.point, move.status) if move else None,
        )
        found = (
            caseload.statuses[caseload.status[row]],
            caseload.teams[caseload.team[row]] if caseload.team[row] >= 0 else None,
            caseload.moves[caseload.move[row]] if caseload.move[row] >= 0 else None,
        )
        answers += expected != found
    return rules, answers


if __name__ == "__main__":
    main()
