"""From a policy to a program that engines can run, and from a case to a model of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from kb.case import Case
from kb.conditions import Conditions, Truth
from kb.engines.interface import Engine
from kb.errors import InputError
from kb.language.model import Atom, Rule
from kb.language.signature import Signature, signatures
from kb.lowering.ground import Grounder, GroundRule
from kb.lowering.halves import HalfProgram, lower_unknowns
from kb.lowering.strata import order_rules
from kb.policy import Policy
from kb.timing import Timing

CONTRADICTION = "contradiction"  # contradiction(What): no case can be so (kb/house/0_what_a_case_can_be.dl)


OF_A_WORD = "word"  # the kind of the clause of the house that says what a word of the rule language means


@dataclass(frozen=True)
class Program:
    """A policy under its readings, lowered. `rules` are those before they were made ground."""

    policy: Policy
    table: dict[str, Signature]
    rules: tuple[Rule, ...]
    ground: tuple[GroundRule, ...]
    halves: HalfProgram

    @cached_property
    def by_head(self) -> dict[Atom, tuple[int, ...]]:
        """Ground rules that conclude each atom."""
        found: dict[Atom, list[int]] = {}
        for index, rule in enumerate(self.ground):
            found.setdefault(rule.head, []).append(index)
        return {atom: tuple(indices) for atom, indices in found.items()}

    @cached_property
    def by_predicate(self) -> dict[str, tuple[tuple[Atom, int, int], ...]]:
        """All conclusions there are, by predicate, in a fixed order, with their two halves."""
        found: dict[str, list[tuple[Atom, int, int]]] = {}
        for atom in self.by_head:
            number = self.halves.numbers[atom]
            entry = atom, self.halves.certain(number), self.halves.possible(number)
            found.setdefault(atom.predicate, []).append(entry)
        return {name: tuple(entries) for name, entries in found.items()}

    @cached_property
    def of_team(self) -> Program:
        """The program with only what says which team is responsible, and what no record can be: enough to ask about these."""
        asked = [certain for name in ("responsible", CONTRADICTION) for _, certain, _ in self.by_predicate.get(name, ())]
        return replace(self, halves=self.halves.about(asked))

    @cached_property
    def of_outcome(self) -> Program:
        """The program with only what gives the status, the team, the move that is told, and what no record can be."""
        named = ("status", "responsible", "told", "date_of", CONTRADICTION)
        asked = [certain for name in named for _, certain, _ in self.by_predicate.get(name, ())]
        return replace(self, halves=self.halves.about(asked))

    @cached_property
    def of_moves(self) -> Program:
        """The program with only what one step of a journey needs: who moves, and what has been reached."""
        named = ("moved", "closes", "opens", "left", "starts_with", "reached", "route")
        asked = [half for name in named for _, *halves in self.by_predicate.get(name, ()) for half in halves]
        return replace(self, halves=self.halves.about(asked))

    @cached_property
    def timing(self) -> Timing:
        """What the rules say about time."""
        return Timing(self)

    @cached_property
    def of_plans(self) -> Program:
        """The program with only what tells the moves that are ahead."""
        named = ("candidate", "date_of", "route")
        asked = [half for name in named for _, *halves in self.by_predicate.get(name, ()) for half in halves]
        return replace(self, halves=self.halves.about(asked))

    def written(self, source: int) -> str:
        """A rule by its place, as its author wrote it; one that was made for it as it is."""
        rule = self.rules[source]
        own = self.policy.rules[source] if source < len(self.policy.rules) else rule
        return own.written if own.position == rule.position else str(rule)

    def always(self, predicate: str) -> tuple[Atom, ...]:
        """The conclusions of a predicate that hold in every case."""
        return tuple(a for a, certain, _ in self.by_predicate.get(predicate, ()) if certain in self.halves.always_true)


def compile_policy(policy: Policy) -> Program:
    """A checked policy as a program. Errors: `InputError` with every fault of the rules."""
    from kb.language.checks import not_finished, wrong

    table = signatures(policy.vocabulary, policy.predicates)
    faults, unfinished = wrong(policy, table), not_finished(policy, table)
    if faults:
        raise InputError([*faults, *unfinished])
    try:
        program = _lowered(policy, table)
    except InputError as error:
        raise InputError([*error.faults, *unfinished]) from None
    if unfinished:
        raise InputError(unfinished)
    return program


def _lowered(policy: Policy, table: dict[str, Signature]) -> Program:
    """The program of a policy whose rules are right one by one. Errors: `InputError` for a circle or too many rules."""
    rules = plainer_rules(policy)
    ground = Grounder(policy.vocabulary, policy.settings, table).ground(rules)
    conditions = frozenset(name for name, s in table.items() if s.source in ("condition", "event"))
    halves = order_rules(lower_unknowns(ground, conditions), ground, rules)
    return Program(policy, table, rules, ground, halves)


def plainer_rules(policy: Policy) -> tuple[Rule, ...]:
    """The rules of a checked policy without words and exceptions: each in its place, then what they need besides."""
    from kb.lowering.exceptions import lower_exceptions
    from kb.lowering.words import lower_words

    clause = next(clause.id for clause in policy.clauses.values() if clause.house and clause.kind == OF_A_WORD)
    return lower_exceptions(lower_words(policy.rules, clause), policy.exceptions)


@dataclass(frozen=True)
class Model:
    """What follows from one case: the truth of every condition and conclusion."""

    program: Program
    conditions: Conditions
    holding: frozenset[int]
    fired: frozenset[int]

    @cached_property
    def true_halves(self) -> frozenset[int]:
        rules = self.program.halves.rules
        return self.holding | {rules[index].head for index in self.fired}

    @cached_property
    def fired_ground(self) -> tuple[frozenset[int], frozenset[int]]:
        """Ground rules whose body certainly holds, and whose body possibly holds."""
        rules = self.program.halves.rules
        certain = frozenset(rules[i].ground for i in self.fired if rules[i].certain)
        possible = frozenset(rules[i].ground for i in self.fired if not rules[i].certain)
        return certain, certain | possible

    def certain(self, atom: Atom) -> bool:
        number = self.program.halves.numbers.get(atom)
        return number is not None and self.program.halves.certain(number) in self.true_halves

    def possible(self, atom: Atom) -> bool:
        number = self.program.halves.numbers.get(atom)
        return number is not None and self.program.halves.possible(number) in self.true_halves

    def truth(self, atom: Atom) -> Truth:
        """True, false, or None where the case leaves it open."""
        number = self.program.halves.numbers.get(atom)
        if number is None:
            settled = not self.program.by_head.get(atom)
            return self.conditions.truth(atom) if settled and self.is_condition(atom) else not settled
        if self.certain(atom):
            return True
        return None if self.possible(atom) else False

    def holding_of(self, predicate: str) -> list[Atom]:
        """Conclusions of one predicate that are certain, in the program's order."""
        true = self.true_halves
        return [atom for atom, certain, _ in self.program.by_predicate.get(predicate, ()) if certain in true]

    def open_of(self, predicate: str) -> list[Atom]:
        """Conclusions of one predicate that the case leaves open, in the program's order."""
        true = self.true_halves
        found = self.program.by_predicate.get(predicate, ())
        return [atom for atom, certain, possible in found if possible in true and certain not in true]

    def is_condition(self, atom: Atom) -> bool:
        """Whether an atom is looked up in the case rather than derived."""
        signature = self.program.table.get(atom.predicate)
        return atom.is_comparison or (signature is not None and signature.source in ("condition", "event"))


def holding(halves: HalfProgram, conditions: Conditions) -> frozenset[int]:
    """The halves of conditions that hold in a case. What looks at a fact that nobody recorded is possible, no more."""
    looked_up = halves.looked_up
    facts, calculated = conditions.case.facts, conditions.vocabulary.calculated
    present = {*facts, *(name for name, entry in calculated.items() if entry.source in facts)}
    numbers = {n for name in present for n in looked_up.by_fact.get(name, ()) if looked_up.needs[n] <= present}
    found = set(looked_up.possible)
    for number in (*looked_up.always, *numbers):
        truth = conditions.truth(halves.atoms[number])
        if truth is True:
            found.add(halves.certain(number))
        elif truth is False:
            found.discard(halves.possible(number))
    return frozenset(found)


def solve(program: Program, case: Case, engine: Engine) -> Model:
    """The model of a case: conditions looked up once, rules fired by the engine."""
    conditions = Conditions(case, program.policy.vocabulary)
    holds = holding(program.halves, conditions)
    return Model(program, conditions, holds, engine.fire(program.halves, holds))
