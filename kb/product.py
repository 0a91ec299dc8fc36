"""The product of two programs over the same facts, used to compare them in one search.

A conclusion is shared if both programs have the same ground rules for it, and these depend only on facts and shared
conclusions: it then holds in the same cases. A conclusion proved to hold in the same cases is shared too. All other
predicates of the second program are renamed. A search for a case in which the two differ then involves only what was
changed and what depends on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from kb.errors import Fault, InputError
from kb.language.model import Atom, AtTime, Constant, DayOf, Literal, OnOrAfter, Shifted, Term, ValueOf
from kb.lowering.ground import GroundRule, is_condition
from kb.lowering.halves import lower_unknowns
from kb.lowering.strata import order_rules
from kb.program import CONTRADICTION, Program
from kb.vocabulary.model import Code, Fact, Vocabulary

OTHER = "other "  # prefix of renamed predicates of the second program; predicates have no spaces

Bodies = frozenset[frozenset[Literal]]


@dataclass(frozen=True)
class Product:
    """The product of two programs. Atoms of the second use the codes of the first.

    ours, theirs  the ground rules of the first and of the second program
    differing     conclusions that are not shared
    altered       those of `differing` whose own rules differ, not only what these depend on
    alike         conclusions with different rules that were proved to hold in the same cases, hence shared

    Contradictions are never shared: a case that contradicts either program is impossible for both.
    """

    vocabulary: Vocabulary
    conditions: frozenset[str]
    ours: tuple[GroundRule, ...]
    theirs: tuple[GroundRule, ...]
    altered: frozenset[Atom]
    differing: frozenset[Atom]
    first: Program
    alike: frozenset[Atom] = frozenset()

    def second(self, atom: Atom) -> Atom:
        """The atom that stands for a conclusion of the second program."""
        return Atom(OTHER + atom.predicate, atom.args) if atom in self.differing else atom

    def without(self, proved: Iterable[Atom]) -> Product:
        """A copy in which some conclusions, proved to hold in the same cases, are shared."""
        alike = self.alike | frozenset(proved)
        altered = self.altered - alike
        return replace(self, altered=altered, alike=alike, differing=resting_on(altered, (*self.ours, *self.theirs), alike))

    def resting_on(self, atoms: Iterable[Atom]) -> list[Atom]:
        """The differing conclusions with a rule that uses one of some atoms directly, sorted."""
        wanted = frozenset(atoms)
        rules = (*self.ours, *self.theirs)
        found = {rule.head for rule in rules if any(literal.atom in wanted for literal in rule.body)}
        return sorted((found & self.differing) - wanted, key=str)

    def program(self, more: Iterable[GroundRule] = ()) -> Program:
        """The product as a program, with additional rules `more`."""
        theirs = [
            GroundRule(
                self.second(rule.head),
                tuple(replace(literal, atom=self.second(literal.atom)) for literal in rule.body),
                (),
                0,
            )
            for rule in self.theirs
            if rule.head in self.differing or rule.head.predicate == CONTRADICTION
        ]
        ground = (*self.ours, *dict.fromkeys(theirs), *more)
        halves = order_rules(lower_unknowns(ground, self.conditions), ground, self.first.rules)
        policy = replace(self.first.policy, vocabulary=self.vocabulary)
        return Program(policy, self.first.table, self.first.rules, ground, halves)


def product_of(first: Program, second: Program, codes: Mapping[str, str] | None = None) -> Product:
    """The product of two programs. `codes` maps codes of the second to codes of the first.

    Errors: `InputError` if the two declare a fact of the same name differently.
    """
    theirs = tuple(_renamed_rule(rule, codes) for rule in second.ground) if codes else second.ground
    conditions = frozenset(
        name for program in (first, second) for name, s in program.table.items() if s.source in ("condition", "event")
    )
    vocabulary = _both(first.policy.vocabulary, second.policy.vocabulary, codes or {})
    mine, other = _bodies(first.ground), _bodies(theirs)
    altered = frozenset(
        head
        for head in {**mine, **other}
        if mine.get(head) != other.get(head) and head.predicate != CONTRADICTION and not is_condition(head, conditions)
    )
    differing = resting_on(altered, (*first.ground, *theirs))
    return Product(vocabulary, conditions, first.ground, theirs, altered, differing, first)


def _bodies(rules: Iterable[GroundRule]) -> dict[Atom, Bodies]:
    """The bodies of each conclusion's rules as sets, so that order doesn't count."""
    found: dict[Atom, set[frozenset[Literal]]] = {}
    for rule in rules:
        found.setdefault(rule.head, set()).add(frozenset(rule.body))
    return {head: frozenset(bodies) for head, bodies in found.items()}


def resting_on(altered: Iterable[Atom], rules: Iterable[GroundRule], alike: frozenset[Atom] = frozenset()) -> frozenset[Atom]:
    """`altered` and everything that depends on it, except the conclusions in `alike` and what depends only on those."""
    users: dict[Atom, list[Atom]] = {}
    for rule in rules:
        if rule.head.predicate != CONTRADICTION and rule.head not in alike:
            for literal in rule.body:
                users.setdefault(literal.atom, []).append(rule.head)
    found = set(altered)
    waiting = list(found)
    while waiting:
        for user in users.get(waiting.pop(), ()):
            if user not in found:
                found.add(user)
                waiting.append(user)
    return frozenset(found)


# Codes of the second program in those of the first ---------------------------------------


def _renamed_rule(rule: GroundRule, codes: Mapping[str, str]) -> GroundRule:
    body = tuple(replace(literal, atom=_renamed(literal.atom, codes)) for literal in rule.body)
    return GroundRule(_renamed(rule.head, codes), body, rule.given, rule.source)


def _renamed(atom: Atom, codes: Mapping[str, str]) -> Atom:
    return Atom(atom.predicate, tuple(_renamed_term(term, codes) for term in atom.args))


def _renamed_term(term: Term, codes: Mapping[str, str]) -> Term:
    if isinstance(term, Constant):
        return Constant(codes.get(term.value, term.value)) if isinstance(term.value, str) else term
    if isinstance(term, ValueOf):
        return ValueOf(term.fact, codes.get(term.key, term.key) if isinstance(term.key, str) else term.key)
    if isinstance(term, Shifted):
        return Shifted(_renamed_term(term.base, codes), term.amount, term.unit)
    return replace(term, base=_renamed_term(term.base, codes)) if isinstance(term, OnOrAfter | DayOf | AtTime) else term


def _both(first: Vocabulary, second: Vocabulary, codes: Mapping[str, str]) -> Vocabulary:
    """The facts of both. Teams are those that both know: a case of both can name no other."""
    faults = [
        Fault(f"fact {name}", "is not the same in the two policies", f"one has {_kind(fact)}, the other {_kind(other)}")
        for name, fact in first.facts.items()
        if (other := second.facts.get(name)) is not None and not _alike(fact, other)
    ]
    faults += [
        Fault(f"fact {name}", "is worked out differently in the two policies", "give one of the two another name")
        for name, calculated in first.calculated.items()
        if (way := second.calculated.get(name)) is not None
        and (calculated.type, calculated.how, calculated.source, calculated.key, calculated.field)
        != (way.type, way.how, way.source, way.key, way.field)
    ]
    faults += [
        Fault(f"fact {name}", "is counted differently in the two policies", "give one of the two another name")
        for name, tally in first.tallies.items()
        if second.tallies.get(name, tally) != tally
    ]
    if faults:
        raise InputError(faults)
    theirs = {codes.get(code.code, code.code) for code in second.codes.get("team", ())}
    teams: tuple[Code, ...] = tuple(code for code in first.codes.get("team", ()) if code.code in theirs)
    return Vocabulary(
        {
            **first.facts,
            **second.facts,
            **{name: _of_both(fact, second.facts.get(name, fact)) for name, fact in first.facts.items()},
        },
        {**second.calculated, **first.calculated},
        {**second.codes, **first.codes, "team": teams},
        tallies={**second.tallies, **first.tallies},
    )


def _alike(fact: Fact, other: Fact) -> bool:
    """Whether two policies mean the same by a fact; one of them may allow further values of it."""
    extends = set(fact.values) <= set(other.values) or set(other.values) <= set(fact.values)
    return extends and _meaning(fact) == _meaning(other)


def _of_both(fact: Fact, other: Fact) -> Fact:
    """A fact with the values that both policies allow: a case of both can have no other."""
    return fact if len(fact.values) <= len(other.values) else other


def _meaning(fact: Fact) -> tuple[object, ...]:
    what = fact.type, fact.minimum, fact.maximum, fact.fields, fact.fixed, fact.past
    return *what, fact.time, fact.of, fact.spell, fact.part, fact.begins, fact.episode


def _kind(fact: Fact) -> str:
    if fact.type == "enum":
        return "the values " + ", ".join(fact.values)
    return f"{fact.minimum} to {fact.maximum}" if fact.type == "int" else f"type {fact.type}"
