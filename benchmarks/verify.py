"""Files records of many cases and checks each with the standalone checker (`explain.filed.verify`).

Run: python -m benchmarks.verify COUNT [SCENARIO.json ...]
The cases are those of the scenario files, and COUNT random ones of each policy with a fixed seed. Exit code 1 if a record is
not sound.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Iterable
from pathlib import Path

from benchmarks.explanations import random_cases
from explain.filed.as_json import as_json
from explain.filed.content import content_of
from explain.filed.verify import verify
from kb.case import Case, make_case
from kb.engines.pydatalog import PyDatalog
from kb.policy import installed
from kb.program import Program
from queries.decide import decide
from queries.load import load_program


def scenarios(paths: Iterable[Path]) -> list[tuple[Program, Case]]:
    """The cases of scenario files, each a scenario or a list of them."""
    found: list[tuple[Program, Case]] = []
    for path in paths:
        read = json.loads(path.read_text(encoding="utf-8"))
        for scenario in read if isinstance(read, list) else [read]:
            program = load_program(scenario["policy"])
            found.append((program, make_case(scenario["case"], program.policy.vocabulary, scenario["id"])))
    return found


def main() -> int:
    many = int(sys.argv[1])
    pairs = scenarios(map(Path, sys.argv[2:]))
    given = len(pairs)
    for policy in sorted(set(installed()) - {"template"}):
        program = load_program(policy)
        pairs += [(program, case) for case in random_cases(program, many, seed=500)]
    times: list[float] = []
    sizes: list[int] = []
    unsound = 0
    for program, case in pairs:
        text = as_json(content_of(decide(program, case, PyDatalog())))
        record = json.loads(text)
        start = time.process_time()
        problems = verify(record)
        times.append(time.process_time() - start)
        sizes.append(len(record["proof"]["steps"]))
        for problem in problems:
            print(f"{program.policy.code} {case.case_id}: {problem}")
        unsound += bool(problems)
    print(f"{len(pairs)} records ({given} of scenarios): {len(pairs) - unsound} sound, {unsound} not")
    print(f"CPU seconds a check: median {statistics.median(times):.2f}, max {max(times):.2f}; steps: up to {max(sizes)}")
    return 1 if unsound else 0


if __name__ == "__main__":
    sys.exit(main())
