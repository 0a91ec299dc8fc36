"""The team graph as plain text, team by team; the text alternative of the picture."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from explain.graph import said
from explain.graph.overlay import NOTHING, Overlay
from explain.graph.table import check_sets, checked
from explain.words import capital
from queries.graph.model import Move, Named, TeamGraph


def as_text(graph: TeamGraph, overlay: Overlay = NOTHING) -> bytes:
    return ("\n".join(_lines(graph, overlay)) + "\n").encode()


def _lines(graph: TeamGraph, overlay: Overlay) -> Iterator[str]:
    yield said.title(graph)
    yield said.source(graph)
    if said.proof(graph):
        yield said.proof(graph)
    if overlay.title:
        yield f"\n{overlay.title}"
    yield from (f"  {line}" for line in overlay.lines)
    sets = check_sets(graph)
    for team in graph.teams:
        yield f"\n{capital(team.name)}"
        about = (*said.statements(graph, team), said.stands_for(graph, team), overlay.note(team.code))
        yield from (f"  {capital(text)}." for text in about if text)
        leaving = [move for move in graph.moves if move.origin == team.code]
        for to, moves in groupby(leaving, key=lambda move: move.to):
            yield f"  to {graph.name_of(to)}"
            for move in moves:
                yield from _move(move, overlay, sets)
        if not leaving and team.code in graph.moving:
            yield "  No move leads on from here."
    if sets:
        yield "\nChecks before a move counts"
        for gates, name in sets.items():
            yield f"  {name}: {'; '.join(capital(gate.name) for gate in gates)}."


def _move(move: Move, overlay: Overlay, sets: dict[tuple[Named, ...], str]) -> Iterator[str]:
    note = overlay.note(move.id)
    yield f"    {', '.join((said.point(move), *said.remarks(move)))}  [{said.cited(move.clauses)}]"
    if note:
        yield f"      {capital(note)}"
    if move.gates or move.conditions:
        yield f"      {capital(checked(move, sets))}"
    yield from (f"      {capital(item.name)}" for item in move.attendance)
