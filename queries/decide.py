"""Deciding one case: the answer of the contract, read off the model. Nothing is decided here.

Every field is what some predicate of the house concludes (`kb/house`); this module only
carries it into the form of the contract.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from kb.case import Case
from kb.dates import iso
from kb.engines.interface import Engine
from kb.language.model import Atom, Constant, Term
from kb.program import Model, Program, solve
from queries.missing import facts_behind

AGREED = Atom("settled_by_agreement")  # of the house: managers have put the child where it is


@dataclass(frozen=True)
class Transfer:
    """One move between teams; `on` is its date as YYYY-MM-DD, or None."""

    origin: str
    to: str
    point: str
    status: str
    on: str | None
    atom: Atom

    def as_json(self) -> dict[str, Any]:
        return {"from": self.origin, "to": self.to, "point": self.point, "status": self.status, "on": self.on}


@dataclass(frozen=True)
class Decision:
    """The answer for one case, with the model that it was read off."""

    case: Case
    model: Model
    status: str
    responsible_team: str | None
    possible_teams: tuple[str, ...]
    missing_facts: tuple[str, ...]
    transfer: Transfer | None
    further_transfers: tuple[Transfer, ...]
    blocked_by: tuple[str, ...]
    unconfirmed_gates: tuple[str, ...]
    deadlines: tuple[dict[str, Any], ...]
    duties: tuple[str, ...]
    attendance: tuple[dict[str, str], ...]
    co_working: tuple[dict[str, str], ...]
    escalate_to: tuple[str, ...]
    findings: tuple[str, ...]


def decide(program: Program, case: Case, engine: Engine) -> Decision:
    """The decision for a case. Source: contract sections 3 and 4."""
    return read_decision(solve(program, case, engine), case)


def read_decision(model: Model, case: Case) -> Decision:
    """The decision that a model contains."""
    status = _code(model.holding_of("status")[0], 0)
    told = [_transfer(model, atom) for atom in model.holding_of("told")]
    further = [_transfer(model, atom) for atom in model.holding_of("further")]
    responsible = [_code(atom, 0) for atom in model.holding_of("responsible")]
    possible = _codes(model, ("team", "outcome"), "may_hold") if status != "silent" else ()
    return Decision(
        case=case,
        model=model,
        status=status,
        responsible_team=responsible[0] if responsible else None,
        possible_teams=possible,
        missing_facts=_missing(model, status),
        transfer=told[0] if told else None,
        further_transfers=tuple(sorted(further, key=lambda t: (t.on or "9999", t.point, t.to))),
        blocked_by=_codes(model, ("gate",), "blocked_by"),
        unconfirmed_gates=_codes(model, ("gate",), "unconfirmed"),
        deadlines=tuple(_deadlines(model)),
        duties=_codes(model, ("duty",), "duty"),
        attendance=tuple(_tuples(model, "attendance", ("code", "who", "meeting"))),
        co_working=tuple(_tuples(model, "co_working", ("code", "team", "with"))),
        escalate_to=_codes(model, ("escalation",), "escalate_to"),
        findings=_codes(model, ("finding",), "finding"),
    )


def _code(atom: Atom, position: int) -> str:
    term = atom.args[position]
    assert isinstance(term, Constant)
    return str(term.value)


def _day(model: Model, term: Term) -> str | None:
    value = model.conditions.value(term)
    return None if value is None else iso(value)


def _codes(model: Model, kinds: tuple[str, ...], predicate: str) -> tuple[str, ...]:
    """Codes that a predicate holds for, in the order of the vocabulary."""
    found = {_code(atom, 0) for atom in model.holding_of(predicate)}
    order = [code.code for kind in kinds for code in model.program.policy.vocabulary.codes.get(kind, ())]
    return tuple(sorted(found, key=order.index))


def _transfer(model: Model, atom: Atom) -> Transfer:
    origin, to, point, status = (_code(atom, position) for position in range(4))
    dates = [_day(model, found.args[1]) for found in model.holding_of("date_of") if found.args[0] == atom.args[2]]
    return Transfer(origin, to, point, status, min(filter(None, dates), default=None), atom)


def _tuples(model: Model, predicate: str, names: tuple[str, ...]) -> list[dict[str, str]]:
    rows = {tuple(_code(atom, n) for n in range(len(names))) for atom in model.holding_of(predicate)}
    return [dict(zip(names, row)) for row in sorted(rows)]


def _deadlines(model: Model) -> list[dict[str, Any]]:
    kept = {(_code(atom, 0), atom.args[1]): _code(atom, 2) == "yes" for atom in model.holding_of("kept")}
    rows: list[dict[str, Any]] = []
    for atom in model.holding_of("deadline"):
        due = _day(model, atom.args[1])
        if due is not None:
            met = kept.get((_code(atom, 0), atom.args[1]))
            rows.append({"code": _code(atom, 0), "due": due, "day_count": _code(atom, 2), "met": met})
    unique = {tuple(row.items()): row for row in rows}
    return sorted(unique.values(), key=lambda row: (row["due"], row["code"], row["day_count"]))


def _missing(model: Model, status: str) -> tuple[str, ...]:
    """Unknown facts that could change the team, the move, a duty or a co-working."""
    open_atoms: list[Atom] = []
    if status == "unknown":
        open_atoms += model.open_of("holds")
    for atom in model.holding_of("told") + model.holding_of("further"):
        if _code(atom, 3) in ("unknown", "blocked"):
            origin_to_point = atom.args[:3]
            open_atoms += [Atom("route", origin_to_point), Atom("condition_open", origin_to_point)]
    open_atoms += model.open_of("duty") + model.open_of("co_working")
    found = facts_behind(model, open_atoms) | {_code(atom, 0) for atom in model.holding_of("ask")}
    order = list(model.program.policy.vocabulary.facts)
    return tuple(sorted(found, key=order.index))
