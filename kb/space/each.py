"""Many goals looked for in one search: what a case settles, or a proof, is settled for all of them.

Sizes are gone through from below, so the first case that meets a goal is a smallest one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kb.case import Case
from kb.space.search import FINDING, REFUTING, Attempts, Goal, Search, Unsettled

Shown = Case | None | Unsettled  # a case, or a proof that there is none, or neither

#: How one size is searched: small cases with little in them are tried first, not for long.
ATTEMPTS_OF_A_SIZE: Attempts = ((FINDING, 150), (REFUTING, 30_000))


#: How all sizes are: the proof is for many goals at once, so it may take longer than for one.
ATTEMPTS_OF_ALL: Attempts = ((FINDING, 2_000), (REFUTING, 150_000))


def can_hold(search: Search, keys: Iterable[int]) -> tuple[frozenset[int], frozenset[int]]:
    """Of some keys, those that hold in some case, and those of which that is not settled. The rest hold in no case."""
    every = dict.fromkeys(keys)
    rest, settled = search.sweep(search.one_of(every), every, attempts=ATTEMPTS_OF_ALL)
    return frozenset(every.keys() - rest), frozenset(() if settled else rest)


def smallest_of_each(search: Search, goals: Sequence[Goal], ways: Sequence[Goal] = ()) -> list[Shown]:
    """For each goal a case of least cost that meets it; None is a proof that there is none.

    `ways` are demands besides, the most wanted first: the case meets the first of them that is
    found to be possible, or none of them.
    """
    wanted = [[search.either([{**goal, **way}]) for way in (*ways, {})] for goal in goals]
    plain = [keys[-1] for keys in wanted]
    rest, settled = search.sweep(search.one_of(plain), [key for keys in wanted for key in keys], attempts=ATTEMPTS_OF_ALL)
    possible = [n for n, key in enumerate(plain) if key not in rest]
    unseen = [key for n in possible for key in wanted[n] if key in rest]
    never, _ = search.sweep(search.one_of(unseen), unseen, attempts=ATTEMPTS_OF_ALL)
    looked_for = {n: next(key for key in wanted[n] if key not in never) for n in possible}
    found = _smallest(search, list(looked_for.values()))
    return [found[looked_for[n]] if n in looked_for else None if settled else _alone(search, plain[n]) for n in range(len(goals))]


def _smallest(search: Search, keys: Sequence[int]) -> dict[int, Shown]:
    """For each of some keys that can hold, a case of least cost in which it does."""
    choice = search.one_of(keys)
    shown: dict[int, Shown] = {}
    waiting = set(keys)
    for cost in range(len(search.space.over) + 1):
        waiting, settled = search.sweep(choice, waiting, cost, ATTEMPTS_OF_A_SIZE, lambda key, case: shown.update({key: case()}))
        if not settled:
            return shown | {key: _alone(search, key) for key in waiting}
        if not waiting:
            break
    return shown


def _alone(search: Search, key: int) -> Shown:
    """What a search for one goal alone comes to, where that for all of them was given up."""
    try:
        return search.smallest({key: True})
    except Unsettled as given_up:
        return given_up
