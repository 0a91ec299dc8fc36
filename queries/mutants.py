"""Mutants of a policy's rules: a condition dropped or negated, a number changed by one, an exception removed, a
conclusion that is left open concluded.

Source: DeMillo, Lipton and Sayward, "Hints on test data selection", 1978.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from kb.language.model import (
    Atom,
    AtTime,
    Constant,
    DayOf,
    Literal,
    OnOrAfter,
    Rule,
    Shifted,
    Term,
    is_unknown,
    unknown,
)
from kb.policy import Policy

BOUNDS = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}  # bounds moved by one
OPPOSITE = {"<": ">=", ">=": "<", ">": "<=", "<=": ">", "=": "!=", "!=": "="}


@dataclass(frozen=True)
class Mutant:
    """A policy with one small change. `rule` is the index of the rule changed; None for a removed exception."""

    policy: Policy
    rule: int | None
    clause: str
    where: str
    change: str

    @property
    def name(self) -> str:
        return f"{self.where} {self.change}"

    def under(self, policy: Policy) -> Policy:
        """The same change to the policy under other readings."""
        return replace(policy, rules=self.policy.rules, marks=self.policy.marks)


def mutants(policy: Policy) -> Iterator[Mutant]:
    """All mutants of the policy's own rules."""
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
            rest = replace(mark, exception_to=tuple(other for other in mark.exception_to if other != general))
            marks = (*policy.marks[:place], rest, *policy.marks[place + 1 :])
            change = f"no longer an exception to {general}"
            yield Mutant(replace(policy, marks=marks), None, mark.clause, str(mark.position), change)


def _changes(rule: Rule) -> Iterator[tuple[Rule, str]]:
    if rule.form == "open":
        yield replace(rule, form=""), f"`{rule.head}` for `{rule.title}`"
    for n, literal in enumerate(rule.body):
        before, after = rule.body[:n], rule.body[n + 1 :]
        yield rule.with_body((*before, *after)), f"without `{literal}`"
        denied = _denied(literal)
        yield rule.with_body((*before, *denied, *after)), f"`{_replacement_text(denied)}` for `{literal}`"
        if literal.atom.predicate in BOUNDS:
            moved = replace(literal, atom=Atom(BOUNDS[literal.atom.predicate], literal.atom.args))
            yield rule.with_body((*before, moved, *after)), f"`{moved}` for `{literal}`"
        for atom in _shifted(literal.atom):
            other = replace(literal, atom=atom)
            yield rule.with_body((*before, other, *after)), f"`{other}` for `{literal}`"
    for head in _shifted(rule.head):
        yield replace(rule, head=head), f"`{head}` for `{rule.head}`"


def _denied(literal: Literal) -> tuple[Literal, ...]:
    """The negated literal, as an author would write it."""
    if literal.recorded:
        return unknown(literal.atom, literal.position)
    if literal.atom.predicate in OPPOSITE and not literal.known:
        return (replace(literal, atom=Atom(OPPOSITE[literal.atom.predicate], literal.atom.args)),)
    return (replace(literal, negated=not literal.negated),)


def _replacement_text(literals: tuple[Literal, ...]) -> str:
    return f"unknown {literals[0].atom}" if is_unknown(literals) else str(literals[0])


def _shifted(atom: Atom) -> Iterator[Atom]:
    """The atom with one of its numbers one less or one more."""
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
