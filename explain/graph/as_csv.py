"""The team graph as one table for a spreadsheet: a row a move, then a row a team."""

from __future__ import annotations

import csv
import io

from explain.escape import cell
from explain.graph.overlay import NOTHING, Overlay
from queries.graph.model import TeamGraph
from queries.graph.network import move_attributes, team_attributes


def as_csv(graph: TeamGraph, overlay: Overlay = NOTHING) -> bytes:
    """CSV text with the attributes of the other files as columns, marked as UTF-8 for spreadsheets.

    Column `row` says whether a row is a `move` or a `team`; `from`, `to` and `code` are codes.
    """
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
