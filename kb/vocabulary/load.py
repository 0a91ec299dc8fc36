"""Reading the vocabulary from its tables.

The facts and codes that councils share stand beside this file; a policy folder may bring
its own `facts.tsv`, `calculated.tsv` and `codes.tsv`, which are added to them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from kb.errors import Fault, InputError, did_you_mean
from kb.tables import Row, read_table
from kb.vocabulary.model import FACT_TYPES, KINDS, Calculated, Code, Fact, Group, Vocabulary

FACT_COLUMNS = ("name", "type", "values", "label", "true", "false", "question", "fixed", "past")
CALCULATED_COLUMNS = ("name", "type", "how", "source", "key", "field", "label", "true", "false")
CODE_COLUMNS = ("kind", "code", "label", "aliases")
GROUP_COLUMNS = ("group", "first_fact")
UNGROUPED = "Other facts"

SHARED = Path(__file__).parent
_NAME = re.compile(r"[a-z][a-z0-9_]*$")
_RANGE = re.compile(r"(\d+)\.\.(\d+)(?:\s+(.*))?$")


def load_vocabulary(*folders: Path) -> Vocabulary:
    """The shared vocabulary with what each folder adds. Errors: `InputError`, all faults."""
    facts: dict[str, Fact] = {}
    calculated: dict[str, Calculated] = {}
    codes: dict[str, dict[str, Code]] = {}
    faults: list[Fault] = []
    for folder in (SHARED, *folders):
        for row in _rows(folder / "facts.tsv", FACT_COLUMNS):
            faults += _name_faults(row, "name", facts)
            try:
                facts[row["name"]] = _fact(row)
            except InputError as error:
                faults += error.faults
        for row in _rows(folder / "calculated.tsv", CALCULATED_COLUMNS):
            faults += _name_faults(row, "name", {**facts, **calculated})
            calculated[row["name"]] = Calculated(*(row[c] for c in CALCULATED_COLUMNS))
            if row["source"] not in facts:
                faults.append(row.fault("source", f"unknown fact `{row['source']}`"))
        for row in _rows(folder / "codes.tsv", CODE_COLUMNS):
            if row["kind"] not in KINDS:
                hint = did_you_mean(row["kind"], KINDS) or "kinds: " + ", ".join(KINDS)
                faults.append(row.fault("kind", f"unknown kind `{row['kind']}`", hint))
            of_kind = codes.setdefault(row["kind"], {})
            faults += _name_faults(row, "code", of_kind)
            if not row["label"]:
                faults.append(row.fault("label", f"`{row['code']}` has no name to show", "write one"))
            of_kind[row["code"]] = Code(row["kind"], row["code"], row["label"], _split(row["aliases"]))
    starts: dict[str, str] = {}
    for folder in (SHARED, *folders):
        own = _rows(folder / "facts.tsv", FACT_COLUMNS) if folder != SHARED else []
        starts |= {own[0]["name"]: UNGROUPED} if own else {}
        for row in _rows(folder / "groups.tsv", GROUP_COLUMNS):
            if row["first_fact"] not in facts:
                hint = did_you_mean(row["first_fact"], facts)
                faults.append(row.fault("first_fact", f"unknown fact `{row['first_fact']}`", hint))
            starts[row["first_fact"]] = row["group"]
    if faults:
        raise InputError(faults)
    of_kinds = {kind: tuple(found.values()) for kind, found in codes.items()}
    return Vocabulary(facts, calculated, of_kinds, _groups(facts, starts))


def _groups(facts: Iterable[str], starts: dict[str, str]) -> tuple[Group, ...]:
    """Each group runs from its first fact to the next group's; groups stand in the order of their table."""
    found: dict[str, list[str]] = {title: [] for title in starts.values()}
    title = UNGROUPED
    for name in facts:
        title = starts.get(name, title)
        found.setdefault(title, []).append(name)
    return tuple(Group(title, tuple(names)) for title, names in found.items() if names)


def _rows(path: Path, columns: tuple[str, ...]) -> list[Row]:
    return read_table(path, columns, f"{path.parent.name}/{path.name}") if path.exists() else []


def _split(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split(";") if part.strip())


def _name_faults(row: Row, column: str, taken: Iterable[str]) -> list[Fault]:
    name = row[column]
    if not _NAME.match(name):
        return [row.fault(column, f"`{name}` is not a code", "use lower-case letters, digits and _")]
    if name in taken:
        return [row.fault(column, f"`{name}` is declared twice", "remove one of them")]
    return []


def _fact(row: Row) -> Fact:
    kind = row["type"]
    if kind not in FACT_TYPES:
        raise InputError([row.fault("type", f"unknown type `{kind}`", "types: " + ", ".join(FACT_TYPES))])
    missing = [column for column in ("label", "true", "false", "question") if not row[column]]
    if missing:
        message = f"`{row['name']}` has no English text here"
        raise InputError([row.fault(column, message, "write how it reads to a manager") for column in missing])
    values: tuple[str, ...] = ()
    fields: tuple[tuple[str, str], ...] = ()
    minimum, maximum, unit = 0, 0, ""
    if kind == "int":
        match = _RANGE.match(row["values"])
        if not match:
            raise InputError([row.fault("values", f"`{row['values']}` is not a range", "write for example `0..300 weeks`")])
        minimum, maximum, unit = int(match[1]), int(match[2]), match[3] or ""
    elif kind == "list[record]":
        parts = [part.split() for part in _split(row["values"])]
        fields = tuple((part[0], part[1]) for part in parts if len(part) == 2)
    elif kind in ("enum", "list[enum]"):
        values = _split(row["values"])
        if not values:
            raise InputError([row.fault("values", f"`{row['name']}` allows no value", "list them, parted by `;`")])
    return Fact(
        row["name"], kind, row["label"], row["true"], row["false"], row["question"],
        values, minimum, maximum, unit, fields, row["fixed"] == "yes", row["past"] == "yes",
    )  # fmt: skip
