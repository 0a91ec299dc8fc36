"""Loads a policy from its folder: vocabulary, register of clauses, readings and rules.

The rules of the house (`kb/house`), which define who holds a child and which move is told first, are loaded with every
policy.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from itertools import product
from pathlib import Path
from typing import Any

from kb.characters import unsafe_characters
from kb.errors import Fault, InputError, did_you_mean, nearest, shown
from kb.files import read_bytes, text_of
from kb.language.model import ClauseMark, Predicate, Rule, RuleFile
from kb.line_ends import with_plain_ends
from kb.nesting import MAX_DIGITS
from kb.tables import MAX_TABLE_BYTES, Row, read_table
from kb.toml import read_toml
from kb.vocabulary.load import MAX_NUMBER, load_vocabulary
from kb.vocabulary.model import WITH_VALUES, Vocabulary

HOUSE = Path(__file__).parent / "house"
POLICIES = Path(__file__).parent / "policies"
TEMPLATE = POLICIES / "template"

CLAUSE_COLUMNS = ("id", "lines", "kind", "force", "paraphrase", "out_of_scope", "note")
READING_COLUMNS = ("name", "default", "alternatives", "clauses", "why")
SETTING_COLUMNS = ("reading", "setting", "says")
ANY_NUMBER = "{Number}"  # placeholder for the chosen number, for readings whose setting is a number
MAX_LINE = 100_000  # highest line number of a document
MAX_LINES = 1_000  # lines of one clause
MAX_RULE_FILES = 100
NEEDED = ("policy.toml", "clauses.tsv", "codes.tsv")  # files that every policy has, besides its rules
FILES = (*NEEDED, "facts.tsv", "readings.tsv", "settings.tsv", "calculated.tsv", "examples.yaml", "fingerprints.tsv")
_ADD_IT = "every policy has it: `whichteam new-policy NAME` makes a folder that shows its form"
_ADD_IT_ALL = "`whichteam new-policy NAME` makes the folder of a policy"
ABOUT = ("name", "document", "version")  # the keys of policy.toml that every policy has
SUFFIXES = (".dl", ".tsv", ".toml")  # files that an answer depends on
_ABOUT_EXAMPLES = {"name": "Blackpool Council", "document": "Transfer policy", "version": "April 2024"}
FORCES = ("must", "should", "may", "usually", "none")

Setting = str | int


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause of a register, paraphrased. `house`: it belongs to the shared rules, not to the council's document."""

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
    says: dict[str, str] = field(default_factory=dict, compare=False)

    def told(self, setting: Setting) -> str:
        """The meaning of a setting as a sentence (`settings.tsv`); without one, its name in words."""
        written = self.says.get(str(setting)) or (self.says.get(ANY_NUMBER, "") if str(setting).isdigit() else "")
        return written.replace(ANY_NUMBER, str(setting)) or f"{_spaced(self.name)}: {_spaced(str(setting))}."

    def accepts(self, setting: Setting) -> bool:
        if isinstance(setting, int):
            bounds = [a.split("..") for a in self.alternatives if ".." in a]
            return any(int(low) <= setting <= int(high) for low, high in bounds)
        return setting == self.default or setting in self.alternatives


@dataclass(frozen=True)
class Policy:
    """A council's policy as data. `version`: as the document states it."""

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
            for general, narrow in product(mark.exception_to, mark.clauses):
                if narrow not in found.setdefault(general, []):
                    found[general].append(narrow)
        return {general: tuple(narrow) for general, narrow in found.items()}

    def with_settings(self, changes: dict[str, str]) -> Policy:
        """The policy with some readings set otherwise. Errors: `InputError` for an unknown reading or setting."""
        settings = dict(self.settings)
        faults: list[Fault] = []
        for name, raw in changes.items():
            reading = self.readings.get(name)
            if reading is None:
                faults.append(Fault(f"reading {name}", f"unknown reading `{shown(name)}`", reading_hint(name, self.readings)))
                continue
            setting = _setting(raw)
            if not reading.accepts(setting):
                allowed = ", ".join([str(reading.default), *reading.alternatives])
                faults.append(Fault(f"reading {name}", f"`{raw}` is not a setting of `{name}`", f"settings: {allowed}"))
            settings[name] = setting
        if faults:
            raise InputError(faults)
        return replace(self, settings=settings)


