"""A child's journey: the policy applied day by day, from the first stint on record to the day of the answer.

A step evaluates the policy on one day of the record on which something happens, and says who moves. The stint is carried to
the next day: who holds the child, since when, and which events have had their effect. If the record leaves a move open, the
journey branches. The rules of the house decide (`moved`, `closes`, `opens`); this module only applies them.
Source: the twelve laws of time (`tests/laws/time.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import product
from math import prod
from typing import Any

from kb.as_at import Seen, Stint, as_at, moved_to
from kb.carried import CLOSED, HOLDER, NOBODY, SINCE
from kb.case import NO_TEAM_ON_RECORD, Case, occurrences
from kb.engines.forward import Forward
from kb.engines.interface import Engine
from kb.episode import (
    Episode,
    Misdated,
    at_front_door,
    closings,
    first_episode,
    last_open_day,
    never_known_before,
    of_the_record,
    undated_before,
)
from kb.language.model import Atom, Constant
from kb.program import Model, Program, solve
from kb.timing import Timing, facts_in
from kb.vocabulary.model import Fact, Vocabulary
from queries.missing import facts_behind

MAX_BRANCHES = 16  # branches followed, in addition to those at the start; beyond them the journey is not settled
MAX_KEPT = 300  # models of steps cached at a time
MAX_ASSUMED = 8  # combinations of values tried for unrecorded facts that leave one move open
MAX_ROUNDS = 12  # moves of one day; more are a circle, which `check` finds


@dataclass(frozen=True, eq=False)
class Move:
    """One move of a journey.

    day        ordinal; None if not known
    by         ordinal of a day on which it had been made, if `day` is not known; None: the day of the record
    undated    whether the step counts what happened on no known day
    atom       the conclusion that the move was read off
    step       the model of the record as it stood on that day, computed by the scout engine
    before     the branch that was moved; None for a planned move
    proved_by  engine that recomputes the step for `model`; None: `step` is used
    """

    origin: str
    to: str
    point: str | None
    day: int | None
    atom: Atom
    step: Model = field(repr=False)
    before: Branch | None = field(default=None, repr=False)
    proved_by: Engine | None = field(default=None, repr=False)
    by: int | None = None
    undated: bool = False

    @cached_property
    def model(self) -> Model:
        """The model of the step by the proving engine, computed on demand."""
        if self.proved_by is None:
            return self.step
        return solve(self.step.program, self.step.conditions.case, self.proved_by)


@dataclass(frozen=True, eq=False)
class Branch:
    """One way that the journey can have gone.

    assumed     values assumed for unrecorded facts
    undecided   the branch before the fork that led here, until something happens after the day `forked_on`
    """

    stint: Stint
    episode: Episode
    moves: tuple[Move, ...] = ()
    assumed: tuple[tuple[str, Any], ...] = ()
    undecided: Branch | None = field(default=None, repr=False)
    forked_on: int | None = None

    def record(self, case: Case) -> Case:
        """The record with the branch's assumed facts."""
        if not self.assumed:
            return case
        return replace(case, facts={**case.facts, **dict(self.assumed)}, assumed=frozenset(dict(self.assumed)))

    @property
    def key(self) -> tuple[Any, ...]:
        """Identifies a branch: its present state, assumptions and moves."""
        return (self.stint, self.episode, self.assumed, tuple((m.origin, m.to, m.point, m.day) for m in self.moves))

    def came_by(self, fork: Branch) -> bool:
        """Whether this is a way of a fork of `fork` after which nothing has happened."""
        return self.undecided is not None and (self.undecided is fork or self.undecided.came_by(fork))

    @property
    def settled(self) -> Branch:
        """The branch that the answer is read off: before the fork if nothing has happened since, else this one."""
        return self.undecided.settled if self.undecided is not None else self


