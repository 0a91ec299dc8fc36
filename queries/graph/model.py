"""The team graph as data: teams, and the moves between them. Frozen; nothing here is worked out.

`docs/graph.md` lists every attribute that the exports carry; they are made from these fields.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

#: What identifies a move: the team left, the team reached, the transfer point (codes).
Key = tuple[str, str, str]

YES, NO, NOT_CHECKED, IN_PART = "yes", "no", "not checked", "in part"


@dataclass(frozen=True, slots=True)
class Citation:
    """A clause that is cited: its id, the lines of the document, and its force."""

    clause: str
    lines: tuple[int, ...]
    force: str


@dataclass(frozen=True, slots=True)
class Statement:
    """Something that rules say of one team, such as that it is a front door.

    `what` is a predicate of the house. `other` is the team, body or occasion that it names
    besides, or empty; `label` the name of the co-working or attendance, or empty.
    """

    what: str
    other: str
    label: str
    clauses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Team:
    """A team, body or outcome that the rules name.

    `kind` is the kind of its code (`team`, `body` or `outcome`), `names` all that the
    document calls it, `clauses` the clauses whose rules name it.
    """

    code: str
    name: str
    kind: str
    names: tuple[str, ...]
    clauses: tuple[str, ...]
    statements: tuple[Statement, ...]

    def said(self, what: str) -> tuple[Statement, ...]:
        """What one predicate says of this team."""
        return tuple(s for s in self.statements if s.what == what)

    @property
    def is_front_door(self) -> bool:
        return bool(self.said("front_door"))

    @property
    def is_outcome(self) -> bool:
        return self.kind == "outcome"


@dataclass(frozen=True, slots=True)
class Named:
    """A code with the name shown for it."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Move:
    """One move that the rules allow: from a team to a team at a transfer point.

    `discretionary` is `yes` where the managers may decide it, `no` where the policy says it,
    `in part` where rules say both. `rules` are places `file:line`. `exceptions` are clauses
    that take the place of one of `clauses` where they apply; `readings` the readings that
    the rules rest on. `gates` bind every move of this team at this point, `conditions` this
    move alone. `takable` says whether some case can take the move (`yes`, `no`, `not checked`)
    and `witness` is such a case as JSON text, where one is known.
    """

    origin: str
    to: str
    point: str
    point_name: str
    discretionary: str
    by_age: bool
    clauses: tuple[Citation, ...]
    rules: tuple[str, ...]
    exceptions: tuple[str, ...]
    readings: tuple[str, ...]
    gates: tuple[Named, ...]
    conditions: tuple[Named, ...]
    attendance: tuple[Named, ...]
    takable: str = NOT_CHECKED
    witness: str = ""

    @property
    def key(self) -> Key:
        return (self.origin, self.to, self.point)

    @property
    def id(self) -> str:
        """Stable name of the move in every export."""
        return "--".join(self.key)


@dataclass(frozen=True)
class TeamGraph:
    """All teams and moves of one policy under its readings, each in a fixed order.

    `checked_on` is the day, as YYYY-MM-DD, of the cases that were searched to prove which moves
    can be taken; empty where none were. In a part of a graph, `focus` is the team that it is
    around and `unseen` are the teams left out.
    """

    policy: str
    name: str
    document: str
    version: str
    readings: tuple[tuple[str, str], ...]
    teams: tuple[Team, ...]
    moves: tuple[Move, ...]
    checked_on: str = ""
    focus: str = ""
    unseen: tuple[Team, ...] = ()

    def team(self, code: str) -> Team:
        return next(team for team in self.teams if team.code == code)

    def name_of(self, code: str) -> str:
        return next((team.name for team in self.everyone if team.code == code), code.replace("_", " "))

    @property
    def everyone(self) -> tuple[Team, ...]:
        """The teams shown and those left out."""
        return (*self.teams, *self.unseen)

    @property
    def front_doors(self) -> tuple[Team, ...]:
        return tuple(team for team in self.teams if team.is_front_door)

    @property
    def moving(self) -> frozenset[str]:
        """Codes of the teams that some move leaves or reaches."""
        return frozenset(code for move in self.moves for code in (move.origin, move.to))

    def with_moves(self, moves: Iterable[Move]) -> TeamGraph:
        """The same teams with other moves."""
        return replace(self, moves=tuple(moves))


def around(graph: TeamGraph, code: str) -> TeamGraph:
    """One team with the moves that leave or reach it, and the teams at their other ends."""
    moves = tuple(move for move in graph.moves if code in (move.origin, move.to))
    near = {code, *(end for move in moves for end in (move.origin, move.to))}
    shown = tuple(team for team in graph.teams if team.code in near)
    unseen = tuple(team for team in graph.teams if team.code not in near)
    return replace(graph, teams=shown, moves=moves, focus=code, unseen=unseen)
