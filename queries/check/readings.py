"""What hangs on each reading: the smallest case that another setting answers otherwise, or a proof that there is none."""

from __future__ import annotations

from collections.abc import Mapping

from kb.policy import Reading
from queries.check.finding import Finding, Otherwise, Outcome
from queries.check.settings import alternatives, lines_of
from queries.check.subject import Subject, example
from queries.compare import Difference, Differing, difference
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
            found = _difference(subject, {}, {reading.name: setting})
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
        topic=f"{reading.name}={setting}",
        otherwise=Otherwise(reading.name, setting, found.kind),
    )


def _idle(subject: Subject, reading: Reading, setting: str) -> Finding:
    clauses = _clauses(subject, reading)
    other = _matters_with(subject, reading, setting) if clauses else None
    no_answer = f"{_choice(subject, reading, setting)} changes no answer of any case"
    if other is not None:
        says, advice = f"{no_answer}, unless `{other[0]}` is `{other[1]}`.", ""
    else:
        says, advice = f"{no_answer}.", "take the setting away, or write the rule in which it matters"
    return Finding(NAME, "note", says, clauses, advice=advice if clauses else "")


def _matters_with(subject: Subject, reading: Reading, setting: str) -> tuple[str, str] | None:
    """Another setting of a reading about the same lines, beside which this setting changes an answer; None if there is none."""
    for other in subject.program.policy.readings.values():
        if other.name == reading.name or not lines_of(other) & lines_of(reading):
            continue
        for beside in alternatives(subject.program, other):
            if _difference(subject, {other.name: beside}, {other.name: beside, reading.name: setting}).found:
                return other.name, beside
    return None


def _difference(subject: Subject, changes: Mapping[str, str], other: Mapping[str, str]) -> Difference:
    first = subject.under(changes) if changes else subject.program
    return difference(first, subject.under(other), subject.as_of, enough=1)


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
