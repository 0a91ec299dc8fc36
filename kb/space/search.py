"""The search for cases, by clingo, among all that there are on one day.

clingo chooses what is recorded and in which class each value lies, and follows the plain
rules of the program; whether the chosen comparisons between dates can stand together is
asked of `order`, whose clash clingo learns where they can't. What is found is returned as
a case, so that the pyDatalog engine can be asked about it too. Only numbers reach clingo.
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

Goal = Mapping[int, bool]  # halves, firings and new keys, and whether each has to hold
Attempts = Sequence[tuple[str, int]]


#: Ways of searching and the dead ends after which each is given up. Leaving facts unrecorded
#: first finds small cases at once; clingo's own order is better at proving that there is none.
FINDING, REFUTING = "Domain", "Vsids"  # orders of decisions: what is left out first, or clingo's own
ATTEMPTS: Attempts = ((FINDING, 2_000), (REFUTING, 30_000))
#: A smallest case is looked for among small ones first, not for long: with few facts there is little to choose.
SMALL = (4, 8)
EFFORT = 10_000  # dead ends between two looks at the time
BRIEFLY: Attempts = ((FINDING, 150),)


@dataclass(frozen=True)
class Choice:
    """A choice among some keys: the atom that says that some are picked, and the atom of each pick. What is picked holds."""

    some: int
    picked: Mapping[int, int]


class Unsettled(Exception):
    """A search was given up: neither a case nor a proof that there is none."""


class Search:
    """Searches the cases of a program, or of several side by side, on one day.

    `aims` are the halves and firings that goals will name; rules that they do not rest on are
    left out. Without aims, everything can be named. With `base`, a case costs the facts in which it
    differs from it, recorded facts stay recorded, and facts that can't change stay; else a
    case costs the facts that it records. Facts in `keep` stay as the base case has them, those
    in `answered` are recorded. Where `limit` is over, a search is given up.
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
        self._one_at_a_time = Lock()  # clingo is lost where two threads use one control
        self.control: Any = Control(["--warn=none", f"--heuristic={FINDING}"])
        self.space: Space = write(self.control, self.programs, as_of, self.aims, base, keep, answered)
        self.control.register_propagator(_DatesStandTogether(self))
        # caches of this search alone: what a function of the class caches would outlive it
        self._measure = cache(lambda term: cache(self.space.classes.measure(term)))
        self._demands_of = cache(self._demands)

    def any_of(self, keys: Iterable[int]) -> int:
        """A new key: at least one of these holds."""
        return self.either({key: True} for key in keys)

    def either(self, goals: Iterable[Goal]) -> int:
        """A new key: at least one of these goals is met."""
        bodies = [self._assumptions(goal) for goal in goals]
        with self._one_at_a_time, self.control.backend() as backend:
            return self._new(backend, bodies)

    def differs(self, pairs: Iterable[tuple[int | None, int | None]]) -> int:
        """A new key: in at least one of these pairs just one holds. None stands for what never holds."""
        bodies: list[list[int]] = []
        for left, right in pairs:
            one, other = (self.space.never if key is None else self._atom(key) for key in (left, right))
            bodies += [[one, -other], [other, -one]]
        with self._one_at_a_time, self.control.backend() as backend:
            return self._new(backend, bodies)

    def where(self, fact: str, is_wanted: Callable[[Class], bool]) -> int:
        """A new key: a fact is recorded with a value of some classes."""
        part = Part(fact)
        found = enumerate(self.space.classes.of[part] if fact in self.space.recorded else ())
        bodies = [[self.space.chosen_by[part, n]] for n, value in found if is_wanted(value)]
        with self._one_at_a_time, self.control.backend() as backend:
            return self._new(backend, bodies)

    @cached_property
    def undated(self) -> int:
        """The key of there being some event on no known day."""
        facts = self.space.classes.vocabulary.facts
        events = [name for name in self.space.classes.facts if facts[name].type == "event"]
        return self.any_of(self.where(name, lambda found: found.value is True) for name in events)

    @cached_property
    def came_before(self) -> int:
        """The key of the stint's having a known beginning, so that something came before it."""
        return self.any_of(self.where(name, lambda found: True) for name in (STINT_FROM, CAME_FROM))

    def extend(self, write: Callable[[Any, Callable[[int], int]], Iterable[int]]) -> list[int]:
        """New keys for atoms that `write` adds, given clingo's backend and the atoms of keys."""
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
            raise ValueError(f"the search was not told of {key}, so it can say nothing about it")
        return self.space.never if known is None else known

    def smallest(self, goal: Goal) -> Case | None:
        """A case of least cost that meets a goal; None is a proof that there is none. Errors: `Unsettled`."""
        cost = self.least_cost(goal)
        if cost is None:
            return None
        found = self._cases(goal, cost, models=1)
        return found[0]

    def smallest_with(self, goal: Goal, keys: Iterable[int]) -> tuple[Case, frozenset[int]] | None:
        """A case of least cost that meets a goal, with those of some keys that hold in it. Errors: `Unsettled`."""
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
        """The cases of least cost that meet a goal, one for each choice of classes; at most so many."""
        cost = self.least_cost(goal)
        return [] if cost is None else self.all_within(goal, cost, most)

    def all_within(self, goal: Goal, cost: int, most: int) -> list[Case]:
        """The cases that meet a goal and cost no more, one for each choice of classes; at most so many."""
        return self._cases(goal, cost, models=most, project="project")

    def within(self, goal: Goal, cost: int, effort: int, heuristic: str = "") -> Case | None:
        """A case that meets a goal and costs no more; None is a proof that there is none.

        `heuristic`: another order of decisions than the search is set to. Errors: `Unsettled`
        after so many dead ends.
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
        """The least cost of a case that meets a goal: no smaller one is possible. None where there is no case."""
        cost = self._small_cost(goal)
        if cost is None:
            cost = self._cost_of_some(goal, None)
        while cost and (less := self._cost_of_some(goal, cost - 1)) is not None:
            cost = less
        return cost

    def _small_cost(self, goal: Goal) -> int | None:
        """The cost of some small case that meets a goal; None where none was found, which proves nothing."""
        try:
            return next((cost for most in SMALL if (cost := self._cost_of_some(goal, most, BRIEFLY)) is not None), None)
        except Unsettled:
            return None

    def _cost_of_some(self, goal: Goal, most: int | None, attempts: Attempts = ATTEMPTS) -> int | None:
        """The cost of some case that meets a goal and costs no more. Errors: `Unsettled`."""
        found: list[int] = []
        assumptions = self._assumptions(goal, most)
        self._settle(assumptions, lambda model: found.append(sum(map(model.is_true, self.space.over))), attempts)
        return found[0] if found else None

    def _cases(self, goal: Goal, cost: int, **options: Any) -> list[Case]:
        found: list[Case] = []
        with self._solving(**options):
            self.control.solve(assumptions=self._assumptions(goal, cost), on_model=lambda model: found.append(self._case(model)))
        return found

    def facts_of_smallest(self, goal: Goal) -> frozenset[str]:
        """The facts that some case of least cost records (or, with a base, changes)."""
        cost = self.least_cost(goal)
        if cost is None:
            return frozenset()
        costing = self.space.recorded if self.base is None else self.space.changed
        assumed = self._assumptions(goal, cost)
        with self._solving(models=1):
            return frozenset(f for f, atom in costing.items() if self.control.solve(assumptions=[*assumed, atom]).satisfiable)

    def possible(self, goal: Goal) -> bool:
        """Whether any case meets a goal. Errors: `Unsettled` where the search is given up."""
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
        take: Callable[[int, Callable[[], Case]], None] = lambda key, case: None,
    ) -> tuple[set[int], bool]:
        """Goes from case to case until each key of a choice has held in one, if it can.

        Of some keys, gives those that held in no case seen, and whether it is proved of those of the
        choice that they hold in none, or in none that costs no more. `take` is told of each key when it
        first holds, and can ask for the case. What clingo learns on the way serves for all.
        """
        rest = dict.fromkeys(keys)

        def note(model: Any) -> None:
            held = [key for key in rest if model.is_true(self._atom(key))]
            case = cache(lambda: self._case(model))
            for key in held:
                take(key, case)
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
        """Finds one model or proves that there is none. Errors: `Unsettled` where every attempt is given up."""
        for heuristic, most in attempts:
            for effort in self._efforts(most):
                with self._solving(models=1, solve_limit=f"{effort}"), self._deciding_by(heuristic):
                    if self.control.solve(assumptions=assumptions, on_model=on_model).satisfiable is not None:
                        return
        raise Unsettled

    def _assumptions(self, goal: Goal, cost: int | None = None) -> list[int]:
        """What a goal and a highest cost ask of clingo's atoms."""
        bound = [-self.space.over[cost]] if cost is not None and cost < len(self.space.over) else []
        return bound + [self._atom(key) * (1 if wanted else -1) for key, wanted in goal.items()]

    @contextmanager
    def _deciding_by(self, heuristic: str) -> Iterator[None]:
        """Has the search decide in another order for a while. To be entered while it is `_solving`."""
        solver = self.control.configuration.solver
        before = solver.heuristic
        solver.heuristic = heuristic or before
        try:
            yield
        finally:
            solver.heuristic = before

    def _solving(self, **options: Any) -> _Options:
        return _Options(self.control.configuration.solve, options, self._one_at_a_time)

    # from clingo's choice to a case

    def _case(self, model: Any) -> Case:
        """The case of a model, its days as near to the day of the answer as they may be."""
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
        """What the chosen comparisons demand of the dates that are recorded."""
        dated = {part for part in chosen if self.space.is_dated(part, is_true)}
        found: list[Demand] = []
        for pair in self.space.pairs:
            if dated.issuperset(pair.parts):
                sign = BEFORE if is_true(self.space.before[pair]) else AFTER if is_true(self.space.after[pair]) else SAME
                found += self._demands_of(pair, sign)
        return found

    def _demands(self, pair: Pair, sign: int) -> tuple[Demand, ...]:
        """One demand for before and after, two for the same day."""
        forward = self._demand(pair, (pair.left, pair.right), pair.parts, sign == BEFORE, sign)
        backward = self._demand(pair, (pair.right, pair.left), pair.parts[::-1], sign == AFTER, sign)
        return {BEFORE: (forward,), AFTER: (backward,), SAME: (forward, backward)}[sign]

    def _demand(self, pair: Pair, terms: tuple[Term, Term], parts: Sequence[Part], strict: bool, sign: int) -> Demand:
        measures = self._measure(terms[0]), self._measure(terms[1])
        return Demand(parts[0], parts[1], *measures, int(strict), (shift_of(terms[0]), shift_of(terms[1])), (pair, sign))


