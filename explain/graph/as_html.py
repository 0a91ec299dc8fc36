"""The team graph as one HTML file: the picture and the same content as tables, without scripts or external resources.

Teams and moves in the picture link to their table rows.
"""

from __future__ import annotations

from pathlib import Path

from explain.document.as_html import body, page
from explain.document.blocks import Block, Heading, Paragraph, Table, strong
from explain.graph import said
from explain.graph.as_picture import as_svg
from explain.graph.overlay import NOTHING, Overlay
from explain.graph.table import tables
from kb.errors import many
from queries.graph.model import TeamGraph

STYLE = Path(__file__).with_name("page.css")


def as_html(graph: TeamGraph, overlay: Overlay = NOTHING) -> bytes:
    title, count = said.title(graph), said.proof(graph) or f"{many(len(graph.moves), 'move')}."
    told = f"Read off the rules. {count} The tables below say all that the picture shows, and more."
    head: list[Block] = [Heading(1, title), Paragraph(said.source(graph), "soft")]
    head += [Paragraph(strong(overlay.title))] if overlay.title else []
    head += map(Paragraph, overlay.lines)
    picture = as_svg(graph, overlay).decode().split("\n", 1)[1]
    figure = f'<figure tabindex="0" aria-label="The picture; the tables below say the same">\n{picture}</figure>'
    below: list[Block] = []
    for table in tables(graph, overlay):
        if table.rows:
            caption = f"{table.title}: {len(table.rows)} row{'s' if len(table.rows) != 1 else ''}"
            ids = tuple(f"about--{name}" for name in table.ids)
            below += [Heading(2, table.title), Table(table.rows, table.columns, caption, ids=ids, kind="wide")]
    inside = "\n".join((body((*head, Paragraph(told, "soft"))), figure, body(below)))
    return page(title, STYLE, inside).encode()
