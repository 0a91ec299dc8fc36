"""The team graph as one CSV table: a row for each move, then one for each team."""

from __future__ import annotations

import csv
import io

from explain.escape import cell
from explain.graph.overlay import NOTHING, Overlay
from queries.graph.model import TeamGraph
from queries.graph.network import move_attributes, team_attributes


def as_csv(graph: TeamGraph, overlay: Overlay = NOTHING) -> bytes:
    """CSV with a byte-order mark. Column `row` is `move` or `team`; `from`, `to` and `code` hold codes."""
    rows: list[dict[str, object]] = [
        {"row": "move", "from": m.origin, "to": m.to, **move_attributes(graph, m, overlay.note(m.id))} for m in graph.moves
    ]
    rows += [{"row": "team", "code": t.code, **team_attributes(t, overlay.note(t.code))} for t in graph.teams]
    columns = list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows({name: _cell(value) for name, value in row.items()} for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return cell(str(value))
