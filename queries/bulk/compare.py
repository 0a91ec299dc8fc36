"""The children whose answers differ between two caseloads, such as two policies or two readings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from queries.bulk.caseload import NONE_OF_THEM, Caseload, Numbers, Several

#: The parts of an answer that are compared, in display order.
PARTS = ("answer", "team", "possible teams", "move", "day of the move", "blocked by")


@dataclass(frozen=True)
class Changes:
    """The children whose answer changed. `before` and `after` are their rows in the two caseloads.

    `parts[name]` says for each pair whether that part changed. `compared` is how many children are in both.
    """

    compared: int
    before: Numbers
    after: Numbers
    parts: dict[str, NDArray[np.bool_]]

    def counts(self) -> dict[str, int]:
        return {name: int(changed.sum()) for name, changed in self.parts.items()}

    def of_child(self, place: int) -> list[str]:
        return [name for name, changed in self.parts.items() if changed[place]]


def compare(before: Caseload, after: Caseload) -> Changes:
    """The children of both caseloads (by case id) whose answers differ."""
    there = {case_id: row for row, case_id in enumerate(after.table.ids)}
    pairs = [(row, there[case_id]) for row, case_id in enumerate(before.table.ids) if case_id in there]
    left, right = np.array(pairs, np.int64).reshape(-1, 2).T
    moves = [move for found in (before, after) for move in found.moves]
    parts = {
        "answer": _mapped(before.status, before.statuses, left) != _mapped(after.status, before.statuses, right, after.statuses),
        "team": _mapped(before.team, before.teams, left) != _mapped(after.team, before.teams, right, after.teams),
        "possible teams": _several(before.possible, left, after.possible, right),
        "move": _mapped(before.move, moves, left, before.moves) != _mapped(after.move, moves, right, after.moves),
        "day of the move": before.on[left] != after.on[right],
        "blocked by": _several(before.blocked_by, left, after.blocked_by, right),
    }
    changed = np.flatnonzero(np.any(list(parts.values()), axis=0))
    return Changes(len(left), left[changed], right[changed], {name: parts[name][changed] for name in PARTS})


def _mapped(numbers: Numbers, shared: Sequence[object], rows: Numbers, own: Sequence[object] | None = None) -> Numbers:
    """Indices of some rows translated into a shared list; names that it lacks get indices after its end."""
    if own is None:
        return numbers[rows]
    places = [shared.index(name) if name in shared else len(shared) + n for n, name in enumerate(own)]
    return np.array([*places, NONE_OF_THEM])[numbers[rows]]


def _several(before: Several, left: Numbers, after: Several, right: Numbers) -> NDArray[np.bool_]:
    """Whether the sets of names of two cases differ."""
    names = list(dict.fromkeys([*before.names, *after.names]))
    return np.not_equal(_fingerprint(before, left, names), _fingerprint(after, right, names))


def _fingerprint(several: Several, rows: Numbers, names: list[str]) -> NDArray[np.uint64]:
    """A hash of each case's set of names: the sum of one random number a name."""
    own = np.random.default_rng(1).integers(1, 2**63, len(names), dtype=np.uint64)
    weights = own[[names.index(name) for name in several.names]]
    sums = np.concatenate([np.zeros(1, np.uint64), np.cumsum(weights[several.codes], dtype=np.uint64)])
    totals = sums[several.offsets[1:]] - sums[several.offsets[:-1]]
    return np.asarray(totals[rows])
