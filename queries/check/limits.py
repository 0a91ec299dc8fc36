"""Deadlines from one start that fall in another order than they are listed, and deadlines that never start."""

from __future__ import annotations

from itertools import combinations

from kb.dates import in_words, shift
from kb.language.model import Atom, Constant, Term
from queries.check.finding import Finding, Outcome
from queries.check.subject import Subject, code

NAME = "limits"
DAYS_TRIED = 731  # start days tried, from the day of the check: two years


def find(subject: Subject) -> Outcome:
    """Checks that each deadline has a start, and that deadlines from one start fall in the order they are listed."""
    late, ordered = _out_of_order(subject)
    never, started = _never_started(subject)
    return Outcome((*late, *never), ordered + started)


def _never_started(subject: Subject) -> tuple[list[Finding], int]:
    concluded = {code(atom) for name in ("limit", "limit_at", "limit_in_days") for atom in subject.atoms(name)}
    declared = [c for c in subject.program.policy.vocabulary.codes.get("deadline", ()) if c.code in _named(subject)]
    findings = [
        Finding(
            NAME,
            "fault",
            f"The limit “{deadline.label}” never starts: no rule gives its start or its date.",
            advice="write a rule for `limit` or `limit_in_days`, or take the code away",
        )
        for deadline in declared
        if deadline.code not in concluded
    ]
    return findings, len(declared) - len(findings)


def _named(subject: Subject) -> set[str]:
    """Deadline codes that the policy's own rules name."""
    own = {rule.clause for rule in (subject.program.rules[n] for n in subject.own_rules)}
    return {
        str(arg)
        for rule in subject.program.policy.rules
        if rule.clause in own
        for atom in (rule.head, *(literal.atom for literal in rule.body))
        if atom.predicate in ("limit", "limit_at", "limit_in_days", "met_by", "deadline")
        for arg in atom.args[:1]
        if isinstance(arg, Constant)
    }


def _out_of_order(subject: Subject) -> tuple[list[Finding], int]:
    listed = [c.code for c in subject.program.policy.vocabulary.codes.get("deadline", ())]
    label = subject.program.policy.vocabulary.label
    runs: dict[Term, dict[str, tuple[int, Atom]]] = {}
    for atom in subject.atoms("limit_in_days"):
        days = atom.args[2]
        if isinstance(days, Constant) and isinstance(days.value, int):
            runs.setdefault(atom.args[1], {})[code(atom)] = (days.value, atom)
    findings: dict[str, Finding] = {}
    proved = 0
    for of_start in runs.values():
        for one, other in combinations(sorted(of_start, key=listed.index), 2):
            (short, first), (long, second) = of_start[one], of_start[other]
            clauses = subject.own(
                c for a in (first, second) for i in subject.program.by_head[a] for c in subject.rule_of(i).clauses
            )
            if short > long:
                what = f"“{label('deadline', one)}” is listed before “{label('deadline', other)}” and falls after it."
                findings[what] = Finding(NAME, "fault", what, clauses, advice="exchange the two, or mend the number of days")
            elif (start := _overtaken(subject, short, long)) is not None:
                what = (
                    f"“{label('deadline', one)}” in working days can fall after “{label('deadline', other)}” in calendar days, "
                    f"as from a start on {in_words(start)}."
                )
                advice = "say in the policy whether its days are working days or calendar days"
                findings[what] = Finding(NAME, "note", what, clauses, advice=advice)
            else:
                proved += 1
    return list(findings.values()), proved


def _overtaken(subject: Subject, short: int, long: int) -> int | None:
    """A start day on which `short` working days end after `long` calendar days; None if there is none."""
    both = subject.program.policy.settings.get("day_count") == "both"
    starts = range(subject.as_of, subject.as_of + DAYS_TRIED) if both and short != long else ()
    return next((start for start in starts if shift(start, short, "working days") > shift(start, long, "days")), None)
