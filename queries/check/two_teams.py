"""Two teams for one case: a pair of answers that the clauses give for certain at the same time."""

from __future__ import annotations

from itertools import combinations

from kb.space.search import Unsettled
from queries.check.finding import Finding, Outcome
from queries.check.subject import Subject, code, example
from queries.proof import Claim

NAME = "two-teams"


def find(subject: Subject) -> Outcome:
    """Each pair of answers is proved exclusive, or shown with the smallest case and both clauses."""
    findings: list[Finding] = []
    unsettled: list[str] = []
    proved = 0
    for one, other in combinations(subject.atoms("holds"), 2):
        pair = f"{subject.team(code(one))} and {subject.team(code(other))}"
        try:
            case = subject.show({subject.certain(one): True, subject.certain(other): True})
        except Unsettled:
            unsettled.append(pair)
            continue
        if case is None:
            proved += 1
            continue
        decision = subject.decide(case)
        claims = [Claim(one, "established"), Claim(other, "established")]
        clauses = subject.clauses_behind(decision, claims)
        findings.append(
            Finding(
                NAME,
                "fault",
                f"The clauses give a child to {pair} at the same time.",
                clauses,
                case=example(case, len(findings) + 1, NAME),
                answer=decision.status,
                advice="say which comes first: make one clause an exception to the other, or name a reading that settles it",
            )
        )
    return Outcome(tuple(findings), proved, tuple(unsettled))
