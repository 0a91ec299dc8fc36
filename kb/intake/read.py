"""Reads cases from councils' data: Annex A, the Standard Safeguarding Dataset, the children in need census, SSDA903.

Several sources may be read together. Each is read separately; then the records of each child are put together
(`kb.intake.joining`, `kb.intake.merging`), and the facts are derived from all of them (`kb.intake.derive`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from kb.case import Case, make_case, typed_value
from kb.errors import Fault, InputError, shown
from kb.intake import asof, database, files
from kb.intake.claims import YEARLY, claimed
from kb.intake.confirmed import NOTHING_CONFIRMED, Confirmed
from kb.intake.days import to_day
from kb.intake.derive import Derived, Deriver, index_of
from kb.intake.joining import names_of, renamed, two_of_one_id
from kb.intake.layout import TEAMS, TableLayout, called, looked_up, of_source, sources
from kb.intake.left_out import table_left_out
from kb.intake.merging import Edition, merged
from kb.intake.model import LEFT_OUT, REFUSED, Count, Entry, Hint, Intake, RawTable, Record
from kb.intake.records import Gathered, gather, nothing_known
from kb.intake.teams import Settings, Teams
from kb.intake.unlikely import without_contradicted_ends, without_unlikely_days
from kb.intake.values import with_own
from kb.vocabulary.model import Vocabulary

Found = list[tuple[TableLayout | None, RawTable]]
Done = Callable[[int, int], None]
_EVERY = 256  # children between two calls of `done`
OWN = "own"  # the source with one row a child and our names of facts
_WHOLE = ("annex_a", "ssda903")  # sources that should have all their tables
_SHOWN = 8  # headings of an unrecognised table that a message names


@dataclass(frozen=True)
class Source:
    """An opened file, folder or database: its kind, tables, the day that it states for its data, and what is no table.

    `said_days`: the days that single files in it state.
    """

    name: str
    kind: str
    tables: Found
    said_day: int | None = None
    unread: tuple[Entry, ...] = ()
    said_days: Mapping[str, int] = field(default_factory=dict)


Sources = Source | Sequence[Source]


def recognise(source: str) -> str | None:
    """The kind of a source: a name from `tables.tsv`, `own` for one row a child, or None. Errors: `InputError`."""
    return _open(source, None, only_look=True).kind or None


def open_source(source: str, schema: str | None = None) -> Source:
    """The tables of a source. Errors: `InputError` if it can't be read, or is nothing that is known."""
    found = _open(source, schema)
    if not found.kind:
        hint = "give Annex A, the Standard Safeguarding Dataset, the children in need census or SSDA903"
        told = [Fault(found.name, "holds nothing that can be read", hint)]
        told += [Fault(f"{entry.file}, {entry.table}" if entry.table else entry.file, entry.why) for entry in _unknown(found)]
        raise InputError(told)
    return found


def _open(source: str, schema: str | None, only_look: bool = False) -> Source:
    if database.is_address(source):
        tables = [] if only_look else database.read_database(source, schema)
        return Source("database", database.SOURCE, tables)
    path = Path(source)
    if not path.exists():
        raise InputError([Fault(source, "there is no such file or folder", "check the path")])
    opened = files.open_path(path)
    said = asof.said_day(
        [[t.header, *(row for _, row in t.rows)] for layout, t in opened.tables if layout is None and t.is_sheet]
    )
    days = {file: day for file, text in opened.said.items() if (day := _day_in(text)) is not None}
    latest = max(days.values(), default=said)
    return Source(path.name or str(path), _kind(opened.tables), opened.tables, latest, tuple(opened.unread), days)


def _day_in(text: str) -> int | None:
    try:
        return to_day(text)
    except ValueError:
        return None


def _kind(tables: Found) -> str:
    kinds = [layout.source for layout, table in tables if layout is not None and table.header]
    kinds = [kind for kind in kinds if kind != TEAMS] or kinds
    if kinds:
        return max(sources(), key=kinds.count)
    return OWN if any("case_id" in table.header for _, table in tables) else ""


