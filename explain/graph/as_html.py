"""The team graph as one HTML file: the picture and the same content as tables, without scripts or external resources.

Teams and moves in the picture link to their table rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from explain.graph import said
from explain.graph.as_picture import as_svg
from explain.graph.overlay import NOTHING, Overlay
from explain.graph.table import Table, tables
from kb.errors import many
from queries.graph.model import TeamGraph

STYLE = """
:root { color-scheme: light; --ink: #1a1a1a; --soft: #4a4a4a; --line: #b9c2c9; }
body { margin: 0; background: #fff; color: var(--ink); font: 1rem/1.5 system-ui, "Segoe UI", Arial, sans-serif; }
main { max-width: 96rem; margin: 0 auto; padding: 1.5rem 1.25rem 3rem; }
h1 { font-size: 1.7rem; line-height: 1.25; margin: 0 0 .4rem; }
h2 { font-size: 1.25rem; margin: 2rem 0 .5rem; border-bottom: 2px solid var(--ink); padding-bottom: .2rem; }
.soft { color: var(--soft); margin: .2rem 0; }
figure { margin: 1rem 0; overflow-x: auto; border: 1px solid var(--line); }
figure:focus-visible, a:focus-visible, .scroll:focus-visible { outline: 3px solid #0b57d0; outline-offset: 2px; }
svg { display: block; max-width: 100%; height: auto; margin: 0 auto; }
svg a:hover text, svg a:focus-visible text { text-decoration: underline; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .88rem; }
caption { text-align: left; color: var(--soft); padding: .3rem 0; }
th, td { text-align: left; vertical-align: top; padding: .35rem .7rem .35rem 0; border-bottom: 1px solid var(--line); }
tbody th { font-weight: 600; }
td { min-width: 4.5rem; }
tr:target { background: #fff3b0; outline: 2px solid var(--ink); }
@page { size: A4 landscape; margin: 12mm; }
@media print { main { max-width: none; padding: 0; } figure { border: 0; break-inside: avoid; } tr { break-inside: avoid; } }
"""


def as_html(graph: TeamGraph, overlay: Overlay = NOTHING) -> bytes:
    title = said.title(graph)
    body = "\n".join(_body(graph, overlay))
    page = (
        '<!DOCTYPE html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )
    return page.encode()


def _body(graph: TeamGraph, overlay: Overlay) -> Iterator[str]:
    yield f"<h1>{escape(said.title(graph))}</h1>"
    yield f'<p class="soft">{escape(said.source(graph))}</p>'
    if overlay.title:
        yield f"<p><strong>{escape(overlay.title)}</strong></p>"
    yield from (f"<p>{escape(line)}</p>" for line in overlay.lines)
    count = said.proof(graph) or f"{many(len(graph.moves), 'move')}."
    yield f'<p class="soft">Read off the rules. {escape(count)} The tables below say all that the picture shows, and more.</p>'
    picture = as_svg(graph, overlay).decode().split("\n", 1)[1]
    yield f'<figure tabindex="0" aria-label="The picture; the tables below say the same">\n{picture}</figure>'
    for table in tables(graph, overlay):
        yield from _table(table)


def _table(table: Table) -> Iterator[str]:
    if not table.rows:
        return
    name = escape(table.title)
    yield f'<h2>{name}</h2>\n<div class="scroll" tabindex="0" role="region" aria-label="{name}">\n<table>'
    yield f"<caption>{len(table.rows)} row{'s' if len(table.rows) != 1 else ''}</caption>"
    yield "<thead><tr>" + "".join(f'<th scope="col">{escape(column)}</th>' for column in table.columns) + "</tr></thead>\n<tbody>"
    for row, about in zip(table.rows, table.ids):
        first, *others = (escape(cell).replace("_", "_<wbr>") for cell in row)
        yield f'<tr id="about--{escape(about)}"><th scope="row">{first}</th>{"".join(f"<td>{cell}</td>" for cell in others)}</tr>'
    yield "</tbody></table>\n</div>"
