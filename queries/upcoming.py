"""Facts not recorded that could still move the child on.

An event that nobody recorded has not moved the case, so a decision does not ask for it (`kb/house/2_events.dl`). A person
who fills in a case should be offered it all the same. From every move out of a possible team, the rules that no recorded
fact rules out are followed down to unrecorded facts.
"""

from __future__ import annotations

from collections.abc import Iterable

from kb.language.model import Atom, Constant
from kb.program import Model
from queries.decide import Decision
from queries.missing import unknown_facts
from queries.proof import ESTABLISHED, POSSIBLE, outline_of

#: Predicates of the shared rules that decide on a move, besides its route and event.
_OF_THE_MOVE = ("gate_fails", "condition_open")


def facts_ahead(decision: Decision) -> dict[str, tuple[Atom, ...]]:
    """Unrecorded facts in vocabulary order, each with the `route` atoms of the moves it bears on."""
    model = decision.model
    found: dict[str, dict[Atom, None]] = {}
    outlook = _Outlook(model)
    told = [Atom("route", decision.transfer.atom.args[:3])] if decision.transfer else []
    for route in dict.fromkeys([*told, *_routes_from(model, decision.possible_teams)]):
        if outlook.could_be(route):
            for name in outlook.unrecorded_below([route, *_asked_of(model, route)]):
                found.setdefault(name, {})[route] = None
    return {name: tuple(found[name]) for name in model.program.policy.vocabulary.recorded if name in found}


def _routes_from(model: Model, teams: Iterable[str]) -> list[Atom]:
    """Routes out of any of these teams; if no team holds the child, out of a front door."""
    starts = set(teams) | {str(atom.args[0]) for atom in model.holding_of("front_door") if not _held(model)}
    routes = [atom for atom, _, _ in model.program.by_predicate.get("route", ())]
    return [route for route in routes if _code(route, 0) in starts and route.args[0] != route.args[1]]


def _held(model: Model) -> bool:
    """Whether a team, not just an outcome, may hold the child."""
    vocabulary = model.program.policy.vocabulary
    return any(vocabulary.has("team", _code(atom, 0)) for atom in model.holding_of("may_hold"))


def _asked_of(model: Model, route: Atom) -> list[Atom]:
    of = model.program.by_predicate
    reached = [atom for atom, _, _ in of.get("reached", ()) if atom.args[0] == route.args[2]]
    checks = [atom for name in _OF_THE_MOVE for atom, _, _ in of.get(name, ()) if atom.args[:3] == route.args[:3]]
    return [*reached, *checks]


class _Outlook:
    """Which conclusions could hold if the unrecorded facts were recorded favourably. Works on atom numbers, as proofs do."""

    def __init__(self, model: Model):
        self.model, self.halves, self.true = model, model.program.halves, model.true_halves
        self.outline = outline_of(model.program)
        self.claims = self.outline.needed[False]
        self.could: set[int] = set()
        order = list(dict.fromkeys(rule.ground for rule in self.halves.rules))
        heads = [self.halves.numbers[rule.head] for rule in model.program.ground]
        before = -1
        while before != len(self.could):
            before = len(self.could)
            for index in order:
                if heads[index] not in self.could and all(map(self._could_hold, self.claims[index])):
                    self.could.add(heads[index])
            if not self.halves.circular:
                break

    def could_be(self, atom: Atom) -> bool:
        return self.halves.numbers.get(atom) in self.could

    def unrecorded_below(self, atoms: Iterable[Atom]) -> set[str]:
        """Names of the unrecorded facts that the rules for some conclusions look at."""
        found: set[str] = set()
        seen: set[int] = set()
        waiting = [self.halves.numbers[atom] for atom in atoms if atom in self.halves.numbers]
        while waiting:
            number = waiting.pop()
            if number in seen:
                continue
            seen.add(number)
            atom = self.halves.atoms[number]
            if number in self.outline.conditions and self.model.truth(atom) is None:
                found |= unknown_facts(self.model, atom)
            for index in self.outline.rules_for.get(number, ()):
                if all(map(self._could_hold, self.claims[index])):
                    waiting += [claim // 4 for claim in self.claims[index]]
        return found

    def _could_hold(self, claim: int) -> bool:
        """Whether a literal could come true: a positive one unless it is false, a negative one unless it is true."""
        number, manner = divmod(claim, 4)
        affirms = manner in (ESTABLISHED, POSSIBLE)
        if number in self.outline.rules_for:
            return not affirms or number in self.could
        return (self.halves.possible(number) in self.true) if affirms else (self.halves.certain(number) not in self.true)


def _code(atom: Atom, position: int) -> str:
    term = atom.args[position]
    return str(term.value) if isinstance(term, Constant) else str(term)
