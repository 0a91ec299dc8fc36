"""Times the checks of generated policies, to the first finding and to the end, with and without clashes.

    python -m benchmarks.many_clauses [--sizes 30,60,120,240] [--seconds 20]

`--sizes` are numbers of clauses, `--seconds` is the processor time that each check may take. Each clause moves children
between two of TEAMS teams at an event of its own, on one condition. With clashes both teams are random; without, the teams
form a chain and each clause moves children to the next team. Times are processor seconds.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from kb.policy import CLAUSE_COLUMNS, READING_COLUMNS, load_policy
from kb.program import Program, compile_policy
from kb.vocabulary.load import CODE_COLUMNS, FACT_COLUMNS, TIME_COLUMNS
from queries.check import Outcome, run

TEAMS = 10


def generated(folder: Path, clauses: int, clashes: bool, seed: int = 1) -> Program:
    """A generated policy of `clauses` clauses, written to a new folder in `folder` and compiled."""
    draw = random.Random(seed)
    home = folder / "made"
    home.mkdir(parents=True)
    teams = [f"team_{n}" for n in range(TEAMS)]
    facts = [f"need_{n}" for n in range(max(5, clauses // 4))]
    rules = ["@clause c0.\nfront_door(team_0)."]
    for n in range(1, clauses):
        fact = draw.choice(facts)
        if clashes:
            origin, to = draw.sample(teams, 2)
            rules.append(f"@clause c{n}.\nroute({origin}, {to}, point_{n}) :- known {fact}.\npoint_event(point_{n}, event_{n}).")
        else:
            origin, to = teams[n % (TEAMS - 1)], teams[n % (TEAMS - 1) + 1]
            rules.append(f"@clause c{n}.\nroute({origin}, {to}, point_{n}) :- known {fact}.\npoint_event(point_{n}, event_{n}).")
    used = [fact for fact in facts if any(f"known {fact}." in rule for rule in rules)]
    codes = [("team", team, team.replace("_", " ")) for team in teams]
    codes += [("point", f"point_{n}", f"point {n}") for n in range(1, clauses)]
    declared = [(f"event_{n}", "event") for n in range(1, clauses)] + [(fact, "bool") for fact in used]
    _table(home / "clauses.tsv", CLAUSE_COLUMNS, [(f"c{n}", str(n + 1), "route", "must", f"Says {n}.") for n in range(clauses)])
    _table(home / "codes.tsv", CODE_COLUMNS, codes)
    _table(home / "readings.tsv", READING_COLUMNS, [])
    rows = [(name, kind, "", f"the {name}", f"{name} is so", f"{name} is not so", f"Is {name} so?") for name, kind in declared]
    _table(home / "facts.tsv", (*FACT_COLUMNS, *TIME_COLUMNS), rows)
    (home / "rules.dl").write_text("\n".join(rules) + "\n", encoding="utf-8")
    (home / "policy.toml").write_text('name = "Made"\ndocument = "Made"\nversion = "1"\n', encoding="utf-8")
    return compile_policy(load_policy(home))


def _table(path: Path, columns: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
    lines = ["\t".join([*row, *[""] * (len(columns) - len(row))]) for row in [columns, *rows]]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def timed(program: Program, seconds: float) -> str:
    """A line with the times and counts of the checks of one policy. `seconds`: processor time that each check may take."""
    begun = time.process_time()
    each: list[str] = []
    first: list[float] = []
    last = begun

    def told(name: str, outcome: Outcome) -> None:
        nonlocal last
        now = time.process_time()
        if outcome.findings and not first:
            first.append(now - begun)
        if now - last > 0.5:
            each.append(f"{name} {now - last:.1f}")
        last = now

    report = run(program, found=told, seconds=seconds)
    unsettled = sum(len(outcome.unsettled) for outcome in report.outcomes.values())
    return (
        f"first finding {first[0] if first else 0:.1f} s, end {time.process_time() - begun:.1f} s, "
        f"{len(report.findings)} findings, {unsettled} not settled ({', '.join(each)})"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", default="30,60,120,240")
    parser.add_argument("--seconds", type=float, default=20)
    arguments = parser.parse_args()
    for size in map(int, arguments.sizes.split(",")):
        for clashes in (False, True):
            with tempfile.TemporaryDirectory() as folder:
                program = generated(Path(folder), size, clashes)
                print(f"{size} clauses, {'with' if clashes else 'no'} clashes: {timed(program, arguments.seconds)}", flush=True)


if __name__ == "__main__":
    main()
