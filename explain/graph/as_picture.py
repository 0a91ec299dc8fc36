"""The team graph as a picture: SVG, PNG, PDF.

The SVG has a title, the moves in words, and ids that depend only on codes: `team--CODE`,
`way--FROM--TO`, `move--FROM--TO--POINT`. A line that stands for several moves is wrapped in one group
for each of them.
"""

from __future__ import annotations

from xml.etree import ElementTree as ET

from explain.graph import said
from explain.graph.as_dot import as_dot, boxes
from explain.graph.drawing import draw
from explain.graph.overlay import NOTHING, Overlay
from queries.graph.model import TeamGraph

SVG = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"


def as_png(graph: TeamGraph, overlay: Overlay = NOTHING) -> bytes:
    return draw(as_dot(graph, overlay), "png")


def as_pdf(graph: TeamGraph, overlay: Overlay = NOTHING) -> bytes:
    """The picture as PDF. Errors: `InputError` if Graphviz' `dot` is not installed."""
    return draw(as_dot(graph, overlay), "pdf")


def as_svg(graph: TeamGraph, overlay: Overlay = NOTHING) -> bytes:
    """The picture as SVG, with its content also as text in `desc`."""
    ET.register_namespace("", SVG)
    ET.register_namespace("xlink", XLINK)
    root = ET.fromstring(draw(as_dot(graph, overlay), "svg"))
    parents = {child: parent for parent in root.iter() for child in parent}
    for element in list(root.iter(f"{{{SVG}}}title")):  # Graphviz' titles are codes that browsers show as tooltips
        parents[element].remove(element)
    _name_lines(root, graph, overlay)
    _describe(root, graph, overlay)
    text = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode()


def _name_lines(root: ET.Element, graph: TeamGraph, overlay: Overlay) -> None:
    """Gives links the ids of their moves and teams, and wraps shared lines in a group for each further move."""
    further = {f"move--{line[0].id}": line[1:] for box in boxes(graph, overlay) for line in box.lines}
    ids = {element.get("id") for element in root.iter()}
    for group in [group for group in root.iter(f"{{{SVG}}}g") if group.get("id", "").startswith("a_")]:
        name = group.attrib.pop("id").removeprefix("a_")  # Graphviz prefixes link ids with `a_`
        if name not in ids:
            group.set("id", name)
        for move in further.get(name, ()):
            inner = ET.Element(f"{{{SVG}}}g", {"id": f"move--{move.id}"})
            inner.extend(list(group))
            group[:] = [inner]


def _describe(root: ET.Element, graph: TeamGraph, overlay: Overlay) -> None:
    title, words = ET.Element(f"{{{SVG}}}title", {"id": "picture-title"}), ET.Element(f"{{{SVG}}}desc", {"id": "picture-words"})
    title.text = ". ".join(filter(None, (said.title(graph), said.source(graph), overlay.title)))
    words.text = "\n".join(
        f"From {graph.name_of(move.origin)} to {graph.name_of(move.to)}: "
        + "; ".join(filter(None, (said.point(move), *said.remarks(move), said.cited(move.clauses), overlay.note(move.id))))
        + "."
        for move in graph.moves
    )
    root[:] = [title, words, *root]
    root.set("role", "group")
    root.set("aria-labelledby", "picture-title")
    root.set("aria-describedby", "picture-words")
