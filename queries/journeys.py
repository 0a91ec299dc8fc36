"""Invented children for trying things out, with the team that the policy gives on their record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from kb.bulk.bits import unpack
from kb.case import make_case
from kb.engines.forward import Forward
from kb.errors import Fault, InputError
from kb.journeys.faults import KEY, Planted, plant
from kb.journeys.own import documents
from kb.journeys.project import Tabled, add_rows, empty
from kb.journeys.simulate import blocks
from kb.journeys.teams import Decider, Recorded, council, record_teams
from kb.journeys.write import OwnWriter, write_folder, write_rows, write_workbook
from kb.program import Program
from queries.decide import decide

FORMS = {"own": "", "annex-a": "annex_a", "ssd": "ssd"}  # as people say it, and as the tables do
MOST, MOST_IN_TABLES = 5_000_000, 200_000
WRONG_SHARE = 0.125
_CSV_UP_TO = 20_000
_TEAMS_KEY = ("child", "on record", "by policy", "wrong")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be made. `wrong` is the share of children with a wrong team, `faults` of those with a fault."""

    children: int
    seed: int
    as_of: int
    form: str = "own"
    faults: float = 0.0
    wrong: float = WRONG_SHARE


@dataclass(frozen=True, slots=True)
class Made:
    """What was made: so many children, wrong teams and faults, and the files."""

    children: int
    wrong: int
    without_team: int
    faults: int
    files: tuple[Path, ...]


def one_by_one(program: Program) -> Decider:
    """Decides the rows of a table in our own form with the plain forward pass: some hundred a second."""
    engine, vocabulary = Forward(), program.policy.vocabulary

    def teams(table: Any) -> Sequence[str]:
        found: list[str] = []
        for document in documents(table):
            answer = decide(program, make_case(document, vocabulary, document["case_id"]), engine)
            found.append(answer.responsible_team or "" if answer.status == "decided" else "")
        return found

    return teams


def all_at_once(program: Program) -> Decider:
    """Decides the rows of a table in our own form on bit planes: a million in seconds."""
    from kb.bulk.arrow import read_arrow
    from kb.bulk.intake import Wanted as Reading
    from kb.engines.bulk.choose import engine_named
    from queries.bulk.answers import Answers

    reading, engine = Reading(program.policy.code, program.policy.vocabulary), engine_named("columns")

    def teams(table: Any) -> Sequence[str]:
        intake = read_arrow(table, "journeys", reading)
        if intake.refused:
            raise InputError(intake.faults)
        found = np.full(len(intake.table), "", dtype=object)
        for firings in engine.fire(program, intake.table):
            answers, part = Answers(firings), found[firings.start : firings.start + firings.count]
            decided = unpack(answers.statuses().get("decided", answers.none), firings.count)
            for code, plane in answers.codes("responsible").items():
                part[unpack(plane, firings.count) & decided] = code
        return list(found)

    return teams


def make_journeys(program: Program, wanted: Wanted, out: Path, decider: Decider | None = None) -> Made:
    """Makes children and writes them to a folder. Errors: `InputError`; the folder has to be new or empty."""
    _check(wanted, out)
    out.mkdir(parents=True, exist_ok=True)
    decider = decider or all_at_once(program)
    vocabulary, policy = program.policy.vocabulary, program.policy.code
    form = FORMS[wanted.form]
    writer = OwnWriter(out, wanted.children <= _CSV_UP_TO) if not form else None
    tables: dict[str, Tabled] = {}
    key: list[tuple[Any, ...]] = []
    deciding = council(policy, vocabulary, decider, wanted.seed, wanted.as_of)
    for block in blocks(wanted.children, wanted.seed, wanted.as_of):
        made = record_teams(block, deciding, wanted.wrong, wanted.seed)
        if writer is not None:
            writer.add(made.table)
        else:
            tables = tables or empty(form, made.children)
            add_rows(form, made.children, tables)
        key += _teams(made)
    planted: list[Planted] = []
    if writer is not None:
        writer.close()
        files = [writer.parquet, *([writer.csv] if writer.csv.exists() else [])]
    else:
        planted = plant(tables, wanted.faults, wanted.seed) if wanted.faults else []
        files = _write_tables(form, tables, out, wanted)
    write_rows(out / "teams-key.tsv", _TEAMS_KEY, key)
    files.append(out / "teams-key.tsv")
    if planted:
        write_rows(out / "faults-key.tsv", KEY, ([getattr(fault, name) for name in KEY] for fault in planted))
        files.append(out / "faults-key.tsv")
    wrong, without = sum(row[3] == "yes" for row in key), sum(not row[2] for row in key)
    return Made(wanted.children, wrong, without, len(planted), tuple(files))


def _write_tables(form: str, tables: dict[str, Tabled], out: Path, wanted: Wanted) -> list[Path]:
    if form == "annex_a":
        path = out / "annex-a.xlsx"
        write_workbook(tables, path, date.fromordinal(wanted.as_of))
        return [path]
    folder = out / "ssd"
    folder.mkdir()
    write_folder(tables, folder)
    return [folder]


def _teams(made: Recorded) -> list[tuple[Any, ...]]:
    rows = zip(made.children.ids(), made.children.recorded.texts(), made.right.texts(), made.wrong)
    return [(child, recorded, right, "yes" if wrong else "no") for child, recorded, right, wrong in rows]


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
        faults.append(Fault("--faults", "our own form gets no faults", "choose --format annex-a or ssd"))
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        faults.append(Fault(str(out), "is there already, and not empty", "name a new folder: --out DIR"))
    if faults:
        raise InputError(faults)
