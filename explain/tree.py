"""Proofs as trees of sentences.

By default steps of the shared rules are left out, and why something does not hold is one line with the facts
it depends on. The full form shows every step with its rule and variable values.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from explain.words import NOT_RECORDED, OPEN, Words, capital
from kb.language.model import Atom
from kb.policy import HOUSE
from kb.program import Model
from queries.missing import facts_of
from queries.proof import Claim, Prover, Step, leaves
from queries.set_aside import beaten_in
from queries.substitution import substitution

TOLD = ("told", "told_to")  # conclusions shown without reasons: the choice among several moves
WAY = "One way that it could be"
STAYS, ON_RECORD = ("left", "replaced"), ", on what is recorded"  # conclusions that take a child from a team
HELD_UP = "The move that would take the child elsewhere is held up"
FEW = 4  # unrecorded facts that are named; the rest are counted


@dataclass(frozen=True)
class Sentence:
    """A line of an explanation with its clause and reasons.

    clause     the clause as cited; `clause_id` is its id in the register
    affirms    whether the line says that something holds
    repeated   the reasons were shown earlier
    details    the rule as written and its variable values (full form only)
    facts      names of the case facts that the line looks at
    """

    text: str
    clause: str = ""
    affirms: bool = True
    reasons: tuple[Sentence, ...] = field(default=())
    repeated: bool = False
    details: tuple[str, ...] = ()
    clause_id: str = ""
    facts: tuple[str, ...] = ()

    @property
    def open(self) -> bool:
        """Whether it says that something is not recorded or not settled."""
        return self.text.startswith((NOT_RECORDED, OPEN))


class Teller:
    """Turns proofs in one model into trees of sentences.

    `full` gives the full form. `steps` are the steps of one particular proof, used instead of the smallest proof.
    """

    def __init__(self, model: Model, full: bool = False, steps: Mapping[Claim, Step] | None = None):
        self.model = model
        self.program = model.program
        self.words = Words.of(model)
        self.prover = Prover(model)
        self.full = full
        self.steps = steps or {}
        self.told: set[Claim] = set()
        self.passed: set[Claim] = set()  # steps of shared rules already expanded in the current tree

    def tell(self, claim: Claim) -> Sentence:
        """The proof of a claim as a tree. Claims that an earlier tree of this teller explained are not explained again."""
        self.passed.clear()
        return self._tell(claim)

    def _tell(self, claim: Claim) -> Sentence:
        claim = claim if self.full else self._plainest(claim)
        step = self._step(claim)
        held_up = not self.full and not claim.affirms and self._is_held_up(claim.atom)
        text = HELD_UP if held_up else capital(self.words.claim(claim))
        if step is None:
            return Sentence(text)
        if claim in self.told and step.premises:
            return Sentence(text, self._citation(step), claim.affirms, repeated=True, clause_id=self._shown_clause(step))
        self.told.add(claim)
        if not claim.affirms and step.premises and not self.full:
            return self._denied(claim, Sentence(text, "", False, self._lacking(claim)))
        asked = self._asked_by(step) if self._is_house(step) else ()
        reasons = (*asked, *self._reasons(step))
        return Sentence(
            text,
            self._citation(step),
            self._shown(claim),
            reasons,
            details=self._details(step),
            clause_id=self._shown_clause(step),
            facts=self._facts(claim),
        )

    def _denied(self, claim: Claim, sentence: Sentence) -> Sentence:
        """Shortens the proof that nothing moves the child: unrecorded facts are left to the full form and the assumptions."""
        if claim.atom.predicate not in STAYS or self.model.truth(claim.atom) is None:
            return sentence
        blank = [reason for reason in sentence.reasons if reason.open]
        settled = tuple(reason for reason in sentence.reasons if not reason.open)
        facts = tuple(dict.fromkeys(name for reason in blank for name in reason.facts))
        on_record = ON_RECORD if blank and sentence.text != HELD_UP else ""
        return replace(sentence, text=sentence.text + on_record, reasons=settled, facts=facts)

    def _is_held_up(self, atom: Atom) -> bool:
        """Whether the child stays with a team only because a gate blocks the move away from it."""
        moves = self.model.holding_of("candidate") if atom.predicate == "left" else ()
        return any(move.args[0] == atom.args[0] and str(move.args[3]) == "blocked" for move in moves)

    def _shown(self, claim: Claim) -> bool:
        """Whether a claim affirms something or states what the case records."""
        return claim.affirms or (self.model.is_condition(claim.atom) and self.model.truth(claim.atom) is not None)

    def _plainest(self, claim: Claim) -> Claim:
        """The claim in its settled form, even if a rule asks only whether it is possible."""
        truth = self.model.truth(claim.atom)
        if claim in self.steps or truth is None:
            return claim
        settled = Claim(claim.atom, "established" if truth else "excluded")
        return settled if self.prover.step(settled) is not None else claim

    def _step(self, claim: Claim) -> Step | None:
        return self.steps.get(claim) or self.prover.step(claim)

    def _asked_by(self, step: Step) -> Iterator[Sentence]:
        """What policy tables give a step of the shared rules, with their clauses."""
        assert step.rule is not None
        for given in self.program.ground[step.rule].given:
            for index in self.program.by_head.get(given.atom, ())[:1] if given.binds else ():
                rule = self.program.ground[index]
                clause = self.program.rules[rule.source].clause
                if self.program.policy.clauses[clause].house and not self.full:
                    continue
                yield Sentence(capital(self.words.literal(given)), self.words.clauses_of(rule), clause_id=clause)

    def _reasons(self, step: Step) -> list[Sentence]:
        """The premises as sentences.

        Unless full: without duplicates, in the order open points, clauses, facts, negative claims.
        """
        if self.full:
            return list(self._premises(step))
        by_text: dict[str, Sentence] = {}
        for sentence in self._premises(step):
            by_text.setdefault(sentence.text, sentence)
        hangs = self.model.truth(step.claim.atom) is None
        return sorted(by_text.values(), key=lambda s: (not (hangs and s.open), not s.affirms, not s.clause_id))

    def _premises(self, step: Step) -> Iterator[Sentence]:
        for premise in step.premises:
            if self._said_already(premise, step):
                continue
            below = self._step(premise)
            if premise.atom.predicate in TOLD and not self.full:
                yield Sentence(capital(self.words.claim(premise)), "", premise.affirms)
            elif below is not None and not self.full and premise.affirms and self._is_house(below):
                if premise not in self.passed:
                    self.passed.add(premise)
                    yield from self._premises(below)
            else:
                yield self._tell(premise)
        if step.rule is not None and self.full:
            for given in self.program.ground[step.rule].given:
                yield Sentence(capital(self.words.literal(given)), "")

    def _said_already(self, premise: Claim, step: Step) -> bool:
        """Whether a comparison is open only because a fact beside it is not recorded."""
        if self.full or not premise.atom.is_comparison or self.model.truth(premise.atom) is not None:
            return False
        others = (other.atom for other in step.premises if other != premise)
        return any(self.model.is_condition(atom) and self.model.truth(atom) is None for atom in others)

    def _lacking(self, claim: Claim) -> tuple[Sentence, ...]:
        """The conditions that a negative claim depends on, each once; unrecorded ones in one line."""
        recorded: dict[str, Sentence] = {}
        blank: dict[str, None] = {}
        unrecorded: tuple[str, ...] = ()
        for leaf in dict.fromkeys([*self._hanging(claim), *leaves(self.prover, claim)]):
            if leaf.atom.is_comparison or self._only_carried(leaf):
                continue
            if self.model.truth(leaf.atom) is None:
                blank[self.words.label(leaf.atom)] = None
                unrecorded += self._facts(leaf)
            else:
                text = capital(self.words.claim(leaf))
                recorded[text] = Sentence(text, facts=self._facts(leaf))
        if not blank:
            return tuple(recorded.values())
        text = NOT_RECORDED + _some_of(list(blank))
        unknown = Sentence(text, "", False, facts=tuple(dict.fromkeys(unrecorded)))
        hangs = self.model.truth(claim.atom) is None
        return (unknown, *recorded.values()) if hangs else (*recorded.values(), unknown)

    def _hanging(self, claim: Claim) -> list[Claim]:
        """The unrecorded conditions that an open claim depends on through open conclusions."""
        conditions: list[Claim] = []
        seen: set[Claim] = set()
        waiting = [claim]
        while waiting:
            here = waiting.pop(0)
            step = self.prover.step(here) if self.model.truth(here.atom) is None else None
            if step is None or here in seen:
                continue
            seen.add(here)
            conditions += [here] if self.model.is_condition(here.atom) else []
            waiting += step.premises
        return conditions

    def _only_carried(self, claim: Claim) -> bool:
        """Whether a negative claim is about facts that the journey carries from step to step, which nobody records."""
        facts = self.program.policy.vocabulary.facts
        names = self._facts(claim)
        return not claim.affirms and bool(names) and all(facts[name].time == "step" for name in names)

    def _facts(self, claim: Claim) -> tuple[str, ...]:
        if not self.model.is_condition(claim.atom):
            return ()
        return facts_of(self.program.policy.vocabulary, claim.atom)

    def _shown_clause(self, step: Step) -> str:
        return "" if self._is_house(step) else self._clause(step)

    def of_house(self, atom: Atom) -> bool:
        """Whether an atom's predicate is declared by the shared rules."""
        predicate = self.program.policy.predicates.get(atom.predicate)
        return predicate is None or Path(predicate.position.file).parts[:1] == (HOUSE.name,)

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
        rule = self.program.ground[step.rule]
        if self.full:
            return f"{self.words.clauses_of(rule)}, {self.program.rules[rule.source].position}"
        return "" if self._is_house(step) else self.words.clauses_of(rule)

    def _details(self, step: Step) -> tuple[str, ...]:
        """In full form: the rule as written and the values of its variables; else empty."""
        if not self.full or step.rule is None:
            return ()
        ground = self.program.ground[step.rule]
        rule = self.program.rules[ground.source]
        values = {name: self.words.of_any_sort(term) for name, term in substitution(rule, ground).items()}
        bindings = "; ".join(f"{name} = {value}" for name, value in values.items())
        return (f"rule: {self.program.written(ground.source)}", *([f"with {bindings}"] if bindings else []))


