"""Proofs: why a conclusion holds, may hold, can't hold or is not established.

A proof is read off the model after the engine has run. It is complete: every literal of every rule used
appears, including negative ones and comparisons. Of several proofs the smallest is taken.

Four claims can be made of an atom:

    established   some rule has every literal established
    possible      some rule has every literal possible
    excluded      every rule has a literal that is excluded
    unproved      every rule has a literal that is not established
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal as OneOf

from kb.language.model import Atom, Literal
from kb.program import Model, Program

Manner = OneOf["established", "possible", "excluded", "unproved"]
MANNERS: tuple[Manner, ...] = ("established", "possible", "excluded", "unproved")
ESTABLISHED, POSSIBLE, EXCLUDED, UNPROVED = range(4)
OPPOSITE: dict[Manner, Manner] = {
    "established": "unproved",
    "unproved": "established",
    "possible": "excluded",
    "excluded": "possible",
}


@dataclass(frozen=True, slots=True)
class Claim:
    """An atom with one of the four manners."""

    atom: Atom
    manner: Manner

    @property
    def affirms(self) -> bool:
        return self.manner in ("established", "possible")


@dataclass(frozen=True, slots=True)
class Step:
    """How a claim follows.

    rule      index of the ground rule; None for a condition of the case and for a negative claim
    premises  the claims it depends on, in the order of the rule; for a negative claim those that refute its rules
    failing   for a negative claim, the rules refuted
    size      number of steps in the proof
    """

    claim: Claim
    rule: int | None
    premises: tuple[Claim, ...]
    failing: tuple[int, ...] = ()
    size: int = 1

    @property
    def is_condition(self) -> bool:
        return self.rule is None and not self.premises and not self.failing


class Prover:
    """Finds smallest proofs in one model. Claims that do not hold have none.

    Claims are handled as numbers (4 * atom number + manner), so that a whole proof takes a few milliseconds; they
    become `Claim` and `Step` on return.
    """

    def __init__(self, model: Model):
        self.model = model
        self.true = model.true_halves
        self.certain, self.possible = model.fired_ground
        self.outline = outline_of(model.program)
        self.sizes: dict[int, int] = {}
        self.chosen: dict[int, tuple[int | None, tuple[int, ...]]] = {}
        self.claims: dict[int, Claim] = {}

    def step(self, claim: Claim) -> Step | None:
        """The first step of a smallest proof of a claim; None if it does not hold."""
        number = self.model.program.halves.numbers.get(claim.atom)
        if number is None:
            return Step(claim, None, ()) if self._holds_unnumbered(claim) else None
        key = 4 * number + MANNERS.index(claim.manner)
        return self._as_step(key) if self._size(key) else None

    def all_steps(self, claim: Claim) -> list[Step]:
        """A step for every rule that proves an affirming claim, smallest first."""
        number = self.model.program.halves.numbers.get(claim.atom)
        if number is None or not claim.affirms or number in self.outline.conditions:
            step = self.step(claim)
            return [step] if step else []
        key = 4 * number + MANNERS.index(claim.manner)
        self._size(key)
        ways = sorted((size, rule, premises) for size, rule, premises in self._ways(key))
        return [Step(claim, rule, tuple(map(self._as_claim, premises)), size=size) for size, rule, premises in ways]

    def proof(self, roots: Iterable[Claim]) -> dict[Claim, Step]:
        """The steps of the smallest proofs of some claims."""
        steps: dict[Claim, Step] = {}
        seen: set[int] = set()
        waiting: list[int] = []
        for claim in roots:
            number = self.model.program.halves.numbers.get(claim.atom)
            if number is not None:
                waiting.append(4 * number + MANNERS.index(claim.manner))
        while waiting:
            key = waiting.pop()
            if key in seen or not self._size(key):
                continue
            seen.add(key)
            step = self._as_step(key)
            steps[step.claim] = step
            waiting += self.chosen[key][1]
        return steps

    def holds(self, claim: Claim) -> bool:
        """Whether a claim is true in the model."""
        number = self.model.program.halves.numbers.get(claim.atom)
        if number is None:
            return self._holds_unnumbered(claim)
        return self._true(4 * number + MANNERS.index(claim.manner))

    # proving, on numbers

    def _true(self, key: int) -> bool:
        number, manner = divmod(key, 4)
        halves = self.model.program.halves
        if manner in (ESTABLISHED, UNPROVED):
            return (halves.certain(number) in self.true) is (manner == ESTABLISHED)
        return (halves.possible(number) in self.true) is (manner == POSSIBLE)

    def _holds_unnumbered(self, claim: Claim) -> bool:
        truth = self.model.truth(claim.atom)
        return {
            "established": truth is True,
            "possible": truth is not False,
            "excluded": truth is False,
            "unproved": truth is not True,
        }[claim.manner]

    def _size(self, key: int) -> int:
        """Number of steps in the smallest proof of a claim; 0 if it has none, or is being computed."""
        known = self.sizes.get(key)
        if known is not None:
            return known
        self.sizes[key] = 0  # while being computed: a rule that leads back here proves nothing
        if not self._true(key):
            return 0
        number, manner = divmod(key, 4)
        if number in self.outline.conditions:
            self.chosen[key] = None, ()
            self.sizes[key] = 1
        elif manner in (ESTABLISHED, POSSIBLE):
            best = min(self._ways(key), default=None)
            if best is not None:
                self.sizes[key], rule, premises = best
                self.chosen[key] = rule, premises
        else:
            self._lack(key)
        return self.sizes[key]

    def _ways(self, key: int) -> Iterator[tuple[int, int, tuple[int, ...]]]:
        """Size, rule and premises of each rule that proves a claim."""
        number, manner = divmod(key, 4)
        fired = self.certain if manner == ESTABLISHED else self.possible
        for rule in self.outline.rules_for.get(number, ()):
            if rule in fired:
                premises = self.outline.needed[manner == ESTABLISHED][rule]
                sizes = [self._size(premise) for premise in premises]
                if all(sizes):
                    yield 1 + sum(sizes), rule, premises

    def _lack(self, key: int) -> None:
        """Proves a negative claim: for each rule the premise that refutes it with the smallest proof."""
        number, manner = divmod(key, 4)
        refuting, sizes = self.outline.refuting[manner == UNPROVED], self.sizes
        against: dict[int, None] = {}
        total = 1
        for rule in self.outline.rules_for.get(number, ()):
            best = smallest = 0
            for premise in refuting[rule]:
                size = sizes[premise] if premise in sizes else self._size(premise)
                if size and (not smallest or (size, premise) < (smallest, best)):
                    smallest, best = size, premise
            if smallest and best not in against:
                against[best] = None
                total += smallest
        self.chosen[key] = None, tuple(against)
        self.sizes[key] = total

    def _as_claim(self, key: int) -> Claim:
        found = self.claims.get(key)
        if found is None:
            number, manner = divmod(key, 4)
            found = self.claims[key] = Claim(self.model.program.halves.atoms[number], MANNERS[manner])
        return found

    def _as_step(self, key: int) -> Step:
        rule, premises = self.chosen[key]
        claim = self._as_claim(key)
        failing = () if claim.affirms or rule is not None else self.outline.rules_for.get(key // 4, ())
        return Step(claim, rule, tuple(map(self._as_claim, premises)), failing, self.sizes[key])


@dataclass(frozen=True)
class Outline:
    """Ground rules as numbers: for each, the claims that make it hold and those that refute it.

    `needed` and `refuting` have two entries: for possible and for certain conclusions.
    """

    conditions: frozenset[int]
    rules_for: dict[int, tuple[int, ...]]
    needed: tuple[list[tuple[int, ...]], list[tuple[int, ...]]]
    refuting: tuple[list[tuple[int, ...]], list[tuple[int, ...]]]


def outline_of(program: Program) -> Outline:
    """The outline of a program, cached with it."""
    kept: Outline | None = program.__dict__.get("outline")
    if kept is None:
        kept = program.__dict__["outline"] = _outline(program)
    return kept


def _outline(program: Program) -> Outline:
    numbers = program.halves.numbers
    rules_for: dict[int, list[int]] = {}
    needed_: tuple[list[tuple[int, ...]], list[tuple[int, ...]]] = ([], [])
    refuting_: tuple[list[tuple[int, ...]], list[tuple[int, ...]]] = ([], [])
    for index, rule in enumerate(program.ground):
        rules_for.setdefault(numbers[rule.head], []).append(index)
        keys = [4 * numbers[literal.atom] for literal in rule.body]
        for certain in (False, True):
            manners = [manner_needed(lit.negated, lit.known, lit.inner_negated, certain) for lit in rule.body]
            needed_[certain].append(tuple(key + MANNERS.index(m) for key, m in zip(keys, manners)))
            refuting_[certain].append(tuple(key + MANNERS.index(OPPOSITE[m]) for key, m in zip(keys, manners)))
    found = {number: tuple(rules) for number, rules in rules_for.items()}
    return Outline(frozenset(program.halves.conditions), found, needed_, refuting_)


def needed(literal: Literal, certain: bool) -> Claim:
    """The claim that makes a literal hold in a rule for an established (`certain`) or possible conclusion."""
    return Claim(literal.atom, manner_needed(literal.negated, literal.known, literal.inner_negated, certain))


def manner_needed(negated: bool, known: bool, inner_negated: bool, certain: bool) -> Manner:
    """How the atom of a literal has to hold, by the words before it: see `needed`."""
    if known:
        if negated:
            return "possible" if inner_negated else "unproved"
        return "excluded" if inner_negated else "established"
    if negated:
        return "excluded" if certain else "unproved"
    return "established" if certain else "possible"


def leaves(prover: Prover, claim: Claim) -> list[Claim]:
    """The conditions of the case that the smallest proof of a claim depends on, each once."""
    found: dict[Claim, None] = {}
    seen: set[Claim] = set()
    waiting = [claim]
    while waiting:
        here = waiting.pop(0)
        step = prover.step(here)
        if here in seen or step is None:
            continue
        seen.add(here)
        waiting += step.premises
        if prover.model.is_condition(here.atom):
            found[here] = None
    return list(found)


def roots(model: Model, status: str) -> list[tuple[str, Claim]]:
    """The claims that an answer makes, each with the part of the answer it belongs to."""
    teams = [atom.args for atom in model.holding_of("may_hold")]
    found: list[tuple[str, Claim]] = []
    for args in teams:
        atom = Atom("holds", args)
        found.append(("holder", Claim(atom, "established" if model.certain(atom) else "possible")))
    for part, predicate in PARTS:
        found += [(part, Claim(atom, "established")) for atom in model.holding_of(predicate)]
    return found


#: Parts of an answer after the holder, with the predicates of the shared rules that give them.
PARTS = (
    ("transfer", "told"),
    ("blocked_by", "blocked_by"),
    ("unconfirmed_gates", "unconfirmed"),
    ("deadlines", "deadline"),
    ("deadlines", "kept"),
    ("duties", "duty"),
    ("attendance", "attendance"),
    ("co_working", "co_working"),
    ("escalate_to", "escalate_to"),
    ("findings", "finding"),
    ("further_transfers", "further"),
    ("missing_facts", "ask"),
)
