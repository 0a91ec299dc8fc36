"""`whichteam caseload`: reads, decides, writes, and prints a summary."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from rich.markup import escape
from rich.progress import Progress

from explain.caseload.shown import bounds_told, print_changes, print_left_out, print_not_read, print_summary
from explain.progress import showing
from explain.screen import Screen
from kb import output
from kb.bulk.reader import CasesRead, Wanted
from kb.case import parse_day
from kb.engines.bulk.choose import SPARK, engine_named
from kb.engines.pydatalog import PyDatalog
from kb.errors import Fault, InputError, did_you_mean
from kb.program import Program
from queries.bulk.caseload import Caseload, decide_caseload
from queries.bulk.compare import Changes, compare
from queries.bulk.exact import bounds, made_exact
from queries.bulk.readers import reader_for
from queries.bulk.teams import Summary, summarise
from queries.exact import decide_exactly
from queries.load import load_installed, load_program
from queries.undecided import UNDECIDED

FORMS = (".xlsx", ".csv", ".parquet")
console = Screen()


@dataclass(frozen=True)
class Request:
    """Arguments of the command; see `whichteam caseload --help`."""

    file: Path
    out: Path | None
    policy: str | None
    engine: str
    why: str | None
    full: bool
    compare: str | None
    as_of: str | None
    settings: tuple[str, ...]
    master: str | None = None
    firings: Path | None = None
    exact: bool = False


def caseload(request: Request) -> None:
    """Runs the command. Errors: `InputError`."""
    if request.engine == SPARK:
        _on_spark(request)
        return
    _check(request)
    reader = reader_for(request.file)
    program = _program(request, reader)
    with showing() as progress:
        loaded = _read(request, reader, program, progress)
        if request.why is None:
            decided = _decide(program, loaded, request.engine, "Deciding", progress)
            if request.exact:
                task = progress.add_task("Making open answers exact", total=len(bounds(decided)))
                decided = made_exact(decided, lambda count: progress.advance(task, count))
            other = _other(request, reader, program, progress)
    if request.why is not None:
        _explain(request, program, loaded)
        return
    summary = summarise(decided)
    changes = compare(decided, other) if other is not None else None
    written: list[Path] = []
    if request.out is not None:  # before anything is printed: a closed pipe ends the program
        with showing() as progress:
            progress.add_task("Writing", total=None)
            written = _write(request.out, loaded, decided, summary, changes, other)
    print_summary(summary, program, bounds_told(len(bounds(decided)), request.exact))
    if changes is not None and other is not None:
        print_changes(changes, decided, other, str(request.compare))
    print_not_read(loaded)
    _tell(written)


def _tell(written: Iterable[Path]) -> None:
    for path in written:
        console.print(f"Written: {escape(str(path))}")


def _on_spark(request: Request) -> None:
    """Runs the command on Spark, which reads, decides and writes the children."""
    from explain.caseload.spark.command import Job, run

    for option, asked in (("--why", request.why), ("--compare", request.compare), ("--exact", request.exact or None)):
        if asked is not None:
            raise InputError([Fault(option, "is not for --engine spark", "leave --engine out")])
    settings, day = settings_of(request.settings), _day(request.as_of)
    job = Job(request.file, request.out, request.firings, request.master, request.policy, settings, day)
    with showing() as progress:
        progress.add_task("Deciding on Spark", total=None)
        done = run(job)
    open_ = sum(done.summary.statuses.get(status, 0) for status in UNDECIDED)
    print_summary(done.summary, done.program, bounds_told(open_, False, spark=True))
    print_left_out(done.notes, done.refused, done.refused + done.summary.children, done.told, done.faults)
    _tell(done.written)


def _check(request: Request) -> None:
    for option, given in (("--master", request.master), ("--firings", request.firings)):
        if given is not None:
            raise InputError([Fault(option, "is for --engine spark", "add --engine spark, or leave it out")])
    if request.out is None:
        return
    if request.out.suffix.lower() not in FORMS:
        raise InputError(
            [Fault("--out", f"`{request.out.name}` is no form of results", "end the name in .xlsx, .csv or .parquet")]
        )
    if not request.out.parent.is_dir():
        raise InputError([Fault("--out", f"there is no folder `{request.out.parent}`", "make it first, or name another")])
    if request.out.exists() and request.file.exists() and request.out.samefile(request.file):
        raise InputError([Fault("--out", f"`{request.out.name}` holds the cases themselves", "name another file")])


def _program(request: Request, reader: Any) -> Program:
    settings = settings_of(request.settings)
    if request.policy is not None:
        return load_program(request.policy, settings)
    name = reader.policy_of(request.file)
    if name is None:
        raise InputError([Fault(request.file.name, "does not say which policy its cases come under", "name it: --policy NAME")])
    return load_installed(name, settings, f"{request.file.name}: policy")


def settings_of(raw: tuple[str, ...]) -> dict[str, str]:
    """Readings given as READING=VALUE. Errors: `InputError`."""
    settings: dict[str, str] = {}
    for item in raw:
        name, equals, value = item.partition("=")
        if not equals or not value:
            raise InputError([Fault("--set", f"`{item}` is not READING=VALUE", "write both, with = between them")])
        settings[name.strip()] = value.strip()
    return settings


def _day(raw: str | None) -> int | None:
    try:
        return None if raw is None else parse_day(raw)
    except ValueError:
        raise InputError([Fault("--as-of", f"`{raw}` is not a date", "write it as 2024-09-03")]) from None


def _read(request: Request, reader: Any, program: Program, progress: Progress) -> CasesRead:
    task = progress.add_task("Reading", total=None)
    chosen = request.policy is not None
    wanted = Wanted(program.policy.code, program.policy.vocabulary, _day(request.as_of), chosen)
    loaded: CasesRead = reader.read(request.file, wanted)
    progress.update(task, total=loaded.total, completed=loaded.total)
    if not len(loaded.table):
        message = "holds no case" if not loaded.total else f"holds no case that can be used: all {loaded.total:,} were refused"
        raise InputError([*loaded.faults[:10], Fault(request.file.name, message)])
    return loaded


def _decide(program: Program, loaded: CasesRead, engine: str, title: str, progress: Progress) -> Caseload:
    task = progress.add_task(title, total=len(loaded.table))
    return decide_caseload(program, loaded.table, engine_named(engine), lambda count: progress.advance(task, count))


def _other(request: Request, reader: Any, program: Program, progress: Progress) -> Caseload | None:
    """The same children decided under the policy or reading of `--compare`; None without it."""
    if request.compare is None:
        return None
    settings = settings_of(request.settings)
    name, equals, value = request.compare.partition("=")
    if equals and not Path(request.compare).exists():
        policy = request.policy or program.policy.code
        other = load_program(policy, {**settings, name.strip(): value.strip()})
    else:
        other = load_program(request.compare, settings)
    wanted = Wanted(other.policy.code, other.policy.vocabulary, _day(request.as_of), chosen=True)
    return _decide(other, reader.read(request.file, wanted), request.engine, "Comparing", progress)


def _explain(request: Request, program: Program, loaded: CasesRead) -> None:
    """Prints the proof for one child, as `whichteam why` does."""
    from explain.why import print_why

    ids = list(loaded.table.ids)
    if request.why not in ids:
        hint = did_you_mean(str(request.why), ids[:100_000]) or "the ids are in the column `case_id`"
        refused = [fault for fault in loaded.faults if str(request.why) in str(fault)]
        raise InputError([*refused, Fault("--why", f"no case `{request.why}` was read from {request.file.name}", hint)])
    case = loaded.table.case(ids.index(request.why), program.policy.vocabulary)
    print_why(decide_exactly(program, case, PyDatalog()), "full" if request.full else "tree")


def _write(
    out: Path, loaded: CasesRead, decided: Caseload, summary: Summary, changes: Changes | None, other: Caseload | None
) -> list[Path]:
    """Writes the results and returns the paths. Changes go into a sheet of the workbook, or into a second file."""
    from explain.caseload.files import write_csv, write_parquet
    from explain.caseload.rows import as_rows

    rows = as_rows(decided)
    changed = None
    if changes is not None and other is not None:
        from explain.caseload.changes import changes_table

        changed = changes_table(changes, decided, other)
    if out.suffix.lower() == ".xlsx":
        from explain.caseload.book import write_book

        write_book(out, loaded, decided, summary, rows, changed)
        return [out]
    write = write_csv if out.suffix.lower() == ".csv" else write_parquet
    files = {out: rows} if changed is None else {out: rows, out.with_name(f"{out.stem}-changes{out.suffix}"): changed}
    output.write_all({path: partial(write, table=table) for path, table in files.items()})
    return list(files)
