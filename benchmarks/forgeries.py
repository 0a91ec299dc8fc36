"""Forged records: every kind of part of sound records changed in turn, with all hashes and the seal made anew.

Run: python -m benchmarks.forgeries [HOW-MANY-OF-A-KIND]
Counts the forgeries that the checker alone and `whichteam verify` take for sound, apart from what they say they do not
check. Exit code 1 if there is any.
"""

from __future__ import annotations

import copy
import json
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cached_property
from random import Random
from typing import Any

from explain.filed.again import OF_PEOPLE, differences
from explain.filed.as_json import as_json, program_hash
from explain.filed.content import Confirmation, content_of
from explain.filed.verify import NOT_CHECKED, Unreadable, read_record, sha256, verify
from kb.engines.pydatalog import PyDatalog
from kb.program import Program
from queries.decide import decide
from queries.load import load_program
from tests.laws.histories import record

Path = tuple[str | int, ...]
SEALS = ("seal", "hashes")  # made anew in each forgery
#: Tables whose entries are all of a kind.
TABLES = ("rules", "atoms", "sources", "facts", "codes", "register", "settings", "calculated", "names", "shown", "holidays")


@dataclass(frozen=True)
class Forgery:
    """A record with one part changed. `kind` is the path of the part without names and numbers that vary."""

    path: str
    kind: str
    change: str
    told: Any
    place: Path
    value: Any

    @cached_property
    def record(self) -> Any:
        """The forged record."""
        return _sealed(self.told, self.place, self.value)

    def of(self, patterns: tuple[str, ...]) -> bool:
        """Whether the part, or the change, is of one of some kinds."""
        named = f"{self.path}.{self.change}" if self.change == "order" else self.path
        return any(fnmatchcase(named, pattern) for pattern in patterns)


def forgeries(told: Any, draw: Random, of_a_kind: int) -> Iterator[Forgery]:
    """Forgeries of a sound record, some of each kind of part and change."""
    paths: dict[str, list[Path]] = {}
    for path in _paths(told):
        if path and path[0] not in SEALS:
            paths.setdefault(_kind(path), []).append(path)
    for kind, found in sorted(paths.items()):
        for path in draw.sample(found, min(of_a_kind, len(found))):
            before = _at(told, path)
            for change, value in _changes(before):
                if sha256([value]) == sha256([before]):
                    continue
                yield Forgery(_named(told, path), kind, change, told, path, value)
        path = draw.choice(found)
        yield Forgery(_named(told, path), kind, "left out", told, path, LEFT_OUT)


def repeated(text: str, told: Any, draw: Random, many: int) -> Iterator[str]:
    """The text of a record with one name of an object said twice: a lie first, the truth last."""
    names = draw.sample(sorted({str(path[-1]) for path in _paths(told) if path and isinstance(path[-1], str)}), many)
    for name in names:
        key = f"{json.dumps(name)}: "
        if key in text:
            yield text.replace(key, f"{key}null, {key}", 1)


LEFT_OUT = object()


def _paths(value: Any, path: Path = ()) -> Iterator[Path]:
    yield path
    if isinstance(value, dict):
        for name, part in value.items():
            yield from _paths(part, (*path, name))
    elif isinstance(value, list):
        for number, part in enumerate(value):
            yield from _paths(part, (*path, number))


def _kind(path: Path) -> str:
    """A path without what varies; of the large tables, the table only."""
    if path[0] == "program" and path[1:] and path[1] in TABLES:
        return f"program.{path[1]} {len(path)}"
    varies = [isinstance(part, int) or path[n - 1] in ("steps", "fingerprints") for n, part in enumerate(path)]
    return ".".join("*" if vary else str(part) for part, vary in zip(path, varies))


def _named(told: Any, path: Path) -> str:
    """A path as `NOT_CHECKED` has it: a stint that is planned is told by that."""
    parts = list(map(str, path))
    if path[:2] == ("decision", "journey") and len(path) > 2 and told["decision"]["journey"][path[2]]["status"] == "planned":
        parts[2] = "planned"
    return ".".join(parts)


def _at(told: Any, path: Path) -> Any:
    for part in path:
        told = told[part]
    return told


