"""Pairs of transfer points out of one team that a case can reach both, possibly on different days."""

from __future__ import annotations

from itertools import combinations

from kb.case import Case
from kb.language.model import Atom
from kb.space.search import Unsettled
from queries.check.finding import Finding, Outcome
from queries.check.subject import Subject, code, example
from queries.proof import Claim

NAME = "points-disagree"
Move = tuple[str, str, str]  # from, to, point


def find(subject: Subject) -> Outcome:
    """The smallest case for each such pair."""
    moves: dict[Move, list[Atom]] = {}
    for atom in subject.atoms("ready"):
        moves.setdefault((code(atom), code(atom, 1), code(atom, 2)), []).append(atom)
    reached = {move: subject.showing.any_of(map(subject.certain, atoms)) for move, atoms in moves.items()}
    findings: list[Finding] = []
    unsettled: list[str] = []
    proved = 0
    pairs = [(one, other) for one, other in combinations(moves, 2) if one[0] == other[0] and one[2] != other[2]]
    goals = [{reached[one]: True, reached[other]: True} for one, other in pairs]
    for (one, other), case in zip(pairs, subject.show_each(goals)):
        if isinstance(case, Unsettled) or (case is not None and subject.limit.over):
            unsettled.append(f"{one[2]} and {other[2]} out of {one[0]}")
            continue
        if case is None:
            proved += 1
            continue
        findings.append(_finding(subject, one, other, example(case, len(findings) + 1, NAME)))
    return Outcome(tuple(findings), proved, tuple(unsettled))


def _finding(subject: Subject, one: Move, other: Move, case: Case) -> Finding:
    label = subject.program.policy.vocabulary.label
    decision = subject.decide(case)
    pair = (one, other)
    claims = [Claim(a, "established") for a in decision.model.holding_of("ready") if tuple(code(a, n) for n in range(3)) in pair]
    points = f"{label('point', one[2])} and {label('point', other[2])}"
    same = one[1] == other[1]
    where = (
        f"to {subject.team(one[1])}" if same else f"to {subject.team(one[1])} by the one, {subject.team(other[1])} by the other"
    )
    return Finding(
        NAME,
        "note",
        f"Out of {subject.team(one[0])} a child can reach both {points} ({where}).",
        subject.clauses_behind(decision, claims),
        case=case,
        answer=decision.status,
        advice="the earlier one counts; " + ("say so in the policy" if same else "say which one counts if both fall on one day"),
        topic=one[0],
        claims=(("ready", *one), ("ready", *other)),
    )
