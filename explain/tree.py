"""A proof as a tree of sentences, for reading.

The default leaves out the steps of the house and tells what is lacking in one line, with the
facts that it rests on. The full form shows every step, with its rule and the values it was used with.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from explain.words import NOT_RECORDED, Words, capital
from kb.language.model import Atom
from kb.program import Model
from queries.missing import facts_of
from queries.proof import Claim, Prover, Step, leaves
from queries.set_aside import beaten_in
from queries.substitution import substitution

TOLD = ("told", "told_to")  # which of several moves is told first needs no reasons where something hangs on it
FEW = 4  # facts that nobody recorded which are named where a lack rests on them


@dataclass(frozen=True)
class Sentence:
    """One line of an explanation: what is said, by which clause, and what it rests on.

    `details` are lines for a close reader: the rule as it is written, and the values it was used with.
    `clause_id` is the clause's id in the register; `facts` are the case facts that a line looks at.
    """

    text: str
    clause: str = ""
    affirms: bool = True
    reasons: tuple[Sentence, ...] = field(default=())
    repeated: bool = False
    details: tuple[str, ...] = ()
    clause_id: str = ""
    facts: tuple[str, ...] = ()


class Teller:
    """Turns proofs in one model into trees of sentences.

    `steps` are the steps of one proof in particular, used in place of those of the smallest.
    """

    def __init__(self, model: Model, full: bool = False, steps: Mapping[Claim, Step] | None = None):
        self.model = model
        self.program = model.program
        self.words = Words.of(model)
        self.prover = Prover(model)
        self.full = full
        self.steps = steps or {}
        self.told: set[Claim] = set()
        self.passed: set[Claim] = set()  # steps of the house left out in the tree that is being told

    def tell(self, claim: Claim) -> Sentence:
        """The proof of a claim as sentences; what an earlier tree has told in full is told in short."""
        self.passed.clear()
        return self._tell(claim)

    def _tell(self, claim: Claim) -> Sentence:
        claim = claim if self.full else self._plainest(claim)
        step = self._step(claim)
        text = capital(self.words.claim(claim))
        if step is None:
            return Sentence(text)
        if claim in self.told and step.premises:
            return Sentence(text, self._citation(step), claim.affirms, repeated=True, clause_id=self._shown_clause(step))
        self.told.add(claim)
        if not claim.affirms and step.premises and not self.full:
            return Sentence(text, "", False, self._lacking(claim))
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

    def _shown(self, claim: Claim) -> bool:
        """Whether a claim affirms something, or tells what the case records."""
        return claim.affirms or (self.model.is_condition(claim.atom) and self.model.truth(claim.atom) is not None)

    def _plainest(self, claim: Claim) -> Claim:
        """What is settled is told as settled, also where a rule asks only whether it is possible."""
        truth = self.model.truth(claim.atom)
        if claim in self.steps or truth is None:
            return claim
        settled = Claim(claim.atom, "established" if truth else "excluded")
        return settled if self.prover.step(settled) is not None else claim

    def _step(self, claim: Claim) -> Step | None:
        return self.steps.get(claim) or self.prover.step(claim)

    def _asked_by(self, step: Step) -> Iterator[Sentence]:
        """What the policy itself lays down for a step of the house, with the clauses that do."""
        assert step.rule is not None
        for given in self.program.ground[step.rule].given:
            for index in self.program.by_head.get(given.atom, ())[:1] if given.binds else ():
                clause = self.program.rules[self.program.ground[index].source].clause
                yield Sentence(capital(self.words.literal(given)), self.words.clause_name(clause), clause_id=clause)

    def _reasons(self, step: Step) -> list[Sentence]:
        """In full every premise; else each reason once, what is so before what is lacking."""
        if self.full:
            return list(self._premises(step))
        found: dict[str, Sentence] = {}
        for sentence in self._premises(step):
            found.setdefault(sentence.text, sentence)
        return sorted(found.values(), key=lambda sentence: not sentence.affirms)

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
        """Whether a comparison is open only as a fact beside it is not recorded."""
        if self.full or not premise.atom.is_comparison or self.model.truth(premise.atom) is not None:
            return False
        others = (other.atom for other in step.premises if other != premise)
        return any(self.model.is_condition(atom) and self.model.truth(atom) is None for atom in others)

    def _lacking(self, claim: Claim) -> tuple[Sentence, ...]:
        """What a lack rests on in the end: each condition once, what nobody recorded in one line."""
        found: dict[str, Sentence] = {}
        blank: dict[str, None] = {}
        unrecorded: tuple[str, ...] = ()
        for leaf in leaves(self.prover, claim):
            if leaf.atom.is_comparison or self._only_carried(leaf):
                continue
            if self.model.truth(leaf.atom) is None:
                blank[self.words.label(leaf.atom)] = None
                unrecorded += self._facts(leaf)
            else:
                text = capital(self.words.claim(leaf))
                found[text] = Sentence(text, facts=self._facts(leaf))
        if blank:
            text = NOT_RECORDED + _some_of(list(blank))
            found[text] = Sentence(text, "", False, facts=tuple(dict.fromkeys(unrecorded)))
        return tuple(found.values())

    def _only_carried(self, claim: Claim) -> bool:
        """Whether a lack is one of what the journey carries from day to day: nobody is asked to record that."""
        facts = self.program.policy.vocabulary.facts
        names = self._facts(claim)
        return not claim.affirms and bool(names) and all(facts[name].time == "step" for name in names)

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

    def _details(self, step: Step) -> tuple[str, ...]:
        """In full: the rule as it is written, and what its variables stand for."""
        if not self.full or step.rule is None:
            return ()
        ground = self.program.ground[step.rule]
        rule = self.program.rules[ground.source]
        values = {name: self.words.of_any_sort(term) for name, term in substitution(rule, ground).items()}
        told = "; ".join(f"{name} = {value}" for name, value in values.items())
        return (f"rule: {rule}", *([f"with {told}"] if told else []))


def _some_of(names: list[str]) -> str:
    """Names in a line, the first few of many."""
    few = names if len(names) <= FEW + 1 else [*names[:FEW], f"and {len(names) - FEW} more"]
    return "; ".join(few)


def holder_claims(model: Model) -> list[Claim]:
    """The claims about who holds, or may hold, the child."""
    found: list[Claim] = []
    for atom in model.holding_of("may_hold"):
        holds = Atom("holds", atom.args)
        found.append(Claim(holds, "established" if model.certain(holds) else "possible"))
    return found


def holders(model: Model, teller: Teller, known: bool) -> list[Sentence]:
    """Who holds the child, with the reasons; where that is not known, each team is told as one way that it could be."""
    told = [teller.tell(claim) for claim in holder_claims(model)]
    return told if known else [replace(sentence, text=f"One way that it could be: {sentence.text}") for sentence in told]


def route_claims(model: Model, told: Atom) -> list[Claim]:
    """What is to be said of a move that is told and not completed: its route, and the checks that fail."""
    route = Atom("route", told.args[:3])
    claims = [Claim(route, "established" if model.certain(route) else "possible")]
    failing = [atom for atom in model.holding_of("gate_fails") if atom.args[:3] == told.args[:3]]
    claims += [Claim(atom, "established") for atom in failing]
    return [claim for claim in claims if Prover(model).holds(claim)]


def defaults_set_aside(model: Model, teller: Teller) -> list[Sentence]:
    """Clauses that would have moved the child, had an exception not come first, each with that exception."""
    found: dict[str, Sentence] = {}
    for beaten in beaten_in(model):
        _, to, point = beaten.route.args
        general = teller.words.clause_name(beaten.general)
        to_, point_ = teller.words.argument("team", to), teller.words.argument("point", point)
        text = f"{capital(general)} would take the case to {to_} at {point_}, but an exception comes first"
        exception = replace(teller.tell(beaten.exception), text="The exception applies", repeated=False)
        found.setdefault(text, Sentence(text, "", False, (exception,)))
    return list(found.values())


def readings_used(model: Model, claims: Iterable[Claim]) -> list[tuple[str, str]]:
    """The readings that proofs of some claims rest on, with their settings, in words."""
    used: dict[str, str] = {}
    for step in Prover(model).proof(claims).values():
        for literal in model.program.ground[step.rule].given if step.rule is not None else ():
            if literal.atom.predicate == "reading":
                name = str(literal.atom.args[0])
                used[name] = str(model.program.policy.settings[name])
    return [(name.replace("_", " "), used[name].replace("_", " ")) for name in sorted(used)]
