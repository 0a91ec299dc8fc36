"""Compares the exact possible teams of undecided answers (`queries.exact`) with a brute-force search.

Run: python -m benchmarks.exact [--cases 2000] [--most 300] [--seed 1] [--policy NAME ...]
The cases are examples of the policy with some facts removed, so that the holder depends on these. Brute force gives each
fact that the holder depends on every value, decides each resulting record, and repeats this for records that are still
undecided. The days tried are the days of the record, the days next to them, birthdays and random days. Brute force shares
neither the choice of values nor the evaluation in columns with `queries.exact`. Cases with more than `--most` records are
left out.

The exact teams are correct if brute force finds no other team and pyDatalog, which brute force does not use, confirms the
witness of each team. Also printed: how often the quick answer was exact already, and how long the exact answer takes.
"""

from __future__ import annotations

import argparse
import random
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

from kb.carried import HOLDER, NOBODY
from kb.case import NO_TEAM_ON_RECORD, Case, Day, occurrences
from kb.engines.forward import Forward
from kb.engines.pydatalog import PyDatalog
from kb.examples import read_examples
from kb.policy import find_policy
from kb.program import Program
from kb.vocabulary.model import Fact
from queries.decide import Decision, decide
from queries.exact import possible
from queries.load import load_program
from queries.undecided import UNDECIDED

YEAR = 365.25
LISTED = ("list[record]", "list[team]")


class TooMany(Exception):
    """Brute force would have to decide more records than allowed."""


@dataclass(frozen=True)
class Compared:
    """The result for one case: possible teams by `queries.exact`, by brute force, and of the quick answer.

    complete  whether `queries.exact` tried all records
    seconds   elapsed time of `queries.exact`
    """

    case: Case
    complete: bool
    exact: frozenset[str]
    brute: frozenset[str]
    quick: frozenset[str]
    seconds: float


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    asked.add_argument("--cases", type=int, default=2_000)
    asked.add_argument("--most", type=int, default=300)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--policy", nargs="+", default=["blackpool", "sefton"])
    options = asked.parse_args()
    for policy in options.policy:
        _print(policy, list(compared(load_program(policy), options.cases, options.most, options.seed)))


def compared(program: Program, count: int, most: int, seed: int) -> Iterator[Compared]:
    """`count` random undecided cases, each decided exactly and by brute force. `most`: limit of records for brute force."""
    rng = random.Random(seed)
    cases = [example.case for example in read_examples(find_policy(program.policy.code), program.policy) if not example.settings]
    done = 0
    while done < count:
        decision = decide(program, thinned(rng.choice(cases), rng), Forward())
        if decision.status not in UNDECIDED:
            continue
        try:
            brute = frozenset(_brute_force(decision, most, rng))
        except TooMany:
            continue
        start = time.perf_counter()
        found = possible(decision)
        seconds = time.perf_counter() - start
        for witness in found.witnesses:
            assert witness.team in _teams(decide(program, witness.case, PyDatalog())), (decision.case.facts, witness)
        done += 1
        yield Compared(decision.case, found.complete, found.teams, brute, frozenset(_teams(decision)), seconds)


def thinned(case: Case, rng: random.Random) -> Case:
    """A case with one to three facts changed: removed or, for some events, only the day removed."""
    facts = dict(case.facts)
    for name in rng.sample(sorted(facts), min(len(facts), rng.randint(1, 3))):
        undated = isinstance(facts[name], Day) and rng.random() < 0.2 and name.endswith("_on") and name != "contact_received_on"
        if undated:
            facts[name] = True
        else:
            del facts[name]
    return replace(case, facts=facts)


