"""Generates invented children with the team that the policy gives, and writes them with a key."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from kb import output
from kb.bulk.table import CaseTable
from kb.case import make_case
from kb.dates import iso
from kb.engines.forward import Forward
from kb.errors import Fault, InputError
from kb.intake.layout import TEAMS
from kb.invented.as_census import write_census
from kb.invented.faults import FIRST_ROW, KEY, Planted, plant
from kb.invented.own import documents
from kb.invented.project import Tabled, add_rows, empty
from kb.invented.simulate import blocks
from kb.invented.steps import NEVER
from kb.invented.teams import Council, Decider, Recorded, Stints, Teams, Told, record_teams
from kb.invented.values import Stint
from kb.invented.write import OwnWriter, write_folder, write_returns, write_rows, write_workbook
from kb.program import Program
from queries.decide import Decision, decide

FORMS = {
    "own": "",
    "annex-a": "annex_a",
    "ssd": "ssd",
    "cin-census": "cin_census",
    "ssda903": "ssda903",
}  # option value to name of the table layout
MOST, MOST_IN_TABLES = 5_000_000, 200_000
WRONG_SHARE = 0.125
_CSV_UP_TO = 20_000
_TEAMS_KEY = ("child", "on record", "by policy", "wrong", "wrong since")
_STINTS_KEY = ("child", "episode", "team", "from", "until")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to generate. `wrong`: share of children with a wrong team on record; `faults`: with a data fault. `as_of`: ordinal."""

    children: int
    seed: int
    as_of: int
    form: str = "own"
    faults: float = 0.0
    wrong: float = WRONG_SHARE


@dataclass(frozen=True, slots=True)
class Made:
    """What was generated: numbers of children, wrong teams, children without a single team, and faults; and the files."""

    children: int
    wrong: int
    without_team: int
    faults: int
    files: tuple[Path, ...]


def one_by_one(program: Program) -> Decider:
    """A decider for tables in our own form that uses the forward engine case by case (some tens a second)."""
    engine, vocabulary = Forward(), program.policy.vocabulary

    def told(table: Any) -> Told:
        answers = [decide(program, make_case(d, vocabulary, d["case_id"]), engine) for d in documents(table)]
        return Told([a.responsible_team or "" for a in answers], [_stints(a) for a in answers])

    return told


def all_at_once(program: Program) -> Decider:
    """A decider for tables in our own form that walks the journeys in columns and decides on bit planes."""
    from kb.engines.bulk.choose import engine_named
    from queries.bulk.caseload import responsible_teams
    from queries.bulk.journeys import last_steps
    from queries.bulk.stints import stints_before

    engine = engine_named("columns")

    def told(table: Any) -> Told:
        cases = _read(program, table)
        steps = last_steps(program, cases)
        teams, since = responsible_teams(program, cases, engine, steps)
        stints = []
        for team, day, before in zip(teams, since.tolist(), stints_before(program, cases, steps)):
            present = Stint(team, max(day, NEVER), NEVER)
            stints.append((*(Stint(name, max(start, NEVER), max(end, NEVER)) for name, start, end in before), present))
        return Told(teams, stints)

    return told


def teams_alone(program: Program) -> Teams:
    """As `all_at_once`, for the teams without the stints."""
    from kb.engines.bulk.choose import engine_named
    from queries.bulk.caseload import responsible_teams

    engine = engine_named("columns")
    return lambda table: responsible_teams(program, _read(program, table), engine)[0]


def _read(program: Program, table: Any) -> CaseTable:
    from kb.bulk.arrow import read_arrow
    from kb.bulk.reader import Wanted as Reading

    intake = read_arrow(table, "invented", Reading(program.policy.code, program.policy.vocabulary))
    if intake.refused:
        raise InputError(intake.faults)
    return intake.table


def _stints(answer: Decision) -> Stints:
    """The stints of a decision up to its day."""
    told = [stint for stint in answer.journey if stint.status != "planned"]
    return tuple(Stint(stint.team or "", stint.since or NEVER, stint.until or NEVER) for stint in told)


def make_invented(program: Program, wanted: Wanted, out: Path, decider: Decider | None = None) -> Made:
    """Generates children into a folder. Errors: `InputError`, also if the folder is not new or empty."""
    _check(wanted, out)
    with output.filling(out, private=False) as inside:
        made = _make(program, wanted, inside, decider)
    return replace(made, files=tuple(out / file.relative_to(inside) for file in made.files))


