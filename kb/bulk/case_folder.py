"""Reader of a folder with one case a file (JSON or YAML)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from kb.bulk.reader import CasesRead, Wanted
from kb.bulk.table import from_cases
from kb.case import Case, header, make_case
from kb.errors import Fault, InputError
from kb.json_yaml import read_document

SUFFIXES = (".json", ".yaml", ".yml")


def case_files(path: Path) -> list[Path]:
    return sorted(p for p in path.iterdir() if p.suffix.lower() in SUFFIXES)


def recognises(path: Path) -> bool:
    """Whether `path` is a folder with a file that may be a case."""
    return path.is_dir() and bool(case_files(path))


def policy_of(path: Path) -> str | None:
    """The policy of the first case that can be read; None if there is none."""
    for file in case_files(path):
        try:
            return header(read_document(file), file.name)[1]
        except InputError:
            continue
    return None


def read(path: Path, wanted: Wanted) -> CasesRead:
    """The cases of a folder. Files that can't be used are counted, with their faults."""
    cases: dict[str, Case] = {}
    places: dict[str, str] = {}
    faults: list[Fault] = []
    files = case_files(path)
    for file in files:
        try:
            case = _case(file, wanted)
            if case.case_id in cases:
                message = f"case id `{case.case_id}` is used by {places[case.case_id]} too"
                raise InputError([Fault(file.name, message, "give each case its own id")])
        except InputError as error:
            faults += error.faults
            continue
        cases[case.case_id] = case
        places[case.case_id] = file.name
    table = replace(from_cases(list(cases.values()), wanted.vocabulary), policy=wanted.policy, places=list(places.values()))
    return CasesRead(table, len(files), len(files) - len(cases), tuple(faults))


def _case(file: Path, wanted: Wanted) -> Case:
    document = read_document(file)
    _, named, _ = header(document, file.name)
    if named != wanted.policy and not wanted.chosen:
        hint = "decide the whole folder under one: --policy NAME"
        raise InputError(
            [Fault(f"{file.name}: policy", f"`{named}` is not the policy of the first case, `{wanted.policy}`", hint)]
        )
    return make_case({**document, "policy": wanted.policy}, wanted.vocabulary, file.name, wanted.as_of)
