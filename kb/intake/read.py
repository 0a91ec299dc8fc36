"""One source in, cases out: the Annex A workbook, or the Standard Safeguarding Dataset."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from kb.case import Case, make_case, typed_value
from kb.errors import Fault, InputError
from kb.intake import asof, database, delimited, sheets
from kb.intake.confirmed import NOTHING_CONFIRMED, Confirmed
from kb.intake.derive import Derived, Deriver, index_of
from kb.intake.layout import TableLayout, by_headings, named, sources
from kb.intake.model import Count, Hint, Intake, RawTable
from kb.intake.records import Gathered, gather
from kb.intake.teams import Settings, Teams
from kb.intake.values import with_own
from kb.vocabulary.model import Vocabulary

Found = list[tuple[TableLayout | None, RawTable]]
OWN = "own"  # one row a child, with our names of facts


@dataclass(frozen=True)
class Source:
    """What a file, folder or database holds: its kind, its tables, and the day it says it speaks for."""

    name: str
    kind: str
    tables: Found
    said_day: int | None = None


def recognise(source: str) -> str | None:
    """The kind of a source: a name from `tables.tsv`, `own` for one row a child, or None. Errors: `InputError`."""
    return _open(source, None, only_look=True).kind or None


def open_source(source: str, schema: str | None = None) -> Source:
    """The tables of a source. Errors: `InputError` if it can't be read, or is nothing that is known."""
    found = _open(source, schema)
    if not found.kind:
        hint = "an Annex A workbook, a folder of the Standard Safeguarding Dataset, or its database"
        raise InputError([Fault(found.name, "holds nothing that can be read", f"give {hint}")])
    return found


def _open(source: str, schema: str | None, only_look: bool = False) -> Source:
    if database.is_address(source):
        tables = [] if only_look else database.read_database(source, schema)
        return Source("database", database.SOURCE, tables)
    path = Path(source)
    if not path.exists():
        raise InputError([Fault(source, "there is no such file or folder", "check the path")])
    said = None
    if path.is_dir():
        tables = _folder(path)
    elif path.suffix.lower() in sheets.SUFFIXES:
        tables = sheets.read_workbook(path)
        said = asof.said_day([[t.header, *(row for _, row in t.rows)] for layout, t in tables if layout is None])
    elif path.suffix.lower() in delimited.SUFFIXES:
        tables = [_with_layout(delimited.read_file(path))]
    elif path.suffix.lower() == ".xls":
        raise InputError([Fault(path.name, "is a workbook of the old kind", "save it in Excel as .xlsx")])
    else:
        return Source(path.name, "", [])
    return Source(path.name, _kind(tables), tables, said)


def _folder(path: Path) -> Found:
    """The tables in a folder; of a table that is there twice, the first by name."""
    files = sorted(p for p in path.iterdir() if p.suffix.lower() in delimited.SUFFIXES)
    books = sorted(p for p in path.iterdir() if p.suffix.lower() in sheets.SUFFIXES and not p.name.startswith("~$"))
    if not files and len(books) == 1:
        return sheets.read_workbook(books[0])
    return [_with_layout(delimited.read_file(file)) for file in files if named(file.stem) or len(files) == 1]


def _with_layout(table: RawTable) -> tuple[TableLayout | None, RawTable]:
    return named(table.name, table.header) or by_headings(table.header), table


def _kind(tables: Found) -> str:
    kinds = [layout.source for layout, _ in tables if layout is not None]
    if kinds:
        return max(sources(), key=kinds.count)
    return OWN if any("case_id" in table.header for _, table in tables) else ""


def team_names(source: Source) -> tuple[str, ...]:
    """Every name of a team in a source."""
    return tuple(sorted(gather(_of_kind(source)[0], with_own({})).teams))


def read_source(
    source: Source,
    policy: str,
    vocabulary: Vocabulary,
    as_of: int | None = None,
    settings: Settings | None = None,
    confirmed: Confirmed = NOTHING_CONFIRMED,
) -> Intake:
    """The cases of a source, for one policy. Errors: `InputError` if there is no day to answer for."""
    settings = settings or Settings()
    day = as_of if as_of is not None else source.said_day
    if day is None:
        likely = asof.suggested_day(source.tables)
        hint = f"give it with --as-of{f', perhaps {likely}' if likely else ' 2024-09-03'}"
        raise InputError([Fault(source.name, "does not say which day it speaks for", hint)])
    tables, notes, unread = _of_kind(source)
    gathered = gather(tables, with_own(settings.values))
    gathered.counts += unread
    deriver = Deriver(
        vocabulary,
        Teams(vocabulary, settings),
        day,
        index_of(gathered.children),
        gathered.children,
        frozenset(gathered.histories),
    )
    return _cases(source, gathered, deriver, policy, notes, confirmed)


