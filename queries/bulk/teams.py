"""A caseload in numbers, in total and by team."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from queries.bulk.caseload import DUE, NONE_OF_THEM, OVERDUE, RECORD, Caseload


@dataclass(frozen=True)
class TeamCount:
    """Numbers of children of one team.

    `coming`: the policy gives this team and the record another; `going`: the other way round. `due` and `overdue`
    are moves out of this team, `blocked` gates that block such moves.
    """

    team: str
    on_record: int
    by_policy: int
    coming: int
    going: int
    due: int
    overdue: int
    blocked: dict[str, int]


@dataclass(frozen=True)
class Summary:
    """A caseload in numbers. `missing` and `blocked`: facts and gates to the number of children they hold up."""

    children: int
    statuses: dict[str, int]
    differ: int
    not_known: int
    due: int
    overdue: int
    to_record: int
    teams: tuple[TeamCount, ...]
    missing: dict[str, int]
    blocked: dict[str, int]


def summarise(found: Caseload) -> Summary:
    """The numbers of a caseload; teams without children or due moves are left out."""
    counts = np.bincount(found.status.astype(np.int64) + 1, minlength=len(found.statuses) + 1)[1:]
    return Summary(
        children=len(found),
        statuses={name: int(count) for name, count in zip(found.statuses, counts) if count},
        differ=int((found.differs == 1).sum()),
        not_known=int((found.differs == -1).sum()),
        due=int((found.due == DUE).sum()),
        overdue=int((found.due == OVERDUE).sum()),
        to_record=int((found.due == RECORD).sum()),
        teams=tuple(team for team in _teams(found) if team.on_record or team.by_policy or team.due or team.overdue),
        missing=found.missing.counts(),
        blocked=found.blocked_by.counts(),
    )


def _teams(found: Caseload) -> list[TeamCount]:
    origins = np.array([*(found.teams.index(move[0]) for move in found.moves), NONE_OF_THEM])[found.move]
    rows = np.repeat(np.arange(len(found)), np.diff(found.blocked_by.offsets))
    teams: list[TeamCount] = []
    for number, team in enumerate(found.teams):
        recorded, named = found.record == number, found.team == number
        differs = found.differs == 1
        leaving = origins == number
        gates = np.bincount(found.blocked_by.codes[leaving[rows]], minlength=len(found.blocked_by.names))
        teams.append(
            TeamCount(
                team,
                int(recorded.sum()),
                int(named.sum()),
                int((named & differs).sum()),
                int((recorded & differs).sum()),
                int((leaving & (found.due == DUE)).sum()),
                int((leaving & (found.due == OVERDUE)).sum()),
                {found.blocked_by.names[gate]: int(gates[gate]) for gate in np.argsort(-gates, kind="stable") if gates[gate]},
            )
        )
    return teams
