"""Tests on random records that the lists of assumptions and missing facts are sound and complete.

Run: python -m benchmarks.assumed [--records 500] [--values 20] [--seed 1] [--policy NAME ...]
Half of the records are random histories, half are examples of the policy with some facts removed. Two tests for each:

    sound     each assumption is added to the record, which is decided again: the answer has to change
    complete  `--values` facts that are listed neither as assumptions nor as missing are added one at a time, each with a
              random value (for a recorded event: a later day): the answer must not change. Records that this makes
              contradictory are skipped. Answers marked as incomplete (`Assumptions.complete`) are counted separately

The records are decided one at a time by the forward engine, not by the code that finds assumptions. Exit code 1 if an
assumption changes nothing, or a complete answer lacks a fact.
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
    """Counts for one policy.

    records   records decided; `complete`: those whose answer is marked as complete
    listed    assumptions tested
    tried     other facts tested; `left_out`: those that changed the answer, by whether it was marked as complete
    wrong     a line for each fault
    """

    records: int = 0
    complete: int = 0
    listed: int = 0
    tried: int = 0
    left_out: Counter[bool] = field(default_factory=Counter)
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
    """Tests the assumptions of `records` random records, and `values` other facts of each."""
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
    """Up to `count` copies of the record, each with one fact added that is not in `known`: (fact, value, record)."""
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
        if before:  # the event is recorded: add an occurrence after its last day
            if not (fact.recurs and isinstance(value, Day) and value.number > before[-1]):
                continue
            value = with_occurrence(fact, case.facts[name], value)
        yield name, value, replace(case, facts={**case.facts, name: value})


def _line(fault: str, case: Case, program: Program) -> str:
    return f"  {fault}: {json.dumps(case_document(case, program.policy.vocabulary))}"


if __name__ == "__main__":
    sys.exit(main())
