"""Findings on the shape of a team graph: entries, dead ends, loops, bottlenecks, journeys.

Moves are considered one by one. That each move of a journey can be taken does not prove that one child can take
them all in turn.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, pairwise

import networkx as nx

from queries.graph.model import NO, NOT_CHECKED, YES, Move, TeamGraph
from queries.graph.network import ways

#: Loops or journeys beyond this number are cut off, and the report says so.
MOST = 2_000


@dataclass(frozen=True, slots=True)
class Journey:
    """A maximal path through the teams without repetition.

    steps              the moves that make each step
    changes_of_worker  steps from a team that is not a front door to a team
    by_decision        whether some step is left to the managers alone
    """

    teams: tuple[str, ...]
    steps: tuple[tuple[Move, ...], ...]
    changes_of_worker: int
    by_decision: bool


@dataclass(frozen=True, slots=True)
class Bottleneck:
    """A team on the shortest path between two others.

    `pairs`: number of such pairs; where several paths are equally short, each counts in part. `betweenness`: the
    share of all possible pairs, as networkx gives it.
    """

    team: str
    pairs: float
    betweenness: float


@dataclass(frozen=True, slots=True)
class Report:
    """The findings on a graph; teams as codes, loops shortest first.

    Dead ends and unreachable teams are teams that may hold a child: not those outside the policy or that hold no
    cases. `more`: lists were cut off at `MOST`.
    """

    entries: tuple[str, ...]
    dead_ends: tuple[str, ...]
    loops: tuple[tuple[str, ...], ...]
    unreachable: tuple[str, ...]
    never_taken: tuple[Move, ...]
    not_checked: int
    bottlenecks: tuple[Bottleneck, ...]
    journeys: tuple[Journey, ...]
    more: bool

    @property
    def most_moves(self) -> int:
        return max((len(journey.steps) for journey in self.journeys), default=0)

    @property
    def longest(self) -> tuple[Journey, ...]:
        """The journeys with most moves."""
        return tuple(journey for journey in self.journeys if len(journey.steps) == self.most_moves)

    @property
    def most_changes(self) -> int:
        return max((journey.changes_of_worker for journey in self.journeys), default=0)


def report(graph: TeamGraph) -> Report:
    """The findings on a graph. Moves that no case can take are ignored, except in `never_taken`."""
    live = graph.with_moves(move for move in graph.moves if move.takable != NO)
    shape = ways(live)
    order = {team.code: n for n, team in enumerate(graph.teams)}
    entries = tuple(team.code for team in graph.front_doors)
    holders = [
        team.code for team in graph.teams if team.kind == "team" and not team.said("never_holds") and not team.said("outside")
    ]
    reached = set(entries).union(*(nx.descendants(shape, entry) for entry in entries))
    loops, more_loops = _shortest_loops(shape)
    journeys = list(islice((j for entry in entries for j in _journeys(live, shape, entry)), MOST + 1))
    return Report(
        entries=entries,
        dead_ends=tuple(code for code in holders if code in reached and not shape.out_degree(code)),
        loops=tuple(sorted((_from_first(loop, order) for loop in loops), key=lambda loop: (len(loop), [order[c] for c in loop]))),
        unreachable=tuple(code for code in holders if code not in reached),
        never_taken=tuple(move for move in graph.moves if move.takable == NO),
        not_checked=sum(move.takable == NOT_CHECKED for move in graph.moves),
        bottlenecks=_bottlenecks(shape),
        journeys=tuple(sorted(journeys[:MOST], key=lambda j: (-len(j.steps), [order[code] for code in j.teams]))),
        more=more_loops or len(journeys) > MOST,
    )


def _bottlenecks(shape: nx.DiGraph[str]) -> tuple[Bottleneck, ...]:
    """Bottlenecks, busiest first. Source: Freeman's betweenness centrality."""
    pairs = nx.betweenness_centrality(shape, normalized=False)
    shares = nx.betweenness_centrality(shape)
    order = list(pairs)
    found = [Bottleneck(code, round(count, 4), round(shares[code], 4)) for code, count in pairs.items() if count > 0]
    return tuple(sorted(found, key=lambda item: (-item.pairs, order.index(item.team))))


def _shortest_loops(shape: nx.DiGraph[str]) -> tuple[list[list[str]], bool]:
    """All loops up to the greatest length with at most `MOST` of them, and whether there are longer ones."""
    found: list[list[str]] = []
    for length in range(1, len(shape) + 1):
        longer = list(islice(nx.simple_cycles(shape, length_bound=length), MOST + 1))
        if len(longer) > MOST:
            return found, True
        found = longer
    return found, False


def _from_first(loop: list[str], order: dict[str, int]) -> tuple[str, ...]:
    """A loop starting at its first team in `order`, and back to it."""
    start = min(range(len(loop)), key=lambda n: order[loop[n]])
    turned = loop[start:] + loop[:start]
    return (*turned, turned[0])


def _journeys(graph: TeamGraph, shape: nx.DiGraph[str], entry: str) -> Iterator[Journey]:
    between: dict[tuple[str, str], list[Move]] = {}
    for move in graph.moves:
        between.setdefault((move.origin, move.to), []).append(move)
    for path in _paths(shape, (entry,)):
        steps = tuple(tuple(between[pair]) for pair in pairwise(path))
        if steps:
            changes = sum(not graph.team(a).is_front_door and graph.team(b).kind == "team" for a, b in pairwise(path))
            by_decision = any(all(move.discretionary == YES for move in step) for step in steps)
            yield Journey(path, steps, changes, by_decision)


def _paths(shape: nx.DiGraph[str], path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """The maximal extensions of a path without repeated teams."""
    onward = [code for code in shape.successors(path[-1]) if code not in path]
    if not onward:
        yield path
    for code in onward:
        yield from _paths(shape, (*path, code))
