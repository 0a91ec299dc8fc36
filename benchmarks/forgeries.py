"""Counts forged records that the checkers accept as sound.

Run: python -m benchmarks.forgeries [COUNT]
A forgery is a sound record with one part changed and all hashes and the seal computed again. Each kind of part is changed
in COUNT places (default 1), in several ways. Each forgery is given to the standalone checker (`explain.filed.verify`) and
to `whichteam verify`. Parts that they state not to check (`NOT_CHECKED`, `OF_PEOPLE`) don't count. Exit code 1 if a
forgery is accepted.
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
from queries.exact import decide_exactly
from queries.load import load_program
from tests.laws.histories import record

Path = tuple[str | int, ...]
SEALS = ("seal", "hashes")  # computed again in each forgery
#: Tables whose entries are of one kind.
TABLES = ("rules", "atoms", "sources", "facts", "codes", "register", "settings", "calculated", "names", "shown", "holidays")


@dataclass(frozen=True)
class Forgery:
    """A record with one part changed.

    path    path of the part, as in `NOT_CHECKED`; `place` as keys and positions
    kind    the path without keys and positions that vary
    change  name of the change; `value` is the new value
    told    the sound record
    """

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
        """Whether the path of the part, or of the change, matches one of the patterns."""
        named = f"{self.path}.{self.change}" if self.change == "order" else self.path
        return any(fnmatchcase(named, pattern) for pattern in patterns)


def forgeries(told: Any, draw: Random, of_a_kind: int) -> Iterator[Forgery]:
    """Forgeries of a sound record: for each kind of part, every change of up to `of_a_kind` parts, and one part removed."""
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
    """Texts of a record in which one key of an object occurs twice: first with null, then with the true value."""
    names = draw.sample(sorted({str(path[-1]) for path in _paths(told) if path and isinstance(path[-1], str)}), many)
    for name in names:
        key = f"{json.dumps(name)}: "
        if key in text:
            yield text.replace(key, f"{key}null, {key}", 1)


LEFT_OUT = object()  # as a new value: the part is removed


def _paths(value: Any, path: Path = ()) -> Iterator[Path]:
    yield path
    if isinstance(value, dict):
        for name, part in value.items():
            yield from _paths(part, (*path, name))
    elif isinstance(value, list):
        for number, part in enumerate(value):
            yield from _paths(part, (*path, number))


def _kind(path: Path) -> str:
    """A path with `*` for keys and positions that vary. For the tables in TABLES: the table and the depth only."""
    if path[0] == "program" and path[1:] and path[1] in TABLES:
        return f"program.{path[1]} {len(path)}"
    varies = [isinstance(part, int) or path[n - 1] in ("steps", "fingerprints") for n, part in enumerate(path)]
    return ".".join("*" if vary else str(part) for part, vary in zip(path, varies))


def _named(told: Any, path: Path) -> str:
    """A path as in `NOT_CHECKED`: a planned stint is named `planned` instead of its position."""
    parts = list(map(str, path))
    if path[:2] == ("decision", "journey") and len(path) > 2 and told["decision"]["journey"][path[2]]["status"] == "planned":
        parts[2] = "planned"
    return ".".join(parts)


def _at(told: Any, path: Path) -> Any:
    for part in path:
        told = told[part]
    return told


def _changes(value: Any) -> Iterator[tuple[str, Any]]:
    """Changed values, of the same type and of other types, each with the name of the change."""
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
    """The record with one part changed, and its hashes and seal computed again."""
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
    """Whether a forgery is accepted by the standalone checker, and by `whichteam verify`.

    A changed case is no forgery if the record is the correct one for the changed case. `rules`: hash of the program.
    """
    if verify(forged.record, rules):
        return False, False
    true = forged.path.startswith("case.") and not differences(forged.record, program)
    alone = not true and not forged.of(tuple(NOT_CHECKED))
    return alone, not true and not forged.of(OF_PEOPLE) and not differences(forged.record, program)


def sound_record(policy: str, seed: int) -> tuple[Program, str]:
    """The program of a policy, and the record (JSON) of a random history."""
    program = load_program(policy)
    content = content_of(
        decide_exactly(program, record(program, Random(seed)), PyDatalog()), Confirmation("A Manager", "2199-01-01")
    )
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
                print(f"accepted by the standalone checker: {said}")
            if by_command:
                command[policy] += 1
                print(f"accepted by whichteam verify: {said}")
        for twice_said in repeated(text, told, draw, 40):
            tried[policy] += 1
            try:
                read_record(twice_said.encode())
                twice += 1
            except Unreadable:
                pass
    for policy, many in tried.items():
        print(f"{policy}: {many} forgeries; accepted by the standalone checker {alone[policy]}, by verify {command[policy]}")
    print(f"records with a repeated key that were read: {twice}")
    return 1 if alone.total() + command.total() + twice else 0


if __name__ == "__main__":
    sys.exit(main())
