"""What an undecided answer still says: what holds whichever team it is, and what depends on the team.

The ends of such an answer are the answers of every way of the journey, each from a step of its own. What all of
them say is certain; the rest belongs to the teams of the ends that say it. Rules decide within each end; this
module only combines them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from kb.carried import NOBODY

if TYPE_CHECKING:
    from kb.language.model import Atom
    from queries.decide import Decision, Transfer

#: Parts of an answer that are lists.
PARTS = ("deadlines", "duties", "attendance", "co_working", "findings")
ROWS = (
    *(("deadlines", "deadline"), ("duties", "duty"), ("attendance", "attendance"), ("co_working", "co_working")),
    ("findings", "finding"),
)
UNDECIDED = ("unknown", "conflict")


@dataclass(frozen=True)
class WithTeam:
    """What additionally holds if this team holds the child. `ends` are the ends in which it may."""

    team: str
    moves: tuple[Transfer, ...]
    deadlines: tuple[dict[str, Any], ...]
    duties: tuple[str, ...]
    attendance: tuple[dict[str, str], ...]
    co_working: tuple[dict[str, str], ...]
    findings: tuple[str, ...]
    ends: tuple[Decision, ...]

    @property
    def says_something(self) -> bool:
        return bool(self.moves) or any(getattr(self, part) for part in PARTS)


def with_what_is_sure(decision: Decision, ends: Sequence[Decision], every: bool) -> Decision:
    """The answer with what all of its ends say. `every`: there are no more ends; otherwise nothing is certain."""
    if not ends:
        return decision
    if not every:
        nothing: dict[str, Any] = dict.fromkeys((*PARTS, "further_transfers"), ())
        return replace(decision, ends=tuple(ends), **nothing)
    found: dict[str, Any] = {part: _joined(part, _shared(part, ends), getattr(decision, part)) for part in PARTS}
    shared = [move for move in _moves(ends[0]) if all(move in _moves(end) for end in ends)]
    told = decision.transfer
    if told is None or told not in shared:
        same = {end.transfer for end in ends}
        told = next(iter(same)) if len(same) == 1 and None not in same else told
    open_ = [move for move in decision.further_transfers if move.status == "unknown"]
    further = tuple(move for move in dict.fromkeys([*open_, *shared]) if move != told)
    if told != decision.transfer:
        found |= {"blocked_by": ends[0].blocked_by, "unconfirmed_gates": ends[0].unconfirmed_gates}
    return replace(decision, transfer=told, further_transfers=further, ends=tuple(ends), **found)


def in_common(ends: Sequence[Decision]) -> Decision:
    """What several ends that decide on one team all say, as one answer."""
    first, parts = ends[0], {part: tuple(_shared(part, ends)) for part in PARTS}
    moves = [move for move in _moves(first) if all(move in _moves(end) for end in ends)]
    told = first.transfer if first.transfer in moves else None
    found: dict[str, Any] = {**parts, "further_transfers": tuple(move for move in moves if move != told)}
    if told is None:
        found |= {"transfer": None, "blocked_by": (), "unconfirmed_gates": ()}
    return first if len(ends) == 1 else replace(first, **found)


def with_each_team(decision: Decision) -> tuple[WithTeam, ...]:
    """For each possible team what depends on it; teams with nothing of their own are left out."""
    found = [_with_team(decision, team) for team in decision.possible_teams] if decision.ends else []
    return tuple(each for each in found if each.says_something)


def sure_by_ends(decision: Decision) -> list[tuple[str, Atom]]:
    """Conclusions of all ends that the answer's own step does not have, each with its part of the answer."""
    first, *others = [end.model for end in decision.ends] or [decision.model]
    return [
        (part, atom)
        for part, predicate in ROWS
        for atom in first.holding_of(predicate)
        if not decision.model.certain(atom) and all(model.certain(atom) for model in others)
    ]


def _with_team(decision: Decision, team: str) -> WithTeam:
    ends = tuple(end for end in decision.ends if team in (end.possible_teams or (NOBODY,)))
    told = [decision.transfer, *decision.further_transfers]
    moves = [move for move in _moves(ends[0]) if all(move in _moves(end) for end in ends)] if ends else []
    parts = {part: tuple(row for row in _shared(part, ends) if row not in getattr(decision, part)) for part in PARTS}
    return WithTeam(team, tuple(move for move in moves if move not in told), **parts, ends=ends)


def _moves(end: Decision) -> list[Transfer]:
    return [move for move in (end.transfer, *end.further_transfers) if move is not None]


def _shared(part: str, ends: Sequence[Decision]) -> list[Any]:
    """The rows of one part that all ends have."""
    first, *others = [getattr(end, part) for end in ends] or [()]
    return [row for row in first if all(row in rows for rows in others)]


def _joined(part: str, shared: Sequence[Any], own: Sequence[Any]) -> tuple[Any, ...]:
    """The rows of all ends and of the answer itself. For a deadline settled in all ends, their row replaces the open one."""
    if part == "deadlines":
        settled = [{**row, "met": None} for row in shared]
        own = [row for row in own if row not in settled]
        return tuple(sorted([*shared, *(row for row in own if row not in shared)], key=_when))
    return (*own, *(row for row in shared if row not in own))


def _when(row: dict[str, Any]) -> tuple[str, str, str]:
    return row["due"], row["code"], row["day_count"]
