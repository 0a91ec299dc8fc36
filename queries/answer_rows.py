"""An answer as rows by kind, each with the conclusion it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kb.dates import iso
from kb.language.model import Atom, Constant
from queries.compare_rules import CODES, KINDS, MOVE_DATE, MOVING, STEPS, TEAM
from queries.decide import Decision

Row = tuple[Any, ...]
Rows = dict[Row, Atom]


def outcome(decision: Decision) -> str:
    """The responsible team, or the status if there is none."""
    return decision.responsible_team or decision.status


def rows(decision: Decision, kind: str, codes: Mapping[str, str] | None = None) -> Rows:
    """The rows of an answer of one kind: tuples of codes and dates. `codes` translates codes."""
    found = _rows(decision, kind)
    return {tuple((codes or {}).get(part, part) for part in row): atom for row, atom in found.items()}


def changed_kinds(first: Decision, second: Decision, codes: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """The kinds in which two answers differ; `codes` translates codes of the second to codes of the first.

    The date of a move differs if both have the move, with different dates.
    """
    found: list[str] = []
    for kind in KINDS:
        mine, theirs = set(rows(first, kind)), set(rows(second, kind, codes))
        if kind == MOVE_DATE:
            moves = {row[:-1] for row in mine} & {row[:-1] for row in theirs}
            mine, theirs = ({row for row in side if row[:-1] in moves} for side in (mine, theirs))
        if mine != theirs:
            found.append(kind)
    return tuple(found)


def _rows(decision: Decision, kind: str) -> Rows:
    model = decision.model
    moves = [move for move in (decision.transfer, *decision.further_transfers) if move is not None]
    if kind == TEAM:
        team = decision.responsible_team
        atom = Atom("responsible", (Constant(team),)) if team else Atom("status", (Constant(decision.status),))
        return {(outcome(decision),): atom}
    if kind == "possible teams":
        return {(team,): Atom("holds", (Constant(team),)) for team in decision.possible_teams}
    if kind == MOVE_DATE:
        return {(move.origin, move.to, move.point, move.status, move.on): move.atom for move in moves}
    if kind == "deadlines":
        return {row: atom for atom in model.holding_of("deadline") for row in _deadline(decision, atom)}
    if kind == STEPS:
        return {
            (how, name, *(str(atom.args[n]) for n in places)): atom
            for name, places in MOVING.items()
            for how, atoms in (("made", model.holding_of(name)), ("open", model.open_of(name)))
            for atom in atoms
        }
    ((predicate, places),) = CODES[kind]
    if kind == "questions":
        return {tuple(str(atom.args[n]) for n in places): atom for atom in model.holding_of(predicate)}
    return {row: Atom(predicate, tuple(map(Constant, row))) for row in _said(decision, kind)}


def _said(decision: Decision, kind: str) -> list[tuple[str, ...]]:
    """The code tuples of an answer for one kind."""
    moves = {"move": [decision.transfer] if decision.transfer else [], "further moves": decision.further_transfers}
    if kind in moves:
        return [(m.origin, m.to, m.point, m.status) for m in moves[kind]]
    tables = {"attendance": decision.attendance, "co-working": decision.co_working}
    if kind in tables:
        return [tuple(row.values()) for row in tables[kind]]
    lists = {
        "blocked by": decision.blocked_by,
        "unconfirmed": decision.unconfirmed_gates,
        "duties": decision.duties,
        "escalation": decision.escalate_to,
        "findings": decision.findings,
    }
    return [(code,) for code in lists[kind]]


def _deadline(decision: Decision, atom: Atom) -> list[Row]:
    """The rows of an answer for one `deadline` atom; empty if its date has no value."""
    due = decision.model.conditions.value(atom.args[1])
    if due is None:
        return []
    wanted = str(atom.args[0]), iso(due), str(atom.args[2])
    return [tuple(row.values()) for row in decision.deadlines if (row["code"], row["due"], row["day_count"]) == wanted]
