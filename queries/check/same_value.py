"""Edges of numbers that two rules claim, or that none does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kb.language.model import Constant, Rule, Variable
from queries.check.finding import Finding, Outcome
from queries.check.subject import Subject

NAME = "same-value"
_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


@dataclass(frozen=True)
class _Edge:
    """A comparison of a fact with a number in a rule."""

    fact: str
    side: str
    number: int
    rule: Rule


def find(subject: Subject) -> Outcome:
    """Compares, for each fact and number, the rules that conclude different things on the two sides of the number.

    Of two rules that both claim the number a guard may let one win, so no case shows it; and of two that both leave it out
    no case shows it either, where something else stands in.
    """
    edges: dict[tuple[str, int], list[_Edge]] = {}
    for source in subject.own_rules:
        for edge in _edges(subject, subject.program.rules[source]):
            edges.setdefault((edge.fact, edge.number), []).append(edge)
    findings: list[Finding] = []
    for (fact, number), found in edges.items():
        sides = {edge.side for edge in found}
        if {"<=", ">="} <= sides:
            findings += _between(subject, fact, number, found, "<=", ">=")
        elif {"<", ">"} <= sides and not {"<=", ">=", "="} & sides:
            findings += _between(subject, fact, number, found, "<", ">")
    return Outcome(tuple(findings), len(edges) - len(findings))


def _edges(subject: Subject, rule: Rule) -> Iterator[_Edge]:
    facts = subject.program.policy.vocabulary.facts
    held = {
        literal.atom.args[0].name: literal.atom.predicate
        for literal in rule.body
        if literal.atom.predicate in facts and literal.atom.args and isinstance(literal.atom.args[0], Variable)
    }
    for literal in rule.body:
        if not literal.atom.is_comparison or literal.negated or literal.inner_negated:
            continue
        left, right = literal.atom.args
        side = literal.atom.predicate
        if isinstance(right, Variable):
            left, right, side = right, left, _TURNED.get(side, side)
        number = isinstance(right, Constant) and isinstance(right.value, int)
        if isinstance(left, Variable) and left.name in held and number:
            assert isinstance(right, Constant)
            yield _Edge(held[left.name], side, int(right.value), rule)


def _between(subject: Subject, fact: str, number: int, found: list[_Edge], below: str, above: str) -> Iterator[Finding]:
    """One finding for a number that rules with different conclusions claim from both sides, or leave out from both."""
    low = [edge.rule for edge in found if edge.side == below]
    high = [edge.rule for edge in found if edge.side == above and all(edge.rule.head != rule.head for rule in low)]
    if not high:
        return
    label = subject.program.policy.vocabulary.facts[fact].label
    clauses = subject.own(clause for rule in (*low, *high) for clause in rule.clauses)
    where = tuple(str(rule.position) for rule in (*low, *high))
    both = below == "<="
    what = f"claim the value {number} of “{label}”" if both else f"leave out the value {number} of “{label}”"
    says = f"Two rules that conclude different things both {what}."
    yield Finding(
        NAME, "fault" if both else "gap", says, clauses, where, advice=f"let one of them have {number}, as the text does"
    )
