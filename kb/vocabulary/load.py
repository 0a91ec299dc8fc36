"""Loads the vocabulary from its tables.

The shared tables are in this folder; a policy folder may add its own `facts.tsv`, `calculated.tsv` and `codes.tsv`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from kb.errors import Fault, InputError, did_you_mean, shown
from kb.tables import Row, read_table
from kb.vocabulary.apart import name_faults, reserved_faults, twofold_faults
from kb.vocabulary.extended import faults_of_row, with_values_of
from kb.vocabulary.lookup import lookup_tables
from kb.vocabulary.model import (
    EPISODE_PARTS,
    FACT_TYPES,
    HAPPENS,
    KINDS,
    SPELL_PARTS,
    STEP,
    TIMES,
    WITH_VALUES,
    Calculated,
    Code,
    Fact,
    Group,
    Shown,
    Tally,
    Vocabulary,
)
from kb.vocabulary.naming import fact_hint
from kb.vocabulary.tallies import WAYS, is_tally, tally_faults, tally_of

FACT_COLUMNS = ("name", "type", "values", "label", "true", "false", "question", "fixed", "past")
TIME_COLUMNS = ("time", "spell", "episode", "after", "born")
CALCULATED_COLUMNS = ("name", "type", "how", "source", "key", "field", "label", "true", "false")
MAY_BE_LEFT_OUT = ("fixed", "past", *TIME_COLUMNS, "aliases")
HOWS = tuple(dict.fromkeys(("latest", "any", "some", *WAYS)))
CODE_COLUMNS = ("kind", "code", "label", "aliases")
GROUP_COLUMNS = ("group", "first_fact")
SHOWN_COLUMNS = ("fact", "shows", "value")
UNGROUPED = "Other facts"

SHARED = Path(__file__).parent
_NAME = re.compile(r"[a-z][a-z0-9_]*$")
_CODES = "use lower-case letters, digits and _"
VALUE = "{Value}"  # the placeholder of sentences about values
_PLACEHOLDER = re.compile(r"\{[^{}]*\}")
_RANGE = re.compile(r"([0-9]{1,4})\.\.([0-9]{1,4})(?:\s+(.*))?$")
MAX_NUMBER = 1_000  # largest number in a case; as many years added to a date are still in the calendar


def load_vocabulary(*folders: Path) -> Vocabulary:
    """The shared vocabulary with the additions of each folder. Errors: `InputError` with all faults."""
    facts: dict[str, Fact] = {}
    calculated: dict[str, Calculated] = {}
    tallies: dict[str, Tally] = {}
    faults: list[Fault] = []
    codes = _codes(folders, faults)
    _check_columns(folders, faults)
    shared: dict[str, Fact] = {}
    for folder in (SHARED, *folders):
        own = [row for row in _fact_rows(folder) if row["name"] not in shared]
        for row in (row for row in _fact_rows(folder) if row["name"] in shared):
            fact = facts[row["name"]]
            faults += [*faults_of_row(row, fact)] if fact == shared[fact.name] else _name_faults(row, "name", facts)
            facts[fact.name] = with_values_of(row, fact)
        for row in own:
            faults += _name_faults(row, "name", facts)
            try:
                facts[row["name"]] = _fact(row)
            except InputError as error:
                faults += error.faults
        for row in _rows(folder / "calculated.tsv", CALCULATED_COLUMNS):
            faults += [*_name_faults(row, "name", {**facts, **calculated}, shared), *_calculated_faults(row, facts)]
            if is_tally(row) and row["source"] in facts:
                facts[row["name"]], tallies[row["name"]] = tally_of(row, facts[row["source"]])
            else:
                calculated[row["name"]] = Calculated(*(row[c] for c in CALCULATED_COLUMNS))
        for row in own:
            faults += _time_faults(row, facts, own=folder != SHARED)
        faults += _spell_faults(own, facts)
        shared = shared or dict(facts)
    shown: list[Shown] = []
    for folder in (SHARED, *folders):
        for row in _rows(folder / "shown_by.tsv", SHOWN_COLUMNS):
            faults += [
                row.fault(c, f"unknown fact `{row[c]}`", fact_hint(row[c], facts))
                for c in SHOWN_COLUMNS[:2]
                if row[c] not in facts
            ]
            shown.append(Shown(*(row[c] for c in SHOWN_COLUMNS)))
    starts: dict[str, str] = {}
    for folder in (SHARED, *folders):
        own = [row for row in _fact_rows(folder) if row["name"] not in shared] if folder != SHARED else []
        starts |= {own[0]["name"]: UNGROUPED} if own else {}
        for row in _rows(folder / "groups.tsv", GROUP_COLUMNS):
            if row["first_fact"] not in facts:
                hint = fact_hint(row["first_fact"], facts)
                faults.append(row.fault("first_fact", f"unknown fact `{row['first_fact']}`", hint))
            starts[row["first_fact"]] = row["group"]
    if faults:
        raise InputError(faults)
    of_kinds = {kind: tuple(found.values()) for kind, found in codes.items()}
    offered = [name for name, fact in facts.items() if fact.time != STEP]
    found = Vocabulary(facts, calculated, of_kinds, _groups(offered, starts), tuple(shown), (), tallies)
    return replace(found, tables=tuple(table for folder in folders for table in lookup_tables(folder, found)))


def _codes(folders: Iterable[Path], faults: list[Fault]) -> dict[str, dict[str, Code]]:
    """The shared codes and those of each folder, by kind and code. Adds faults to `faults`."""
    shared = _rows(SHARED / "codes.tsv", CODE_COLUMNS)
    own = [row for folder in folders for row in _rows(folder / "codes.tsv", CODE_COLUMNS)]
    codes: dict[str, dict[str, Code]] = {}
    for row in (*shared, *own):
        if row["kind"] not in KINDS:
            hint = did_you_mean(row["kind"], KINDS) or "kinds: " + ", ".join(KINDS)
            faults.append(row.fault("kind", f"unknown kind `{row['kind']}`", hint))
        of_kind = codes.setdefault(row["kind"], {})
        faults += _name_faults(row, "code", of_kind)
        if not row["label"]:
            faults.append(row.fault("label", f"`{row['code']}` has no name to show", "write one"))
        of_kind[row["code"]] = Code(row["kind"], row["code"], row["label"], _split(row["aliases"]))
    faults += [*reserved_faults(own), *twofold_faults(shared, own), *name_faults(shared, own)]
    return codes


def _check_columns(folders: Iterable[Path], faults: Iterable[Fault]) -> None:
    """Refuses tables of facts with missing columns, together with the faults found so far. Errors: `InputError`."""
    for folder in folders:
        try:
            _fact_rows(folder)
        except InputError as error:
            raise InputError([*faults, *error.faults]) from None


def _groups(facts: Iterable[str], starts: dict[str, str]) -> tuple[Group, ...]:
    """The groups, in the order of their table. Each runs from its first fact (`starts`) to that of the next group."""
    found: dict[str, list[str]] = {title: [] for title in starts.values()}
    title = UNGROUPED
    for name in facts:
        title = starts.get(name, title)
        found.setdefault(title, []).append(name)
    return tuple(Group(title, tuple(names)) for title, names in found.items() if names)


def _rows(path: Path, columns: tuple[str, ...]) -> list[Row]:
    needed = tuple(column for column in columns if column not in MAY_BE_LEFT_OUT)
    optional = tuple(column for column in columns if column in MAY_BE_LEFT_OUT)
    return read_table(path, needed, f"{path.parent.name}/{path.name}", optional) if path.exists() else []


def _fact_rows(folder: Path) -> list[Row]:
    return _rows(folder / "facts.tsv", (*FACT_COLUMNS, *TIME_COLUMNS))


def _split(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split(";") if part.strip())


def _calculated_faults(row: Row, facts: dict[str, Fact]) -> list[Fault]:
    """What is wrong with a row of calculated.tsv."""
    faults = _text_faults(row)
    if row["how"] not in HOWS:
        hint = did_you_mean(row["how"], HOWS) or "ways: " + ", ".join(HOWS)
        faults.append(row.fault("how", f"unknown way `{shown(row['how'])}` of working something out", hint))
    if row["source"] not in facts:
        faults.append(row.fault("source", f"unknown fact `{shown(row['source'])}`", fact_hint(row["source"], facts)))
    elif is_tally(row):
        faults += tally_faults(row, facts)
    return faults


def _name_faults(row: Row, column: str, taken: Iterable[str], shared: Collection[str] = ()) -> list[Fault]:
    """What is wrong with a name. `taken`: names that are declared already; `shared`: those of the shared facts."""
    name = row[column]
    if not _NAME.match(name):
        return [row.fault(column, f"`{shown(name)}` is not a code", f"{_CODES}{_as_a_code(name)}")]
    if name in shared:
        return [row.fault(column, f"`{name}` is a shared fact already", "give this row another name")]
    if name in taken:
        return [row.fault(column, f"`{name}` is declared twice", "remove one of them")]
    return []


def _as_a_code(name: str) -> str:
    """How a name is written as a code, after a colon; empty if that is none either."""
    code = re.sub(r"[^a-z0-9]+", "_", name.casefold()).strip("_")
    return f": `{shown(code)}`" if _NAME.match(code) else ""


def _fact(row: Row) -> Fact:
    kind = row["type"]
    if kind not in FACT_TYPES:
        hint = did_you_mean(kind, FACT_TYPES) or "types: " + ", ".join(FACT_TYPES)
        raise InputError([row.fault("type", f"unknown type `{shown(kind)}`", hint)])
    missing = [column for column in ("label", "true", "false", "question") if not row[column]]
    if missing:
        message = f"`{row['name']}` has no English text here"
        raise InputError([row.fault(column, message, "write how it reads to a manager") for column in missing])
    if faults := _text_faults(row):
        raise InputError(faults)
    values: tuple[str, ...] = ()
    fields: tuple[tuple[str, str], ...] = ()
    minimum, maximum, unit = 0, 0, ""
    if kind == "int":
        match = _RANGE.match(row["values"])
        if not match or not int(match[1]) <= int(match[2]) <= MAX_NUMBER:
            hint = f"write for example `0..300 weeks`; numbers go up to {MAX_NUMBER:,}"
            raise InputError([row.fault("values", f"`{shown(row['values'])}` is not a range", hint)])
        minimum, maximum, unit = int(match[1]), int(match[2]), match[3] or ""
    elif kind == "list[record]":
        parts = [part.split() for part in _split(row["values"])]
        fields = tuple((part[0], part[1]) for part in parts if len(part) == 2)
    elif kind in ("enum", "list[enum]"):
        values = _split(row["values"])
        if faults := _value_faults(row, values):
            raise InputError(faults)
    return Fact(
        row["name"], kind, row["label"], row["true"], row["false"], row["question"],
        values, minimum, maximum, unit, fields, row["fixed"] == "yes", row["past"] == "yes", *_in_time(row),
    )  # fmt: skip


def _value_faults(row: Row, values: Sequence[str]) -> list[Fault]:
    """What is wrong with the values that a fact may have."""
    if not values:
        return [row.fault("values", f"`{row['name']}` allows no value", "list them, parted by `;`")]
    if any("," in value for value in values):
        return [row.fault("values", "the values are parted by commas, expected semicolons", "write `;` between them")]
    wrong = [value for value in values if not _NAME.match(value)]
    faults = [row.fault("values", f"`{shown(value)}` is not a code", f"{_CODES}{_as_a_code(value)}") for value in wrong]
    repeated = [value for value in dict.fromkeys(values) if values.count(value) > 1]
    return [*faults, *(row.fault("values", f"`{shown(value)}` is there twice", "keep one of them") for value in repeated)]


def _text_faults(row: Row) -> list[Fault]:
    """Placeholders in the texts of a row that stand for nothing; managers would read them as they are."""
    known = (VALUE, "{Key}") if row.cells.get("key") else (VALUE,)
    hint = f"write {' or '.join(f'`{name}`' for name in known)} where the value belongs"
    return [
        row.fault(column, f"unknown placeholder `{shown(found)}`", hint)
        for column in ("label", "true", "false", "question")
        for found in _PLACEHOLDER.findall(row.cells.get(column, ""))
        if found not in known
    ]


def _in_time(row: Row) -> tuple[str, str, str, str, tuple[str, ...], str, tuple[str, ...], bool, bool]:
    """The fields on time: `time`, `of`, `spell`, `part`, `begins`, `episode`, `after`, `after_birth`, `birth`.

    If nothing is said of it, an event happens on its day, and anything else is a state.
    """
    time, _, of = (row["time"] or ("event" if row["type"] == "event" else "state")).partition(" of ")
    part, _, spell = row["spell"].partition(" ")
    spell, _, begins = spell.partition(" if ")
    born = row["born"]
    return time, of, spell, part, _split(begins), row["episode"], _split(row["after"]), born == "yes", born == "day"


def _time_faults(row: Row, facts: dict[str, Fact], own: bool) -> list[Fault]:
    """Faults in the columns on time. `facts`: all facts, for the names of others. `own`: it is a policy's own fact."""
    time, of, spell, part, begins, episode, after, *_ = _in_time(row)
    times = tuple(known for known in TIMES if known != STEP or not own)
    if time not in times:
        return [row.fault("time", f"unknown time `{time}`", did_you_mean(time, times) or "times: " + ", ".join(times))]
    faults = [*_type_faults(row, time, own), *_part_faults(row, time, spell, part, begins, episode)]
    if time == "outcome" and not of:
        faults.append(row.fault("time", f"`{row['time']}` does not name an event", "write `outcome of` and the name of an event"))
    if of and time not in ("outcome", "gate"):
        faults.append(row.fault("time", f"`{time}` belongs to no other fact", f"write `{time}`, without `of {of}`"))
    for column, names in (("time", (of,) if of else ()), ("after", after)):
        for name in names:
            if name not in facts:
                faults.append(row.fault(column, f"unknown fact `{name}`", fact_hint(name, facts)))
            elif name == row["name"]:
                faults.append(row.fault(column, f"`{name}` names itself", "name another event, or leave it out"))
            elif not facts[name].recurs:
                faults.append(row.fault(column, f"`{name}` is not an event", "name a fact that happens on a day"))
    if after and time not in HAPPENS:
        faults.append(row.fault("after", f"`{row['name']}` happens on no day", "leave it empty; only events come after others"))
    if row["born"] == "day" and (row["type"] != "date" or own):
        faults.append(row.fault("born", "`day` is for the date of birth", "write `yes`, or leave it empty"))
    elif row["born"] not in ("", "yes", "day"):
        faults.append(row.fault("born", f"`{row['born']}` is not `yes`", "write `yes`, or leave it empty"))
    return faults


