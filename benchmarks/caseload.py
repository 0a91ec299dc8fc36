"""Times every engine on the same random cases, and writes docs/benchmarks.md and docs/benchmarks.png.

Run: python -m benchmarks.caseload [MOST_CASES]     (default 100,000; 1,000,000 takes several minutes and 4 GB)

All numbers come from one run on one machine, so that they can be compared. The time for deciding includes keeping every
rule's firing in memory; start-up, loading the program and making the cases are timed separately. For comparison, the time
to read every byte of the input once is measured too (`benchmarks.engines.one_pass`).
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.engines import measure
from benchmarks.plot import Line, draw

DOCS = Path(__file__).parent.parent / "docs"
POLICIES = ("blackpool", "sefton")
#: The numbers of cases that each engine is given.
SIZES = {
    "columns": (1_000, 10_000, 100_000, 1_000_000),
    "duckdb": (1_000, 10_000, 100_000, 1_000_000),
    "pydatalog": (100, 500),
    "forward": (100, 500),
    "clingo": (100, 500),
    "prolog": (100,),
}
NAMES = {
    "columns": "columns (numpy)",
    "duckdb": "DuckDB",
    "pydatalog": "pyDatalog",
    "forward": "forward pass in Python",
    "clingo": "clingo",
    "prolog": "SWI-Prolog, tabled",
}
COLOURS = {
    "columns": "#0072B2",
    "duckdb": "#E69F00",
    "pydatalog": "#B22222",
    "forward": "#7F7F7F",
    "clingo": "#009E73",
    "prolog": "#56B4E9",
}
TITLES = ("engine", "cases", "seconds", "processor s", "µs a case", "times pyDatalog", "times one pass", "peak MB", "firings")
END_TO_END = ((50, "xlsx"), (100, "csv"), (200, "parquet"))

#: From this heading on, the page has the results of other benchmarks.
_BESIDE = "\n## A council's own data\n"


def main() -> None:
    most = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    found: list[dict[str, Any]] = []
    for policy in POLICIES:
        for engine, sizes in SIZES.items():
            if not _is_there(engine):
                continue
            for size in sizes:
                if size <= most:
                    found.append(measure(engine, policy, size))
                    print(_line(found[-1]), flush=True)
    whole = [end_to_end(size, form) for size, form in END_TO_END if size <= most]
    beside = _measured_beside((DOCS / "benchmarks.md").read_text(encoding="utf-8"))
    (DOCS / "benchmarks.md").write_text(page(found, whole) + beside, encoding="utf-8")
    lines = [
        Line(NAMES[engine], COLOURS[engine], [(r["count"], r["cpu"]) for r in _of(found, POLICIES[0], engine)])
        for engine in SIZES
    ]
    one_pass = [(r["count"], r["one_pass"]) for r in _of(found, POLICIES[0], "columns")]
    draw(
        DOCS / "benchmarks.png",
        "Processor seconds to decide that many cases, every firing kept (Blackpool)",
        [*lines, Line("one pass over the input", "#000000", one_pass)],
    )


def _measured_beside(page: str) -> str:
    """The part of the page with results of other benchmarks, which is kept."""
    _, heading, rest = page.partition(_BESIDE)
    return heading + rest


def _is_there(engine: str) -> bool:
    needed = {"prolog": "swipl"}.get(engine)
    return needed is None or shutil.which(needed) is not None


def _of(found: list[dict[str, Any]], policy: str, engine: str) -> list[dict[str, Any]]:
    return [r for r in found if (r["policy"], r["engine"]) == (policy, engine) and "failed" not in r]


def _line(r: dict[str, Any]) -> str:
    if "failed" in r:
        return f"{r['policy']} {r['engine']} {r['count']:,}: failed: {' '.join(r['failed'])[:200]}"
    times = f"{r['decide']:.3f} s ({r['cpu']:.3f} of the processor)"
    return f"{r['policy']} {r['engine']} {r['count']:,}: {times}, {r['megabytes']:.0f} MB, {r['fired']:,} firings"


def end_to_end(size: int, form: str) -> dict[str, Any]:
    """Seconds of `whichteam caseload` as a process, from a file of `size` random cases to a file of results.

    form  ending of both files: csv, xlsx or parquet
    """
    with tempfile.TemporaryDirectory() as folder:
        cases, results = Path(folder) / f"cases.{form}", Path(folder) / f"results.{form}"
        subprocess.run([sys.executable, "-m", "benchmarks.write_cases", POLICIES[0], str(size), str(cases)], check=True)
        command = [sys.executable, "-m", "explain.cli"]
        start = time.perf_counter()
        subprocess.run([*command, "--help"], check=True, stdout=subprocess.DEVNULL)
        bare = time.perf_counter() - start
        start = time.perf_counter()
        subprocess.run([*command, "caseload", str(cases), "--out", str(results)], check=True, stdout=subprocess.DEVNULL)
        seconds, megabytes = time.perf_counter() - start, cases.stat().st_size / 1e6
    print(f"{form} of {size:,} children in, {form} out: {seconds:.1f} s ({bare:.1f} s for --help)", flush=True)
    return {"size": size, "form": form, "seconds": seconds, "bare": bare, "megabytes": megabytes}


def _row(r: dict[str, Any], each: float) -> str:
    per = r["cpu"] / r["count"]
    cells = [NAMES[r["engine"]], f"{r['count']:,}", f"{r['decide']:.3f}", f"{r['cpu']:.3f}", f"{1e6 * per:,.1f}"]
    cells += [f"{each / per:,.0f}", f"{r['cpu'] / max(r['one_pass'], 1e-6):,.0f}", f"{r['megabytes']:,.0f}", f"{r['fired']:,}"]
    return f"| {' | '.join(cells)} |"


def _header(first: str, *others: str) -> list[str]:
    return [f"| {' | '.join([first, *others])} |", "|---|" + "--:|" * len(others)]


def page(found: list[dict[str, Any]], whole: list[dict[str, Any]]) -> str:
    """The text of docs/benchmarks.md. `found`: results of `measure`; `whole`: results of `end_to_end`."""
    lines = [
        "# How long a caseload takes",
        "",
        f"Measured by `python -m benchmarks.caseload` on {os.cpu_count()} cores ({platform.machine()}),",
        f"Python {platform.python_version()}; all numbers are of one run. Each case is random and has a value for",
        "four in five facts of the policy: more than any council records. *Deciding* is from typed cases in memory",
        "to every rule's firing of one step of every case in memory. Start-up, the program and the making of cases are not in",
        "the first tables (see the last but one). Ratios are of processor time, which other programs on the machine",
        "affect less. *One pass* is the time to read every byte of the input once.",
        "",
        "![Seconds by number of cases](benchmarks.png)",
    ]
    for policy in POLICIES:
        base = _of(found, policy, "pydatalog")
        each = base[-1]["cpu"] / base[-1]["count"] if base else 0.0
        some = next((r for r in found if r["policy"] == policy and "failed" not in r), None)
        if some is None:
            continue
        lines += ["", f"## {policy.capitalize()}", ""]
        lines += _header(*TITLES)
        for engine in SIZES:
            for r in _of(found, policy, engine):
                lines.append(_row(r, each))
        for r in found:
            if r["policy"] == policy and "failed" in r:
                lines.append(f"| {NAMES[r['engine']]} | {r['count']:,} | failed: {' '.join(r['failed'])[:80]} | | | | | | |")
    columns = [r for policy in POLICIES for r in _of(found, policy, "columns")]
    lines += ["", "## Start-up, program and cases", ""]
    lines += _header("policy", "cases", "start-up s", "program s", "making cases s", "input MB", "one pass s")
    for r in columns:
        lines.append(
            f"| {r['policy']} | {r['count']:,} | {r['start_up']:.2f} | {r['load_program']:.2f} | {r['make_cases']:.2f} "
            f"| {r['input_megabytes']:,.1f} | {r['one_pass']:.4f} |"
        )
    lines += ["", "## A file in, results out", ""]
    lines += ["The whole process: `whichteam caseload cases.FORM --out results.FORM` (Blackpool).", ""]
    lines += _header("form", "children", "file MB", "seconds", "of these for starting (`--help`)")
    lines += [f"| {w['form']} | {w['size']:,} | {w['megabytes']:.1f} | {w['seconds']:.1f} | {w['bare']:.1f} |" for w in whole]
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    main()
