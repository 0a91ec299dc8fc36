"""The team graph as tables: the text alternative of the picture."""

from __future__ import annotations

from dataclasses import dataclass
from string import ascii_uppercase

from explain.graph import said
from explain.graph.overlay import NOTHING, Overlay
from explain.words import capital
from queries.graph.model import Move, Named, TeamGraph

DECIDES = {"no": "the policy", "yes": "the managers", "in part": "the policy; at times the managers"}


@dataclass(frozen=True)
class Table:
    """Column titles and rows of cells; `ids` name what each row is about."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    ids: tuple[str, ...]


def tables(graph: TeamGraph, overlay: Overlay = NOTHING) -> tuple[Table, ...]:
    """Moves, sets of gates, teams, and a case for each move."""
    return moves(graph, overlay), checks(graph), teams(graph, overlay), cases(graph)


def moves(graph: TeamGraph, overlay: Overlay = NOTHING) -> Table:
    """One row a move. Gates are named by their set, as many moves share one."""
    sets = check_sets(graph)
    rows = tuple(
        (
            graph.name_of(move.origin),
            graph.name_of(move.to),
            said.point(move) + (" (by age alone)" if move.by_age else ""),
            DECIDES[move.discretionary],
            said.cited_in_full(move.clauses),
            ", ".join(move.exceptions) or "none",
            checked(move, sets),
            _names(move.attendance),
            move.takable,
            ", ".join(move.rules),
            overlay.note(move.id),
        )
        for move in graph.moves
    )
    columns = (
        "From",
        "To",
        "Transfer point",
        "Who decides",
        "Clauses",
        "Set aside by",
        "Checks and conditions",
        "Who attends or is told",
        "Can any case take it",
        "Rules",
        "Note",
    )
    return _table("Moves", columns, rows, tuple(move.id for move in graph.moves))


def teams(graph: TeamGraph, overlay: Overlay = NOTHING) -> Table:
    """One row a team, body or outcome."""
    rows = tuple(
        (
            capital(team.name),
            team.kind,
            ", ".join(team.names[1:]) or "none",
            capital("; ".join(filter(None, (*said.statements(graph, team), said.stands_for(graph, team)))) or "nothing more"),
            str(sum(move.to == team.code for move in graph.moves)),
            str(sum(move.origin == team.code for move in graph.moves)),
            ", ".join(team.clauses) or "none",
            overlay.note(team.code),
        )
        for team in graph.teams
    )
    columns = ("Name", "Kind", "Also called", "What the policy says of it", "Moves in", "Moves out", "Named in clauses", "Note")
    return _table("Teams, bodies and outcomes", columns, rows, tuple(team.code for team in graph.teams))


def checks(graph: TeamGraph) -> Table:
    """One row a set of gates."""
    sets = check_sets(graph)
    rows = tuple((name, _names(gates)) for gates, name in sets.items())
    return Table("Checks before a move counts", ("Set", "Checks"), rows, tuple(f"checks-{name}" for name in sets.values()))


def cases(graph: TeamGraph) -> Table:
    """One row for each move that a case takes, with a smallest such case."""
    taken = [move for move in graph.moves if move.witness]
    rows = tuple(
        (graph.name_of(move.origin), graph.name_of(move.to), said.point(move), capital(said.recorded(graph, move.witness)))
        for move in taken
    )
    columns = ("From", "To", "Transfer point", "What is recorded")
    return Table("A case that takes each move, with as few facts as can be", columns, rows, tuple(f"case--{m.id}" for m in taken))


def check_sets(graph: TeamGraph) -> dict[tuple[Named, ...], str]:
    """A name for each set of gates that a move has: A, B, ... Z, A2, ..."""
    sets = dict.fromkeys(move.gates for move in graph.moves if move.gates)
    names = (f"{letter}{round_ or ''}" for round_ in (0, *range(2, len(sets) + 2)) for letter in ascii_uppercase)
    return dict(zip(sets, names))


def checked(move: Move, sets: dict[tuple[Named, ...], str]) -> str:
    """The name of a move's set of gates, and the conditions of this move alone."""
    parts = (f"checks {sets[move.gates]}" if move.gates else "", *(capital(item.name) for item in move.conditions))
    return "; ".join(filter(None, parts)) or "none"


def _names(named: tuple[Named, ...]) -> str:
    return "; ".join(capital(item.name) for item in named) or "none"


def _table(title: str, columns: tuple[str, ...], rows: tuple[tuple[str, ...], ...], ids: tuple[str, ...]) -> Table:
    """A table without its last column, the notes, if that is empty in all rows."""
    if any(row[-1] for row in rows):
        return Table(title, columns, rows, ids)
    return Table(title, columns[:-1], tuple(row[:-1] for row in rows), ids)