def _ranges(chosen: Mapping[Part, Class]) -> dict[Part, tuple[int, int]]:
    """From where to where the dates and numbers of some classes lie."""
    return {part: (c.low, c.high) for part, c in chosen.items() if c.low is not None and c.high is not None}


#: Least and most days in one of each unit; a holiday or two lengthens working days.
_DAYS = {"days": (1, 1), "weeks": (7, 7), "months": (28, 31), "years": (365, 367), "working days": (1, 7)}


def shift_of(term: Term) -> Shift | None:
    """How far a term lies from its value; None for the value itself."""
    if isinstance(term, ValueOf):
        return None
    value = next(values_in(term))
    moved = _moved_by(term)
    return Shift(str(term).replace(str(value), "value"), *(moved or (None, None)))


def _moved_by(term: Term) -> tuple[int, int] | None:
    """The least and the most days that a term adds to its value; None where it is no day."""
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
    """Options of clingo's solving, set for a while in which nobody else solves."""

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
    """Tells clingo of chosen comparisons that no days can meet."""

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
        """Called on complete choices."""

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
        """The clash, if it stands with nothing else demanded; else all there is."""
        loose = {part: ranges[part] if part in clash.dates else self.search.space.classes.bounds(part) for part in ranges}
        if isinstance(earliest(loose, clash.demands), Clash):
            return clash
        return Clash(tuple(demands), tuple(ranges))

    def _denied(self, pair: Pair, sign: int) -> list[int]:
        """Literals of which one must hold: the pair stands otherwise, or one of its dates is not recorded."""
        space = self.search.space
        before, after = self.literals[space.before[pair]], self.literals[space.after[pair]]
        undated = [-self.literals[space.dated[part]] for part in pair.parts]
        return {BEFORE: [-before], AFTER: [-after], SAME: [before, after, *undated]}[sign]
