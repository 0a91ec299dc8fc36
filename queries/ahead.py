"""What lies ahead: facts not recorded that could still move the child on from where it is.

An event that nobody recorded has not moved the case, so a decision does not ask for it. A
person who fills in a case wants to be offered it all the same. From every move that starts
with a team that may hold the child, the rules that no recorded fact rules out are followed
down to what is not recorded.
"""

from __future__ import annotations

from collections.abc import Iterable

from kb.language.model import Atom, Constant, Literal
from kb.program import Model
from queries.decide import Decision
from queries.missing import unknown_facts

#: What the house asks of a move besides its route: the event, the checks, the conditions.
_OF_THE_MOVE = ("gate_fails", "condition_open")


def facts_ahead(decision: Decision) -> dict[str, tuple[Atom, ...]]:
    """Facts not recorded, in the vocabulary's order, each with the moves (`route` atoms) that it bears on."""
    model = decision.model
    found: dict[str, dict[Atom, None]] = {}
    could = _could_be(model)
    told = [Atom("route", decision.transfer.atom.args[:3])] if decision.transfer else []
    for route in dict.fromkeys([*told, *_routes_from(model, decision.possible_teams)]):
        if route in could:
            for name in _unrecorded_below(model, could, [route, *_asked_of(model, route)]):
                found.setdefault(name, {})[route] = None
    return {name: tuple(found[name]) for name in model.program.policy.vocabulary.facts if name in found}


def _routes_from(model: Model, teams: Iterable[str]) -> list[Atom]:
    """Moves away from any of these teams; where the case is with nobody, from the front door."""
    starts = set(teams) | {str(atom.args[0]) for atom in model.holding_of("front_door") if not _held(model)}
    routes = [atom for atom, _, _ in model.program.by_predicate.get("route", ())]
    return [route for route in routes if _code(route, 0) in starts and route.args[0] != route.args[1]]


def _held(model: Model) -> bool:
    """Whether a team, and no outcome, may hold the child."""
    vocabulary = model.program.policy.vocabulary
    return any(vocabulary.has("team", _code(atom, 0)) for atom in model.holding_of("may_hold"))


def _asked_of(model: Model, route: Atom) -> list[Atom]:
    of = model.program.by_predicate
    reached = [atom for atom, _, _ in of.get("reached", ()) if atom.args[0] == route.args[2]]
    checks = [atom for name in _OF_THE_MOVE for atom, _, _ in of.get(name, ()) if atom.args[:3] == route.args[:3]]
    return [*reached, *checks]


def _could_be(model: Model) -> set[Atom]:
    """Conclusions that no recorded fact rules out: all that might follow, were the rest recorded."""
    could: set[Atom] = set()
    ground = model.program.ground
    order = list(dict.fromkeys(rule.ground for rule in model.program.halves.rules))
    before = -1
    while before != len(could):
        before = len(could)
        for index in order:
            if all(_could_hold(model, could, literal) for literal in ground[index].body):
                could.add(ground[index].head)
        if not model.program.halves.circular:
            break
    return could


def _could_hold(model: Model, could: set[Atom], literal: Literal) -> bool:
    if literal.atom in model.program.by_head:
        return not literal.binds or literal.atom in could
    return model.truth(literal.atom) is literal.binds or model.truth(literal.atom) is None


def _unrecorded_below(model: Model, could: set[Atom], atoms: Iterable[Atom]) -> set[str]:
    found: set[str] = set()
    seen: set[Atom] = set()
    waiting = list(atoms)
    while waiting:
        atom = waiting.pop()
        if atom in seen:
            continue
        seen.add(atom)
        rules = model.program.by_head.get(atom)
        if rules is None:
            if model.is_condition(atom) and model.truth(atom) is None:
                found |= unknown_facts(model, atom)
            continue
        for index in rules:
            body = model.program.ground[index].body
            if all(_could_hold(model, could, literal) for literal in body):
                waiting += [literal.atom for literal in body]
    return found


def _code(atom: Atom, position: int) -> str:
    term = atom.args[position]
    return str(term.value) if isinstance(term, Constant) else str(term)