@dataclass(frozen=True, eq=False)
class Journey:
    """The journey of a case up to the day of the answer.

    first      the first stint, and `episode` the episode that it began in
    branches   every way that the journey can have gone; for the answer see `answers`
    beyond     teams of branches that were not followed because there are too many: the answer is not settled
    circle     moves of a day that lead back to their start
    asks       facts that the branching depends on
    bounded    whether the first stint has only a bound for its first day: the day after the last closing, without a contact
    """

    case: Case
    first: Stint
    episode: Episode
    branches: tuple[Branch, ...]
    beyond: frozenset[str] = frozenset()
    circle: tuple[Move, ...] = ()
    asks: tuple[str, ...] = ()
    bounded: bool = False

    gates_from: int = 0
    timing: Timing | None = None
    open_steps: tuple[tuple[Model, tuple[Atom, ...]], ...] = ()
    names: dict[str, str] = field(default_factory=dict)
    forks: dict[int, tuple[Branch, ...]] = field(default_factory=dict)

    @property
    def answers(self) -> tuple[Branch, ...]:
        """The branches that the answer is read off. Branches of a fork after which nothing has happened are one (`settled`)."""
        here = {id(b) for b in self.branches}

        def whole(branch: Branch) -> bool:
            ways = self.forks.get(id(branch), ())
            return id(branch) in here or (bool(ways) and all(whole(way) for way in ways))

        found = [branch.settled if whole(branch.settled) else branch for branch in self.branches]
        return tuple({branch.key: branch for branch in found}.values())

    def teams_after(self, branch: Branch) -> frozenset[str | None]:
        """The teams that the ways of a fork lead to; empty if the branch has not forked."""
        return frozenset(each.stint.team for each in self.branches if each.came_by(branch))

    @property
    def vocabulary(self) -> Vocabulary:
        assert self.timing is not None
        return self.timing.vocabulary

    @property
    def facts_of_point(self) -> dict[str, frozenset[str]]:
        assert self.timing is not None
        return self.timing.facts_of_point

    def named(self, team: str | None) -> str | None:
        """The team that holds the child in a stint with this team on record: the front door if it is `none`."""
        return None if team is None else self.names.get(team, team)

    def seen(self, branch: Branch) -> Seen:
        """Which parts of the record the last step uses (law 6)."""
        return Seen(gates=branch.stint.moves >= self.gates_from)


class Traveller:
    """Computes journeys under one program.

    engine  evaluates the last step and every step with a move, for proofs
    scout   evaluates all steps, to find the days on which something moves (default: `Forward`, which is faster)
    """

    def __init__(self, program: Program, engine: Engine, scout: Engine | None = None):
        self.program, self.engine, self.scout = program, engine, scout or Forward()
        self.proved_by = None if type(self.engine) is type(self.scout) else self.engine
        self.moves = program.of_moves
        self.timing = program.timing
        self.vocabulary = program.policy.vocabulary

    def journey(self, case: Case) -> Journey:
        """The journey of a case up to the day of the answer."""
        walk = _Walk(self, case)
        free = walk.until(case.record_day, gates_from=None)
        if case.as_of == case.record_day and not self._has_undated_gates(case):
            return self._parted(free)
        last = max((n for b in free.branches for n in _gated(b)), default=(0, 0))
        return self._parted(walk.until(case.as_of, gates_from=last[1]))

    def misdated(self, case: Case) -> frozenset[Misdated]:
        """The misdated events of a case's journey, without computing the journey."""
        _, _, episode = _Walk(self, case).begin()
        return frozenset(episode.misdated)

    def _parted(self, journey: Journey) -> Journey:
        """The journey without forks that the day of the answer no longer leaves open, although their ways lead to several teams.

        What left a move open may be known on that day and not known on the day of the move: `cared_for: false` does not say
        whether a stay in care had ended by then.
        """
        closed = {id(b) for b in journey.answers if len(journey.teams_after(b)) > 1 and not self._leaves_open(journey, b)}
        if not closed:
            return journey
        return replace(journey, forks={branch: ways for branch, ways in journey.forks.items() if branch not in closed})

    def _leaves_open(self, journey: Journey, branch: Branch) -> bool:
        """Whether the last step of a branch leaves open who holds the child, or moves the child."""
        model = self._solved(self.moves, journey, branch, self.scout)
        return bool(model.holding_of("moved")) or any(model.open_of(name) for name in ("moved", "starts_with", "left"))

    def _has_undated_gates(self, case: Case) -> bool:
        return any(fact.time == "gate" and not fact.of for fact in map(self.vocabulary.facts.__getitem__, case.facts))

    def step(self, journey: Journey, branch: Branch) -> Model:
        """The last step of a branch: the model on the day of the answer."""
        return self._solved(self.program, journey, branch, self.engine)

    def _solved(self, program: Program, journey: Journey, branch: Branch, engine: Engine) -> Model:
        case = journey.case
        record = as_at(branch.record(case), case.as_of, branch.stint, branch.episode, self.vocabulary, journey.seen(branch))
        return solve(program, record, engine)

    def planned(self, journey: Journey, branch: Branch, move: Move) -> tuple[Branch, Model]:
        """The branch after a planned move, and the step on the day of that move."""
        after = _Walk(self, journey.case).after(branch, move)
        return after, self._on_planned_day(journey, after, move.day or journey.case.as_of)

    def planned_closing(self, journey: Journey, branch: Branch) -> Move | None:
        """The closing that is planned for a day after the record; None if there is none or the case is closed."""
        case = journey.case
        ends = self.vocabulary.of_episode("ends")
        days = [day for name in ends for day in occurrences(case.facts.get(name)) if day > case.record_day]
        if not days or branch.stint.team == CLOSED:
            return None
        model = self._on_planned_day(journey, branch, min(days))
        atom = next(iter(model.holding_of("closes")), None)
        origin = self.holder(model) or str(branch.stint.team)
        return None if atom is None else Move(origin, CLOSED, None, min(days), atom, model)

    def holder(self, model: Model) -> str | None:
        """The team that holds the child at the start of a step; None if uncertain."""
        found = [_code(atom, 0) for atom in model.holding_of("starts_with")]
        return found[0] if len(found) == 1 else None

    def _on_planned_day(self, journey: Journey, branch: Branch, day: int) -> Model:
        seen = Seen(False, True, frozenset(), self.timing.booked)
        record = as_at(branch.record(journey.case), day, branch.stint, branch.episode, self.vocabulary, seen)
        return solve(self.program.of_plans, record, self.scout)


