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
from kb.journeys.own import given_teams, own_table
from kb.journeys.steps import Block, nothing
from kb.journeys.values import Children, Objects
from kb.vocabulary.model import Vocabulary

Decider = Callable[[Any], Sequence[str]]
_ROUNDS = 3  # a team on record is settled when deciding again gives the same


@dataclass(frozen=True)
class Recorded:
    """A block's children with teams on record, which of these are wrong, and what is right for each.

    `right` is empty where the policy gives no single team.
    """

    children: Children
    right: Objects
    wrong: Any


def blank(block: Block, vocabulary: Vocabulary) -> Children:
    """Children of whom no team is known yet."""
    names = {code.code: code.label for code in vocabulary.codes.get("team", ())}
    numbers = {code: f"D{place:03}" for place, code in enumerate(names, 1)}
    given = given_teams(block)
    recorded = np.where(nothing(given), NO_TEAM_ON_RECORD, given)
    return Children(block, recorded, np.full(len(block), None, dtype=object), names, numbers, given)


def record_teams(block: Block, policy: str, vocabulary: Vocabulary, decide: Decider, wrong_share: float, seed: int) -> Recorded:
    """Teams on record for a block of children; `wrong_share` of them wrong, where the policy can tell."""
    chance = np.random.default_rng([seed, block.start, 1])
    children = blank(block, vocabulary)
    decided = Deciding(policy, vocabulary, decide)
    children = replace(children, closing=_closing(children, decided, chance))
    right = decided.of(children)
    for _ in range(_ROUNDS):
        settled = np.where(_is_team(right), right, children.recorded)
        children = replace(children, recorded=np.where(nothing(children.fixed), settled, children.fixed))
        again = decided.of(children)
        if np.array_equal(again, right):
            break
        right = again
    return _plant(children, right, decided, wrong_share, chance)


@dataclass(frozen=True)
class Deciding:
    """Decides children, or some of them."""

    policy: str
    vocabulary: Vocabulary
    decide: Decider

    def of(self, children: Children, rows: Any = None) -> Objects:
        table = own_table(children, self.policy, self.vocabulary)
        if rows is not None:
            table = table.take(rows)
        return np.array(list(self.decide(table)), dtype=object)


def _is_team(codes: Objects) -> Any:
    return codes != ""


def _closing(children: Children, decided: Deciding, chance: np.random.Generator) -> Objects:
    """A team that closed each child's case before: drawn from the teams that hold children like these."""
    sample = np.arange(min(len(children.block), 400))
    found = [code for code in decided.of(children, sample) if code in children.names]
    teams = sorted(set(found)) or sorted(children.names)
    shares = np.array([max(found.count(code), 1) for code in teams], float)
    return chance.choice(np.array(teams, dtype=object), size=len(children.block), p=shares / shares.sum())


def _plant(children: Children, right: Objects, decided: Deciding, share: float, chance: np.random.Generator) -> Recorded:
    """Puts a team on record that the policy tells to be wrong: one that it has passed the child on from."""
    count = len(children.block)
    wanted = round(count * share)
    wrong = np.zeros(count, np.bool_)
    recorded = children.recorded.copy()
    can = _is_team(right) & nothing(children.fixed) & (right == recorded)
    order = chance.permutation(np.flatnonzero(can))
    given = sorted(set(right.tolist()) & set(children.names))  # a team that the policy gives to some child
    for team in chance.permutation(np.array(given, dtype=object)):
        missing = wanted - int(wrong.sum())
        open_rows = order[~wrong[order] & (right[order] != team)]
        if missing <= 0 or not len(open_rows):
            continue
        tried = np.sort(open_rows)
        trial = recorded.copy()
        trial[tried] = team
        told = decided.of(replace(children, recorded=trial), tried)
        passed_on = set(tried[told == right[tried]].tolist())
        spread = max(1, -(-wanted * 2 // len(given)))  # no team gets more than twice its part
        for row in [row for row in open_rows.tolist() if row in passed_on][: min(missing, spread)]:
            recorded[row] = team
            wrong[row] = True
    return Recorded(replace(children, recorded=recorded), right, wrong)
