"""The cases of a caseload that was handed in as one table: Excel or CSV, with our names of facts or as a council exports it."""

from __future__ import annotations

import re
import tempfile
from dataclasses import dataclass
from pathlib import Path

from explain.app import session
from kb.bulk.reader import Wanted
from kb.errors import Fault, InputError, did_you_mean, many
from kb.policy import installed
from queries.bulk.readers import reader_for
from queries.load import load_program

TYPES = ("xlsx", "csv")
MOST = 500  # children that the page decides one by one
MOST_TOLD = 12  # rows with faults that are listed


@dataclass(frozen=True)
class Found:
    """The cases of a table, the faults of rows that were not read, and what else is to be told of it."""

    cases: list[session.Opened]
    faults: tuple[Fault, ...]
    notes: tuple[str, ...]


def is_table(name: str) -> bool:
    """Whether a file is read here, by the end of its name."""
    return name.lower().rpartition(".")[2] in TYPES


def cases_of(name: str, content: bytes, policy: str | None) -> Found:
    """The cases of a table. `policy` is that of the children where the table names none. Errors: `InputError`.

    The readers read files, so the table lies in a folder that only this user can open, until it is read.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / re.sub(r"[^\w. -]", "_", name)[-100:]
        path.write_bytes(content)
        reader = reader_for(path)
        code = reader.policy_of(path) or policy
        if code is None:
            raise InputError([Fault(name, "does not say which council’s children these are", "choose the council above")])
        if code not in installed():  # a file may not name a folder of this machine
            raise InputError([Fault(name, f"there is no policy `{code}`", did_you_mean(code, installed()) or "")])
        vocabulary = load_program(code).policy.vocabulary
        read = reader.read(path, Wanted(code, vocabulary, None, False))
    table = read.table
    if len(table) > MOST:
        hint = "`whichteam caseload` takes any number, and writes a workbook"
        raise InputError([Fault(name, f"holds {len(table):,} children; this page takes {MOST:,}", hint)])
    if not len(table) and not read.faults:
        raise InputError([Fault(name, "holds no child")])
    cases = [session.from_case(f"Case {table.ids[n]}", code, table.case(n, vocabulary), vocabulary) for n in range(len(table))]
    untold = len(read.faults) - MOST_TOLD
    more = [f"{many(untold, 'more fault')} of `{name}` not listed; `whichteam caseload` lists them"] if untold > 0 else []
    return Found(cases, tuple(read.faults[:MOST_TOLD]), (*more, *read.notes))
