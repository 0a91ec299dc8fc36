"""Faults in what people give us, each with its place, the offending name and what to do.

A `Fault` is one problem; `InputError` carries all that were found in one run. Command line
and app show them as they are; nothing else should reach a user.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One problem. `where` is `file:line:column`, or the file and the part of it meant."""

    where: str
    message: str
    hint: str = ""
    source: str = ""
    column: int = 0

    def __str__(self) -> str:
        lines = [f"{self.where}: {self.message}"]
        if self.source:
            lines += [f"    {self.source}", "    " + " " * (self.column - 1) + "^"]
        if self.hint:
            lines.append(f"    {self.hint}")
        return "\n".join(lines)


class InputError(Exception):
    """What was given cannot be used; `faults` says why, all of it."""

    def __init__(self, faults: Sequence[Fault]):
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))


def plain(text: str) -> str:
    """A text with control characters replaced, safe to print in a terminal."""
    return "".join(c if c.isprintable() or c == "\t" else c.encode("unicode_escape").decode() for c in text)


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """A hint naming the nearest known name, or the empty string when none is near."""
    near = difflib.get_close_matches(name, sorted(known), n=1, cutoff=0.6)
    return f"did you mean `{near[0]}`?" if near else ""
