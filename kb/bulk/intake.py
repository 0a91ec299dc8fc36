"""What readers give, and how they are found.

A reader is a module with three functions; `READERS` names the modules, in the order in which
they are tried, so that none is loaded before it is asked:

    recognises(path) -> bool                  whether this reader is for that file or folder
    policy_of(path) -> str | None             the policy that the file names, if it does
    read(path, wanted) -> Intake              its cases; errors that concern it as a whole: `InputError`
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
    """How to read: under which policy, for which day, and whether the policy was asked for by name.

    `as_of` None: each case names its day. `chosen`: the policy replaces what cases name.
    """

    policy: str
    vocabulary: Vocabulary
    as_of: int | None = None
    chosen: bool = False


@dataclass(frozen=True)
class Intake:
    """What was read. `len(table) + refused == total`: nothing vanishes without being counted.

    `faults` tell every reason for a refusal; `notes` what was left out without one. `fault_rows` are the numbers of the
    rows that the faults are of, where a table with such numbers was read.
    """

    table: CaseTable
    total: int
    refused: int
    faults: tuple[Fault, ...]
    notes: tuple[str, ...] = ()
    fault_rows: tuple[int, ...] = ()


def reader_for(path: Path) -> Any:
    """The reader for a file or folder. Errors: `InputError` where none knows it."""
    if not path.exists():
        raise InputError([Fault(str(path), "there is no such file or folder", "check the path")])
    for name in READERS:
        module = import_module(name)
        if module.recognises(path):
            return module
    hint = "a table needs a column `case_id` and our fact names, a folder case files in JSON or YAML (docs/caseload.md)"
    raise InputError([Fault(path.name, "is no caseload that can be read", hint)])
