"""Times the checks of a policy with an empty cache, with a full one, and after an edit of one clause.

    python -m benchmarks.after_an_edit [POLICY...] [--clauses N]

The checks keep the results of their searches (`queries/check/kept.py`); only results that an edit affects are searched
again. An edit removes the last condition of a rule: for each predicate in EDITED, the first rule of the policy that has a
condition and still compiles without its last one. `--clauses` adds a generated policy of N clauses. Times are processor
seconds of the checks, without reading the rules.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from benchmarks.many_clauses import generated
from kb.cache import SWITCH
from kb.errors import InputError
from kb.policy import installed
from kb.program import Program, compile_policy
from queries.check import run
from queries.load import load_program

EDITED = ("duty", "limit", "route")


def edits(program: Program) -> Iterator[tuple[str, Program]]:
    """For each predicate of EDITED the clause and the program after an edit of it."""
    policy = program.policy
    for predicate in EDITED:
        for number, rule in enumerate(policy.rules):
            if rule.head.predicate == predicate and rule.body and not policy.clauses[rule.clause].house:
                edited = replace(rule, body=rule.body[:-1])
                rules = (*policy.rules[:number], edited, *policy.rules[number + 1 :])
                try:
                    yield f"{predicate} of {rule.clause}", compile_policy(replace(policy, rules=rules))
                except InputError:
                    continue
                break


def seconds(program: Program) -> float:
    """Processor seconds of one run of all quick checks."""
    begun = time.process_time()
    run(program)
    return time.process_time() - begun


def measure(name: str, program: Program) -> None:
    """Prints the times for one policy. Each edit starts from a cache with the results of the unedited policy."""
    with tempfile.TemporaryDirectory() as kept:
        os.environ[SWITCH] = kept
        nothing = seconds(program)
        print(f"{name}: empty cache {nothing:.1f} s, full cache {seconds(program):.2f} s", flush=True)
        for what, edited in edits(program):
            after = seconds(edited)
            print(f"  after an edit of {what}: {after:.2f} s, {after / nothing:.0%}", flush=True)
            run(program)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("policies", nargs="*")
    parser.add_argument("--clauses", type=int, default=0)
    arguments = parser.parse_args()
    for name in arguments.policies or list(installed()):
        measure(name, load_program(name))
    if arguments.clauses:
        with tempfile.TemporaryDirectory() as folder:
            measure(f"{arguments.clauses} clauses", generated(Path(folder), arguments.clauses, clashes=False))


if __name__ == "__main__":
    main()
