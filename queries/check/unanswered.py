"""Duties and failed gates of children for whom the policy names no team, so that nobody is responsible for them."""

from __future__ import annotations

from kb.case import Case
from kb.language.model import Atom
from kb.space.search import Unsettled
from queries.check.finding import Finding, Outcome
from queries.check.no_team import NEEDS, SILENT
from queries.check.subject import Subject, code, example
from queries.proof import Claim

NAME = "unanswered"
#: Conclusions that somebody has to act on: predicate, wording, kind of its codes.
NEEDS_AN_ANSWER = (("duty", "The duty", "duty"), ("blocked_by", "The failed check", "gate"))


def find(subject: Subject) -> Outcome:
    """Proves for each duty and gate that it never stands without a team, or reports the smallest case."""
    asked = [(atom, what, kind) for predicate, what, kind in NEEDS_AN_ANSWER for atom in subject.atoms(predicate)]
    silent, needs = subject.certain(SILENT), subject.certain(NEEDS)
    asks = [subject.certain(atom) for atom, _, _ in asked]
    shown = subject.show_each([{silent: True, key: True} for key in asks], [{needs: True}], subject.search)
    findings: list[Finding] = []
    unsettled: list[str] = []
    proved = 0
    for (atom, what, kind), case in zip(asked, shown):
        name = f"{what} “{subject.program.policy.vocabulary.label(kind, code(atom))}”"
        if isinstance(case, Unsettled):
            unsettled.append(name)
        elif case is None:
            proved += 1
        else:
            findings.append(_finding(subject, atom, name, example(case, len(findings) + 1, NAME)))
    return Outcome(tuple(findings), proved, tuple(unsettled))


def _finding(subject: Subject, atom: Atom, name: str, case: Case) -> Finding:
    decision = subject.decide(case)
    needed = decision.model.certain(NEEDS)
    who = "whose need meets the threshold" if needed else "whose need is not shown to meet the threshold"
    return Finding(
        NAME,
        "gap" if needed else "note",
        f"{name} can stand for a child {who} while no team is named.",
        subject.clauses_behind(decision, [Claim(atom, "established")]),
        case=case,
        answer=decision.status,
        topic=atom.predicate,
        advice="say who sees to it where the policy names no team for the child",
        claims=((atom.predicate, code(atom)), ("status", "silent"), *((("needs_a_team",),) if needed else ())),
    )
