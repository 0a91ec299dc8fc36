"""The journeys of many cases at once: `queries.journey` in columns, for cases whose journey has a single plain way.

In each pass every row takes its next day: the records are put as they stood on that day (`kb.bulk.as_at`), one
engine evaluates the moves of all rows, and what moved, closed, opened or is spent is carried on. Rare and hard
cases are handed over to the journey of single cases: no recorded holder, an event without a known day, a
misdated event, a move that is open or leads to two teams, a cycle. `queries.journey` defines each step.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from kb.bulk.as_at import MAX_CLOSED, AsAt, Rows, SeenBy, Stints, facts_needed, no_stints
from kb.bulk.bits import ALL, Plane, unpack
from kb.bulk.conditions import BulkConditions
from kb.bulk.episode import Episodes, first_episode, has_misdated
from kb.bulk.occurrences import NEVER, Bits, Days, records
from kb.bulk.table import HAPPENED, UNKNOWN, CaseTable, Numbers, team_codes
from kb.carried import CLOSED, HOLDER, SINCE
from kb.case import NO_TEAM_ON_RECORD
from kb.dates import MINUTES_A_DAY
from kb.engines.bulk.interface import BulkEngine, Firings
from kb.episode import at_front_door
from kb.language.model import Atom, Constant, Term
from kb.program import Program
from kb.timing import facts_in
from queries.journey import MAX_ROUNDS

MAX_OCCURRENCES = 12  # of one fact; rows with more are handed over
PAIRS = 131_072  # (row, day) pairs evaluated together
WITHOUT_POINT = UNKNOWN


@dataclass(frozen=True)
class Dated:
    """A conclusion with a day: its certain and possible halves, and the term of the day. Teams and points are indices."""

    atom: Atom
    certain: int
    possible: int
    term: Term
    origin: int = UNKNOWN
    to: int = UNKNOWN
    point: int = WITHOUT_POINT
    points: tuple[int, ...] = ()


@dataclass(frozen=True)
class Rules:
    """What a program says about moves, with teams and points as indices into the table's codes."""

    program: Program

    @cached_property
    def of_moves(self) -> Program:
        return self.program.of_moves

    @cached_property
    def teams(self) -> dict[str, int]:
        return {code: number for number, code in enumerate(team_codes(self.program.policy.vocabulary))}

    @cached_property
    def points(self) -> dict[str, int]:
        codes = self.program.policy.vocabulary.codes.get("point", ())
        return {code.code: number for number, code in enumerate(codes)}

    @cached_property
    def moved(self) -> tuple[Dated, ...]:
        """The `moved` conclusions; if several hold, the first one counts."""
        timing = self.program.timing
        found: list[Dated] = []
        for one in self._dated("moved", 3):
            origin, to, point = (_code(one.atom, place) for place in range(3))
            points = {p for fact in facts_in(one.term) for p in timing.points_of_fact.get(fact, ())} | {point}
            numbers = tuple(sorted(self.points[p] for p in points))
            found.append(replace(one, origin=self.teams[origin], to=self.teams[to], point=self.points[point], points=numbers))
        return tuple(sorted(found, key=lambda one: (one.point, _code(one.atom, 1))))

    @cached_property
    def reached(self) -> tuple[Dated, ...]:
        return tuple(replace(one, point=self.points[_code(one.atom, 0)]) for one in self._dated("reached", 1))

    @cached_property
    def closes(self) -> tuple[Dated, ...]:
        return self._dated("closes", 0)

    @cached_property
    def opens(self) -> tuple[Dated, ...]:
        return self._dated("opens", 1)

    def _dated(self, predicate: str, place: int) -> tuple[Dated, ...]:
        entries = self.of_moves.by_predicate.get(predicate, ())
        return tuple(Dated(atom, certain, possible, atom.args[place]) for atom, certain, possible in entries)

    @cached_property
    def had_its_effect(self) -> tuple[int | None, ...]:
        """For each of `reached` the half that says that the event has had its effect; None if no rule concludes it."""
        halves = self.of_moves.halves
        numbers = [halves.numbers.get(Atom("had_its_effect", one.atom.args)) for one in self.reached]
        return tuple(None if number is None else halves.certain(number) for number in numbers)

    @cached_property
    def held_up(self) -> tuple[tuple[int, int, int], ...]:
        """For each move that a gate may hold up: the half that says so, its team and its point."""
        entries = self.of_moves.by_predicate.get("held_up", ())
        told = ((certain, _code(a, 0), _code(a, 2)) for a, certain, _ in entries)
        return tuple((certain, self.teams[team], self.points[point]) for certain, team, point in told)

    @cached_property
    def out_of(self) -> Bits:
        """Matrix of points by teams: whether the point leads out of the team. The last column is for no team."""
        found = np.zeros((len(self.points), len(self.teams) + 1), np.bool_)
        for team, points in self.program.timing.out_of.items():
            found[[self.points[point] for point in points], self.teams[team]] = True
        return found

    @cached_property
    def front(self) -> Bits:
        """For each team on record whether it means the front door; the last entry is for no team."""
        doors = self.program.timing.front_doors
        return np.array([*(at_front_door(team, doors) for team in self.teams), False])

    @cached_property
    def needed(self) -> frozenset[str]:
        """Names of the facts that moves and their days look at."""
        halves = self.of_moves.halves
        looked_at = {name for number in halves.conditions for name in halves.looked_up.needs.get(number, ())}
        for one in (*self.moved, *self.reached, *self.closes, *self.opens):
            looked_at |= facts_in(one.term)
        return facts_needed(self.program.policy.vocabulary, frozenset(looked_at))