def _of_kind(source: Source) -> tuple[list[tuple[TableLayout, RawTable]], list[str], list[Count]]:
    """The tables that belong to the source's kind; what is said, and counted, of the others."""
    kept: list[tuple[TableLayout, RawTable]] = []
    notes: list[str] = []
    counts: list[Count] = []
    for layout, table in source.tables:
        first = next((t.name for other, t in kept if other is layout), "")
        if layout is not None and layout.source == source.kind and table.header and not first:
            kept.append((layout, table))
            if layout.name != table.name:
                notes.append(f"{table.name} was read as {layout.name}")
            continue
        rows = len(table.rows) + len(table.refused)
        if not table.header:
            why = "no row of headings was found" if layout else "it is none of the tables"
        else:
            why = f"{layout.name} was read from {first} already" if first and layout else "it is none of the tables"
        counts.append(Count(table.name, rows, ignored={f"sheet not read: {why}": rows} if rows else {}))
        notes.append(f"{table.name} was not read: {why}")
    return kept, notes, counts


def _cases(
    source: Source, gathered: Gathered, deriver: Deriver, policy: str, notes: Sequence[str], confirmed: Confirmed
) -> Intake:
    cases: list[Case] = []
    origins: dict[str, dict[str, str]] = {}
    faults = [*gathered.faults, *confirmed.of_nobody(list(gathered.children))]
    hints: list[Hint] = []
    unknown_teams: dict[str, int] = {}
    for child in gathered.children:
        derived = deriver.derive(child)
        confirmed.add_to(child, derived, deriver.vocabulary)
        faults += derived.faults
        for name in derived.unknown_teams:
            unknown_teams[name] = unknown_teams.get(name, 0) + 1
        hints += [Hint(child, fact, value, where, why) for fact, (value, where, why) in derived.hints.items()]
        case, own = _case(child, derived, deriver, policy)
        faults += own
        cases.append(case)
        origins[child] = {fact: where for fact, where in derived.sources.items() if fact in case.facts}
    return Intake(
        source.kind,
        deriver.as_of,
        tuple(cases),
        origins,
        tuple(faults),
        tuple(gathered.counts),
        tuple(hints),
        tuple(gathered.headings),
        unknown_teams,
        tuple(notes),
    )


def _longest(facts: Mapping[str, Any]) -> set[str]:
    """The fact with the most days, where the record as a whole has more than a case can hold."""
    several = {name: len(value) for name, value in facts.items() if isinstance(value, list) and len(value) > 1}
    return {max(several, key=lambda name: several[name])} if several else set()


def _left_out(child: str, name: str, days: Sequence[Any]) -> Fault:
    told = f"its {len(days):,} days were left out"
    return Fault(f"child {child}: {name}", told, "with them the record has more than a case can hold")


def _case(child: str, derived: Derived, deriver: Deriver, policy: str) -> tuple[Case, list[Fault]]:
    """The case of a child. A value that a case can't hold is told and left out, never the child."""
    facts: dict[str, Any] = {}
    faults: list[Fault] = []
    for name, value in derived.facts.items():
        try:
            typed_value(deriver.vocabulary.facts[name], value, deriver.vocabulary)
            facts[name] = value
        except ValueError as error:
            faults.append(Fault(f"child {child}: {name}", str(error), f"it comes from {derived.sources[name]}"))
    as_of = date.fromordinal(deriver.as_of).isoformat()
    document = {"case_id": child, "policy": policy, "as_of": as_of, "facts": facts}
    while True:
        try:
            return make_case(document, deriver.vocabulary, f"child {child}"), faults
        except InputError as error:
            named_facts = {name for name in facts for fault in error.faults if fault.where.endswith(f"facts.{name}")}
            faults += error.faults
            if not named_facts:
                named_facts = _longest(facts)
                faults += [_left_out(child, name, facts[name]) for name in named_facts]
            if not named_facts:
                raise
            facts = {name: value for name, value in facts.items() if name not in named_facts}
            document = {**document, "facts": facts}
