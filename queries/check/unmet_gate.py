"""Checks before a move that can fail with nothing after it: no duty, no other move, nobody to whom it goes."""

from __future__ import annotations

from functools import partial

from kb.case import Case
from kb.language.model import Atom, Constant, Literal, Rule
from queries.check.finding import Finding, Outcome, outcome
from queries.check.notices import decided
from queries.check.subject import Subject, code, example

NAME = "unmet-gate"
NOT_AN_ANSWER = ("gate_met", "ask")  # to conclude from a failed check that it is not met, or has to be asked, answers nothing


def find(subject: Subject) -> Outcome:
    """Each check on whose failure no rule concludes anything, with the smallest case in which it holds up a move."""
    rules = [subject.program.rules[index] for index in subject.own_rules]
    gates = sorted({code(atom, len(atom.args) - 1) for name in ("gate", "condition_gate") for atom in subject.atoms(name)})
    alone = [gate for gate in gates if not _answered(rules, gate)]
    goals = [{subject.certain(_blocked(gate)): True} for gate in alone]
    shown = subject.show_each(goals, decided(subject), subject.search)
    return outcome(alone, shown, partial(_finding, subject), len(gates) - len(alone))


def _blocked(gate: str) -> Atom:
    return Atom("blocked_by", (Constant(gate),))


def _answered(rules: list[Rule], gate: str) -> bool:
    """Whether a rule asks for the failure of a check, or denies what the check asks for."""
    asked = _asked(rules, gate)
    others = [rule for rule in rules if rule.head.predicate not in (*NOT_AN_ANSWER, *asked)]
    return any(_denies(literal, asked) or _names(literal, gate) for rule in others for literal in rule.body)


def _asked(rules: list[Rule], gate: str) -> set[str]:
    """The facts and conclusions on which it rests that a check is met."""
    waiting = [rule for rule in rules if rule.head == Atom("gate_met", (Constant(gate),))]
    asked: set[str] = set()
    while waiting:
        new = {literal.atom.predicate for literal in waiting.pop().body if not literal.atom.is_comparison} - asked
        asked |= new
        waiting += [rule for rule in rules if rule.head.predicate in new]
    return asked


def _denies(literal: Literal, asked: set[str]) -> bool:
    return (literal.negated or literal.inner_negated) and literal.atom.predicate in asked


def _names(literal: Literal, gate: str) -> bool:
    return Constant(gate) in literal.atom.args


def _finding(subject: Subject, gate: str, case: Case, number: int) -> Finding:
    label = subject.program.policy.vocabulary.label("gate", gate)
    rules = [subject.program.rules[index] for index in subject.own_rules]
    setting = [
        rule for rule in rules if rule.head.predicate in ("gate", "condition_gate") and rule.head.args[-1] == Constant(gate)
    ]
    return Finding(
        NAME,
        "gap",
        f"Where this is not so, the move is held up and no clause says what follows: {label}.",
        subject.own(name for rule in setting for name in rule.clauses),
        case=example(case, number, NAME),
        answer=subject.decide(case).status,
        advice="say who puts it right and by when, or that the move is made without it",
        topic="checks that fail",
        claims=(("blocked_by", gate),),
    )
