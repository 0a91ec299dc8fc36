"""The routes to a team that does not hold the child, in words: each route and what it lacks."""

from __future__ import annotations

from dataclasses import dataclass

from explain.tree import Sentence, Teller
from explain.words import capital
from kb.language.model import Atom, Constant
from kb.program import Model
from queries.why_not import Condition, Route

NEAREST = 3  # routes shown by default


@dataclass(frozen=True)
class Lack:
    """An unmet condition of a route. `mark` is `stops it` or `not recorded`."""

    mark: str
    text: str
    reasons: tuple[Sentence, ...]
    facts: tuple[str, ...]


def route_title(route: Route, teller: Teller) -> str:
    """A route in one line: origin, transfer point, clause, number of unmet conditions."""
    vocabulary, program = teller.words.vocabulary, teller.program
    clause = teller.words.clauses_of(program.ground[route.rule])
    origin, point = vocabulary.label("team", route.origin), vocabulary.label("point", route.point)
    count = len(route.unmet)
    lacking = "1 thing is" if count == 1 else f"{count or 'no'} things are"
    return f"From {origin} at {point} [{clause}]: {lacking} lacking"


def further_off(routes: list[Route], concern: list[Route], shown: list[Route]) -> str:
    """How many routes are not shown: because they are further off, or concern children of another age."""
    off, other = len(concern) - len(shown), len(routes) - len(concern)
    sentences = [f"{off} more {_routes(off)}, further off."] if off else []
    sentences += [f"{other} {_routes(other)} can't concern a child of this age."] if other else []
    return " ".join(sentences)


def no_route(model: Model, team: str) -> str:
    """That no clause moves a child to a team; for a front door, that it gets new contacts."""
    name = model.program.policy.vocabulary.label("team", team)
    contacts = "; it has the children of new contacts" if model.certain(Atom("front_door", (Constant(team),))) else ""
    return f"No clause of this policy moves a child to {name}{contacts}."


def _routes(count: int) -> str:
    return "route" if count == 1 else "routes"


def lacks(route: Route, teller: Teller) -> list[Lack]:
    """The unmet conditions of a route, recorded obstacles first."""
    return [_lack(condition, teller) for condition in route.unmet]


def _obstacle(condition: Condition, teller: Teller) -> str:
    """An unmet condition as a clause. A conclusion of the policy's own rules is worded as a restriction of the route."""
    claim = condition.claim
    if claim.affirms or teller.model.is_condition(claim.atom) or teller.of_house(claim.atom):
        return teller.words.claim(claim)
    return f"this route is only for cases where {teller.words.statement(claim.atom, True)}"


def _lack(condition: Condition, teller: Teller) -> Lack:
    open_ = condition.met is None or teller.model.truth(condition.claim.atom) is None
    text = capital(_obstacle(condition, teller).removeprefix("it is not recorded: "))
    sentence = teller.tell(condition.claim)
    facts = dict.fromkeys(sentence.facts) | {name: None for reason in sentence.reasons for name in reason.facts}
    return Lack("not recorded" if open_ else "stops it", text, sentence.reasons, tuple(facts))
