"""Reads the same invented children from all five forms of data, and compares what is read with the truth.

Run: python -m benchmarks.forms POLICY CHILDREN [SEED]

The forms are our own, Annex A, the Standard Safeguarding Dataset, the children in need census and SSDA903 (the last two
with a list of teams). Prints a table in Markdown with one row a form:

    facts, said otherwise       facts read, and those with another value than in our own form
    wrong teams                 children with a planted wrong team on record; found: those that the policy finds,
                                with the day: those found with the right day, others named: other children found
    faults                      planted faults (`kb/invented/faults.py`); as they should: those read or refused as
                                expected, others changed: children without a fault who were read differently or not at all
    processor s                 processor seconds for reading
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from kb.bulk.table import from_cases
from kb.case import Case, make_case
from kb.engines.bulk.choose import engine_named
from kb.intake.model import Intake
from kb.intake.read import open_source, read_source
from kb.invented.faults import Planted, plant
from kb.invented.own import documents
from kb.invented.project import Tabled, add_rows, empty
from kb.invented.score import score
from kb.invented.simulate import blocks
from kb.invented.teams import Council, Recorded, record_teams
from kb.program import Program
from queries.bulk.caseload import decide_caseload
from queries.invented import FORMS, WRONG_SHARE, all_at_once, teams_alone, write_tables
from queries.load import load_program

AS_OF = date(2024, 11, 20).toordinal()
FAULTS = 0.2  # share of the children with a fault
_HEADINGS = ("form", "children", "facts", "said otherwise", "wrong teams", "found", "with the day", "others named",
             "faults", "as they should", "others changed", "processor s")  # fmt: skip


def main() -> None:
    policy, count, seed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 1
    program = load_program(policy)
    council = Council(policy, program.policy.vocabulary, all_at_once(program), teams_alone(program))
    made = [record_teams(block, council, WRONG_SHARE, seed) for block in blocks(count, seed, AS_OF)]
    vocabulary = program.policy.vocabulary
    own = {d["case_id"]: make_case(d, vocabulary, d["case_id"]) for block in made for d in documents(block.table)}
    print(f"| {' | '.join(_HEADINGS)} |\n|---|{'--:|' * (len(_HEADINGS) - 1)}", flush=True)
    print(_line("own", program, made, own, list(own.values())), flush=True)
    for name, form in FORMS.items():
        if form:
            print(_form(name, form, program, made, own, seed), flush=True)


def _form(name: str, form: str, program: Program, made: list[Recorded], own: dict[str, Case], seed: int) -> str:
    with tempfile.TemporaryDirectory() as place:
        start = time.process_time()
        good, _ = _read(form, program, _tables(form, made), Path(place) / "good", [])
        seconds = time.process_time() - start
        tables = _tables(form, made)
        bad, key = _read(form, program, tables, Path(place) / "bad", plant(tables, FAULTS, seed))
    result = score(good, bad, key)
    told = f"{len(key):,} | {len(key) - len(result.missed):,} | {len(result.changed) + len(result.lost):,} | {seconds:.1f}"
    return _line(name, program, made, own, good.cases, told)


def _tables(form: str, made: list[Recorded]) -> dict[str, Tabled]:
    tables = empty(form, made[0].children)
    for block in made:
        add_rows(form, block.children, tables)
    return tables


def _read(
    form: str, program: Program, tables: dict[str, Tabled], home: Path, planted: list[Planted]
) -> tuple[Intake, list[Planted]]:
    home.mkdir()
    files, key = write_tables(form, tables, home, AS_OF, planted)
    policy = program.policy
    return read_source([open_source(str(file)) for file in files], policy.code, policy.vocabulary, AS_OF), key


def _line(
    name: str, program: Program, made: list[Recorded], own: dict[str, Case], cases: Sequence[Case], told: str = " | | | "
) -> str:
    """One row of the table. `told`: its last cells, on planted faults and time."""
    both = [(own[case.case_id].facts[fact], value) for case in cases for fact, value in case.facts.items()
            if fact in own[case.case_id].facts]  # fmt: skip
    planted = {child: day for block in made for child, wrong, day in
               zip(block.children.ids(), block.wrong, block.wrong_since.tolist()) if wrong}  # fmt: skip
    found = decide_caseload(program, from_cases(list(cases), program.policy.vocabulary), engine_named("columns"))
    named = {case.case_id: int(found.wrong_since[row]) for row, case in enumerate(cases) if found.differs[row] == 1}
    right = sum(planted[child] == day for child, day in named.items() if child in planted)
    cells = (
        name,
        f"{len(cases):,}",
        f"{sum(len(case.facts) for case in cases):,}",
        f"{sum(ours != theirs for ours, theirs in both):,}",
        f"{len(planted):,}",
        f"{len(named.keys() & planted.keys()):,}",
        f"{right:,}",
        f"{len(named.keys() - planted.keys()):,}",
        told,
    )
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    main()
