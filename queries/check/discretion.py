"""Moves that the policy leaves to the managers, and whom it escalates to if they disagree."""

from __future__ import annotations

from kb.carried import AGREEMENT
from kb.language.model import Atom, Constant
from kb.space.search import Unsettled
from queries.check.finding import Finding, Outcome, Weight
from queries.check.subject import Subject, code, example
from queries.proof import Claim

NAME = "discretion"


def find(subject: Subject) -> Outcome:
    """Each such move with its smallest case and the escalation."""
    findings: list[Finding] = []
    unsettled: list[str] = []
    proved = 0
    moves = subject.atoms("discretion")
    candidates = [Atom("candidate", (*atom.args, Constant("discretionary"))) for atom in moves]
    for atom, case in zip(moves, subject.show_each([{subject.certain(candidate): True} for candidate in candidates])):
        origin, to, point = (code(atom, n) for n in range(3))
        if isinstance(case, Unsettled):
            unsettled.append(f"{origin} to {to} at {point}")
            continue
        if case is None:
            proved += 1
            continue
        decision = subject.decide(case)
        label = subject.program.policy.vocabulary.label
        who = [label("escalation", who) for who in decision.escalate_to]
        named = f"it goes to {' and '.join(who)}" if who else "nobody is named who settles it"
        path = f"from {subject.team(origin)} to {subject.team(to)} at {label('point', point)}"
        when = ", and no event or day says when" if point == AGREEMENT else ""
        what = f"The managers may move a child {path}{when}; {named}."
        clauses = subject.clauses_behind(decision, [Claim(atom, "established")])
        advice = "" if who else "say in the policy who decides where the managers differ"
        shown = example(case, len(findings) + 1, NAME)
        claims = (("candidate", origin, to, point, "discretionary"),)
        weight: Weight = "note" if who else "gap"
        findings.append(Finding(NAME, weight, what, clauses, (), shown, decision.status, advice, claims=claims))
    return Outcome(tuple(findings), proved, tuple(unsettled))
