"""Choices that the rules make where the text is open: each reading with what the answers assume, without a search."""

from __future__ import annotations

from kb.policy import shared_readings
from queries.check.finding import Finding, Outcome
from queries.check.notices import CLASH
from queries.check.settings import lines_of
from queries.check.subject import Subject, code

NAME = "defaults"


def find(subject: Subject) -> Outcome:
    """Each reading of the policy's own. Those that settle a clash are told by `precedence`, and with `deep` all by `readings`.

    Readings that all policies share are settings of ours and no fault of the document.
    """
    if subject.deep:
        return Outcome()
    policy = subject.program.policy
    left_out = shared_readings() | {code(atom) for atom in subject.atoms(CLASH)}
    findings: list[Finding] = []
    for reading in policy.readings.values():
        if reading.name in left_out:
            continue
        lines = {line for _, line in lines_of(reading)}
        clauses = subject.own(c.id for c in policy.clauses.values() if not c.house and lines & set(c.lines))
        setting = policy.settings[reading.name]
        others = [
            str(other)
            for other in (reading.default, *reading.alternatives)
            if str(other) != str(setting) and ".." not in str(other)
        ]
        told = " Or: ".join(reading.told(other) for other in others)
        says = f"{reading.why} The answers assume: {reading.told(setting)}"
        advice = f"say in the document whether this is meant{', or this: ' + told.rstrip('.') if told else ''}"
        findings.append(
            Finding(NAME, "choice", says, clauses, advice=advice, settled_by=(f"{reading.name}={setting}",), topic=reading.name)
        )
    return Outcome(tuple(findings))