def _unknown(source: Source) -> list[Entry]:
    """What is said of everything in a source that is no table of any kind."""
    return [*source.unread, *(_entry(layout, table) for layout, table in source.tables if layout is None or not table.header)]


def _entry(layout: TableLayout | None, table: RawTable) -> Entry:
    """The entry for a table that was not read, with the reason."""
    rows = len(table.rows) + len(table.refused)
    if layout is not None:
        deciding = bool(layout.columns or looked_up(layout.source, layout.name))
        if not rows:
            return Entry(table.file, table.name, LEFT_OUT, 0, "it is empty", deciding)
        first = ", ".join(f"`{shown(str(cell)[:40])}`" for _, row in table.rows[:1] for cell in row[:_SHOWN] if cell is not None)
        told = f"no row of headings was found in its first rows{f'; the first row has {first}' if first else ''}"
        return Entry(table.file, table.name, REFUSED, rows, told, deciding)
    why = table_left_out(table.name, table.header)
    if why:
        return Entry(table.file, table.name, LEFT_OUT, rows, why)
    if not table.header:
        return Entry(
            table.file, table.name, LEFT_OUT, rows, "it is none of the tables" if rows or not table.is_sheet else "it is empty"
        )
    named = ", ".join(f"`{shown(heading.strip()[:40])}`" for heading in table.header[:_SHOWN] if heading.strip())
    return Entry(table.file, table.name, LEFT_OUT, rows, f"it is none of the tables; its headings are {named}", deciding=rows > 0)


def team_names(source: Sources) -> tuple[str, ...]:
    """All team names in some sources."""
    found: set[str] = set()
    for part in _parts(source):
        found |= gather(part.kept, with_own({})).teams
    return tuple(sorted(found))


@dataclass(frozen=True)
class _Part:
    """The tables of one kind in one source; of a return, those of one year."""

    name: str
    kind: str
    kept: list[tuple[TableLayout, RawTable]]
    unclear: list[tuple[TableLayout, RawTable]]
    entries: list[Entry]
    said_day: int | None


def _parts(given: Sources) -> list[_Part]:
    """The parts to be read separately: each kind in each source and, for returns, each year."""
    found: list[_Part] = []
    for source in [given] if isinstance(given, Source) else given:
        by_kind: dict[str, list[tuple[TableLayout, RawTable]]] = {}
        for layout, table in source.tables:
            if layout is not None and table.header:
                by_kind.setdefault(layout.source, []).append((layout, table))
        for kind, tables in by_kind.items():
            choice = claimed(tables)
            editions = _editions(choice.kept) if kind in YEARLY else [choice.kept]
            for number, kept in enumerate(editions):
                first = number == 0
                unclear, entries = (choice.unclear, choice.entries) if first else ([], [])
                file = kept[0][1].file if kept else ""
                name = source.name if len(editions) == 1 else file
                said = source.said_days.get(file, source.said_day)
                found.append(_Part(name, kind, kept, unclear, entries, said))
    return found


def _editions(tables: Sequence[tuple[TableLayout, RawTable]]) -> list[list[tuple[TableLayout, RawTable]]]:
    """The tables of returns by year: one XML file each; of files by table, the first of every table, the second, and so on."""
    found: dict[Any, list[tuple[TableLayout, RawTable]]] = {}
    passed: dict[str, int] = {}
    for layout, table in sorted(tables, key=lambda pair: pair[1].file):
        number = passed.get(layout.name, 0)
        key: Any = table.file if table.counted == "line" else number
        passed[layout.name] = number + 1
        found.setdefault(key, []).append((layout, table))
    return list(found.values()) or [[]]


