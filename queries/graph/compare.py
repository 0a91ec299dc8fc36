"""Compares two team graphs: moves added, gone and changed.

Teams and transfer points are matched by code. Two councils may share few teams or none; only moves between
shared teams are compared, and the others are counted as not comparable.
"""

from __future__ import annotations

from dataclasses import dataclass

from queries.graph.model import Move, TeamGraph

#: The attributes of a move that are compared, with their names.
_PARTS = (
    ("clauses", "clauses"),
    ("discretionary", "whether the managers decide"),
    ("by_age", "whether it hangs on age alone"),
    ("exceptions", "clauses that set it aside"),
    ("readings", "readings it rests on"),
    ("gates", "checks"),
    ("conditions", "conditions"),
    ("attendance", "who attends or is told"),
    ("takable", "whether any case can take it"),
)


@dataclass(frozen=True, slots=True)
class Change:
    """An attribute of a move before and after, as text."""

    part: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Changed:
    """A move of both graphs with different attributes."""

    before: Move
    after: Move
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Comparison:
    """The result of a comparison. Moves are compared only between shared teams.

    `not_comparable`: number of other moves in each. `at_points`: shared transfer points with the moves of each graph.
    """

    shared_teams: tuple[str, ...]
    only_before: tuple[str, ...]
    only_after: tuple[str, ...]
    added: tuple[Move, ...]
    gone: tuple[Move, ...]
    changed: tuple[Changed, ...]
    same: tuple[Move, ...]
    not_comparable: tuple[int, int]
    at_points: tuple[tuple[str, tuple[Move, ...], tuple[Move, ...]], ...]


def compare(before: TeamGraph, after: TeamGraph) -> Comparison:
    here, there = ({team.code for team in graph.teams} for graph in (before, after))
    shared = here & there
    old = {move.key: move for move in before.moves if {move.origin, move.to} <= shared}
    new = {move.key: move for move in after.moves if {move.origin, move.to} <= shared}
    pairs = [(move, new[key]) for key, move in old.items() if key in new]
    changed = [Changed(a, b, found) for a, b in pairs if (found := _changes(a, b))]
    differing = {change.before.key for change in changed}
    return Comparison(
        shared_teams=tuple(team.code for team in before.teams if team.code in shared),
        only_before=tuple(team.code for team in before.teams if team.code not in shared),
        only_after=tuple(team.code for team in after.teams if team.code not in shared),
        added=tuple(move for key, move in new.items() if key not in old),
        gone=tuple(move for key, move in old.items() if key not in new),
        changed=tuple(changed),
        same=tuple(move for move, _ in pairs if move.key not in differing),
        not_comparable=(len(before.moves) - len(old), len(after.moves) - len(new)),
        at_points=_at_points(before, after),
    )


def _changes(before: Move, after: Move) -> tuple[Change, ...]:
    found = []
    for part, words in _PARTS:
        was, now = _plain(getattr(before, part)), _plain(getattr(after, part))
        if was != now:
            found.append(Change(words, was, now))
    return tuple(found)


def _plain(value: object) -> str:
    """An attribute of a move as text: clause ids and codes, in order."""
    if isinstance(value, tuple):
        return ", ".join(str(getattr(item, "clause", getattr(item, "name", item))) for item in value) or "none"
    return {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value)


def _at_points(before: TeamGraph, after: TeamGraph) -> tuple[tuple[str, tuple[Move, ...], tuple[Move, ...]], ...]:
    old, new = ({move.point for move in graph.moves} for graph in (before, after))
    points = dict.fromkeys(move.point for move in before.moves if move.point in old & new)
    return tuple(
        (point, tuple(m for m in before.moves if m.point == point), tuple(m for m in after.moves if m.point == point))
        for point in points
    )
