"""The team graph as GraphML, for yEd, Gephi, igraph and others."""

from __future__ import annotations

import networkx as nx

from explain.graph.overlay import NOTHING, Overlay
from queries.graph.model import TeamGraph
from queries.graph.network import network


def as_graphml(graph: TeamGraph, overlay: Overlay = NOTHING) -> bytes:
    """GraphML. Edge ids are move ids."""
    lines = nx.generate_graphml(network(graph, overlay.notes), edge_id_from_attribute="id")
    return ('<?xml version="1.0" encoding="UTF-8"?>\n' + "\n".join(lines) + "\n").encode()
