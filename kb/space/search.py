"""Searches all possible cases of one day with clingo.

clingo chooses which facts are recorded and the class of each value, and evaluates the plain rules of the program. A
propagator checks with `order` whether the chosen comparisons of dates are consistent; if not, clingo learns the clash.
Results are returned as cases, so that they can be checked with the pyDatalog engine. clingo is given only numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, cached_property
from threading import Lock
from typing import Any

from kb.carried import CAME_FROM, STINT_FROM
from kb.case import Case
from kb.language.model import Constant, OnOrAfter, Shifted, Term, ValueOf
from kb.program import Program
from kb.space.limit import Limit
from kb.space.order import Clash, Demand, Shift, close_to, earliest
from kb.space.parts import Class, Part, number_of, values_in
from kb.space.writing import AFTER, BEFORE, SAME, Pair, Space, write

Goal = Mapping[int, bool]  # keys (halves, firings or new ones), and whether each has to hold
Attempts = Sequence[tuple[str, int]]  # heuristics to try in turn, each with its limit of conflicts


#: Heuristics of clingo. Deciding "unrecorded" first (Domain) finds small cases at once; clingo's default (Vsids) is
#: better at proving that there is none.
FINDING, REFUTING = "Domain", "Vsids"
ATTEMPTS: Attempts = ((FINDING, 2_000), (REFUTING, 30_000))
#: Costs tried first, with a low limit, when a case of least cost is searched: most cases found are small.
SMALL = (4, 8)
EFFORT = 10_000  # dead ends between two looks at the time
#: clingo forgets scores and signs of variables between two searches (1 and 2), and keeps what it learned. A search for a case
#: in order decides against everything, and one that went on in this way would hardly find dates that stand together.
FORGET = 1 + 2
BRIEFLY: Attempts = ((FINDING, 150),)


@dataclass(frozen=True)
class Choice:
    """Clingo atoms for picking some of several keys. `some`: one is picked. `picked`: key to its pick, which implies the key."""

    some: int
    picked: Mapping[int, int]


class Unsettled(Exception):
    """The search was given up without a case or a proof that there is none."""


class Search:
    """Searches the cases of one program, or of several programs over the same cases, on one day.

    as_of     day of the answer, as an ordinal
    aims      keys (halves and firings) that goals may name; rules that they don't depend on are left out. None: all
    base      if given, the cost of a case is the number of facts in which it differs from this one; recorded facts stay
              recorded, and fixed facts unchanged. Otherwise the cost is the number of recorded facts
    keep      facts that stay as in `base`
    answered  facts that have to be recorded
    limit     when it is over, a search is given up

    Searches can be called from several threads. They take turns.
    """

    def __init__(
        self,
        programs: Program | Sequence[Program],
        as_of: int,
        aims: Iterable[int] | None = None,
        base: Case | None = None,
        keep: Collection[str] = (),
        answered: Collection[str] = (),
        limit: Limit | None = None,
    ):
        from clingo import Control

        self.programs = [programs] if isinstance(programs, Program) else list(programs)
        self.as_of = as_of
        self.base = base
        self.limit = limit or Limit()
        self.aims = None if aims is None else frozenset(aims)
        self._one_at_a_time = Lock()  # a clingo control must not be used by two threads at once
        self.control: Any = Control(["--warn=none", f"--heuristic={FINDING}"])
        self.control.configuration.solver.forget_on_step = FORGET
        self.space: Space = write(self.control, self.programs, as_of, self.aims, base, keep, answered)
        self.control.register_propagator(_DatesStandTogether(self))
        # caches of the instance: caches on methods would keep it alive
        self._measure = cache(lambda term: cache(self.space.classes.measure(term)))
        self._demands_of = cache(self._demands)

    def any_of(self, keys: Iterable[int]) -> int:
        """A new key that holds if at least one of these keys holds."""
        return self.either({key: True} for key in keys)

    def either(self, goals: Iterable[Goal]) -> int:
        """A new key that holds if at least one of these goals is met."""
        bodies = [self._literals(goal) for goal in goals]
        with self._one_at_a_time, self.control.backend() as backend:
            return self._new(backend, bodies)

    def differs(self, pairs: Iterable[tuple[int | None, int | None]]) -> int:
        """A new key that holds if in some pair exactly one key holds. None stands for a key that never holds."""
        bodies: list[list[int]] = []
        for left, right in pairs:
            one, other = (self.space.never if key is None else self._atom(key) for key in (left, right))
            bodies += [[one, -other], [other, -one]]
        with self._one_at_a_time, self.control.backend() as backend:
            return self._new(backend, bodies)

    def where(self, fact: str, is_wanted: Callable[[Class], bool]) -> int:
        """A new key that holds if a fact is recorded with a value of a wanted class."""
        part = Part(fact)
        found = enumerate(self.space.classes.of[part] if fact in self.space.recorded else ())
        bodies = [[self.space.chosen_by[part, n]] for n, value in found if is_wanted(value)]
        with self._one_at_a_time, self.control.backend() as backend:
            return self._new(backend, bodies)

    @cached_property
    def undated(self) -> int:
        """A key that holds if some event is recorded without a known day."""
        facts = self.space.classes.vocabulary.facts
        events = [name for name in self.space.classes.facts if facts[name].type == "event"]
        return self.any_of(self.where(name, lambda found: found.value is True) for name in events)

    @cached_property
    def came_before(self) -> int:
        """A key that holds if the stint has a known beginning, so that there was an earlier one."""
        return self.any_of(self.where(name, lambda found: True) for name in (STINT_FROM, CAME_FROM))

    def extend(self, write: Callable[[Any, Callable[[int], int]], Iterable[int]]) -> list[int]:
        """New keys for the atoms that `write` adds. It is given clingo's backend and a function from key to atom."""
        with self._one_at_a_time, self.control.backend() as backend:
            atoms = list(write(backend, self._atom))
        self.space.halves.update({-atom: atom for atom in atoms})
        return [-atom for atom in atoms]

    def _new(self, backend: Any, bodies: Iterable[list[int]]) -> int:
        atom: int = backend.add_atom()
        for body in bodies:
            backend.add_rule([atom], body)
        key = -atom
        self.space.halves[key] = atom
        return key

    def _atom(self, key: int) -> int:
        known = self.space.halves.get(key)
        if known is None and self.aims is not None and key >= 0 and key not in self.aims:
            raise ValueError(f"key {key} is not among the aims of the search")
        return self.space.never if known is None else known

    def smallest(self, goal: Goal) -> Case | None:
        """The first case of least cost that meets a goal; None if there is none (proved). Errors: `Unsettled`."""
        cost = self.least_cost(goal)
        return None if cost is None else self.first(goal, cost)

    def first(self, goal: Goal, cost: int) -> Case:
        """The first case, in the order of `Space.in_order`, that meets a goal at a cost of at most `cost`; there has to be one.

        It is the same whatever was searched before, unless it takes too long to find: then it is any such case.
        """
        found = self._cases(goal, cost, in_order=True, models=1, solve_limit=f"{EFFORT}")
        return (found or self._cases(goal, cost, models=1))[0]

    def smallest_with(self, goal: Goal, keys: Iterable[int]) -> tuple[Case, frozenset[int]] | None:
        """As `smallest`, with the keys among `keys` that hold in the case. Errors: `Unsettled`."""
        cost = self.least_cost(goal)
        if cost is None:
            return None
        atoms = {key: self._atom(key) for key in keys}
        found: list[tuple[Case, frozenset[int]]] = []

        def note(model: Any) -> None:
            found.append((self._case(model), frozenset(key for key, atom in atoms.items() if model.is_true(atom))))

        with self._solving(models=1):
            self.control.solve(assumptions=self._assumptions(goal, cost), on_model=note)
        return found[0]

    def all_smallest(self, goal: Goal, most: int = 1000) -> list[Case]:
        """Up to `most` cases of least cost that meet a goal, one for each choice of classes, in the order of `Space.in_order`."""
        cost = self.least_cost(goal)
        if cost is None:
            return []
        return self._cases(goal, cost, in_order=True, models=most, project="project", enum_mode="record")

    def all_within(self, goal: Goal, cost: int, most: int) -> list[Case]:
        """Up to `most` cases that meet a goal at a cost of at most `cost`, one for each choice of classes."""
        return self._cases(goal, cost, models=most, project="project")

    def within(self, goal: Goal, cost: int, effort: int, heuristic: str = "") -> Case | None:
        """A case that meets a goal at a cost of at most `cost`; None if there is none (proved).

        `heuristic`: another one than the search is set to. Errors: `Unsettled` after `effort` conflicts.
        """
        found: list[Case] = []
        with self._solving(models=1, solve_limit=f"{effort}"), self._deciding_by(heuristic):
            result = self.control.solve(
                assumptions=self._assumptions(goal, cost), on_model=lambda model: found.append(self._case(model))
            )
        if result.satisfiable is None:
            raise Unsettled
        return found[0] if found else None

    def least_cost(self, goal: Goal) -> int | None:
        """The least cost of a case that meets a goal; None if there is no case. Errors: `Unsettled`."""
        cost = self._small_cost(goal)
        if cost is None:
            cost = self._cost_of_some(goal, None)
        while cost and (less := self._cost_of_some(goal, cost - 1)) is not None:
            cost = less
        return cost

    def _small_cost(self, goal: Goal) -> int | None:
        """The cost of some small case that meets a goal; None if none was found within the low limits."""
        try:
            return next((cost for most in SMALL if (cost := self._cost_of_some(goal, most, BRIEFLY)) is not None), None)
        except Unsettled:
            return None

    def _cost_of_some(self, goal: Goal, most: int | None, attempts: Attempts = ATTEMPTS) -> int | None:
        """The cost of some case that meets a goal at a cost of at most `most`; None if there is none. Errors: `Unsettled`."""
        found: list[int] = []
        assumptions = self._assumptions(goal, most)
        self._settle(assumptions, lambda model: found.append(sum(map(model.is_true, self.space.over))), attempts)
        return found[0] if found else None

    def _cases(self, goal: Goal, cost: int, in_order: bool = False, **options: Any) -> list[Case]:
        found: list[Case] = []
        with self._solving(**options), self._deciding_by(FINDING if in_order else ""):
            assumptions = self._assumptions(goal, cost, in_order)
            self.control.solve(assumptions=assumptions, on_model=lambda model: found.append(self._case(model)))
        return found

    def facts_of_smallest(self, goal: Goal) -> frozenset[str]:
        """The facts that are recorded (with a base: changed) in some case of least cost that meets a goal."""
        cost = self.least_cost(goal)
        if cost is None:
            return frozenset()
        costing = self.space.recorded if self.base is None else self.space.changed
        assumed = self._assumptions(goal, cost)
        with self._solving(models=1):
            return frozenset(f for f, atom in costing.items() if self.control.solve(assumptions=[*assumed, atom]).satisfiable)

    def possible(self, goal: Goal) -> bool:
        """Whether any case meets a goal. Errors: `Unsettled`."""
        return self._cost_of_some(goal, None) is not None

    def choice_among(self, keys: Iterable[int]) -> Choice:
        """A choice among some keys, for `sweep`."""
        with self._one_at_a_time, self.control.backend() as backend:
            some: int = backend.add_atom()
            picked: dict[int, int] = {}
            for key in keys:
                picked[key] = pick = backend.add_atom()
                backend.add_rule([pick], [self._atom(key)], True)
                backend.add_rule([some], [pick])
        return Choice(some, picked)

    def sweep(
        self,
        choice: Choice,
        keys: Iterable[int],
        cost: int | None = None,
        attempts: Attempts = ATTEMPTS,
    ) -> tuple[set[int], bool]:
        """Enumerates cases until each key of `choice` that can hold has held in one.

        cost  highest cost of a case; None: any

        Returns the keys among `keys` that held in no case seen, and whether it is proved that those in `choice` can't
        hold (at that cost). clingo keeps what it learns for all keys.
        """
        rest = dict.fromkeys(keys)

        def note(model: Any) -> None:
            held = [key for key in rest if model.is_true(self._atom(key))]
            for key in held:
                del rest[key]
            model.context.add_clause([pick for key, pick in choice.picked.items() if key in rest])

        for heuristic, most in attempts:
            left_out = [-pick for key, pick in choice.picked.items() if key not in rest]
            assumptions = [choice.some, *left_out, *self._assumptions({}, cost)]
            for effort in self._efforts(most):
                with self._solving(models=0, solve_limit=f"{effort}"), self._deciding_by(heuristic):
                    if self.control.solve(assumptions=assumptions, on_model=note).exhausted:
                        return set(rest), True
        return set(rest), False

    def _efforts(self, most: int) -> Iterator[int]:
        """So many dead ends in parts, between which the time is looked at; what clingo learned in one serves in the next."""
        while most > 0 and not self.limit.over:
            yield min(most, EFFORT)
            most -= EFFORT

    def _settle(self, assumptions: list[int], on_model: Callable[[Any], None], attempts: Attempts = ATTEMPTS) -> None:
        """Finds one model or proves that there is none. Errors: `Unsettled` if all attempts reach their limit."""
        for heuristic, most in attempts:
            for effort in self._efforts(most):
                with self._solving(models=1, solve_limit=f"{effort}"), self._deciding_by(heuristic):
                    if self.control.solve(assumptions=assumptions, on_model=on_model).satisfiable is not None:
                        return
        raise Unsettled

    def _assumptions(self, goal: Goal, cost: int | None = None, in_order: bool = False) -> list[int]:
        """The assumptions for clingo: a goal, a highest cost, and whether the first case in order is wanted."""
        bound = [-self.space.over[cost]] if cost is not None and cost < len(self.space.over) else []
        return [self.space.in_order if in_order else -self.space.in_order, *bound, *self._literals(goal)]

    def _literals(self, goal: Goal) -> list[int]:
        return [self._atom(key) * (1 if wanted else -1) for key, wanted in goal.items()]

    @contextmanager
    def _deciding_by(self, heuristic: str) -> Iterator[None]:
        """A context with another heuristic. To be entered inside `_solving`."""
        solver = self.control.configuration.solver
        before = solver.heuristic
        solver.heuristic = heuristic or before
        try:
            yield
        finally:
            solver.heuristic = before

    def _solving(self, **options: Any) -> _Options:
        return _Options(self.control.configuration.solve, options, self._one_at_a_time)

    # from a model of clingo to a case

    def _case(self, model: Any) -> Case:
        """The case of a model, with days as near as possible to the day of the answer."""
        chosen, classes = self.space.chosen(model.is_true), self.space.classes
        base = self.base.facts if self.base else {}
        facts = dict(base)
        values = {part: found.value for part, found in chosen.items()}
        ranges = _ranges(chosen)
        near = {part: number_of(values[part]) or 0 for part in ranges}
        for part, number in close_to(ranges, self.demands(chosen, model.is_true), near).items():
            values[part] = classes.typed(part, number)
        for fact in classes.facts:
            mine = {part: value for part, value in values.items() if part.fact == fact}
            if mine and not (fact in base and all(chosen[part].holds(v) for part, v in classes.split(fact, base[fact]).items())):
                facts[fact] = classes.assemble(fact, mine)
        return Case("example", self.programs[0].policy.code, self.as_of, facts)

    def demands(self, chosen: Iterable[Part], is_true: Callable[[int], bool]) -> list[Demand]:
        """The demands of the chosen comparisons on the recorded dates."""
        dated = {part for part in chosen if self.space.is_dated(part, is_true)}
        found: list[Demand] = []
        for pair in self.space.pairs:
            if dated.issuperset(pair.parts):
                sign = BEFORE if is_true(self.space.before[pair]) else AFTER if is_true(self.space.after[pair]) else SAME
                found += self._demands_of(pair, sign)
        return found

    def _demands(self, pair: Pair, sign: int) -> tuple[Demand, ...]:
        """The demands of one comparison: one for before or after, two for the same day."""
        forward = self._demand(pair, (pair.left, pair.right), pair.parts, sign == BEFORE, sign)
        backward = self._demand(pair, (pair.right, pair.left), pair.parts[::-1], sign == AFTER, sign)
        return {BEFORE: (forward,), AFTER: (backward,), SAME: (forward, backward)}[sign]

    def _demand(self, pair: Pair, terms: tuple[Term, Term], parts: Sequence[Part], strict: bool, sign: int) -> Demand:
        measures = self._measure(terms[0]), self._measure(terms[1])
        return Demand(parts[0], parts[1], *measures, int(strict), (shift_of(terms[0]), shift_of(terms[1])), (pair, sign))