def _changes(value: Any) -> Iterator[tuple[str, Any]]:
    """Other values, of the same type and of others."""
    if isinstance(value, dict):
        yield from [("a part more", {**value, "extra": 1}), ("emptied", {}), ("other type", list(value))]
    elif isinstance(value, list):
        yield "other type", {}
        yield from [("emptied", []), ("shorter", value[:-1]), ("longer", [*value, value[-1]])] if value else [("longer", ["x"])]
        if len(value) > 1 and value[0] != value[1]:
            yield "order", [value[1], value[0], *value[2:]]
    elif isinstance(value, bool):
        yield from [("other value", not value), ("as text", str(value).lower()), ("as number", int(value)), ("null", None)]
    elif isinstance(value, int):
        yield from [("other value", value + 1), ("as text", str(value)), ("as fraction", float(value)), ("null", None)]
    elif value is None:
        yield from [("given", "awaken"), ("given as false", False)]
    else:
        day = len(value) == 10 and value[4] == value[7] == "-"
        yield from [("other value", _next_day(value) if day else f"{value}."), ("emptied", ""), ("null", None), ("as true", True)]


def _next_day(text: str) -> str:
    return f"{text[:8]}{int(text[8:]) % 28 + 1:02d}"


def _sealed(told: Any, path: Path, value: Any) -> Any:
    """The record with one part changed, and its hashes and seal made anew."""
    forged = dict(told)
    here: Any = forged
    for part in path[:-1]:
        here[part] = copy.copy(here[part])
        here = here[part]
    if value is LEFT_OUT:
        del here[path[-1]]
    else:
        here[path[-1]] = value
    if path[0] in told["hashes"]:
        forged["hashes"] = {**told["hashes"], str(path[0]): sha256(forged.get(path[0]))}
    return {**forged, "seal": sha256({key: part for key, part in forged.items() if key != "seal"})}


def taken_for_sound(forged: Forgery, program: Program, rules: str) -> tuple[bool, bool]:
    """Whether a forgery passes, in what each says it checks: with the checker alone, and with `whichteam verify`.

    A change of the case that gives just the record that this other case has is no forgery.
    """
    if verify(forged.record, rules):
        return False, False
    true = forged.path.startswith("case.") and not differences(forged.record, program)
    alone = not true and not forged.of(tuple(NOT_CHECKED))
    return alone, not true and not forged.of(OF_PEOPLE) and not differences(forged.record, program)


def sound_record(policy: str, seed: int) -> tuple[Program, str]:
    """The record of a random history, with its program."""
    program = load_program(policy)
    content = content_of(decide(program, record(program, Random(seed)), PyDatalog()), Confirmation("A Manager", "2199-01-01"))
    return program, as_json(content)


def main() -> int:
    of_a_kind = int(sys.argv[1]) if sys.argv[1:] else 1
    tried, alone, command, twice = Counter[str](), Counter[str](), Counter[str](), 0
    for policy in ("blackpool", "sefton"):
        program, text = sound_record(policy, {"blackpool": 27, "sefton": 8}[policy])
        told, rules, draw = read_record(text.encode()), program_hash(program), Random(1)
        assert (verify(told, rules), differences(told, program)) == ([], [])
        for forged in forgeries(told, draw, of_a_kind):
            tried[policy] += 1
            said = f"{policy}: {forged.path}: {forged.change}"
            by_itself, by_command = taken_for_sound(forged, program, rules)
            if by_itself:
                alone[policy] += 1
                print(f"the checker alone took for sound: {said}")
            if by_command:
                command[policy] += 1
                print(f"whichteam verify took for sound: {said}")
        for twice_said in repeated(text, told, draw, 40):
            tried[policy] += 1
            try:
                read_record(twice_said.encode())
                twice += 1
            except Unreadable:
                pass
    for policy, many in tried.items():
        print(f"{policy}: {many} forgeries; taken for sound by the checker alone {alone[policy]}, by verify {command[policy]}")
    print(f"names said twice that were read: {twice}")
    return 1 if alone.total() + command.total() + twice else 0


if __name__ == "__main__":
    sys.exit(main())
