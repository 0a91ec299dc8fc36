"""The teams of the children: on record the one that the policy gives, but for some planted wrong ones.

Who decides is a parameter: a function from a table in our own form to one code a child, or the
empty string where the answer is no single team.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from kb.case import NO_TEAM_ON_RECORD
from kb.journeys.own import given_teams, own_table, with_recorded
from kb.journeys.simulate import blocks
from kb.journeys.steps import Block, Draw, coded
from kb.journeys.values import Children
from kb.vocabulary.model import Vocabulary

Decider = Callable[[Any], Sequence[str]]
_ROUNDS = 3  # a team on record is settled when deciding again gives the same
_SAMPLE = 120


@dataclass(frozen=True)
class Recorded:
    """A block's children with teams on record, which of these are wrong, and what is right for each.

    `right` is none where the policy gives no single team. `table` is the block in our own form.
    """

    children: Children
    right: Draw
    wrong: Any
    table: Any


@dataclass(frozen=True)
class Council:
    """Who decides, under which policy, and which teams closed children's cases before, with their shares."""

    policy: str
    vocabulary: Vocabulary
    decide: Decider
    closing: dict[str, float]


def council(policy: str, vocabulary: Vocabulary, decide: Decider, seed: int, as_of: int) -> Council:
    """A council whose teams closed children before as often as they hold some children now."""
    sample = blank(next(blocks(_SAMPLE, seed, as_of)), vocabulary)
    found = [code for code in decide(own_table(sample, policy, vocabulary)) if code in sample.names]
    teams = sorted(set(found)) or sorted(sample.names)
    return Council(policy, vocabulary, decide, {team: max(found.count(team), 1) / max(len(found), len(teams)) for team in teams})


def blank(block: Block, vocabulary: Vocabulary) -> Children:
    """Children of whom no team is known yet."""
    names = {code.code: code.label for code in vocabulary.codes.get("team", ())}
    numbers = {code: f"D{place:03}" for place, code in enumerate(names, 1)}
    given = given_teams(block)
    return Children(block, _settled(given, given), Draw(("",), np.zeros(len(block), np.int16)), names, numbers, given)


def _settled(fixed: Draw, found: Draw) -> Draw:
    """What the journey says of the team on record, else what was found, else that there is none."""
    fixed_texts, texts = fixed.texts(), found.texts()
    either = np.where(fixed.codes != 0, fixed_texts, np.where(found.codes != 0, texts, NO_TEAM_ON_RECORD))
    return coded(either.tolist())


def record_teams(block: Block, council: Council, wrong_share: float, seed: int) -> Recorded:
    """Teams on record for a block of children; `wrong_share` of them wrong, where the policy can tell."""
    chance = np.random.default_rng([seed, block.start, 1])
    children = blank(block, council.vocabulary)
    children = replace(children, closing=_closing(council, len(block), chance))
    table = own_table(children, council.policy, council.vocabulary)
    right = coded(council.decide(table))
    for _ in range(_ROUNDS):
        children = replace(children, recorded=_settled(children.fixed, right))
        again = coded(council.decide(with_recorded(table, children.recorded)))
        if np.array_equal(again.texts(), right.texts()):
            break
        right = again
    recorded, wrong = _plant(children, right, table, council, wrong_share, chance)
    return Recorded(replace(children, recorded=recorded), right, wrong, with_recorded(table, recorded))


def _closing(council: Council, count: int, chance: np.random.Generator) -> Draw:
    shares = np.array(list(council.closing.values()))
    return Draw(("", *council.closing), 1 + chance.choice(len(shares), size=count, p=shares / shares.sum()))


def _plant(
    children: Children, right: Draw, table: Any, council: Council, share: float, chance: np.random.Generator
) -> tuple[Draw, Any]:
    """Puts a team on record that the policy tells to be wrong: one that it has passed the child on from."""
    count = len(children.block)
    answers, recorded = right.texts(), children.recorded.texts()
    wanted, wrong = round(count * share), np.zeros(count, np.bool_)
    can = (right.codes != 0) & (children.fixed.codes == 0) & (answers == recorded)
    order = chance.permutation(np.flatnonzero(can))
    given = sorted({team for team in right.words if team in children.names})
    for team in chance.permutation(np.array(given, dtype=object)).tolist():
        missing = wanted - int(wrong.sum())
        tried = order[~wrong[order] & (answers[order] != team)][: 4 * missing]
        if missing <= 0 or not len(tried):
            continue
        told = council.decide(with_recorded(table.take(tried), coded([team] * len(tried))))
        passed_on = tried[np.array(list(told), dtype=object) == answers[tried]]
        spread = max(1, -(-wanted * 2 // len(given)))  # no team gets more than twice its part
        rows = passed_on[: min(missing, spread)]
        recorded[rows] = team
        wrong[rows] = True
    return coded(recorded.tolist()), wrong
