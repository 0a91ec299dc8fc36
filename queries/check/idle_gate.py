"""Gates that can never be met, or that never hold a move up."""

from __future__ import annotations

from kb.language.model import Atom, Constant
from kb.space.search import Unsettled
from queries.check.finding import Finding, Outcome
from queries.check.subject import Subject, code

NAME = "idle-gate"


def find(subject: Subject) -> Outcome:
    """Proves for each gate that some case meets it and that it holds up a move in some case, or reports it."""
    label = subject.program.policy.vocabulary.label
    called = {code(atom, len(atom.args) - 1) for name in ("gate", "condition_gate") for atom in subject.atoms(name)}
    findings: list[Finding] = []
    unsettled: list[str] = []
    proved = 0
    for gate in sorted(called):
        atoms = [a for n in ("gate", "condition_gate") for a in subject.atoms(n) if code(a, len(a.args) - 1) == gate]
        clauses = subject.own({c for atom in atoms for i in subject.program.by_head[atom] for c in subject.rule_of(i).clauses})
        for predicate, fault, advice in (
            ("gate_met", "can never be met", "write a rule for `gate_met` that some case can meet"),
            ("blocked_by", "never holds a move up", "see whether the move that it guards can come about at all"),
        ):
            try:
                possible = subject.search.possible({subject.certain(Atom(predicate, (Constant(gate),))): True})
            except Unsettled:
                unsettled.append(f"{gate}: {fault}")
                continue
            proved += possible
            if not possible:
                what = f"The check that {label('gate', gate)} {fault}."
                findings.append(Finding(NAME, "fault", what, clauses, advice=advice))
    return Outcome(tuple(findings), proved, tuple(unsettled))
