"""The Team map page: the graph, the details beside it, the open case's moves, and the table with the same content."""

from __future__ import annotations

from typing import Any

import pytest

from explain.app import map_view
from kb.policy import installed
from queries.graph.build import team_graph
from queries.load import load_program
from tests.app.screen import assert_sound, go, opened, start, text, widget


@pytest.mark.parametrize("code", installed())
def test_every_move_of_the_graph_is_in_the_table_and_can_be_looked_at(code: str) -> None:
    app = go(start(), "map")
    widget(app, "selectbox", "Policy").select(code).run()
    assert_sound(app)
    graph, told = team_graph(load_program(code)), text(app)
    assert f"{len(graph.moves)} moves between {len(graph.moving)} teams, read off the rules." in told
    look = widget(app, "selectbox", "Look at a team or a move")
    assert len(look.options) == len(graph.teams) + len(graph.moves)
    for move in (graph.moves[0], graph.moves[-1]):
        app.session_state["look"] = move.id
        app.run()
        assert_sound(app)
        assert f"{graph.name_of(move.origin)} → {graph.name_of(move.to)}" in [h.value for h in app.header]
        clauses = load_program(code).policy.clauses
        assert [c.clause for c in move.clauses if clauses[c.clause].paraphrase not in text(app)] == []


def test_a_team_is_told_with_its_moves_in_and_out() -> None:
    app = go(start(), "map")
    widget(app, "selectbox", "Look at a team or a move").select("supporting_our_children").run()
    assert_sound(app)
    moves = team_graph(load_program("blackpool")).moves
    inward = [move for move in moves if move.to == "supporting_our_children"]
    outward = [move for move in moves if move.origin == "supporting_our_children"]
    assert [h.value for h in app.subheader] == [f"Moves out ({len(outward)})", f"Moves in ({len(inward)})"]


def test_the_open_case_is_shown_where_it_is() -> None:
    app = go(opened("blackpool-2"), "map")
    told = text(app)
    assert "The open case" in told
    assert "The journey begins with Assessment and Support Team." in told
    widget(app, "toggle", "Show the open case").set_value(False).run()
    assert_sound(app)
    assert "The journey begins with" not in text(app)
    widget(app, "selectbox", "Policy").select("sefton").run()
    assert [t.label for t in app.toggle] == ["Only one team and its neighbours"], "the case is of another policy"


def test_a_part_of_the_map_is_about_the_team_that_has_the_child() -> None:
    app = go(opened("sefton-5"), "map")
    widget(app, "toggle", "Only one team and its neighbours").set_value(True).run()
    assert_sound(app)
    (picture,) = [found for found in app.get("bidi_component") if found.key == map_view.KEY]
    assert "Cared for Children Team" in str(picture.proto)
    assert "Integrated Front Door to Assessment and Intervention Team" not in str(picture.proto), "a move further off is left out"


def test_the_choice_in_the_picture_is_what_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """AppTest can't click in the picture (browser tests do), so the message of a click is sent instead."""

    state: dict[str, Any] = {map_view.KEY: {"chosen": "awaken"}}
    monkeypatch.setattr("streamlit.session_state", state)
    assert map_view.choice() == "awaken"
    state[map_view.KEY] = {"chosen": None}
    assert map_view.choice() == ""
    state.clear()
    assert map_view.choice() == ""
