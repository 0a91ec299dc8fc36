"""Creates the folder of a new policy: a copy of the template, or the register that a document proposes."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from kb import output
from kb.edition import read_edition
from kb.errors import Fault, InputError
from kb.policy import CLAUSE_COLUMNS, READING_COLUMNS, TEMPLATE, installed
from kb.vocabulary.load import CODE_COLUMNS, FACT_COLUMNS, TIME_COLUMNS
from queries.proposed_clauses import Proposed, proposed

_CODE = re.compile(r"[a-z][a-z0-9_]*$")
_EMPTY_RULES = """% The rules: each under the clause of the register that it encodes, for example
%
%     @clause {first}.
%     front_door(front_door_team).
%
% What the words mean is in docs/writing-a-policy.md.
"""


def new_policy(name: str, home: Path, document: Path | None = None) -> Path:
    """Creates `home/name` and returns its path: a copy of the template or, with `document`, its proposed register.

    Errors: `InputError` if the code is invalid or taken, the folder exists, or the document can't be read.
    """
    if not _CODE.match(name):
        raise InputError([Fault("name", f"`{name}` is not a policy code", "use lower-case letters, digits and _")])
    if name in installed():
        raise InputError([Fault("name", f"there is a policy `{name}` already", "choose another name")])
    folder = home / name
    if folder.exists():
        raise InputError([Fault(str(folder), "exists already", "choose another name or place")])
    texts = None if document is None else _from_document(name, document)
    with output.filling(folder, private=False) as inside:
        if texts is None:
            shutil.copytree(TEMPLATE, inside, dirs_exist_ok=True)
        for file, text in (texts or {}).items():
            (inside / file).write_text(text, encoding="utf-8")
    return folder


def _from_document(name: str, document: Path) -> dict[str, str]:
    """The files of a policy of which only the register is begun. Errors: `InputError`."""
    rows = proposed(read_edition(document))
    if not rows:
        raise InputError([Fault(document.name, "has no paragraph that could be a clause", "is it the right document?")])
    prefix = name[:2] if len(name) > 1 else f"{name}_"
    title = name.replace("_", " ").title()
    return {
        "policy.toml": f'name = "{title} Council"\ndocument = "{title} transfer policy"\nversion = "draft"\n',
        "clauses.tsv": _table(CLAUSE_COLUMNS, [_row(prefix, row) for row in rows]),
        "codes.tsv": _table(CODE_COLUMNS, []),
        "facts.tsv": _table((*FACT_COLUMNS, *TIME_COLUMNS), []),
        "readings.tsv": _table(READING_COLUMNS, []),
        "rules.dl": _EMPTY_RULES.format(first=f"{prefix}{next((r.line for r in rows if not r.heading), rows[0].line)}"),
    }


def _row(prefix: str, row: Proposed) -> tuple[str, ...]:
    reason = "heading" if row.heading else ""
    found = f"names: {'; '.join(row.found)}" if row.found else ""
    return f"{prefix}{row.line}", str(row.line), row.kind, row.force, "", reason, found


def _table(columns: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    return "".join("\t".join(cells) + "\n" for cells in [columns, *rows])
