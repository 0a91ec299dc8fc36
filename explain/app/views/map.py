"""Team map page: the moves a policy allows, under which clause, and the position of the open case."""

from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from html import escape

import streamlit as st

from explain.app import plain, session
from explain.app.cards import Cards
from explain.app.guard import guarded
from explain.app.map_view import choice, map_view
from explain.app.style import html, soft
from explain.filed.content import CitedClause, cited_of
from explain.graph import said, table
from explain.graph.as_picture import as_svg
from explain.graph.formats import FORMATS
from explain.graph.overlay import NOTHING, Overlay, all_but
from explain.graph.overlays import of_case
from explain.policy_names import installed_names
from explain.tree import Sentence
from explain.words import capital
from kb.policy import Policy
from queries.graph.build import team_graph
from queries.graph.model import Move, Team, TeamGraph, around
from queries.graph.place import place, with_agreed
from queries.graph.proved import proved
from queries.load import load_program

LOOK = "look"
WRITTEN = {
    "html": "Web page", "svg": "Picture (SVG)", "png": "Picture (PNG)", "csv": "Table (CSV)", "text": "Text",
    "json": "JSON", "graphml": "GraphML", "gexf": "GEXF", "dot": "DOT", "mermaid": "Mermaid",
}  # fmt: skip


def page() -> None:
    plain.title("Team map", anchor=False)
    case, names = session.shown() if session.current() else None, installed_names()
    known = list(names)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        code = plain.selectbox(
            "Policy", known, known.index(session.policy_at_hand()), names.__getitem__, key="map-policy", width=320
        )
        of_policy = case if case is not None and code == case.policy else None
        graph, own = _graph(code, of_policy.settings if of_policy else {})
        shown = of_policy if of_policy and plain.toggle("Show the open case", value=True, key="map-case") else None
        near = plain.toggle("Only one team and its neighbours", key="map-near")
    overlay = NOTHING
    if shown is not None:
        decision = session.decision(shown)
        position = place(decision)
        graph = with_agreed(graph, position, decision.model)
        overlay = of_case(graph, decision, position)
    names = _names(graph)
    if st.session_state.get(LOOK) not in names:
        st.session_state[LOOK] = None
    chosen = st.session_state[LOOK] or ""
    soft(f"{said.source(graph)} · {len(graph.moves)} moves between {len(graph.moving)} teams, read off the rules.")
    left, right = st.columns([5, 2], gap="large")
    with right:
        plain.selectbox(
            "Look at a team or a move", list(names), format_func=lambda name: names[name], key=LOOK, index=None,
            placeholder="Choose here or in the picture",
        )  # fmt: skip
        _beside(graph, overlay, chosen, cited_of(own, session.council_document(code)))
    with left:
        centre = _centre(graph, chosen, session.decision(shown).responsible_team if shown else None) if near else ""
        drawn = around(graph, centre) if centre else graph
        map_view(as_svg(drawn, _brief(overlay) if shown else _around(drawn, chosen)), chosen, _chosen)
    _table(graph, overlay)
    _take_along(graph, overlay)


def _graph(code: str, settings: dict[str, str]) -> tuple[TeamGraph, Policy]:
    program = load_program(code, settings)

    def made() -> TeamGraph:
        results = proved(program)
        return team_graph(program, results.takable, results.witness, results.day)

    graph: TeamGraph = session.worked_out("graph", f"{code} {settings}", made)
    return graph, program.policy


def _chosen() -> None:
    """Takes over the selection made in the picture."""
    st.session_state[LOOK] = choice() or None


def _centre(graph: TeamGraph, chosen: str, holder: str | None) -> str:
    """The team to centre on: the selected team or the origin of the selected move, else the holder, else the first team."""
    codes = [team.code for team in graph.teams]
    return next((code for code in (chosen, chosen.split("--")[0], holder) if code in codes), codes[0])


def _brief(overlay: Overlay) -> Overlay:
    """The overlay of a case shortened for the picture; the full text is shown beside it."""
    notes = {name: note.split(";")[0] for name, note in overlay.notes.items()}
    return replace(overlay, title="", lines=(), notes=notes)


def _names(graph: TeamGraph) -> dict[str, str]:
    """Everything that can be selected: team code or move id to its name."""
    teams = {team.code: capital(team.name) for team in graph.teams}
    moves = {
        move.id: f"{graph.name_of(move.origin)} → {graph.name_of(move.to)}: {said.point(move).lower()}" for move in graph.moves
    }
    return {**teams, **moves}


