"""Taking a caseload or a council's data into the register, again and again.

What is new or different is recorded as read from data; what is there already is not recorded again. What people recorded
stands: where the data say something else, both are kept and the disagreement is told.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import select

from kb.bulk.reader import Wanted as Reading
from kb.case import Case, case_document, make_case
from kb.dates import iso
from kb.errors import Fault, InputError
from kb.intake.layout import sources
from kb.intake.read import open_source, read_source, recognise
from kb.intake.teams import Settings, load_settings
from kb.policy import Policy
from kb.register.schema import MOST_SOURCE, children, facts
from kb.register.store import Store, Writer, checked_name
from queries.bulk.readers import reader_for
from queries.register.change import checked_number, fact_row, new_child, policy_named
from queries.register.known import IMPORT, Child, Known, Recorded, recordings, what_counts

TOGETHER = 100  # children of one transaction: others wait no longer than for these
TEAMS_FILE = "teams.toml"


@dataclass(frozen=True)
class Source:
    """What is to be imported: cases, the place that each fact comes from, and what was wrong with the file."""

    name: str
    cases: Sequence[Case]
    places: Mapping[str, Mapping[str, str]]
    faults: tuple[Fault, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass
class Imported:
    """What an import did. `disputed` has for each child what the data say otherwise than people."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    facts: int = 0
    refused: list[Fault] = field(default_factory=list)
    disputed: list[Known] = field(default_factory=list)


def read(name: str, policy: Policy, as_of: int | None, teams: Path | None = None) -> Source:
    """The cases of a caseload, or of a council's data (`whichteam intake`). `as_of`: the day that data describe (ordinal).

    Errors: `InputError`.
    """
    path = Path(name)
    if "://" in name or recognise_or_none(name) in sources():
        beside = (path if path.is_dir() else path.parent) / TEAMS_FILE
        file = teams or (beside if beside.is_file() else None)
        settings = load_settings(file, policy.vocabulary) if file is not None else Settings()
        found = read_source(open_source(name), policy.code, policy.vocabulary, as_of, settings)
        shown = found.kind if "://" in name else path.name
        return Source(shown, found.cases, found.sources, found.faults, tuple(found.notes))
    reader = reader_for(path)
    intake = reader.read(path, Reading(policy.code, policy.vocabulary, as_of, chosen=True))
    cases = list(intake.table.cases(policy.vocabulary))
    places = {
        case.case_id: dict.fromkeys(case.facts, place) for case, place in zip(cases, intake.table.places or [""] * len(cases))
    }
    return Source(path.name, cases, places, intake.faults, intake.notes)


def recognise_or_none(name: str) -> str | None:
    """The kind of a council's data; None where a file is none."""
    try:
        return recognise(name)
    except InputError:
        return None


def policy_of(name: str) -> str | None:
    """The policy that a caseload names, if it does. Errors: `InputError`."""
    if "://" in name or recognise_or_none(name) in sources():
        return None
    path = Path(name)
    found: str | None = reader_for(path).policy_of(path)
    return found


def import_cases(
    store: Store, source: Source, policy: str, by: str, done: Callable[[int], None] = lambda count: None
) -> Imported:
    """Records what is new in some cases, each child with an entry of its own. An import that was broken off is run again.

    `done` is called with the number of further children. Errors: `InputError`; a child that can't be taken is told in
    `refused`, and the others are taken.
    """
    by, loaded, made = checked_name(by), policy_named(policy), Imported()
    for start in range(0, len(source.cases), TOGETHER):
        some = source.cases[start : start + TOGETHER]
        with store.writing() as writer:
            for case in some:
                try:
                    _take(writer, case, source, loaded, by, made)
                except InputError as error:
                    made.refused += error.faults
        done(len(some))
    return made


def _take(writer: Writer, case: Case, source: Source, policy: Policy, by: str, made: Imported) -> None:
    """Records what is new about one child. Errors: `InputError`, before anything is written."""
    checked_number(case.case_id)
    connection, vocabulary = writer.connection, policy.vocabulary
    row = connection.execute(select(children).where(children.c.number == case.case_id)).first()
    new: list[tuple[Any, Any]] = []
    if row is None:
        child, new = new_child(writer, case.case_id, policy.code)
    else:
        child = Child(row.child, row.number, row.policy)
        if child.policy != policy.code:
            hint = f"import it with --policy {child.policy}"
            raise InputError([Fault(case.case_id, f"comes under `{child.policy}` in the register, not `{policy.code}`", hint)])
    day = iso(case.record_day)
    places = source.places.get(case.case_id, {})
    before = recordings(connection, child.id) if row is not None else []
    read_before = what_counts((one for one in before if one.origin == IMPORT), child, day, vocabulary).facts
    added = [
        Recorded(writer.next, name, value, day, IMPORT, _source(source.name, places.get(name, "")), writer.at, by)
        for name, value in case_document(case, vocabulary)["facts"].items()
        if _is_new(read_before.get(name), value, day)
    ]
    after = what_counts([*before, *added], child, day, vocabulary)
    if added:
        make_case(after.document(), vocabulary, case.case_id)
    disputed = {name: other for name, other in after.disputed.items() if name in case.facts}
    if disputed:
        made.disputed.append(Known(child, day, after.facts, disputed))
    if new or added:
        writer.entry(by, "import", [*new, *((facts, fact_row(child, one)) for one in added)], child.id)
    made.new += bool(new)
    made.changed += bool(added and not new)
    made.unchanged += not (new or added)
    made.facts += len(added)


def _is_new(before: Recorded | None, value: Any, day: str) -> bool:
    """Whether data say something that they did not say before: another value, or still "not happened" on a later day."""
    return before is None or before.value != value or (value is False and before.day < day)


def _source(name: str, place: str) -> str:
    told = name if not place or place == name else place if place.startswith(name) else f"{name}: {place}"
    return told[:MOST_SOURCE]