def _ranges(chosen: Mapping[Part, Class]) -> dict[Part, tuple[int, int]]:
    """The ranges of the classes that are dates or numbers."""
    return {part: (c.low, c.high) for part, c in chosen.items() if c.low is not None and c.high is not None}


#: Least and most days in one of each unit. Weekends and bank holidays lengthen working days.
_DAYS = {"days": (1, 1), "weeks": (7, 7), "months": (28, 31), "years": (365, 367), "working days": (1, 7)}


def shift_of(term: Term) -> Shift | None:
    """How far a term is from its value; None if it is the value itself."""
    if isinstance(term, ValueOf):
        return None
    value = next(values_in(term))
    moved = _moved_by(term)
    return Shift(str(term).replace(str(value), "value"), *(moved or (None, None)))


def _moved_by(term: Term) -> tuple[int, int] | None:
    """The least and most days that a term adds to its value; None if it is not a day."""
    if isinstance(term, ValueOf):
        return 0, 0
    if not isinstance(term, Shifted | OnOrAfter) or (inside := _moved_by(term.base)) is None:
        return None
    if isinstance(term, OnOrAfter):
        return inside[0], inside[1] + 6
    if not isinstance(term.amount, Constant) or term.unit not in _DAYS:
        return None
    ends = sorted(int(term.amount.value) * days for days in _DAYS[term.unit])
    return inside[0] + ends[0], inside[1] + ends[1]


