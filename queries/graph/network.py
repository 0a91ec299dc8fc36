"""The team graph as a networkx graph whose attributes are plain text, numbers and yes/no.

GraphML and GEXF know no lists, so lists are joined with `; `. Every node and every edge
has every attribute, so that a file read back equals the graph. `docs/graph.md` is the
schema; a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import networkx as nx

from queries.graph.model import Move, Team, TeamGraph

Scalar = str | bool
#: Version of the attributes below; it goes up when one changes its name or meaning.
SCHEMA = "1"
SEPARATOR = "; "


def network(graph: TeamGraph, notes: Mapping[str, str] | None = None) -> nx.MultiDiGraph[str]:
    """The graph as a MultiDiGraph: nodes are team codes, edge keys the ids of moves.

    `notes` are remarks on teams (by code) and moves (by id), such as flow counts.
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
    """The teams with one edge between two of them, however many moves join them."""
    made: nx.DiGraph[str] = nx.DiGraph()
    made.add_nodes_from(team.code for team in graph.teams)
    made.add_edges_from((move.origin, move.to) for move in graph.moves)
    return made


def graph_attributes(graph: TeamGraph) -> dict[str, Scalar]:
    """Attributes of the whole graph."""
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
    """Attributes of one node."""
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
    """Attributes of one edge."""
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
