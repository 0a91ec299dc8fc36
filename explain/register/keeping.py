"""The commands that keep the register: audit, export, import, backup, restore, check, erase."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from explain.escape import cell
from explain.printed import json_text
from explain.register.changing import made_by, who
from explain.register.changing import told as as_kept
from explain.register.shown import disputes, print_text, when
from explain.screen import Screen
from kb import output
from kb.case import parse_day
from kb.errors import Fault, InputError, many
from kb.register import check as checking
from kb.register import copies
from kb.register.audit import audit as audit_of
from kb.register.chain import parse_head
from kb.register.place import place_of
from kb.register.store import open_store
from queries.register import answering_all, erasing, exporting, importing
from queries.register.change import policy_named

CHANGED, WRONG = 1, 1  # exit codes
MOST_PRINTED = 20


def audit(heads: Sequence[str]) -> int:
    """Prints what was changed behind the register's back, and its head. Gives the exit code. Errors: `InputError`."""
    known = [parse_head(head) for head in heads]
    found = audit_of(open_store(), known)
    for finding in found.findings:
        print(f"changed: {finding}")
    if found.count > len(found.findings):
        print(f"and {found.count - len(found.findings):,} more")
    if found.whole:
        beside = f", and it goes on from {'the head' if len(known) == 1 else f'the {len(known)} heads'} given" if known else ""
        print(f"Whole: {found.entries:,} entries and {found.rows:,} rows are as they were written{beside}.")
        if not known:
            print("A log that was cut or made anew is found with a head that was printed before: --head HEAD.")
    else:
        print(f"Not whole: {found.count:,} findings in {found.entries:,} entries and {found.rows:,} rows.")
    print(f"Head: {found.head}")
    return 0 if found.whole else CHANGED


def import_(source: str, policy: str | None, as_of: str | None, teams: Path | None, report: Path | None, by: str | None) -> int:
    """Imports, and prints what was new and what disagrees. Gives the exit code: 2 if a child or row was refused."""
    if report is not None and report.suffix.lower() != ".csv":
        raise InputError([Fault("--report", f"`{report.name}` is no table", "end the name in .csv")])
    day = None
    if as_of is not None:
        try:
            day = parse_day(as_of)
        except ValueError as error:
            raise InputError([Fault("--as-of", str(error), "write the date as 2024-09-03")]) from None
    code = policy or importing.policy_of(source)
    if code is None:
        raise InputError([Fault(source, "does not say which policy its children come under", "name it: --policy NAME")])
    name, loaded = who(by), policy_named(code)
    read = importing.read(source, loaded, day, teams)
    store = open_store(make=True)
    screen = Screen(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=screen, transient=True, disable=not screen.is_terminal) as progress:
        task = progress.add_task("Importing", total=len(read.cases))
        made = importing.import_cases(store, read, loaded.code, name, lambda count: progress.advance(task, count))
    lines = [
        f"{read.name}: {many(len(read.cases), 'child', 'children')}. {made.new:,} new, {made.changed:,} with something new, "
        f"{made.unchanged:,} as they were; {made.facts:,} facts recorded."
    ]
    told = [(known.child.number, line) for known in made.disputed for line in disputes(known, loaded.vocabulary)]
    faults = [*read.faults, *made.refused]
    if told:
        lines.append(
            f"{len(told):,} {'disagreement' if len(told) == 1 else 'disagreements'} with what people recorded, which stands:"
        )
        lines += [f"  {child}: {line}" for child, line in told[:MOST_PRINTED]]
        lines += [f"  and {len(told) - MOST_PRINTED:,} more: --report FILE writes them all"] if len(told) > MOST_PRINTED else []
    lines += [f"note: {text}" for text in read.notes]
    if report is not None:
        rows = [("disagreement", child, line, "") for child, line in told]
        rows += [("to put right", fault.where, fault.message, fault.hint) for fault in faults]
        output.write(report, _csv([("What", "Where", "Told", "What to do"), *rows]))
        lines.append(f"Wrote {report}")
    print_text(lines)
    for fault in faults[:MOST_PRINTED]:
        print(f"to put right: {fault}", file=sys.stderr)
    if len(faults) > MOST_PRINTED:
        print(f"and {len(faults) - MOST_PRINTED:,} more: write them all with --report FILE", file=sys.stderr)
    return 2 if made.refused else 0


