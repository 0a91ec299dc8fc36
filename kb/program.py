"""Compiles a policy to a program that engines can run, and computes the model of a case."""

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

CONTRADICTION = "contradiction"  # contradiction(What): the case is impossible (kb/house/0_what_a_case_can_be.dl)


OF_A_WORD = "word"  # kind of the house's clause that defines the words of the rule language


@dataclass(frozen=True, eq=False)
class Program:
    """A compiled policy. Compared and hashed by identity, so that what is worked out from a program can be cached for it.

    policy  with its settings of readings
    table   signature of each predicate
    rules   before grounding, with words and exceptions lowered
    ground  the ground rules
    halves  the plain rules that engines run
    """

    policy: Policy
    table: dict[str, Signature]
    rules: tuple[Rule, ...]
    ground: tuple[GroundRule, ...]
    halves: HalfProgram

    @cached_property
    def by_head(self) -> dict[Atom, tuple[int, ...]]:
        """The indices in `ground` of the rules for each atom."""
        found: dict[Atom, list[int]] = {}
        for index, rule in enumerate(self.ground):
            found.setdefault(rule.head, []).append(index)
        return {atom: tuple(indices) for atom, indices in found.items()}

    @cached_property
    def by_predicate(self) -> dict[str, tuple[tuple[Atom, int, int], ...]]:
        """All derivable conclusions by predicate, in a fixed order, each with its certain and its possible half."""
        found: dict[str, list[tuple[Atom, int, int]]] = {}
        for atom in self.by_head:
            number = self.halves.numbers[atom]
            entry = atom, self.halves.certain(number), self.halves.possible(number)
            found.setdefault(atom.predicate, []).append(entry)
        return {name: tuple(entries) for name, entries in found.items()}

    @cached_property
    def of_team(self) -> Program:
        """The slice relevant to `responsible` and `contradiction`."""
        asked = [certain for name in ("responsible", CONTRADICTION) for _, certain, _ in self.by_predicate.get(name, ())]
        return replace(self, halves=self.halves.about(asked))

    @cached_property
    def of_outcome(self) -> Program:
        """The slice relevant to the status, the team, the move told first and `contradiction`."""
        named = ("status", "responsible", "told", "date_of", CONTRADICTION)
        asked = [certain for name in named for _, certain, _ in self.by_predicate.get(name, ())]
        return replace(self, halves=self.halves.about(asked))

    @cached_property
    def of_moves(self) -> Program:
        """The slice relevant to one step of a journey: who moves, and which transfer points are reached."""
        named = ("moved", "closes", "opens", "left", "starts_with", "reached", "route")
        asked = [half for name in named for _, *halves in self.by_predicate.get(name, ()) for half in halves]
        return replace(self, halves=self.halves.about(asked))

    @cached_property
    def timing(self) -> Timing:
        """The facts and days that matter to the rules' moves."""
        return Timing(self)

    @cached_property
    def of_plans(self) -> Program:
        """The slice relevant to upcoming moves."""
        named = ("candidate", "date_of", "route", "closes")
        asked = [half for name in named for _, *halves in self.by_predicate.get(name, ()) for half in halves]
        return replace(self, halves=self.halves.about(asked))

    def written(self, source: int) -> str:
        """The text of rule number `source` as its author wrote it; a rule added by lowering is printed."""
        rule = self.rules[source]
        own = self.policy.rules[source] if source < len(self.policy.rules) else rule
        return own.written if own.position == rule.position else str(rule)

    def always(self, predicate: str) -> tuple[Atom, ...]:
        """The conclusions of a predicate that hold in every case."""
        return tuple(a for a, certain, _ in self.by_predicate.get(predicate, ()) if certain in self.halves.always_true)


def compile_policy(policy: Policy) -> Program:
    """Checks and compiles a policy. Errors: `InputError` with all faults of the rules."""
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


def compile_begun(policy: Policy) -> Program:
    """Compiles a policy that may be unfinished: clauses without a rule, facts that nothing uses.

    Errors: `InputError` with all faults of the rules where one is wrong, or where there is no rule or team yet.
    """
    from kb.language.checks import wrong
    from kb.language.checks.first_steps import has_begun

    table = signatures(policy.vocabulary, policy.predicates)
    return _lowered(policy, table) if has_begun(policy) and not wrong(policy, table) else compile_policy(policy)


def compile_standing(policy: Policy) -> Program:
    """Compiles a policy whose rules are right one by one, also if something that it declares is not used.

    Errors: `InputError` for a circle or too many rules.
    """
    return _lowered(policy, signatures(policy.vocabulary, policy.predicates))


def _lowered(policy: Policy, table: dict[str, Signature]) -> Program:
    """The program of a policy whose rules are right one by one. Errors: `InputError` for a circle or too many rules."""
    rules = plainer_rules(policy)
    ground = Grounder(policy.vocabulary, policy.settings, table).ground(rules)
    conditions = frozenset(name for name, s in table.items() if s.source in ("condition", "event"))
    halves = order_rules(lower_unknowns(ground, conditions), ground, rules)
    return Program(policy, table, rules, ground, halves)


def plainer_rules(policy: Policy) -> tuple[Rule, ...]:
    """The rules of a checked policy with words and exceptions lowered: each in its place, then the rules added for them."""
    from kb.lowering.exceptions import lower_exceptions
    from kb.lowering.words import lower_words

    clause = next(clause.id for clause in policy.clauses.values() if clause.house and clause.kind == OF_A_WORD)
    return lower_exceptions(lower_words(policy.rules, clause), policy.exceptions)


@dataclass(frozen=True)
class Model:
    """The truth of every condition and conclusion in one case.

    holding  the halves of conditions that hold
    fired    indices in `program.halves.rules` of the rules that fire
    """

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
        """The ground rules whose body certainly holds, and those whose body possibly holds (which include the former)."""
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
        """The certain conclusions of a predicate, in the program's order."""
        true = self.true_halves
        return [atom for atom, certain, _ in self.program.by_predicate.get(predicate, ()) if certain in true]

    def open_of(self, predicate: str) -> list[Atom]:
        """The conclusions of a predicate that are possible but not certain, in the program's order."""
        true = self.true_halves
        found = self.program.by_predicate.get(predicate, ())
        return [atom for atom, certain, possible in found if possible in true and certain not in true]

    def is_condition(self, atom: Atom) -> bool:
        """Whether an atom is looked up in the case instead of derived."""
        signature = self.program.table.get(atom.predicate)
        return atom.is_comparison or (signature is not None and signature.source in ("condition", "event"))


def holding(halves: HalfProgram, conditions: Conditions) -> frozenset[int]:
    """The halves of conditions that hold in a case. A condition on an unrecorded fact is possible and not certain."""
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
    """The model of a case: looks up the conditions and runs the engine."""
    conditions = Conditions(case, program.policy.vocabulary)
    holds = holding(program.halves, conditions)
    return Model(program, conditions, holds, engine.fire(program.halves, holds))
