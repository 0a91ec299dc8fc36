"""Errors in users' input, each with its place, the offending name and what to do.

A `Fault` is one problem; `InputError` carries all faults found in one run. The command line and the app print them.
Any other exception that reaches a user is a bug.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

MAX_FAULTS = 100  # faults of one input that are reported
MOST_PLACES = 5  # of one fault that are told, besides the first
MAX_MESSAGE = 1_500  # characters of one part of a fault
MAX_SHOWN = 60  # characters of a user's text that a message quotes
MAX_NAME = 200  # characters of a name for which a similar one is suggested


@dataclass(frozen=True, slots=True)
class Fault:
    """One problem.

    where   `file:line:column`, or the file and the part of it
    source  the faulty line, to be shown with a caret under `column` (1 is the first)
    """

    where: str
    message: str
    hint: str = ""
    source: str = ""
    column: int = 0

    def __post_init__(self) -> None:
        for part in ("where", "message", "hint"):
            text = getattr(self, part)
            if len(text) > MAX_MESSAGE:  # however long a text it quotes
                object.__setattr__(self, part, f"{text[: MAX_MESSAGE // 2]} … {text[-MAX_MESSAGE // 2 :]}")

    def __str__(self) -> str:
        lines = [f"{self.where}: {self.message}"]
        if self.source:
            before = "".join("\t" if c == "\t" else " " for c in self.source[: self.column - 1].ljust(self.column - 1))
            lines += [f"    {self.source}", f"    {before}^"]
        if self.hint:
            lines.append(f"    {self.hint}")
        return "\n".join(lines)


class InputError(Exception):
    """The input can't be used. `faults` has the reasons, up to MAX_FAULTS."""

    def __init__(self, faults: Sequence[Fault]):
        more = len(faults) - MAX_FAULTS
        told = f"{many(more, 'more fault')} {'is' if more == 1 else 'are'} not told here"
        rest = [Fault("the rest", told, "put these right first")] if more > 0 else []
        self.faults = (*faults[:MAX_FAULTS], *rest)
        super().__init__("\n".join(map(str, self.faults)))


def joined(faults: Iterable[Fault]) -> list[Fault]:
    """Faults with those that say the same told once, at the first place, with further places after the message."""
    found: dict[tuple[str, str], list[Fault]] = {}
    for fault in faults:
        alike = found.setdefault((fault.message, fault.hint), [])
        alike += [fault] if fault.where not in (other.where for other in alike) else []
    told = ((first, also_at([other.where for other in others])) for first, *others in found.values())
    return [replace(first, message=first.message + also) for first, also in told]


def also_at(places: Sequence[str]) -> str:
    """Where else the same is wrong."""
    if not places:
        return ""
    rest = f" and {len(places) - MOST_PLACES:,} more" if len(places) > MOST_PLACES else ""
    return f" (also at {', '.join(places[:MOST_PLACES])}{rest})"


def plain(text: str) -> str:
    """A text with control characters escaped, safe to print in a terminal."""
    return "".join(c if c.isprintable() or c == "\t" else c.encode("unicode_escape").decode() for c in text)


def shown(text: str) -> str:
    """A user's text for a message: escaped, and cut to MAX_SHOWN characters."""
    return plain(text if len(text) <= MAX_SHOWN else text[:MAX_SHOWN] + "…")


def listed(names: Sequence[str], most: int = 12) -> str:
    """Some names in backticks for a message: at most so many of them, and how many more there are."""
    told = ", ".join(f"`{shown(name)}`" for name in names[:most])
    return told if len(names) <= most else f"{told} and {len(names) - most:,} more"


def many(count: int, noun: str, nouns: str = "") -> str:
    """A number with its noun in singular or plural; `nouns` is the plural where it is not formed by an `s`."""
    return f"{count:,} {noun if count == 1 else nouns or f'{noun}s'}"


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """A hint with the nearest known name, ignoring case; empty if none is near."""
    near = nearest(name, known)
    return f"did you mean `{near}`?" if near else ""


def nearest(name: str, known: Iterable[str]) -> str:
    """The known name that is nearest to a name, ignoring case; empty if none is near."""
    if len(name) > MAX_NAME:
        return ""
    folded = {other.casefold(): other for other in sorted(known)}
    near = difflib.get_close_matches(name.casefold(), list(folded), n=1, cutoff=0.6)
    return folded[near[0]] if near else ""
