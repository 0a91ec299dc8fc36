"""Children above the threshold for whom the policy names no team."""

from __future__ import annotations

from kb.case import Case
from kb.language.model import Atom, Constant
from kb.space.search import Unsettled
from queries.check.finding import Finding, Outcome
from queries.check.subject import Subject, code, example
from queries.proof import Claim

NAME = "no-team"
SILENT = Atom("status", (Constant("silent"),))
NEEDS = Atom("needs_a_team")


def find(subject: Subject) -> Outcome:
    """The smallest case for each clause that leaves a child without a team, and for each team to start with."""
    findings: list[Finding] = []
    unsettled: list[str] = []
    proved = 0
    gaps = [atom for atom in subject.atoms("in_place_of") if code(atom, 1) == "no_team"]
    silent, needs = subject.certain(SILENT), subject.certain(NEEDS)
    goals = [({silent: True, subject.certain(gap): True}, f" on leaving {subject.team(code(gap))}") for gap in gaps]
    no_gap = {silent: True, **{subject.certain(gap): False for gap in gaps}}
    starts = {subject.certain(start): start for start in subject.atoms("starts_with")}
    goals += [({**no_gap, key: True}, f" after a start with {subject.team(code(start))}") for key, start in starts.items()]
    goals.append(({**no_gap, **dict.fromkeys(starts, False)}, ""))
    for (_, who), case in zip(goals, subject.show_each([goal for goal, _ in goals], [{needs: True}])):
        if isinstance(case, Unsettled):
            unsettled.append(f"a child{who}")
        elif case is None:
            proved += 1
        else:
            findings.append(_finding(subject, case, who, len(findings) + 1))
    return Outcome(tuple(findings), proved, tuple(unsettled))


def _finding(subject: Subject, case: Case, whose: str, number: int) -> Finding:
    decision = subject.decide(case)
    needed = decision.model.certain(NEEDS)
    shown = decision.model.holding_of("in_place_of") or decision.model.holding_of("finding")
    claims = [Claim(atom, "established") for atom in shown]
    who = "A child whose need meets the threshold" if needed else "A child whose need is not shown to meet the threshold"
    return Finding(
        NAME,
        "gap" if needed else "note",
        f"{who} can be without any team{whose}: the policy names none.",
        subject.clauses_behind(decision, claims),
        case=example(case, number, NAME),
        answer="silent",
        advice="name the team that holds such a child, or say that nobody does",
        claims=(("status", "silent"), *((("needs_a_team",),) if needed else ())),
    )
