"""Teams that no clause leads to, that no case leaves, or that never hold a child."""

from __future__ import annotations

from kb.language.model import Atom, Constant
from kb.space.search import Unsettled
from queries.check.finding import Finding, Outcome
from queries.check.subject import Subject, code

NAME = "teams"


def find(subject: Subject) -> Outcome:
    """Checks each team of the policy's vocabulary."""
    findings: list[Finding] = []
    unsettled: list[str] = []
    proved = 0
    for team in subject.program.policy.vocabulary.codes.get("team", ()):
        atom = (Constant(team.code),)
        try:
            comes = _any(subject, [a for a in subject.atoms("moved") if code(a, 1) == team.code])
            leaves = _any(subject, [a for a in subject.atoms("moved") if code(a) == team.code])
            holds = _any(subject, [Atom("holds", atom)])
        except Unsettled:
            unsettled.append(team.code)
            continue
        front = subject.search.possible({subject.certain(Atom("front_door", atom)): True})
        passes = _any(subject, [Atom("passes_on", atom)])
        told = [
            (
                not holds,
                f"{team.label} is named and never holds a child.",
                "say so with `never_holds`, or write the clause that gives it children",
            ),
            (
                holds and not comes and not front,
                f"No clause leads to {team.label}: only the record or an agreement puts a child there.",
                "write the move that leads there, or say in the register who does",
            ),
            (
                holds and not leaves and not passes,
                f"No case leaves {team.label} by a clause.",
                "write how its cases end or move on, if the policy says so",
            ),
        ]
        found = [Finding(NAME, "note", what, _naming(subject, team.code), advice=advice) for so, what, advice in told if so]
        findings += found
        proved += not found
    return Outcome(tuple(findings), proved, tuple(unsettled))


def _any(subject: Subject, atoms: list[Atom]) -> bool:
    return bool(atoms) and subject.search.possible({subject.search.any_of(map(subject.certain, atoms)): True})


def _naming(subject: Subject, team: str) -> tuple[str, ...]:
    """The clauses whose rules conclude something about a team."""
    rules = (subject.program.rules[n] for n in subject.own_rules)
    return subject.own(name for rule in rules if Constant(team) in rule.head.args for name in rule.clauses)
