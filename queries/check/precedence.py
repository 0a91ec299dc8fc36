"""Orders between clauses: where two clauses clash and a reading settles it, and where one is an exception to the other."""

from __future__ import annotations

from kb.language.model import Atom
from kb.lowering.exceptions import SET_ASIDE
from kb.space.search import Unsettled
from queries.check.finding import Finding, Outcome
from queries.check.notices import CLASH, FINDING, decided, of_clash, smallest
from queries.check.subject import Subject, code, example

NAME = "precedence"


def find(subject: Subject) -> Outcome:
    """Each clash of clauses with its smallest case, then each exception."""
    clashes = {code(atom) for atom in subject.atoms(CLASH)}
    told = [atom for atom in subject.atoms(FINDING) if code(atom) in clashes]
    found = smallest(subject, told, lambda atom, case, number: of_clash(subject, NAME, atom, case, number))
    made = _exceptions(subject, len(found.findings))
    return Outcome((*found.findings, *made.findings), found.proved + made.proved, (*found.unsettled, *made.unsettled))


def _exceptions(subject: Subject, before: int) -> Outcome:
    policy = subject.program.policy
    findings: list[Finding] = []
    unsettled: list[str] = []
    proved = 0
    pairs = [
        (general, narrow)
        for general, all_narrow in policy.exceptions.items()
        for narrow in all_narrow
        if not policy.clauses[general].house and not policy.clauses[narrow].house
    ]
    goals = [
        {subject.search.any_of([subject.certain(atom) for atom in _set_aside(subject, general, narrow)]): True}
        for general, narrow in pairs
    ]
    for (general, narrow), case in zip(pairs, subject.show_each(goals, decided(subject), subject.search)):
        says = f"The rules let clause {narrow} come before clause {general}."
        if isinstance(case, Unsettled):
            unsettled.append(f"{narrow} before {general}")
        elif case is None:
            proved += 1
        else:
            shown = example(case, before + len(findings) + 1, NAME)
            advice = "say in the document that it comes first, if it does not say so already"
            claims = ((SET_ASIDE, general),)
            answer = subject.decide(case).status
            clauses = subject.own([general, narrow])
            findings.append(Finding(NAME, "note", says, clauses, (), shown, answer, advice, claims=claims))
    return Outcome(tuple(findings), proved, tuple(unsettled))


def _set_aside(subject: Subject, general: str, narrow: str) -> list[Atom]:
    """The conclusions that the narrow clause has taken the place of the general one."""
    rules = subject.program.rules
    by_narrow = {index for index, rule in enumerate(rules) if narrow in rule.clauses and rule.head.predicate == SET_ASIDE}
    return [
        rule.head
        for rule in subject.program.ground
        if rule.source in by_narrow and rule.head.predicate == SET_ASIDE and code(rule.head) == general
    ]