@dataclass(frozen=True, slots=True)
class Shadowed:
    """A bundled policy that is replaced by a user's folder of the same code."""

    code: str
    folder: Path


def installed() -> dict[str, Path]:
    """The folders of all installed policies, by code.

    These are the bundled policies and those in the folder named by the environment variable WHICHTEAM_POLICIES. If both
    have the same code, the user's is used (see `shadowed`).
    """
    return {**_policies_in(POLICIES), **_policies_in(_own_home())}


def shadowed() -> tuple[Shadowed, ...]:
    """The bundled policies that a user's policy replaces."""
    own = _policies_in(_own_home())
    return tuple(Shadowed(code, own[code]) for code in _policies_in(POLICIES) if code in own)


def _own_home() -> Path | None:
    own = os.environ.get("WHICHTEAM_POLICIES")
    return Path(own) if own else None


def _policies_in(home: Path | None) -> dict[str, Path]:
    found = sorted(home.glob("*/policy.toml")) if home is not None else []
    return {path.parent.name: path.parent for path in found if path.parent != TEMPLATE}


def shared_readings() -> frozenset[str]:
    """Names of the readings that all policies have: they are settings of ours, whatever lines they bear on."""
    return frozenset(_readings(HOUSE))


def find_policy(name: str) -> Path:
    """The folder of a policy named by the user, by code or as a path. Errors: `InputError`."""
    known = installed()
    if name in known:
        return known[name]
    if _is_policy(Path(name)):
        path = Path(name)
        return path if path.name not in ("", "..") else path.resolve()  # `.` has no name to show
    if fault := _no_policy_folder(name):
        raise InputError([fault])
    hint = did_you_mean(name, known) or "policies: " + ", ".join(known)
    raise InputError([Fault("policy", f"there is no policy `{shown(name)}`", hint)])


def _no_policy_folder(name: str) -> Fault | None:
    """The fault of a path that is there and is not the folder of a policy."""
    with contextlib.suppress(OSError, ValueError):  # not a valid path
        path = Path(name)
        if path.is_file():
            return Fault("policy", f"`{shown(name)}` is a file, expected the folder of a policy", "name the folder that it is in")
        if path.is_dir():
            return Fault("policy", f"the folder `{shown(name)}` holds no policy: it has no `policy.toml`", _ADD_IT_ALL)
    return None


def find_installed(code: str, where: str) -> Path:
    """The folder of an installed policy that a case or filed decision names. Errors: `InputError` at `where`.

    A path is refused, so that a file can't choose the rules it is checked against.
    """
    known = installed()
    if code in known:
        return known[code]
    if is_path(code) or _is_policy(Path(code)):
        message = f"`{shown(code)}` is a folder, and a policy is named here by the code of an installed one"
        hint = f"to use the folder, add --policy FOLDER; policies: {', '.join(known)}"
        raise InputError([Fault(where, message, hint)])
    hint = did_you_mean(code, known) or "policies: " + ", ".join(known)
    raise InputError([Fault(where, f"there is no policy `{shown(code)}`", hint)])


def is_path(code: str) -> bool:
    """Whether `code` is the path of a folder instead of a code."""
    return any(c in code for c in "/\\:~") or code in (".", "..")


def _is_policy(folder: Path) -> bool:
    """Whether a folder has a file that only policies have, so that what it lacks can be told."""
    with contextlib.suppress(OSError, ValueError):  # not a valid path
        return any((folder / name).is_file() for name in NEEDED)
    return False


def title_of(folder: Path) -> tuple[str, str]:
    """The name and version of a policy, without loading its rules. Errors: `InputError`."""
    about = _about(folder / "policy.toml")
    return about["name"], about["version"]


