"""`whichteam intake`: reads a council's data and writes case files and the report."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from explain.intake.account import account_lines, nothing_read
from explain.intake.report import FORMS, asked, sheets, written
from explain.printed import json_text
from explain.progress import showing, telling
from kb import output
from kb.case import case_document, parse_day
from kb.dates import in_words
from kb.errors import Fault, InputError, many
from kb.intake.confirmed import NOTHING_CONFIRMED, read_confirmed
from kb.intake.layout import TEAMS
from kb.intake.model import Intake
from kb.intake.read import OWN, Source, open_source, read_source, team_names
from kb.intake.teams import Settings, load_settings, propose, settings_text
from kb.policy import find_policy, load_policy
from kb.vocabulary.model import Vocabulary
from queries.intake import HeldUp, held_up
from queries.load import load_program

REPORT = "intake-report.xlsx"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Options of the command; see `whichteam intake --help`."""

    sources: tuple[str, ...]
    policy: str
    as_of: str | None = None
    teams: tuple[Path, ...] = ()
    out: Path | None = None
    report: Path | None = None
    propose_teams: Path | None = None
    schema: str | None = None
    confirmed: Path | None = None


def run(wanted: Wanted) -> None:
    """Runs the command. Errors: `InputError`; nothing is written then."""
    loaded = load_policy(find_policy(wanted.policy))
    day = _day(wanted.as_of)
    if wanted.report is not None and wanted.report.suffix.lower() not in FORMS:
        raise InputError([Fault(str(wanted.report), "is neither .xlsx nor .csv", "end the report's name in one of them")])
    if wanted.out is not None:
        _check_place(wanted.out)
    opened = [open_source(source, wanted.schema) for source in wanted.sources]
    for one in opened:
        if one.kind == OWN:
            raise InputError([Fault(one.name, "has one row a child with our names of facts already", "decide it as it is")])
    codes, lists = _teams(wanted.teams)
    opened += lists
    if wanted.propose_teams is not None:
        _propose(opened, wanted.propose_teams, loaded.code, loaded.vocabulary)
        return
    settings = load_settings(codes, loaded.vocabulary) if codes else Settings()
    confirmed = read_confirmed(wanted.confirmed, loaded.vocabulary) if wanted.confirmed is not None else NOTHING_CONFIRMED
    name = ", ".join(one.name for one in opened)
    target = wanted.report or (wanted.out / REPORT if wanted.out else None)
    with showing() as progress:
        told = telling(progress, "Reading the children")
        intake = read_source(opened, loaded.code, loaded.vocabulary, day, settings, confirmed, told)
        opened.clear()  # a council's tables are large
        if intake.nothing_read:
            raise InputError(nothing_read(intake, name))
        held = None
        if intake.hints and target is not None:
            told = telling(progress, "Finding what to ask")
            held = held_up(load_program(wanted.policy), intake.cases, intake.hints, told)
    report = written(sheets(intake, loaded.vocabulary, name, held), target) if target is not None else b""
    if wanted.out is not None:
        with output.filling(wanted.out) as inside:
            _write_cases(intake, loaded.vocabulary, inside)
            _write_report(report, wanted.report or inside / REPORT)
    elif wanted.report is not None:
        _write_report(report, wanted.report)
    _tell(intake, name, held, wanted.out, target)


def _teams(paths: Sequence[Path]) -> tuple[Path | None, list[Source]]:
    """The file that says what team names stand for, and lists of children with their teams. Errors: `InputError`."""
    codes = [path for path in paths if path.suffix.lower() == ".toml"]
    if len(codes) > 1:
        raise InputError([Fault("--teams", f"{len(codes)} files say what team names stand for", "put them into one")])
    lists: list[Source] = []
    for path in paths:
        if path in codes:
            continue
        found = open_source(str(path))
        if found.kind != TEAMS:
            raise InputError([Fault(path.name, "is no list of teams", "its columns are child, team and, where known, since")])
        lists.append(found)
    return (codes[0] if codes else None), lists


def _day(raw: str | None) -> int | None:
    try:
        return parse_day(raw) if raw else None
    except ValueError:
        raise InputError([Fault("--as-of", f"`{raw}` is not a date", "write it as 2024-09-03")]) from None


def _propose(source: Sequence[Source], path: Path, policy: str, vocabulary: Vocabulary) -> None:
    """Writes a teams file with likely codes for the team names. Errors: `InputError` if the file exists."""
    if path.exists():
        raise InputError([Fault(str(path), "is there already, and may have been checked", "name another file, or move it")])
    proposals = propose(team_names(source), vocabulary)
    output.write(path, settings_text(proposals, policy, vocabulary), private=False)
    sure = sum(p.sure for p in proposals)
    likely = sum(bool(p.code) and not p.sure for p in proposals)
    print(f"Wrote {path}: {many(len(proposals), 'team name')}, {sure} spelt as in the policy, {likely} with a likely team to")
    print(f"check (take the ? off), {len(proposals) - sure - likely} to fill in.")
    for proposal in proposals:
        if not proposal.sure:
            meant = f"perhaps {vocabulary.label('team', proposal.code)}" if proposal.code else "no team of the policy is like it"
            print(f"  Which team is `{proposal.name}`? ({meant})")


def _check_place(out: Path) -> None:
    """Errors: `InputError` if the folder holds case files already."""
    if out.exists() and (not out.is_dir() or any(out.glob("*.json"))):
        raise InputError([Fault(str(out), "is a file, or holds case files already", "name another folder: --out DIR")])


def _write_cases(intake: Intake, vocabulary: Vocabulary, out: Path) -> None:
    """Writes a case file for each child, and `sources.tsv` with the origin of each fact."""
    for case in intake.cases:
        output.write(out / f"{case.case_id}.json", json_text(case_document(case, vocabulary)))
    lines = ["case_id\tfact\tfrom"]
    lines += [f"{child}\t{fact}\t{where}" for child, of_child in intake.sources.items() for fact, where in of_child.items()]
    output.write(out / "sources.tsv", "\n".join(lines) + "\n")


def _write_report(report: bytes, target: Path) -> None:
    output.make_folder(target.parent)
    output.write(target, report)


def _tell(intake: Intake, name: str, held: HeldUp | None, out: Path | None, report: Path | None) -> None:
    print(f"{name} on {in_words(intake.as_of)}: {many(len(intake.cases), 'child', 'children')}, "
          f"{many(sum(len(case.facts) for case in intake.cases), 'fact')} known.")  # fmt: skip
    for line in account_lines(intake):
        print(line)
    to_ask = len(asked(intake, held))
    print(f"{len(intake.faults)} things to put right, {to_ask} to confirm.")
    if len(intake.hints) > to_ask:
        print(f"{len(intake.hints) - to_ask} more are suggested, but no reply to them would change an answer.")
    if intake.unknown_teams:
        names = ", ".join(f"`{name}`" for name in sorted(intake.unknown_teams)[:8])
        more = f" and {len(intake.unknown_teams) - 8} more" if len(intake.unknown_teams) > 8 else ""
        print(f"Nobody has said which teams these are: {names}{more}. Use --propose-teams, then --teams.")
    if out is not None:
        print(f"Wrote {many(len(intake.cases), 'case file')} to {out}, and sources.tsv beside them.")
    if report is not None:
        print(f"Wrote {report}")
    for fault in intake.faults[:20] if report is None else ():
        print(f"to put right: {fault}", file=sys.stderr)
    if report is None and len(intake.faults) > 20:
        print(f"and {len(intake.faults) - 20} more: write them all with --report FILE", file=sys.stderr)
