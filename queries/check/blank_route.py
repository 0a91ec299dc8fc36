"""Moves that a blank holds open before their event: conditions of a route that are asked without `known`."""

from __future__ import annotations

from collections.abc import Iterator

from kb.language.model import Literal, Rule
from queries.check.finding import Finding, Outcome
from queries.check.subject import Subject

NAME = "blank-route"


def find(subject: Subject) -> Outcome:
    """Looks at the conditions of each rule that concludes a route; no search is needed."""
    program = subject.program
    rules = [rule for rule in program.policy.rules if rule.head.predicate == "route" and rule.concludes]
    own = [rule for rule in rules if not program.policy.clauses[rule.clause].house]
    findings = [_finding(subject, rule, open_) for rule in own if (open_ := list(_open(subject, rule)))]
    return Outcome(tuple(findings), len(own) - len(findings))


def _open(subject: Subject, rule: Rule) -> Iterator[Literal]:
    """The conditions that hold the move open where they are not recorded, if all of the rule's are such.

    A rule with some condition under `known` says by it what starts the move; what it asks besides decides between teams.
    """
    facts = [literal for literal in rule.body if _source(subject, literal) in ("condition", "event")]
    if not any(literal.known or literal.recorded for literal in facts):
        yield from facts


def _source(subject: Subject, literal: Literal) -> str:
    signature = subject.program.table.get(literal.atom.predicate)
    return "" if signature is None else signature.source


def _finding(subject: Subject, rule: Rule, open_: list[Literal]) -> Finding:
    first = open_[0]
    asked = " and ".join(f"`{literal}`" for literal in open_)
    are = "is" if len(open_) == 1 else "are"
    return Finding(
        NAME,
        "note",
        f"Where {asked} {are} not recorded, `{rule.head}` is not settled, before its event as well.",
        rule.clauses,
        (str(rule.position),),
        advice=f"write `known {first}` if somebody has to have noted it for the move to start; leave it if it is to be asked",
        topic="routes without known",
    )