def load_policy(folder: Path, unread: list[Fault] | None = None) -> Policy:
    """Loads a policy; its rules are parsed but not checked (see `kb.program`). Errors: `InputError` with all faults.

    unread  if given, statements that can't be read are left out, and their faults are put here instead
    """
    from kb.language.parser import parse_standing, read_text  # slow to import, and a cached program does not need them

    if faults := [*_missing(folder), *_unsafe(folder)]:
        raise InputError(faults)
    about = _about(folder / "policy.toml")
    vocabulary = load_vocabulary(folder)
    shared_facts = load_vocabulary().facts
    house_clauses = _clauses(HOUSE, faults, True)
    own_clauses = _clauses(folder, faults, False, house_clauses)
    clauses = {**house_clauses, **own_clauses}
    readings = {**_readings(HOUSE), **_readings(folder)}
    files: list[RuleFile] = []
    for path in [*sorted(HOUSE.glob("*.dl")), *_rule_files(folder)]:
        name = f"{path.parent.name}/{path.name}"
        try:
            read, wrong = parse_standing(read_text(path, name), name)
        except InputError as error:
            faults += error.faults
            continue
        files.append(read)
        (faults if unread is None else unread).extend(wrong)
    if faults:
        raise InputError(faults)
    predicates: dict[str, Predicate] = {}
    for predicate in (p for file in files for p in file.predicates):
        if predicate.name in predicates:
            message = f"`{predicate.name}` is declared twice"
            hint = f"first at {predicates[predicate.name].position}; give this one another name"
            faults.append(Fault(str(predicate.position), message, hint))
        predicates.setdefault(predicate.name, predicate)
    if faults:
        raise InputError(faults)
    predicates = {name: replace(found, sorts=_sorts(found, vocabulary)) for name, found in predicates.items()}
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
    try:
        return policy.with_settings({k: str(v) for k, v in about.get("readings", {}).items()})
    except InputError as error:
        raise InputError([replace(fault, where=_in_toml(folder, fault.where)) for fault in error.faults]) from None


def _in_toml(folder: Path, where: str) -> str:
    """The place in policy.toml of a setting, of which `with_settings` gives the place `reading NAME`."""
    name = f"{folder.name}/policy.toml"
    return _at_key(folder / "policy.toml", name, where.removeprefix("reading "))


def _sorts(predicate: Predicate, vocabulary: Vocabulary) -> tuple[str, ...]:
    """The sorts of a predicate; the name of a fact with values stands for its values."""
    valued = {name for name, fact in vocabulary.facts.items() if fact.type in WITH_VALUES}
    return tuple(f"value of {sort}" if sort in valued else sort for sort in predicate.sorts)


def _missing(folder: Path) -> list[Fault]:
    """Faults for the files that every policy has and this one has not; one of almost that name is told."""
    there = [path.name for path in folder.iterdir()]
    others = {name.partition(".")[0]: name for name in sorted(there) if name not in FILES}  # endings are alike anyway
    faults: list[Fault] = []
    for name in NEEDED:
        if name not in there:
            near = others.get(nearest(name.partition(".")[0], others), "")
            faults.append(Fault(f"{folder.name}/{name}", "there is no such file", _call_it(near, name) if near else _ADD_IT))
    if not any(name.endswith(".dl") for name in there):
        near = next((name for name in others.values() if ".dl" in name.lower()), "") or others.get(nearest("rules", others), "")
        hint = _call_it(near, "rules.dl") if near else "write the rules into `rules.dl`"
        faults.append(Fault(folder.name, "there is no file of rules: none has a name that ends in `.dl`", hint))
    return faults


def _call_it(found: str, name: str) -> str:
    return f"is it `{shown(found)}`? call it `{name}`"


def _unsafe(folder: Path) -> list[Fault]:
    """Faults for unreadable files and refused characters (`kb.characters`) in all files of a policy."""
    faults: list[Fault] = []
    for path in sorted(folder.iterdir()):
        name = f"{folder.name}/{path.name}"
        if path.suffix in SUFFIXES and not path.name.startswith("."):
            try:
                faults += unsafe_characters(text_of(read_bytes(path, MAX_TABLE_BYTES, name), name), name)
            except InputError as error:
                faults += error.faults
    return faults


def _rule_files(folder: Path) -> list[Path]:
    found = sorted(path for path in folder.glob("*.dl") if not path.name.startswith("."))
    if len(found) > MAX_RULE_FILES:
        raise InputError([Fault(folder.name, f"has {len(found):,} rule files, expected at most {MAX_RULE_FILES}", "join some")])
    return found


