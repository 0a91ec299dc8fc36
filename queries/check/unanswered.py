"""Something is to be done, or a check has failed, for a child of whom the policy names no team: nobody sees to it."""

from __future__ import annotations

from kb.case import Case
from kb.language.model import Atom, Constant
from kb.space.search import Search, Unsettled
from queries.check.finding import Finding, Outcome
from queries.check.subject import Subject, code, example
from queries.proof import Claim

NAME = "unanswered"
SILENT = Atom("status", (Constant("silent"),))
#: What needs somebody to see to it: what concludes it, what it is called, and what its codes are codes of.
NEEDS_AN_ANSWER = (("duty", "The duty", "duty"), ("blocked_by", "The failed check", "gate"))


def find(subject: Subject) -> Outcome:
    """Each duty and each check is proved never to stand without a team, or shown with the smallest case."""
    asked = [(atom, what, kind) for predicate, what, kind in NEEDS_AN_ANSWER for atom in subject.atoms(predicate)]
    silent = subject.certain(SILENT)
    search = Search(subject.program, subject.as_of, [silent, subject.agreed, *(subject.certain(atom) for atom, _, _ in asked)])
    shown = subject.show_each([{silent: True, subject.certain(atom): True} for atom, _, _ in asked], search=search)
    findings: list[Finding] = []
    unsettled: list[str] = []
    proved = 0
    for (atom, what, kind), case in zip(asked, shown):
        if isinstance(case, Unsettled):
            unsettled.append(code(atom))
        elif case is None:
            proved += 1
        else:
            says = f"{what} “{subject.program.policy.vocabulary.label(kind, code(atom))}” can stand while no team is named."
            findings.append(_finding(subject, atom, says, example(case, len(findings) + 1, NAME)))
    return Outcome(tuple(findings), proved, tuple(unsettled))


def _finding(subject: Subject, atom: Atom, says: str, case: Case) -> Finding:
    decision = subject.decide(case)
    return Finding(
        NAME,
        "note",
        says,
        subject.clauses_behind(decision, [Claim(atom, "established")]),
        case=case,
        answer=decision.status,
        topic=atom.predicate,
        advice="say who sees to it where the policy names no team for the child",
        claims=((atom.predicate, code(atom)), ("status", "silent")),
    )
