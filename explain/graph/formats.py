"""The output formats of the team graph."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from explain.graph.as_csv import as_csv
from explain.graph.as_dot import as_dot
from explain.graph.as_gexf import as_gexf
from explain.graph.as_graphml import as_graphml
from explain.graph.as_html import as_html
from explain.graph.as_json import as_json
from explain.graph.as_mermaid import as_mermaid
from explain.graph.as_picture import as_pdf, as_png, as_svg
from explain.graph.as_text import as_text
from explain.graph.overlay import Overlay
from kb.errors import Fault, InputError, did_you_mean
from queries.graph.model import TeamGraph

Writer = Callable[[TeamGraph, Overlay], bytes]

FORMATS: dict[str, Writer] = {
    "text": as_text,
    "dot": lambda graph, overlay: (as_dot(graph, overlay)).encode(),
    "svg": as_svg,
    "png": as_png,
    "pdf": as_pdf,
    "graphml": as_graphml,
    "gexf": as_gexf,
    "json": as_json,
    "mermaid": as_mermaid,
    "csv": as_csv,
    "html": as_html,
}
#: File endings that differ from the name of their format.
ENDINGS = {"txt": "text", "gv": "dot", "mmd": "mermaid", "htm": "html"}
#: Binary formats, which are not printed on a terminal.
BINARY = ("png", "pdf")


def format_for(name: str | None, out: Path | None) -> str:
    """The format given by name, else by the ending of `out`, else text. Errors: `InputError`."""
    if name is None and out is None:
        return "text"
    ending = (out.suffix.lower().lstrip(".") if out else "") if name is None else name.lower()
    form = ENDINGS.get(ending, ending) if name is None else ending
    if form in FORMATS:
        return form
    known = ", ".join(FORMATS)
    if name is None:
        raise InputError([Fault(str(out), f"the ending `{ending}` names no format", f"add --format, one of: {known}")])
    raise InputError([Fault("--format", f"there is no format `{name}`", did_you_mean(name, FORMATS) or f"formats: {known}")])
