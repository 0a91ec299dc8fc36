"""Duties without a time limit."""

from __future__ import annotations

from kb.language.model import Constant, Rule
from queries.check.finding import Finding, Outcome
from queries.check.subject import Subject, code

NAME = "undated-duty"
LIMITS = ("limit", "limit_at", "limit_in_days")
BINDING = ("must", "should")


def find(subject: Subject) -> Outcome:
    """Each duty of a binding clause for which no clause has a limit and that begins on no birthday; no search is needed."""
    duties = {code(atom): _rules(subject, "duty", code(atom)) for atom in subject.atoms("duty")}
    binding = {duty: rules for duty, rules in duties.items() if any(_binds(subject, rule) for rule in rules)}
    findings = [_finding(subject, duty, rules) for duty, rules in binding.items() if not _timed(subject, rules)]
    return Outcome(tuple(findings), len(binding) - len(findings))


def _rules(subject: Subject, predicate: str, first: str) -> list[Rule]:
    rules = (subject.program.rules[index] for index in subject.own_rules)
    return [rule for rule in rules if rule.head.predicate == predicate and rule.head.args[0] == Constant(first)]


def _binds(subject: Subject, rule: Rule) -> bool:
    return any(subject.program.policy.clauses[name].force in BINDING for name in rule.clauses)


def _timed(subject: Subject, rules: list[Rule]) -> bool:
    """Whether a limit stands under a clause of the duty, or is kept by the event that ends the duty."""
    windows = {code(atom) for atom in subject.atoms("window")}
    limits = {code(atom) for name in LIMITS for atom in subject.atoms(name)} - windows
    dated = {name for limit in limits for kind in LIMITS for rule in _rules(subject, kind, limit) for name in rule.clauses}
    ending = {code(atom, 1) for atom in subject.atoms("met_by") if code(atom) in limits}
    ended = {each.atom.predicate for rule in rules for each in rule.body if each.negated or each.inner_negated}
    return bool(ended & ending) or any(dated & set(rule.clauses) or _by_birthday(subject, rule) for rule in rules)


def _by_birthday(subject: Subject, rule: Rule) -> bool:
    """Whether a duty begins on a birthday: its rule, or one that it rests on, compares a date of birth with another day."""
    births = {fact.name for fact in subject.program.policy.vocabulary.facts.values() if fact.birth}
    asked = {literal.atom.predicate for literal in rule.body}
    own = (subject.program.rules[index] for index in subject.own_rules)
    resting = [rule, *(each for each in own if each.head.predicate in asked)]
    return any(literal.atom.predicate in births for each in resting for literal in each.body)


def _finding(subject: Subject, duty: str, rules: list[Rule]) -> Finding:
    label = subject.program.policy.vocabulary.label("duty", duty)
    return Finding(
        NAME,
        "note",
        f"No clause sets a date or a number of days for this duty: {label}.",
        subject.own(name for rule in rules for name in rule.clauses),
        advice="give each duty a day or a number of working days, and the event from which it runs",
        topic="duties without a time",
    )
