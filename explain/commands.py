"""`whichteam decide` and `whichteam schema`."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor
from itertools import chain
from multiprocessing import get_context
from pathlib import Path

from explain.decision_json import decision_json
from explain.printed import json_text, print_json
from explain.unforeseen import unforeseen
from kb import output
from kb.engines.pydatalog import PyDatalog
from kb.errors import Fault, InputError
from kb.offered import policy_option
from kb.policy import find_policy, load_policy
from kb.vocabulary.schema import case_schema, decision_schema
from queries.assumptions import assumptions, assumptions_of
from queries.decide import Decision
from queries.exact import decide_exactly
from queries.load import load_case, load_side_by_side

TOGETHER = 4  # cases of a folder that one process decides together, which takes less time than one after the other
TRY_ALONE = "the other cases are decided; try this one by itself: whichteam decide FILE{policy}"
TRY_AGAIN = "the decisions that are written are whole; run the command again for the others"
ANOTHER = "name another folder for the decisions: --out DIR"


def decide_one(path: Path, policies: Sequence[str], as_of: int | None, settings: dict[str, str], as_json: bool) -> list[str]:
    """Prints the decision of one case under one or more policies; returns the statuses. Errors: `InputError`."""
    if len(policies) > 1:
        return _side_by_side(path, policies, as_of, settings, as_json)
    program, case = load_case(path, policies[0] if policies else None, as_of, settings)
    decision = decide_exactly(program, case, PyDatalog())
    if as_json:
        print_json(decision_json(decision, assumed=assumptions(decision)))
    else:
        from explain.terminal import print_decision

        print_decision(decision, assumptions(decision), policies[0] if policies else None)
    return [decision.status]


def _side_by_side(path: Path, policies: Sequence[str], as_of: int | None, settings: dict[str, str], as_json: bool) -> list[str]:
    loaded = load_side_by_side(path, policies, as_of, settings)
    decisions = [decide_exactly(program, case, PyDatalog()) for program, case, _ in loaded]
    if as_json:
        print_json([decision_json(decision, assumed=assumed) for decision, assumed in zip(decisions, assumptions_of(decisions))])
    else:
        from explain.terminal import print_side_by_side

        print_side_by_side(decisions, [left_out for _, _, left_out in loaded])
    return [decision.status for decision in decisions]


def decide_folder(folder: Path, out: Path, policy: str | None, as_of: int | None, settings: dict[str, str]) -> int:
    """Writes one decision file for each case file. Returns the exit code: 2 if a case has faults, else 0.

    Faults are printed on standard error; the other cases are decided all the same. Errors: `InputError` if
    the folder has no case file or `out` is unsuitable.
    """
    from rich.progress import track

    from explain.screen import Screen

    files = sorted(p for p in folder.iterdir() if p.suffix.lower() in (".json", ".yaml", ".yml"))
    if not files:
        raise InputError([Fault(str(folder), "holds no case file", "case files end in .json, .yaml or .yml")])
    if out.resolve() == folder.resolve():
        raise InputError([Fault(str(out), "holds the cases themselves", ANOTHER)])
    if out.exists() and not out.is_dir():
        raise InputError([Fault(str(out), "is a file, not a folder", "name a folder for the decisions: --out DIR")])
    output.make_folder(out)
    faults: list[Fault] = []
    written: dict[str, str] = {}
    progress = Screen(stderr=True)
    jobs = [(path, policy, as_of, settings) for path in files]
    for path, result in zip(track(files, "Deciding", console=progress, disable=not progress.is_terminal), _each(jobs)):
        if isinstance(result, list):
            faults += result
            continue
        case_id, text = result
        if case_id in written:
            message = f"case id `{case_id}` is used by {written[case_id]} too"
            faults.append(Fault(path.name, message, "give each case its own id"))
            continue
        try:
            output.write(out / f"{case_id}.json", text)
        except InputError as error:
            faults += error.faults
            continue
        written[case_id] = path.name
    for fault in faults:
        print(f"error: {fault}", file=sys.stderr)
    failed = len(files) - len(written)
    print(f"{len(written)} decided, {failed} not usable, of {len(files)}", file=sys.stderr)
    return 2 if faults else 0


Job = tuple[Path, str | None, int | None, dict[str, str]]
Decided = tuple[str, str]  # the case id, and the decision as JSON text


def _leave_stopping_to_the_first() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _decided(jobs: Sequence[Job]) -> list[Decided | list[Fault]]:
    """For each job, the case id with the decision as JSON, or the faults. An unexpected error fails the case that caused it."""
    try:
        return _decided_together(jobs)
    except Exception as error:
        if len(jobs) > 1:
            return [result for job in jobs for result in _decided([job])]
        path, policy, *_ = jobs[0]
        return [[Fault(path.name, unforeseen(error), TRY_ALONE.format(policy=policy_option(policy)))]]


def _decided_together(jobs: Sequence[Job]) -> list[Decided | list[Fault]]:
    read: list[Decision | list[Fault]] = []
    engine = PyDatalog()
    for job in jobs:
        try:
            program, case = load_case(*job)
            read.append(decide_exactly(program, case, engine))
        except InputError as error:
            read.append(list(error.faults))
    decisions = [each for each in read if not isinstance(each, list)]
    assumed = iter(assumptions_of(decisions))
    return [
        each if isinstance(each, list) else (each.case.case_id, json_text(decision_json(each, assumed=next(assumed))))
        for each in read
    ]


def _each(
    jobs: Sequence[Job], decide: Callable[[Sequence[Job]], Sequence[Decided | list[Fault]]] = _decided
) -> Iterator[Decided | list[Fault]]:
    """The results of the jobs, in order, each share as soon as it is done. More than one share: one process a processor."""
    shares = [list(jobs[start : start + TOGETHER]) for start in range(0, len(jobs), TOGETHER)]
    processors = min(os.cpu_count() or 1, len(shares))
    if processors < 2:
        yield from chain.from_iterable(map(decide, shares))
        return
    with ProcessPoolExecutor(processors, get_context("spawn"), _leave_stopping_to_the_first) as pool:
        for share, result in [(share, pool.submit(decide, share)) for share in shares]:
            try:
                yield from result.result()
            except BrokenExecutor:
                yield from ([Fault(path.name, "the process that was to decide it was ended", TRY_AGAIN)] for path, *_ in share)


def schema(what: str, policy: str) -> None:
    """Prints the JSON Schema of cases or of decisions for a policy. Errors: `InputError`."""
    vocabulary = load_policy(find_policy(policy)).vocabulary
    document = case_schema(vocabulary) if what == "case" else decision_schema(vocabulary)
    print_json(document)
