"""The team graph as GEXF, for Gephi.

GEXF has no graph attributes, so policy and version are in its description.
"""

from __future__ import annotations

from xml.etree import ElementTree as ET

import networkx as nx

from explain.graph import said
from explain.graph.overlay import NOTHING, Overlay
from queries.graph.model import TeamGraph
from queries.graph.network import network

GEXF = "http://www.gexf.net/1.2draft"


def as_gexf(graph: TeamGraph, overlay: Overlay = NOTHING) -> bytes:
    """GEXF without the current date and the edge keys that networkx adds."""
    ET.register_namespace("", GEXF)
    root = ET.fromstring("\n".join(nx.generate_gexf(network(graph, overlay.notes))))
    meta = root.find(f"{{{GEXF}}}meta")
    assert meta is not None
    meta.attrib.clear()
    meta[:] = []
    ET.SubElement(meta, f"{{{GEXF}}}creator").text = "whichteam"
    ET.SubElement(meta, f"{{{GEXF}}}description").text = f"{said.title(graph)}. {said.source(graph)}. {said.proof(graph)}".strip()
    _without_keys(root)
    ET.indent(root)
    text = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode()


def _without_keys(root: ET.Element) -> None:
    """Removes the edge attribute `key`, which repeats the edge id."""
    for attributes in root.iter(f"{{{GEXF}}}attributes"):
        for declared in list(attributes):
            if attributes.get("class") == "edge" and declared.get("title") == "key":
                attributes.remove(declared)
                number = declared.get("id")
                for values in (v for edge in root.iter(f"{{{GEXF}}}edge") for v in edge.iter(f"{{{GEXF}}}attvalues")):
                    values[:] = [value for value in values if value.get("for") != number]
