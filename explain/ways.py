"""The ways to a team that does not hold the child, in words: each way, and what it lacks."""

from __future__ import annotations

from dataclasses import dataclass

from explain.tree import Sentence, Teller
from explain.words import capital
from queries.why_not import Condition, Way

NEAREST = 3  # ways shown unless all are asked for


@dataclass(frozen=True)
class Lack:
    """One condition of a way that is not met: `fails` or `not recorded`, what is said, and the reasons."""

    mark: str
    text: str
    reasons: tuple[Sentence, ...]
    facts: tuple[str, ...]


def way_title(way: Way, teller: Teller) -> str:
    """A way in one line: from where, at which point, by which clause, and how much of it is met."""
    vocabulary, program = teller.words.vocabulary, teller.program
    clause = teller.words.clause_name(program.rules[program.ground[way.rule].source].clause)
    origin, point = vocabulary.label("team", way.origin), vocabulary.label("point", way.point)
    return f"From {origin} at {point} [{clause}]: {way.met} of {len(way.conditions)} conditions met"


def lacks(way: Way, teller: Teller) -> list[Lack]:
    """What fails or is not recorded in a way, failures first."""
    return [_lack(condition, teller) for condition in way.unmet]


def _lack(condition: Condition, teller: Teller) -> Lack:
    open_ = condition.met is None or teller.model.truth(condition.claim.atom) is None
    text = capital(teller.words.claim(condition.claim).removeprefix("it is not recorded: "))
    told = teller.tell(condition.claim)
    facts = dict.fromkeys(told.facts) | {name: None for reason in told.reasons for name in reason.facts}
    return Lack("not recorded" if open_ else "fails", text, told.reasons, tuple(facts))