def _about(path: Path) -> dict[str, Any]:
    name = f"{path.parent.name}/{path.name}"
    about = read_toml(path, name)
    at = partial(_at_key, path, name)
    keys = (*ABOUT, "readings")
    unknown = [key for key in about if key not in keys]
    meant = {nearest(key, keys) for key in unknown}
    faults = [
        Fault(
            at(key),
            f"unknown key `{shown(key)}`",
            did_you_mean(key, keys) or f"keys: {', '.join(keys)}; settings go under [readings]",
        )
        for key in unknown
    ]
    for key in ABOUT:
        if key not in about and key not in meant:
            faults.append(Fault(name, f"`{key}` is missing", f'write for example `{key} = "{_ABOUT_EXAMPLES[key]}"`'))
        elif key in about and not isinstance(about[key], str):
            message = f"`{key}` is not a text in quotation marks"
            faults.append(Fault(at(key), message, f'write for example `{key} = "{_ABOUT_EXAMPLES[key]}"`'))
    if not isinstance(about.get("readings", {}), dict):
        faults.append(Fault(at("readings"), "`readings` is not a table", "write `[readings]` with one setting a line"))
    if faults:
        raise InputError(faults)
    return about


def _at_key(path: Path, name: str, key: str) -> str:
    """The place of a key in a TOML file: `name:line`, or the name alone where the key is written in another way."""
    lines = enumerate(path.read_text(encoding="utf-8-sig").splitlines(), 1)
    return next((f"{name}:{n}" for n, line in lines if re.match(rf"\s*\[?\s*{re.escape(key)}\s*[=\]]", line)), name)


def _clauses(folder: Path, faults: list[Fault], house: bool, taken: Collection[str] = ()) -> dict[str, Clause]:
    found: dict[str, Clause] = {}
    for row in read_table(folder / "clauses.tsv", CLAUSE_COLUMNS[:5], f"{folder.name}/clauses.tsv", CLAUSE_COLUMNS[5:]):
        name = row["id"]
        if not re.fullmatch(r"[a-z0-9][A-Za-z0-9_]*", name):
            faults.append(
                row.fault("id", f"`{shown(name)}` can't be the id of a clause", f"use letters and digits: `{_as_an_id(name)}`")
            )
            continue
        if name in found or name in taken:
            faults.append(row.fault("id", f"clause `{name}` is registered twice", "give one of them another id"))
        if row["force"] not in FORCES:
            faults.append(row.fault("force", f"unknown force `{row['force']}`", "forces: " + ", ".join(FORCES)))
        lines: tuple[int, ...] = ()
        try:
            lines = line_numbers(row["lines"])
            if not lines and not house:
                hint = "write for example `52` or `16-21`"
                faults.append(row.fault("lines", f"`{name}` has no line of the document", hint))
        except ValueError:
            faults.append(row.fault("lines", f"`{row['lines']}` are not line numbers", "write for example `52` or `16-21`"))
        found[name] = Clause(name, lines, row["kind"], row["force"], row["paraphrase"], row["out_of_scope"], row["note"], house)
    return found


def _as_an_id(name: str) -> str:
    """How a name is written as the id of a clause."""
    plain = re.sub(r"[^A-Za-z0-9_]+", "_" if re.search(r"[0-9][^A-Za-z0-9]+[0-9]", name) else "", name)
    return shown(plain[:1].lower() + plain[1:]) if re.match(r"[A-Za-z0-9]", plain) else "c12"


def line_numbers(cell: str) -> tuple[int, ...]:
    """The numbers of lines such as `52, 57-59`. Errors: ValueError."""
    found: list[int] = []
    for part in cell.replace(";", ",").split(","):
        if part.strip():
            low, _, high = part.strip().partition("-")
            first, last = _line(low), _line(high or low)
            if not 1 <= first <= last or len(found) + last - first >= MAX_LINES:
                raise ValueError(part)
            found += range(first, last + 1)
    return tuple(found)


def _line(written: str) -> int:
    """A line number as an int. Errors: `ValueError`."""
    found = _setting(written.strip())
    if not isinstance(found, int) or found > MAX_LINE:
        raise ValueError(written)
    return found


def _readings(folder: Path) -> dict[str, Reading]:
    path = folder / "readings.tsv"
    rows: list[Row] = read_table(path, READING_COLUMNS, f"{folder.name}/readings.tsv") if path.exists() else []
    says = _settings_said(folder, {row["name"] for row in rows})
    faults = [fault for row in rows for fault in _setting_faults(row)]
    names = [row["name"] for row in rows]
    faults += [
        row.fault("name", f"the reading `{shown(row['name'])}` is declared twice", "remove one of them")
        for n, row in enumerate(rows)
        if row["name"] in names[:n]
    ]
    if faults:
        raise InputError(faults)
    found = {
        row["name"]: Reading(
            row["name"],
            _setting(row["default"]),
            tuple(part.strip() for part in row["alternatives"].split(";") if part.strip()),
            row["clauses"],
            row["why"],
            says.get(row["name"], {}),
        )
        for row in rows
    }
    for reading in found.values():
        for setting in reading.says:
            if setting != ANY_NUMBER and not reading.accepts(_setting(setting)):
                message = f"`{shown(setting)}` is not a setting of `{reading.name}`"
                allowed = [str(reading.default), *reading.alternatives]
                hint = did_you_mean(setting, allowed) or f"settings: {', '.join(allowed)}"
                faults.append(Fault(f"{folder.name}/settings.tsv", message, hint))
    if faults:
        raise InputError(faults)
    return found


