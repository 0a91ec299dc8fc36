"""Where one child is on the team graph: the way here, what is next, and what blocks it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from kb.language.model import Atom, Constant
from kb.program import Model
from queries.decide import Decision, Transfer
from queries.graph.model import NOT_CHECKED, YES, Citation, Key, Move, TeamGraph

COMPLETED = "completed"


@dataclass(frozen=True, slots=True)
class Taken:
    """A move that was made, and its day as YYYY-MM-DD where that is known."""

    key: Key
    on: str | None


@dataclass(frozen=True, slots=True)
class Ahead:
    """A move still ahead: its status, its day, the checks that fail and those not recorded."""

    key: Key
    status: str
    on: str | None
    failing: tuple[str, ...]
    not_recorded: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a child is. `possible` has one team where the answer is decided, none where it is silent."""

    status: str
    possible: tuple[str, ...]
    began_with: tuple[str, ...]
    taken: tuple[Taken, ...]
    ahead: tuple[Ahead, ...]

    @property
    def keys(self) -> tuple[Key, ...]:
        """Every move made or ahead."""
        return (*(move.key for move in self.taken), *(move.key for move in self.ahead))


def place(decision: Decision) -> Place:
    """The place of a decision's child on the graph. Moves are those that the decision tells."""
    model = decision.model
    told = ((decision.transfer,) if decision.transfer else ()) + decision.further_transfers
    taken = sorted(
        (Taken(_key(move), move.on) for move in told if move.status == COMPLETED),
        key=lambda move: move.on or "9999",
    )
    return Place(
        status=decision.status,
        possible=decision.possible_teams,
        began_with=tuple(str(atom.args[0]) for atom in model.holding_of("from_record")),
        taken=tuple(taken),
        ahead=tuple(_ahead(model, move) for move in told if move.status != COMPLETED),
    )


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


def with_agreed(graph: TeamGraph, keys: Iterable[Key], model: Model) -> TeamGraph:
    """The graph with moves that managers agreed on and no rule names: they may agree on many pairs of teams."""
    made = {tuple(str(arg) for arg in atom.args) for atom in model.holding_of("candidate")}
    known = {move.key for move in graph.moves}
    policy = model.program.policy
    new: list[Move] = []
    for key in dict.fromkeys(keys):
        if key in known:
            continue
        rules = [model.program.rules[model.program.ground[n].source] for n in _agreeing(model, key[1])]
        clauses = [clause for clause in policy.clauses.values() if clause.id in {rule.clause for rule in rules}]
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
            takable=YES if (*key, COMPLETED) in made else NOT_CHECKED,
        )
        new.append(move)
    return replace(graph, moves=(*graph.moves, *new))


def _agreeing(model: Model, team: str) -> tuple[int, ...]:
    return model.program.by_head.get(Atom("agreement_counts", (Constant(team),)), ())
