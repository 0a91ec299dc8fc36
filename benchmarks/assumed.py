"""Assumptions and missing facts of random records, beside records with one fact more that share nothing with the search.

Run: python -m benchmarks.assumed [--records 500] [--values 20] [--seed 1] [--policy NAME ...]
Half of the records are random histories, half are examples of the policy with some facts taken away. For each, every
assumption is put into the record and decided by itself: the answer has to change (sound). Then `--values` facts that are
listed neither as an assumption nor as missing are put in with a random value each, of an event a further day as well: the
answer must not change (complete); a record that this makes contradict itself says nothing. Answers that say of themselves
that not every value was tried are counted apart. What decides here is the forward engine, one record at a time.
Exits with 1 if an assumption changes nothing, or an answer that calls itself complete has left a fact out.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

from benchmarks.exact import thinned
from kb.case import Case, Day, case_document, make_case, occurrences, with_occurrence
from kb.engines.forward import Forward
from kb.errors import InputError
from kb.examples import read_examples
from kb.policy import find_policy
from kb.program import Program
from queries.assumptions import assumptions
from queries.bulk.caseload import outcome
from queries.decide import Decision, decide
from queries.load import load_program
from tests.laws.histories import record, value_of
from tests.strategies import facts_read


@dataclass
class Tally:
    """What was tried under one policy. `wrong` holds a line for each fault."""

    records: int = 0
    complete: int = 0
    listed: int = 0
    tried: int = 0
    left_out: Counter[bool] = field(default_factory=Counter)  # by whether the answer called itself complete
    wrong: list[str] = field(default_factory=list)


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    asked.add_argument("--records", type=int, default=500)
    asked.add_argument("--values", type=int, default=20)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--policy", nargs="+", default=["blackpool", "sefton"])
    options = asked.parse_args()
    failed = False
    for policy in options.policy:
        start = time.process_time()
        tally = compared(load_program(policy), options.records, options.values, options.seed)
        print(
            f"{policy:10s} {tally.records:,d} records, {tally.complete:,d} with every value tried; "
            f"{tally.listed:,d} assumptions, {len(tally.wrong)} faults; {tally.tried:,d} other facts, of which matter: "
            f"{tally.left_out[True]} where every value was tried, {tally.left_out[False]} elsewhere; "
            f"{time.process_time() - start:.0f} s of the processor"
        )
        print(*tally.wrong[:10], sep="\n")
        failed |= bool(tally.wrong)
    return int(failed)


def compared(program: Program, records: int, values: int, seed: int) -> Tally:
    """The assumptions of so many records, and so many other facts of each."""
    tally, draw = Tally(), Random(seed)
    for case in _records(program, records, draw):
        decision = decide(program, case, Forward())
        found = assumptions(decision)
        tally.records += 1
        tally.complete += found.complete
        for each in found.found:
            tally.listed += 1
            if outcome(decide(program, each.case, Forward())) == outcome(decision):
                tally.wrong.append(_line(f"{each.fact} = {each.value} changes nothing", case, program))
        known = {*found.facts, *decision.missing_facts}
        for fact, value, other in _others(decision, known, values, draw):
            tally.tried += 1
            after = decide(program, other, Forward())
            if outcome(after) != outcome(decision) and after.contradicted <= decision.contradicted:
                tally.left_out[found.complete] += 1
                if found.complete:
                    tally.wrong.append(_line(f"{fact} = {value} is not listed", case, program))
    return tally


def _records(program: Program, count: int, draw: Random) -> Iterator[Case]:
    examples = [e.case for e in read_examples(find_policy(program.policy.code), program.policy) if not e.settings]
    for number in range(count):
        yield record(program, draw) if number % 2 else thinned(draw.choice(examples), draw)


def _others(decision: Decision, known: set[str], count: int, draw: Random) -> Iterator[tuple[str, Any, Case]]:
    """Records with one fact more that is not known to matter, as a random value."""
    case, vocabulary = decision.case, decision.model.program.policy.vocabulary
    free = [
        name
        for name in facts_read(decision.model.program)
        if name in vocabulary.recorded and name not in known and (name not in case.facts or occurrences(case.facts[name]))
    ]
    for name in draw.sample(free, min(count, len(free))):
        fact = vocabulary.facts[name]
        document = case_document(replace(case, facts={**case.facts}), vocabulary)
        document["facts"][name] = value_of(fact, vocabulary, draw)
        try:
            value = make_case(document, vocabulary, "case.json").facts[name]
        except InputError:
            continue
        before = occurrences(case.facts.get(name))
        if before:  # a further day of what is recorded, after its last one
            if not (fact.recurs and isinstance(value, Day) and value.number > before[-1]):
                continue
            value = with_occurrence(fact, case.facts[name], value)
        yield name, value, replace(case, facts={**case.facts, name: value})


def _line(fault: str, case: Case, program: Program) -> str:
    return f"  {fault}: {json.dumps(case_document(case, program.policy.vocabulary))}"


if __name__ == "__main__":
    sys.exit(main())