class _Options:
    """A context with options of clingo's solving, entered by one thread at a time."""

    def __init__(self, solving: Any, options: Mapping[str, Any], alone: Lock):
        self.solving, self.options, self.alone = solving, options, alone
        self.before: dict[str, Any] = {}

    def __enter__(self) -> None:
        self.alone.acquire()
        self.before = {name: getattr(self.solving, name) for name in self.options}
        for name, value in self.options.items():
            setattr(self.solving, name, value)

    def __exit__(self, *_: object) -> None:
        for name, value in self.before.items():
            setattr(self.solving, name, value)
        self.alone.release()


class _DatesStandTogether:
    """A clingo propagator that rejects choices of comparisons that no days can meet."""

    def __init__(self, search: Search):
        self.search = search
        self.literals: dict[int, int] = {}

    def init(self, init: Any) -> None:
        from clingo import PropagatorCheckMode

        space = self.search.space
        init.check_mode = PropagatorCheckMode.Total
        for atom in (*space.chosen_by.values(), *space.dated.values(), *space.before.values(), *space.after.values()):
            self.literals[atom] = init.solver_literal(atom)

    def check(self, control: Any) -> None:
        """Checks a complete assignment (called by clingo)."""

        def is_true(atom: int) -> bool:
            return bool(control.assignment.is_true(self.literals[atom]))

        space = self.search.space
        chosen = space.chosen(is_true)
        demands = self.search.demands(chosen, is_true)
        if not demands:
            return
        ranges = _ranges(chosen)
        found = earliest(ranges, demands)
        if isinstance(found, Clash):
            clash = self._checked(found, ranges, demands)
            clause = [-self.literals[space.atom_of(part, chosen[part])] for part in clash.dates]
            for pair, sign in dict.fromkeys(demand.name for demand in clash.demands):
                clause += self._denied(pair, sign)
            control.add_clause(clause)

    def _checked(self, clash: Clash, ranges: Mapping[Any, tuple[int, int]], demands: Sequence[Demand]) -> Clash:
        """The clash if its own demands are unsatisfiable; otherwise all demands and ranges."""
        loose = {part: ranges[part] if part in clash.dates else self.search.space.classes.bounds(part) for part in ranges}
        if isinstance(earliest(loose, clash.demands), Clash):
            return clash
        return Clash(tuple(demands), tuple(ranges))

    def _denied(self, pair: Pair, sign: int) -> list[int]:
        """Literals of which one must hold to avoid a clash: the pair is ordered otherwise, or a date is not recorded."""
        space = self.search.space
        before, after = self.literals[space.before[pair]], self.literals[space.after[pair]]
        undated = [-self.literals[space.dated[part]] for part in pair.parts]
        return {BEFORE: [-before], AFTER: [-after], SAME: [before, after, *undated]}[sign]