def _some_of(names: list[str]) -> str:
    """Names in a line, the first few of many."""
    few = names if len(names) <= FEW + 1 else [*names[:FEW], f"and {len(names) - FEW} more"]
    return "; ".join(few)


def holder_claims(model: Model) -> list[Claim]:
    """A claim for each team that holds or may hold the child."""
    claims: list[Claim] = []
    for atom in model.holding_of("may_hold"):
        holds = Atom("holds", atom.args)
        claims.append(Claim(holds, "established" if model.certain(holds) else "possible"))
    return claims


def holders(model: Model, teller: Teller, known: bool) -> list[Sentence]:
    """Who holds the child, with reasons; if not `known`, each team as one possibility."""
    claims = holder_claims(model)
    sentences = [teller.tell(claim) for claim in claims]
    if known:
        return sentences
    ways = [capital(teller.words.statement(claim.atom, True)) for claim in claims]
    return [replace(sentence, text=f"{WAY}: {way}") for sentence, way in zip(sentences, ways)]


def route_claims(model: Model, move: Atom) -> list[Claim]:
    """The claims about a move that is not completed: gates that fail, and its route. `move` is its `told` atom."""
    route = Atom("route", move.args[:3])
    claims = [Claim(route, "established" if model.certain(route) else "possible")]
    failing = [atom for atom in model.holding_of("gate_fails") if atom.args[:3] == move.args[:3]]
    claims = [*(Claim(atom, "established") for atom in failing), *claims]
    return [claim for claim in claims if Prover(model).holds(claim)]


