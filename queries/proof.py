"""Proofs: why a conclusion holds, may hold, can't hold or is not established.

A proof is read off the model, after the engine has run. It is complete: every literal of
every rule used appears, denials and comparisons included. Where several proofs exist the
smallest is taken first.

Four claims can be made of an atom, and each is proved by others:

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
from kb.lowering.exceptions import SET_ASIDE
from kb.program import Model

Manner = OneOf["established", "possible", "excluded", "unproved"]


@dataclass(frozen=True, slots=True)
class Claim:
    """What is said of an atom."""

    atom: Atom
    manner: Manner

    @property
    def affirms(self) -> bool:
        return self.manner in ("established", "possible")


@dataclass(frozen=True, slots=True)
class Step:
    """How one claim follows.

    `rule` is the ground rule used, None for a condition of the case and for a claim about
    the lack of rules. `premises` are the claims it rests on, in the order of the rule; for
    a lack, one for each rule that might have served, paired with it in `failing`.
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
    """Finds smallest proofs in one model. Claims that do not hold have none."""

    def __init__(self, model: Model):
        self.model = model
        self.found: dict[Claim, Step | None] = {}
        self.open: set[Claim] = set()

    def step(self, claim: Claim) -> Step | None:
        """The smallest first step of a proof of a claim, or None where it does not hold."""
        if claim in self.found:
            return self.found[claim]
        if claim in self.open:
            return None  # a rule that leads back to itself proves nothing
        self.open.add(claim)
        step = self._prove(claim)
        self.open.discard(claim)
        self.found[claim] = step
        return step

    def all_steps(self, claim: Claim) -> list[Step]:
        """Every rule that proves an affirming claim, smallest first."""
        if not claim.affirms or self._is_condition(claim.atom):
            step = self.step(claim)
            return [step] if step else []
        return sorted(self._ways(claim), key=lambda step: step.size)

    def proof(self, roots: Iterable[Claim]) -> dict[Claim, Step]:
        """The steps of the smallest proofs of some claims, each claim once."""
        steps: dict[Claim, Step] = {}
        waiting = list(roots)
        while waiting:
            claim = waiting.pop()
            step = self.step(claim)
            if claim not in steps and step is not None:
                steps[claim] = step
                waiting += step.premises
        return steps

    # proving

    def holds(self, claim: Claim) -> bool:
        """Whether a claim is true in the model."""
        truth = self.model.truth(claim.atom)
        return {
            "established": truth is True,
            "possible": truth is not False,
            "excluded": truth is False,
            "unproved": truth is not True,
        }[claim.manner]

    def _prove(self, claim: Claim) -> Step | None:
        if not self.holds(claim):
            return None
        if self._is_condition(claim.atom):
            return Step(claim, None, ())
        if claim.affirms:
            return min(self._ways(claim), key=lambda step: step.size, default=None)
        return self._lack(claim)

    def _is_condition(self, atom: Atom) -> bool:
        return atom not in self.model.program.by_head and self.model.is_condition(atom)

    def _ways(self, claim: Claim) -> Iterator[Step]:
        certain, possible = self.model.fired_ground
        fired = certain if claim.manner == "established" else possible
        for index in self.model.program.by_head.get(claim.atom, ()):
            if index not in fired:
                continue
            body = self.model.program.ground[index].body
            premises = tuple(needed(literal, claim.manner == "established") for literal in body)
            steps = [self.step(premise) for premise in premises]
            if all(steps):
                yield Step(claim, index, premises, size=1 + sum(step.size for step in steps if step))

    def _lack(self, claim: Claim) -> Step:
        rules = self.model.program.by_head.get(claim.atom, ())
        premises: list[Claim] = []
        for index in rules:
            body = self.model.program.ground[index].body
            against = [refuting(literal, claim.manner == "unproved") for literal in body]
            proved = [(step.size, n) for n, c in enumerate(against) if (step := self.step(c))]
            if proved:
                premises.append(against[min(proved)[1]])
        size = 1 + sum(step.size for p in premises if (step := self.step(p)))
        return Step(claim, None, tuple(premises), rules, size)


def needed(literal: Literal, certain: bool) -> Claim:
    """The claim that makes a literal hold, in a rule for an established or possible conclusion."""
    if literal.known:
        if literal.negated:
            return Claim(literal.atom, "possible" if literal.inner_negated else "unproved")
        return Claim(literal.atom, "excluded" if literal.inner_negated else "established")
    if literal.negated:
        return Claim(literal.atom, "excluded" if certain else "unproved")
    return Claim(literal.atom, "established" if certain else "possible")


def refuting(literal: Literal, certain: bool) -> Claim:
    """The claim that keeps a literal from being established (`certain`) or from being possible."""
    opposite: dict[Manner, Manner] = {
        "established": "unproved",
        "unproved": "established",
        "possible": "excluded",
        "excluded": "possible",
    }
    claim = needed(literal, certain)
    return Claim(claim.atom, opposite[claim.manner])


@dataclass(frozen=True, slots=True)
class SetAside:
    """A general rule that would have applied, had an exception not taken its place."""

    rule: int
    exception: Claim


def set_aside_rules(model: Model, predicate: str) -> list[SetAside]:
    """General rules for a predicate whose conditions are met and which an exception beat."""
    found: list[SetAside] = []
    for index, rule in enumerate(model.program.ground):
        if rule.head.predicate != predicate or not rule.body or rule.body[-1].atom.predicate != SET_ASIDE:
            continue
        if not model.certain(rule.body[-1].atom):
            continue
        prover = Prover(model)
        if all(prover.holds(needed(literal, True)) for literal in rule.body[:-1]):
            found.append(SetAside(index, Claim(rule.body[-1].atom, "established")))
    return found


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


#: Parts of an answer after the holder, with the predicate of the house that gives each.
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