def _make(program: Program, wanted: Wanted, out: Path, decider: Decider | None) -> Made:
    vocabulary, policy = program.policy.vocabulary, program.policy.code
    form = FORMS[wanted.form]
    writer = OwnWriter(out, wanted.children <= _CSV_UP_TO) if not form else None
    tables: dict[str, Tabled] = {}
    key: list[tuple[Any, ...]] = []
    stints: list[tuple[Any, ...]] = []
    deciding = Council(policy, vocabulary, decider or all_at_once(program), None if decider else teams_alone(program))
    for block in blocks(wanted.children, wanted.seed, wanted.as_of):
        made = record_teams(block, deciding, wanted.wrong, wanted.seed)
        if writer is not None:
            writer.add(made.table)
        else:
            tables = tables or empty(form, made.children)
            add_rows(form, made.children, tables)
        key += _teams(made)
        stints += _where(made)
    planted: list[Planted] = []
    if writer is not None:
        writer.close()
        files = [writer.parquet, *([writer.csv] if writer.csv.exists() else [])]
    else:
        planted = plant(tables, wanted.faults, wanted.seed) if wanted.faults else []
        files, planted = write_tables(form, tables, out, wanted.as_of, planted)
    write_rows(out / "teams-key.tsv", _TEAMS_KEY, key)
    write_rows(out / "stints-key.tsv", _STINTS_KEY, stints)
    files += [out / "teams-key.tsv", out / "stints-key.tsv"]
    if planted:
        write_rows(out / "faults-key.tsv", KEY, ([getattr(fault, name) for name in KEY] for fault in planted))
        files.append(out / "faults-key.tsv")
    wrong, without = sum(row[3] == "yes" for row in key), sum(not row[2] for row in key)
    return Made(wanted.children, wrong, without, len(planted), tuple(files))


def write_tables(
    form: str, tables: dict[str, Tabled], out: Path, as_of: int, planted: list[Planted]
) -> tuple[list[Path], list[Planted]]:
    """Writes the tables of a form. Returns the files and folders, and the key of faults with their places in them."""
    day = date.fromordinal(as_of)
    if form == "annex_a":
        path = out / "annex-a.xlsx"
        write_workbook(tables, path, day)
        return [path], planted
    if form == "ssd":
        folder = out / "ssd"
        folder.mkdir()
        write_folder(tables, folder)
        return [folder], planted
    teams = {name: table for name, table in tables.items() if name == TEAMS}  # no return names a team
    others = {name: table for name, table in tables.items() if name != TEAMS}
    write_returns(teams, out)
    if form == "ssda903":
        folder = out / "ssda903"
        folder.mkdir()
        write_returns(others, folder)
        return [folder, out / f"{TEAMS}.csv"], planted
    path = out / "cin.xml"
    lines = write_census(others, path, day)
    placed = [replace(fault, row=lines.get((fault.table, fault.row - FIRST_ROW), fault.row)) for fault in planted]
    return [path, out / f"{TEAMS}.csv"], placed


def _teams(made: Recorded) -> list[tuple[Any, ...]]:
    rows = zip(made.children.ids(), made.children.recorded.texts(), made.right.texts(), made.wrong, made.wrong_since.tolist())
    return [(child, *teams, "yes" if wrong else "no", _day(since)) for child, *teams, wrong, since in rows]


def _where(made: Recorded) -> list[tuple[Any, ...]]:
    """Rows of where each child was when, by the policy; the team is empty if none is settled."""
    return [
        (child, number, stint.team, _day(stint.since), _day(stint.until))
        for child, lives in zip(made.children.ids(), made.stints)
        for number, stints in enumerate([stints for stints in reversed(lives) if stints], 1)
        for stint in stints
    ]


def _day(day: int) -> str | None:
    return None if day == NEVER else iso(day)


def _check(wanted: Wanted, out: Path) -> None:
    faults: list[Fault] = []
    if wanted.form not in FORMS:
        faults.append(Fault("--format", f"there is no form `{wanted.form}`", "forms: " + ", ".join(FORMS)))
    most = MOST if wanted.form == "own" else MOST_IN_TABLES
    if not 1 <= wanted.children <= most:
        faults.append(Fault("--children", f"{wanted.children:,} is not from 1 to {most:,}", "the form `own` takes the most"))
    if not 0 <= wanted.faults <= 1:
        faults.append(Fault("--faults", f"{wanted.faults} is not a share", "write for example 0.1 for one child in ten"))
    if wanted.faults and wanted.form == "own":
        faults.append(Fault("--faults", "our own form gets no faults", "choose another --format"))
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        faults.append(Fault(str(out), "is there already, and not empty", "name a new folder: --out DIR"))
    if faults:
        raise InputError(faults)
