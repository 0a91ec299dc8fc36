"""The report on a small graph, with figures worked out by hand."""

from __future__ import annotations

import json

import pytest

from explain.graph import report as told
from queries.graph import report as module
from queries.graph.build import team_graph
from queries.graph.report import Bottleneck, report
from queries.load import load_program
from tests.graph.tiny import RULES, tiny_graph, tiny_program

EXPECTED = """\
Tiny Council: where a child's case can move: report
Tiny policy (v1)
7 moves

Entries, where a new contact starts
  Front Desk (t1)

Dead ends, teams from which no move leads on
  Oak Team

Loops, ways back to a team the child has left
  Ash Team → Birch & Co → Ash Team

Teams of the policy that no move from the front door leads to
  Elm Team

Moves that no case can take
  Ash Team → the next council: First <talk> [t6]
  6 of 7 moves are not checked

Bottlenecks, teams on the shortest way between two others
  Birch & Co: between 4 pairs

Journeys from the front door: 5
  Most moves in one: 3. Most changes of worker: 2.
  A change of worker is counted for each move from one team to another; the first allocation from a front door \
and the end of social work are none.
  Journeys are put together from single moves; that one child can take them all in turn is not shown.

The longest
  Front Desk
    → Ash Team: First <talk> [t2, t4]
    → Birch & Co: First <talk> [t3, t6]
    → Oak Team: 10th birthday [t7]
  Front Desk
    → Ash Team: First <talk> [t2, t4]
    → Birch & Co: First <talk> [t3, t6]
    → closed to social work: Close [t8]

All journeys
  Front Desk → Ash Team → Birch & Co → Oak Team (2 changes of worker)
  Front Desk → Ash Team → Birch & Co → closed to social work (1 change of worker)
  Front Desk → Birch & Co → Ash Team (1 change of worker; the managers may decide a step of it)
  Front Desk → Birch & Co → Oak Team (1 change of worker)
  Front Desk → Birch & Co → closed to social work (0 changes of worker)
"""


def test_the_report_in_words() -> None:
    graph = tiny_graph()
    assert told.as_text(graph, report(graph)) == EXPECTED


def test_the_report_as_json() -> None:
    graph = tiny_graph()
    document = json.loads(told.as_json(graph, report(graph)))
    journeys = document.pop("journeys")
    assert document == {
        "policy": "tiny",
        "version": "v1",
        "moves": 7,
        "checked_on": "",
        "entries": ["door"],
        "dead_ends": ["oak"],
        "loops": [["ash", "birch", "ash"]],
        "unreachable": ["elm"],
        "never_taken": ["ash--dell--talk"],
        "not_checked": 6,
        # door and ash each reach oak and the end through birch; 9 nodes have 8 * 7 ordered pairs of others
        "bottlenecks": [{"team": "birch", "pairs": 4.0, "betweenness": round(4 / 56, 4)}],
        "most_moves": 3,
        "most_changes_of_worker": 2,
        "more_journeys_or_loops": False,
    }
    assert [journey["teams"] for journey in journeys] == [
        ["door", "ash", "birch", "oak"],
        ["door", "ash", "birch", "case_closed"],
        ["door", "birch", "ash"],
        ["door", "birch", "oak"],
        ["door", "birch", "case_closed"],
    ]
    assert journeys[0]["steps"][1] == [{"move": "ash--birch--talk", "clauses": ["t3", "t6"]}]


def test_a_move_that_no_case_takes_opens_no_way() -> None:
    rules = RULES + "@clause t9.\ndiscretion(dell, elm, talk) :- threshold_met.\n"
    program = tiny_program(rules)
    assert report(team_graph(program)).unreachable == ()
    assert report(team_graph(program, {("ash", "dell", "talk"): False})).unreachable == ("elm",)


def test_long_lists_are_cut_and_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 2)
    graph = tiny_graph()
    found = report(graph)
    assert (len(found.journeys), found.more) == (2, True)
    assert "Journeys from the front door: 2 and more\n" in told.as_text(graph, found)


def test_a_policy_without_moves() -> None:
    graph = team_graph(tiny_program("@clause t1.\nfront_door(door).\n"))
    found = report(graph)
    assert (found.journeys, found.loops, found.dead_ends, found.bottlenecks) == ((), (), ("door",), ())
    assert "ash" in found.unreachable


@pytest.mark.parametrize("policy", ["blackpool", "sefton"])
def test_journeys_are_ways_through_the_moves(policy: str) -> None:
    """Each step is a move of the graph, no team is repeated, and the path can't be extended."""
    graph = team_graph(load_program(policy))
    found = report(graph)
    onward = {team.code: {move.to for move in graph.moves if move.origin == team.code} for team in graph.teams}
    for journey in found.journeys:
        assert len(set(journey.teams)) == len(journey.teams)
        assert journey.teams[0] in found.entries
        for (origin, to), step in zip(zip(journey.teams, journey.teams[1:]), journey.steps):
            assert set(step) == {move for move in graph.moves if (move.origin, move.to) == (origin, to)}
        assert onward[journey.teams[-1]] <= set(journey.teams)
    reached = {code for journey in found.journeys for code in journey.teams}
    assert {move.to for move in graph.moves if move.origin in reached} <= reached
    assert all(isinstance(item, Bottleneck) and item.pairs > 0 for item in found.bottlenecks)