def reading_hint(name: str, readings: Collection[str]) -> str:
    """What to write for the name of a reading that there is not: the nearest name, or all."""
    return did_you_mean(name, readings) or f"readings: {', '.join(readings) or 'there are none'}"


def house_readings() -> frozenset[str]:
    """The names of the readings that the rules of the house ask for, whether a policy makes use of these or not."""
    return frozenset(_readings(HOUSE))


def _settings_said(folder: Path, readings: set[str]) -> dict[str, dict[str, str]]:
    """The meanings of the settings of each reading (`settings.tsv`, which is optional)."""
    path = folder / "settings.tsv"
    found: dict[str, dict[str, str]] = {}
    faults: list[Fault] = []
    for row in read_table(path, SETTING_COLUMNS, f"{folder.name}/settings.tsv") if path.exists() else []:
        if row["reading"] not in readings:
            message = f"there is no reading `{shown(row['reading'])}`"
            faults.append(row.fault("reading", message, reading_hint(row["reading"], sorted(readings))))
        found.setdefault(row["reading"], {})[row["setting"]] = row["says"]
    if faults:
        raise InputError(faults)
    return found


def _spaced(name: str) -> str:
    return name.replace("_", " ")


def _setting_faults(row: Row) -> list[Fault]:
    """Faults in the settings that a reading allows."""
    faults: list[Fault] = []
    default = _setting(row["default"])
    for column, what in (("name", "name"), ("default", "setting that holds unless another is chosen")):
        if not row[column]:
            faults.append(row.fault(column, f"this reading has no {what}", "write one"))
    if not set(map(str.strip, row["alternatives"].split(";"))) - {"", row["default"]}:
        message = f"the reading `{shown(row['name'])}` has nothing to choose from besides `{shown(row['default'])}`"
        faults.append(row.fault("alternatives", message, "write its other settings, parted by `;`, or remove the reading"))
    for part in row["alternatives"].split(";"):
        low, dots, high = (_setting(end.strip()) for end in part.partition(".."))
        if dots and not (isinstance(low, int) and isinstance(high, int) and low <= high <= MAX_NUMBER):
            hint = f"write for example `1..30`; numbers go up to {MAX_NUMBER:,}"
            faults.append(row.fault("alternatives", f"`{shown(part.strip())}` is not a range", hint))
    if isinstance(default, int) and default > MAX_NUMBER:
        faults.append(row.fault("default", f"`{default}` is too large", f"numbers go up to {MAX_NUMBER:,}"))
    return faults


def _setting(raw: str) -> Setting:
    return int(raw) if raw.isascii() and raw.isdecimal() and len(raw) <= MAX_DIGITS else raw


def _fingerprints(path: Path) -> dict[int, str]:
    if not path.exists():
        return {}
    rows = read_table(path, ("line", "sha256"), f"{path.parent.name}/{path.name}")
    faults: list[Fault] = []
    found: dict[int, str] = {}
    for row in rows:
        try:
            found[_line(row["line"])] = row["sha256"]
        except ValueError:
            faults.append(row.fault("line", f"`{shown(row['line'])}` is not the number of a line", "write for example `52`"))
    if faults:
        raise InputError(faults)
    return found


def digest(folder: Path) -> str:
    """A hash of all files that answers depend on, independent of line ends."""
    digest = hashlib.sha256()
    shared = Path(__file__).parent / "vocabulary"
    for path in [*sorted(shared.glob("*.tsv")), *sorted(HOUSE.iterdir()), *sorted(folder.iterdir())]:
        if path.suffix in SUFFIXES:
            digest.update(f"{path.parent.name}/{path.name}\n".encode())
            digest.update(with_plain_ends(read_bytes(path, MAX_TABLE_BYTES, f"{path.parent.name}/{path.name}")))
    return digest.hexdigest()
