"""Times `nearest` and `ask` over many cases, and compares the quick answer of undecided cases with the exact one.

Run: python benchmarks/explanations.py [POLICY] [CASES]
Half of the cases are scenarios, half are random with a fixed seed. The quick answer is read off the three-valued model. The
exact one is computed with clingo: the teams that some replies to the open questions give, and the questions whose reply can
still matter. Times are processor milliseconds.
"""

from __future__ import annotations

import json
import random
import statistics
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from kb.case import Case, make_case
from kb.engines.pydatalog import PyDatalog
from kb.program import Program
from kb.vocabulary.model import Fact
from queries.ask import possible_teams, questions, still_matters
from queries.decide import decide
from queries.load import load_program
from queries.missing import facts_behind
from queries.nearest import nearest
from queries.replies import classes_of

AS_OF = date(2024, 9, 3)
OFFSETS = (-400, -200, -100, -45, -30, -10, -2, -1, 0, 0, 1, 2, 10, 30, 100)


def random_cases(program: Program, many: int, seed: int = 4) -> list[Case]:
    """`many` random cases with some of the facts that the rules read, and dates close to the day of the answer."""
    chance = random.Random(seed)
    read = classes_of(program, AS_OF.toordinal()).facts
    vocabulary = program.policy.vocabulary
    cases: list[Case] = []
    for number in range(many):
        names = ["team_on_record", *chance.sample(read, chance.randint(2, 25))]
        facts = {name: _value(vocabulary.facts[name], program, chance) for name in names}
        document = {"case_id": f"random-{number}", "policy": program.policy.code, "as_of": AS_OF.isoformat(), "facts": facts}
        cases.append(make_case(document, vocabulary, "random"))
    return cases


def _value(fact: Fact, program: Program, chance: random.Random) -> Any:
    teams = [code.code for code in program.policy.vocabulary.codes["team"]]
    if fact.type == "bool":
        return chance.random() < 0.6
    if fact.type == "int":
        return chance.randint(fact.minimum, min(fact.maximum, 60))
    if fact.type == "enum":
        return chance.choice(fact.values)
    if fact.type == "team":
        return chance.choice([*teams, "none"])
    if fact.type.startswith("list"):
        return [] if fact.type == "list[record]" else [chance.choice(fact.values or teams)]
    offset = chance.choice([n for n in OFFSETS if n <= 0 or not fact.past])
    if fact.fixed and fact.past and chance.random() < 0.9:
        offset -= chance.choice((0, 365, 15 * 365, 16 * 365, 17 * 365, 18 * 365))
    day = (AS_OF + timedelta(offset)).isoformat()
    if fact.type == "event" and chance.random() < 0.2:
        return chance.random() < 0.5
    return f"{day}T{chance.choice(('09:59', '10:00', '10:01'))}" if fact.type == "datetime" else day


def scenario_cases(program: Program, many: int) -> list[Case]:
    """A random sample of `many` cases of the policy's scenarios, always the same."""
    path = Path(__file__).parent.parent / "tests" / "scenarios" / f"{program.policy.code}.json"
    documents = [scenario["case"] for scenario in json.loads(path.read_text(encoding="utf-8"))]
    chosen = random.Random(4).sample(documents, min(many, len(documents)))
    return [make_case(document, program.policy.vocabulary, document["case_id"]) for document in chosen]


@dataclass
class Found:
    """Processor milliseconds and counts by name; `fewer`: cases in which the exact answer has a team that the quick one lacks."""

    times: dict[str, list[float]] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    fewer: list[str] = field(default_factory=list)
    slowest: dict[str, tuple[float, str]] = field(default_factory=dict)

    def timed(self, name: str, start: float, case: str) -> None:
        took = 1000 * (time.process_time() - start)
        self.times.setdefault(name, []).append(took)
        self.slowest[name] = max(self.slowest.get(name, (0.0, "")), (took, case))


def look_at(program: Program, case: Case, engine: PyDatalog, found: Found) -> None:
    """Adds the times and results of both queries on one case to `found`."""
    decision, about = decide(program, case, engine), case.case_id
    for code in program.policy.vocabulary.codes["team"]:
        start = time.process_time()
        near = nearest(program, case, code.code, engine)
        found.timed("nearest, one team", start, f"{case.case_id}: {code.code}, {len(near.ways)} ways of {near.size} facts")
        found.counts[f"nearest: size {near.size}"] += 1
        found.counts["nearest: not all ways given"] += not near.complete
    start = time.process_time()
    asked = questions(program, case, engine)
    found.timed("ask", start, about)
    if asked:
        found.timed("ask, where there is something to ask", start, about)
    found.counts[f"cases {decision.status}"] += 1
    if decision.status != "unknown":
        return
    behind = facts_behind(decision.model, decision.model.open_of("holds"))
    start = time.process_time()
    exact = set(possible_teams(program, case, behind))
    idle = {fact for fact in behind if not still_matters(program, case, fact, behind)}
    found.timed("exact teams and questions of an unknown case", start, about)
    fast = set(decision.possible_teams)
    found.counts["unknown cases where the quick answer has more teams"] += bool(fast - exact)
    found.counts["unknown cases where the quick answer has more questions"] += bool(idle)
    found.counts["unknown cases in which one team is certain after all"] += len(exact) == 1
    if exact - fast:
        found.fewer.append(f"{case.case_id}: {sorted(exact - fast)} beside {sorted(fast)}")


def main() -> None:
    program = load_program(sys.argv[1] if len(sys.argv) > 1 else "blackpool")
    many = int(sys.argv[2]) if len(sys.argv) > 2 else 200
    scenarios = scenario_cases(program, many // 2)
    cases = [*scenarios, *random_cases(program, many - len(scenarios))]
    found, engine = Found(), PyDatalog()
    look_at(program, cases[0], engine, Found())
    for case in cases:
        look_at(program, case, engine, found)
    print(f"{program.policy.code}: {len(cases)} cases, {len(scenarios)} of them scenarios")
    print(f"{'CPU milliseconds':48s} {'how many':>9s} {'median':>9s} {'95%':>9s} {'max':>9s}")
    for name, times in found.times.items():
        high = statistics.quantiles(times, n=20)[-1] if len(times) > 1 else times[0]
        print(f"{name:48s} {len(times):9d} {statistics.median(times):9.1f} {high:9.1f} {max(times):9.1f}")
        print(f"    slowest: {found.slowest[name][1]}")
    for name, count in sorted(found.counts.items()):
        print(f"{count:6d}  {name}")
    print(f"{len(found.fewer):6d}  unknown cases where the quick answer has fewer teams")
    for line in found.fewer:
        print(f"        {line}")


if __name__ == "__main__":
    main()
