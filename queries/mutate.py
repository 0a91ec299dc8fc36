"""Small changes to a policy's rules, one at a time, and whether some case notices.

A change that no case notices is put to the search: either no case there is gives another
answer, so the change is none, or there is a smallest case that would notice. (Mutation
testing, as in DeMillo, Lipton and Sayward, "Hints on test data selection", 1978.)
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from kb.case import Case, make_case
from kb.engines.forward import Forward
from kb.errors import InputError
from kb.language.model import Atom, AtTime, ClauseMark, Constant, DayOf, Literal, OnOrAfter, Rule, Shifted, Term
from kb.policy import Policy
from kb.program import Program
from kb.variants import Variants
from kb.written import document_of
from queries.compare import difference
from queries.decide import Decision, decide
from queries.rows import changed_kinds

KILLED, REFUSED, EQUIVALENT, SURVIVED, UNSETTLED = "killed", "refused", "equivalent", "survived", "not settled"
Searched = tuple[str, str, str]  # the outcome, what differs, and the case as text
BOUNDS = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}  # a bound that is moved by one
OPPOSITE = {"<": ">=", ">=": "<", ">": "<=", "<=": ">", "=": "!=", "!=": "="}


@dataclass(frozen=True)
class Mutant:
    """A policy with one small change. `rule` is the place of the rule changed; None for an exception taken away."""

    policy: Policy
    rule: int | None
    clause: str
    where: str
    change: str

    @property
    def name(self) -> str:
        return f"{self.where} {self.change}"


@dataclass(frozen=True)
class Verdict:
    """What became of a change.

    `noticed_by` is the case that notices it, or why the change was refused. `shown_by` is a
    case (as a document) that would notice it if it were an example, `kind` what it would notice.
    """

    clause: str
    where: str
    change: str
    outcome: str
    noticed_by: str = ""
    shown_by: Mapping[str, Any] | None = None
    kind: str = ""


# The changes ------------------------------------------------------------------------------


def mutants(policy: Policy) -> Iterator[Mutant]:
    """Every policy that differs from this one by one small change to its own rules."""
    seen: set[tuple[int, Rule]] = set()
    for index, rule in enumerate(policy.rules):
        if policy.clauses[rule.clause].house:
            continue
        for changed, change in _changes(rule):
            if changed != rule and (index, changed) not in seen:
                seen.add((index, changed))
                rules = (*policy.rules[:index], changed, *policy.rules[index + 1 :])
                yield Mutant(replace(policy, rules=rules), index, rule.clause, str(rule.position), change)
    for place, mark in enumerate(policy.marks):
        for general in mark.exception_to:
            rest = ClauseMark(mark.clause, tuple(other for other in mark.exception_to if other != general), mark.position)
            marks = (*policy.marks[:place], rest, *policy.marks[place + 1 :])
            change = f"no longer an exception to {general}"
            yield Mutant(replace(policy, marks=marks), None, mark.clause, str(mark.position), change)


def _changes(rule: Rule) -> Iterator[tuple[Rule, str]]:
    for n, literal in enumerate(rule.body):
        before, after = rule.body[:n], rule.body[n + 1 :]
        yield rule.with_body((*before, *after)), f"without `{literal}`"
        denied = _denied(literal)
        yield rule.with_body((*before, denied, *after)), f"`{denied}` for `{literal}`"
        if literal.atom.predicate in BOUNDS:
            moved = replace(literal, atom=Atom(BOUNDS[literal.atom.predicate], literal.atom.args))
            yield rule.with_body((*before, moved, *after)), f"`{moved}` for `{literal}`"
        for atom in _shifted(literal.atom):
            other = replace(literal, atom=atom)
            yield rule.with_body((*before, other, *after)), f"`{other}` for `{literal}`"
    for head in _shifted(rule.head):
        yield replace(rule, head=head), f"`{head}` for `{rule.head}`"


def _denied(literal: Literal) -> Literal:
    """The opposite, as an author would write it."""
    if literal.atom.predicate in OPPOSITE and not literal.known:
        return replace(literal, atom=Atom(OPPOSITE[literal.atom.predicate], literal.atom.args))
    return replace(literal, negated=not literal.negated)


def _shifted(atom: Atom) -> Iterator[Atom]:
    """An atom with one of its numbers one less, or one more."""
    for n, term in enumerate(atom.args):
        for other in _shifted_term(term):
            yield Atom(atom.predicate, (*atom.args[:n], other, *atom.args[n + 1 :]))


def _shifted_term(term: Term) -> Iterator[Term]:
    if isinstance(term, Constant) and isinstance(term.value, int):
        yield Constant(term.value - 1)
        yield Constant(term.value + 1)
    elif isinstance(term, Shifted):
        yield from (replace(term, amount=amount) for amount in _shifted_term(term.amount))
        yield from (replace(term, base=base) for base in _shifted_term(term.base))
    elif isinstance(term, AtTime):
        yield from (replace(term, minutes=minutes) for minutes in (term.minutes - 1, term.minutes + 1))
    elif isinstance(term, OnOrAfter | DayOf):
        yield from (replace(term, base=base) for base in _shifted_term(term.base))


# Whether a case notices -------------------------------------------------------------------


class Trials:
    """Tries changes to a policy on some cases, then on every case of a day.

    `search` gives the result of a search under a name; it may keep results between runs.
    """

    def __init__(
        self,
        policy: Policy,
        cases: Sequence[Case],
        as_of: int,
        search: Callable[[str, Callable[[], Searched]], Searched] = lambda name, make: make(),
    ):
        self.cases = cases
        self.as_of = as_of
        self.search = search
        self.variants = Variants(policy)
        self.program = self.variants.base
        self.engine = Forward()

    @cached_property
    def _decisions(self) -> list[Decision]:
        return [decide(self.program, case, self.engine) for case in self.cases]

    @cached_property
    def _answers(self) -> list[Any]:
        return [answer(decision) for decision in self._decisions]

    @cached_property
    def _rules_fired(self) -> list[frozenset[int]]:
        """For each case, the rules as written that may hold in it."""
        ground = self.program.ground
        return [frozenset(ground[index].source for index in d.model.fired_ground[1]) for d in self._decisions]

    def verdicts(self, changed: Iterable[Mutant]) -> Iterator[Verdict]:
        """What becomes of some changes. A case found for one of them is tried on the next."""
        shown: list[Mapping[str, Any]] = []
        for mutant in changed:
            verdict = self._verdict(mutant, shown)
            if verdict.shown_by is not None and verdict.shown_by not in shown:
                shown.append(verdict.shown_by)
            yield verdict

    def _verdict(self, mutant: Mutant, shown: Sequence[Mapping[str, Any]]) -> Verdict:
        found = Verdict(mutant.clause, mutant.where, mutant.change, EQUIVALENT)
        try:
            program = self.variants.quick(mutant.policy) or self.variants.program(mutant.policy)
        except InputError as error:
            return replace(found, outcome=REFUSED, noticed_by=error.faults[0].message)
        killer = self._noticed(program, mutant.rule)
        if killer is not None:
            return replace(found, outcome=KILLED, noticed_by=killer.case_id)
        for document in shown:
            case = make_case(document, self.program.policy.vocabulary, "")
            kinds = changed_kinds(decide(self.program, case, self.engine), decide(program, case, self.engine))
            if kinds:
                return replace(found, outcome=SURVIVED, shown_by=document, kind=kinds[0])
        outcome, kind, text = self.search(mutant.name, lambda: self._searched(mutant.policy))
        return replace(found, outcome=outcome, kind=kind, shown_by=json.loads(text) if text else None)

    def _searched(self, policy: Policy) -> Searched:
        """Whether any case notices, by the search."""
        compared = difference(self.program, self.variants.program(policy), self.as_of, enough=1)
        if compared.found:
            shown = compared.found[0]
            return SURVIVED, shown.kind, json.dumps(document_of(shown.case, self.program.policy.vocabulary))
        return (EQUIVALENT if compared.equivalent else UNSETTLED), "", ""

    def _noticed(self, program: Program, rule: int | None) -> Case | None:
        """A case whose answer changes; those in which the rule has a say are tried first."""
        order = sorted(range(len(self.cases)), key=lambda n: rule is not None and rule not in self._rules_fired[n])
        for n in order:
            if answer(decide(program, self.cases[n], self.engine)) != self._answers[n]:
                return self.cases[n]
        return None


def answer(decision: Decision) -> Any:
    """The answer for a case, without its reasons."""
    transfer = decision.transfer.as_json() if decision.transfer else None
    further = [move.as_json() for move in decision.further_transfers]
    return (
        (decision.status, decision.responsible_team, decision.possible_teams, decision.missing_facts, transfer, further),
        (decision.blocked_by, decision.unconfirmed_gates, decision.deadlines, decision.duties, decision.attendance),
        (decision.co_working, decision.escalate_to, decision.findings),
    )