def read_source(
    source: Sources,
    policy: str,
    vocabulary: Vocabulary,
    as_of: int | None = None,
    settings: Settings | None = None,
    confirmed: Confirmed = NOTHING_CONFIRMED,
    done: Done = lambda done, of: None,
) -> Intake:
    """The cases of one or more sources, for one policy. `done` is called with the number of children done, and of all.

    Errors: `InputError` if there is no day to answer for.
    """
    given = [source] if isinstance(source, Source) else list(source)
    settings = settings or Settings()
    day = as_of if as_of is not None else max((s.said_day for s in given if s.said_day is not None), default=None)
    if day is None:
        likely = asof.suggested_day([table for s in given for table in s.tables])
        hint = f"give it with --as-of{f', perhaps {likely}' if likely else ' 2024-09-03'}"
        raise InputError([Fault(given[0].name, "does not say which day it speaks for", hint)])
    parts = _parts(given)
    gathered, notes = _gathered(given, parts, day, with_own(settings.values))
    account = [entry for s in given for entry in _unknown(s)] + [entry for part in parts for entry in part.entries]
    gathered.counts += [_unread(entry) for entry in account if entry.state != "read"]
    deriver = Deriver(
        vocabulary,
        Teams(vocabulary, settings),
        day,
        index_of(gathered.children),
        gathered.children,
        frozenset(gathered.histories),
        gathered.lost,
    )
    kinds = dict.fromkeys(part.kind for part in parts if part.kind != TEAMS)
    return _cases(" and ".join(kinds), gathered, deriver, policy, notes, confirmed, account, done)


def _unread(entry: Entry) -> Count:
    reason = f"not read: {entry.why}"
    ignored = {reason: entry.rows} if entry.rows else {}
    return Count(entry.table or entry.file, entry.rows, ignored=ignored, file=entry.file)


def _gathered(given: Sequence[Source], parts: Sequence[_Part], day: int, lists: Mapping[str, Any]) -> tuple[Gathered, list[str]]:
    """The records of all parts, those of one child put together; and what is said of it."""
    whole = Gathered()
    notes: list[str] = []
    editions: list[Edition] = []
    complete: list[set[str]] = []
    latest = {kind: max(days) for kind in YEARLY if (days := [p.said_day for p in parts if p.kind == kind and p.said_day])}
    for part in parts:
        own = gather(part.kept, lists, prefix=len(parts) > 1)
        own.lost += [nothing_known(layout, table.name) for layout, table in part.unclear]
        children, of_ends = without_contradicted_ends(own.children, day)
        editions.append(Edition(part.name, part.kind, part.said_day, children))
        whole.faults += of_ends
        whole.counts += own.counts
        whole.faults += own.faults
        whole.headings += own.headings
        whole.teams |= own.teams
        whole.lost += own.lost
        complete.append(own.histories)
        notes += [str(entry) for entry in part.entries if entry.state == "read" and entry.why]
        notes += _not_there(part)
        if part.said_day is not None and part.said_day == latest.get(part.kind, part.said_day) < day and part.kind in YEARLY:
            said = date.fromordinal(part.said_day).isoformat()
            notes.append(f"{part.name} speaks for {said}: what happened between then and the day of the answer is not in it")
    for source in given:
        whole.lost += [nothing_known(layout, t.name) for layout, t in source.tables if layout and t.rows and not t.header]
        whole.lost += [nothing_known(layout, entry.file) for entry in source.unread for layout in _meant(source, entry)]
    every: dict[str, list[Record]] = {}
    for edition in editions:
        for child, records in edition.children.items():
            every.setdefault(child, []).extend(records)
    name_of, of_ids, said_of_ids = names_of(every)
    editions = [replace(edition, children=renamed(edition.children, name_of)) for edition in editions]
    together, of_events = merged(editions, day)
    apart, of_two = two_of_one_id(together)
    whole.children, of_days = without_unlikely_days(apart, day)
    whole.histories = set().union(*complete)
    whole.faults += [*of_two, *of_events, *of_ids, *of_days]
    return whole, [*notes, *said_of_ids]


def _meant(source: Source, entry: Entry) -> list[TableLayout]:
    """The tables that a file that was not read may have, by its name."""
    return [layout for layout in called(Path(entry.file).stem) if layout.source == source.kind] if entry.deciding else []


