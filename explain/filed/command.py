"""`whichteam record`: writes a record and its calendar."""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from explain.escape import visible
from explain.filed.content import Confirmation, Content, Document, content_of
from kb import output
from kb.errors import Fault, InputError
from kb.files import read_bytes
from kb.program import Program
from queries.exact import decide_exactly
from queries.load import load_case

FORMS = (".html", ".docx", ".json")
ONE_PAGE = ".page.html"
MAX_DOCUMENT_BYTES = 5_000_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """Options of the command; see `whichteam record --help`."""

    out: Path
    calendar: Path | None = None
    document: Path | None = None
    confirmed_by: str | None = None
    confirmed_on: str | None = None
    overridden_to: str | None = None
    reason: str | None = None


def file_record(case_path: Path, wanted: Wanted, as_of: int | None, settings: dict[str, str]) -> None:
    """Writes the record of a case, and its calendar: all files or none. Errors: `InputError`, all faults."""
    from kb.engines.pydatalog import PyDatalog

    faults = [*_form_faults(wanted), *_people_faults(wanted)]
    document = None
    try:
        document = read_council_document(wanted.document) if wanted.document else None
    except InputError as error:
        faults += error.faults
    if faults:
        raise InputError(faults)
    program, case = load_case(case_path, None, as_of, settings)
    confirmation = _confirmation(wanted, program, case.as_of)
    content = content_of(decide_exactly(program, case, PyDatalog()), confirmation, document)
    files: dict[Path, output.Content] = {wanted.out: made(content, wanted.out.suffix.lower())}
    if wanted.calendar is not None:
        from explain.filed.as_calendar import as_calendar, entries

        if entries(content):
            files[wanted.calendar] = as_calendar(content).encode()
    output.write_all(files)
    for path in files:
        print(f"Wrote {path}")
    if wanted.calendar is not None and wanted.calendar not in files:
        print(f"No deadline follows and no move is planned, so {wanted.calendar} was not written.")
    if content.differs:
        print(f"note: {content.document_told}", file=sys.stderr)


def made(content: Content, form: str) -> bytes:
    """A record as bytes; `form` is .html, .docx, .json or, for its one page, .page.html."""
    from explain.filed import forms
    from explain.filed.as_json import as_json, hashes_of, record_json

    if form == ".json":
        return as_json(content).encode()
    hashes = hashes_of(record_json(content))
    if form == ".docx":
        return forms.record_word(content, hashes)
    return (forms.page_html if form == ONE_PAGE else forms.record_html)(content, hashes).encode()


def read_council_document(path: Path) -> Document:
    """A council's document from a text file. Errors: `InputError`."""
    try:
        return council_document(read_bytes(path, MAX_DOCUMENT_BYTES), path.name)
    except InputError as error:
        raise InputError([replace(fault, where=_in_option(fault.where)) for fault in error.faults]) from None


def _in_option(where: str) -> str:
    return where if where.startswith("--document") else f"--document: {where}"


def council_document(raw: bytes, name: str) -> Document:
    """A council's document from bytes; `name` is for messages. Errors: `InputError` if it is not UTF-8 text."""
    try:
        lines = raw.decode("utf-8-sig").replace("\r\n", "\n").rstrip("\n").split("\n")
        return Document(tuple(map(visible, lines)))
    except UnicodeDecodeError:
        hint = "save the document as plain text, with its lines as they are"
        raise InputError([Fault("--document", f"`{name}` is not text", hint)]) from None


def _form_faults(wanted: Wanted) -> list[Fault]:
    faults: list[Fault] = []
    if wanted.out.suffix.lower() not in FORMS:
        faults.append(Fault("--out", f"`{wanted.out.name}` is no form of a record", "end the name in .html, .docx or .json"))
    if wanted.calendar is not None and wanted.calendar.suffix.lower() != ".ics":
        faults.append(Fault("--calendar", f"`{wanted.calendar.name}` is no calendar file", "end the name in .ics"))
    for option, path in (("--out", wanted.out), ("--calendar", wanted.calendar)):
        if path is not None and not path.parent.is_dir():
            faults.append(Fault(option, f"there is no folder `{path.parent}`", "make it first, or name another"))
        elif path is not None and path.is_dir():
            faults.append(Fault(option, f"`{path.name}` is a folder", "name a file in it"))
    return faults


def _people_faults(wanted: Wanted) -> list[Fault]:
    faults: list[Fault] = []
    reason = (wanted.reason or "").strip()
    if wanted.confirmed_by is not None and not wanted.confirmed_by.strip():
        faults.append(Fault("--confirmed-by", "is empty", "name the person who confirms the answer"))
    if wanted.overridden_to is not None and not reason:
        faults.append(Fault("--overridden-to", "setting an answer aside needs a reason", "add --reason TEXT"))
    if wanted.overridden_to is None and wanted.reason is not None:
        faults.append(Fault("--reason", "there is no override that it could be the reason for", "add --overridden-to TEAM"))
    if wanted.confirmed_on is not None:
        if wanted.confirmed_by is None:
            faults.append(Fault("--confirmed-on", "nobody is named who confirmed it", "add --confirmed-by NAME"))
        try:
            date.fromisoformat(wanted.confirmed_on)
        except ValueError:
            faults.append(Fault("--confirmed-on", f"`{wanted.confirmed_on}` is not a date", "write it as 2024-09-03"))
    return faults


def _confirmation(wanted: Wanted, program: Program, as_of: int) -> Confirmation:
    team = None
    if wanted.overridden_to is not None:
        from explain.terminal import find_team

        try:
            team = find_team(program, wanted.overridden_to)
        except InputError as error:
            raise InputError([replace(fault, where="--overridden-to") for fault in error.faults]) from None
    on = None
    if wanted.confirmed_on is not None:
        day = date.fromisoformat(wanted.confirmed_on)
        on = day.isoformat()
        if day.toordinal() < as_of:
            message = f"{on} is before the day of the answer, {date.fromordinal(as_of)}"
            raise InputError([Fault("--confirmed-on", message, "correct one of the two days")])
    by = wanted.confirmed_by.strip() if wanted.confirmed_by else None
    return Confirmation(by, on, team, wanted.reason.strip() if wanted.reason else None)
