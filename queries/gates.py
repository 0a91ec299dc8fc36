"""The checks before a move, each with what the record says of it and the clause that asks for it.

`blocked_by` and `unconfirmed_gates` of a decision name the checks that fail or that nobody recorded. Here stand
those that are met as well, so that a person can see how many of them are confirmed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kb.language.model import Atom, Constant
from kb.program import Model
from queries.decide import Decision
from queries.missing import facts_of

MET = "gate_met"
#: The checks of every move from a team at a point, and those of one move.
_ASKED = ("gate", "condition_gate")


@dataclass(frozen=True)
class Gate:
    """One check before a move.

    `met` is None where nobody recorded it; `facts` are the case facts that answer it, in vocabulary order.
    """

    code: str
    met: bool | None
    facts: tuple[str, ...]
    clauses: tuple[str, ...]


def gates(decision: Decision) -> tuple[Gate, ...]:
    """The checks of the move that the answer tells of, in vocabulary order; empty where it tells of none."""
    move = decision.transfer
    if move is None:
        return ()
    model, recorded = decision.model, decision.case.facts
    asked = {str(atom.args[-1]): atom for atom in checks_of(model, move.atom)}
    behind = {gate: _facts_behind(model, gate) for gate in {*asked, *decision.unconfirmed_gates, *decision.blocked_by}}
    said = {gate: model.truth(_met(gate)) if recorded.keys() & behind[gate] else None for gate in asked}
    said |= dict.fromkeys(decision.unconfirmed_gates) | dict.fromkeys(decision.blocked_by, False)
    order = [code.code for code in model.program.policy.vocabulary.codes.get("gate", ())]
    named = sorted(said, key=lambda gate: order.index(gate) if gate in order else len(order))
    return tuple(Gate(gate, said[gate], behind[gate], _clauses(model, asked.get(gate))) for gate in named)


def checks_of(model: Model, told: Atom) -> Iterator[Atom]:
    """The `gate` and `condition_gate` conclusions for a move, given as an atom of origin, destination and point."""
    origin, to, point = told.args[:3]
    for predicate in _ASKED:
        ends = (origin, point) if predicate == "gate" else (origin, to, point)
        yield from (atom for atom in model.holding_of(predicate) if atom.args[:-1] == ends)


def _met(gate: str) -> Atom:
    return Atom(MET, (Constant(gate),))


def _clauses(model: Model, asked: Atom | None) -> tuple[str, ...]:
    program = model.program
    rules = program.by_head.get(asked, ()) if asked is not None else ()
    return tuple(dict.fromkeys(name for rule in rules for name in program.rules[program.ground[rule].source].clauses))


def _facts_behind(model: Model, gate: str) -> tuple[str, ...]:
    """The case facts that the rules for a check look at, recorded or not."""
    program, vocabulary = model.program, model.program.policy.vocabulary
    found: set[str] = set()
    seen: set[Atom] = set()
    waiting = [_met(gate)]
    while waiting:
        atom = waiting.pop()
        if atom in seen:
            continue
        seen.add(atom)
        rules = program.by_head.get(atom)
        if rules is None:
            found |= set(facts_of(vocabulary, atom))
        else:
            waiting += [literal.atom for rule in rules for literal in program.ground[rule].body]
    return tuple(name for name in vocabulary.recorded if name in found)
