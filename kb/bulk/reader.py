"""The interface of caseload readers: what a reader is asked for, and what it gives.

A reader is a module with three functions; `queries/bulk/readers.py` lists the readers:

    recognises(path) -> bool                  whether this reader can read that file or folder
    policy_of(path) -> str | None             the policy that the file names, if any
    read(path, wanted) -> CasesRead           its cases. Errors: `InputError` for faults of the file as a whole
"""

from __future__ import annotations

from dataclasses import dataclass

from kb.bulk.table import CaseTable
from kb.errors import Fault
from kb.vocabulary.model import Vocabulary


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
class CasesRead:
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
