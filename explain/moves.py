"""A move (`transfer` in a decision) as a sentence, by its status."""

from __future__ import annotations

from datetime import date

from explain.words import Words, capital
from kb.carried import CLOSED
from kb.dates import in_words
from kb.language.model import Atom, Constant
from kb.lowering.exceptions import SET_ASIDE
from kb.program import Model
from queries.decide import Transfer
from queries.proof import Claim, Prover

_WHO = ("team", "outcome", "body", "escalation")
MOST = 2  # open conditions of a move that are named


def move(words: Words, transfer: Transfer, as_of: int) -> str:
    """A move as a sentence. `as_of` is the day of the answer as an ordinal."""
    path, point = _path(words, transfer), words.vocabulary.label("point", transfer.point)
    on = f" ({on_day(transfer)})" if transfer.on else ""
    if transfer.status == "upcoming" and _passed(transfer, as_of):
        return f"Due since {on_day(transfer)}: {path} at {point}; {_undone(words, transfer)}."
    if transfer.status == "unknown":
        return _hanging(words, transfer, f"{path} at {point}{on}")
    if transfer.to == CLOSED and transfer.status in ("completed", "discretionary"):
        origin = team(words, transfer.origin)
        made = f"Closed to social work at {point}{on}; the child was with {origin}."
        return made if transfer.status == "completed" else f"The managers may decide to close the case, which {origin} has."
    ahead = f"Still to come: {path} at {point}{on or ', date not recorded'}."
    fell = _fell_through(words, transfer) if transfer.status == "upcoming" and not transfer.on else ""
    by_status = {
        "completed": f"Moved {path} at {point}{on}.",
        "blocked": f"The move {path} at {point}{on} is held up.",
        "discretionary": f"The managers may decide to move the case {path}.",
        "upcoming": f"Still to come: {path} at {point}; {fell}." if fell else ahead,
    }
    return by_status[transfer.status]


def team(words: Words, code: str) -> str:
    """The name of a team, body or outcome; an unknown code is returned as it is."""
    return next((words.vocabulary.label(k, code) for k in _WHO if words.vocabulary.has(k, code)), code)


def on_day(transfer: Transfer) -> str:
    """The day of a move in words; empty if it has none."""
    return in_words(date.fromisoformat(transfer.on).toordinal()) if transfer.on else ""


def hangs_on(model: Model, route: Atom) -> tuple[str, ...]:
    """The unrecorded conditions of a route, each as it would have to be for the move to count."""
    words, prover = Words.of(model), Prover(model)
    step = prover.step(Claim(route, "possible")) if model.truth(route) is None else None
    premises = step.premises if step is not None else ()
    open_ = [
        claim
        for claim in premises
        if model.truth(claim.atom) is None and claim.atom.predicate != SET_ASIDE and not words.names_a_value(claim.atom)
    ]
    conditions = [words.statement(claim.atom, claim.affirms) for claim in open_]
    checks = [a for a in model.holding_of("condition_gate") if a.args[:3] == route.args]
    conditions += [words.argument("gate", a.args[3]) for a in checks if model.truth(Atom("gate_met", a.args[3:])) is None]
    return tuple(dict.fromkeys(conditions))


def _taken_as_so(model: Model, to: str) -> tuple[str, ...]:
    """The assumptions of one way of the journey, each as it would have to be for the child to be with a team."""
    words, case = Words.of(model), model.conditions.case
    there = model.certain(Atom("holds", (Constant(to),)))
    facts = [(words.vocabulary.facts[name], case.facts[name]) for name in sorted(case.assumed)]
    return tuple(fact.true if value is there else fact.false for fact, value in facts if isinstance(value, bool))


def _path(words: Words, transfer: Transfer) -> str:
    to = "closure" if transfer.to == CLOSED else team(words, transfer.to)
    return f"from {team(words, transfer.origin)} to {to}"


def _passed(transfer: Transfer, as_of: int) -> bool:
    return transfer.on is not None and date.fromisoformat(transfer.on).toordinal() < as_of


def _undone(words: Words, transfer: Transfer) -> str:
    """Why a move whose day has passed is not made, as far as the record shows."""
    model, point = words.model, Constant(transfer.point)
    if model is None:
        return "nobody recorded whether that took place"
    if model.certain(Atom("by_age_only", (point,))):
        return "nobody recorded that it was done"
    return "nobody recorded whether that took place"


def _fell_through(words: Words, transfer: Transfer) -> str:
    """That the event was booked for a day that has passed and did not take place; empty if that is not recorded."""
    model, point = words.model, Constant(transfer.point)
    if model is None:
        return ""
    days = [model.conditions.value(atom.args[1]) for atom in model.holding_of("fell_through") if atom.args[0] == point]
    last = max((day for day in days if day is not None), default=None)
    return f"it was booked for {in_words(last)} and has not taken place, and no other day is recorded" if last else ""


def _hanging(words: Words, transfer: Transfer, path: str) -> str:
    """A move of status unknown: the conditions it depends on, and that they are not recorded."""
    model = words.model
    if model is not None and model.certain(Atom("two_for_certain", ())):
        return f"Whether the case moves {path} is not settled, as the clauses give the child to two teams."
    route = Atom("route", transfer.atom.args[:3])
    conditions = hangs_on(model, route) or _taken_as_so(model, transfer.to) if model is not None else ()
    if not conditions:
        return f"Whether the case moves {path} is not settled: something that this hangs on is not recorded."
    reached = model is not None and any(atom.args[0] == Constant(transfer.point) for atom in model.holding_of("has_been_reached"))
    few = ", and ".join(conditions[:MOST])
    more = f", and {len(conditions) - MOST} more" if len(conditions) > MOST else ""
    unsaid = "nobody recorded whether that is so" if len(conditions) == 1 else "not all of that is recorded"
    return capital(f"{'moved' if reached else 'moves'} {path} if {few}{more}; {unsaid}.")
