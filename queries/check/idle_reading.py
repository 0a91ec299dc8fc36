"""A reading whose other setting changes no answer of any case."""

from __future__ import annotations

from kb.engines.forward import Forward
from kb.lowering.ground import GroundRule
from kb.program import Program
from kb.space.search import Unsettled
from kb.space.writing import fired
from queries.check.finding import Finding, Outcome
from queries.check.settings import alternatives, under
from queries.check.subject import Subject
from queries.compare import difference
from queries.decide import decide
from queries.rows import changed_kinds

NAME = "idle-reading"
TRIED = 6  # rules of the one setting whose smallest case is put to the other before the whole is searched


def find(subject: Subject) -> Outcome:
    """Each other setting of each reading changes an answer of some case, or is reported."""
    findings: list[Finding] = []
    unsettled: list[str] = []
    proved = 0
    policy = subject.program.policy
    for reading in policy.readings.values():
        for setting in alternatives(subject.program, reading):
            changed = changes(subject, under(subject.program, reading.name, setting))
            if changed is None:
                unsettled.append(f"{reading.name}={setting}")
            elif changed:
                proved += 1
            else:
                used = policy.settings[reading.name]
                what = f"The reading `{reading.name}` can be `{used}` or `{setting}`, and no case gets another answer."
                advice = f"take `{setting}` away, or write the rule in which it matters"
                findings.append(Finding(NAME, "note", what, _clauses(subject, reading.name), advice=advice))
    return Outcome(tuple(findings), proved, tuple(unsettled))


def changes(subject: Subject, other: Program) -> bool | None:
    """Whether some case is answered otherwise; None where that is not settled."""
    if _rules(subject.program) == _rules(other):
        return False
    if _shown_at_once(subject, other):
        return True
    found = difference(subject.program, other, subject.as_of, enough=1)
    return True if found.found else None if found.unsettled else False


def _rules(program: Program) -> set[tuple[object, ...]]:
    return {(rule.head, rule.body) for rule in program.ground}


def _shown_at_once(subject: Subject, other: Program) -> bool:
    """Whether the case of a rule that the other setting does not have is answered otherwise: a quick yes."""
    theirs = _rules(other)
    halves = subject.program.halves.rules
    for rule in [n for n, r in enumerate(halves) if r.certain and not _has(theirs, subject.program.ground[r.ground])][:TRIED]:
        try:
            case = subject.show({fired(rule): True}, subject.search)
        except Unsettled:
            continue
        if case is not None:
            engine = Forward()
            if changed_kinds(decide(subject.program, case, engine), decide(other, case, engine)):
                return True
    return False


def _has(rules: set[tuple[object, ...]], rule: GroundRule) -> bool:
    return (rule.head, rule.body) in rules


def _clauses(subject: Subject, reading: str) -> tuple[str, ...]:
    """The clauses whose rules ask for a reading."""
    rules = (subject.program.rules[n] for n in subject.own_rules)
    return subject.own(
        rule.clause
        for rule in rules
        if any(literal.atom.predicate == "reading" and str(literal.atom.args[0]) == reading for literal in rule.body)
    )
