"""`whichteam verify`: checks a record by itself, then against the record that the installed policy makes of its case.

All parts are compared except those that come from people (`OF_PEOPLE`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from explain.filed.as_json import made_by, program_hash, record_json
from explain.filed.content import Confirmation, content_of
from explain.filed.verify import MAX_BYTES, NOT_CHECKED, Unreadable, read_record, verify
from kb.cache import nothing_kept
from kb.case import make_case
from kb.engines.pydatalog import PyDatalog
from kb.errors import Fault, InputError
from kb.files import read_bytes
from kb.policy import find_installed, find_policy, installed, is_path
from kb.program import Program
from queries.exact import decide_exactly
from queries.load import compile_fresh

SOUND, UNSOUND, OTHER_RULES = 0, 1, 3
#: Parts that come from people or from the document they gave, so they can't be recomputed.
OF_PEOPLE = ("confirmation*", "document.*", "clauses.*.passages*")
MOST_TOLD = 20  # differences reported


@dataclass(frozen=True, slots=True)
class Checked:
    """Result of a check. `problems` make the record unsound; `same_rules`: the installed policy made it."""

    problems: tuple[str, ...]
    not_checked: tuple[str, ...]
    rules: tuple[str, ...]
    same_rules: bool

    @property
    def code(self) -> int:
        """The exit code."""
        return UNSOUND if self.problems else SOUND if self.same_rules else OTHER_RULES


def check_record(path: Path, policy: str | None = None) -> int:
    """Checks a record file and prints the result; returns the exit code. Errors: `InputError` if the file can't be read.

    `policy`: a policy to compare with instead of the record's own.
    """
    record = _read(path)
    result = check(record, policy, path.name)
    for problem in result.problems:
        print(f"not sound: {problem}")
    if not result.problems:
        print(_sound(record))
        for part in result.not_checked:
            print(f"Not checked: {part}")
    for line in result.rules:
        print(line)
    if not result.problems:
        print(f"Seal: {record['seal']}")
    return result.code


def check(record: dict[str, Any], policy: str | None, name: str) -> Checked:
    """Checks a parsed record; `name` is the file name, for messages. Errors: `InputError`."""
    taken: list[str] = []
    problems = verify(record, None, taken)
    if any("in the form of a record" in problem for problem in problems):
        return Checked(tuple(problems), (), (), False)
    code = record["program"]["code"]
    if is_path(code):
        find_installed(code, f"{name}: program.code")  # raises with a hint
    if policy is None and code not in installed():
        return _other_rules(problems, taken, record, f"no policy `{code}` is installed")
    folder = find_policy(policy or code)
    with nothing_kept():
        try:
            program = compile_fresh(folder, record["program"]["settings"])
        except InputError as error:
            return _other_rules(problems, taken, record, str(error.faults[0].message))
        if program_hash(program) != record["hashes"]["program"]:
            return _other_rules(problems, taken, record, _how_different(program, record))
        problems += differences(record, program)
    rules = f"Its rules are those installed here: {_named(record['program'])}."
    return Checked(
        tuple(problems),
        tuple(NOT_CHECKED[part] for part in OF_PEOPLE),
        (rules, f"Rules and tables: {record['hashes']['program']}"),
        True,
    )


def _read(path: Path) -> dict[str, Any]:
    try:
        return read_record(read_bytes(path, MAX_BYTES))
    except Unreadable as error:
        raise InputError([Fault(path.name, str(error))]) from None


def _sound(record: dict[str, Any]) -> str:
    moves = sum(len(way["moves"]) for way in record["journey"]["ways"])
    steps = f"all {len(record['proof']['steps'])} steps of its proof"
    what = f"the answer, {steps} and {moves} earlier {'move' if moves == 1 else 'moves'}" if moves else f"the answer and {steps}"
    return f"Sound: {what} follow from the facts and rules given."


def _other_rules(problems: list[str], taken: list[str], record: dict[str, Any], why: str) -> Checked:
    rules = (
        f"Its rules are not those installed here: {why}.",
        f"It says that they are {_named(record['program'])}, made by {record['program']['made_by']}.",
        f"Rules and tables: {record['hashes']['program']}",
    )
    return Checked(tuple(problems), tuple(taken), rules, False)


def _named(program: dict[str, Any]) -> str:
    return f"`{program['code']}`, {program['version']}, files {program['digest'][:16]}"


def _how_different(program: Program, record: dict[str, Any]) -> str:
    recorded, here = record["program"], program.policy
    if recorded["made_by"] != made_by():
        return f"it was made by {recorded['made_by']}, and this is {made_by()}"
    if recorded["digest"] != here.digest:
        return f"the files of `{here.code}` here are {here.version}, {here.digest[:16]}"
    return f"what it tells of the policy `{here.code}` is not what the files here say"


# recomputed --------------------------------------------------------------------------------


def differences(record: dict[str, Any], program: Program) -> list[str]:
    """The parts in which a record differs from the one that `program` makes of its case."""
    try:
        case = make_case(_case(record), program.policy.vocabulary, "case")
    except InputError as error:
        return [f"{fault.where}: {fault.message}" for fault in error.faults]
    people = record["confirmation"]
    who = Confirmation(people["confirmed_by"], people["confirmed_on"], people["overridden_to"], people["reason"])
    again = json.loads(json.dumps(record_json(content_of(decide_exactly(program, case, PyDatalog()), who))))
    return list(_unlike(_comparable(record), _comparable(again)))[:MOST_TOLD]


def _case(record: dict[str, Any]) -> dict[str, Any]:
    case = dict(record["case"])
    if case["recorded_on"] == case["as_of"]:
        del case["recorded_on"]
    return case


def _comparable(record: dict[str, Any]) -> dict[str, Any]:
    """The record without seal, document and passages, which can't be recomputed from the policy."""
    clauses = [{key: part for key, part in clause.items() if key != "passages"} for clause in record["clauses"]]
    return {**{key: part for key, part in record.items() if key not in ("seal", "document")}, "clauses": clauses}


def _unlike(recorded: Any, again: Any, at: str = "") -> Iterator[str]:
    """The paths at which two JSON values differ; types count."""
    if type(recorded) is type(again) and isinstance(recorded, dict):
        for name in dict.fromkeys([*again, *recorded]):
            if name not in recorded or name not in again:
                yield f"{_below(at, name)} is {'missing' if name not in recorded else 'no part that the policy gives'}"
            else:
                yield from _unlike(recorded[name], again[name], _below(at, name))
    elif type(recorded) is type(again) and isinstance(recorded, list) and len(recorded) == len(again):
        for number, (mine, other) in enumerate(zip(recorded, again)):
            yield from _unlike(mine, other, f"{at}[{number}]")
    elif type(recorded) is not type(again) or recorded != again:
        yield f"{at} is {_shown(recorded)}; the policy gives {_shown(again)}"


def _below(at: str, name: str) -> str:
    return f"{at}.{name}" if at else name


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=True)
    return f"{text[:80]}…" if len(text) > 80 else text
