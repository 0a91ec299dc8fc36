"""Exceptions that never change an answer: whenever one holds, the general rule would not apply anyway."""

from __future__ import annotations

from kb.language.model import Atom
from kb.lowering.exceptions import SET_ASIDE
from kb.space.search import Unsettled
from kb.space.writing import fired
from queries.check.finding import Finding, Outcome
from queries.check.subject import Subject

NAME = "idle-exception"


def find(subject: Subject) -> Outcome:
    """Proves for each exception that some case has it set a general rule aside, or reports it."""
    findings: list[Finding] = []
    unsettled: list[str] = []
    proved = 0
    for general, narrows in subject.program.policy.exceptions.items():
        for narrow in narrows:
            try:
                bites = _bites(subject, general, narrow)
            except Unsettled:
                unsettled.append(f"{narrow} as an exception to {general}")
                continue
            if bites:
                proved += 1
                continue
            what = f"{narrow} is an exception to {general}, and there is no case in which it takes its place."
            advice = f"take `exception_to {general}` away, or mend the conditions of one of the two"
            where = [str(mark.position) for mark in subject.program.policy.marks if mark.clause == narrow]
            findings.append(Finding(NAME, "fault", what, (narrow, general), tuple(where), advice=advice))
    return Outcome(tuple(findings), proved, tuple(unsettled))


def _bites(subject: Subject, general: str, narrow: str) -> bool:
    """Whether a rule of the general clause can have all its other conditions met while the exception holds."""
    halves = subject.program.halves
    makers: dict[Atom, list[int]] = {}
    for index, rule in enumerate(halves.rules):
        if rule.certain and subject.rule_of(rule.ground).clause == narrow:
            makers.setdefault(subject.program.ground[rule.ground].head, []).append(index)
    for rule in halves.rules:
        ground = subject.program.ground[rule.ground]
        if not rule.certain or subject.rule_of(rule.ground).clause != general or ground.head.predicate == SET_ASIDE:
            continue
        guards = [literal for literal in ground.body if literal.atom.predicate == SET_ASIDE]
        if not guards:
            continue
        guard = halves.possible(halves.numbers[guards[0].atom])
        goal = dict.fromkeys(rule.positive, True) | {half: False for half in rule.negative if half != guard}
        if any(subject.search.possible({**goal, fired(maker): True}) for maker in makers.get(guards[0].atom, ())):
            return True
    return False