@dataclass(frozen=True)
class Walked:
    """The result of a walk.

    plain       rows that were walked; the others are handed over
    stints      the present stint of each row
    gates_from  as in `Journey`
    step        the last step of the plain rows, in order
    """

    plain: Bits
    stints: Stints
    gates_from: Days
    step: CaseTable


def walk(rules: Rules, table: CaseTable, engine: BulkEngine) -> Walked:
    """The journeys of the cases of a table, up to the day of each answer."""
    walking = _Walk(rules, table, engine)
    stints, gates_from = walking.journeys()
    rows = np.flatnonzero(walking.plain)
    here = stints.of(rows)
    seen = SeenBy(here.moves >= gates_from[rows], undated=True)
    step = AsAt(walking.of, None).step(rows, table.as_of[rows], here, seen)
    return Walked(walking.plain, stints, gates_from, step)


@dataclass
class _Place:
    """The state of the walk of each row.

    at       index of its day among the row's days
    rounds   number of moves on that day
    looked   for each of `Rules.reached` the last day found able to move the child, in this stint
    held     the same for events that a gate held up
    """

    stints: Stints
    at: NDArray[np.int64]
    rounds: NDArray[np.int64]
    looked: Days
    held: Days


class _Walk:
    def __init__(self, rules: Rules, table: CaseTable, engine: BulkEngine):
        self.rules, self.table, self.engine = rules, table, engine
        self.vocabulary, self.timing = rules.program.policy.vocabulary, rules.program.timing
        self.of = records(table, self.vocabulary)
        self.view = AsAt(self.of, rules.needed)
        self.record = self.of.record_days
        self.followed: dict[tuple[bytes, ...], dict[int, Bits]] = {}  # the second walk asks again what the first one asked
        self.plain = ~self._hard()
        self.none, self.closed = rules.teams[NO_TEAM_ON_RECORD], rules.teams[CLOSED]

    def _hard(self) -> Bits:
        """The rows that are handed over from the start."""
        facts, columns = self.vocabulary.facts, self.table.columns
        holder = columns.get(HOLDER)
        hard = np.ones(len(self.table), np.bool_) if holder is None else holder == UNKNOWN
        for name, days in self.of.days.items():
            if facts[name].type == "event" and facts[name].recurs and name in self.timing.dated:
                hard |= columns[name] == HAPPENED
            if days.shape[1] > MAX_OCCURRENCES:
                hard |= days[:, MAX_OCCURRENCES] != NEVER
        for name in (*columns, *self.table.lists):
            of = facts.get(facts[name].of)
            if of is not None and of.time == "agreement":
                known = self.table.lists[name].known if name in self.table.lists else columns[name] != UNKNOWN
                hard |= known & ((self.of.days[of.name][:, 0] == NEVER) if of.name in self.of.days else True)
        return hard

    # the first stint

    def begin(self) -> tuple[Stints, Days]:
        """The first stint of each row, and the first day of its journey (UNKNOWN: any). As `queries.journey._Walk.begin`."""
        of, count = self.of, len(self.table)
        every = np.arange(count)
        stints = no_stints(count, len(self.rules.points))
        holder = self.table.columns.get(HOLDER, np.full(count, UNKNOWN))
        since = of.days[SINCE][:, 0] if SINCE in of.days else np.full(count, NEVER, np.int32)
        earlier = (since != NEVER) & (self.table.as_of < since)
        stints.team = np.where(earlier & (holder != UNKNOWN), self.none, holder).astype(np.int32)
        nobody = earlier | (stints.team == self.none)
        since = np.where((since == NEVER) | nobody, UNKNOWN, since).astype(np.int32)
        front = self.rules.front[stints.team]
        by = np.where(since == UNKNOWN, self.record, since).astype(np.int32)
        episodes = first_episode(of, every, by, front)
        self.plain &= ~has_misdated(of, every, episodes.start)
        again = np.flatnonzero(self.plain & ~front & (since == UNKNOWN))
        if len(again):
            ended = self._ended(again, Episodes(episodes.start[again], episodes.enters_from[again]))
            more = first_episode(of, again, by[again], front[again], ended)
            self.plain[again] &= ~has_misdated(of, again, more.start)
            episodes.start[again], episodes.enters_from[again] = more.start, more.enters_from
        stints.start, stints.enters_from = episodes.start, episodes.enters_from
        stints.since = np.where(since != UNKNOWN, since, np.where(front, episodes.start, UNKNOWN)).astype(np.int32)
        self.plain &= stints.since <= self.table.as_of
        self.plain &= ~(front & (since == UNKNOWN)) | self._opened_on(stints.since)  # else its first day is only a bound
        self._count(stints, np.flatnonzero(self.plain & ~front))
        self.plain &= front | (since != UNKNOWN) | (stints.counts <= self.table.as_of)  # else the team had not taken over yet
        return stints, np.where(stints.since != UNKNOWN, stints.since, stints.counts)

    def _opened_on(self, day: Days) -> NDArray[np.bool_]:
        """The rows with a contact, or another event that opens a case, on a day, and those without a day."""
        found: NDArray[np.bool_] = day == UNKNOWN
        for name in self.vocabulary.of_episode("opens"):
            if name in self.of.days:
                found = found | (self.of.days[name] == day[:, None]).any(axis=1)
        return found

    def _count(self, stints: Stints, rows: Rows) -> None:
        """Sets the day from which events count for teams on record. As `queries.journey._Walk._counted`."""
        if not len(rows):
            return
        since = stints.since[rows]
        episodes = Episodes(stints.start[rows], stints.enters_from[rows])
        at, day, point = self._led_to(rows, stints.team[rows], episodes, only=since)
        earliest = np.full(len(rows), NEVER, np.int32)
        np.minimum.at(earliest, at, day)
        bound = np.maximum(episodes.start, np.where(earliest == NEVER, UNKNOWN, earliest))
        counts = np.where(since != UNKNOWN, since, bound).astype(np.int32)
        stints.counts[rows] = counts
        begins = day == counts[at]
        stints.past[rows[at[begins]], point[begins]] = day[begins]

    def _ended(self, rows: Rows, episodes: Episodes) -> Days:
        """As `queries.journey._Walk._ended`; 0 where there is no such day."""
        found = np.zeros(len(rows), np.int32)
        at, day, _ = self._led_to(rows, np.full(len(rows), self.closed), episodes, surely=True)
        before = day < self.of.last_open_day[rows][at]
        np.maximum.at(found, at[before], day[before])
        return found

    def _led_to(
        self, rows: Rows, teams: Numbers, episodes: Episodes, surely: bool = False, only: Days | None = None
    ) -> tuple[Rows, Days, Rows]:
        """The events that led to the team of each row: index of the row, day and point.

        `only`: the one day of each row to consider. As `queries.journey._Walk._led_to`.
        """
        at, day, point, team = self._may_have_led(rows, teams, episodes, only)
        if not len(at):
            return at, day, point
        marks, pair = np.unique((at << 32) | day, return_inverse=True)
        at_pair, on_pair = marks >> 32, (marks & 0xFFFFFFFF).astype(np.int32)
        good = np.zeros(len(at), np.bool_)
        for start in range(0, len(marks), PAIRS):
            part = slice(start, start + PAIRS)
            stints = no_stints(len(at_pair[part]), len(self.rules.points))
            stints.start, stints.enters_from = episodes.start[at_pair[part]], episodes.enters_from[at_pair[part]]
            seen = SeenBy(np.zeros(len(stints.start), np.bool_))
            firings = self._fire(rows[at_pair[part]], on_pair[part], stints, seen)
            mine = np.flatnonzero((pair >= start) & (pair < start + PAIRS))
            for atom, certain, possible in self.rules.of_moves.by_predicate.get("route", ()):
                to, at_point = self.rules.teams[_code(atom, 1)], self.rules.points[_code(atom, 2)]
                plane = firings.half(certain) if surely else firings.half(certain) | firings.half(possible)
                some = mine[(team[mine] == to) & (point[mine] == at_point)]
                if len(some):
                    good[some] |= unpack(plane, firings.count)[pair[some] - start]
        return at[good], day[good], point[good]

    def _may_have_led(
        self, rows: Rows, teams: Numbers, episodes: Episodes, only: Days | None
    ) -> tuple[Rows, Days, Rows, Numbers]:
        """The recorded events of the episode at points that lead to the team of each row."""
        found: list[tuple[Rows, Days, Rows, Numbers]] = [(np.zeros(0, np.int64), np.zeros(0, np.int32), *_nothing())]
        codes = list(self.rules.teams)
        for team in np.unique(teams).tolist():
            mine = np.flatnonzero(teams == team)
            for point, name in self._events_into(codes[team]):
                days = self.of.days[name][rows[mine]]
                floor = episodes.enters_from if self.vocabulary.facts[name].episode == "enters" else episodes.start
                here = (days <= self.record[rows[mine]][:, None]) & (days >= floor[mine][:, None])
                if only is not None:
                    here &= (only[mine][:, None] == UNKNOWN) | (days == only[mine][:, None])
                spoken = self._speaks_of(name, team, rows[mine])
                if spoken is not None:
                    here &= spoken[:, None]
                row, place = np.nonzero(here)
                number = np.full(len(row), self.rules.points[point])
                found.append((mine[row], days[row, place], number, np.full(len(row), team)))
        at, day, points, of_team = (np.concatenate(parts) for parts in zip(*found))
        return at, day, points, of_team

    def _events_into(self, team: str) -> Iterator[tuple[str, str]]:
        for point in sorted(self.timing.into.get(team, ())):
            for name in sorted(self.timing.facts_of_point.get(point, ())):
                fact = self.vocabulary.facts.get(name)
                if fact is not None and fact.time == "event" and fact.episode != "opens" and name in self.of.days:
                    yield point, name

    def _speaks_of(self, event: str, team: int, rows: Rows) -> Bits | None:
        """Where the team named by an event's outcome is `team`; None if the event has no such outcome."""
        facts = self.vocabulary.facts.items()
        named = [n for n, f in facts if f.of == event and f.type == "team" and f.time == "outcome"]
        if not named:
            return None
        found = np.zeros(len(rows), np.bool_)
        for name in named:
            if name in self.table.columns:
                found |= self.table.columns[name][rows] == team
        return found

    # day by day

    def journeys(self) -> tuple[Stints, Days]:
        """The present stint of each plain row, and the move from which undated gates count (law 6)."""
        stints, start = self.begin()
        count = len(self.table)
        gates_from = np.zeros(count, np.int32)
        begun = self._place(stints)
        days = self._days(np.arange(count), start, self.record)
        every = np.flatnonzero(self.plain)
        self.saved, self.began = self._copy(begun), self._copy(begun)
        free = self._copy(begun)
        self._go(every, free, days, gates_from=None, saves=gates_from)
        past = self.table.as_of < self.record
        twice = self.plain & (past | self._undated_gates())
        rows = np.flatnonzero(twice & ~past)
        if len(rows):
            self._put(free, rows, self._of(self.saved, rows))
            self._go(rows, free, days, gates_from)
        rows = np.flatnonzero(twice & past)
        if len(rows):
            self._put(free, rows, self._of(begun, rows))
            days = self._days(np.arange(count), start, self.table.as_of)
            self._go(rows, free, days, gates_from)
        gates_from[~twice] = 0
        return free.stints, gates_from

    @cached_property
    def of_the_record(self) -> Bits:
        """The rows with a fact that speaks of the day of the record only, as `kb.episode.of_the_record`."""
        found = np.zeros(len(self.table), np.bool_)
        for name, column in self.table.columns.items():
            if self.vocabulary.facts[name].time == "record" and name not in (HOLDER, SINCE) and name in self.rules.needed:
                found |= column != UNKNOWN
        return found

    def _undated_gates(self) -> Bits:
        found = np.zeros(len(self.table), np.bool_)
        for name, column in self.table.columns.items():
            fact = self.vocabulary.facts[name]
            if fact.time == "gate" and not fact.of:
                found |= column != UNKNOWN
        for name, listed in self.table.lists.items():
            fact = self.vocabulary.facts[name]
            if fact.time == "gate" and not fact.of:
                found |= listed.known
        return found

    def _days(self, rows: Rows, start: Days, last: Days) -> Days:
        """The days of each row on which the holder can change, and the last day; as `Timing.days`."""
        columns = [self.of.days[name] for name in self.timing.dated if name in self.of.days]
        columns += [self.of.earlier_closings, start[:, None]]
        for term in self.timing.thresholds:
            for value in self._thresholds(term):
                columns += [value, np.where(value == NEVER, NEVER, value + 1)]
        days = np.concatenate(columns, axis=1).astype(np.int32)
        days[(days < start[:, None]) | (days >= last[:, None]) | (days <= 0)] = NEVER
        days = np.concatenate([days, np.where(last >= start, last, NEVER)[:, None]], axis=1)
        days.sort(axis=1)
        days[:, 1:][days[:, 1:] == days[:, :-1]] = NEVER
        days.sort(axis=1)
        used = int((days != NEVER).sum(axis=1).max(initial=0))
        return np.ascontiguousarray(days[:, : used + 1]) if used < days.shape[1] else _with_end(days)

    def _thresholds(self, term: Term) -> Iterator[Days]:
        """The days of a term for every recorded value of the fact in it."""
        names = facts_in(term)
        if len(names) != 1:
            return
        (name,) = names
        fact, column = self.vocabulary.facts.get(name), self.table.columns.get(name)
        if fact is not None and column is not None and fact.type == "datetime":
            recorded, known, unit = column[:, None], (column != UNKNOWN)[:, None], MINUTES_A_DAY
        elif name in self.of.days:
            recorded, known, unit = self.of.days[name], self.of.days[name] != NEVER, 1
        else:
            return
        value = np.full(recorded.shape, NEVER, np.int32)
        every, where = np.unique(recorded[known], return_inverse=True)
        if len(every):
            value[known] = self._values(term, name, every)[where] // unit
        yield value

    def _values(self, term: Term, name: str, every: Numbers) -> Numbers:
        """The value of a term for each value of the one fact in it."""
        count = len(every)
        table = CaseTable(self.table.policy, [""] * count, np.zeros(count, np.int32), {name: every}, {})
        found, _ = BulkConditions(table, self.vocabulary).rows(0, count).value(term)
        return np.asarray(found)

    def _place(self, stints: Stints) -> _Place:
        count, reached = len(self.table), len(self.rules.reached)
        looked = np.full((count, reached), UNKNOWN, np.int32)
        return _Place(stints, np.zeros(count, np.int64), np.zeros(count, np.int64), looked, looked.copy())

    def _copy(self, place: _Place) -> _Place:
        return self._of(place, np.arange(len(self.table)))

    def _of(self, place: _Place, rows: Rows) -> _Place:
        return _Place(place.stints.of(rows), place.at[rows], place.rounds[rows], place.looked[rows], place.held[rows])

    def _put(self, place: _Place, rows: Rows, other: _Place) -> None:
        place.stints.put(rows, other.stints)
        place.at[rows], place.rounds[rows] = other.at, other.rounds
        place.looked[rows], place.held[rows] = other.looked, other.held

    def _go(self, rows: Rows, place: _Place, days: Days, gates_from: Days | None, saves: Days | None = None) -> None:
        """Walks some rows to the end of their days. `saves` receives the move from which undated gates will count."""
        rows = rows[days[rows, place.at[rows]] != NEVER]
        while len(rows):
            day = days[rows, place.at[rows]]
            stays = _Day(self, rows, day, self._of(place, rows), gates_from, saves).move(place)
            place.at[rows[~stays]] += 1
            place.rounds[rows[~stays]] = 0
            rows = rows[self.plain[rows]]
            rows = rows[days[rows, place.at[rows]] != NEVER]

    def _fire(self, rows: Rows, day: Days, stints: Stints, seen: SeenBy) -> Firings:
        table = self.view.step(rows, day, stints, seen)
        firings = next(iter(self.engine.fire(self.rules.of_moves, table)))
        assert firings.count == len(rows), "the engine takes all rows at once"
        return firings


