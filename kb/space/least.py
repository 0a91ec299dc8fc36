"""Smallest cases found from below, for searches in which refuting is the work.

Two programs that hardly differ agree on nearly every case, so most of the search is a proof
that nothing smaller tells them apart. clingo's own order of decisions finds such proofs up
to a hundred times as fast as "unrecorded first", which is good for finding small cases.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from kb.case import Case
from kb.space.search import FINDING, REFUTING, Goal, Search, Unsettled

EFFORT = 20_000  # dead ends after which a size is passed over without a proof


@dataclass(frozen=True, slots=True)
class Least:
    """A case that meets a goal. `proved`: none records fewer facts; else some smaller sizes are not settled."""

    case: Case
    proved: bool


def refuting(search: Search) -> Search:
    """The search, set to refute rather than to find."""
    search.control.configuration.solver.heuristic = REFUTING
    return search


def least(search: Search, goal: Goal) -> Least | None:
    """A smallest case that meets a goal; None is a proof that there is none.

    Errors: `Unsettled` where the search is given up before there is either.
    """
    if not search.possible(goal):
        return None
    proved = True
    for cost in range(len(search.space.over) + 1):
        try:
            found = search.within(goal, cost, EFFORT)
        except Unsettled:
            proved = False
            continue
        if found is not None:
            return Least(_plain(search, goal, cost) or found, proved)
    raise Unsettled


def _plain(search: Search, goal: Goal, cost: int) -> Case | None:
    """A case of that size with few entries in its lists, if one is soon found: what is left out first stays out."""
    with suppress(Unsettled):
        return search.within(goal, cost, EFFORT, FINDING)
    return None
