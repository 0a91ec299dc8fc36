"""Why not a team: every route by which the policy could give it, nearest first.

A route is a rule for a move to the team together with what every move needs: the child is at its origin, the
transfer point was reached, and no gate fails. Each condition has its truth, and a proof of what fails can be
followed. Routes that can't apply to the child, such as those for another age, are marked.
"""

from __future__ import annotations

from dataclasses import dataclass

from kb.language.model import Atom, Constant, Literal
from kb.lowering.exceptions import SET_ASIDE
from kb.program import Model
from queries.proof import OPPOSITE, Claim, Manner, Prover, needed
from queries.ruled_out import RuledOut


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition of a route. `claim` is what holds in the case; `met` is None if it is not recorded."""

    claim: Claim
    met: bool | None


@dataclass(frozen=True, slots=True)
class Route:
    """A route to a team: index of the ground rule, the move, and its conditions."""

    rule: int
    origin: str
    team: str
    point: str
    conditions: tuple[Condition, ...]
    concerns: bool = True  # False if no further fact can make it apply to this child

    @property
    def met(self) -> int:
        return sum(condition.met is True for condition in self.conditions)

    @property
    def unmet(self) -> tuple[Condition, ...]:
        """The conditions that fail or are not recorded, most important first (`_rank`)."""
        return tuple(sorted((c for c in self.conditions if c.met is not True), key=_rank))

    @property
    def set_aside(self) -> Condition | None:
        """The exception that set this route aside, if any."""
        return next((c for c in self.unmet if c.claim.atom.predicate == SET_ASIDE), None)


#: Conditions of the shared rules that rank last: a missing event is seldom the obstacle.
_OF_EVENTS = ("reached", "had_its_effect")


def _rank(condition: Condition) -> int:
    """Sort key: recorded obstacles, then where the child is, then what the clause requires, then what is not recorded."""
    predicate = condition.claim.atom.predicate
    if predicate in _OF_EVENTS:
        return 4
    if condition.met is None:
        return 3
    if predicate == "starts_with":
        return 1
    return 0 if condition.claim.manner in ("excluded", "established") else 2


def for_the_child(routes: list[Route]) -> list[Route]:
    """The routes that can apply to the child; all of them if none can."""
    return [route for route in routes if route.concerns] or routes


def routes_to(model: Model, team: str) -> list[Route]:
    """Every route to a team: first those from where the child is, then by fewest unmet and fewest failing conditions."""
    prover = Prover(model)
    ruled_out = RuledOut(model, prover)
    found: dict[tuple[object, ...], Route] = {}
    for head in model.program.by_predicate.get("route", ()):
        origin, to, point = (str(arg.value) for arg in head[0].args if isinstance(arg, Constant))
        if to != team or origin == to:
            continue
        for rule in model.program.by_head[head[0]]:
            literals = (*_before(head[0]), *model.program.ground[rule].body, *_after(model, head[0]))
            conditions = tuple(_condition(prover, literal) for literal in literals)
            other_age = model.certain(Atom("far_off", head[0].args[2:])) or any(map(ruled_out.rules_out, literals))
            route = Route(rule, origin, to, point, conditions, not other_age)
            found.setdefault((origin, point, conditions), route)
    here = {str(atom.args[0]) for atom in model.holding_of("starts_with")}
    return sorted(found.values(), key=lambda w: (w.origin not in here, len(w.unmet), -w.met, w.origin, w.point, w.rule))


def _before(route: Atom) -> tuple[Literal, ...]:
    return (Literal(Atom("starts_with", route.args[:1])),)


def _after(model: Model, route: Atom) -> tuple[Literal, ...]:
    point = route.args[2]
    reached = [a for a, _, _ in model.program.by_predicate.get("reached", ()) if a.args[0] == point]
    holding = [atom for atom in reached if model.certain(atom)] or reached[:1]
    gates = [a for a, _, _ in model.program.by_predicate.get("gate_fails", ()) if a.args[:3] == route.args]
    open_ = [Atom("condition_open", route.args)]
    denied = [*gates, *(atom for atom in open_ if atom in model.program.by_head)]
    spent = [Atom("had_its_effect", atom.args) for atom in holding[:1]]
    denied += [atom for atom in spent if atom in model.program.by_head]
    return (*(Literal(atom) for atom in holding[:1]), *(Literal(atom, negated=True) for atom in denied))


def _condition(prover: Prover, literal: Literal) -> Condition:
    """A literal in the case: the claim that holds, and whether it meets the literal."""
    wanted = needed(literal, True)
    if prover.holds(wanted):
        return Condition(wanted, True)
    hoped = needed(literal, False)
    if not literal.known and prover.holds(hoped):
        return Condition(Claim(wanted.atom, OPPOSITE[wanted.manner]), None)
    return Condition(Claim(wanted.atom, _strongest(prover, wanted)), False)


def _strongest(prover: Prover, wanted: Claim) -> Manner:
    """The strongest claim that holds against a wanted one."""
    strong: Manner = "excluded" if wanted.affirms else "established"
    return strong if prover.holds(Claim(wanted.atom, strong)) else OPPOSITE[wanted.manner]
