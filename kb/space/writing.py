"""A space of cases and the rules over it, written into clingo as numbers."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from kb.case import Case
from kb.conditions import compare
from kb.language.model import Atom, Term
from kb.lowering.halves import HalfProgram
from kb.program import CONTRADICTION, Program, solve
from kb.space.parts import Class, Classes, Part, values_in

BEFORE, SAME, AFTER = range(3)


@dataclass(frozen=True)
class Pair:
    """Two terms of different parts that conditions compare."""

    left: Term
    right: Term
    parts: tuple[Part, Part]


@dataclass
class Space:
    """The clingo atoms that stand for halves, recorded facts, classes and the order of two terms."""

    classes: Classes
    never: int
    halves: dict[int, int] = field(default_factory=dict)
    recorded: dict[str, int] = field(default_factory=dict)
    changed: dict[str, int] = field(default_factory=dict)
    chosen_by: dict[tuple[Part, int], int] = field(default_factory=dict)
    dated: dict[Part, int] = field(default_factory=dict)
    pairs: dict[Pair, list[Atom]] = field(default_factory=dict)
    before: dict[Pair, int] = field(default_factory=dict)
    after: dict[Pair, int] = field(default_factory=dict)

    def chosen(self, is_true: Callable[[int], bool]) -> dict[Part, Class]:
        """The class of each part that is recorded."""
        return {part: self.classes.of[part][n] for (part, n), atom in self.chosen_by.items() if is_true(atom)}

    def is_dated(self, part: Part, is_true: Callable[[int], bool]) -> bool:
        return any(is_true(self.chosen_by[part, n]) for n, c in enumerate(self.classes.of[part]) if c.low is not None)

    def atom_of(self, part: Part, found: Class) -> int:
        return self.chosen_by[part, self.classes.of[part].index(found)]


def write(
    control: Any,
    program: Program,
    as_of: int,
    aims: Iterable[int],
    base: Case | None,
    keep: Collection[str],
    answered: Collection[str],
) -> Space:
    """Puts the space of a program, its rules and the cost of cases into a clingo control."""
    halves = program.halves
    forbidden = _contradictions(program, base)
    wanted = {*aims, *forbidden}
    rules = _resting_on(halves, wanted)
    for index in rules:
        wanted.update(halves.rules[index].positive, halves.rules[index].negative)
    conditions = [n for n in halves.conditions if halves.certain(n) in wanted or halves.possible(n) in wanted]
    classes = Classes(program.policy.vocabulary, [halves.atoms[n] for n in conditions], as_of, base)
    with control.backend() as backend:
        space = Space(classes, backend.add_atom(), pairs=_pairs(classes))
        writer = _Writer(space, halves, backend)
        writer.facts()
        writer.order()
        for number in conditions:
            writer.condition(number)
        for index in rules:
            writer.rule(index)
        for half in forbidden:
            backend.add_rule([], [writer.half(half)])
        if base is None:
            writer.cost(space.recorded)
        else:
            writer.stay_close_to(base, frozenset(keep))
            writer.cost(space.changed)
        for fact in answered:
            if fact in space.recorded:
                backend.add_rule([], [-space.recorded[fact]])
    return space


def _contradictions(program: Program, base: Case | None) -> list[int]:
    """What no case may be, but for what the base case itself already is."""
    from kb.engines.forward import Forward

    entries = program.by_predicate.get(CONTRADICTION, ())
    already = set(solve(program, base, Forward()).holding_of(CONTRADICTION)) if base is not None and entries else set()
    return [certain for atom, certain, _ in entries if atom not in already]


def _resting_on(halves: HalfProgram, aims: Iterable[int]) -> list[int]:
    """The rules that some halves rest on, in the program's order."""
    wanted = set(aims)
    before = -1
    kept: list[int] = []
    while before != len(wanted):
        before = len(wanted)
        kept = []
        for index in range(len(halves.rules) - 1, -1, -1):
            rule = halves.rules[index]
            if rule.head in wanted:
                wanted.update(rule.positive, rule.negative)
                kept.append(index)
        if not halves.circular:
            break
    return kept[::-1]


