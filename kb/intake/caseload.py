"""Reader of whole caseloads from councils' own data, for `kb.bulk.reader`.

If there is a `teams.toml` beside the file or in the folder, it says what the council's team names stand for; a `teams.csv`
there has the team of each child.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from kb.bulk.reader import CasesRead, Wanted
from kb.bulk.table import from_cases
from kb.errors import Fault, InputError
from kb.intake import model, sheets
from kb.intake.layout import sources
from kb.intake.read import open_source, read_source
from kb.intake.read import recognise as kind_of
from kb.intake.teams import Settings, load_settings

TEAMS_FILE = "teams.toml"  # what the council's team names stand for
TEAMS_LIST = "teams.csv"  # the team of each child
MOST_TOLD = 12


def recognises(path: Path) -> bool:
    """Whether a path is a source that `kb.intake` knows, or a workbook that can't be opened (`read` then reports it)."""
    try:
        return kind_of(str(path)) in sources()
    except InputError:
        return path.suffix.lower() in sheets.SUFFIXES


def policy_of(path: Path) -> str | None:
    """Councils' data name no policy."""
    return None


def read(path: Path, wanted: Wanted) -> CasesRead:
    """The cases of a source. No child is refused; faults in rows are reported as notes. Errors: `InputError`."""
    teams = (path if path.is_dir() else path.parent) / TEAMS_FILE
    settings = load_settings(teams, wanted.vocabulary) if teams.is_file() else Settings()
    opened = [open_source(str(path))]
    beside = path.parent / TEAMS_LIST
    if path.is_file() and beside.is_file():
        opened.append(open_source(str(beside)))
    found = read_source(opened, wanted.policy, wanted.vocabulary, wanted.as_of, settings)
    opened.clear()  # a council's tables are large
    if found.nothing_read:
        unread = [Fault(f"{e.file}, {e.table}" if e.table else e.file, f"{e.state}: {e.why}") for e in found.unread]
        raise InputError([Fault(path.name, "no row of it was read", "is it the right file?"), *unread, *found.faults[:MOST_TOLD]])
    table = from_cases(found.cases, wanted.vocabulary)
    places = [_place(found, case.case_id) for case in found.cases]
    return CasesRead(replace(table, policy=wanted.policy, places=places), len(found.cases), 0, found.faults, tuple(_notes(found)))


def _place(found: model.Intake, child: str) -> str:
    """The place of one of the child's rows, for messages."""
    return next(iter(found.sources[child].values()), "")


def _notes(found: model.Intake) -> list[str]:
    refused, read_ = sum(count.refused for count in found.counts), sum(count.read for count in found.counts)
    notes = [*(str(entry) for entry in found.unread if entry.deciding), *found.notes]
    notes += [f"{refused:,} of {read_:,} rows were refused"] if refused else []
    if found.hints:
        notes.append(f"{len(found.hints):,} facts are suggested and have to be confirmed: see whichteam intake")
    if found.unknown_teams:
        names = ", ".join(f"`{name}`" for name in sorted(found.unknown_teams)[:8])
        notes.append(f"nobody has said which teams these are: {names}; see whichteam intake --propose-teams {TEAMS_FILE}")
    return notes
