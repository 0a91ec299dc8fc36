"""Writes a space of cases and the rules over it into clingo, as numbers."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kb.carried import AGREED_LATER, CAME_AT, CAME_FROM, CLOSED, HOLDER, POINTS_PAST, STINT_FROM
from kb.case import NO_TEAM_ON_RECORD, Case
from kb.conditions import PLANNED, compare
from kb.language.model import Atom, Term
from kb.lowering.halves import HalfProgram
from kb.program import CONTRADICTION, Program, solve
from kb.space.parts import Class, Classes, Part, values_in

BEFORE, SAME, AFTER = range(3)
Move = tuple[str, str, str]  # from, to, point

# Keys that a goal can name: a half of the first program is its own number; the offsets below are for other keys.
SIDE = 1 << 30
FIRED = 1 << 60


def of_side(half: int, side: int) -> int:
    """The key of a half of program number `side` of a search."""
    return half + SIDE * side


def fired(rule: int, side: int = 0) -> int:
    """The key for "this plain rule fires"."""
    return FIRED + rule + SIDE * side


@dataclass(frozen=True)
class Pair:
    """Two terms, of different parts, that conditions compare."""

    left: Term
    right: Term
    parts: tuple[Part, Part]


@dataclass
class Space:
    """The clingo atoms of a space of cases.

    never          an atom that is never true
    in_order       while it is assumed, the first model is the first case in a fixed order (see `_Writer.put_in_order`)
    halves         key to atom
    recorded       fact to "it is recorded"
    changed        fact to "it differs from the base case"
    chosen_by      (part, number of a class) to "the part is in that class"
    dated          part to "it has a date or number"
    pairs          compared terms, with the conditions on them
    twice          events with both a past and a planned day; they cost as much as two facts
    over           over[k]: "the case costs more than k"
    before, after  pair to "left is before right", "left is after right"
    """

    classes: Classes
    never: int
    in_order: int
    halves: dict[int, int] = field(default_factory=dict)
    recorded: dict[str, int] = field(default_factory=dict)
    changed: dict[str, int] = field(default_factory=dict)
    chosen_by: dict[tuple[Part, int], int] = field(default_factory=dict)
    dated: dict[Part, int] = field(default_factory=dict)
    pairs: dict[Pair, list[Atom]] = field(default_factory=dict)
    twice: list[int] = field(default_factory=list)
    over: list[int] = field(default_factory=list)
    before: dict[Pair, int] = field(default_factory=dict)
    after: dict[Pair, int] = field(default_factory=dict)

    def chosen(self, is_true: Callable[[int], bool]) -> dict[Part, Class]:
        """The class of each recorded part in a model."""
        return {part: self.classes.of[part][n] for (part, n), atom in self.chosen_by.items() if is_true(atom)}

    def is_dated(self, part: Part, is_true: Callable[[int], bool]) -> bool:
        return any(is_true(self.chosen_by[part, n]) for n, c in enumerate(self.classes.of[part]) if c.low is not None)

    def atom_of(self, part: Part, found: Class) -> int:
        return self.chosen_by[part, self.classes.of[part].index(found)]


def write(
    control: Any,
    programs: Sequence[Program],
    as_of: int,
    aims: Iterable[int] | None,
    base: Case | None,
    keep: Collection[str],
    answered: Collection[str],
) -> Space:
    """Writes the space of some programs, their rules and the cost of cases into a clingo control (see `Search`)."""
    asked = None if aims is None else list(aims)
    sides = [_Side.of(number, program, asked, base) for number, program in enumerate(programs)]
    atoms = [side.halves.atoms[n] for side in sides for n in side.conditions]
    classes = Classes(programs[0].policy.vocabulary, list(dict.fromkeys(atoms)), as_of, base)
    with control.backend() as backend:
        space = Space(classes, backend.add_atom(), backend.add_atom(), pairs=_pairs(classes))
        backend.add_rule([space.in_order], [], True)
        writer = _Writer(space, backend)
        writer.facts()
        writer.order()
        if base is None:
            writer.step(_moves(programs))
        for side in sides:
            for number in side.conditions:
                writer.condition(side, number)
            for index in side.rules:
                writer.rule(side, index)
            for half in side.forbidden:
                backend.add_rule([], [writer.half(side.key(half))])
        if base is None:
            writer.cost([*space.recorded.values(), *space.twice])
        else:
            writer.stay_close_to(base, frozenset(keep))
            writer.cost(space.changed.values())
        writer.put_in_order()
        for fact in answered:
            if fact in space.recorded:
                backend.add_rule([], [-space.recorded[fact]])
    return space


@dataclass(frozen=True)
class _Side:
    """One program of a search: the rules relevant to its aims, and their conditions. `told`: rules whose firing is an aim."""

    number: int
    halves: HalfProgram
    rules: tuple[int, ...]
    told: frozenset[int]
    conditions: tuple[int, ...]
    forbidden: tuple[int, ...]

    @classmethod
    def of(cls, number: int, program: Program, aims: Sequence[int] | None, base: Case | None) -> _Side:
        halves = program.halves
        forbidden = _contradictions(program, base)
        mine = [aim for aim in aims or () if aim % FIRED // SIDE == number]
        told = {aim % SIDE for aim in mine if aim >= FIRED} if aims is not None else set(range(len(halves.rules)))
        wanted = {aim % SIDE for aim in mine if aim < FIRED} | {halves.rules[index].head for index in told} | set(forbidden)
        rules = halves.rules_under(wanted)
        for index in rules:
            wanted.update(halves.rules[index].positive, halves.rules[index].negative)
        conditions = [n for n in halves.conditions if halves.certain(n) in wanted or halves.possible(n) in wanted]
        return cls(number, halves, tuple(rules), frozenset(told), tuple(conditions), tuple(forbidden))

    def key(self, half: int) -> int:
        return half + SIDE * self.number


def _contradictions(program: Program, base: Case | None) -> list[int]:
    """The contradictions that a case may not have: all except those of the base case."""
    from kb.engines.forward import Forward

    entries = program.by_predicate.get(CONTRADICTION, ())
    already = set(solve(program, base, Forward()).holding_of(CONTRADICTION)) if base is not None and entries else set()
    return [certain for atom, certain, _ in entries if atom not in already]


def _moves(programs: Sequence[Program]) -> set[Move]:
    """The moves of some programs, including renamed ones (`kb.product`), as (from, to, point)."""
    heads = (
        atom
        for program in programs
        for name, entries in program.by_predicate.items()
        if name.split()[-1] == "moved"
        for atom, _, _ in entries
    )
    return {(str(atom.args[0]), str(atom.args[1]), str(atom.args[2])) for atom in heads}


def _pairs(classes: Classes) -> dict[Pair, list[Atom]]:
    """The pairs of terms that are compared, with the conditions on them."""
    found: dict[Pair, list[Atom]] = {}
    for atom in classes.pairs:
        left, right = sorted(atom.args, key=str)
        parts = [classes.part_of(next(values_in(term))) for term in (left, right)]
        found.setdefault(Pair(left, right, (parts[0], parts[1])), []).append(atom)
    return found


class _Writer:
    """Writes one space; each method writes one of its constraints."""

    def __init__(self, space: Space, backend: Any):
        self.space, self.backend = space, backend
        self.classes = space.classes
        self.pair_of = {atom: pair for pair, atoms in space.pairs.items() for atom in atoms}

    def half(self, key: int) -> int:
        """The clingo atom of a key."""
        if key not in self.space.halves:
            self.space.halves[key] = self.backend.add_atom()
        return self.space.halves[key]

    def rule(self, side: _Side, index: int) -> None:
        rule = side.halves.rules[index]
        body = [self.half(side.key(half)) for half in rule.positive] + [-self.half(side.key(half)) for half in rule.negative]
        if index in side.told:
            told = self.half(fired(index, side.number))
            self.backend.add_rule([told], body)
            body = [told]
        self.backend.add_rule([self.half(side.key(rule.head))], body)

    def facts(self) -> None:
        """A fact is recorded or not; if it is, each of its parts is in exactly one class.

        Heuristics make clingo try unrecorded facts and empty lists first: small cases have few dates that can clash.
        """
        from clingo.backend import HeuristicType

        for fact in self.classes.facts:
            recorded = self.space.recorded[fact] = self._choice([])
            self.backend.add_heuristic(recorded, HeuristicType.False_, 1, 1, [])
            for part in self.classes.parts(fact):
                atoms = [self._choice([recorded]) for _ in self.classes.of[part]]
                if part.key is not None:
                    for atom, found in zip(atoms, self.classes.of[part]):
                        if found.value is not False and (found.value is not None or part.key != PLANNED):
                            self.backend.add_heuristic(atom, HeuristicType.False_, 1, 1, [])
                self.space.chosen_by.update({(part, n): atom for n, atom in enumerate(atoms)})
                self.backend.add_rule([], [recorded, *(-atom for atom in atoms)])
                self._at_most_one(atoms)
                dated = [atom for atom, found in zip(atoms, self.classes.of[part]) if found.low is not None]
                self.space.dated[part] = self._any_of(dated)
            self._planned(fact)

    def _planned(self, fact: str) -> None:
        """An event without a known day has no planned day: a record has one or the other."""
        happened, planned = Part(fact), Part(fact, PLANNED)
        if happened in self.classes.single and planned in self.classes.single:
            undated = [self.space.chosen_by[happened, n] for n, c in enumerate(self.classes.of[happened]) if c.value is True]
            for atom in undated:
                self.backend.add_rule([], [atom, self.space.dated[planned]])
            self.space.twice.append(self.backend.add_atom())
            self.backend.add_rule([self.space.twice[-1]], [self.space.dated[happened], self.space.dated[planned]])

    def step(self, moves: Collection[Move]) -> None:
        """The move that began the stint is one of the policy's; events count from a known day only with a team on record.

        Other facts that the journey carries (transfer points already used) are not recorded.
        """
        read = frozenset(self.classes.facts)
        for fact in read & {AGREED_LATER, POINTS_PAST}:
            self.backend.add_rule([], [self.space.recorded[fact]])
        holder = self._values(HOLDER) if HOLDER in read else {}
        for fact in read & {STINT_FROM, CAME_FROM}:
            held = [] if HOLDER not in read else [-self.space.recorded[HOLDER]]
            self.backend.add_rule([], [self.space.recorded[fact], *held])
            if NO_TEAM_ON_RECORD in holder:
                self.backend.add_rule([], [self.space.recorded[fact], holder[NO_TEAM_ON_RECORD]])
        if CAME_FROM in read and HOLDER in read:
            self._came(moves, holder)
        elif CAME_AT in read:
            self.backend.add_rule([], [self.space.recorded[CAME_AT]])

    def _came(self, moves: Collection[Move], holder: Mapping[Any, int]) -> None:
        """Team and transfer point that the child came from are of one move to the holder; no point if the case was closed."""
        origins = self._values(CAME_FROM)
        points = self._values(CAME_AT) if CAME_AT in self.classes.facts else {}
        by_way: dict[tuple[str, str], set[str]] = {}
        for origin, to, point in moves:
            by_way.setdefault((origin, point), set()).add(to)
        for origin, came_from in origins.items():
            for point, came_at in points.items():
                teams = [-holder[to] for to in sorted(by_way.get((origin, point), ())) if to in holder]
                self.backend.add_rule([], [came_from, came_at, *teams])
            to_all = {to for (start, _), teams in by_way.items() if start == origin for to in teams} | {CLOSED}
            self.backend.add_rule([], [came_from, *(-holder[to] for to in sorted(to_all) if to in holder)])
        if CAME_AT in self.classes.facts:
            self.backend.add_rule([], [self.space.recorded[CAME_AT], -self.space.recorded[CAME_FROM]])
            closed = [-holder[CLOSED]] if CLOSED in holder else []
            self.backend.add_rule([], [self.space.recorded[CAME_FROM], -self.space.recorded[CAME_AT], *closed])

    def _values(self, fact: str) -> dict[Any, int]:
        """Value to atom, for a fact whose values are classes of their own."""
        part = Part(fact)
        return {c.value: self.space.chosen_by[part, n] for n, c in enumerate(self.classes.of[part]) if not c.others}

    def order(self) -> None:
        """Of two recorded terms, one is before the other, or they are equal."""
        for pair in self.space.pairs:
            both = [self.space.dated[part] for part in pair.parts]
            before, after = self._choice(both), self._choice(both)
            self.space.before[pair], self.space.after[pair] = before, after
            self.backend.add_rule([], [before, after])
            self._order_of_classes(pair, before, after)
        self._triangles()

    def _triangles(self) -> None:
        """Transitivity for three terms: if a <= b and b <= c, then a <= c.

        Longer cycles of dates are left to `order`; these constraints make them rare.
        """
        later: dict[Term, dict[Term, int]] = {}
        for pair in self.space.pairs:
            later.setdefault(pair.left, {})[pair.right] = self.space.after[pair]
            later.setdefault(pair.right, {})[pair.left] = self.space.before[pair]
        # later[a][b] is true if a is after b; if neither is after the other, they are equal.
        for a, from_a in later.items():
            for b, a_after_b in from_a.items():
                b_after_a = later[b][a]
                for c, b_after_c in later[b].items():
                    if c in from_a and str(a) < str(c):
                        c_after_a, a_after_c, c_after_b = later[c][a], from_a[c], later[c][b]
                        valued = [self.space.dated[self.classes.part_of(next(values_in(term)))] for term in (a, b, c)]
                        self.backend.add_rule([], [*valued, c_after_a, -c_after_b, -b_after_a])
                        self.backend.add_rule([], [*valued, a_after_c, -a_after_b, -b_after_c])

    def _order_of_classes(self, pair: Pair, before: int, after: int) -> None:
        """The order of two terms where their classes determine it: one interval is before the other."""
        left, right = (self._spans(term, part) for term, part in zip((pair.left, pair.right), pair.parts))
        for (atom, low, high), (other, other_low, other_high) in ((a, b) for a in left for b in right):
            if high < other_low:
                self.backend.add_rule([], [atom, other, -before])
            elif other_high < low:
                self.backend.add_rule([], [atom, other, -after])
            else:
                if high <= other_low:
                    self.backend.add_rule([], [atom, other, after])
                if other_high <= low:
                    self.backend.add_rule([], [atom, other, before])

    def _spans(self, term: Term, part: Part) -> list[tuple[int, int, int]]:
        measured = self.classes.measure(term)
        return [
            (self.space.chosen_by[part, n], measured(found.low), measured(found.high))
            for n, found in enumerate(self.classes.of[part])
            if found.low is not None and found.high is not None
        ]

    def condition(self, side: _Side, number: int) -> None:
        """Rules for the two halves of a condition, certain and possible."""
        atom = side.halves.atoms[number]
        certain, possible = (self.half(side.key(half)) for half in (side.halves.certain(number), side.halves.possible(number)))
        if atom in self.classes.settled:
            self._when(self.classes.truth_without(atom), certain, possible, [])
        elif atom in self.pair_of:
            self._comparison(atom, certain, possible)
        elif atom in self.classes.somes:
            self._some(atom, certain, possible)
        else:
            (part,) = self.classes.parts_asked(atom)
            for n, found in enumerate(self.classes.of[part]):
                truth = self.classes.truth(atom, part, found.value)
                self._when(truth, certain, possible, [self.space.chosen_by[part, n]])
            self._when(self.classes.truth_without(atom), certain, possible, [-self.space.recorded[part.fact]])

    def _comparison(self, atom: Atom, certain: int, possible: int) -> None:
        pair = self.pair_of[atom]
        before, after = self.space.before[pair], self.space.after[pair]
        both = [self.space.dated[part] for part in pair.parts]
        if atom.args[0] != pair.left:
            before, after = after, before
        for sign, body in ((-1, [before]), (1, [after]), (0, [*both, -before, -after])):
            self._when(compare(atom.predicate, sign, 0), certain, possible, body)
        for dated in both:
            self._when(None, certain, possible, [-dated])

    def _some(self, atom: Atom, certain: int, possible: int) -> None:
        """Rules for a condition of kind `some`: the list has an entry."""
        fact = self.classes.source(atom)
        for part in self.classes.parts(fact):
            for n, found in enumerate(self.classes.of[part]):
                if found.value is not False:
                    self._when(True, certain, possible, [self.space.chosen_by[part, n]])
        self._when(None, certain, possible, [-self.space.recorded[fact]])

    def stay_close_to(self, base: Case, keep: frozenset[str]) -> None:
        """Recorded facts stay recorded. A fact is changed if one of its parts is not in its class of the base case."""
        for fact in self.classes.facts:
            recorded = self.space.recorded[fact]
            if fact not in base.facts:
                self.space.changed[fact] = recorded
            else:
                self.backend.add_rule([], [-recorded])
                changed = self.space.changed[fact] = self.backend.add_atom()
                for part, value in self.classes.split(fact, base.facts[fact]).items():
                    own = next(n for n, found in enumerate(self.classes.of[part]) if found.holds(value))
                    self.backend.add_rule([changed], [-self.space.chosen_by[part, own]])
            known = self.classes.vocabulary.facts[fact]
            if (known.fixed and fact in base.facts) or known.time == "step" or fact in keep:
                self.backend.add_rule([], [self.space.changed[fact]])

    def cost(self, atoms: Iterable[int]) -> None:
        """Defines the cost of a case as the number of these atoms that are true, by the atoms `over`."""
        counted = [(atom, 1) for atom in atoms]
        for most in range(len(counted)):
            self.space.over.append(self.backend.add_atom())
            self.backend.add_weight_rule([self.space.over[-1]], most + 1, counted)
        self.backend.add_project(list(self.space.chosen_by.values()))

    def put_in_order(self) -> None:
        """Adds `in_order`: while it holds, clingo decides what makes up a case in one order, each part against it first.

        So the first model is the first case in that order, whatever clingo learned before (as in Di Rosa, Giunchiglia and
        Maratea, "Solving satisfiability problems with preferences", 2010). First come the facts, the last of the vocabulary
        first, so that cases have early ones; then the values, those furthest from the day of the answer first; then the
        comparisons. The order of a case's parts does not depend on what rules ask of other facts.
        """
        from clingo.backend import HeuristicType

        space, classes = self.space, self.classes
        parts = [part for fact in classes.facts for part in sorted(classes.parts(fact), key=str)]
        pairs = sorted(space.pairs, key=lambda pair: (str(pair.left), str(pair.right)))
        atoms = [
            *(space.recorded[fact] for fact in reversed(classes.facts)),
            *(space.chosen_by[part, number] for part in parts for number in self._far_first(part)),
            *(atom for pair in pairs for atom in (space.before[pair], space.after[pair])),
        ]
        for level, atom in enumerate(reversed(atoms), 2):
            self.backend.add_heuristic(atom, HeuristicType.False_, level, 2, [space.in_order])

    def _far_first(self, part: Part) -> list[int]:
        """The numbers of a part's classes, the least natural value first."""
        near = self.classes.near(part)

        def far(number: int) -> tuple[int, int]:
            found = self.classes.of[part][number]
            if found.low is None or found.high is None:
                return 0, number + 1
            return max(found.low - near, near - found.high, 0), 0

        return sorted(range(len(self.classes.of[part])), key=far, reverse=True)

    def _when(self, truth: bool | None, certain: int, possible: int, body: list[int]) -> None:
        if truth is True:
            self.backend.add_rule([certain], body)
        if truth is not False:
            self.backend.add_rule([possible], body)

    def _choice(self, body: list[int]) -> int:
        atom: int = self.backend.add_atom()
        self.backend.add_rule([atom], body, True)
        return atom

    def _any_of(self, atoms: list[int]) -> int:
        found: int = self.backend.add_atom()
        for atom in atoms:
            self.backend.add_rule([found], [atom])
        return found

    def _at_most_one(self, atoms: list[int]) -> None:
        self.backend.add_weight_rule([], 2, [(atom, 1) for atom in atoms])