def _not_there(part: _Part) -> list[str]:
    """Messages on tables that a source lacks. Not for databases and XML, where a table without rows may be absent."""
    if part.kind not in _WHOLE or any(table.counted == "line" for _, table in part.kept):
        return []
    there = {layout.name for layout, _ in (*part.kept, *part.unclear)}
    missing = [layout.name for layout in of_source(part.kind) if layout.columns and layout.name not in there]
    return [f"{part.name} has no {', '.join(missing)}: what they would say is not known"] if missing else []


def _cases(
    kind: str,
    gathered: Gathered,
    deriver: Deriver,
    policy: str,
    notes: Sequence[str],
    confirmed: Confirmed,
    account: Sequence[Entry],
    done: Done,
) -> Intake:
    cases: list[Case] = []
    origins: dict[str, dict[str, str]] = {}
    faults = [*gathered.faults, *confirmed.of_nobody(list(gathered.children))]
    answered = confirmed.kept(list(gathered.children))
    left_open = 0
    hints: list[Hint] = []
    unknown_teams: dict[str, int] = {}
    for number, child in enumerate(gathered.children):
        if number % _EVERY == 0:
            done(number, len(gathered.children))
        derived = deriver.derive(child)
        answered += confirmed.add_to(child, derived, deriver.vocabulary)
        faults += derived.faults
        left_open += derived.left_open
        for name in derived.unknown_teams:
            unknown_teams[name] = unknown_teams.get(name, 0) + 1
        hints += [Hint(child, fact, value, where, why) for fact, (value, where, why) in derived.hints.items()]
        case, own = _case(child, derived, deriver, policy)
        faults += own
        cases.append(case)
        origins[child] = {fact: where for fact, where in derived.sources.items() if fact in case.facts}
    if left_open:
        rows = counted(len(gathered.lost), "row or table", "rows or tables")
        children = counted(left_open, "child", "children")
        told = f"{rows} of which nobody can tell whose they are: this leaves facts open for {children}"
        hint = "write the ids, or take the rows out; each is told by its place"
        faults.insert(0, Fault("rows without a child", told, hint))
    return Intake(
        kind,
        deriver.as_of,
        tuple(cases),
        origins,
        tuple(faults),
        tuple(gathered.counts),
        tuple(hints),
        tuple(gathered.headings),
        unknown_teams,
        tuple(notes),
        tuple(account),
        tuple(answered),
    )


def counted(number: int, one: str, several: str) -> str:
    """A number with its noun, as `1 row` or `2 rows`."""
    return f"{number:,} {one if number == 1 else several}"


def _longest(facts: Mapping[str, Any]) -> set[str]:
    """The fact with the most days, where the record as a whole has more than a case can hold."""
    several = {name: len(value) for name, value in facts.items() if isinstance(value, list) and len(value) > 1}
    return {max(several, key=lambda name: several[name])} if several else set()


def _left_out(child: str, name: str, days: Sequence[Any]) -> Fault:
    told = f"its {len(days):,} days were left out"
    return Fault(f"child {child}: {name}", told, "with them the record has more than a case can hold")


def _with_sisters(child: str, refused: Sequence[str], derived: Derived, facts: dict[str, Any]) -> list[Fault]:
    """Removes the facts derived from the same cells as a refused fact, and reports this."""
    told: list[Fault] = []
    for name in refused:
        for sister in derived.sisters(name):
            if facts.pop(sister, None) is not None:
                told.append(Fault(f"child {child}: {sister}", f"it was left out, as it follows from the same cell as `{name}`"))
    return told


def _case(child: str, derived: Derived, deriver: Deriver, policy: str) -> tuple[Case, list[Fault]]:
    """The case of a child. Values that a case can't have are reported and left out; the child is kept."""
    facts: dict[str, Any] = {}
    faults: list[Fault] = []
    refused: list[str] = []
    for name, value in derived.facts.items():
        try:
            typed_value(deriver.vocabulary.facts[name], value, deriver.vocabulary)
            facts[name] = value
        except ValueError as error:
            faults.append(Fault(f"child {child}: {name}", str(error), f"it comes from {derived.sources[name]}"))
            refused.append(name)
    faults += _with_sisters(child, refused, derived, facts)
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
            faults += _with_sisters(child, sorted(named_facts), derived, facts)
            document = {**document, "facts": facts}
