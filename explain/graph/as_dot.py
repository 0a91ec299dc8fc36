"""The team graph as DOT (Graphviz), laid out from top to bottom with the front door first.

Moves between the same two teams share one arrow with a box that has one line for each transfer point.
Arrows to the same team with equal boxes share a box. Line style and text repeat what colour shows.

Ids: `team--CODE`; `way--FROM--TO`, an edge from a team to a box; `move--FROM--TO--POINT`, a line in a box.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

import graphviz  # type: ignore[import-untyped]

from explain.escape import tooltip, visible
from explain.graph import said
from explain.graph.overlay import NOTHING, Overlay
from explain.words import capital
from queries.graph.model import NO, YES, Move, Team, TeamGraph

FONT = "Arial"
LABEL_WIDTH = 34  # characters of a label before it wraps
TEAM_WIDTH = 24
BESIDE_WIDTH = 64

INK, GREY, PALE = "#1a1a1a", "#5a5a5a", "#9a9a9a"
FILLS = {"front door": "#dcebf7", "outcome": "#f3ead7", "team": "#ffffff"}
STRONG_FILL = "#fff3b0"
#: Statements shown on a team in the picture; the table has all.
SHOWN = ("front_door", "never_holds", "outside")


def as_dot(graph: TeamGraph, overlay: Overlay = NOTHING) -> str:
    """The graph as DOT text."""
    dot = graphviz.Digraph(name=f"{graph.policy} team graph")
    dot.attr(
        rankdir="TB",
        fontname=FONT,
        nodesep="0.35",
        ranksep="0.45",
        pad="0.3",
        label=_title(graph, overlay),
        labelloc="t",
        labeljust="l",
        bgcolor="white",
        newrank="true",
        mclimit="8",
        nslimit="8",
        searchsize="200",
        id="picture",
    )
    dot.attr("node", fontname=FONT, fontsize="13", shape="box", style="filled", color=INK, fontcolor=INK, margin="0.16,0.1")
    dot.attr("edge", fontname=FONT, fontsize="11", color=INK, fontcolor=INK, arrowsize="0.9")
    _teams(dot, graph, overlay)
    for number, box in enumerate(boxes(graph, overlay), 1):
        _way(dot, graph, number, box, overlay)
    return str(dot.source)


# title and legend


def _title(graph: TeamGraph, overlay: Overlay) -> str:
    lines = [
        f'<B><FONT POINT-SIZE="20">{_text(said.title(graph))}</FONT></B>',
        f'<FONT POINT-SIZE="12">{_text(said.source(graph))}</FONT>',
    ]
    if overlay.title:
        lines.append(f'<B><FONT POINT-SIZE="15">{_text(overlay.title)}</FONT></B>')
    lines += [f'<FONT POINT-SIZE="12">{_text(line)}</FONT>' for line in overlay.lines]
    frames = [frame for frame in (_legend(graph, overlay), _beside(graph, overlay)) if frame]
    cells = "".join(f'<TD ALIGN="LEFT" VALIGN="TOP">{frame}</TD>' for frame in frames)
    framed = f'<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="3"><TR>{cells}</TR></TABLE>'
    rows = "".join(f'<TR><TD ALIGN="LEFT">{line}</TD></TR>' for line in [*lines, framed]) + '<TR><TD HEIGHT="14"></TD></TR>'
    return f'<<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="1">{rows}</TABLE>>'


def _legend(graph: TeamGraph, overlay: Overlay) -> str:
    rows = [
        _key("solid", "solid line: the policy moves the child; the box on the arrow names the transfer points and their clauses"),
        _key("dashed", "dashed line: only the managers may decide to move the child (in a box of both kinds: slanted text)"),
    ]
    if any(move.takable == NO for move in graph.moves):
        rows.append(_key("dotted", "dotted line: no case can take this move, though a rule names it"))
    swatches = [
        _swatch(FILLS["front door"], "2", "front door, where a new contact starts"),
        _swatch(FILLS["team"], "1", "team"),
    ]
    if any(team.is_outcome and team.code in graph.moving for team in graph.teams):
        swatches.append(_swatch(FILLS["outcome"], "1", "an answer that is no team (round corners)"))
    if overlay.key:
        on_teams = any(team.code in overlay.strong for team in graph.teams)
        swatches.append(_swatch(STRONG_FILL, "3", overlay.key) if on_teams else _key("solid", overlay.key, 4))
    body = "".join(rows + swatches)
    head = '<TR><TD COLSPAN="2" ALIGN="LEFT"><B>How to read it</B></TD></TR>'
    notes = (
        "Read off the rules of the policy, never drawn by hand. Checks, conditions and attendance of each move are in the table.",
        said.proof(graph),
    )
    foot = "".join(f'<TR><TD COLSPAN="2" ALIGN="LEFT">{_text(note)}</TD></TR>' for note in notes if note)
    return (
        f'<FONT POINT-SIZE="11"><TABLE BORDER="1" COLOR="{PALE}" CELLBORDER="0" CELLSPACING="3">{head}{body}{foot}</TABLE></FONT>'
    )


def _key(style: str, text: str, width: int = 2) -> str:
    bar = f'<TD BORDER="{width}" SIDES="B" COLOR="{INK}" STYLE="{style}" WIDTH="44" HEIGHT="6"></TD>'
    line = f'<TABLE BORDER="0" CELLBORDER="0" CELLPADDING="0"><TR>{bar}</TR></TABLE>'
    return f'<TR><TD>{line}</TD><TD ALIGN="LEFT">{_text(text)}</TD></TR>'


def _swatch(colour: str, border: str, text: str) -> str:
    return f'<TR><TD BORDER="{border}" COLOR="{INK}" BGCOLOR="{colour}" WIDTH="44"></TD><TD ALIGN="LEFT">{_text(text)}</TD></TR>'


# teams


def _teams(dot: graphviz.Digraph, graph: TeamGraph, overlay: Overlay) -> None:
    moving = graph.moving
    with dot.subgraph(name="entries") as entries:
        entries.attr(rank="min")
        for team in graph.teams:
            if team.is_front_door:
                _team(entries, graph, team, overlay)
    for team in graph.teams:
        if not team.is_front_door and team.code in moving and not team.is_outcome:
            _team(dot, graph, team, overlay)
    with dot.subgraph(name="ends") as ends:
        ends.attr(rank="max")
        for team in graph.teams:
            if team.is_outcome and team.code in moving:
                _team(ends, graph, team, overlay)


def _team(dot: graphviz.Digraph, graph: TeamGraph, team: Team, overlay: Overlay) -> None:
    strong, pale = team.code in overlay.strong, team.code in overlay.pale
    kind = "front door" if team.is_front_door else "outcome" if team.is_outcome else "team"
    lines = [f"<B>{_wrapped(capital(team.name), TEAM_WIDTH)}</B>"]
    lines += [f'<FONT POINT-SIZE="10">{_wrapped(text, LABEL_WIDTH)}</FONT>' for text in _on_team(graph, team)]
    note = overlay.note(team.code)
    if note:
        lines.append(f"<B>{_wrapped(note, LABEL_WIDTH)}</B>")
    dot.node(
        team.code,
        label=f"<{'<BR/>'.join(lines)}>",
        id=f"team--{team.code}",
        URL=f"#about--{team.code}",
        tooltip=tooltip(team.name),
        fillcolor=STRONG_FILL if strong else FILLS[kind],
        penwidth="3.5" if strong else "2" if team.is_front_door else "1",
        style="rounded,filled" if team.is_outcome else "filled",
        color=PALE if pale else INK,
        fontcolor=GREY if pale else INK,
    )


def _on_team(graph: TeamGraph, team: Team) -> list[str]:
    lines = list(said.statements(graph, team, SHOWN))
    if team.is_outcome and said.stands_for(graph, team):
        lines.append(said.stands_for(graph, team))
    return lines


def _beside(graph: TeamGraph, overlay: Overlay) -> str:
    """A frame with the teams and bodies that have no moves; empty if there are none."""
    moving = graph.moving
    beside = [team for team in graph.teams if team.code not in moving and not team.is_front_door]
    if not beside:
        return ""
    rows = ['<TR><TD ALIGN="LEFT"><B>Named by the policy, with no move of their own</B></TD></TR>']
    for team in beside:
        about = [*said.statements(graph, team, (*SHOWN, "co_working")), said.stands_for(graph, team), overlay.note(team.code)]
        text = "; ".join(filter(None, about))
        rows.append(
            f'<TR><TD ALIGN="LEFT" BALIGN="LEFT" ID="team--{team.code}" HREF="#about--{team.code}" TITLE="{tooltip(team.name)}">'
            f"<B>{_text(capital(team.name))}</B>{'<BR/>' if text else ''}{_wrapped(text, BESIDE_WIDTH)}</TD></TR>"
        )
    border = f'BORDER="1" COLOR="{PALE}" STYLE="dashed" CELLBORDER="0" CELLSPACING="3"'
    return f'<FONT POINT-SIZE="11"><TABLE {border}>{"".join(rows)}</TABLE></FONT>'


# ways


@dataclass(frozen=True)
class Box:
    """Moves to one team that are drawn as one box.

    `lines` has one tuple for each transfer point, with one move for each of `origins`.
    """

    to: str
    origins: tuple[str, ...]
    lines: tuple[tuple[Move, ...], ...]

    @property
    def moves(self) -> tuple[Move, ...]:
        return tuple(move for line in self.lines for move in line)


def boxes(graph: TeamGraph, overlay: Overlay = NOTHING) -> list[Box]:
    """The boxes of the picture, in the order of the moves."""
    ways: dict[tuple[str, str], list[Move]] = {}
    for move in graph.moves:
        ways.setdefault((move.origin, move.to), []).append(move)
    alike: dict[tuple[object, ...], list[tuple[str, list[Move]]]] = {}
    for (origin, to), moves in ways.items():
        alike.setdefault((to, *(_look(move, overlay) for move in moves)), []).append((origin, moves))
    return [
        Box(group[0][1][0].to, tuple(origin for origin, _ in group), tuple(zip(*(moves for _, moves in group))))
        for group in alike.values()
    ]


def _look(move: Move, overlay: Overlay) -> tuple[object, ...]:
    """Everything that a line shows of a move; moves with equal values may share a line."""
    return (_said(move), overlay.note(move.id), move.id in overlay.strong, move.id in overlay.pale, _style([move]))


def _way(dot: graphviz.Digraph, graph: TeamGraph, number: int, box: Box, overlay: Overlay) -> None:
    strong = any(move.id in overlay.strong for move in box.moves)
    pale = all(move.id in overlay.pale for move in box.moves)
    style = _style(box.moves)
    rows = "".join(_line(line, overlay) for line in box.lines)
    border = f'BORDER="{2 if strong else 1}" COLOR="{INK if strong else PALE}" STYLE="{style},rounded" BGCOLOR="white"'
    name = f"box{number}"
    dot.node(
        name,
        label=f'<<TABLE {border} CELLBORDER="0" CELLSPACING="0" CELLPADDING="3">{rows}</TABLE>>',
        shape="plain",
        style="",
        fontsize="11",
        id=f"box--{box.origins[0]}--{box.to}",
    )
    drawn = {"style": style, "penwidth": "3" if strong else "1.3", "color": PALE if pale else INK}
    for origin in box.origins:
        dot.edge(origin, name, id=f"way--{origin}--{box.to}", arrowhead="none", **drawn)
    dot.edge(name, box.to, id=f"into--{box.origins[0]}--{box.to}", **drawn)


def _style(moves: Iterable[Move]) -> str:
    every = list(moves)
    if all(move.takable == NO for move in every):
        return "dotted"
    return "dashed" if all(move.discretionary == YES for move in every if move.takable != NO) else "solid"


def _said(move: Move) -> str:
    return f"{', '.join((said.point(move), *said.remarks(move)))} [{said.cited(move.clauses)}]"


def _line(moves: tuple[Move, ...], overlay: Overlay) -> str:
    move = moves[0]
    text = _wrapped(_said(move), LABEL_WIDTH)
    note = overlay.note(move.id)
    if note:
        text = f"<B>{_wrapped(note, LABEL_WIDTH)}</B><BR/>{text}"
    if move.discretionary == YES:
        text = f"<I>{text}</I>"
    colour = GREY if move.id in overlay.pale else INK
    checks = len(move.gates) + len(move.conditions)
    tip = f"{said.cited_in_full(move.clauses)}; {checks} check{'s' if checks != 1 else ''}"
    return (
        f'<TR><TD ALIGN="LEFT" BALIGN="LEFT" ID="move--{move.id}" HREF="#about--{move.id}" TITLE="{tooltip(tip)}">'
        f'<FONT COLOR="{colour}">{text}</FONT></TD></TR>'
    )


# text


def _text(text: str) -> str:
    return escape(visible(text), quote=True)


def _wrapped(text: str, width: int) -> str:
    return "<BR/>".join(map(_text, textwrap.wrap(text, width, break_long_words=False)))
