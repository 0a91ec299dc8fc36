"""Measures one engine on random cases: the time for deciding, with every firing kept, and the peak memory.

Run: python -m benchmarks.engines ENGINE POLICY COUNT     (prints one line of JSON)
`measure` runs this in a process of its own, so that peak memory and start-up are those of one engine.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

STARTED = time.perf_counter()

#: Engines for one case at a time. They are given fewer cases.
SINGLE = ("pydatalog", "forward", "clingo", "prolog")
BULK = ("columns", "duckdb")


def measure(engine: str, policy: str, count: int) -> dict[str, Any]:
    """The result of a measurement in a new process: seconds of each part, peak memory in MB, number of firings.

    If the process fails, the result has the key `failed` with the last line of its error output.
    """
    command = [sys.executable, "-m", "benchmarks.engines", engine, policy, str(count)]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    if found.returncode:
        return {"engine": engine, "policy": policy, "count": count, "failed": found.stderr.strip().splitlines()[-1:]}
    told: dict[str, Any] = json.loads(found.stdout.splitlines()[-1])
    return told


def main() -> None:
    engine, policy, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
    from benchmarks.random_table import random_steps
    from queries.load import load_program

    imported = time.perf_counter()
    program = load_program(policy)
    loaded = time.perf_counter()
    table = random_steps(program, count)
    made = time.perf_counter()
    reading = one_pass(table)
    before = peak_megabytes()
    firings = RUN[engine](program, table)
    told = {
        "engine": engine,
        "policy": policy,
        "count": count,
        "start_up": imported - STARTED,
        "load_program": loaded - imported,
        "make_cases": made - loaded,
        "input_megabytes": table.nbytes / 1e6,
        "one_pass": reading,
        "decide": firings.pop("seconds"),
        "megabytes_before": before,
        "megabytes": peak_megabytes(),
        **firings,
    }
    print(json.dumps(told))


def one_pass(table: Any) -> float:
    """Processor seconds to read every byte of the input once, the best of five runs: a lower bound for deciding."""
    import numpy as np

    arrays = [table.as_of, *table.columns.values()]
    for listed in table.lists.values():
        arrays += [listed.known, listed.offsets, *listed.parts.values()]
    words = [np.frombuffer(array.tobytes()[: array.nbytes // 8 * 8], np.uint64) for array in arrays]
    times: list[float] = []
    for _ in range(5):
        start = time.process_time()
        for array in words:
            np.bitwise_xor.reduce(array)
        times.append(time.process_time() - start)
    return min(times)


def children() -> list[Path]:
    """The running child processes of this process, as folders in /proc."""
    found: list[Path] = []
    for path in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError, IndexError):
            if int((path / "stat").read_text().rsplit(")", 1)[1].split()[1]) == os.getpid():
                found.append(path)
    return found


def peak_megabytes() -> float:
    """Peak memory of this process and its child processes (such as SWI-Prolog), in MB."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    lines = [line for child in children() for line in (child / "status").read_text().splitlines()]
    running = sum(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))
    return (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss + max(ended, running)) / 1024


def cpu_seconds() -> float:
    """Processor seconds of this process and its running child processes."""
    ticks = 0
    for child in children():
        ticks += sum(int(n) for n in (child / "stat").read_text().rsplit(")", 1)[1].split()[11:13])
    return time.process_time() + ticks / os.sysconf("SC_CLK_TCK")


class Clock:
    """Elapsed seconds and processor seconds since it was created."""

    def __init__(self) -> None:
        self.wall, self.cpu = time.perf_counter(), cpu_seconds()

    def told(self) -> dict[str, float]:
        return {"seconds": time.perf_counter() - self.wall, "cpu": cpu_seconds() - self.cpu}


def run_bulk(name: str) -> Callable[[Any, Any], dict[str, Any]]:
    """A measurement of a bulk engine that keeps the firings of all cases in memory."""

    def run(program: Any, table: Any) -> dict[str, Any]:
        from kb.bulk.bits import count_ones
        from kb.engines.bulk.choose import engine_named

        engine = engine_named(name)
        clock = Clock()
        kept = [found.kept() for found in engine.fire(program, table)]
        told = clock.told()
        fired = sum(count_ones(found.rule(rule), found.count) for found in kept for rule in range(len(program.halves.rules)))
        return {**told, "fired": fired, "kept_megabytes": sum(found.planes.nbytes for found in kept) / 1e6}

    return run


def run_single(engine: Any) -> Callable[[Any, Any], dict[str, Any]]:
    """A measurement of an engine for single cases. The cases are made before the clock starts."""

    def run(program: Any, table: Any) -> dict[str, Any]:
        from kb.program import solve

        cases = list(table.cases(program.policy.vocabulary))
        made = engine()
        solve(program, cases[0], made)  # compiles the rules, which happens once
        clock = Clock()
        fired = sum(len(solve(program, case, made).fired) for case in cases)
        return {**clock.told(), "fired": fired}

    return run


def run_prolog(program: Any, table: Any) -> dict[str, Any]:
    """A measurement of SWI-Prolog with tabling: the same plain rules, with the conditions of each case asserted as facts."""
    from kb.conditions import Conditions
    from kb.program import holding

    vocabulary = program.policy.vocabulary
    lines = [":- set_prolog_flag(stack_limit, 4_000_000_000).", ":- dynamic c/1.", ":- table h/1.", "h(N) :- c(N)."]
    for index, rule in enumerate(program.halves.rules):
        body = [f"h({n})" for n in rule.positive] + [f"tnot(h({n}))" for n in rule.negative]
        lines.append(f"fired({index}) :- {', '.join(body) or 'true'}.")
        lines.append(f"h({rule.head}) :- fired({index}).")
    lines = sorted(lines, key=lambda line: (not line.startswith(":-"), line.split("(")[0]))
    for number, case in enumerate(table.cases(vocabulary)):
        holds = sorted(holding(program.halves, Conditions(case, vocabulary)))
        lines.append(f"case({number}, {holds}).")
    lines += [
        "one(Holds, Count) :- abolish_all_tables, retractall(c(_)), forall(member(N, Holds), assertz(c(N))),",
        "    aggregate_all(count, fired(_), Count).",
        "run :- statistics(walltime, [Start|_]), statistics(cputime, Before),",
        "    findall(C, (case(_, Holds), one(Holds, C)), Counts),",
        "    statistics(walltime, [End|_]), statistics(cputime, After), sum_list(Counts, Sum),",
        "    Wall is (End - Start) / 1000, Used is After - Before, writeln([Wall, Used, Sum]).",
        ":- initialization((run, halt)).",
    ]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rules.pl"
        path.write_text("\n".join(lines) + "\n")
        found = subprocess.run(["swipl", "-q", str(path)], capture_output=True, text=True, check=True, stdin=subprocess.DEVNULL)
    seconds, cpu, fired = json.loads(found.stdout.strip().splitlines()[-1])
    return {"seconds": seconds, "cpu": cpu, "fired": fired}


def single_engine(name: str) -> Callable[[], Any]:
    """A function that creates the engine for single cases with this name."""

    def made() -> Any:
        from importlib import import_module

        module = {"pydatalog": "PyDatalog", "forward": "Forward", "clingo": "Clingo"}
        return getattr(import_module(f"kb.engines.{name}"), module[name])()

    return made


RUN: dict[str, Callable[[Any, Any], dict[str, Any]]] = {
    **{name: run_bulk(name) for name in BULK},
    **{name: run_single(single_engine(name)) for name in ("pydatalog", "forward", "clingo")},
    "prolog": run_prolog,
}

if __name__ == "__main__":
    main()
