"""A proof as a tree of sentences, for reading.

The short form leaves out the steps of the house and tells what is lacking in one line, with
the facts that it rests on. The full form shows every step.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from explain.words import Words, capital
from kb.language.model import Atom
from kb.program import Model
from queries.missing import facts_of
from queries.proof import Claim, Prover, Step, leaves


@dataclass(frozen=True)
class Sentence:
    """One line of an explanation: what is said, by which clause, and what it rests on.

    `clause_id` is the clause's id in the register; `facts` are the case facts that a line looks at.
    """

    text: str
    clause: str = ""
    affirms: bool = True
    reasons: tuple[Sentence, ...] = field(default=())
    repeated: bool = False
    clause_id: str = ""
    facts: tuple[str, ...] = ()


class Teller:
    """Turns proofs in one model into trees of sentences."""

    def __init__(self, model: Model, full: bool = False):
        self.model = model
        self.program = model.program
        self.words = Words.of(model)
        self.prover = Prover(model)
        self.full = full
        self.told: set[Claim] = set()

    def tell(self, claim: Claim) -> Sentence:
        """The smallest proof of a claim, as sentences."""
        step = self.prover.step(claim)
        text = capital(self.words.claim(claim))
        if step is None:
            return Sentence(text)
        if claim in self.told and step.premises:
            return Sentence(text, self._citation(step), claim.affirms, repeated=True, clause_id=self._shown_clause(step))
        self.told.add(claim)
        if not claim.affirms and step.premises and not self.full:
            return Sentence(text, "", False, tuple(self._lacking(claim)))
        asked = self._asked_by(step) if self._is_house(step) else ()
        reasons = (*asked, *self._reasons(step))
        return Sentence(
            text, self._citation(step), claim.affirms, reasons, clause_id=self._shown_clause(step), facts=self._facts(claim)
        )

    def _asked_by(self, step: Step) -> Iterator[Sentence]:
        """What the policy itself lays down for a step of the house, with the clauses that do."""
        assert step.rule is not None
        for given in self.program.ground[step.rule].given:
            for index in self.program.by_head.get(given.atom, ())[:1] if given.binds else ():
                clause = self.program.rules[self.program.ground[index].source].clause
                yield Sentence(capital(self.words.literal(given)), self.words.clause_name(clause), clause_id=clause)

    def _reasons(self, step: Step) -> Iterator[Sentence]:
        seen: set[str] = set()
        for sentence in self._premises(step):
            if sentence.text not in seen:
                seen.add(sentence.text)
                yield sentence

    def _premises(self, step: Step) -> Iterator[Sentence]:
        for premise in step.premises:
            below = self.prover.step(premise)
            if below is not None and not self.full and premise.affirms and self._is_house(below):
                if premise not in self.told:
                    self.told.add(premise)
                    yield from self._premises(below)
            else:
                yield self.tell(premise)
        if step.rule is not None:
            for given in self.program.ground[step.rule].given:
                if given.atom.predicate == "reading" or self.full:
                    yield Sentence(capital(self.words.literal(given)), "")

    def _lacking(self, claim: Claim) -> Iterator[Sentence]:
        """What a lack rests on in the end: each condition once."""
        texts: set[str] = set()
        for leaf in leaves(self.prover, claim):
            text = capital(self.words.claim(leaf))
            if not leaf.atom.is_comparison and text not in texts:
                texts.add(text)
                yield Sentence(text, "", leaf.affirms, facts=self._facts(leaf))

    def _facts(self, claim: Claim) -> tuple[str, ...]:
        if not self.model.is_condition(claim.atom):
            return ()
        return facts_of(self.program.policy.vocabulary, claim.atom)

    def _shown_clause(self, step: Step) -> str:
        return "" if self._is_house(step) else self._clause(step)

    def _is_house(self, step: Step) -> bool:
        if step.rule is None:
            return False
        clause = self.program.policy.clauses.get(self._clause(step))
        return clause is not None and clause.house

    def _clause(self, step: Step) -> str:
        return self.program.rules[self.program.ground[step.rule].source].clause if step.rule is not None else ""

    def _citation(self, step: Step) -> str:
        if step.rule is None:
            return ""
        if self.full:
            rule = self.program.rules[self.program.ground[step.rule].source]
            return f"{self.words.clause_name(rule.clause)}, {rule.position}"
        return "" if self._is_house(step) else self.words.clause_name(self._clause(step))


def holder_claims(model: Model) -> list[Claim]:
    """The claims about who holds, or may hold, the child."""
    found: list[Claim] = []
    for atom in model.holding_of("may_hold"):
        holds = Atom("holds", atom.args)
        found.append(Claim(holds, "established" if model.certain(holds) else "possible"))
    return found


def route_claims(model: Model, told: Atom) -> list[Claim]:
    """What is to be said of a move that is told and not completed: its route, and the checks that fail."""
    route = Atom("route", told.args[:3])
    claims = [Claim(route, "established" if model.certain(route) else "possible")]
    failing = [atom for atom in model.holding_of("gate_fails") if atom.args[:3] == told.args[:3]]
    claims += [Claim(atom, "established") for atom in failing]
    return [claim for claim in claims if Prover(model).holds(claim)]
