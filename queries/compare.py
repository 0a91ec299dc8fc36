"""Proves two programs equivalent, or finds the smallest case that they answer differently.

The two are put side by side over the same facts (`kb.product`), with rules that say where one answer is not the
other. clingo searches for a step in which one of these fires: a record with any holder since any day. If there
is none, that is a proof, for the day and within the space of cases; and as equal steps lead to equal next
steps, no journey differs either. Every case found is replayed on pyDatalog under both programs: as a record if
its journey shows the difference, else as the step.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from math import prod
from typing import Any

from kb.case import Case
from kb.engines.pydatalog import PyDatalog
from kb.language.model import Atom
from kb.product import Product, product_of
from kb.program import Program
from kb.space.least import EFFORT, Least, least, refuting
from kb.space.search import Goal, Search, Unsettled
from queries.answer_rows import changed_kinds, outcome
from queries.compare_rules import DIFFERS, KINDS, OUTCOMES, STEPS, TEAM, UNKNOWN, differing_rules, differs, pair
from queries.decide import AGREED, Decision, decide
from queries.steps import records_of, step_decision

MOST_TRIED = 60  # altered conclusions compared one by one
REMOVES = 6  # levels above the altered conclusions that are compared one by one if the whole is not settled


@dataclass(frozen=True)
class Differing:
    """A kind of answer that differs, with the smallest case that shows it.

    `outcomes` are the two teams or statuses. `proved`: no smaller case of the same plainness shows it
    (`_Question.smallest`). `one_step`: the case is a single step, with what came before given; else a record.
    """

    kind: str
    case: Case
    first: Decision
    second: Decision
    proved: bool
    one_step: bool = False

    @property
    def outcomes(self) -> tuple[str, str]:
        return outcome(self.first), outcome(self.second)


@dataclass(frozen=True)
class Searched:
    """The extent of a search: number of cases by classes of values (without the orders of dates), and sampled facts.

    Of a sampled fact only days near the day of the answer were tried.
    """

    cases: int
    sampled: tuple[str, ...]

    @classmethod
    def by(cls, search: Search) -> Searched:
        classes = search.space.classes
        cases = prod(1 + prod(len(classes.of[part]) for part in classes.parts(fact)) for fact in classes.facts)
        return cls(cases, tuple(sorted({part.fact for part in classes.sampled})))


@dataclass(frozen=True)
class Difference:
    """The result of a comparison.

    unsettled   kinds of answer for which the search was given up
    every_pair  whether all differing pairs of teams are in `found`, unless `enough` limited the search
    reworded    number of conclusions with different rules
    searched    None if these do not affect an answer; the two then agree on every day
    """

    found: tuple[Differing, ...] = ()
    unsettled: tuple[str, ...] = ()
    every_pair: bool = True
    reworded: int = 0
    searched: Searched | None = None

    @property
    def equivalent(self) -> bool:
        """Whether it is proved that no case has a different answer."""
        return not self.found and not self.unsettled


def difference(
    first: Program,
    second: Program,
    as_of: int,
    codes: Mapping[str, str] | None = None,
    most_pairs: int = 1,
    enough: int | None = None,
    started: Callable[[str], None] = lambda kind: None,
) -> Difference:
    """How the answers of two programs differ over all cases of one day, or a proof that they do not.

    as_of       the day as an ordinal
    codes       codes of the second to codes of the first, where they differ
    most_pairs  number of differing pairs of teams to find
    enough      number of differences after which to stop; None for all
    started     called with each kind of answer

    Kinds other than the team are compared in cases with equal teams if possible. Errors: `InputError` if facts
    of the same name are declared differently.
    """
    product = product_of(first, second, codes)
    reworded = len(product.differing)
    if not _answers_differ(product):
        return Difference(reworded=reworded)
    product, searched = _proved_alike(product, as_of)
    rules = list(differing_rules(product))
    if not any(rule.head.predicate == DIFFERS for rule in rules):
        return Difference(reworded=reworded, searched=searched)
    question = _Question(product.program(rules), {rule.head for rule in rules}, as_of)
    if not question.any_case():
        return Difference(reworded=reworded, searched=Searched.by(question.search))
    asked = _Asked(_Sides(first, second, {ours: other for other, ours in (codes or {}).items()}), most_pairs, enough)
    unsettled = asked.about(question, question.kinds, started)
    if unsettled and (closer := _closer(product, as_of)) is not None:
        rules = list(differing_rules(closer))
        question = _Question(closer.program(rules), {rule.head for rule in rules}, as_of)
        unsettled = asked.about(question, [kind for kind in unsettled if kind in question.kinds])
    return Difference(tuple(asked.found), tuple(unsettled), asked.every_pair, reworded, Searched.by(question.search))


@dataclass
class _Asked:
    """The differences found so far, and how many are wanted."""

    sides: _Sides
    most_pairs: int
    enough: int | None
    found: list[Differing] = field(default_factory=list)
    every_pair: bool = True

    @property
    def wanted(self) -> bool:
        return self.enough is None or len(self.found) < self.enough

    def about(self, question: _Question, kinds: Iterable[str], started: Callable[[str], None] = lambda kind: None) -> list[str]:
        """Searches for differences of some kinds. Returns the kinds for which the search was given up."""
        given_up: list[str] = []
        for kind in kinds:
            if kind == STEPS and self.found:
                continue  # the difference in moves shows in the answers found
            if self.wanted:
                started(kind)
            try:
                self._one_kind(question, kind)
            except Unsettled:
                given_up.append(kind)
        return given_up

    def _one_kind(self, question: _Question, kind: str) -> None:
        told = [self.sides.outcomes(differing) for differing in self.found if differing.kind == kind]
        while self.wanted and (shown := question.smallest(kind, told)) is not None:
            if len(told) == self.most_pairs:
                self.every_pair = False
                return
            differing = self.sides.replay(kind, shown.case, shown.proved)
            if not (told and differing.one_step):  # a pair shown only by a step is kept only if no record shows any
                self.found.append(differing)
            told.append(self.sides.outcomes(differing))
            if kind != TEAM:
                return


def _closer(product: Product, as_of: int) -> Product | None:
    """The pair with conclusions shared that are proved equal level by level above the altered ones; None if there are none.

    Altered conclusions may differ although nothing that depends on them does; the proof is then short a level or
    two further up (cut points, as in circuit equivalence checking). At most MOST_TRIED conclusions a level.
    """
    level, before = list(product.altered), product.alike
    for _ in range(REMOVES):
        level = product.resting_on(level)[:MOST_TRIED]
        if not level:
            break
        proved, _ = _alike(product, as_of, level)
        product = product.without(proved)
        level = [atom for atom in level if atom in product.differing]
    return product if product.alike != before else None


class _Question:
    """The search for a case in which two programs differ. Errors of all methods: `Unsettled`."""

    def __init__(self, both: Program, heads: Iterable[Atom], as_of: int):
        numbers, certain = both.halves.numbers, both.halves.certain
        self.keys = {atom: certain(numbers[atom]) for atom in heads}
        self.agreed: Goal = {certain(numbers[AGREED]): False} if AGREED in numbers else {}
        self.search = refuting(Search(both, as_of, [*self.keys.values(), *self.agreed]))
        self.kinds = [kind for kind in KINDS if differs(kind) in self.keys]
        self.sure: Goal = {key: False for atom, key in self.keys.items() if atom.predicate == OUTCOMES and UNKNOWN in atom.args}

    def any_case(self) -> bool:
        """Whether any case differs in any kind; True if not settled."""
        try:
            return self.search.possible({self.search.any_of(self.keys[differs(kind)] for kind in self.kinds): True})
        except Unsettled:
            return True

    def smallest(self, kind: str, told: Sequence[tuple[str, str]]) -> Least | None:
        """The smallest case for a kind of difference, other than between the pairs of teams in `told`.

        Preferred are cases with equal teams or, if teams are asked about, with both teams known, and cases that do not
        depend on an agreement of managers.
        """
        goal: Goal = {self.keys[differs(kind)]: True, **{self.keys[pair(teams)]: False for teams in told if kind == TEAM}}
        team = self.keys.get(differs(TEAM))
        plain: Goal = self.sure if kind == TEAM else {} if team is None else {team: False}
        goals = [{**goal, **plain}, goal] if plain else [goal]
        goals = [{**wanted, **more} for wanted in goals for more in ([self.agreed, {}] if self.agreed else [{}])]
        given_up = False
        if len(goals) > 1 and self._refuted(goal):
            return None
        for wanted in goals:  # the last goal is the weakest, so its result settles all
            try:
                shown, given_up = least(self.search, wanted), False
            except Unsettled:
                given_up = True
                continue
            if shown is not None:
                return shown
        if given_up:
            raise Unsettled
        return None

    def _refuted(self, goal: Goal) -> bool:
        """Whether it is quickly proved that no case meets a goal."""
        try:
            return not self.search.possible(goal)
        except Unsettled:
            return False


def _answers_differ(product: Product) -> bool:
    """Whether any part of an answer is concluded by different rules."""
    return any(rule.head.predicate == DIFFERS for rule in differing_rules(product))


def _proved_alike(product: Product, as_of: int) -> tuple[Product, Searched | None]:
    """Shares altered conclusions that no case tells apart; tried only if they are few."""
    searched: Searched | None = None
    while product.altered and len(product.altered) <= MOST_TRIED:
        proved, searched = _alike(product, as_of, product.altered)
        if not proved:
            break
        product = product.without(proved)
    return product, searched


def _alike(product: Product, as_of: int, atoms: Iterable[Atom]) -> tuple[list[Atom], Searched]:
    """Those of some conclusions that are quickly proved to hold, and to be possible, in the same cases."""
    both = product.program()
    numbers, halves = both.halves.numbers, (both.halves.certain, both.halves.possible)

    def keys(atom: Atom) -> list[int | None]:
        return [half(numbers[atom]) if atom in numbers else None for half in halves]

    pairs = {atom: list(zip(keys(atom), keys(product.second(atom)))) for atom in sorted(atoms, key=str)}
    aims = {key for found in pairs.values() for pair in found for key in pair if key is not None}
    search = refuting(Search(both, as_of, aims))
    proved: list[Atom] = []
    for atom, found in pairs.items():
        with suppress(Unsettled):
            if search.within({search.differs(found): True}, len(search.space.over), EFFORT) is None:
                proved.append(atom)
    return proved, Searched.by(search)


# Replaying found cases -----------------------------------------------------


@dataclass(frozen=True)
class _Sides:
    """Two programs; `codes` maps codes of the first to codes of the second."""

    first: Program
    second: Program
    codes: Mapping[str, str]

    def outcomes(self, found: Differing) -> tuple[str, str]:
        """The two outcomes, in codes of the first."""
        back = {other: ours for ours, other in self.codes.items()}
        return outcome(found.first), back.get(outcome(found.second), outcome(found.second))

    def replay(self, kind: str, case: Case, proved: bool) -> Differing:
        """Both answers to a found case, as a record if that shows the difference, else as a step."""
        records = [(record, False) for record in records_of(case, self.first.policy.vocabulary)]
        for shown, one_step in (*records, (case, True)):
            found = self._answered(kind, shown, proved, one_step)
            back = {other: ours for ours, other in self.codes.items()}
            if kind in changed_kinds(found.first, found.second, back):
                return found
        raise AssertionError(f"the search and the engine differ on {case.facts}")

    def _answered(self, kind: str, case: Case, proved: bool, one_step: bool) -> Differing:
        engine = PyDatalog()
        answer = step_decision if one_step else decide
        mine = case_for(self.first, case, {})
        other = case_for(self.second, case, self.codes)
        return Differing(kind, mine, answer(self.first, mine, engine), answer(self.second, other, engine), proved, one_step)


def case_for(program: Program, case: Case, codes: Mapping[str, str]) -> Case:
    """A case with the facts that a program knows, in its codes."""
    vocabulary = program.policy.vocabulary
    facts = {name: _translated(value, codes) for name, value in case.facts.items() if name in vocabulary.facts}
    return replace(case, policy=program.policy.code, facts=facts)


def _translated(value: Any, codes: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return codes.get(value, value)
    if isinstance(value, tuple | list):
        return tuple(_translated(part, codes) for part in value)
    return {name: _translated(part, codes) for name, part in value.items()} if isinstance(value, dict) else value
