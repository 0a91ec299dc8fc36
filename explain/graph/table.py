"""The same as the picture, as tables: the text alternative of every picture."""

from __future__ import annotations

from dataclasses import dataclass

from explain.graph import said
from explain.graph.overlay import NOTHING, Overlay
from explain.words import capital
from queries.graph.model import Named, TeamGraph


@dataclass(frozen=True)
class Table:
    """Column titles, and rows of cells; `ids` name what each row is about."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    ids: tuple[str, ...]


def tables(graph: TeamGraph, overlay: Overlay = NOTHING) -> tuple[Table, Table]:
    """All moves, then all teams. A column of notes is there only if something is noted."""
    return moves(graph, overlay), teams(graph, overlay)


def moves(graph: TeamGraph, overlay: Overlay = NOTHING) -> Table:
    """One row a move."""
    rows = tuple(
        (
            graph.name_of(move.origin),
            graph.name_of(move.to),
            said.point(move),
            said.cited_in_full(move.clauses),
            ", ".join(move.rules),
            {"no": "no", "yes": "yes: the managers decide", "in part": "at times"}[move.discretionary],
            "yes" if move.by_age else "no",
            ", ".join(move.exceptions) or "none",
            _names(move.gates),
            _names(move.conditions),
            _names(move.attendance),
            move.takable,
            overlay.note(move.id),
        )
        for move in graph.moves
    )
    columns = (
        "From",
        "To",
        "Transfer point",
        "Clauses",
        "Rules",
        "Discretionary",
        "By age alone",
        "Set aside by",
        "Checks before it counts",
        "Conditions of this move",
        "Who attends or is told",
        "Can any case take it",
        "Note",
    )
    return _table("Moves", columns, rows, tuple(move.id for move in graph.moves))


def teams(graph: TeamGraph, overlay: Overlay = NOTHING) -> Table:
    """One row a team, body or outcome."""
    rows = tuple(
        (
            team.name,
            team.kind,
            ", ".join(team.names[1:]) or "none",
            "; ".join(filter(None, (*said.statements(graph, team), said.stands_for(graph, team)))) or "nothing more",
            str(sum(move.to == team.code for move in graph.moves)),
            str(sum(move.origin == team.code for move in graph.moves)),
            ", ".join(team.clauses) or "none",
            overlay.note(team.code),
        )
        for team in graph.teams
    )
    columns = ("Name", "Kind", "Also called", "What the policy says of it", "Moves in", "Moves out", "Clauses", "Note")
    return _table("Teams, bodies and outcomes", columns, rows, tuple(team.code for team in graph.teams))


def _names(named: tuple[Named, ...]) -> str:
    return "; ".join(capital(item.name) for item in named) or "none"


def _table(title: str, columns: tuple[str, ...], rows: tuple[tuple[str, ...], ...], ids: tuple[str, ...]) -> Table:
    """A table without its last column, the notes, where that is empty throughout."""
    if any(row[-1] for row in rows):
        return Table(title, columns, rows, ids)
    return Table(title, columns[:-1], tuple(row[:-1] for row in rows), ids)
