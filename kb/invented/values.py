"""The expression language of `own.tsv` and `tables.tsv`, for the value of a column.

day STEP            the day, if it is past           any STEP       the day, past or future
ahead STEP          the day, if it is future         last A B C     the last past day of several steps
first A B           the first past day               word TEXT      a constant text
of DRAW: a=b, *=c   the word of a draw, translated   list TEXT      a list of one word
of_done STEP DRAW   the same, if a day is past       ever STEP      yes or no: whether a day is past
number N            a constant number                key AB         an id for the row
id, family, team, team_id, closing_team, closing_team_id, recorded, age STEP, weeks, days_over
eighteenth STEP     the day of the eighteenth birthday
stint team, stint name, stint since, stint until     of a stint, in rows for `each stint`
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kb.invented.steps import NEVER, Block, Days, Draw, Flags, told_as

Objects = NDArray[Any]
_TERM, _YEAR = 280, 365.25
_OF_AGE = 18
_FEBRUARY, _LEAP_DAY = 2, 29


class Stint(NamedTuple):
    """A stint of an invented child. Days are ordinals (`NEVER`: not known, or not over). An empty team: not settled."""

    team: str
    since: int
    until: int


@dataclass(frozen=True)
class Children:
    """One episode of a block of invented children with their teams.

    recorded  team on record
    closing   team that closed the episode
    names     code of each team to its name
    numbers   code of each team to its id
    fixed     team on record if the steps alone determine it; none for most children
    stints    the stints on record, child by child
    earlier   the episode before
    """

    block: Block
    recorded: Draw
    closing: Draw
    names: Mapping[str, str]
    numbers: Mapping[str, str]
    fixed: Draw
    stints: Sequence[tuple[Stint, ...]] = field(default=(), repr=False)
    earlier: Children | None = None

    def lives(self) -> list[Children]:
        """The episodes of these children, the present one first."""
        return [self, *(self.earlier.lives() if self.earlier is not None else [])]

    def ids(self) -> list[str]:
        """The ids of the children."""
        start = self.block.start
        return [f"child-{number:07d}" for number in range(start + 1, start + len(self.block) + 1)]

    def holds(self, when: str) -> Flags:
        """The children for whom a condition holds. `held happened`: the record has a team for the child."""
        if when.strip() == "held happened":
            codes = [code for code, word in enumerate(self.recorded.words) if word in self.names]
            return np.isin(self.recorded.codes, codes)
        return self.block.holds(when)


def column(value: str, children: Children) -> Days | Draw | Objects:
    """The value of an expression for every child: ordinals (`NEVER`: none), a draw, or objects (None: none)."""
    head, _, table = value.partition(":")
    form, *names = head.split()
    block = children.block
    if form in ("day", "any", "ahead", "last", "first"):
        return _day(form, names, block)
    if form == "eighteenth":
        return _birthday(block.day(names[0]), _OF_AGE)
    if form in ("weeks", "days_over"):
        return _pregnancy(form, block.day(names[0]), block.day(names[1]))
    if form == "age":
        born = block.days[names[0]]
        return _some(np.round((block.as_of - born) / _YEAR, 6), (born != NEVER) & (born <= block.as_of))
    if form in ("word", "list", "number"):
        return _always(value.partition(" ")[2].replace("~", ","), len(block))
    if form == "ever":
        return told_as(Draw(("", "no", "yes"), 1 + (block.days[names[0]] != NEVER)), _mapping(table, ("yes", "no")))
    if form == "of":
        return told_as(block.draws[names[0]], _mapping(table, block.draws[names[0]].words))
    if form == "of_done":
        draw = block.draws[names[1]]
        come = Draw(draw.words, np.where(block.happened(names[0]), draw.codes, 0))
        return told_as(come, _mapping(table, draw.words))
    return _named(form, names, children)


def _day(form: str, names: list[str], block: Block) -> Days:
    if form == "any":
        return block.day(names[0])
    if form == "ahead":
        day = block.day(names[0])
        return np.where(day > block.as_of, day, NEVER).astype(np.int32)
    come = [np.where(block.happened(name), block.days[name], NEVER) for name in names]
    if form == "first":
        ahead = np.iinfo(np.int32).max
        found = np.min([np.where(day == NEVER, ahead, day) for day in come], axis=0)
        return np.where(found == ahead, NEVER, found).astype(np.int32)
    return np.asarray(np.max(come, axis=0), np.int32)


def _birthday(born: Days, years: int) -> Days:
    """The birthdays of children some years on; the day before, where the year has no 29 February."""
    dates = [date.fromordinal(day) for day in np.where(born == NEVER, 1, born).tolist()]
    leap = [day.month == _FEBRUARY and day.day == _LEAP_DAY for day in dates]
    days = [day.replace(year=day.year + years, day=day.day - at_end).toordinal() for day, at_end in zip(dates, leap)]
    return np.where(born == NEVER, NEVER, days).astype(np.int32)


def _pregnancy(form: str, born: Days, contact: Days) -> Draw:
    """Completed weeks of pregnancy on the day of contact (`weeks`), or the days beyond them (`days_over`)."""
    days = _TERM - (born - contact)
    number = days // 7 if form == "weeks" else days % 7
    known = (days >= 0) & (born != NEVER) & (contact != NEVER)
    highest = int(number[known].max(initial=0))
    return Draw(("", *map(str, range(highest + 1))), np.where(known, number + 1, 0))


def _always(text: str, count: int) -> Draw:
    return Draw(("", text), np.full(count, 1 if text else 0, np.int8))


def _mapping(table: str, words: Sequence[str]) -> dict[str, str]:
    """The translation of each word, from text such as `a=b, *=c`; unchanged if there is none."""
    if not table.strip():
        return {word: word for word in words}
    pairs = (part.strip().partition("=") for part in table.split(",") if part.strip())
    mapping = {key: told.replace("~", ",") for key, _, told in pairs}
    rest = mapping.pop("*", "")
    return {word: mapping.get(word, rest) for word in words}


def _named(form: str, names: list[str], children: Children) -> Draw | Objects:
    if form == "id":
        return np.array(children.ids(), dtype=object)
    if form == "key":
        which = f"{names[0]}{children.block.episode or ''}"
        return np.array([f"{which}-{child[6:]}" for child in children.ids()], dtype=object)
    if form == "family":
        return np.array([f"family-{number:07d}" for number in children.block.family + 1], dtype=object)
    if form == "recorded":
        return children.recorded
    teams = children.closing if form.startswith("closing") else children.recorded
    table = children.numbers if form.endswith("_id") else children.names
    return told_as(teams, {word: table.get(word, "") for word in teams.words})


def _some(values: Objects, where: Flags) -> Objects:
    found = np.array(values, dtype=object)
    found[~where] = None
    return found
