"""Orders between clauses: where two clauses clash and a reading settles it, and where one is an exception to the other."""

from __future__ import annotations

from kb.lowering.exceptions import SET_ASIDE
from kb.space.search import Unsettled
from kb.space.writing import fired
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
    goals = [{subject.search.any_of(map(fired, _setting_aside(subject, general, narrow))): True} for general, narrow in pairs]
    sending = _senders(subject, [general for general, _ in pairs])
    at_home = subject.search.any_of(subject.certain(atom) for atom in subject.atoms("starts_with") if code(atom) in sending)
    ways = [*({**way, at_home: True} for way in decided(subject)), *decided(subject)]
    for (general, narrow), case in zip(pairs, subject.show_each(goals, ways, subject.search)):
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


def _setting_aside(subject: Subject, general: str, narrow: str) -> list[int]:
    """The plain rules by which the narrow clause for certain takes the place of the general one."""
    program = subject.program
    found: list[int] = []
    for index, plain in enumerate(program.halves.rules):
        ground = program.ground[plain.ground]
        if plain.certain and ground.head.predicate == SET_ASIDE and code(ground.head) == general:
            found += [index] if narrow in program.rules[ground.source].clauses else []
    return found


def _senders(subject: Subject, clauses: list[str]) -> set[str]:
    """The teams out of which some clauses lead."""
    heads = (rule.head for rule in subject.program.ground if set(clauses) & set(subject.program.rules[rule.source].clauses))
    return {code(head) for head in heads if head.predicate == "route"}
