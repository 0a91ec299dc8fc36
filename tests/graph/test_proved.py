"""Proofs about moves: some case takes a move, none can, or the search was given up."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from explain.graph import said
from explain.graph.as_dot import as_dot
from explain.graph.as_text import as_text
from explain.graph.table import cases
from kb.space import ORDINARY_DAY
from kb.space.search import Search, Unsettled
from queries.graph import proved as module
from queries.graph.build import team_graph
from queries.graph.model import TeamGraph
from queries.graph.proved import proved, smallest_cases
from tests.graph.tiny import RULES, tiny_program
from tests.helpers import case_of

CLOSED = ("birch", "case_closed", "finish")
TALK = ("door", "birch", "talk")


def proved_graph(rules: str = RULES) -> TeamGraph:
    program = tiny_program(rules)
    found = proved(program)
    return team_graph(program, found.takable, found.witness, found.day)


def oak_to_elm(condition: str) -> str:
    rules = RULES + f"@clause t9.\nroute(oak, elm, talk) :- {condition}.\n"
    return smallest_cases(tiny_program(rules), ORDINARY_DAY)["oak", "elm", "talk"]


def test_conditions_that_rule_each_other_out() -> None:
    assert oak_to_elm("threshold_met, not threshold_met") == ""
    facts = json.loads(oak_to_elm("threshold_met"))["facts"]
    assert facts == {"threshold_met": True, "team_on_record": "oak", "conference_held": "2024-10-16"}


def test_a_smallest_case_in_full() -> None:
    """Door to Birch at the talk needs the talk, the issue, the child at the door, and the threshold met.

    Without the threshold the talk may lead to Ash as well (t4), so the journey would not be sure of the move.
    """
    document = json.loads(proved(tiny_program()).witness[TALK])
    assert {name: document[name] for name in ("policy", "as_of")} == {"policy": "tiny", "as_of": "2024-10-16"}
    facts = document["facts"]
    assert set(facts) == {"team_on_record", "conference_held", "exploitation_is_primary_issue", "threshold_met"}
    assert (facts["exploitation_is_primary_issue"], facts["threshold_met"]) == (True, True)
    assert facts["team_on_record"] in ("door", "none", "dell")  # a child with Dell, which is outside, is new to the door


def test_another_day_is_asked_for() -> None:
    found = proved(tiny_program(), ORDINARY_DAY + 400)
    assert found.day == "2025-11-20"
    assert all(json.loads(text)["as_of"] == "2025-11-20" for text in found.witness.values())


def test_a_search_that_is_given_up_leaves_moves_open(monkeypatch: pytest.MonkeyPatch) -> None:
    def give_up(*_: object) -> None:
        raise Unsettled

    monkeypatch.setattr(Search, "smallest", give_up)
    assert smallest_cases(tiny_program(), ORDINARY_DAY) == {CLOSED: ""}  # no rule dates the close: nothing to search


def test_what_no_journey_confirms_is_left_open(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the move that no case can take is settled then."""
    monkeypatch.setattr(module, "takes", lambda *_: False)
    assert smallest_cases(tiny_program(), ORDINARY_DAY) == {CLOSED: ""}


def test_it_is_kept_between_runs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("WHICHTEAM_CACHE", str(tmp_path))
    first = proved(tiny_program())
    monkeypatch.setattr(module, "smallest_cases", lambda *_: pytest.fail("searched again"))
    assert proved(tiny_program()) == first


def test_the_graph_says_what_was_proved() -> None:
    graph = proved_graph()
    assert {move.key for move in graph.moves if move.takable == "no"} == {CLOSED}
    assert all(move.takable == "yes" and move.witness for move in graph.moves if move.key != CLOSED)
    sentence = "7 moves, checked over all cases there can be on 16 October 2024: 1 that no case can take."
    assert said.proof(graph) == sentence
    assert sentence in as_text(graph).decode()
    assert "    Close, no case can take this  [t8]\n" in as_text(graph).decode()
    edge = next(line for line in as_dot(graph).split("\n") if "way--birch--case_closed" in line)
    assert "style=dotted" in edge
    assert "dotted line" in as_dot(graph)


@pytest.mark.parametrize(
    ("open_moves", "never", "expected"),
    [
        (0, 0, "each can be taken"),
        (0, 2, "2 that no case can take"),
        (3, 0, "none that no case can take, 3 not settled"),
        (3, 2, "2 that no case can take, 3 not settled"),
    ],
)
def test_the_sentence(open_moves: int, never: int, expected: str) -> None:
    keys = [move.key for move in team_graph(tiny_program()).moves]
    takable = {key: n >= never for n, key in enumerate(keys[: 7 - open_moves])}
    graph = team_graph(tiny_program(), takable, {}, "2024-10-16")
    assert said.proof(graph) == f"7 moves, checked over all cases there can be on 16 October 2024: {expected}."


def test_where_nothing_was_searched_nothing_is_said() -> None:
    assert said.proof(team_graph(tiny_program())) == ""


def test_a_case_in_words() -> None:
    facts = {
        "team_on_record": "ash",
        "threshold_met": False,
        "conference_held": "2024-10-15",
        "previous_involvements": [{"team": "birch", "closed_on": "2024-04-16"}],
        "other_needs": [],
    }
    assert said.recorded(proved_graph(), json.dumps({"facts": facts})) == (
        "team on record: Ash Team; threshold met: no; conference held: 15 October 2024; "
        "previous involvements: team Birch & Co, closed on 16 April 2024; other needs: none"
    )


def test_the_table_of_cases_has_a_row_for_each_that_was_found() -> None:
    graph = proved_graph()
    table = cases(graph)
    assert table.ids == tuple(f"case--{move.id}" for move in graph.moves if move.key != CLOSED)
    assert cases(team_graph(tiny_program())).rows == ()
    birthday = next(row for row in table.rows if row[2] == "10th birthday")
    assert birthday[:2] == ("Birch & Co", "Oak Team")
    assert "team on record: Birch & Co" in birthday[3]


def test_a_kept_case_is_a_case_file() -> None:
    program = tiny_program()
    document = json.loads(proved(program).witness[TALK])
    assert case_of(program, document["facts"], document["as_of"]).facts
