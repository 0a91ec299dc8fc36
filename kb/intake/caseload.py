"""Reader of whole caseloads from councils' own data, for `kb.bulk.reader`.

What the council's team names stand for is read from `teams.toml` beside the workbook, or in the
folder of tables, where there is one.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from kb.bulk.reader import CasesRead, Wanted
from kb.bulk.table import from_cases
from kb.errors import InputError
from kb.intake import model
from kb.intake.layout import sources
from kb.intake.read import open_source, read_source
from kb.intake.read import recognise as kind_of
from kb.intake.teams import Settings, load_settings

TEAMS_FILE = "teams.toml"


def recognises(path: Path) -> bool:
    """An Annex A workbook, or a folder of the Standard Safeguarding Dataset."""
    try:
        return kind_of(str(path)) in sources()
    except InputError:
        return False


def policy_of(path: Path) -> str | None:
    """Councils' data name no policy."""
    return None


def read(path: Path, wanted: Wanted) -> CasesRead:
    """The cases of a source. Errors: `InputError`. No child is refused; what is wrong in the rows is told."""
    teams = (path if path.is_dir() else path.parent) / TEAMS_FILE
    settings = load_settings(teams, wanted.vocabulary) if teams.is_file() else Settings()
    found = read_source(open_source(str(path)), wanted.policy, wanted.vocabulary, wanted.as_of, settings)
    table = from_cases(found.cases, wanted.vocabulary)
    places = [_place(found, case.case_id) for case in found.cases]
    return CasesRead(replace(table, policy=wanted.policy, places=places), len(found.cases), 0, found.faults, tuple(_notes(found)))


def _place(found: model.Intake, child: str) -> str:
    """A row of the child, to be found by."""
    return next(iter(found.sources[child].values()), "")


def _notes(found: model.Intake) -> list[str]:
    refused, read_ = sum(count.refused for count in found.counts), sum(count.read for count in found.counts)
    notes = [*found.notes, f"{refused:,} of {read_:,} rows were refused"] if refused else list(found.notes)
    if found.hints:
        notes.append(f"{len(found.hints):,} facts are suggested and have to be confirmed: see whichteam intake")
    if found.unknown_teams:
        names = ", ".join(f"`{name}`" for name in sorted(found.unknown_teams)[:8])
        notes.append(f"nobody has said which teams these are: {names}; see whichteam intake --propose-teams {TEAMS_FILE}")
    return notes
