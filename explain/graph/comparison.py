"""The comparison of two team graphs as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterator

from explain.graph import said
from explain.printed import json_text
from queries.graph.compare import Comparison
from queries.graph.model import Move, TeamGraph


def as_text(before: TeamGraph, after: TeamGraph, result: Comparison) -> str:
    return "\n".join(_lines(before, after, result)) + "\n"


def _lines(before: TeamGraph, after: TeamGraph, result: Comparison) -> Iterator[str]:
    yield f"A: {before.name}, {said.source(before)}{_readings(before, after)}"
    yield f"B: {after.name}, {said.source(after)}{_readings(after, before)}"
    yield f"\nTeams and outcomes in both: {_names(before, result.shared_teams)}"
    yield f"Only in A: {_names(before, result.only_before)}"
    yield f"Only in B: {_names(after, result.only_after)}"
    if not (result.added or result.gone or result.changed or result.same):
        yield "\nNo move joins teams that both know, so no move can be said to be added, gone or changed."
    else:
        for title, graph, moves in (("Added", after, result.added), ("Gone", before, result.gone)):
            yield f"\n{title}: {len(moves)}"
            yield from (f"  {_move(graph, move)}" for move in moves)
        yield f"\nChanged: {len(result.changed)}"
        for pair in result.changed:
            yield f"  {_move(after, pair.after)}"
            yield from (f"    {change.part}: {change.before} → {change.after}" for change in pair.changes)
        yield f"\nThe same: {len(result.same)}"
    old, new = result.not_comparable
    if old or new:
        yield f"\nNot comparable, as they name a team that only one knows: {old} moves of A, {new} of B."
        yield "Transfer points that both know, with the moves of each:" if result.at_points else "They share no transfer point."
        for _, ours, theirs in result.at_points:
            yield f"  {said.point(ours[0])}"
            yield from (f"    A: {_ends(before, move)}" for move in ours)
            yield from (f"    B: {_ends(after, move)}" for move in theirs)


def _readings(graph: TeamGraph, other: TeamGraph) -> str:
    differing = said.differing_readings(graph, other)
    return f", read with {differing}" if differing else ""


def _names(graph: TeamGraph, codes: tuple[str, ...]) -> str:
    return ", ".join(graph.name_of(code) for code in codes) or "none"


def _ends(graph: TeamGraph, move: Move) -> str:
    return f"{graph.name_of(move.origin)} → {graph.name_of(move.to)} [{said.cited(move.clauses)}]"


def _move(graph: TeamGraph, move: Move) -> str:
    return f"{graph.name_of(move.origin)} → {graph.name_of(move.to)}: {said.point(move)} [{said.cited(move.clauses)}]"


def as_json(before: TeamGraph, after: TeamGraph, result: Comparison) -> str:
    """JSON with teams as codes and moves as ids."""
    document = {
        "before": {"policy": before.policy, "version": before.version, "readings": dict(before.readings)},
        "after": {"policy": after.policy, "version": after.version, "readings": dict(after.readings)},
        "shared_teams": result.shared_teams,
        "only_before": result.only_before,
        "only_after": result.only_after,
        "added": [move.id for move in result.added],
        "gone": [move.id for move in result.gone],
        "changed": [
            {"move": pair.after.id, "changes": [{"part": c.part, "before": c.before, "after": c.after} for c in pair.changes]}
            for pair in result.changed
        ],
        "same": [move.id for move in result.same],
        "not_comparable": {"before": result.not_comparable[0], "after": result.not_comparable[1]},
        "at_points": {
            point: {"before": [move.id for move in ours], "after": [move.id for move in theirs]}
            for point, ours, theirs in result.at_points
        },
    }
    return json_text(document)
