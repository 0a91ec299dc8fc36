"""Deciding from the command line: one case, or a folder of them."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from explain.record import decision_json
from kb.engines.pydatalog import PyDatalog
from kb.errors import Fault, InputError
from kb.policy import find_policy, load_policy
from kb.vocabulary.schema import case_schema, decision_schema
from queries.decide import decide
from queries.load import load_case, load_side_by_side

ANOTHER = "name another folder for the decisions: --out DIR"


def decide_one(path: Path, policies: Sequence[str], as_of: int | None, settings: dict[str, str], as_json: bool) -> list[str]:
    """Prints the decision of one case, under one policy or several; gives their statuses."""
    if len(policies) > 1:
        return _side_by_side(path, policies, as_of, settings, as_json)
    program, case = load_case(path, policies[0] if policies else None, as_of, settings)
    decision = decide(program, case, PyDatalog())
    if as_json:
        print(json.dumps(decision_json(decision), ensure_ascii=False, indent=1))
    else:
        from explain.terminal import print_decision

        print_decision(decision)
    return [decision.status]


def _side_by_side(path: Path, policies: Sequence[str], as_of: int | None, settings: dict[str, str], as_json: bool) -> list[str]:
    found = load_side_by_side(path, policies, as_of, settings)
    decisions = [decide(program, case, PyDatalog()) for program, case, _ in found]
    if as_json:
        print(json.dumps([decision_json(decision) for decision in decisions], ensure_ascii=False, indent=1))
    else:
        from explain.terminal import print_side_by_side

        print_side_by_side(decisions, [left_out for _, _, left_out in found])
    return [decision.status for decision in decisions]


def decide_folder(folder: Path, out: Path, policy: str | None, as_of: int | None, settings: dict[str, str]) -> int:
    """One decision file for each case file. Faulty cases are named and counted, never lost."""
    from rich.console import Console
    from rich.progress import track

    files = sorted(p for p in folder.iterdir() if p.suffix.lower() in (".json", ".yaml", ".yml"))
    if not files:
        raise InputError([Fault(str(folder), "holds no case file", "case files end in .json, .yaml or .yml")])
    if out.resolve() == folder.resolve():
        raise InputError([Fault(str(out), "holds the cases themselves", ANOTHER)])
    if out.exists() and not out.is_dir():
        raise InputError([Fault(str(out), "is a file, not a folder", "name a folder for the decisions: --out DIR")])
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError([Fault(str(out), f"can't be made: {_reason(error)}", ANOTHER)]) from None
    engine = PyDatalog()
    faults: list[Fault] = []
    written: dict[str, str] = {}
    progress = Console(stderr=True)
    for path in track(files, "Deciding", console=progress, disable=not progress.is_terminal):
        try:
            program, case = load_case(path, policy, as_of, settings)
            if case.case_id in written:
                message = f"case id `{case.case_id}` is used by {written[case.case_id]} too"
                raise InputError([Fault(path.name, message, "give each case its own id")])
            document = decision_json(decide(program, case, engine))
        except InputError as error:
            faults += error.faults
            continue
        target = out / f"{case.case_id}.json"
        if target.is_dir():
            faults.append(Fault(str(target), "is a folder, so no decision can be written there"))
            continue
        try:
            write_whole(target, json.dumps(document, ensure_ascii=False, indent=1) + "\n")
        except OSError as error:
            faults.append(Fault(str(target), f"can't be written: {_reason(error)}"))
            continue
        written[case.case_id] = path.name
    for fault in faults:
        print(f"error: {fault}", file=sys.stderr)
    failed = len(files) - len(written)
    print(f"{len(written)} decided, {failed} not usable, of {len(files)}", file=sys.stderr)
    return 2 if faults else 0


def write_whole(path: Path, text: str) -> None:
    """Whole or not at all: written beside the place and then moved there. Errors: OSError."""
    beside = path.with_name(path.name + ".part")
    try:
        beside.write_text(text, encoding="utf-8")
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)


def _reason(error: OSError) -> str:
    return (error.strerror or "not possible").lower()


def schema(what: str, policy: str) -> None:
    """Prints the JSON Schema of cases or of decisions for a policy."""
    vocabulary = load_policy(find_policy(policy)).vocabulary
    document = case_schema(vocabulary) if what == "case" else decision_schema(vocabulary)
    print(json.dumps(document, ensure_ascii=False, indent=1))
