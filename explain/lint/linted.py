"""`whichteam lint`: looks through a document and writes the report."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from explain.document.as_markdown import as_markdown
from explain.document.as_text import as_text
from explain.lint.as_json import as_json
from explain.lint.in_words import found
from explain.lint.pages import known
from explain.printed import print_bytes
from kb import output
from kb.case import parse_day
from kb.edition import read_edition
from kb.errors import Fault, InputError, did_you_mean
from kb.policy import find_policy, load_policy
from queries.lint import Report, lint

FORMATS: dict[str, Callable[[Report], str]] = {
    "text": lambda report: as_text(found(report)),
    "json": as_json,
    "markdown": lambda report: as_markdown(found(report)),
}


@dataclass(frozen=True)
class Wanted:
    """Options of the command; see `whichteam lint --help`."""

    policy: str | None
    format: str
    only: tuple[str, ...]
    as_of: str | None
    out: Path | None


def look_through(document: Path, wanted: Wanted) -> bool:
    """Writes what lint finds in a document. Returns whether anything weightier than a note was found. Errors: `InputError`."""
    if wanted.format not in FORMATS:
        hint = did_you_mean(wanted.format, FORMATS) or "formats: " + ", ".join(FORMATS)
        raise InputError([Fault("--format", f"there is no format `{wanted.format}`", hint)])
    known(*wanted.only)
    day = _day(wanted.as_of)
    policy = load_policy(find_policy(wanted.policy)) if wanted.policy else None
    report = lint(read_edition(document), day, policy, wanted.only)
    text = FORMATS[wanted.format](report)
    if wanted.out is not None:
        output.write(wanted.out, text, private=False)
        print(f"Wrote {wanted.out}.", file=sys.stderr)
    elif wanted.format == "text":
        print(text, end="")
    else:
        print_bytes(text.encode())
    return any(finding.weight != "note" for finding in report.findings)


def _day(raw: str | None) -> date:
    """The day as of which dates have passed. Errors: `InputError`."""
    if raw is None:
        return date.today()
    try:
        return date.fromordinal(parse_day(raw))
    except ValueError:
        raise InputError([Fault("--as-of", f"`{raw}` is not a date", "write it as 2024-09-03")]) from None
