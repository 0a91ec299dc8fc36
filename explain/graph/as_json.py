"""The team graph as JSON in networkx' node-link form; `docs/graph.md` lists the attributes."""

from __future__ import annotations

import networkx as nx

from explain.graph.overlay import NOTHING, Overlay
from explain.printed import json_text
from queries.graph.model import TeamGraph
from queries.graph.network import network


def as_json(graph: TeamGraph, overlay: Overlay = NOTHING) -> bytes:
    """JSON that `networkx.node_link_graph(document, edges="edges")` reads."""
    document = nx.node_link_data(network(graph, overlay.notes), edges="edges")
    return json_text(document).encode()
