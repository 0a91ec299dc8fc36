"""What hangs on each reading: the smallest case that another setting answers otherwise, or a proof that there is none."""

from __future__ import annotations

from kb.policy import Reading
from queries.check.finding import Finding, Otherwise, Outcome
from queries.check.settings import alternatives
from queries.check.subject import Subject, example
from queries.compare import Differing, difference
from queries.differing import MOVE_DATE, TEAM

NAME = "readings"
#: What another setting gives a child, by the kind of answer that differs.
GIVES = {
    TEAM: "another answer to which team it is",
    "possible teams": "other teams that it may be with",
    "move": "another move",
    MOVE_DATE: "another date for its move",
    "blocked by": "another answer to what holds up its move",
    "unconfirmed": "other checks to be confirmed",
    "escalation": "other people who settle it",
}


def find(subject: Subject) -> Outcome:
    """For each other setting of each reading, a case that it answers otherwise, or that there is none."""
    findings: list[Finding] = []
    unsettled: list[str] = []
    idle = 0
    for reading in subject.program.policy.readings.values():
        for setting in alternatives(subject.program, reading):
            found = difference(subject.program, subject.under(reading.name, setting), subject.as_of, enough=1)
            if found.found:
                findings.append(_matters(subject, reading, setting, found.found[0], len(findings) + 1))
            elif found.unsettled:
                unsettled.append(f"{reading.name}={setting}")
            else:
                idle += 1
                findings.append(_idle(subject, reading, setting))
    return Outcome(tuple(findings), idle, tuple(unsettled))


def _matters(subject: Subject, reading: Reading, setting: str, found: Differing, number: int) -> Finding:
    gives = GIVES.get(found.kind, f"other {found.kind}")
    return Finding(
        NAME,
        "choice",
        f"{_choice(subject, reading, setting)} gives a child {gives}.",
        _clauses(subject, reading),
        case=example(found.case, number, NAME),
        answer=found.first.status,
        otherwise=Otherwise(reading.name, setting, found.kind),
    )


def _idle(subject: Subject, reading: Reading, setting: str) -> Finding:
    clauses = _clauses(subject, reading)
    return Finding(
        NAME,
        "note",
        f"{_choice(subject, reading, setting)} changes no answer of any case.",
        clauses,
        advice="take the setting away, or write the rule in which it matters" if clauses else "",
    )


def _choice(subject: Subject, reading: Reading, setting: str) -> str:
    return f"The reading `{reading.name}` as `{setting}` instead of `{subject.program.policy.settings[reading.name]}`"


def _clauses(subject: Subject, reading: Reading) -> tuple[str, ...]:
    """The policy's clauses whose rules ask how a reading is set; none for a reading that only rules of the house ask for."""
    rules = (subject.program.rules[n] for n in subject.own_rules)
    return subject.own(
        rule.clause
        for rule in rules
        if any(literal.atom.predicate == "reading" and str(literal.atom.args[0]) == reading.name for literal in rule.body)
    )
