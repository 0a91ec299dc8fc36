"""What depends on each reading: the smallest case with another answer, or a proof that there is none."""

from __future__ import annotations

from collections.abc import Mapping

from kb.policy import Reading
from queries.check.finding import Finding, Otherwise, Outcome
from queries.check.settings import alternatives, lines_of
from queries.check.subject import Subject, example
from queries.compare import Difference, Differing, difference
from queries.compare_rules import MOVE_DATE, TEAM

NAME = "readings"
#: Wording of a finding, by the kind of answer that differs.
GIVES = {
    TEAM: "a different answer on its team",
    "possible teams": "different teams that it may be with",
    "move": "a different move",
    MOVE_DATE: "a different date for its move",
    "blocked by": "a different answer on what holds up its move",
    "unconfirmed": "different checks to be confirmed",
    "escalation": "different people to settle it",
}


def find(subject: Subject) -> Outcome:
    """Checks each alternative setting of each reading."""
    findings: list[Finding] = []
    unsettled: list[str] = []
    for reading in subject.program.policy.readings.values():
        for setting in alternatives(subject.program, reading):
            found = _difference(subject, {}, {reading.name: setting})
            if found.found:
                findings.append(_matters(subject, reading, setting, found.found[0], len(findings) + 1))
            elif found.unsettled:
                unsettled.append(f"{reading.name}={setting}")
            else:
                findings.append(_idle(subject, reading, setting))
    return Outcome(tuple(findings), unsettled=tuple(unsettled))


def _matters(subject: Subject, reading: Reading, setting: str, found: Differing, number: int) -> Finding:
    gives = GIVES.get(found.kind, f"different {found.kind}")
    return Finding(
        NAME,
        "choice",
        f"{_choice(subject, reading, setting)} gives a child {gives}.",
        _clauses(subject, reading),
        case=example(found.case, number, NAME),
        answer=found.first.status,
        topic=f"{reading.name}={setting}",
        otherwise=Otherwise(reading.name, setting, found.kind),
        one_step=found.one_step,
    )


def _idle(subject: Subject, reading: Reading, setting: str) -> Finding:
    """The finding that a setting changes no answer, with advice if the policy's own rules use the reading."""
    clauses = _clauses(subject, reading)
    says = f"{_choice(subject, reading, setting)} changes no answer of any case"
    beside, settled = _matters_beside(subject, reading, setting) if clauses else (None, False)
    if beside is not None:
        return Finding(NAME, "note", f"{says}, unless `{beside[0]}` is `{beside[1]}`.", clauses)
    advice = "take the setting away, or write the rule in which it matters" if settled else ""
    return Finding(NAME, "note", f"{says}, with the other readings as they are.", clauses, advice=advice)


def _matters_beside(subject: Subject, reading: Reading, setting: str) -> tuple[tuple[str, str] | None, bool]:
    """A setting of another reading about the same lines under which this one does change an answer.

    Second value: whether it is settled if there is none.
    """
    settled = True
    for other in subject.program.policy.readings.values():
        if other.name == reading.name or not lines_of(other) & lines_of(reading):
            continue
        for beside in alternatives(subject.program, other):
            found = _difference(subject, {other.name: beside}, {other.name: beside, reading.name: setting})
            settled = settled and not found.unsettled
            if found.found:
                return (other.name, beside), True
    return None, settled


def _difference(subject: Subject, changes: Mapping[str, str], other: Mapping[str, str]) -> Difference:
    first = subject.under(changes) if changes else subject.program
    return difference(first, subject.under(other), subject.as_of, enough=1)


def _choice(subject: Subject, reading: Reading, setting: str) -> str:
    return f"The reading `{reading.name}` as `{setting}` instead of `{subject.program.policy.settings[reading.name]}`"


def _clauses(subject: Subject, reading: Reading) -> tuple[str, ...]:
    """The clauses whose own rules use a reading; empty if only the shared rules do."""
    rules = (subject.program.rules[n] for n in subject.own_rules)
    return subject.own(
        name
        for rule in rules
        for name in rule.clauses
        if any(literal.atom.predicate == "reading" and str(literal.atom.args[0]) == reading.name for literal in rule.body)
    )