def _gated(branch: Branch) -> list[tuple[int, int]]:
    """The moves at transfer points, as (day, number of the move in the journey)."""
    return [(m.day or 0, n) for n, m in enumerate(branch.moves) if m.point is not None]


class _Walk:
    """The computation of the journey of one case."""

    def __init__(self, traveller: Traveller, case: Case):
        self.t, self.case = traveller, case
        self.vocabulary, self.timing = traveller.vocabulary, traveller.timing
        self.models: dict[tuple[Any, ...], Model] = {}
        self.lost: dict[tuple[Any, ...], bool] = {}  # cache: whether an event can no longer move the child
        self.names: dict[str, str] = {}
        self.undated = [n for n, v in case.facts.items() if v is True and self.vocabulary.facts[n].recurs]
        self.of_the_record = of_the_record(case, self.vocabulary)
        self._start_again()

    def _start_again(self) -> None:
        self.beyond: set[str] = set()  # teams of branches that are not followed
        self.unsure = False  # whether an event on no known day may belong to an earlier stint
        self.forks: dict[int, tuple[Branch, ...]] = {}
        self.open_steps: list[tuple[Model, tuple[Atom, ...]]] = []
        self.circle: tuple[Move, ...] = ()
        self.bounded = False

    # the first stint

    def begin(self) -> tuple[list[Branch], Stint, Episode]:
        """The branches to start with (several if the team on record is unknown), the first stint and its episode."""
        case, record = self.case, self.case.record_day
        team, since = case.facts.get(HOLDER), _first(occurrences(case.facts.get(SINCE)))
        began = since if since is not None or case.as_of == record else self._began_after(team)
        if began is not None and case.as_of < began:  # the record is about a later stint (law 12)
            team = NO_TEAM_ON_RECORD
        if team == NO_TEAM_ON_RECORD:  # without a team on record, the contact is the start
            since = None
        front = at_front_door(team, self.timing.front_doors)
        by = since if since is not None else record
        episode = first_episode(case, self.vocabulary, by, front) if front or since is not None else self._of_record()
        start = since if since is not None else episode.start if front else None
        if start is not None and start > case.as_of:
            episode = first_episode(case, self.vocabulary, case.as_of, True)
            start = episode.start
            if start is None or last_open_day(case, self.vocabulary, case.as_of) < start:
                return self._before_contact()
        contacts = {day for name in self.vocabulary.of_episode("opens") for day in occurrences(case.facts.get(name))}
        self.bounded = front and since is None and start not in contacts
        stint = Stint(team, start if front or since is not None else None)
        if not front:
            stint = self._counted(stint, episode)
        if team is None:
            whole = Branch(stint, episode)
            teams = (NO_TEAM_ON_RECORD, *can_hold(self.t.program))
            ways = [Branch(self._counted(Stint(t), episode), episode, undecided=whole) for t in teams]
            self.forks[id(whole)] = tuple(ways)
            return ways, stint, episode
        return [Branch(stint, episode)], stint, episode

    def _of_record(self) -> Episode:
        """The episode on the day of the record of a team on record without a first day."""
        case = self.case
        episode = first_episode(case, self.vocabulary, case.record_day, False)
        return first_episode(case, self.vocabulary, case.record_day, False, self._ended(episode))

    def _began_after(self, team: str | None) -> int | None:
        """The earliest day on which a team on record without a first day can have taken over (law 9); None if any."""
        if team is None or at_front_door(team, self.timing.front_doors):
            return None
        return self._counted(Stint(team), self._of_record()).counts

    def _counted(self, stint: Stint, episode: Episode) -> Stint:
        """A stint with the first day on which events count, and the transfer points of that day that led to it (law 9)."""
        if stint.team is None or stint.team == NO_TEAM_ON_RECORD:
            return stint
        led = self._led_to(stint.team, episode)
        counts = stint.since
        if counts is None:
            bounds = [d for d in (episode.start, min(led, default=None)) if d is not None]
            counts = max(bounds, default=None)
        spent = tuple(dict.fromkeys((point, counts) for point in led.get(counts, ()))) if counts is not None else ()
        return replace(stint, counts=counts, past=spent)

    def _led_to(self, team: str, episode: Episode, surely: bool = False) -> dict[int, list[str]]:
        """Day of each recorded event that may have led to a team (`surely`: did lead), with its transfer points."""
        wrong = {(m.fact, m.day) for m in episode.misdated}
        found: dict[int, list[str]] = {}
        for point in sorted(self.timing.into.get(team, ())):
            for name in sorted(self.timing.facts_of_point.get(point, ())):
                fact = self.vocabulary.facts.get(name)
                if fact is None or fact.time != "event" or fact.episode == "opens" or not self._speaks_of(fact, team):
                    continue
                for day in occurrences(self.case.facts.get(name)):
                    here = day <= self.case.record_day and episode.holds(fact, day) and (name, day) not in wrong
                    if here and self._may_lead(team, point, day, episode, surely):
                        found.setdefault(day, []).append(point)
        return found

    def _ended(self, episode: Episode) -> int | None:
        """The last day on which an event closed the case although later events show it open: the end of an earlier episode."""
        days = [d for d in self._led_to(CLOSED, episode, surely=True) if d < last_open_day(self.case, self.vocabulary)]
        return max(days, default=None)

    def _may_lead(self, team: str, point: str, day: int, episode: Episode, surely: bool) -> bool:
        """Whether the event of that day has a possible (`surely`: certain) route to the team, from any team."""
        model = self._model(Branch(Stint(None), episode), day, Seen(False, False))
        routes = [*model.holding_of("route"), *([] if surely else model.open_of("route"))]
        return any(_code(route, 1) == team and _code(route, 2) == point for route in routes)

    def _speaks_of(self, fact: Fact, team: str) -> bool:
        """False if the event records the team it led to (as a handover does) and that is another team."""
        named = [n for n, f in self.vocabulary.facts.items() if f.of == fact.name and f.type == "team" and f.time == "outcome"]
        return not named or any(self.case.facts.get(name) == team for name in named)

    def _before_contact(self) -> tuple[list[Branch], Stint, Episode]:
        """The start on a day before the contact: no team, a closed case, or not known (law 12)."""
        over = [day for day in closings(self.case, self.vocabulary) if day <= self.case.as_of]
        episode = Episode(None, None)
        if over:
            stint = Stint(CLOSED, over[-1], over[-1])
        elif never_known_before(self.case):
            stint = Stint(NOBODY)
        else:
            stint = Stint(None)
        return [Branch(stint, episode)], stint, episode

    # day by day

    def until(self, last: int, gates_from: int | None) -> Journey:
        """The journey up to a day. Undated gates count from move number `gates_from` on; None: never (law 6)."""
        self._start_again()
        branches, first, episode = self.begin()
        most = MAX_BRANCHES + len(branches) - 1
        start = first.since if first.since is not None else first.counts
        first_day = [start] if start is not None and start < last else []
        for day in [*sorted({*first_day, *self.timing.days(self.case, start, last)}), last]:
            if start is not None and day < start:
                continue
            moved: list[Branch] = []
            for number, branch in enumerate(branches):
                if not branch.moves and branch.stint.counts is not None and day < branch.stint.counts:
                    moved.append(branch)  # no event counts yet for the first team of this branch
                    continue
                others = len(moved) + len(branches) - number - 1
                moved += self._day(branch, day, last, gates_from, most - others)
            branches = _distinct(moved)
        asks = self._asks(branches, episode)
        return Journey(
            self.case,
            first,
            episode,
            tuple(branches),
            frozenset(self.beyond),
            self.circle,
            asks,
            self.bounded,
            gates_from or 0,
            self.timing,
            tuple(self.open_steps),
            self.names,
            self.forks,
        )

    def _asks(self, branches: Sequence[Branch], episode: Episode) -> tuple[str, ...]:
        wrong = [name for m in episode.misdated for name in (m.fact, m.presupposes)]
        unsure = [*([] if occurrences(self.case.facts.get(SINCE)) else [SINCE]), *self.undated] if self.unsure else []
        unsure += [HOLDER] if HOLDER not in self.case.facts and len({b.stint.team for b in branches}) > 1 else []
        return tuple(dict.fromkeys([*wrong, *unsure]))

    def _day(self, branch: Branch, day: int, last: int, gates_from: int | None, most: int) -> list[Branch]:
        """The branches after a day: dated events first, then (on the day of the record) events without a known day."""
        done = self._in_turn([branch], most, lambda now, room: self._dated(now, day, gates_from, room))
        if day == last == self.case.record_day:
            done = self._in_turn(done, most, lambda now, room: self._undated(now, day, gates_from, room))
        return done

    def _in_turn(
        self, branches: Sequence[Branch], most: int, moved: Callable[[Branch, bool], Sequence[Branch] | None]
    ) -> list[Branch]:
        """Moves each branch until nothing moves it any more.

        `moved` gets a branch and whether there is room for more branches; it returns the branches after one move, or None.
        """
        done: list[Branch] = []
        waiting = [(branch, 0) for branch in branches]
        met = set()
        while waiting:
            now, rounds = waiting.pop(0)
            if rounds >= MAX_ROUNDS:
                self.circle = now.moves[-MAX_ROUNDS:]
            room = len(done) + len(waiting) + MAX_ASSUMED < most
            after = moved(now, room) if rounds < MAX_ROUNDS else None
            if after is None:
                done.append(now)
                continue
            new = [b for b in after if _place(b) not in met]
            met |= {_place(b) for b in new}
            waiting += [(b, rounds + 1 if len(b.moves) > len(now.moves) else rounds) for b in new]
        return done

    def _has_undated(self, branch: Branch, day: int, gates_from: int | None) -> bool:
        """Whether something on no known day may move the child: an event, an agreement, or what the rules conclude."""
        if self.undated or any(f.time == "agreement" for f in self._agreed_facts()) or any(m.day is None for m in branch.moves):
            return True
        model = self._model(branch, day, self._seen(branch, gates_from))
        return any(self._on(model, atom) is None for atom in model.holding_of("moved"))

    def _agreed_facts(self) -> list[Any]:
        facts = self.vocabulary.facts
        return [
            facts[f.of] for n, f in facts.items() if f.of and n in self.case.facts and not occurrences(self.case.facts.get(f.of))
        ]

    def _model(self, branch: Branch, day: int, seen: Seen) -> Model:
        key = (
            day,
            branch.stint,
            branch.assumed,
            branch.episode.start,
            seen.gates,
            seen.undated,
            seen.any_day,
            seen.record,
            bool(seen.loosened),
        )
        if key not in self.models:
            if len(self.models) >= MAX_KEPT:
                self.models.clear()
            record = as_at(branch.record(self.case), day, branch.stint, branch.episode, self.vocabulary, seen)
            model = self.models[key] = solve(self.t.moves, record, self.t.scout)
            holder = self.holder(model)
            if branch.stint.team is not None and branch.stint.came_from is None and holder is not None:
                self.names[branch.stint.team] = holder
        return self.models[key]

    def _seen(self, branch: Branch, gates_from: int | None) -> Seen:
        return Seen(gates=gates_from is not None and branch.stint.moves >= gates_from, undated=False)

    def _dated(self, branch: Branch, day: int, gates_from: int | None, room: bool = True) -> list[Branch] | None:
        """The branches after one move on a day; None if nothing moves. Without `room`, no branches are added."""
        seen = self._seen(branch, gates_from)
        model = self._model(branch, day, seen)
        sure = self._moves(model, model.holding_of("moved"), branch, day)
        maybe = self._moves(model, model.open_of("moved"), branch, day)
        maybe = [m for m in maybe if m.to not in {s.to for s in sure}]
        if not sure:
            shut = self._closed_or_opened(model, branch, day)
            if shut or not maybe:
                return [shut] if shut else self._spend(branch, model, day)
        if len({m.to for m in sure}) == 1 and not maybe:
            others = self._earlier_undated(branch, day, sure[0], seen) + self._of_an_earlier_stint(branch, model, sure[0])
            others += self._by_the_record(branch, day, sure[0], seen)
            if others and not room:
                self.beyond |= {str(self.names.get(str(way.stint.team), way.stint.team)) for way in others}
                others = []
            move = self._dated_by_the_record(branch, day, sure[0], seen)
            return [self._after(branch, move, day, branch.undecided if branch.forked_on == day else None), *others]
        return self._fork(branch, model, sure, maybe, day, room)

    def _fork(
        self, branch: Branch, model: Model, sure: Sequence[Move], maybe: Sequence[Move], day: int, room: bool
    ) -> list[Branch] | None:
        """A branch for each value of the facts that leave the moves open, else for each team; None if there is no room."""
        if not room:
            self.beyond |= {move.to for move in [*sure, *maybe]}
            return None
        ways = [] if len(sure) > 1 else self._assuming(branch, model, maybe, day)
        if ways:
            return ways
        ways = [self._after(branch, move, day, branch) for move in _one_a_team([*sure, *maybe])]
        self.open_steps.append((model, tuple(m.atom for m in maybe)))
        origin = {m.origin for m in maybe}
        left = any(model.certain(Atom("left", (Constant(team),))) for team in origin)
        if not sure and not left:
            spent = tuple((m.point, self._on(model, m.atom)) for m in maybe if m.point)
            stint = replace(branch.stint, spent=(*branch.stint.spent, *spent))
            ways.insert(0, replace(branch, stint=stint, undecided=branch, forked_on=day))
        self.forks[id(branch)] = tuple(ways)
        return ways

    def _assuming(self, branch: Branch, model: Model, maybe: Sequence[Move], day: int) -> list[Branch]:
        """A branch for each combination of values of the unrecorded facts that leave a move open; empty if too many."""
        names = sorted(facts_behind(model, [m.atom for m in maybe]))
        facts = [self.vocabulary.facts[name] for name in names]
        if not facts or any(f.type not in ("bool", "enum") or f.time == "step" or f.name in self.case.facts for f in facts):
            return []
        if any(f.name in dict(branch.assumed) or self._of_a_later_day(f, day) for f in facts):
            return []
        values = [(True, False) if f.type == "bool" else f.values for f in facts]
        if prod(map(len, values)) > MAX_ASSUMED:
            return []
        ways = [
            replace(branch, assumed=(*branch.assumed, *zip(names, chosen)), undecided=branch, forked_on=day)
            for chosen in product(*values)
        ]
        self.forks[id(branch)] = tuple(ways)
        self.open_steps.append((model, tuple(m.atom for m in maybe)))
        return ways

    def _of_a_later_day(self, fact: Fact, day: int) -> bool:
        """Whether a value of the fact would speak of a later occurrence of its event, or of the day of the record (law 1)."""
        record = self.case.record_day
        if fact.time == "record":
            return day < record
        return any(day < on <= record for on in occurrences(self.case.facts.get(fact.of)))

    def _on(self, model: Model, atom: Atom) -> int | None:
        return model.conditions.value(atom.args[3])

    def _moves(self, model: Model, atoms: Iterable[Atom], branch: Branch, day: int, undated: bool = False) -> list[Move]:
        """The moves of some conclusions, dated or (`undated`) without a known day, in the order of the transfer points.

        An event that is spent in this branch moves nobody again, whatever the rules leave open.
        """
        found: list[Move] = []
        for atom in atoms:
            on = self._on(model, atom)
            if (on is None) != undated:
                continue
            origin, to, point = (_code(atom, n) for n in range(3))
            if (point, on) in branch.stint.spent:
                continue
            found.append(Move(origin, to, point, None if undated else max(day, on or day), atom, model, branch, self.t.proved_by))
        order = [code.code for code in self.vocabulary.codes.get("point", ())]
        return sorted(found, key=lambda m: (order.index(str(m.point)) if m.point in order else -1, m.to))

    def after(self, branch: Branch, move: Move) -> Branch:
        """The branch after a planned move. Everything planned up to its day has had its effect."""
        stint = moved_to(branch.stint, move.to, move.day, move.origin, move.point, ())
        return Branch(
            replace(stint, past=(*branch.stint.past, (str(move.point), move.day))),
            branch.episode,
            (*branch.moves, move),
            branch.assumed,
        )

    def _after(self, branch: Branch, move: Move, day: int, undecided: Branch | None) -> Branch:
        facts = facts_in(move.atom.args[3])
        points = {p for fact in facts for p in self.timing.points_of_fact.get(fact, ())} | {str(move.point)}
        on = move.step.conditions.value(move.atom.args[3])
        stint = moved_to(branch.stint, move.to, move.day, move.origin, move.point, tuple((f, on) for f in sorted(facts)))
        past = [*branch.stint.past, *((point, on) for point in sorted(points))]
        stint = replace(stint, past=tuple(dict.fromkeys(past)))
        return Branch(stint, branch.episode, (*branch.moves, move), branch.assumed, undecided, None if undecided is None else day)

    def _closed_or_opened(self, model: Model, branch: Branch, day: int) -> Branch | None:
        """The branch after a recorded closing, or after a new contact on a closed case."""
        for atom in model.holding_of("closes"):
            on = model.conditions.value(atom.args[0])
            if branch.stint.team != CLOSED and (on is not None and on <= day):
                origin = self.holder(model) or str(branch.stint.team)
                move = Move(origin, CLOSED, None, max(on, day), atom, model, branch, self.t.proved_by)
                closed = (*branch.stint.closed, (origin, max(on, day)))
                return Branch(
                    replace(moved_to(branch.stint, CLOSED, move.day, origin, None, ()), closed=closed),
                    branch.episode,
                    (*branch.moves, move),
                    branch.assumed,
                )
        for atom in model.holding_of("opens"):
            on = model.conditions.value(atom.args[1])
            if on == day:
                move = Move(CLOSED, _code(atom, 0), None, day, atom, model, branch, self.t.proved_by)
                stint = Stint(
                    NO_TEAM_ON_RECORD, day, used=branch.stint.used, closed=branch.stint.closed, moves=branch.stint.moves + 1
                )
                episode = first_episode(self.case, self.vocabulary, day, True, branch.stint.since)
                return Branch(stint, episode, (*branch.moves, move), branch.assumed)
        return None

    def holder(self, model: Model) -> str | None:
        return self.t.holder(model)

    def _spend(self, branch: Branch, model: Model, day: int) -> list[Branch] | None:
        """The branch with those events marked as spent that did not move the child and can't do so any more (law 6).

        None if there are none.
        """
        team = self.holder(model)
        if team is None:
            return None
        spent: list[tuple[str, int | None]] = []
        for atom in model.holding_of("reached"):
            point, on = _code(atom, 0), model.conditions.value(atom.args[1])
            if on is None or on > day or point not in self.timing.out_of.get(team, ()) or (point, on) in branch.stint.spent:
                continue
            if any(_code(held, 0) == team and _code(held, 2) == point for held in model.holding_of("held_up")):
                continue  # a failed gate holds the move up, and may still be met
            key = (branch.stint, branch.assumed, point, on)
            if key not in self.lost:
                self.lost[key] = not model.certain(Atom("had_its_effect", atom.args)) and not self._can_follow(branch, point, day)
            if self.lost[key]:
                spent.append((point, on))
        if not spent:
            return None
        return [replace(branch, stint=replace(branch.stint, spent=(*branch.stint.spent, *spent)))]

    def _can_follow(self, branch: Branch, point: str, day: int) -> bool:
        """Whether facts that may be recorded after an event, by the day of the record, could make it move the child.

        A rule may wait for a gate to be recorded: what is recorded counts as it is, if an open value moves nobody.
        """
        undated, facts = bool(self.undated), self.vocabulary.facts
        gates = frozenset(name for name in self.case.facts if facts[name].time == "gate")
        ways = [Seen(False, undated, self.timing.may_follow, any_day=True)]
        if gates & self.timing.may_follow:
            ways.append(Seen(True, undated, self.timing.may_follow - gates, any_day=True))
        for seen in ways:
            model = self._model(branch, day, seen)
            moves = self._moves(model, [*model.holding_of("moved"), *model.open_of("moved")], branch, day)
            if any(move.point == point for move in moves):
                return True
        return False

    # facts that speak of the day of the record only (law 1)

    def _by_the_record(self, branch: Branch, day: int, sure: Move, seen: Seen) -> list[Branch]:
        """Branches in which such a fact held on an earlier day already, and a move of that day led elsewhere or was not made."""
        if not self.of_the_record or day >= self.case.record_day:
            return []
        model = self._model(branch, day, replace(seen, record=True))
        moves = self._moves(model, model.holding_of("moved"), branch, day)
        if any((m.to, m.point) == (sure.to, sure.point) for m in moves):
            return []
        self.unsure = True
        others = [self._after(branch, move, day, None) for move in _one_a_team(moves)]
        return others or [_without(branch, sure.point, self._on(sure.step, sure.atom))]

    def _dated_by_the_record(self, branch: Branch, day: int, sure: Move, seen: Seen) -> Move:
        """The move without a day if such a fact makes it possible on the day of the record, and its event was earlier."""
        on, since = self._on(sure.step, sure.atom), branch.stint.since
        earlier = on is not None and on < day == self.case.record_day and (since is None or since <= on)
        if not self.of_the_record or self.undated or not earlier or on is None:
            return sure
        model = self._model(branch, on, replace(seen, record=True))
        moves = self._moves(model, model.holding_of("moved"), branch, on)
        known = not any((m.to, m.point) == (sure.to, sure.point) for m in moves)
        return sure if known else replace(sure, day=None, undated=True, by=day)

    # events without a known day

    def _earlier_undated(self, branch: Branch, day: int, sure: Move, seen: Seen) -> list[Branch]:
        """Branches in which an event without a known day came first: it led elsewhere, or the dated move was not made (law 8)."""
        if not self.undated:
            return []
        model = self._model(branch, day, Seen(seen.gates, True, frozenset(), None, True))
        atoms = [*model.holding_of("moved"), *model.open_of("moved")]
        found = [m for undated in (True, False) for m in self._moves(model, atoms, branch, day, undated)]
        earlier = [replace(move, undated=True, by=day if move.day is None else None) for move in _one_a_team(found)]
        ways = [self._after(branch, move, day, None) for move in earlier if move.to != sure.to]
        if not model.holding_of("moved"):
            ways.append(_without(branch, sure.point, self._on(sure.step, sure.atom)))
        return ways

    def _of_an_earlier_stint(self, branch: Branch, model: Model, move: Move) -> list[Branch]:
        """The branch in which a dated event is older than the stint; only if there was a closing without a known day (law 4)."""
        told = branch.moves or branch.stint.since is not None or branch.stint.team is None
        if told or at_front_door(branch.stint.team, self.timing.front_doors) or not undated_before(self.case):
            return []
        self.unsure = True
        return [_without(branch, move.point, self._on(model, move.atom))]

    def _undated(self, branch: Branch, day: int, gates_from: int | None, room: bool) -> list[Branch] | None:
        """The branches after one move by an event without a known day; None if nothing moves."""
        if not self._has_undated(branch, day, gates_from):
            return None
        seen = replace(self._seen(branch, gates_from), undated=True)
        model = self._model(branch, day, seen)
        holding = model.holding_of("moved")
        sure = self._moves(model, holding, branch, day, undated=True) or self._first_dated(model, branch, day)
        sure = [replace(m, undated=True) for m in sure if (m.point, None) not in branch.stint.past]
        maybe = self._moves(model, model.open_of("moved"), branch, day, undated=True)
        maybe = [replace(m, undated=True) for m in maybe if m.to not in {s.to for s in sure}]
        if not sure and not maybe:
            shut = self._shut_undated(model, branch)
            return [shut] if shut else None
        if maybe or len({m.to for m in sure}) > 1:
            return self._fork(branch, model, sure, maybe, day, room)
        after = self._after(branch, sure[0], day, None)
        facts = facts_in(sure[0].atom.args[3])
        of_an_event = facts and any(m.point in self.timing.facts_of_point for m in sure)
        if not self._something_earlier(branch) or not of_an_event:
            return [after]
        self.unsure = True
        points = sorted({p for fact in facts for p in self.timing.points_of_fact.get(fact, ())} | {str(sure[0].point)})
        kept = replace(branch, stint=replace(branch.stint, spent=(*branch.stint.spent, *((p, None) for p in points))))
        return [kept, after]

    def _first_dated(self, model: Model, branch: Branch, day: int) -> list[Move]:
        """The moves on the first known day of those that something without a known day makes possible (law 8).

        What makes a move possible was so at its event, unless it may follow it: then the day of the move is not known.
        """
        moves = self._moves(model, model.holding_of("moved"), branch, day)
        first = min((self._on(model, m.atom) or day for m in moves), default=day)
        known = not self.timing.may_follow.intersection(self.undated)
        return [replace(m, day=first if known else None) for m in moves if (self._on(model, m.atom) or day) == first]

    def _shut_undated(self, model: Model, branch: Branch) -> Branch | None:
        for atom in model.holding_of("closes"):
            if branch.stint.team != CLOSED and model.conditions.value(atom.args[0]) is None:
                origin = self.holder(model) or str(branch.stint.team)
                move = Move(origin, CLOSED, None, None, atom, model, branch, self.t.proved_by, undated=True)
                return Branch(
                    moved_to(branch.stint, CLOSED, None, origin, None, ()), branch.episode, (*branch.moves, move), branch.assumed
                )
        return None

    def _something_earlier(self, branch: Branch) -> bool:
        """Whether there was an earlier episode, to which an event without a known day may belong."""
        return bool(closings(self.case, self.vocabulary) or undated_before(self.case))


