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
            where = [str(mark.position) for mark in subject.program.policy.marks if narrow in mark.clauses]
            findings.append(Finding(NAME, "fault", what, (narrow, general), tuple(where), advice=advice))
    return Outcome(tuple(findings), proved, tuple(unsettled))


def _bites(subject: Subject, general: str, narrow: str) -> bool:
    """Whether a rule of the general clause can have all its other conditions met while the exception holds.

    An exception that always holds leaves nothing of what it sets aside; there is nothing to search.
    """
    if general in subject.always_set_aside.get(narrow, ()):
        return True
    halves = subject.program.halves
    makers: dict[Atom, list[int]] = {}
    for index, rule in enumerate(halves.rules):
        if rule.certain and narrow in subject.rule_of(rule.ground).clauses:
            makers.setdefault(subject.program.ground[rule.ground].head, []).append(index)
    for rule in halves.rules:
        ground = subject.program.ground[rule.ground]
        if not rule.certain or general not in subject.rule_of(rule.ground).clauses or _is_copy(subject, rule.ground):
            continue
        for atom in (literal.atom for literal in ground.body if literal.atom.predicate == SET_ASIDE):
            if str(atom.args[0]) != general:
                continue
            guard = halves.possible(halves.numbers[atom])
            goal = dict.fromkeys(rule.positive, True) | {half: False for half in rule.negative if half != guard}
            if any(subject.search.possible({**goal, fired(maker): True}) for maker in makers.get(atom, ())):
                return True
    return False


def _is_copy(subject: Subject, ground: int) -> bool:
    """Whether a rule was made of another one to say what that sets aside; of a rule that only removes, its own is none."""
    found = subject.program.ground[ground]
    written = subject.program.policy.rules
    removes = found.source < len(written) and not written[found.source].concludes
    return found.head.predicate == SET_ASIDE and not removes