def answer_all(as_of: str | None, by: str | None) -> int:
    """Answers every child, and prints how many answers were kept. Gives the exit code: 2 if a child could not be answered."""
    store = open_store()
    screen = Screen(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed:,.0f}"))
    with Progress(*columns, console=screen, transient=True, disable=not screen.is_terminal) as progress:
        task = progress.add_task("Answering", total=None)
        found = answering_all.answer_all(store, as_kept, who(by), made_by(), as_of, lambda count: progress.advance(task, count))
    lines = [f"{found.kept:,} {'answer' if found.kept == 1 else 'answers'} kept. {found.standing:,} stand as they are."]
    lines += [f"Of {found.empty:,} children nothing is recorded."] if found.empty else []
    print_text(lines)
    for fault in found.refused[:MOST_PRINTED]:
        print(f"to put right: {fault}", file=sys.stderr)
    if len(found.refused) > MOST_PRINTED:
        print(f"and {len(found.refused) - MOST_PRINTED:,} more", file=sys.stderr)
    return 2 if found.refused else 0


def _csv(rows: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([cell(part) for part in row] for row in rows)
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def export(out: Path, child: str | None, as_of: str | None) -> None:
    """Writes a child's file, or a folder of cases. Errors: `InputError`; nothing is written then."""
    store = open_store()
    if child is not None:
        if as_of is not None:
            raise InputError([Fault("--as-of", "is for the cases of all children", "leave it out")])
        output.write(out, json_text(exporting.everything(store, child)))
        print_text([f"Wrote {out}: all that the register has of {child}."])
        return
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise InputError([Fault(str(out), "is a file, or a folder that is not empty", "name another folder: --out DIR")])
    count = 0
    with output.filling(out) as inside:
        for document in exporting.cases(store, as_of):
            output.write(inside / f"{document['case_id']}.json", json_text(document))
            count += 1
    print_text([f"Wrote {many(count, 'case file')} to {out}."])


def backup(file: Path) -> None:
    store = open_store()
    copies.back_up(store, file)
    print_text([f"Wrote {file}. It holds all that the register holds: keep it as safe."])


def restore(file: Path, replace: bool) -> None:
    """Puts a backup back. Errors: `InputError`; nothing has changed then."""
    place = place_of()
    try:
        store = open_store()
    except InputError:
        if place.file is not None and place.file.exists() and not replace:
            raise
        store = None
    checked, kept = copies.restore(place, file, replace, store)
    lines = [f"{place} holds {checked.entries:,} entries now, from {file}. Nothing in it was changed behind its back."]
    if kept is not None:
        lines.append(f"What was there before is in {kept}. What was recorded after the backup was made is only there.")
    print_text([*lines, f"Head: {checked.head}"])


def check() -> int:
    """Prints what is wrong with the register as a database. Gives the exit code. Errors: `InputError`."""
    store = open_store()
    wrong = checking.check(store)
    print_text(
        [*wrong, *([] if wrong else [f"{store.place} is in order. Whether its content is as written: whichteam register audit"])]
    )
    return WRONG if wrong else 0


def erase(child: str | None, reason: str | None, years: int | None, yes: bool, by: str | None) -> None:
    """Erases a child, or lists and erases those of whom nothing was recorded for years. Errors: `InputError`."""
    if (child is None) == (years is None):
        raise InputError([Fault("erase", "names no child, or both", "give CHILD, or --unchanged-for YEARS")])
    store, name = open_store(), who(by)
    if years is not None:
        found = erasing.unchanged_for(store, years)
        if not yes:
            lines = [f"  {one.number}: last entry {when(one.last_at)}" for one in found]
            ask = ["Nothing was erased: add --yes and --reason TEXT to erase them."] if found else []
            print_text([f"{len(found):,} children of whom nothing was recorded for {years} years.", *lines, *ask])
            return
        numbers = [one.number for one in found]
    else:
        numbers = [str(child)]
        if not yes:
            raise InputError(
                [Fault(str(child), "would be erased for good", "add --yes; whichteam register export first, if need be")]
            )
    if reason is None:
        raise InputError([Fault("--reason", "is missing", "say why, such as: --reason 'retention period over'")])
    erased = [erasing.erase(store, number, reason, name) for number in numbers]
    print_text(
        [
            f"Entry {one.entry}: erased {one.number}, {many(one.rows, 'row')}. A tombstone without its number stays."
            for one in erased
        ]
    )
    if erased and not erased[-1].swept:
        print("note: another program is reading; the file's journal is cleaned when it ends", file=sys.stderr)
    if erased:
        print("note: backups and exports made before still hold what was erased", file=sys.stderr)
