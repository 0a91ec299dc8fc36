"""A policy: its vocabulary, register of clauses, readings and rules, loaded and checked.

A policy is a folder. The rules of the house (`kb/house`), which say who holds a child and
which move is told first, are loaded with every policy.
"""

from __future__ import annotations

import hashlib
import os
import tomllib
from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from kb.errors import Fault, InputError, did_you_mean
from kb.language.model import ClauseMark, Predicate, Rule, RuleFile
from kb.tables import Row, read_table
from kb.vocabulary.load import load_vocabulary
from kb.vocabulary.model import Vocabulary

HOUSE = Path(__file__).parent / "house"
POLICIES = Path(__file__).parent / "policies"
TEMPLATE = POLICIES / "template"

CLAUSE_COLUMNS = ("id", "lines", "kind", "force", "paraphrase", "out_of_scope", "note")
READING_COLUMNS = ("name", "default", "alternatives", "clauses", "why")
MAX_LINE = 100_000  # no policy document is longer
FORCES = ("must", "should", "may", "usually", "none")

Setting = str | int


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause of a register, in our words. `house` marks a rule of the contract."""

    id: str
    lines: tuple[int, ...]
    kind: str
    force: str
    paraphrase: str
    out_of_scope: str = ""
    note: str = ""
    house: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """A named switch for what a text leaves open."""

    name: str
    default: Setting
    alternatives: tuple[str, ...]
    clauses: str
    why: str

    def accepts(self, setting: Setting) -> bool:
        if isinstance(setting, int):
            bounds = [a.split("..") for a in self.alternatives if ".." in a]
            return any(int(low) <= setting <= int(high) for low, high in bounds)
        return setting == self.default or setting in self.alternatives


@dataclass(frozen=True)
class Policy:
    """A council's policy as data. `version` is what the document says of itself."""

    code: str
    name: str
    document: str
    version: str
    vocabulary: Vocabulary
    clauses: dict[str, Clause]
    readings: dict[str, Reading]
    settings: dict[str, Setting]
    predicates: dict[str, Predicate]
    rules: tuple[Rule, ...]
    marks: tuple[ClauseMark, ...]
    fingerprints: dict[int, str]
    own_facts: tuple[str, ...]
    digest: str

    @cached_property
    def exceptions(self) -> dict[str, tuple[str, ...]]:
        """For each clause, the clauses that are exceptions to it."""
        found: dict[str, list[str]] = {}
        for mark in self.marks:
            for general in mark.exception_to:
                if mark.clause not in found.setdefault(general, []):
                    found[general].append(mark.clause)
        return {general: tuple(narrow) for general, narrow in found.items()}

    def with_settings(self, changes: dict[str, str]) -> Policy:
        """The same policy under other readings. Errors: `InputError` for an unknown one."""
        settings = dict(self.settings)
        faults: list[Fault] = []
        for name, raw in changes.items():
            reading = self.readings.get(name)
            if reading is None:
                faults.append(Fault(f"reading {name}", f"unknown reading `{name}`", did_you_mean(name, self.readings)))
                continue
            setting = _setting(raw)
            if not reading.accepts(setting):
                allowed = ", ".join([str(reading.default), *reading.alternatives])
                faults.append(Fault(f"reading {name}", f"`{raw}` is not a setting of `{name}`", f"settings: {allowed}"))
            settings[name] = setting
        if faults:
            raise InputError(faults)
        return replace(self, settings=settings)


def installed() -> dict[str, Path]:
    """The folders of the policies there are, by code.

    They come with the program, or stand in the folder that WHICHTEAM_POLICIES names.
    """
    own = os.environ.get("WHICHTEAM_POLICIES")
    homes = [POLICIES, Path(own)] if own else [POLICIES]
    found = {p.parent.name: p.parent for home in homes for p in sorted(home.glob("*/policy.toml"))}
    return {code: folder for code, folder in found.items() if folder != TEMPLATE}


def find_policy(name: str) -> Path:
    """The folder of a policy, by code or by the path of its folder. Errors: `InputError`."""
    known = installed()
    if name in known:
        return known[name]
    path = Path(name)
    if (path / "policy.toml").is_file():
        return path
    hint = did_you_mean(name, known) or "policies: " + ", ".join(known)
    raise InputError([Fault("policy", f"there is no policy `{name}`", hint)])


