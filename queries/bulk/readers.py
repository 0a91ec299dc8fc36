"""The readers of caseloads, and the choice of the one for a file or folder. For their interface see `kb.bulk.reader`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

from kb.errors import Fault, InputError

UNKNOWN = "a table needs a column `case_id` and our fact names, a folder case files in JSON or YAML (docs/caseload.md)"


def readers() -> Iterator[ModuleType]:
    """The readers in the order in which they are tried. Each is imported only when it is asked for."""
    from kb.bulk import plain_files

    yield plain_files
    from kb.bulk import case_folder

    yield case_folder
    from kb.intake import caseload

    yield caseload


def reader_for(path: Path) -> ModuleType:
    """The first reader that recognises a file or folder. Errors: `InputError` if none does."""
    if not path.exists():
        raise InputError([Fault(str(path), "there is no such file or folder", "check the path")])
    for reader in readers():
        if reader.recognises(path):
            return reader
    raise InputError([Fault(path.name, "is no caseload that can be read", UNKNOWN)])