def can_hold(program: Program) -> list[str]:
    """The teams to try for an unknown team on record, in addition to `none`.

    Left out are teams that never hold a child, teams outside the policy (their children come as new contacts) and, if
    there is only one, the front door (the same as `none`).
    """
    doors, outside = ({str(a.args[0]) for a, _, _ in program.by_predicate.get(n, ())} for n in ("front_door", "outside"))
    never = {str(a.args[0]) for a in program.always("never_holds")} | outside | (doors if len(doors) == 1 else set())
    return [code.code for code in program.policy.vocabulary.codes.get("team", ()) if code.code not in never]


def _without(branch: Branch, point: str | None, on: int | None) -> Branch:
    """The branch in which the transfer point of that day moves nobody."""
    return replace(branch, stint=replace(branch.stint, spent=(*branch.stint.spent, (str(point), on))))


def _one_a_team(moves: Sequence[Move]) -> list[Move]:
    return list({move.to: move for move in reversed(moves)}.values())[::-1]


def _place(branch: Branch) -> tuple[Any, ...]:
    """The state of a branch. Branches with the same state continue in the same way."""
    return branch.stint, branch.assumed, branch.episode.start, None if branch.undecided is None else id(branch.undecided)


def _distinct(branches: Sequence[Branch]) -> list[Branch]:
    """The branches without repeated states."""
    found: dict[tuple[Any, ...], Branch] = {}
    for branch in branches:
        found.setdefault(_place(branch), branch)
    return list(found.values())


def _first(days: Sequence[int]) -> int | None:
    return days[0] if days else None


def _code(atom: Atom, position: int) -> str:
    term = atom.args[position]
    assert isinstance(term, Constant)
    return str(term.value)
