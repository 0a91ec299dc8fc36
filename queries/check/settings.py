"""A policy under another setting of a reading."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from kb.cache import remember
from kb.policy import Reading
from kb.program import Program, compile_policy


def under(program: Program, changes: Mapping[str, str], make: Callable[[Mapping[str, str]], Program] | None = None) -> Program:
    """The program with some readings changed; cached. `make` compiles it if it is not in the cache."""
    policy = program.policy
    return remember(
        f"{policy.code} {policy.digest} {sorted(policy.settings.items())} {sorted(changes.items())}",
        Program,
        lambda: make(changes) if make else compile_policy(policy.with_settings(dict(changes))),
    )


def alternatives(program: Program, reading: Reading) -> Iterator[str]:
    """The settings of a reading that are not in use; for a range of numbers, its two ends."""
    used = str(program.policy.settings[reading.name])
    for setting in dict.fromkeys([str(reading.default), *reading.alternatives]):
        low, dots, high = setting.partition("..")
        yield from (end for end in ((low, high) if dots else (setting,)) if end != used)


def lines_of(reading: Reading) -> set[tuple[str, int]]:
    """The (document, line) pairs that a reading is about, from text such as `B:38-44,52; S:84`."""
    found: set[tuple[str, int]] = set()
    for part in reading.clauses.split(";"):
        document, _, lines = part.partition(":")
        for low, high in re.findall(r"(\d+)(?:-(\d+))?", lines):
            found.update((document.strip(), line) for line in range(int(low), int(high or low) + 1))
    return found
