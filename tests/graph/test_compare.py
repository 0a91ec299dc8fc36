"""Comparing two graphs: moves added, gone and changed, and graphs that share no team."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from explain.graph import comparison
from explain.graph.formats import FORMATS
from explain.graph.overlays import of_comparison
from kb.policy import installed
from queries.graph.build import team_graph
from queries.graph.compare import compare
from queries.graph.model import TeamGraph
from queries.load import load_program
from tests.graph.tiny import RULES, tiny_graph

AFTER = (
    RULES.replace("route(birch, oak, birthday)", "route(birch, elm, birthday)")
    .replace("gate(ash, talk, papers_ready).\n", "")
    .replace("discretion(birch, ash, talk)", "route(door, elm, talk)")
)
EXPECTED = """\
A: Tiny Council, Tiny policy (v1)
B: Tiny Council, Tiny policy (v1)

Teams and outcomes in both: Front Desk, Ash Team, Birch & Co, Cedar Advice, the next council, Elm Team, Oak Team, \
closed to social work, the helper
Only in A: none
Only in B: none

Added: 2
  Front Desk → Elm Team: First <talk> [t6]
  Birch & Co → Elm Team: 10th birthday [t7]

Gone: 2
  Birch & Co → Ash Team: First <talk> [t6]
  Birch & Co → Oak Team: 10th birthday [t7]

Changed: 2
  Ash Team → Birch & Co: First <talk> [t3, t6]
    checks: the papers are ready → none
  Ash Team → the next council: First <talk> [t6]
    checks: the papers are ready → none

The same: 3
"""


@pytest.fixture
def both() -> tuple[TeamGraph, TeamGraph]:
    return tiny_graph(), tiny_graph(AFTER)


def test_the_comparison_in_words(both: tuple[TeamGraph, TeamGraph]) -> None:
    assert comparison.as_text(*both, compare(*both)) == EXPECTED


def test_the_comparison_as_json(both: tuple[TeamGraph, TeamGraph]) -> None:
    document = json.loads(comparison.as_json(*both, compare(*both)))
    assert document["added"] == ["door--elm--talk", "birch--elm--birthday"]
    assert document["gone"] == ["birch--ash--talk", "birch--oak--birthday"]
    assert document["changed"][0] == {
        "move": "ash--birch--talk",
        "changes": [{"part": "checks", "before": "the papers are ready", "after": "none"}],
    }
    assert document["same"] == ["door--ash--talk", "door--birch--talk", "birch--case_closed--finish"]


def test_the_picture_of_both_marks_what_differs(both: tuple[TeamGraph, TeamGraph]) -> None:
    joined, overlay = of_comparison(*both, compare(*both))
    assert dict(overlay.notes) == {
        "door--elm--talk": "Added",
        "birch--elm--birthday": "Added",
        "birch--ash--talk": "Gone",
        "birch--oak--birthday": "Gone",
        "ash--birch--talk": "Changed: checks: the papers are ready → none",
        "ash--dell--talk": "Changed: checks: the papers are ready → none",
    }
    assert overlay.lines == ("2 moves added, 2 gone, 2 changed, 3 the same.",)
    svg = FORMATS["svg"](joined, overlay).decode()
    assert svg.count(">Added<") == 2
    assert svg.count(">Gone<") == 2


@pytest.mark.parametrize("policy", sorted(installed()))
def test_a_graph_is_the_same_as_itself(policy: str) -> None:
    graph = team_graph(load_program(policy))
    found = compare(graph, graph)
    assert (found.added, found.gone, found.changed, found.not_comparable) == ((), (), (), (0, 0))
    assert found.same == graph.moves


def test_added_one_way_is_gone_the_other(both: tuple[TeamGraph, TeamGraph]) -> None:
    there, back = compare(*both), compare(both[1], both[0])
    assert there.added == back.gone
    assert there.gone == back.added


def test_policies_that_share_no_team() -> None:
    before, after = team_graph(load_program("blackpool")), team_graph(load_program("sefton"))
    found = compare(before, after)
    assert (found.added, found.gone, found.changed, found.same) == ((), (), (), ())
    assert found.not_comparable == (len(before.moves), len(after.moves))
    shared = {move.point for move in before.moves} & {move.point for move in after.moves}
    assert {point for point, _, _ in found.at_points} == shared
    assert "initial_child_protection_conference" in shared
    text = comparison.as_text(before, after, found)
    assert "\nNo move joins teams that both know, so no move can be said to be added, gone or changed.\n" in text
    assert (
        "\n  Initial child protection conference\n"
        "    A: Assessment and Support Team → Strengthening and Supporting Families [bp81]\n"
        "    B: Assessment and Intervention Team → Locality Team [sf46]\n"
    ) in text


def test_a_team_that_only_one_knows_takes_its_moves_out_of_the_comparison(both: tuple[TeamGraph, TeamGraph]) -> None:
    before, after = both
    less = replace(after, teams=tuple(team for team in after.teams if team.code != "dell"))
    less = less.with_moves(move for move in less.moves if move.to != "dell")
    found = compare(before, less)
    assert (found.only_before, found.not_comparable) == (("dell",), (1, 0))
    assert "ash--dell--talk" not in {move.id for move in found.gone}
