"""Two teams for one case: a pair of answers that the clauses give for certain at the same time."""

from __future__ import annotations

from itertools import combinations

from kb.case import Case
from kb.engines.forward import Forward
from kb.space.search import Unsettled
from queries.check.finding import Finding, Outcome
from queries.check.settings import alternatives, lines_of
from queries.check.subject import Subject, code, example
from queries.decide import decide
from queries.proof import Claim

NAME = "two-teams"


def find(subject: Subject) -> Outcome:
    """Each pair of answers is proved exclusive, or shown with the smallest case and both clauses."""
    findings: list[Finding] = []
    unsettled: list[str] = []
    proved = 0
    pairs = list(combinations(subject.atoms("holds"), 2))
    goals = [{subject.certain(one): True, subject.certain(other): True} for one, other in pairs]
    for (one, other), case in zip(pairs, subject.show_each(goals)):
        pair = f"{subject.team(code(one))} and {subject.team(code(other))}"
        if isinstance(case, Unsettled):
            unsettled.append(pair)
            continue
        if case is None:
            proved += 1
            continue
        decision = subject.decide(case)
        claims = [Claim(one, "established"), Claim(other, "established")]
        clauses = subject.clauses_behind(decision, claims)
        settled = settled_by(subject, case, clauses) if subject.deep else ()
        findings.append(
            Finding(
                NAME,
                "fault",
                f"The clauses give a child to {pair} at the same time.",
                clauses,
                case=example(case, len(findings) + 1, NAME),
                answer=decision.status,
                advice="say which comes first: make one clause an exception to the other, or name a reading that settles it",
                settled_by=settled,
                claims=(("holds", code(one)), ("holds", code(other)), ("status", "conflict")),
            )
        )
    return Outcome(tuple(findings), proved, tuple(unsettled))


def settled_by(subject: Subject, case: Case, clauses: tuple[str, ...]) -> tuple[str, ...]:
    """Settings of readings about the lines of these clauses under which the case has one answer."""
    policy = subject.program.policy
    lines = {line for clause in clauses for line in policy.clauses[clause].lines}
    return tuple(
        f"{reading.name}={setting}"
        for reading in policy.readings.values()
        if any(line in lines for _, line in lines_of(reading))
        for setting in alternatives(subject.program, reading)
        if decide(subject.under({reading.name: setting}), case, Forward()).status == "decided"
    )