def _type_faults(row: Row, time: str, own: bool) -> list[Fault]:
    """Faults if a fact's type does not fit its column `time`."""
    kind = row["type"]
    if kind not in FACT_TYPES:
        return []  # is told already
    if kind == "event" and time not in HAPPENS:
        return [row.fault("time", f"`{row['name']}` is an event, but its time is `{time}`", "write `event` (or `agreement`)")]
    if kind not in ("event", "date") and time in HAPPENS:
        return [row.fault("time", f"a fact of type {kind} happens on no day", "give it the type event or date, or another time")]
    if kind != "date" and time == "booking":
        return [row.fault("time", f"a booking is a date, but the type is {kind}", "give it the type date, or another time")]
    return []


def _part_faults(row: Row, time: str, spell: str, part: str, begins: tuple[str, ...], episode: str) -> list[Fault]:
    """Faults in a fact's part in a spell or an episode."""
    faults: list[Fault] = []
    if (part or spell) and (part not in SPELL_PARTS or not spell):
        hint = "write `starts`, `in`, `during` or `ends` and the name of the spell, such as `starts care`"
        faults.append(row.fault("spell", f"`{row['spell']}` is no part of a spell", hint))
    elif begins:
        faults += _begins_faults(row, time, spell, part, begins)
    elif part in ("starts", "ends") and time not in HAPPENS:
        faults.append(
            row.fault("spell", f"`{row['name']}` happens on no day, so a spell can't {part[:-1]} with it", "name an event")
        )
    elif part == "during" and (row["type"], time) != ("bool", "state"):
        faults.append(row.fault("spell", f"`{row['name']}` is no state", "`during` is for a fact of type bool and time state"))
    if episode and episode not in EPISODE_PARTS:
        hint = did_you_mean(episode, EPISODE_PARTS) or "parts: " + ", ".join(EPISODE_PARTS)
        faults.append(row.fault("episode", f"unknown part `{episode}`", hint))
    elif episode and time not in HAPPENS:
        faults.append(
            row.fault("episode", f"`{row['name']}` happens on no day", "only an event opens, confirms or ends an episode")
        )
    return faults


def _begins_faults(row: Row, time: str, spell: str, part: str, begins: tuple[str, ...]) -> Iterator[Fault]:
    """Faults in `starts SPELL if VALUES`."""
    if part != "starts" or time != "outcome" or row["type"] not in WITH_VALUES:
        hint = f"write `starts {spell}`; `if` is for an outcome of type enum or list[enum]"
        yield row.fault("spell", f"`{row['name']}` starts no spell with some of its values", hint)
        return
    values = _split(row["values"])
    for value in begins:
        if value not in values:
            hint = did_you_mean(value, values) or f"values: {', '.join(values)}"
            yield row.fault("spell", f"`{row['name']}` has no value `{shown(value)}`", hint)


def _spell_faults(rows: Iterable[Row], facts: dict[str, Fact]) -> list[Fault]:
    """Faults for spells without an event that starts them."""
    started = {fact.spell for fact in facts.values() if fact.part == "starts"}
    return [
        row.fault(
            "spell",
            f"nothing starts a spell `{spell}`",
            did_you_mean(spell, started) or f"some event has to say `starts {spell}`",
        )
        for row in rows
        for spell in [_in_time(row)[2]]
        if spell and spell not in started
    ]
