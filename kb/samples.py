"""Sample cases of a policy: invented children whose answers the app shows.

They are in `samples.json` of the policy's folder: a list of titles, cases, and settings of readings that differ from the
policy's own.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kb.errors import Fault, InputError
from kb.json_yaml import read_document

FILE = "samples.json"


@dataclass(frozen=True)
class Sample:
    """One sample: its title, the case document, and its settings of readings."""

    title: str
    case: dict[str, Any]
    settings: dict[str, str] = field(default_factory=dict)


def samples_of(folder: Path) -> tuple[Sample, ...]:
    """The samples in a policy's folder; empty if it has none. Errors: `InputError`."""
    path = folder / FILE
    if not path.exists():
        return ()
    rows = read_document(path)
    if not isinstance(rows, list) or not all(_is_sample(row) for row in rows):
        message = "is not a list of samples"
        raise InputError([Fault(f"{folder.name}/{FILE}", message, "each has a `title`, a `case`, and `settings` if need be")])
    return tuple(Sample(row["title"], row["case"], row.get("settings", {})) for row in rows)


def _is_sample(row: Any) -> bool:
    return isinstance(row, dict) and isinstance(row.get("title"), str) and isinstance(row.get("case"), dict)
