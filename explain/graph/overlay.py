"""What is laid over the team graph: notes on teams and moves, for one case, many, or another version.

Pictures, tables and files all take an overlay, so what one shows the others say too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from queries.graph.model import TeamGraph


@dataclass(frozen=True)
class Overlay:
    """Notes by team code or move id. What is `strong` is drawn heavily, what is `pale` lightly.

    `title` says what is laid over, `lines` what it comes to, `key` what heavy lines mean.
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
    """Every team and move of a graph but those kept."""
    return frozenset([*(team.code for team in graph.teams), *(move.id for move in graph.moves)]) - kept
