"""Pairs of teams that the clauses give for certain in one case."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from itertools import combinations

from kb.case import Case
from kb.engines.forward import Forward
from kb.space.search import Goal, Unsettled
from queries.check.finding import Finding, Outcome
from queries.check.replay import kept_record
from queries.check.settings import alternatives, lines_of
from queries.check.subject import Subject, code, example
from queries.proof import Claim
from queries.steps import step_decision

NAME = "two-teams"
TRIED = 8  # cases of one pair that are tried as records


def find(subject: Subject) -> Outcome:
    """Proves each pair of answers exclusive in every step, or reports it with the smallest case and both clauses.

    Steps that depend on an agreement of managers are excluded, as the agreement settles where the child is. A pair
    shown by a step is reported if some record leads to that step; if none of `TRIED` does, it is not settled.
    """
    findings: list[Finding] = []
    unsettled: list[str] = []
    proved = 0
    pairs = list(combinations(subject.atoms("holds"), 2))
    left_out = {subject.certain(atom): False for name in ("closes", "agreement_on") for atom in subject.atoms(name)}
    goals = [{subject.certain(one): True, subject.certain(other): True, **left_out} for one, other in pairs]
    for (one, other), goal, case in zip(pairs, goals, subject.show_each(goals, [subject.on_one_day], as_record=False)):
        pair = f"{subject.team(code(one))} and {subject.team(code(other))}"
        if isinstance(case, Unsettled) or (case is not None and subject.limit.over):
            unsettled.append(pair)
            continue
        if case is None:
            proved += 1
            continue
        decision = subject.decide(case)
        claims = [Claim(one, "established"), Claim(other, "established")]
        clauses = subject.clauses_behind(decision, claims)
        settled = settled_by(subject, case, clauses) if subject.deep else ()
        finding = Finding(
            NAME,
            "fault",
            f"The clauses give a child to {pair} at the same time.",
            clauses,
            case=example(case, len(findings) + 1, NAME),
            answer=decision.status,
            advice="say which comes first: make one clause an exception to the other, or name a reading that settles it",
            settled_by=settled,
            claims=(("holds", code(one)), ("holds", code(other)), ("status", "conflict")),
        )
        cases = [case, *_others(subject, goal)]
        steps = (replace(finding, case=example(c, len(findings) + 1, NAME)) for c in cases)
        found = (kept_record(subject.program, step, subject.search) for step in steps)
        shown = next((finding for finding in found if not finding.one_step), None)
        if shown is None:
            unsettled.append(f"{pair} (one step gives both; no record was found that comes to it)")
        else:
            findings.append(shown)
    return Outcome(tuple(findings), proved, tuple(unsettled))


def _others(subject: Subject, goal: Goal) -> Iterator[Case]:
    """More of the smallest cases, for when no record leads to the first."""
    with suppress(Unsettled):
        yield from subject.showing.all_smallest({**goal, subject.showing.undated: False}, TRIED)


def settled_by(subject: Subject, case: Case, clauses: tuple[str, ...]) -> tuple[str, ...]:
    """Settings of readings about these clauses' lines under which the case is decided, as NAME=VALUE."""
    policy = subject.program.policy
    lines = {line for clause in clauses for line in policy.clauses[clause].lines}
    return tuple(
        f"{reading.name}={setting}"
        for reading in policy.readings.values()
        if any(line in lines for _, line in lines_of(reading))
        for setting in alternatives(subject.program, reading)
        if step_decision(subject.under({reading.name: setting}), case, Forward()).status == "decided"
    )
