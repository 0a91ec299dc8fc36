"""Everything that the rules tell as a notice about the text, each with the smallest case in which it is told."""

from __future__ import annotations

from collections.abc import Callable

from kb.case import Case
from kb.language.model import Atom, Constant
from kb.space.search import Goal, Unsettled
from queries.check.finding import Finding, Outcome, Weight
from queries.check.subject import Subject, code, example
from queries.proof import Claim

NAME = "notices"
FINDING, CLASH = "finding", "clash"


def find(subject: Subject) -> Outcome:
    """Each notice that is no clash of clauses (`precedence` has those)."""
    clashes = {code(atom) for atom in subject.atoms(CLASH)}
    told = [atom for atom in subject.atoms(FINDING) if code(atom) not in clashes]

    def made(atom: Atom, case: Case, number: int) -> Finding:
        open_ = subject.decide(case).status in ("silent", "conflict")
        weight: Weight = "gap" if open_ else "note"
        return _finding(subject, NAME, weight, atom, case, number, "say in the policy what follows" if open_ else "")

    return smallest(subject, told, made)


def smallest(subject: Subject, atoms: list[Atom], made: Callable[[Atom, Case, int], Finding]) -> Outcome:
    """A finding for each atom that some case makes certain, with the smallest such case; the others are proved never to hold.

    Cases of an open child of whom it is known who has the child are wanted most: a reader believes them.
    """
    findings: list[Finding] = []
    unsettled: list[str] = []
    proved = 0
    goals = [{subject.certain(atom): True} for atom in atoms]
    for atom, case in zip(atoms, subject.show_each(goals, decided(subject), subject.search)):
        if isinstance(case, Unsettled):
            unsettled.append(str(atom))
        elif case is None:
            proved += 1
        else:
            findings.append(made(atom, case, len(findings) + 1))
    return Outcome(tuple(findings), proved, tuple(unsettled))


def decided(subject: Subject) -> list[Goal]:
    """What is wished of a case, most first: that the child is open and it is known who has the child; that the child is open."""
    is_open = {subject.certain(atom): False for atom in subject.atoms("closes")}
    return [{subject.certain(Atom("status", (Constant("decided"),))): True, **is_open}, is_open]


def of_clash(subject: Subject, check: str, atom: Atom, case: Case, number: int) -> Finding:
    """The finding of a notice that two clauses clash."""
    advice = "say in the document which of the clauses comes first"
    return _finding(subject, check, "choice", atom, case, number, advice)


def _finding(subject: Subject, check: str, weight: Weight, atom: Atom, case: Case, number: int, advice: str) -> Finding:
    decision = subject.decide(case)
    name = code(atom)
    policy = subject.program.policy
    reading = policy.readings.get(name)
    return Finding(
        check,
        weight,
        policy.vocabulary.label(FINDING, name),
        subject.clauses_behind(decision, [Claim(atom, "established")]),
        case=example(case, number, check),
        answer=decision.status,
        advice=advice,
        settled_by=(f"{name}={policy.settings[name]}",) if reading else (),
        topic=name,
        claims=((FINDING, name),),
    )
