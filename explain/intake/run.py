"""`whichteam intake`: reads a council's data and writes case files and the report."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from explain.intake.report import FORMS, sheets, written
from explain.printed import json_text
from kb import output
from kb.case import case_document, parse_day
from kb.dates import in_words
from kb.errors import Fault, InputError
from kb.intake.confirmed import NOTHING_CONFIRMED, read_confirmed
from kb.intake.model import Intake
from kb.intake.read import OWN, Source, open_source, read_source, team_names
from kb.intake.teams import Settings, load_settings, propose, settings_text
from kb.policy import find_policy, load_policy
from kb.vocabulary.model import Vocabulary

REPORT = "intake-report.xlsx"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Options of the command; see `whichteam intake --help`."""

    source: str
    policy: str
    as_of: str | None = None
    teams: Path | None = None
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
    opened = open_source(wanted.source, wanted.schema)
    if opened.kind == OWN:
        raise InputError([Fault(opened.name, "has one row a child with our names of facts already", "decide it as it is")])
    if wanted.propose_teams is not None:
        _propose(opened, wanted.propose_teams, loaded.code, loaded.vocabulary)
        return
    settings = load_settings(wanted.teams, loaded.vocabulary) if wanted.teams else Settings()
    confirmed = read_confirmed(wanted.confirmed, loaded.vocabulary) if wanted.confirmed is not None else NOTHING_CONFIRMED
    intake = read_source(opened, loaded.code, loaded.vocabulary, day, settings, confirmed)
    target = wanted.report or (wanted.out / REPORT if wanted.out else None)
    report = written(sheets(intake, loaded.vocabulary, opened.name), target) if target is not None else b""
    if wanted.out is not None:
        _check_place(wanted.out)
        with output.filling(wanted.out) as inside:
            _write_cases(intake, loaded.vocabulary, inside)
            _write_report(report, wanted.report or inside / REPORT)
    elif wanted.report is not None:
        _write_report(report, wanted.report)
    _tell(intake, opened, wanted.out, target)


def _day(raw: str | None) -> int | None:
    try:
        return parse_day(raw) if raw else None
    except ValueError:
        raise InputError([Fault("--as-of", f"`{raw}` is not a date", "write it as 2024-09-03")]) from None


def _propose(source: Source, path: Path, policy: str, vocabulary: Vocabulary) -> None:
    """Writes a teams file with likely codes for the team names. Errors: `InputError` if the file exists."""
    if path.exists():
        raise InputError([Fault(str(path), "is there already, and may have been checked", "name another file, or move it")])
    proposals = propose(team_names(source), vocabulary)
    output.write(path, settings_text(proposals, policy, vocabulary), private=False)
    sure = sum(p.sure for p in proposals)
    likely = sum(bool(p.code) and not p.sure for p in proposals)
    print(f"Wrote {path}: {len(proposals)} team names, {sure} spelt as in the policy, {likely} with a likely team to")
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


def _tell(intake: Intake, source: Source, out: Path | None, report: Path | None) -> None:
    read, used, refused = (sum(getattr(count, name) for count in intake.counts) for name in ("read", "used", "refused"))
    print(f"{source.name} on {in_words(intake.as_of)}: {len(intake.cases)} children, "
          f"{sum(len(case.facts) for case in intake.cases)} facts known.")  # fmt: skip
    print(f"{read} rows: {used} used, {refused} refused, {read - used - refused} ignored.")
    print(f"{len(intake.faults)} things to put right, {len(intake.hints)} to confirm.")
    if intake.unknown_teams:
        names = ", ".join(f"`{name}`" for name in sorted(intake.unknown_teams)[:8])
        more = f" and {len(intake.unknown_teams) - 8} more" if len(intake.unknown_teams) > 8 else ""
        print(f"Nobody has said which teams these are: {names}{more}. Use --propose-teams, then --teams.")
    if out is not None:
        print(f"Wrote {len(intake.cases)} case files to {out}, and sources.tsv beside them.")
    if report is not None:
        print(f"Wrote {report}")
    for fault in intake.faults[:20] if report is None else ():
        print(f"to put right: {fault}", file=sys.stderr)
    if report is None and len(intake.faults) > 20:
        print(f"and {len(intake.faults) - 20} more: write them all with --report FILE", file=sys.stderr)