def _pairs(classes: Classes) -> dict[Pair, list[Atom]]:
    """Each two terms that are compared, with the conditions about them."""
    found: dict[Pair, list[Atom]] = {}
    for atom in classes.pairs:
        left, right = sorted(atom.args, key=str)
        parts = [classes.part_of(next(values_in(term))) for term in (left, right)]
        found.setdefault(Pair(left, right, (parts[0], parts[1])), []).append(atom)
    return found


class _Writer:
    """Writes one space. Each method states one thing about it."""

    def __init__(self, space: Space, halves: HalfProgram, backend: Any):
        self.space, self.halves, self.backend = space, halves, backend
        self.classes = space.classes
        self.pair_of = {atom: pair for pair, atoms in space.pairs.items() for atom in atoms}

    def half(self, half: int) -> int:
        """The clingo atom of a half."""
        if half not in self.space.halves:
            self.space.halves[half] = self.backend.add_atom()
        return self.space.halves[half]

    def rule(self, index: int) -> None:
        rule = self.halves.rules[index]
        body = [self.half(half) for half in rule.positive] + [-self.half(half) for half in rule.negative]
        self.backend.add_rule([self.half(rule.head)], body)

    def facts(self) -> None:
        """A fact is recorded or not; if it is, each of its parts lies in just one class."""
        for fact in self.classes.facts:
            recorded = self.space.recorded[fact] = self._choice([])
            for part in self.classes.parts(fact):
                atoms = [self._choice([recorded]) for _ in self.classes.of[part]]
                self.space.chosen_by.update({(part, n): atom for n, atom in enumerate(atoms)})
                self.backend.add_rule([], [recorded, *(-atom for atom in atoms)])
                self._at_most_one(atoms)
                dated = [atom for atom, found in zip(atoms, self.classes.of[part]) if found.low is not None]
                self.space.dated[part] = self._any_of(dated)

    def order(self) -> None:
        """Of two terms whose values are recorded, one is before the other, or neither is."""
        for pair in self.space.pairs:
            both = [self.space.dated[part] for part in pair.parts]
            before, after = self._choice(both), self._choice(both)
            self.space.before[pair], self.space.after[pair] = before, after
            self.backend.add_rule([], [before, after])
            self._order_of_classes(pair, before, after)

    def _order_of_classes(self, pair: Pair, before: int, after: int) -> None:
        """What two classes alone settle: all of one lies before all of the other."""
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

    def condition(self, number: int) -> None:
        """When a condition holds for certain, and when possibly."""
        atom = self.halves.atoms[number]
        certain, possible = self.half(self.halves.certain(number)), self.half(self.halves.possible(number))
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
        """Whether a list of records has an entry at all."""
        fact = self.classes.source(atom)
        for part in self.classes.parts(fact):
            for n, found in enumerate(self.classes.of[part]):
                if found.value is not False:
                    self._when(True, certain, possible, [self.space.chosen_by[part, n]])
        self._when(None, certain, possible, [-self.space.recorded[fact]])

    def stay_close_to(self, base: Case, keep: frozenset[str]) -> None:
        """What is recorded stays recorded; a fact has changed when one of its parts has left its class."""
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
            stays = self.classes.vocabulary.facts[fact].fixed and fact in base.facts
            if stays or fact in keep:
                self.backend.add_rule([], [self.space.changed[fact]])

    def cost(self, atoms: dict[str, int]) -> None:
        """A case costs one for each of these; ways of choosing classes tell cases apart."""
        self.backend.add_minimize(0, [(atom, 1) for atom in atoms.values()])
        self.backend.add_project(list(self.space.chosen_by.values()))

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
