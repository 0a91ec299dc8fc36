"""Searches for many goals at once, so that they share cases, proofs and what clingo learns.

Costs are tried in increasing order, so the first case that meets a goal is one of least cost.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kb.case import Case
from kb.space.search import FINDING, REFUTING, Attempts, Goal, Search, Unsettled

Shown = Case | Unsettled | None  # a case; Unsettled if the search was given up; None if it is proved that there is none

#: Heuristics tried for one cost, each with its limit of conflicts.
ATTEMPTS_OF_A_SIZE: Attempts = ((FINDING, 150), (REFUTING, 30_000))
#: The same without a bound on the cost. The limits are higher, as one proof serves many goals.
ATTEMPTS_OF_ALL: Attempts = ((FINDING, 2_000), (REFUTING, 150_000))


def can_hold(search: Search, keys: Iterable[int]) -> tuple[frozenset[int], frozenset[int]]:
    """The keys that hold in some case, and those for which the search was given up. The others hold in no case (proved)."""
    every = dict.fromkeys(keys)
    rest, settled = search.sweep(search.choice_among(every), every, attempts=ATTEMPTS_OF_ALL)
    unsettled: set[int] = set()
    for key in () if settled else sorted(rest):
        try:
            rest -= {key} if search.possible({key: True}) else set()
        except Unsettled:
            unsettled.add(key)
    return frozenset(every.keys() - rest), frozenset(unsettled)


def smallest_of_each(search: Search, goals: Sequence[Goal], ways: Sequence[Goal] = ()) -> list[Shown]:
    """For each goal a case of least cost that meets it; None if there is none (proved).

    `ways` are additional wishes, the most wanted first: each case meets the first of them that can be met together with
    its goal, or none if none can.
    """
    wanted = [[search.either([{**goal, **way}]) for way in (*ways, {})] for goal in goals]
    plain = [keys[-1] for keys in wanted]
    every = [key for keys in wanted for key in keys]
    rest, settled = search.sweep(search.choice_among(plain), every, attempts=ATTEMPTS_OF_ALL)
    possible = [n for n, key in enumerate(plain) if key not in rest]
    unseen = [key for n in possible for key in wanted[n] if key in rest]
    never, ways_settled = search.sweep(search.choice_among(unseen), unseen, attempts=ATTEMPTS_OF_ALL)
    looked_for = {n: next(key for key in wanted[n] if key not in never) for n in possible}
    open_ = {n for n, key in looked_for.items() if not ways_settled and key != wanted[n][0]}
    found = _smallest(search, [key for n, key in looked_for.items() if n not in open_])
    shown: list[Shown] = []
    for n, keys in enumerate(wanted):
        if n in open_ or (n not in looked_for and not settled):
            shown.append(_in_turn(search, keys))
        else:
            shown.append(found[looked_for[n]] if n in looked_for else None)
    return shown


def _in_turn(search: Search, keys: Iterable[int]) -> Shown:
    """The result for the first of some keys that can hold, searched one by one."""
    return next((shown for key in keys if (shown := _alone(search, key)) is not None), None)


def _smallest(search: Search, keys: Sequence[int]) -> dict[int, Shown]:
    """For each of some keys that can hold, the first case of least cost in which it holds."""
    choice = search.choice_among(keys)
    shown: dict[int, Shown] = {}
    waiting = set(keys)
    for cost in range(len(search.space.over) + 1):
        before = waiting
        waiting, settled = search.sweep(choice, waiting, cost, ATTEMPTS_OF_A_SIZE)
        shown |= {key: search.first({key: True}, cost) for key in sorted(before - waiting)}
        if not settled:
            return shown | {key: _alone(search, key) for key in waiting}
        if not waiting:
            break
    return shown


def _alone(search: Search, key: int) -> Shown:
    """The result of a search for one key alone."""
    try:
        return search.smallest({key: True})
    except Unsettled as given_up:
        return given_up
