"""The team graph as a networkx graph with scalar attributes.

GraphML and GEXF have no lists, so lists are joined with `; `. All nodes and all edges have all attributes, so
that a file read back equals the graph. The schema is `docs/graph.md`; a test compares the two.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import networkx as nx

from queries.graph.model import Move, Team, TeamGraph

Scalar = str | bool
#: Version of the attributes below; incremented when one changes its name or meaning.
SCHEMA = "1"
SEPARATOR = "; "


def network(graph: TeamGraph, notes: Mapping[str, str] | None = None) -> nx.MultiDiGraph[str]:
    """The graph as a MultiDiGraph with team codes as nodes and move ids as edge keys.

    `notes`: remarks by team code or move id, such as flow counts.
    """
    notes = notes or {}
    made: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    made.graph.update(graph_attributes(graph))
    for team in graph.teams:
        made.add_node(team.code, **team_attributes(team, notes.get(team.code, "")))
    for move in graph.moves:
        attributes = move_attributes(graph, move, notes.get(move.id, ""))
        made.add_edge(move.origin, move.to, key=move.id, **attributes)
    return made


def ways(graph: TeamGraph) -> nx.DiGraph[str]:
    """The teams with a single edge for all moves between two of them."""
    made: nx.DiGraph[str] = nx.DiGraph()
    made.add_nodes_from(team.code for team in graph.teams)
    made.add_edges_from((move.origin, move.to) for move in graph.moves)
    return made


def graph_attributes(graph: TeamGraph) -> dict[str, Scalar]:
    return {
        "schema": SCHEMA,
        "policy": graph.policy,
        "council": graph.name,
        "document": graph.document,
        "version": graph.version,
        "readings": _joined(f"{name}={setting}" for name, setting in graph.readings),
        "checked_on": graph.checked_on,
    }


def team_attributes(team: Team, note: str = "") -> dict[str, Scalar]:
    return {
        "label": team.name,
        "kind": team.kind,
        "names": _joined(team.names),
        "clauses": _joined(team.clauses),
        "front_door": team.is_front_door,
        "never_holds": bool(team.said("never_holds")),
        "outside": bool(team.said("outside")),
        "passes_on": bool(team.said("passes_on")),
        "by_agreement": bool(team.said("agreement_counts")),
        "instead": _joined(s.other for s in team.said("in_place_of")),
        "works_with": _joined(dict.fromkeys(s.other for s in team.said("co_working"))),
        "attends": _joined(dict.fromkeys(s.other for s in team.said("attendance"))),
        "grounds": _joined(" ".join(filter(None, (s.what, s.other, ", ".join(s.clauses)))) for s in team.statements),
        "note": note,
    }


def move_attributes(graph: TeamGraph, move: Move, note: str = "") -> dict[str, Scalar]:
    return {
        "id": move.id,
        "label": move.point_name,
        "point": move.point,
        "from_name": graph.name_of(move.origin),
        "to_name": graph.name_of(move.to),
        "discretionary": move.discretionary,
        "by_age": move.by_age,
        "clauses": _joined(cited.clause for cited in move.clauses),
        "lines": _joined(f"{cited.clause} {' '.join(map(str, cited.lines))}" for cited in move.clauses),
        "force": _joined(f"{cited.clause} {cited.force}" for cited in move.clauses),
        "rules": _joined(move.rules),
        "exceptions": _joined(move.exceptions),
        "readings": _joined(move.readings),
        "gates": _joined(gate.code for gate in move.gates),
        "gate_names": _joined(gate.name for gate in move.gates),
        "conditions": _joined(gate.code for gate in move.conditions),
        "condition_names": _joined(gate.name for gate in move.conditions),
        "attendance": _joined(named.code for named in move.attendance),
        "attendance_names": _joined(named.name for named in move.attendance),
        "takable": move.takable,
        "witness": move.witness,
        "note": note,
    }


def _joined(items: Iterable[str]) -> str:
    return SEPARATOR.join(items)
