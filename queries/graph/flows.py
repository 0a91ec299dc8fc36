"""How many children of a caseload took each move, and where they are now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from queries.graph.model import Key
from queries.graph.place import Place


@dataclass(frozen=True)
class Flows:
    """Numbers of cases: `taken` by move, `ahead` by move and status, `held` by team, `open` by status if no team is settled."""

    cases: int
    taken: Counter[Key]
    ahead: Counter[tuple[Key, str]]
    held: Counter[str]
    open: Counter[str]


def flows(places: Iterable[Place]) -> Flows:
    found = Flows(0, Counter(), Counter(), Counter(), Counter())
    cases = 0
    for place in places:
        cases += 1
        found.taken.update({move.key for move in place.taken if move.key[2]})
        found.ahead.update({(move.key, move.status) for move in place.ahead})
        if len(place.possible) == 1:
            found.held[place.possible[0]] += 1
        else:
            found.open[place.status] += 1
    return Flows(cases, found.taken, found.ahead, found.held, found.open)
