"""Searching many goals together gives the same results as searching each alone."""

from __future__ import annotations

from functools import cache
from itertools import combinations

import pytest

from kb.case import Case
from kb.engines.pydatalog import PyDatalog
from kb.program import solve
from kb.space import ORDINARY_DAY, each
from kb.space.each import can_hold, smallest_of_each
from kb.space.search import FINDING, Goal, Search, Unsettled
from tests.space.northshire import northshire


@cache
def search() -> Search:
    return Search(northshire(), ORDINARY_DAY)


def certain(predicate: str) -> dict[str, int]:
    """For each code that a predicate can conclude, the key for "it is certain"."""
    return {str(atom.args[0]): key for atom, key, _ in northshire().by_predicate[predicate]}


def goals() -> list[Goal]:
    """Goals for each status and for each pair of teams; some can't be met."""
    pairs = combinations(certain("holds").values(), 2)
    return [*({key: True} for key in certain("status").values()), *({one: True, other: True} for one, other in pairs)]


def size(shown: Case | Unsettled | None) -> int | None:
    assert not isinstance(shown, Unsettled)
    return None if shown is None else len(shown.facts)


def test_what_can_hold() -> None:
    asked = [key for key in range(2 * len(northshire().halves.atoms)) if key in search().space.halves]
    held, given_up = can_hold(search(), asked)
    assert given_up == frozenset()
    assert held == {key for key in asked if search().possible({key: True})}
    assert 0 < len(held) < len(asked)


def test_a_smallest_case_for_each_goal() -> None:
    together = smallest_of_each(search(), goals())
    alone = Search(northshire(), ORDINARY_DAY)
    assert together[::-1] == [alone.smallest(goal) for goal in goals()[::-1]]  # also in another order
    assert None in together
    for goal, shown in zip(goals(), together):
        if isinstance(shown, Case):
            true = solve(northshire(), shown, PyDatalog()).true_halves
            assert all((key in true) is wanted for key, wanted in goal.items())


def test_the_most_wanted_way_that_is_possible() -> None:
    status, holds = certain("status"), certain("holds")
    decided: Goal = {status["decided"]: True}
    silent, family = {status["silent"]: True}, {holds["family_team"]: True}
    (shown,) = smallest_of_each(search(), [decided], [silent, family])
    assert size(shown) == size(search().smallest({**decided, **family}))
    (plain,) = smallest_of_each(search(), [decided], [silent])
    assert size(plain) == size(search().smallest(decided))


def test_where_all_together_is_given_up_each_is_looked_for_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    for attempts in ("ATTEMPTS_OF_ALL", "ATTEMPTS_OF_A_SIZE"):
        monkeypatch.setattr(each, attempts, ((FINDING, 1),))
    assert [size(shown) for shown in smallest_of_each(search(), goals())] == [size(search().smallest(goal)) for goal in goals()]
