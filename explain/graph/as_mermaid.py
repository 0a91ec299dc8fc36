"""The team graph as a Mermaid flowchart."""

from __future__ import annotations

from explain.graph import said
from explain.graph.as_dot import boxes
from explain.graph.overlay import NOTHING, Overlay
from queries.graph.model import NO, YES, Move, Team, TeamGraph

#: Characters with a meaning in Mermaid or its labels, with their escapes.
_ESCAPED = str.maketrans({'"': "#quot;", "<": "#lt;", ">": "#gt;", "&": "#38;", "#": "#35;", "`": "#96;", ";": "#59;"})


def as_mermaid(graph: TeamGraph, overlay: Overlay = NOTHING) -> bytes:
    """Mermaid text: one arrow for each pair of teams, its label with one line a transfer point."""
    lines = ["---", f"title: {_title(graph, overlay)}", "---", "flowchart TB"]
    lines += [f"  %% {text}" for text in (said.source(graph), said.proof(graph)) if text]
    lines += [f"  {_team(graph, team, overlay)}" for team in graph.teams if team.code in graph.moving or team.is_front_door]
    for box in boxes(graph, overlay):
        for n, origin in enumerate(box.origins):
            lines.append(f"  {_way(origin, box.to, [line[n] for line in box.lines], overlay)}")
    lines += [
        "  classDef door fill:#dcebf7,stroke:#1a1a1a,stroke-width:3px,color:#1a1a1a",
        "  classDef team fill:#ffffff,stroke:#1a1a1a,color:#1a1a1a",
        "  classDef ending fill:#f3ead7,stroke:#1a1a1a,color:#1a1a1a",
        "  classDef strong fill:#fff3b0,stroke:#1a1a1a,stroke-width:4px,color:#1a1a1a",
    ]
    return ("\n".join(lines) + "\n").encode()


def _title(graph: TeamGraph, overlay: Overlay) -> str:
    text = ". ".join(filter(None, (f"{said.title(graph)} ({graph.version})", overlay.title)))
    return '"' + text.replace("\\", "").replace('"', "'") + '"'


def _team(graph: TeamGraph, team: Team, overlay: Overlay) -> str:
    about = (team.name, *said.statements(graph, team, ("front_door", "never_holds", "outside")), overlay.note(team.code))
    label = "<br>".join(_text(part) for part in about if part)
    kind = "strong" if team.code in overlay.strong else "door" if team.is_front_door else "ending" if team.is_outcome else "team"
    shape = f'(["{label}"])' if team.is_outcome else f'["{label}"]'
    return f"{_id(team.code)}{shape}:::{kind}"


def _way(origin: str, to: str, moves: list[Move], overlay: Overlay) -> str:
    label = "<br>".join(_text(_line(move, overlay)) for move in moves)
    broken = all(move.discretionary == YES or move.takable == NO for move in moves)
    arrow = "-.->" if broken else "==>" if any(move.id in overlay.strong for move in moves) else "-->"
    return f'{_id(origin)} {arrow}|"{label}"| {_id(to)}'


def _line(move: Move, overlay: Overlay) -> str:
    parts = (overlay.note(move.id), said.point(move), *said.remarks(move), f"({said.cited(move.clauses)})")
    return ", ".join(filter(None, parts)).replace(", (", " (")


def _id(code: str) -> str:
    """A node id that is not a Mermaid keyword."""
    return f"t_{code}"


def _text(text: str) -> str:
    return text.translate(_ESCAPED)