def _brute_force(decision: Decision, most: int, rng: random.Random) -> set[str]:
    """The teams of all records that give values to the facts that the holder depends on. Errors: `TooMany`.

    Undecided records are filled in further.
    """
    found: set[str] = set()
    waiting, tried = [decision], 0
    program, facts = decision.model.program, decision.model.program.policy.vocabulary.facts
    while waiting:
        answer = waiting.pop()
        before = answer.case
        blanks = [n for n in answer.hangs_on if facts[n].time != "step" and before.facts.get(n) in (None, True)]
        if answer.status not in UNDECIDED or not blanks:
            found |= set(_teams(answer))
            continue
        cases = [before]
        for name in blanks:
            values = list(_values(facts[name], before, program, rng))
            cases = [replace(case, facts={**case.facts, name: value}) for case in cases for value in values]
            if tried + len(cases) > most:
                raise TooMany
        tried += len(cases)
        answers = (decide(program, case, Forward()) for case in cases)
        waiting += [each for each in answers if each.contradicted <= decision.contradicted]
    return found


def _teams(decision: Decision) -> tuple[str, ...]:
    return decision.possible_teams or (NOBODY,)


def _values(fact: Fact, case: Case, program: Program, rng: random.Random) -> Iterator[Any]:
    codes = program.policy.vocabulary.codes
    teams = [code.code for code in codes["team"]]
    if fact.name == HOLDER:
        never = {str(atom.args[0]) for atom in program.always("never_holds")}
        yield from (NO_TEAM_ON_RECORD, *(team for team in teams if team not in never))
    elif fact.type == "bool":
        yield from (False, True)
    elif fact.type == "int":
        yield from range(fact.minimum, fact.maximum + 1)
    elif fact.type == "enum":
        yield from fact.values
    elif fact.type == "team":
        yield from teams
    elif fact.type == "list[enum]":
        yield from (chosen for size in range(3) for chosen in combinations(fact.values, size))
    elif fact.type in LISTED:
        yield ()
        contact = min(occurrences(case.facts.get("contact_received_on")), default=case.as_of)
        for team in teams:
            for days in (1, 100, 300, 400, 3_000):
                yield ({"team": team, "closed_on": Day(contact - days)},) if fact.type == "list[record]" else (team,)
    else:
        yield from _days(fact, case, rng)


def _days(fact: Fact, case: Case, rng: random.Random) -> Iterator[Any]:
    """For an event, that it has not happened; days around those of the record, birthdays and random days.

    For an event that happened on an unknown day: only days up to the day of the record.
    """
    undated = case.facts.get(fact.name) is True
    if fact.recurs and not undated:
        yield False
    known = {case.as_of, *(day for value in case.facts.values() for day in occurrences(value))}
    days = {day + n for day in known for n in (-1, 0, 1)}
    if fact.fixed and fact.past:
        days = {case.as_of - round(YEAR * years) + n for years in (0.5, 5, 10.5, 13, 14, 15.5, 16, 17, 18, 20) for n in (-2, 2)}
    days |= {case.as_of - round(2 ** rng.uniform(0, 12)) for _ in range(6)}
    last = case.record_day if undated or fact.past else case.as_of + 400
    yield from (Day(day) for day in sorted(days) if day <= last)


def _kind(each: Compared) -> str:
    """How the quick answer differs from the exact one: it has impossible teams (too long), lacks possible ones, or both."""
    if each.quick == each.exact:
        return "exact already"
    return "too long" if each.quick > each.exact else "too short" if each.quick < each.exact else "both"


def _print(policy: str, found: list[Compared]) -> None:
    complete = [each for each in found if each.complete]
    wrong = [each for each in complete if not each.brute <= each.exact]
    kinds = Counter(_kind(each) for each in complete)
    times = sorted(each.seconds for each in found)
    print(
        f"{policy:10s} {len(found):,d} cases: {len(complete):,d} settled, {len(wrong)} with a team that only brute force finds; "
        f"the quick answer was {', '.join(f'{kind}: {n}' for kind, n in kinds.most_common())}; "
        f"seconds: half below {times[len(times) // 2]:.2f}, most {times[-1]:.2f}"
    )
    for each in wrong[:5]:
        print(f"  {each.case.as_of} {dict(each.case.facts)}: {sorted(each.brute - each.exact)}")


if __name__ == "__main__":
    main()
