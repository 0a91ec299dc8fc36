"""The search for cases, by clingo, among all that there are on one day.

clingo chooses what is recorded and in which class each value lies, and follows the plain
rules of the program; whether the chosen comparisons between dates can stand together is
asked of `order`, whose clash clingo learns where they can't. What is found is returned as
a case, so that the pyDatalog engine can be asked about it too. Only numbers reach clingo.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from kb.case import Case, Day
from kb.language.model import Constant, Shifted, Term, ValueOf
from kb.program import Program
from kb.space.order import Clash, Demand, close_to, earliest
from kb.space.parts import Class, Part, number_of
from kb.space.writing import AFTER, BEFORE, SAME, Pair, Space, write

Goal = Mapping[int, bool]  # halves, and whether each has to hold


class Search:
    """Searches the cases of one program on one day.

    `aims` are the halves that goals will name; rules that they do not rest on are left out.
    With `base`, a case costs the facts in which it differs from it, recorded facts stay
    recorded, and facts that can't change stay; else a case costs the facts that it records.
    Facts in `keep` stay as the base case has them, those in `answered` are recorded.
    """

    def __init__(
        self,
        program: Program,
        as_of: int,
        aims: Iterable[int],
        base: Case | None = None,
        keep: Collection[str] = (),
        answered: Collection[str] = (),
    ):
        from clingo import Control

        self.program = program
        self.as_of = as_of
        self.base = base
        self.control: Any = Control(["--warn=none", "--opt-strategy=usc"])
        self.space: Space = write(self.control, program, as_of, aims, base, keep, answered)
        self.control.register_propagator(_DatesStandTogether(self))

    def smallest(self, goal: Goal) -> Case | None:
        """A case of least cost that meets a goal; None is a proof that there is none."""
        found = self._best(goal)
        return found[1] if found else None

    def all_smallest(self, goal: Goal, most: int = 1000) -> list[Case]:
        """The cases of least cost that meet a goal, one for each choice of classes; at most so many."""
        best = self._best(goal)
        if best is None:
            return []
        found: list[Case] = []
        with self._solving(opt_mode=f"enum,{best[0]}", models=most, project="project"):
            self.control.solve(assumptions=self._assumptions(goal), on_model=lambda model: found.append(self._case(model)))
        return found

    def facts_of_smallest(self, goal: Goal) -> frozenset[str]:
        """The facts that some case of least cost records (or, with a base, changes)."""
        best = self._best(goal)
        if best is None:
            return frozenset()
        space = self.space
        costing = space.recorded if self.base is None else space.changed
        with self._solving(opt_mode=f"enum,{best[0]}", models=1):
            assumed = self._assumptions(goal)
            return frozenset(f for f, atom in costing.items() if self.control.solve(assumptions=[*assumed, atom]).satisfiable)

    def possible(self, goal: Goal) -> bool:
        """Whether any case meets a goal."""
        with self._solving(opt_mode="ignore", models=1):
            return bool(self.control.solve(assumptions=self._assumptions(goal)).satisfiable)

    def _best(self, goal: Goal) -> tuple[int, Case] | None:
        found: list[tuple[int, Case]] = []
        self.control.solve(
            assumptions=self._assumptions(goal), on_model=lambda model: found.append((sum(model.cost), self._case(model)))
        )
        return found[-1] if found else None

    def _assumptions(self, goal: Goal) -> list[int]:
        halves = self.space.halves
        return [(halves.get(half, self.space.never)) * (1 if wanted else -1) for half, wanted in goal.items()]

    def _solving(self, **options: Any) -> _Options:
        return _Options(self.control.configuration.solve, options)

    # from clingo's choice to a case

    def _case(self, model: Any) -> Case:
        """The case of a model, its days as near to the day of the answer as they may be."""
        chosen = self.space.chosen(model.is_true)
        base = self.base.facts if self.base else {}
        facts = dict(base)
        values = {part: found.value for part, found in chosen.items()}
        ranges = _ranges(chosen)
        near = {part: number_of(values[part]) or 0 for part in ranges}
        for part, number in close_to(ranges, self.demands(chosen, model.is_true), near).items():
            values[part] = Day(number) if isinstance(values[part], Day) else number
        classes = self.space.classes
        for fact in classes.facts:
            mine = {part: value for part, value in values.items() if part.fact == fact}
            if mine and not (fact in base and all(chosen[part].holds(v) for part, v in classes.split(fact, base[fact]).items())):
                facts[fact] = classes.assemble(fact, mine)
        return Case("example", self.program.policy.code, self.as_of, facts)

    def demands(self, chosen: Iterable[Part], is_true: Callable[[int], bool]) -> list[Demand]:
        """What the chosen comparisons demand of the dates that are recorded."""
        dated = {part for part in chosen if self.space.is_dated(part, is_true)}
        found: list[Demand] = []
        for pair in self.space.pairs:
            if dated.issuperset(pair.parts):
                sign = BEFORE if is_true(self.space.before[pair]) else AFTER if is_true(self.space.after[pair]) else SAME
                found += self._demands_of(pair, sign)
        return found

    @cache  # noqa: B019  (a search is as long-lived as what it keeps)
    def _demands_of(self, pair: Pair, sign: int) -> tuple[Demand, ...]:
        """One demand for before and after, two for the same day."""
        forward = self._demand(pair, (pair.left, pair.right), pair.parts, sign == BEFORE, sign)
        backward = self._demand(pair, (pair.right, pair.left), pair.parts[::-1], sign == AFTER, sign)
        return {BEFORE: (forward,), AFTER: (backward,), SAME: (forward, backward)}[sign]

    def _demand(self, pair: Pair, terms: tuple[Term, Term], parts: Sequence[Part], strict: bool, sign: int) -> Demand:
        shifts = plain_shift(terms[0]), plain_shift(terms[1])
        gain = None if shifts[0] is None or shifts[1] is None else shifts[0] + strict - shifts[1]
        return Demand(parts[0], parts[1], self._measure(terms[0]), self._measure(terms[1]), int(strict), gain, (pair, sign))

    @cache  # noqa: B019
    def _measure(self, term: Term) -> Callable[[int], int]:
        return cache(self.space.classes.measure(term))


def _ranges(chosen: Mapping[Part, Class]) -> dict[Part, tuple[int, int]]:
    """From where to where the dates and numbers of some classes lie."""
    return {part: (c.low, c.high) for part, c in chosen.items() if c.low is not None and c.high is not None}


def plain_shift(term: Term) -> int | None:
    """The days that a term adds to its value; None where that hangs on the calendar."""
    if isinstance(term, ValueOf):
        return 0
    if isinstance(term, Shifted) and isinstance(term.amount, Constant) and term.unit in ("days", "weeks"):
        inside = plain_shift(term.base)
        count = int(term.amount.value) * (7 if term.unit == "weeks" else 1)
        return None if inside is None else inside + count
    return None


class _Options:
    """Options of clingo's solving, set for a while."""

    def __init__(self, solving: Any, options: Mapping[str, Any]):
        self.solving, self.options = solving, options
        self.before = {name: getattr(solving, name) for name in options}

    def __enter__(self) -> None:
        for name, value in self.options.items():
            setattr(self.solving, name, value)

    def __exit__(self, *_: object) -> None:
        for name, value in self.before.items():
            setattr(self.solving, name, value)


class _DatesStandTogether:
    """Tells clingo of chosen comparisons that no days can meet."""

    def __init__(self, search: Search):
        self.search = search
        self.literals: dict[int, int] = {}

    def init(self, init: Any) -> None:
        from clingo import PropagatorCheckMode

        space = self.search.space
        init.check_mode = PropagatorCheckMode.Total
        for atom in (*space.chosen_by.values(), *space.before.values(), *space.after.values()):
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
        before, after = self.literals[self.search.space.before[pair]], self.literals[self.search.space.after[pair]]
        return {BEFORE: [-before], AFTER: [-after], SAME: [before, after]}[sign]
