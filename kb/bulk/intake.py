"""The interface of caseload readers, and the choice of the reader for a file or folder.

A reader is a module with three functions. `READERS` lists the modules in the order in which they are tried; they are
named as strings, so that each is imported only when it is tried:

    recognises(path) -> bool                  whether this reader can read that file or folder
    policy_of(path) -> str | None             the policy that the file names, if any
    read(path, wanted) -> Intake              its cases. Errors: `InputError` for faults of the file as a whole
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from kb.bulk.table import CaseTable
from kb.errors import Fault, InputError
from kb.vocabulary.model import Vocabulary

READERS = (
    "kb.bulk.plain_files",
    "kb.bulk.case_folder",
    "kb.intake.caseload",
)


@dataclass(frozen=True)
class Wanted:
    """What to read a caseload as.

    policy   code of the policy
    as_of    day of the answer for all cases, as an ordinal; None: each case names its day
    chosen   the user named the policy, so it replaces the one that cases name
    """

    policy: str
    vocabulary: Vocabulary
    as_of: int | None = None
    chosen: bool = False


@dataclass(frozen=True)
class Intake:
    """The result of a reader. `len(table) + refused == total`.

    faults      every reason for which a case was refused
    notes       what was left out without refusing a case, such as unknown columns
    fault_rows  the row numbers of `faults`, if the source has row numbers
    """

    table: CaseTable
    total: int
    refused: int
    faults: tuple[Fault, ...]
    notes: tuple[str, ...] = ()
    fault_rows: tuple[int, ...] = ()


def reader_for(path: Path) -> Any:
    """The first reader that recognises a file or folder. Errors: `InputError` if none does."""
    if not path.exists():
        raise InputError([Fault(str(path), "there is no such file or folder", "check the path")])
    for name in READERS:
        module = import_module(name)
        if module.recognises(path):
            return module
    hint = "a table needs a column `case_id` and our fact names, a folder case files in JSON or YAML (docs/caseload.md)"
    raise InputError([Fault(path.name, "is no caseload that can be read", hint)])
