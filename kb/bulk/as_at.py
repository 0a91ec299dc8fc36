"""`kb.as_at` in columns: many records, each as it stood on its own day in its own stint.

`kb.as_at` defines the semantics; tests compare every step made here with the one made there. A row of `Stints` is what
is carried from day to day.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from kb.bulk.dates import shift
from kb.bulk.episode import Episodes, Spells, Turns, something_earlier, spells_at, turns
from kb.bulk.occurrences import CLOSED_ON, NEVER, Bits, Days, Records, last_by
from kb.bulk.table import (
    HAPPENED,
    NOT_HAPPENED,
    UNKNOWN,
    WHOLE,
    CaseTable,
    ListColumn,
    Numbers,
    codes_of,
    dtype_of,
)
from kb.bulk.tally import each, of_entries
from kb.carried import (
    AGREED_LATER,
    CAME_AT,
    CAME_FROM,
    DEATH,
    HOLDER,
    INVOLVEMENTS,
    ON_RECORD,
    POINTS_PAST,
    SINCE,
    SOMETHING_EARLIER,
    STINT_FROM,
)
from kb.vocabulary.model import Fact, Tally, Vocabulary

Rows = NDArray[np.int64]

MAX_CLOSED = 4  # closings that one row of `Stints` can hold
TEAM, POINT, ON = "team", "point", "on"  # parts of the list facts that a step carries


@dataclass
class Stints:
    """The fields of `kb.as_at.Stint` and of the episode, for many rows; UNKNOWN stands for None.

    `past` and `spent` hold the latest day of each transfer point (0: none); `closed_by` and `closed_on` the closings
    during the journey. Teams and points are numbered as in a `CaseTable`.
    """

    team: NDArray[np.int32]
    since: Days
    counts: Days
    came_from: NDArray[np.int32]
    came_at: NDArray[np.int32]
    moves: NDArray[np.int32]
    start: Days
    enters_from: Days
    past: Days
    spent: Days
    closed_by: NDArray[np.int32]
    closed_on: Days

    def of(self, rows: Rows) -> Stints:
        """The stints of some rows."""
        return Stints(*(getattr(self, part.name)[rows] for part in fields(self)))

    def put(self, rows: Rows, other: Stints) -> None:
        """Replaces the stints of some rows, in place."""
        for part in fields(self):
            getattr(self, part.name)[rows] = getattr(other, part.name)

    @property
    def episodes(self) -> Episodes:
        return Episodes(self.start, self.enters_from)


def no_stints(count: int, points: int) -> Stints:
    """`count` stints with every field unknown, for a vocabulary with `points` transfer points."""
    single = [np.full(count, UNKNOWN, np.int32) for _ in range(8)]
    single[5][:] = 0
    several = [np.zeros((count, points), np.int32) for _ in range(2)]
    closed = [np.full((count, MAX_CLOSED), UNKNOWN, np.int32) for _ in range(2)]
    return Stints(*single, *several, *closed)


@dataclass(frozen=True)
class SeenBy:
    """Which parts of the records are used, as `kb.as_at.Seen`; `gates` has one value a row."""

    gates: Bits
    undated: bool = False
    record: bool = False
    loosened: frozenset[str] = frozenset()


class AsAt:
    """Makes steps of some records. `only`: the facts needed (None: all)."""

    def __init__(self, of: Records, only: frozenset[str] | None = None):
        self.of, self.vocabulary = of, of.vocabulary
        self.only = only
        self.turns: dict[str, Turns] = {name: turns(of, name) for name in of.vocabulary.spells}

    def step(self, rows: Rows, day: Days, stints: Stints, seen: SeenBy) -> CaseTable:
        """The records of some rows (repeats allowed), each as it stood on its entry of `day`."""
        return _View(self, rows, day, stints, seen).table()

    def wanted(self, name: str) -> bool:
        return self.only is None or name in self.only

    @cached_property
    def agreed(self) -> tuple[str, ...]:
        """The facts that name the team of an agreement."""
        facts = self.vocabulary.facts
        of = {name: facts.get(fact.of) for name, fact in facts.items() if fact.type == "team" and name in self.of.table.columns}
        return tuple(name for name, event in of.items() if event is not None and event.time == "agreement")


class _View:
    def __init__(self, whole: AsAt, rows: Rows, day: Days, stints: Stints, seen: SeenBy):
        self.whole, self.of, self.vocabulary = whole, whole.of, whole.vocabulary
        self.rows, self.day, self.stints, self.seen = rows, day, stints, seen
        self.record = self.of.record_days[rows]
        self.on_record = day >= self.record
        self.columns: dict[str, Numbers] = {}
        self.later: dict[str, ListColumn] = {}
        self.lists: dict[str, ListColumn] = {}
        self.spells: dict[str, tuple[Spells, Spells]] = {}
        self.floors: dict[tuple[bool, bool, str], Days] = {}
        self.taken: dict[str, Days] = {}

    def table(self) -> CaseTable:
        for name, raw in self.of.table.columns.items():
            if self.whole.wanted(name) and name not in (HOLDER, SINCE):
                self.columns[name] = self._value(self.vocabulary.facts[name], raw[self.rows])
        for name, listed in self.of.table.lists.items():
            if self.whole.wanted(name):
                self.lists[name] = self._listed(self.vocabulary.facts[name], listed)
        self._add_loosened()
        self._add_states_of_spells()
        self._add_shown()
        self._add_tallies()
        self._nothing_after_death()
        self._carry()
        ids = range(len(self.rows))
        return CaseTable(self.of.table.policy, ids, self.day, self.columns, self.lists, (), None, self.later)  # type: ignore[arg-type]

    # one fact

    def _value(self, fact: Fact, raw: Numbers) -> Numbers:
        """The value of a fact on the day, as `kb.as_at._View.value`."""
        if fact.name in self.seen.loosened:
            return self._loosened(fact, raw)
        if fact.recurs:
            return self._event(fact, raw)
        if fact.time == "state":
            return self._state(fact, raw)
        visible = self._visible(fact)
        return raw if visible is None else np.where(visible, raw, raw.dtype.type(UNKNOWN))

    def _visible(self, fact: Fact) -> Bits | None:
        """The rows in which the recorded value of an undated fact counts; None if all."""
        if fact.time == "outcome" or (fact.time == "gate" and fact.of):
            return self._outcome(fact)
        if fact.time == "gate":
            return self.seen.gates
        if fact.time == "record":
            return None if self.seen.record else self.on_record
        if fact.time == "booking":
            return self._days(fact.name)[:, 0] >= self._floor(fact)
        if fact.time == "state":
            return self.day >= self.stints.start
        return None

    def _days(self, name: str) -> Days:
        found = self.taken.get(name)
        if found is None:
            found = self.taken[name] = self.of.days[name][self.rows]
        return found

    def _floor(self, fact: Fact) -> Days:
        """The earliest day that an occurrence of a fact may have in the present episode and the running spell."""
        enters, ends = fact.episode == "enters", fact.episode == "ends"
        spell = fact.spell if fact.part in ("in", "ends") else ""
        found = self.floors.get((enters, ends, spell))
        if found is None:
            found = self.stints.enters_from if enters else self.stints.start
            if ends:
                found = np.maximum(found, self.stints.counts)
                over = self.of.taken_over[self.rows]
                found = np.maximum(found, np.where(over <= self.day, over + 1, UNKNOWN))
            if spell:
                found = np.maximum(found, self._spells(spell)[0].start)
            self.floors[enters, ends, spell] = found
        return found

    def _spells(self, name: str) -> tuple[Spells, Spells]:
        if name not in self.spells:
            turned = self.whole.turns[name]
            self.spells[name] = spells_at(turned, self.rows, self.day, self.record, self.stints.episodes)
        return self.spells[name]

    def _past(self, fact: Fact) -> Days:
        """The last occurrence of a fact up to the day; 0 if none."""
        days = self._days(fact.name)
        floor = self._floor(fact)
        if days.shape[1] == 1:
            day = days[:, 0]
            return np.where((day <= self.day) & (day >= floor), day, 0)
        found = last_by(days, self.day)
        return np.where(found >= floor, found, 0)

    def _event(self, fact: Fact, raw: Numbers) -> Numbers:
        past = self._past(fact)
        first = self._days(fact.name)[:, 0]
        value = np.where(past > 0, past, UNKNOWN).astype(np.int32)
        if fact.name in self.of.ahead:
            value = self._with_planned(fact, value)
        if fact.type == "event":
            not_yet = (value == UNKNOWN) & (first > self.day) & (first <= self.record)
            value[not_yet | (raw == NOT_HAPPENED)] = NOT_HAPPENED
            if self.seen.undated:
                value[(raw == HAPPENED) & self.on_record] = HAPPENED
        return value

    def _with_planned(self, fact: Fact, value: Days) -> Days:
        days = self._days(fact.name)
        planned = np.where(days > np.maximum(self.record, self.day)[:, None], days, NEVER).min(axis=1)
        ahead = planned != NEVER
        both = ahead & (value != UNKNOWN)
        if both.any():
            offsets = np.concatenate([[0], np.cumsum(both)]).astype(np.int64)
            self.later[fact.name] = ListColumn(both, offsets, {WHOLE: planned[both].astype(np.int32)})
        return np.where(ahead & ~both, planned, value).astype(np.int32)

    def _loosened(self, fact: Fact, raw: Numbers) -> Numbers:
        if fact.time == "gate":
            return np.full(len(raw), UNKNOWN, raw.dtype)
        if not fact.recurs:
            return raw
        past = self._past(fact)
        if fact.name in self.of.ahead:  # if a later day is planned, it counts as happening now
            days = self._days(fact.name)
            planned = (days > np.maximum(self.record, self.day)[:, None]) & (days != NEVER)
            past = np.where(planned.any(axis=1), 0, past)
        happens = (raw != UNKNOWN) | (fact.time == "event")
        return np.where(past > 0, past, np.where(happens, self.day, UNKNOWN)).astype(np.int32)

    def _outcome(self, fact: Fact) -> Bits:
        event = self.vocabulary.facts[fact.of]
        without = self.seen.undated & self.on_record if event.time == "agreement" else np.ones(len(self.rows), np.bool_)
        if event.name not in self.of.days:
            return without
        days = self._days(event.name)
        last = np.where(days[:, 0] <= self.record, days[:, 0], 0) if days.shape[1] == 1 else last_by(days, self.record)
        found: Bits = np.where(last > 0, (last >= self._floor(event)) & (self.day >= last), without)
        return found

    def _state(self, fact: Fact, raw: Numbers) -> Numbers:
        seen = self.day >= self.stints.start
        if fact.part != "during":
            return np.where(seen, raw, raw.dtype.type(UNKNOWN))
        now, last = self._spells(fact.spell)
        same = (now.start == last.start) & (now.end == last.end) & (now.first == last.first)
        over = now.end != UNKNOWN
        before = np.where(last.ordered, np.where(last.end == UNKNOWN, raw, UNKNOWN), 0)
        on_record = np.where(self.on_record, raw, UNKNOWN)
        ended = np.where(same & (raw == 1), on_record, 0)
        running = np.where(same & (raw == 0), on_record, 1)
        value = np.where(now.start == UNKNOWN, before, np.where(over, ended, running))
        value = np.where(last.start == UNKNOWN, raw, value)
        return np.where(seen & (raw != UNKNOWN), value, UNKNOWN).astype(raw.dtype)

    # lists

    def _listed(self, fact: Fact, listed: ListColumn) -> ListColumn:
        if fact.name == INVOLVEMENTS and fact.name not in self.seen.loosened:
            return self._involvements(listed)
        known = listed.known[self.rows]
        if fact.name in self.seen.loosened:
            visible: Bits | None = np.zeros(len(self.rows), np.bool_) if fact.time == "gate" else None
        else:
            visible = self._visible(fact)
        return _entries(listed, self.rows, known if visible is None else known & visible)

    def _involvements(self, listed: ListColumn) -> ListColumn:
        """Involvements with the closings up to the day, including those made by the journey."""
        known = listed.known[self.rows]
        had = _entries(listed, self.rows, known)
        stays = had.parts[CLOSED_ON] <= self.day[had.rows]
        at, place = np.nonzero((self.stints.closed_by != UNKNOWN) & known[:, None])
        parts = {TEAM: self.stints.closed_by[at, place], CLOSED_ON: self.stints.closed_on[at, place]}
        rows = had.rows[stays]
        before = {name: part[stays] for name, part in had.parts.items()}
        if len(at):
            new = ~np.isin(_marks(at, parts), _marks(rows, before))
            order = np.argsort(np.concatenate([rows, at[new]]), kind="stable")
            before = {name: np.concatenate([before[name], parts[name][new]])[order] for name in before}
            rows = np.concatenate([rows, at[new]])[order]
        offsets = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=len(known)))]).astype(np.int64)
        return ListColumn(known, offsets, before)

    # facts that are added

    def _add_loosened(self) -> None:
        """Adds the loosened events that nobody recorded, as happening now."""
        for name in self.seen.loosened:
            if self.vocabulary.facts[name].time == "event" and name not in self.columns and self.whole.wanted(name):
                self.columns[name] = self.day.astype(np.int32)

    def _add_states_of_spells(self) -> None:
        for name, parts in self.vocabulary.spells.items():
            for state in parts["during"]:
                if self.whole.wanted(state) and self.whole.turns[name].on.shape[1]:
                    now = self._spells(name)[0]
                    column = self._column(state)
                    column[(column == UNKNOWN) & (now.end != UNKNOWN)] = 0

    def _column(self, name: str) -> Numbers:
        """The column of a fact under construction, to be changed in place."""
        if name in self.columns:
            self.columns[name] = self.columns[name].copy()
        else:
            fact = self.vocabulary.facts[name]
            self.columns[name] = np.full(len(self.rows), UNKNOWN, dtype_of(fact, self.vocabulary))
        return self.columns[name]

    def _add_shown(self) -> None:
        for shown in self.vocabulary.shown:
            outcome = self.vocabulary.facts[shown.outcome]
            pair = outcome.of, shown.fact
            recorded = {*self.of.table.columns, *self.columns}
            if not self.whole.wanted(outcome.name) or not recorded.issuperset(pair):
                continue
            event, other = (self._as_it_is(name) for name in pair)
            here = (event > HAPPENED) & (event == other) & (event <= self.day)
            for name in pair:
                if name in self.later:
                    here &= ~self.later[name].known
            number = codes_of(outcome, self.vocabulary).index(shown.value)
            if outcome.type.startswith("list"):
                self.lists[outcome.name] = _with_one(self.lists.get(outcome.name), here, number)
            else:
                column = self._column(outcome.name)
                column[here & (column == UNKNOWN)] = number

    def _add_tallies(self) -> None:
        """Compare `kb.as_at._tallies`."""
        for name, tally in self.vocabulary.tallies.items():
            if not self.whole.wanted(name):
                continue
            if self.vocabulary.facts[tally.source].recurs:
                if tally.source in self.of.days:
                    self.columns[name] = self._often(tally).astype(np.int32)
            elif (listed := self.lists.get(tally.source)) is not None:
                if tally.how == "each":
                    self.lists[name] = each(tally, listed)
                else:
                    self.columns[name] = of_entries(tally, listed)

    def _often(self, tally: Tally) -> Days:
        """How often an event had happened by the day; UNKNOWN where that is not known."""
        days, raw = self._days(tally.source), self.of.table.columns[tally.source][self.rows]
        since = shift(self.day, -tally.count, tally.unit) if tally.count else np.zeros(len(self.rows), np.int64)
        often = ((days >= since[:, None]) & (days <= self.day[:, None])).sum(axis=1)
        return np.where((raw == UNKNOWN) | (raw == HAPPENED), UNKNOWN, often).astype(np.int32)

    def _as_it_is(self, name: str) -> Numbers:
        if name not in self.columns:
            fact = self.vocabulary.facts[name]
            value = self._value(fact, self.of.table.columns[name][self.rows])
            return value
        return self.columns[name]

    def _nothing_after_death(self) -> None:
        """Removes everything but the dates of birth and death from the rows of children who have died."""
        if DEATH not in self.of.days:
            return
        died = self._days(DEATH)[:, 0]
        dead = died <= self.day
        if not dead.any():
            return
        alive = ~dead
        for name, column in self.columns.items():
            if name not in (DEATH, self.vocabulary.birth):
                self.columns[name] = np.where(alive, column, column.dtype.type(UNKNOWN))
        if DEATH in self.columns:
            self.columns[DEATH] = np.where(dead, died, self.columns[DEATH])
        every = np.arange(len(self.rows))
        self.lists = {name: _entries(listed, every, listed.known & alive) for name, listed in self.lists.items()}
        self.later = {name: _entries(listed, every, listed.known & alive) for name, listed in self.later.items()}
        birth = self.vocabulary.birth
        if birth in self.columns:
            raw = self.of.table.columns[birth][self.rows]
            self.columns[birth] = np.where(dead, raw, self.columns[birth])

    # facts carried by the journey

    def _carry(self) -> None:
        """Adds the facts of the stint, as `kb.as_at._carried` and `agreed_later`."""
        stints = self.stints
        earlier = something_earlier(self.of, self.rows, stints.start)
        carried = {
            SOMETHING_EARLIER: np.where(earlier, 1, UNKNOWN),
            ON_RECORD: np.where(self.on_record, 1, UNKNOWN),
            HOLDER: stints.team,
            SINCE: stints.since,
            STINT_FROM: stints.counts,
            CAME_FROM: stints.came_from,
            CAME_AT: stints.came_at,
            AGREED_LATER: self._agreed_later(),
        }
        for name, column in carried.items():
            if name in self.vocabulary.facts:
                self.columns[name] = column.astype(dtype_of(self.vocabulary.facts[name], self.vocabulary))
        latest = np.maximum(stints.past, stints.spent)
        rows, points = np.nonzero(latest)
        offsets = np.concatenate([[0], np.cumsum((latest > 0).sum(axis=1))]).astype(np.int64)
        parts = {POINT: points.astype(np.int16), ON: latest[rows, points]}
        self.lists[POINTS_PAST] = ListColumn(np.diff(offsets) > 0, offsets, parts)

    def _agreed_later(self) -> Numbers:
        found = np.full(len(self.rows), UNKNOWN, np.int32)
        if self.seen.loosened:
            return found
        for name in self.whole.agreed:
            of = self.vocabulary.facts[name].of
            if of in self.of.days:
                last = last_by(self._days(of), self.record)
                here = (last > self.day) & (found == UNKNOWN)
                found = np.where(here, self.of.table.columns[name][self.rows], found)
        return found


def facts_needed(vocabulary: Vocabulary, looked_at: frozenset[str]) -> frozenset[str]:
    """The facts whose columns a program needs, given the names that its conditions read."""
    return frozenset({*map(vocabulary.source, looked_at), *(name for name in looked_at if name in vocabulary.tallies)})


def _entries(listed: ListColumn, rows: Rows, known: Bits) -> ListColumn:
    """The lists of some rows; unknown where `known` is false."""
    counts = np.where(known, np.diff(listed.offsets)[rows], 0)
    offsets = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    taken = np.arange(offsets[-1]) - np.repeat(offsets[:-1] - listed.offsets[rows], counts)
    return ListColumn(known, offsets, {name: part[taken] for name, part in listed.parts.items()})


def _with_one(listed: ListColumn | None, here: Bits, number: int) -> ListColumn:
    """A list of codes in which the rows `here` that are unknown get the single code `number`."""
    if listed is None:
        offsets = np.concatenate([[0], np.cumsum(here)]).astype(np.int64)
        return ListColumn(here, offsets, {WHOLE: np.full(int(here.sum()), number, np.int8)})
    new = here & ~listed.known
    if not new.any():
        return listed
    counts = np.diff(listed.offsets) + new
    offsets = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    entries = np.full(int(offsets[-1]), number, listed.parts[WHOLE].dtype)
    entries[~np.repeat(new, counts)] = listed.parts[WHOLE]
    return ListColumn(listed.known | new, offsets, {WHOLE: entries})


def _marks(rows: Rows, parts: dict[str, Numbers]) -> NDArray[np.int64]:
    """One number for each (row, team, day), to find repeated closings."""
    team, day = parts[TEAM].astype(np.int64) + 1, parts[CLOSED_ON].astype(np.int64) + 1
    found: NDArray[np.int64] = (rows.astype(np.int64) << 36) | (team << 24) | day
    return found