def load_policy(folder: Path) -> Policy:
    """A policy from its folder, not yet checked. Errors: `InputError`, all faults found."""
    from kb.language.parser import read_rules  # the parser is heavy, and a kept program needs none

    faults: list[Fault] = []
    about = _about(folder / "policy.toml")
    vocabulary = load_vocabulary(folder)
    shared_facts = load_vocabulary().facts
    house_clauses = _clauses(HOUSE, faults, True)
    own_clauses = _clauses(folder, faults, False, house_clauses)
    clauses = {**house_clauses, **own_clauses}
    readings = {**_readings(HOUSE), **_readings(folder)}
    files: list[RuleFile] = []
    for path in [*sorted(HOUSE.glob("*.dl")), *sorted(folder.glob("*.dl"))]:
        try:
            files.append(read_rules(path, f"{path.parent.name}/{path.name}"))
        except InputError as error:
            faults += error.faults
    if faults:
        raise InputError(faults)
    predicates: dict[str, Predicate] = {}
    for predicate in (p for file in files for p in file.predicates):
        if predicate.name in predicates:
            message = f"`{predicate.name}` is declared twice"
            hint = f"first at {predicates[predicate.name].position}"
            faults.append(Fault(str(predicate.position), message, hint))
        predicates.setdefault(predicate.name, predicate)
    if faults:
        raise InputError(faults)
    policy = Policy(
        code=folder.resolve().name,
        name=about["name"],
        document=about["document"],
        version=about["version"],
        vocabulary=vocabulary,
        clauses=clauses,
        readings=readings,
        settings={name: reading.default for name, reading in readings.items()},
        predicates=predicates,
        rules=tuple(rule for file in files for rule in file.rules),
        marks=tuple(mark for file in files for mark in file.marks),
        fingerprints=_fingerprints(folder / "fingerprints.tsv"),
        own_facts=tuple(name for name in vocabulary.facts if name not in shared_facts),
        digest=digest(folder),
    )
    return policy.with_settings({k: str(v) for k, v in about.get("readings", {}).items()})


def _about(path: Path) -> dict[str, Any]:
    name = f"{path.parent.name}/{path.name}"
    try:
        about = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError([Fault(name, f"is not TOML: {error}")]) from None
    faults = [
        Fault(name, f"`{key}` is missing", 'write for example `name = "Blackpool Council"`')
        for key in ("name", "document", "version")
        if not isinstance(about.get(key), str)
    ]
    if not isinstance(about.get("readings", {}), dict):
        faults.append(Fault(name, "`readings` is not a table", "write `[readings]` with one setting a line"))
    if faults:
        raise InputError(faults)
    return about


def _clauses(folder: Path, faults: list[Fault], house: bool, taken: Collection[str] = ()) -> dict[str, Clause]:
    found: dict[str, Clause] = {}
    for row in read_table(folder / "clauses.tsv", CLAUSE_COLUMNS, f"{folder.name}/clauses.tsv"):
        name = row["id"]
        if name in found or name in taken:
            faults.append(row.fault("id", f"clause `{name}` is registered twice", "give one of them another id"))
        if row["force"] not in FORCES:
            faults.append(row.fault("force", f"unknown force `{row['force']}`", "forces: " + ", ".join(FORCES)))
        lines: tuple[int, ...] = ()
        try:
            lines = _lines(row["lines"])
            if not lines and not house:
                hint = "write for example `52` or `16-21`"
                faults.append(row.fault("lines", f"`{name}` has no line of the document", hint))
        except ValueError:
            faults.append(row.fault("lines", f"`{row['lines']}` are not line numbers", "write for example `52` or `16-21`"))
        found[name] = Clause(name, lines, row["kind"], row["force"], row["paraphrase"], row["out_of_scope"], row["note"], house)
    return found


def _lines(cell: str) -> tuple[int, ...]:
    found: list[int] = []
    for part in cell.replace(";", ",").split(","):
        if part.strip():
            low, _, high = part.strip().partition("-")
            first, last = int(low), int(high or low)
            if not 1 <= first <= last <= MAX_LINE:
                raise ValueError(part)
            found += range(first, last + 1)
    return tuple(found)


def _readings(folder: Path) -> dict[str, Reading]:
    path = folder / "readings.tsv"
    rows: list[Row] = read_table(path, READING_COLUMNS, f"{folder.name}/readings.tsv") if path.exists() else []
    return {
        row["name"]: Reading(
            row["name"],
            _setting(row["default"]),
            tuple(part.strip() for part in row["alternatives"].split(";") if part.strip()),
            row["clauses"],
            row["why"],
        )
        for row in rows
    }


def _setting(raw: str) -> Setting:
    return int(raw) if raw.isascii() and raw.isdecimal() else raw


def _fingerprints(path: Path) -> dict[int, str]:
    if not path.exists():
        return {}
    return {int(row["line"]): row["sha256"] for row in read_table(path, ("line", "sha256"))}


def digest(folder: Path) -> str:
    """A hash over every file that the answers depend on."""
    digest = hashlib.sha256()
    shared = Path(__file__).parent / "vocabulary"
    for path in [*sorted(shared.glob("*.tsv")), *sorted(HOUSE.iterdir()), *sorted(folder.iterdir())]:
        if path.suffix in (".dl", ".tsv", ".toml"):
            digest.update(f"{path.parent.name}/{path.name}\n".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()