def _around(graph: TeamGraph, chosen: str) -> Overlay:
    """An overlay that emphasises a selected team and its moves."""
    if chosen not in {team.code for team in graph.teams}:
        return NOTHING
    moves = [move for move in graph.moves if chosen in (move.origin, move.to)]
    near = frozenset([chosen, *(move.id for move in moves), *(end for move in moves for end in (move.origin, move.to))])
    return Overlay(strong=frozenset(move.id for move in moves), pale=all_but(graph, near))


def _beside(graph: TeamGraph, overlay: Overlay, chosen: str, clauses: dict[str, CitedClause]) -> None:
    team = next((team for team in graph.teams if team.code == chosen), None)
    move = next((move for move in graph.moves if move.id == chosen), None)
    if team is not None:
        _team(graph, team, Cards(clauses))
    elif move is not None:
        _move(graph, move, overlay, Cards(clauses))
    elif overlay.lines:
        plain.header("The open case", anchor=False)
        html(f"<ul>{_items(overlay.lines)}</ul>")
    else:
        plain.write("Choose a team or a move to read its clauses. Dashed lines are for the managers to decide.")


def _team(graph: TeamGraph, team: Team, cards: Cards) -> None:
    plain.header(capital(team.name), anchor=False)
    sentences = said.statements(graph, team)
    html(f"<ul>{_items(map(capital, sentences))}</ul>" if sentences else "")
    for title, arrow, moves in (
        ("Moves out", "→", [m for m in graph.moves if m.origin == team.code]),
        ("Moves in", "←", [m for m in graph.moves if m.to == team.code]),
    ):
        plain.subheader(f"{title} ({len(moves)})", anchor=False)
        rows = "".join(
            f"<li>{arrow} <strong>{escape(graph.name_of(end))}</strong>: {escape(said.point(move))} {_chips(move, cards)}</li>"
            for move in moves
            for end in [move.to if move.origin == team.code else move.origin]
        )
        html(f'<ul class="moves">{rows or "<li>None.</li>"}</ul>')


def _move(graph: TeamGraph, move: Move, overlay: Overlay, cards: Cards) -> None:
    plain.header(f"{graph.name_of(move.origin)} → {graph.name_of(move.to)}", anchor=False)
    lines = [f"At: {said.point(move)}", f"Who decides: {table.DECIDES[move.discretionary]}", *map(capital, said.remarks(move))]
    lines += [overlay.note(move.id)] if overlay.note(move.id) else []
    lines += [f"Set aside by: {', '.join(move.exceptions)}"] if move.exceptions else []
    html(f"<ul>{_items(lines)}</ul><p>{_chips(move, cards)}</p>")
    checks = [capital(item.name) for item in (*move.gates, *move.conditions)]
    if checks:
        plain.subheader("Checks before it counts", anchor=False)
        html(f"<ul>{_items(checks)}</ul>")


def _chips(move: Move, cards: Cards) -> str:
    return " ".join(cards.chip(Sentence("", cited.clause, clause_id=cited.clause)) for cited in move.clauses)


def _items(lines: Iterable[str]) -> str:
    return "".join(f"<li>{escape(line)}</li>" for line in lines)


def _table(graph: TeamGraph, overlay: Overlay) -> None:
    moves = table.moves(graph, overlay)
    heads = "".join(f'<th scope="col">{escape(column)}</th>' for column in moves.columns)
    rows = "".join(
        f'<tr><th scope="row">{escape(first)}</th>{"".join(f"<td>{escape(cell)}</td>" for cell in cells)}</tr>'
        for first, *cells in moves.rows
    )
    body = f"<caption>{len(moves.rows)} moves</caption><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody>"
    with st.container(key="moves-table"), plain.expander(f"The same as a table ({len(moves.rows)} moves)"):
        html(f'<div class="scroll small" tabindex="0" role="region" aria-label="Moves"><table>{body}</table></div>')


def _take_along(graph: TeamGraph, overlay: Overlay) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        form = plain.selectbox(
            "Take it along as", list(WRITTEN), format_func=lambda name: WRITTEN[name], key="map-form", width=240
        )
        ending = {"text": "txt", "mermaid": "mmd"}.get(form, form)
        plain.download_button(
            "Download the map", partial(FORMATS[form], graph, overlay), f"team-map-{graph.policy}.{ending}", on_click="ignore",
            key="map-file",
        )  # fmt: skip


guarded(page)