class _Day:
    """One day of each of some rows."""

    def __init__(self, whole: _Walk, rows: Rows, day: Days, place: _Place, gates_from: Days | None, saves: Days | None):
        self.whole, self.rules = whole, whole.rules
        self.rows, self.day, self.place, self.saves = rows, day, place, saves
        self.stints = place.stints
        self.gates = np.zeros(len(rows), np.bool_) if gates_from is None else self.stints.moves >= gates_from[rows]
        self.firings = whole._fire(rows, day, self.stints, SeenBy(self.gates))
        self.read = _Read(self.firings)

    def move(self, place: _Place) -> Bits:
        """Advances the rows; returns which of them stay on the same day."""
        to, rank, hard = self._certain_moves()
        self.hand_over(hard)
        moves = (to != UNKNOWN) & ~hard
        self.hand_over(moves & self._of_an_earlier_stint())
        self.hand_over(self._by_the_record(moves, rank))
        self._moved(moves, rank, place)
        rest = ~hard & ~moves
        rest &= ~self._closed(rest, place)
        rest &= ~self._opened(rest, place)
        spent = self._spend(rest, place)
        stays: Bits = ~rest | spent
        return stays

    def hand_over(self, hard: Bits) -> None:
        self.whole.plain[self.rows[hard]] = False

    def _certain_moves(self) -> tuple[NDArray[np.int32], NDArray[np.int32], Bits]:
        """For each row the team it certainly moves to, the index into `Rules.moved`, and whether the move is not plain."""
        count = len(self.rows)
        to, rank = np.full(count, UNKNOWN, np.int32), np.full(count, UNKNOWN, np.int32)
        hard = np.zeros(count, np.bool_)
        maybe: list[tuple[Bits, int]] = []
        for place, move in enumerate(self.rules.moved):
            certain, possible = self.firings.half(move.certain), self.firings.half(move.possible)
            known = self.read.known(move.term)
            undated = certain if known is None else certain & ~known
            if undated.any():
                hard |= unpack(undated, count) & (self.day == self.whole.record[self.rows])
            if known is None or not ((certain | possible) & known).any():
                continue
            here = unpack(certain & known, count)
            hard |= here & (to != UNKNOWN) & (to != move.to)
            new = here & (to == UNKNOWN)
            to[new], rank[new] = move.to, place
            open_here = unpack(possible & ~certain & known, count)
            if open_here.any():
                maybe.append((open_here, move.to))
        for here, team in maybe:
            hard |= here & (to != team)
        return to, rank, hard

    def _of_an_earlier_stint(self) -> Bits:
        """As `queries.journey._Walk._of_an_earlier_stint`."""
        stints = self.stints
        first = (stints.moves == 0) & (stints.since == UNKNOWN) & ~self.rules.front[stints.team]
        found: Bits = first & self.whole.of.undated_before[self.rows]
        return found

    def _by_the_record(self, moves: Bits, rank: NDArray[np.int32]) -> Bits:
        """The rows whose move is open by a fact of the day of the record, as `queries.journey._Walk._by_the_record`."""
        here = np.flatnonzero(moves & self.whole.of_the_record[self.rows] & (self.day < self.whole.record[self.rows]))
        found = np.zeros(len(self.rows), np.bool_)
        found[here] = ~self._moves_as_recorded(here, self.day[here], rank[here])
        return found

    def _undated(self, moves: Bits, rank: NDArray[np.int32]) -> Bits:
        """The rows whose move has no known day, as `queries.journey._Walk._dated_by_the_record`."""
        at = np.flatnonzero(moves & self.whole.of_the_record[self.rows] & (self.day == self.whole.record[self.rows]))
        on = np.zeros(len(self.rows), np.int32)
        for number in np.unique(rank[at]).tolist():
            some = at[rank[at] == number]
            on[some] = self.read.days(self.rules.moved[number].term)[some]
        here = at[(on[at] < self.day[at]) & (self.stints.since[at] <= on[at])]
        found = np.zeros(len(self.rows), np.bool_)
        found[here] = self._moves_as_recorded(here, on[here], rank[here])
        return found

    def _moves_as_recorded(self, here: Rows, day: Days, rank: NDArray[np.int32]) -> Bits:
        """Where a move is sure on a day by the facts of the day of the record. `rank`: the move of each row."""
        found = np.zeros(len(here), np.bool_)
        if len(here):
            firings = self.whole._fire(self.rows[here], day, self.stints.of(here), SeenBy(self.gates[here], record=True))
            for number in np.unique(rank).tolist():
                found |= (rank == number) & unpack(firings.half(self.rules.moved[number].certain), len(here))
        return found

    def _moved(self, moves: Bits, rank: NDArray[np.int32], place: _Place) -> None:
        here = np.flatnonzero(moves)
        if not len(here):
            return
        rows, undated = self.rows[here], self._undated(moves, rank)
        if self.saves is not None:
            self.whole._put(self.whole.saved, rows, self.whole._of(self.whole.began, rows))
            self.saves[rows] = self.stints.moves[here]
        new = self.stints.of(here)
        for number in np.unique(rank[here]).tolist():
            move, some = self.rules.moved[number], np.flatnonzero(rank[here] == number)
            on = self.read.days(move.term)[here[some]]
            new.team[some], new.came_from[some], new.came_at[some] = move.to, move.origin, move.point
            new.since[some] = np.where(undated[here[some]], UNKNOWN, np.maximum(on, self.day[here[some]]))
            for point in move.points:
                new.past[some, point] = np.maximum(new.past[some, point], on)
        new.counts = np.where(undated[here], new.counts, new.since)
        new.spent[:] = 0
        new.moves += 1
        self._begin(here, new, place)

    def _begin(self, here: Rows, new: Stints, place: _Place) -> None:
        """Puts rows into the stint that a move begins."""
        rows = self.rows[here]
        place.stints.put(rows, new)
        place.looked[rows] = place.held[rows] = UNKNOWN
        place.rounds[rows] += 1
        self.whole.plain[rows[place.rounds[rows] >= MAX_ROUNDS]] = False
        if self.saves is not None:
            self.whole._put(self.whole.began, rows, self.whole._of(place, rows))

    def _closed(self, rest: Bits, place: _Place) -> Bits:
        """Applies recorded closings; returns the rows that were closed."""
        done = np.zeros(len(self.rows), np.bool_)
        for close in self.rules.closes:
            known = self.read.known(close.term)
            if known is None:
                continue
            on = self.read.days(close.term)
            here = unpack(self.firings.half(close.certain) & known, len(self.rows)) & rest & ~done
            here &= (self.stints.team != self.whole.closed) & (on <= self.day)
            at = np.flatnonzero(here)
            if not len(at):
                continue
            done |= here
            new = self.stints.of(at)
            origin = np.where(self.holder[at] == UNKNOWN, new.team, self.holder[at])
            closed_on = np.maximum(on[at], self.day[at])
            room = (new.closed_by == UNKNOWN).argmax(axis=1)
            full = (new.closed_by != UNKNOWN).all(axis=1)
            self.whole.plain[self.rows[at[full]]] = False
            new.closed_by[np.arange(len(at)), np.where(full, MAX_CLOSED - 1, room)] = origin
            new.closed_on[np.arange(len(at)), np.where(full, MAX_CLOSED - 1, room)] = closed_on
            new.team[:], new.came_from[:], new.came_at[:] = self.whole.closed, origin, UNKNOWN
            new.since[:] = new.counts[:] = closed_on
            new.spent[:] = 0
            new.moves += 1
            self._begin(at, new, place)
        return done

    def _opened(self, rest: Bits, place: _Place) -> Bits:
        """Applies new contacts on closed cases; returns the rows that were opened."""
        done = np.zeros(len(self.rows), np.bool_)
        for one in self.rules.opens:
            known = self.read.known(one.term)
            if known is None:
                continue
            here = unpack(self.firings.half(one.certain) & known, len(self.rows)) & rest & ~done
            here &= self.read.days(one.term) == self.day
            at = np.flatnonzero(here)
            if not len(at):
                continue
            done |= here
            rows, day, old = self.rows[at], self.day[at], self.stints.of(at)
            ended = np.maximum(old.since, 0)
            episodes = first_episode(self.whole.of, rows, day, np.ones(len(at), np.bool_), ended)
            wrong = has_misdated(self.whole.of, rows, episodes.start)
            self.whole.plain[rows[wrong]] = False
            new = no_stints(len(at), len(self.rules.points))
            new.team[:], new.since, new.moves = self.whole.none, day.copy(), old.moves + 1
            new.start, new.enters_from = episodes.start, episodes.enters_from
            new.closed_by, new.closed_on = old.closed_by, old.closed_on
            self._begin(at, new, place)
        return done

    @cached_property
    def holder(self) -> NDArray[np.int32]:
        """The team of each child at the start of the day; UNKNOWN if not certain or not unique."""
        count = len(self.rows)
        found, several = np.full(count, UNKNOWN, np.int32), np.zeros(count, np.bool_)
        for atom, certain, _ in self.rules.of_moves.by_predicate.get("starts_with", ()):
            here = unpack(self.firings.half(certain), count)
            several |= here & (found != UNKNOWN)
            found[here] = self.rules.teams[_code(atom, 0)]
        found[several] = UNKNOWN
        return found

    # events that can no longer move the child

    def _spend(self, rest: Bits, place: _Place) -> Bits:
        """Marks events that did not move the child and that no later fact can make effective.

        As `queries.journey._Walk._spend`.
        """
        count = len(self.rows)
        asked: list[tuple[int, int, Bits, Days]] = []
        needed = np.zeros(count, np.bool_)
        held = self._held()
        for number, one in enumerate(self.rules.reached):
            known = self.read.known(one.term)
            if known is None:
                continue
            plane = self.firings.half(one.certain) & known
            if not plane.any():
                continue
            on = self.read.days(one.term)
            here = unpack(plane, count) & rest & self.rules.out_of[one.point][self.holder] & (on <= self.day)
            here &= on > np.maximum(self.stints.past[:, one.point], self.stints.spent[:, one.point])
            if not here.any():
                continue
            stopped = here & held[one.point] if one.point in held else np.zeros(count, np.bool_)
            place.held[self.rows[stopped & self.gates], number] = on[stopped & self.gates]
            here &= ~stopped
            self.hand_over(here & (self.place.held[:, number] == on))
            for other, same in enumerate(self.rules.reached):
                if same.point == one.point:
                    here &= self.place.looked[:, other] != on
            effect = self.rules.had_its_effect[number]
            had = np.zeros(count, np.bool_) if effect is None else unpack(self.firings.half(effect), count)
            place.looked[self.rows[here & had], number] = on[here & had]
            here &= ~had
            if here.any():
                asked.append((number, one.point, here, np.asarray(on).copy()))
                needed |= here
        spends = np.zeros(count, np.bool_)
        if not needed.any():
            return spends
        able = self._can_follow(np.flatnonzero(needed))
        for number, point, here, on in asked:
            may = able[point] if point in able else np.zeros(count, np.bool_)
            place.looked[self.rows[here & may], number] = on[here & may]
            lost = here & ~may
            rows = self.rows[lost]
            place.stints.spent[rows, point] = np.maximum(place.stints.spent[rows, point], on[lost])
            spends |= lost
        place.looked[self.rows[spends]] = UNKNOWN
        return spends

    def _held(self) -> dict[int, Bits]:
        """For each point the rows in which a gate holds up a move out of the present team."""
        found: dict[int, Bits] = {}
        for certain, team, point in self.rules.held_up:
            plane = self.firings.half(certain)
            if plane.any():
                here = unpack(plane, len(self.rows)) & (self.holder == team)
                found[point] = found[point] | here if point in found else here
        return found

    def _can_follow(self, here: Rows) -> dict[int, Bits]:
        """For each point the rows in which facts that may follow could make it move the child.

        As `queries.journey._Walk._can_follow`.
        """
        count = len(self.rows)
        rows, day, stints = self.rows[here], self.day[here], self.stints.of(here)
        asked = (rows.tobytes(), day.tobytes(), *(getattr(stints, part.name).tobytes() for part in fields(stints)))
        found = self.whole.followed.get(asked)
        if found is None:
            found = self.whole.followed[asked] = self._following(rows, day, stints)
        able: dict[int, Bits] = {}
        for point, may in found.items():
            able[point] = np.zeros(count, np.bool_)
            able[point][here[may]] = True
        return able

    def _following(self, rows: Rows, day: Days, stints: Stints) -> dict[int, Bits]:
        """As `_can_follow`, of the given rows alone."""
        seen = SeenBy(np.zeros(len(rows), np.bool_), loosened=self.whole.timing.may_follow)
        firings = self.whole._fire(rows, day, stints, seen)
        read = _Read(firings)
        found: dict[int, Bits] = {}
        for move in self.rules.moved:
            known = read.known(move.term)
            if known is None:
                continue
            plane = (firings.half(move.certain) | firings.half(move.possible)) & known
            if plane.any():
                may = unpack(plane, len(rows))
                found[move.point] = found[move.point] | may if move.point in found else may
        return found


class _Read:
    """The days of terms in some firings."""

    def __init__(self, firings: Firings):
        self.rows = firings.conditions.rows(firings.start, firings.start + firings.count)
        self.count = firings.count
        self.found: dict[Term, tuple[Days, Plane | None]] = {}

    def known(self, term: Term) -> Plane | None:
        """The rows where a term has a value; None: in no row."""
        if not self.rows.whole.is_recorded(term):
            return None
        known = self.rows.value(term)[1]
        return np.full(self.rows.words, ALL) if known is None else known

    def days(self, term: Term) -> Days:
        return np.asarray(np.broadcast_to(self.rows.value(term)[0], self.count))


def _with_end(days: Days) -> Days:
    return np.concatenate([days, np.full((len(days), 1), NEVER, np.int32)], axis=1)


def _nothing() -> tuple[Rows, Numbers]:
    return np.zeros(0, np.int64), np.zeros(0, np.int64)


def _code(atom: Atom, place: int) -> str:
    term = atom.args[place]
    assert isinstance(term, Constant)
    return str(term.value)
