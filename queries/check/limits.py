"""Deadlines from one start out of the order they are listed in, deadlines that never start, and two for one event."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, islice, product

from kb.dates import in_words, shift
from kb.language.model import Atom, Constant, Term
from queries.check.finding import Finding, Outcome
from queries.check.subject import Subject, code

NAME = "limits"
DAYS_TRIED = 731  # start days tried, from the day of the check: two years


def find(subject: Subject) -> Outcome:
    """Checks that each deadline has a start, that deadlines from one start fall in the order they are listed, and that no
    event has two of them.
    """
    late, ordered = _out_of_order(subject)
    never, started = _never_started(subject)
    double, single = _two_for_one(subject)
    return Outcome((*late, *never, *double), ordered + started + single)


def _two_for_one(subject: Subject) -> tuple[list[Finding], int]:
    """Pairs of limits for one event that run in one case on different days: keeping the later one breaks the other."""
    windows = {code(atom) for atom in subject.atoms("window")}
    due = [atom for atom in subject.atoms("deadline") if code(atom) not in windows]
    by_event: dict[str, list[str]] = {}
    for atom in subject.atoms("met_by"):
        if code(atom) not in windows:
            by_event.setdefault(code(atom, 1), []).append(code(atom))
    pairs = {(one, other): event for event, limits in by_event.items() for one, other in combinations(limits, 2)}
    findings = [
        _both_run(subject, event, first, second)
        for (one, other), event in pairs.items()
        for first, second in islice(_running(subject, due, one, other), 1)
    ]
    return findings, len(by_event) - len(findings)


def _running(subject: Subject, due: list[Atom], one: str, other: str) -> Iterator[tuple[Atom, Atom]]:
    """Pairs of dates of two limits that differ and that some case gives at once."""
    of_one, of_other = ([atom for atom in due if code(atom) == name] for name in (one, other))
    for first, second in product(of_one, of_other):
        goal = {subject.certain(first): True, subject.certain(second): True}
        if first.args[1:] != second.args[1:] and subject.search.possible(goal):
            yield first, second


def _both_run(subject: Subject, event: str, first: Atom, second: Atom) -> Finding:
    vocabulary = subject.program.policy.vocabulary
    one, other = (vocabulary.label("deadline", code(atom)) for atom in (first, second))
    starts = [a for name in ("limit", "limit_in_days") for a in subject.atoms(name) if code(a) in (code(first), code(second))]
    clauses = subject.own(c for atom in starts for i in subject.program.by_head[atom] for c in subject.rule_of(i).clauses)
    says = f"“{one}” and “{other}” are two limits for {vocabulary.facts[event].label} and can fall on different days."
    return Finding(NAME, "fault", says, clauses, advice="keep one of them, or say which counts where both run")


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