def defaults_set_aside(model: Model, teller: Teller) -> list[Sentence]:
    """Routes that an exception set aside, each with the exception."""
    by_text: dict[str, Sentence] = {}
    for beaten in beaten_in(model):
        _, to, point = beaten.route.args
        general = teller.words.clause_name(beaten.general)
        to_, point_ = teller.words.argument("team", to), teller.words.argument("point", point)
        text = f"{capital(general)} would take the case to {to_} at {point_}, but an exception comes first"
        teller.steps = {**teller.steps, beaten.exception.claim: beaten.exception}
        exception = replace(teller.tell(beaten.exception.claim), text="The exception applies", repeated=False)
        by_text.setdefault(text, Sentence(text, "", False, (exception,)))
    return list(by_text.values())


def readings_used(model: Model, claims: Iterable[Claim]) -> list[tuple[str, str]]:
    """The readings that proofs of some claims use, as (name, meaning of its setting), sorted by name."""
    used: dict[str, str] = {}
    readings = model.program.policy.readings
    for step in Prover(model).proof(claims).values():
        for literal in model.program.ground[step.rule].given if step.rule is not None else ():
            if literal.atom.predicate == "reading":
                name = str(literal.atom.args[0])
                used[name] = readings[name].told(model.program.policy.settings[name])
    return [(name, used[name]) for name in sorted(used)]
