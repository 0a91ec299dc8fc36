"""`whichteam compare`: two versions of a policy, two sets of readings, or two councils."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from rich.progress import Progress, SpinnerColumn, TextColumn

from explain.compare.as_json import as_json
from explain.compare.as_text import show, show_cases
from explain.compare.cases import changed_cases
from explain.compare.two import Pair, some_team_shared
from explain.printed import print_json
from explain.screen import Screen
from kb.space import ORDINARY_DAY
from queries.compare import difference
from queries.load import load_version
from queries.team_map import read_team_map

MOST_PAIRS = 10  # pairs of teams reported without --all


@dataclass(frozen=True, slots=True)
class Wanted:
    """Options of the command; see `whichteam compare --help`."""

    first: str
    second: str
    map: Path | None
    cases: Path | None
    every_pair: bool
    as_json: bool


def compare(wanted: Wanted, as_of: int | None) -> int:
    """Prints the comparison. Returns the exit code: 1 if the two differ or it is not settled, else 0. Errors: `InputError`."""
    first, second = (load_version(name, None, "compare") for name in (wanted.first, wanted.second))
    codes = read_team_map(wanted.map, first.policy.vocabulary, second.policy.vocabulary) if wanted.map else {}
    two = Pair(first, second, codes)
    some_team_shared(two)
    changed, cases = changed_cases(two, wanted.cases, as_of) if wanted.cases else ([], 0)
    day = ORDINARY_DAY if as_of is None else as_of
    with Progress(SpinnerColumn(), TextColumn("{task.description}"), console=Screen(stderr=True), transient=True) as progress:
        task = progress.add_task("Searching all cases")
        result = difference(
            first,
            second,
            day,
            codes,
            most_pairs=1000 if wanted.every_pair else MOST_PAIRS,
            started=lambda kind: progress.update(task, description=f"Searching all cases: {kind}"),
        )
    if wanted.as_json:
        print_json(as_json(two, result, changed, cases, day))
    else:
        show(two, result, day)
        if wanted.cases:
            show_cases(changed, cases)
    return 0 if result.equivalent else 1
