"""Minimal cases by increasing cost, for searches that consist mostly of proofs that there is none.

Two programs that hardly differ agree on nearly every case, so most of the search is a proof that no smaller case
distinguishes them. clingo's default heuristic finds such proofs up to a hundred times as fast as deciding "unrecorded"
first, which is good at finding small cases.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from kb.case import Case
from kb.space.search import FINDING, REFUTING, Goal, Search, Unsettled

EFFORT = 20_000  # conflicts after which a cost is skipped without a proof


@dataclass(frozen=True, slots=True)
class Least:
    """A case that meets a goal. `proved`: no case has a lower cost; otherwise some lower costs were skipped."""

    case: Case
    proved: bool


def refuting(search: Search) -> Search:
    """Sets the search to clingo's default heuristic, which is better at proving that there is no case. Returns it."""
    search.control.configuration.solver.heuristic = REFUTING
    return search


def least(search: Search, goal: Goal) -> Least | None:
    """A minimal case that meets a goal; None if there is none (proved).

    Errors: `Unsettled` if the search is given up without a case or a proof.
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
    """A case of that cost with few entries in its lists, if one is found soon: the heuristic leaves entries out first."""
    with suppress(Unsettled):
        return search.within(goal, cost, EFFORT, FINDING)
    return None
