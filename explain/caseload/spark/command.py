"""`whichteam caseload --engine spark`: Parquet in, Parquet out. This process sees only counts and a few faults."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from explain.caseload.spark.frame import (
    children,
    decide_dataframe,
    firings,
    in_parts,
    notes_on,
    numbers,
    refused,
    with_places,
)
from explain.caseload.spark.session import MASTER, reason, session
from explain.caseload.spark.task import REFUSED, ROWS
from kb import output
from kb.bulk.columns_in import POLICY_COLUMN, first_policy
from kb.bulk.plain_files import header_of
from kb.bulk.reader import Wanted
from kb.errors import Fault, InputError
from kb.program import Program
from queries.bulk.teams import Summary
from queries.load import load_installed, load_program

PARQUET = ".parquet"
ALL_CORES = "local[*]"
MOST_TOLD = 10  # faults printed


@dataclass(frozen=True)
class Job:
    """What to decide and where to write.

    `policy` None: the policy named in the first row. `as_of`: day of the answers as an ordinal; None for the cases' own.
    """

    file: Path
    out: Path | None
    firings: Path | None
    master: str | None
    policy: str | None
    settings: dict[str, str]
    as_of: int | None


@dataclass(frozen=True)
class Done:
    """Result of a job: numbers, refused rows and faults (`told` are the first of them), and paths written."""

    program: Program
    summary: Summary
    notes: tuple[str, ...]
    refused: int
    faults: int
    told: tuple[str, ...]
    written: tuple[Path, ...]


def run(job: Job) -> Done:
    """Decides the cases of a Parquet file, or of a folder of Parquet files. Errors: `InputError`."""
    check(job)
    spark = session(job.master or ALL_CORES)
    try:
        with _spark_faults(job.file.name):
            return _run(spark, job)
    finally:
        spark.stop()


def check(job: Job) -> None:
    """Checks paths and columns before Spark starts. Errors: `InputError`."""
    if not job.file.exists():
        raise InputError([Fault(str(job.file), "there is no such file or folder", "check the path")])
    if job.file.suffix.lower() != PARQUET and not (job.file.is_dir() and any(job.file.glob(f"*{PARQUET}"))):
        hint = "write the table as Parquet, or use the columns engine, which reads the other forms"
        raise InputError([Fault(job.file.name, "is no Parquet, which is all that Spark reads", hint)])
    for option, path in (("--out", job.out), ("--firings", job.firings)):
        if path is None:
            continue
        if path.suffix.lower() != PARQUET:
            hint = f"end the name in {PARQUET}; it becomes a folder of Parquet files"
            raise InputError([Fault(option, f"`{path.name}` is no form that Spark writes", hint)])
        if not path.parent.is_dir():
            raise InputError([Fault(option, f"there is no folder `{path.parent}`", "make it first, or name another")])
        _check_place(option, path, job.file)
    if job.out is not None and job.firings is not None and job.out.resolve() == job.firings.resolve():
        raise InputError([Fault("--firings", f"`{job.firings.name}` is the place of the results", "name another")])
    header_of(min(job.file.glob(f"*{PARQUET}")) if job.file.is_dir() else job.file)


def _check_place(option: str, path: Path, file: Path) -> None:
    """Errors: `InputError` if writing to `path` would overwrite anything but earlier results."""
    place, cases = path.resolve(), file.resolve()
    if place == cases or cases in place.parents or place in cases.parents:
        raise InputError([Fault(option, f"`{path.name}` holds the cases themselves, or is among them", "name another place")])
    if path.is_dir() and not all(entry.name.startswith(("part-", "_SUCCESS", ".")) for entry in path.iterdir()):
        raise InputError([Fault(option, f"`{path.name}` is a folder with other things in it", "name another place")])


def _run(spark: Any, job: Job) -> Done:
    from pyspark import StorageLevel

    several_files = job.file.is_dir()
    cases = spark.read.parquet(str(job.file.absolute()))
    program = _program(job, cases)
    rows = cases.count()
    if not rows:
        raise InputError([Fault(job.file.name, "holds no case")])
    parts = max(min(rows, spark.sparkContext.defaultParallelism), -(-rows // ROWS))
    placed = in_parts(with_places(cases, several_files), parts)
    wanted = Wanted(program.policy.code, program.policy.vocabulary, job.as_of, job.policy is not None)
    notes = notes_on(cases, wanted, job.file.name)
    frame = decide_dataframe(placed, program, job.as_of, wanted.chosen, job.firings is not None, name=job.file.name)
    frame = frame.persist(StorageLevel.DISK_ONLY)
    summary, refusals, faults = numbers(frame, program)
    first_faults = tuple(fault for row in refused(frame).take(MOST_TOLD) for fault in row[REFUSED])[:MOST_TOLD]
    if refusals == rows:
        message = f"holds no case that can be used: all {rows:,} were refused"
        raise InputError([*(Fault(*fault.split(": ", 1)) for fault in first_faults), Fault(job.file.name, message)])
    written = tuple(_written(job, frame, refusals))
    return Done(program, summary, notes, refusals, faults, first_faults, written)


def _program(job: Job, cases: Any) -> Program:
    if job.policy is not None:
        return load_program(job.policy, job.settings)
    rows = cases.select(POLICY_COLUMN).head(1) if POLICY_COLUMN in cases.columns else []
    name = first_policy([row[0] for row in rows])
    if name is None:
        raise InputError([Fault(job.file.name, "does not say which policy its cases come under", "name it: --policy NAME")])
    return load_installed(name, job.settings, f"{job.file.name}: policy")


def _written(job: Job, frame: Any, refusals: int) -> Iterator[Path]:
    """Writes the requested results, and the refused rows beside them; yields the paths."""
    if job.out is not None:
        yield _write(children(frame), job.out)
        if refusals:
            yield _write(refused(frame), job.out.with_name(f"{job.out.stem}-refused{job.out.suffix}"))
    if job.firings is not None:
        yield _write(firings(frame), job.firings)


def _write(frame: Any, path: Path) -> Path:
    """Writes to a temporary folder beside `path`, then renames it."""
    made = output.beside(path)
    try:
        frame.write.parquet(str(made.absolute()), compression="zstd")
        output.put_folder(made, path)
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return path


@contextmanager
def _spark_faults(name: str) -> Iterator[None]:
    """Turns errors of Spark into `InputError`."""
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    try:
        yield
    except (PySparkException, Py4JError, OSError) as error:
        hint = f"is it the right file, and does {MASTER} name a Spark that sees it and has whichteam installed?"
        raise InputError([Fault(name, f"Spark can't decide it: {reason(error)}", hint)]) from None
