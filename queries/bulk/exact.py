"""Exact possible teams for the undecided children of a caseload, computed case by case."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from kb.engines.forward import Forward
from queries.bulk.caseload import BOUNDS, EXACT, NONE_OF_THEM, SETTLED, Caseload, put, with_names
from queries.decide import Decision
from queries.exact import decide_exactly


def bounds(found: Caseload) -> list[int]:
    """The rows whose possible teams are an upper bound only."""
    rows: list[int] = np.flatnonzero(found.exact == BOUNDS).tolist()
    return rows


def made_exact(found: Caseload, done: Callable[[int], None] = lambda count: None) -> Caseload:
    """A copy with exact possible teams, except where they can't be settled. `done` is called with 1 for each case."""
    vocabulary, engine = found.program.policy.vocabulary, Forward()
    answers: dict[int, Decision] = {}
    for row in bounds(found):
        answers[row] = decide_exactly(found.program, found.table.case(row, vocabulary), engine)
        done(1)
    if not answers:
        return found
    names = ("status", "team", "move", "on", "next_move", "next_on", "differs", "exact")
    told: dict[str, Any] = {name: getattr(found, name).copy() for name in names}
    for row, answer in answers.items():
        told["exact"][row] = BOUNDS if not answer.exact else EXACT if answer.responsible_team is None else SETTLED
        if answer.responsible_team is not None:
            put(told, row, answer, found)
            known = found.record[row] != NONE_OF_THEM
            told["differs"][row] = int(told["team"][row] != found.record[row]) if known else -1
    possible = with_names(found.possible, {row: answer.possible_teams for row, answer in answers.items()})
    return replace(found, possible=possible, **told)
