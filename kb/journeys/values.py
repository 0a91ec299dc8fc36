"""The values that projections give: one small language for facts, worksheets and tables.

day STEP            the day, once it has come        any STEP       the day, come or not
ahead STEP          the day, while it is to come     last A B C     the last day that has come
first A B           the first day that has come      word TEXT      the same text for all
of DRAW: a=b, *=c   the word of a draw, told so      list TEXT      a list of one word
of_done STEP DRAW   the same, once a day has come    ever STEP      yes or no
number N            a whole number                   key AB         an id of a row
id, family, team, team_id, closing_team, closing_team_id, recorded, age STEP, weeks, days_over
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kb.journeys.steps import NEVER, Block, Days, Flags

Objects = NDArray[Any]
_TERM, _YEAR = 280, 365.25


@dataclass(frozen=True)
class Children:
    """A block of journeys with what the journeys do not say: the teams, by code, and their names."""

    block: Block
    recorded: Objects
    closing: Objects
    names: dict[str, str]
    numbers: dict[str, str]
    fixed: Objects

    def ids(self) -> Objects:
        """Invented ids, by place."""
        start = self.block.start
        return np.array([f"child-{number:07d}" for number in range(start + 1, start + len(self.block) + 1)], dtype=object)

    def holds(self, when: str) -> Flags:
        """Where a condition holds; `held` is a child whom the record shows with a team."""
        if when.strip() == "held happened":
            return np.array([team in self.names for team in self.recorded], np.bool_)
        return self.block.holds(when)


def column(value: str, children: Children) -> Objects | Days:
    """A value for every child: days as day numbers (`NEVER` for none), else texts (None for none)."""
    head, _, table = value.partition(":")
    form, *names = head.split()
    block = children.block
    if form in ("day", "any", "ahead", "last", "first"):
        return _day(form, names, block)
    if form in ("weeks", "days_over"):
        return _pregnancy(form, block.day(names[0]), block.day(names[1]))
    if form == "age":
        born = block.days[names[0]]
        return _some(np.round((block.as_of - born) / _YEAR, 6), (born != NEVER) & (born <= block.as_of))
    if form in ("word", "list"):
        return np.full(len(block), value[5:].replace("~", ",") or None, dtype=object)
    if form == "number":
        return np.full(len(block), int(names[0]), dtype=object)
    if form == "ever":
        return _mapped(np.where(block.days[names[0]] != NEVER, "yes", "no").astype(object), table)
    if form == "of":
        return _mapped(block.words(names[0]), table)
    if form == "of_done":
        words = _mapped(block.words(names[1]), table)
        return _some(words, block.happened(names[0]))
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


def _pregnancy(form: str, born: Days, contact: Days) -> Objects:
    days = _TERM - (born - contact)
    number = days // 7 if form == "weeks" else days % 7
    return _some(number.astype(object), (days >= 0) & (born != NEVER) & (contact != NEVER))


def _mapped(words: Objects, table: str) -> Objects:
    mapping = {key: told for key, _, told in (part.strip().partition("=") for part in table.split(",") if part.strip())}
    rest = mapping.pop("*", None)
    told = {word: mapping.get(word, rest if mapping or rest else word) for word in set(words.tolist())}
    told = {word: text.replace("~", ",") if isinstance(text, str) else text for word, text in told.items()}
    return np.array([told[word] or None if word else None for word in words.tolist()], dtype=object)


def _named(form: str, names: list[str], children: Children) -> Objects:
    if form == "id":
        return children.ids()
    if form == "key":
        return np.array([f"{names[0]}-{child[6:]}" for child in children.ids()], dtype=object)
    if form == "family":
        return np.array([f"family-{number:07d}" for number in children.block.family + 1], dtype=object)
    if form == "recorded":
        return children.recorded
    teams = children.closing if form.startswith("closing") else children.recorded
    table = children.numbers if form.endswith("_id") else children.names
    return np.array([table.get(team) for team in teams], dtype=object)


def _some(values: Objects, where: Flags) -> Objects:
    found = np.array(values, dtype=object)
    found[~where] = None
    return found
