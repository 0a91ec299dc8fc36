"""What can happen to an invented child, and how often (`steps.tsv`).

A step is a day (`contact`, `review_1`) or a draw from words (`path`, `disabled`). Of the lines of a step, the first whose
condition holds counts. `days` are the quartiles of the days after another step; `values` the words of a draw with their
weights. A `shared` step has the same value for brothers and sisters, a `lasting` one in every episode of a child.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kb.tables import read_table

HERE = Path(__file__).parent
NEVER = 0  # the day of a step that does not happen
Days = NDArray[np.int32]
Flags = NDArray[np.bool_]
_RELATION = re.compile(r"(\w+) (before|after) (\w+)(?: ([+-]) (\d+))?")
_WORDS = re.compile(r"(\w+) (=|!=|in|not in) (.+)")
_WITHIN = re.compile(r"(\w+) within (\d+)")


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the table."""

    name: str
    is_day: bool
    shared: bool
    lasting: bool
    when: str
    share: float
    after: str
    quartiles: tuple[float, float, float]
    words: tuple[str, ...]
    weights: tuple[float, ...]
    source: str


@dataclass(frozen=True)
class Draw:
    """A word for each child: `words[codes[i]]`. The first of `words` is empty and means none."""

    words: tuple[str, ...]
    codes: NDArray[np.integer[Any]]

    def texts(self) -> NDArray[Any]:
        """The word of each child; None if it has none."""
        return np.asarray(np.array([None, *self.words[1:]], dtype=object)[self.codes])


@dataclass
class Block:
    """One episode of some invented children up to a day, with an array for each step.

    as_of    day up to which it is known, as an ordinal: one for all children, or one for each
    first    index of the first child of each child's family
    episode  0 for the present episode, 1 for the one before, and so on
    earlier  the episode before, if any child had one
    lived    which children had this episode (None: all)
    """

    as_of: int | Days
    start: int
    family: NDArray[np.int64]
    first: NDArray[np.int64]
    days: dict[str, Days]
    draws: dict[str, Draw]
    episode: int = 0
    lived: Flags | None = None
    earlier: Block | None = None

    def __len__(self) -> int:
        return len(self.family)

    def day(self, name: str) -> Days:
        """The days of a step, or the day `as_of`."""
        if name == "as_of":
            return np.full(len(self), self.as_of, np.int32)
        return self.days[name]

    def happened(self, name: str) -> Flags:
        """The children for whom a day has come, or a draw gave a word."""
        if name in self.draws:
            return np.asarray(self.draws[name].codes != 0, np.bool_)
        day = self.days[name]
        return np.asarray((day != NEVER) & (day <= self.as_of), np.bool_)

    def holds(self, when: str) -> Flags:
        """The children for whom a condition holds: all of its parts, which are separated by `;`."""
        found = np.ones(len(self), np.bool_) if self.lived is None else self.lived.copy()
        for part in when.split(";"):
            if part.strip():
                found &= self._part(part.strip())
        return found

    def lives(self) -> list[Block]:
        """The episodes of these children, the present one first."""
        return [self, *(self.earlier.lives() if self.earlier is not None else [])]

    def _part(self, part: str) -> Flags:
        if part == "now":
            return np.full(len(self), self.episode == 0, np.bool_)
        if part.startswith("not ") and not _WORDS.fullmatch(part):
            return ~self._part(part[4:])
        if match := _RELATION.fullmatch(part):
            left, right = self.day(match[1]), self.day(match[3])
            moved = right + int((match[4] or "+") + (match[5] or "0"))
            both = (left != NEVER) & (right != NEVER)
            return np.asarray(both & (left < moved if match[2] == "before" else left > moved), np.bool_)
        if match := _WITHIN.fullmatch(part):
            return np.asarray(self.happened(match[1]) & (self.days[match[1]] > self.as_of - int(match[2])), np.bool_)
        if match := _WORDS.fullmatch(part):
            wanted = [word.strip() for word in match[3].split(",")]
            draw = self.draws[match[1]]
            codes = [code for code, word in enumerate(draw.words) if word in wanted]
            met = np.isin(draw.codes, codes)
            return met if match[2] in ("=", "in") else ~met
        name, _, how = part.partition(" ")
        if how == "ever":
            ever = self.draws[name].codes != 0 if name in self.draws else self.days[name] != NEVER
            return np.asarray(ever, np.bool_)
        if how == "happened":
            return self.happened(name)
        raise ValueError(f"`{part}` is not a condition")


def told_as(draw: Draw, told: Mapping[str, str]) -> Draw:
    """A draw with its words translated; a word translated as the empty text becomes none."""
    words = ("", *dict.fromkeys(text for text in told.values() if text))
    places = [0, *(words.index(told[word]) if told.get(word) else 0 for word in draw.words[1:])]
    return Draw(words, np.array(places, np.int16)[draw.codes])


def coded(texts: Sequence[str]) -> Draw:
    """A draw from texts; the empty text means none."""
    places: dict[str, int] = {"": 0}
    codes = np.array([places.setdefault(text, len(places)) for text in texts], np.int16)
    return Draw(tuple(places), codes)


@cache
def steps() -> tuple[Step, ...]:
    """All lines of `steps.tsv`, in order."""
    found: list[Step] = []
    for row in read_table(HERE / "steps.tsv", ("step", "kind", "when", "share", "after", "days", "values", "source")):
        kind, *how = row["kind"].split()
        pairs = [part.rsplit(" ", 1) for part in map(str.strip, row["values"].split(",")) if part]
        quartiles = [float(number) for number in row["days"].split()] or [0.0, 0.0, 0.0]
        found.append(
            Step(
                row["step"],
                kind == "day",
                "shared" in how,
                "lasting" in how,
                row["when"],
                float(row["share"] or 100) / 100,
                row["after"],
                (quartiles[0], quartiles[1], quartiles[2]),
                tuple(word for word, _ in pairs),
                tuple(float(weight) for _, weight in pairs),
                row["source"],
            )
        )
    return tuple(found)
