"""The team graph as data: teams, and moves between them.

`docs/graph.md` lists the attributes of the exports, which are made from these fields.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

#: Identifies a move: codes of origin, destination and transfer point.
Key = tuple[str, str, str]

YES, NO, NOT_CHECKED, IN_PART = "yes", "no", "not checked", "in part"


@dataclass(frozen=True, slots=True)
class Citation:
    """A cited clause: id, lines of the document, force."""

    clause: str
    lines: tuple[int, ...]
    force: str


@dataclass(frozen=True, slots=True)
class Statement:
    """Something that the rules say of a team, such as that it is a front door.

    `what` is a predicate of the shared rules, `other` the team, body or occasion it also names (or empty), `label` the
    name of the co-working or attendance (or empty).
    """

    what: str
    other: str
    label: str
    clauses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Team:
    """A team, body or outcome that the rules name.

    `kind` is `team`, `body` or `outcome`; `names` are all names in the document; `clauses` the clauses whose rules
    name it.
    """

    code: str
    name: str
    kind: str
    names: tuple[str, ...]
    clauses: tuple[str, ...]
    statements: tuple[Statement, ...]

    def said(self, what: str) -> tuple[Statement, ...]:
        """The statements by one predicate."""
        return tuple(s for s in self.statements if s.what == what)

    @property
    def is_front_door(self) -> bool:
        return bool(self.said("front_door"))

    @property
    def is_outcome(self) -> bool:
        return self.kind == "outcome"


@dataclass(frozen=True, slots=True)
class Named:
    """A code with its display name."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Move:
    """A move that the rules allow, from a team to a team at a transfer point.

    discretionary  `yes`: the managers may decide it; `no`: the policy does; `in part`: rules say both
    by_age         whether it depends on age alone
    rules          positions as file:line
    exceptions     clauses that set one of `clauses` aside
    readings       the readings that the rules use
    gates          apply to every move of this team at this point; `conditions` to this move alone
    takable        whether some case can take the move: `yes`, `no`, `not checked`
    witness        such a case as JSON; empty if none is known
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
        """The id of the move in every export."""
        return "--".join(self.key)


@dataclass(frozen=True)
class TeamGraph:
    """The teams and moves of a policy under its readings, each in a fixed order.

    checked_on  ISO date of the cases that were searched for takable moves; empty if none were
    focus       the team that a part of a graph is around; `unseen` are the teams left out
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
        """Codes of the teams with a move in or out."""
        return frozenset(code for move in self.moves for code in (move.origin, move.to))

    def with_moves(self, moves: Iterable[Move]) -> TeamGraph:
        return replace(self, moves=tuple(moves))


def around(graph: TeamGraph, code: str) -> TeamGraph:
    """The part of the graph with one team, its moves, and the teams at their other ends."""
    moves = tuple(move for move in graph.moves if code in (move.origin, move.to))
    near = {code, *(end for move in moves for end in (move.origin, move.to))}
    shown = tuple(team for team in graph.teams if team.code in near)
    unseen = tuple(team for team in graph.teams if team.code not in near)
    return replace(graph, teams=shown, moves=moves, focus=code, unseen=unseen)
