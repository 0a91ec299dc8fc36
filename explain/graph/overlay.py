"""Notes on the team graph for one case, many cases, or another version; every format shows them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from queries.graph.model import TeamGraph


@dataclass(frozen=True)
class Overlay:
    """Notes by team code or move id. `strong` is drawn heavily, `pale` lightly.

    `title` says what the overlay shows, `lines` summarise it, `key` explains the heavy lines.
    """

    title: str = ""
    lines: tuple[str, ...] = ()
    key: str = ""
    notes: Mapping[str, str] = field(default_factory=dict)
    strong: frozenset[str] = frozenset()
    pale: frozenset[str] = frozenset()

    def note(self, name: str) -> str:
        return self.notes.get(name, "")


NOTHING = Overlay()


def all_but(graph: TeamGraph, kept: frozenset[str]) -> frozenset[str]:
    """All team codes and move ids of a graph except `kept`."""
    return frozenset([*(team.code for team in graph.teams), *(move.id for move in graph.moves)]) - kept
