"""The position of a child on the team graph: moves taken, moves ahead, and gates that hold them up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from kb.dates import iso
from kb.language.model import Atom, Constant
from kb.program import Model
from queries.decide import Decision, Transfer
from queries.graph.model import NOT_CHECKED, YES, Citation, Key, Move, TeamGraph
from queries.journey import Move as StepMove

COMPLETED, PLANNED, PRESENT = "completed", "planned", "present"


@dataclass(frozen=True, slots=True)
class Taken:
    """A move that was made; `on` is an ISO date or None. A closing or new contact has an empty transfer point."""

    key: Key
    on: str | None


@dataclass(frozen=True, slots=True)
class Ahead:
    """A move still ahead: status, ISO date or None, failing gates, and gates not recorded."""

    key: Key
    status: str
    on: str | None
    failing: tuple[str, ...]
    not_recorded: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """The position of a child. It may come to a team, and take a move, more than once.

    `possible`: one team if decided, none if silent. `began_with`: the team of the first stint; empty if it was open.
    """

    status: str
    possible: tuple[str, ...]
    began_with: tuple[str, ...]
    taken: tuple[Taken, ...]
    ahead: tuple[Ahead, ...]

    @property
    def keys(self) -> tuple[Key, ...]:
        """Every move taken or ahead that is an edge of the graph."""
        return (*(move.key for move in self.taken if move.key[2]), *(move.key for move in self.ahead))


def place(decision: Decision) -> Place:
    """The position of a decision's child: the moves of its journey, and the transfers that are not completed."""
    told = ((decision.transfer,) if decision.transfer else ()) + decision.further_transfers
    made = _made(decision)
    return Place(
        status=decision.status,
        possible=decision.possible_teams,
        began_with=_began_with(decision, made),
        taken=tuple(Taken((m.origin, m.to, m.point or ""), None if m.day is None else iso(m.day)) for m in made),
        ahead=tuple(_ahead(decision.model, move) for move in told if move.status != COMPLETED),
    )


def _made(decision: Decision) -> list[StepMove]:
    """The moves of the journey that are certain, oldest first, including those of stints without length."""
    moves = decision.branch.moves if decision.branch is not None else ()
    sure = [stint.moves[0] for stint in decision.journey if stint.status != PLANNED and len(stint.moves) == 1]
    if moves and _began_for_sure(decision, moves[-1]):
        sure.append(moves[-1])
    found = [move for last in sure for move in (*_passed_on(moves, last), last)]
    return list({(move.atom, move.day): move for move in found}.values())


def _began_for_sure(decision: Decision, last: StepMove) -> bool:
    """Whether the present stint began with a certain move, even if the answer is open now."""
    branch = decision.branch
    settled = branch is not None and branch.undecided is None and not branch.assumed
    return settled and last.model.certain(last.atom) and decision.journey[0].team is not None


def _passed_on(moves: Sequence[StepMove], last: StepMove) -> list[StepMove]:
    """The moves of the same day that led to the team that a move left."""
    place = next((n for n, move in enumerate(moves) if (move.atom, move.day) == (last.atom, last.day)), 0)
    found = [last]
    for before in reversed(moves[:place]):
        if before.day != last.day or before.to != found[0].origin:
            break
        found.insert(0, before)
    return found[:-1]


def _began_with(decision: Decision, made: Sequence[StepMove]) -> tuple[str, ...]:
    """The team of the first stint; if that had no length, the origin of the first move."""
    first = decision.journey[0] if decision.journey else None
    if first is None or (first.status == PRESENT and not made):
        return tuple(str(atom.args[0]) for atom in decision.model.holding_of("starts_with"))
    if made and (first.status == PRESENT or first.moves):
        return (made[0].origin,)
    return () if first.team is None else (first.team,)


def _ahead(model: Model, move: Transfer) -> Ahead:
    key = _key(move)
    failing, open_ = _gates(model, "gate_fails", key), _gates(model, "gate_unconfirmed", key)
    return Ahead(key, move.status, move.on, failing, open_)


def _gates(model: Model, predicate: str, key: Key) -> tuple[str, ...]:
    start = tuple(Constant(code) for code in key)
    found = {str(atom.args[3]) for atom in model.holding_of(predicate) if atom.args[:3] == start}
    return tuple(code.code for code in model.program.policy.vocabulary.codes.get("gate", ()) if code.code in found)


def _key(move: Transfer) -> Key:
    return (move.origin, move.to, move.point)


def with_agreed(graph: TeamGraph, found: Place, model: Model) -> TeamGraph:
    """The graph with moves added that managers agreed on and that no rule names."""
    made = {taken.key for taken in found.taken}
    known = {move.key for move in graph.moves}
    policy = model.program.policy
    new: list[Move] = []
    for key in dict.fromkeys(found.keys):
        if key in known:
            continue
        rules = [model.program.rules[model.program.ground[n].source] for n in _agreeing(model, key[1])]
        clauses = [clause for clause in policy.clauses.values() if any(clause.id in rule.clauses for rule in rules)]
        move = Move(
            origin=key[0],
            to=key[1],
            point=key[2],
            point_name=policy.vocabulary.label("point", key[2]),
            discretionary=YES,
            by_age=False,
            clauses=tuple(Citation(clause.id, clause.lines, clause.force) for clause in clauses),
            rules=tuple(f"{position.file}:{position.line}" for position in sorted({rule.position for rule in rules})),
            exceptions=(),
            readings=(),
            gates=(),
            conditions=(),
            attendance=(),
            takable=YES if key in made else NOT_CHECKED,
        )
        new.append(move)
    return replace(graph, moves=(*graph.moves, *new))


def _agreeing(model: Model, team: str) -> tuple[int, ...]:
    return model.program.by_head.get(Atom("agreement_counts", (Constant(team),)), ())
