"""A whole caseload decided: one row a child, in columns, with what people ask of it.

Names are kept as numbers into lists that are the same for all cases, so that chunks only
have to be put one after the other. `NONE_OF_THEM` (-1) is no team, no move, no day.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kb.bulk.bits import Plane, unpack
from kb.bulk.table import CaseTable, team_codes
from kb.engines.bulk.interface import BulkEngine, Firings
from kb.language.model import Atom
from kb.program import Program
from queries.bulk.answers import Answers, text

NONE_OF_THEM = -1
OPEN, KEPT, MISSED = range(3)  # what became of a time limit

#: How far a move is that the policy calls for; see `Caseload.due`.
NOT_DUE, TO_COME, DUE, OVERDUE, RECORD = range(5)

Numbers = NDArray[Any]


@dataclass(frozen=True)
class Several:
    """Some of the names for each case: those of case i are `codes[offsets[i]:offsets[i + 1]]`."""

    names: tuple[str, ...]
    offsets: Numbers
    codes: Numbers

    def of_case(self, row: int) -> tuple[str, ...]:
        return tuple(self.names[code] for code in self.codes[self.offsets[row] : self.offsets[row + 1]])

    def counts(self) -> dict[str, int]:
        """How many cases have each name, the most frequent first; names that none has are left out."""
        found = np.bincount(self.codes, minlength=len(self.names))
        order = np.argsort(-found, kind="stable")
        return {self.names[code]: int(found[code]) for code in order if found[code]}


@dataclass(frozen=True)
class Limits:
    """The time limits of each case, by day: `offsets` as in `Several`; `kinds` are (deadline, day count)."""

    kinds: tuple[tuple[str, str], ...]
    offsets: Numbers
    codes: Numbers
    due: Numbers
    state: Numbers


@dataclass(frozen=True)
class Caseload:
    """The answer for every case of a table.

    status      into `statuses`
    record      the team on record, into `teams`; NONE_OF_THEM: not recorded. Where no team has
                the child open that is the front door (contract section 2)
    team        the team by policy, into `teams`; NONE_OF_THEM: the answer is no one team
    differs     1 if team and record differ, 0 if not, -1 if either is not known
    move, on    the move that is told, into `moves` (from, to, point, status), and its day
    due         NOT_DUE; TO_COME (its day is not known or not set); DUE (on a day still ahead or
                today); OVERDUE (its day has passed, or it was reached and a check holds it up);
                RECORD (it is made, and the record still shows another team)
    """

    program: Program
    table: CaseTable
    statuses: tuple[str, ...]
    teams: tuple[str, ...]
    moves: tuple[tuple[str, str, str, str], ...]
    status: Numbers
    record: Numbers
    team: Numbers
    differs: Numbers
    move: Numbers
    on: Numbers
    due: Numbers
    possible: Several
    blocked_by: Several
    missing: Several
    deadlines: Limits

    def __len__(self) -> int:
        return len(self.table)


def decide_caseload(
    program: Program, table: CaseTable, engine: BulkEngine, done: Callable[[int], None] = lambda count: None
) -> Caseload:
    """Every case of a table decided. `done` is told how many more cases are."""
    names = _Names(program)
    parts: list[dict[str, Any]] = []
    for firings in engine.fire(program, table):
        parts.append(_read(firings, names))
        done(firings.count)
    if not parts:
        parts = [_nothing(names)]
    joined: dict[str, Any] = {name: _join([part[name] for part in parts]) for name in parts[0]}
    return Caseload(program, table, names.statuses, names.teams, names.moves, **joined)


def move_of(told: Atom) -> tuple[str, str, str, str]:
    """From, to, point and status of a move that is told."""
    origin, to, point, status = map(text, told.args)
    return origin, to, point, status


class _Names:
    """What the numbers of a caseload stand for."""

    def __init__(self, program: Program):
        vocabulary = program.policy.vocabulary
        self.program = program
        self.statuses = tuple(code.code for code in vocabulary.codes["status"])
        self.teams = team_codes(vocabulary)
        self.gates = tuple(code.code for code in vocabulary.codes.get("gate", ()))
        self.facts = tuple(vocabulary.facts)
        told = [atom for atom, _, _ in program.by_predicate.get("told", ())]
        self.moves = tuple(map(move_of, told))
        limits = [atom for atom, _, _ in program.by_predicate.get("deadline", ())]
        self.limits = tuple(dict.fromkeys((text(atom.args[0]), text(atom.args[2])) for atom in limits))


def _read(firings: Firings, names: _Names) -> dict[str, Any]:
    answers = Answers(firings)
    span = slice(firings.start, firings.start + firings.count)
    table = firings.conditions.table
    status = _one_of(answers.statuses(), names.statuses, firings.count)
    team = _one_of(answers.codes("responsible"), names.teams, firings.count)
    record = _record(answers, names, team)
    move, on = _moves(answers, names)
    differs = np.where((team == NONE_OF_THEM) | (record == NONE_OF_THEM), -1, team != record).astype(np.int8)
    due = _due(names, move, on, table.as_of[span], differs)
    return {
        "status": status,
        "record": record,
        "team": team,
        "differs": differs,
        "move": move,
        "on": on,
        "due": due,
        "possible": _several(answers.possible_teams(), names.teams, firings.count),
        "blocked_by": _several(answers.codes("blocked_by"), names.gates, firings.count),
        "missing": _several(answers.missing(), names.facts, firings.count),
        "deadlines": _limits(answers, names),
    }


def _one_of(planes: dict[str, Plane], names: tuple[str, ...], count: int) -> Numbers:
    found = np.full(count, NONE_OF_THEM, np.int16)
    for name, plane in planes.items():
        here = np.flatnonzero(unpack(plane, count))
        found[here[found[here] == NONE_OF_THEM]] = names.index(name)
    return found


def _record(answers: Answers, names: _Names, team: Numbers) -> Numbers:
    """The team that the record means; of several front doors the one that the policy names too."""
    meant = answers.codes("from_record")
    found = _one_of(meant, names.teams, answers.count)
    for name, plane in answers.codes("responsible").items():
        if name in meant:
            here = unpack(plane & meant[name], answers.count)
            found[here] = team[here]
    return found


def _moves(answers: Answers, names: _Names) -> tuple[Numbers, Numbers]:
    atoms, told = answers.told()
    place = {move: number for number, move in enumerate(names.moves)}
    numbers = np.array([*(place[move_of(atom)] for atom in atoms), NONE_OF_THEM], np.int32)
    return numbers[told], answers.told_on()


def _due(names: _Names, move: Numbers, on: Numbers, as_of: Numbers, differs: Numbers) -> Numbers:
    statuses = [*(told[3] for told in names.moves), ""]
    upcoming, blocked, completed = (
        np.array([status == wanted for status in statuses])[move] for wanted in ("upcoming", "blocked", "completed")
    )
    dated = on != NONE_OF_THEM
    found = np.full(len(move), NOT_DUE, np.int8)
    found[upcoming] = TO_COME
    found[upcoming & dated & (on >= as_of)] = DUE
    found[(upcoming | blocked) & dated & (on < as_of)] = OVERDUE
    found[blocked & (on == as_of)] = OVERDUE
    found[completed & (differs == 1)] = RECORD
    return found


def _several(planes: dict[str, Plane], names: tuple[str, ...], count: int) -> Several:
    codes = sorted(names.index(name) for name in planes)
    if not codes:
        return Several(names, np.zeros(count + 1, np.int64), np.zeros(0, np.int16))
    bits = np.array([unpack(planes[names[code]], count) for code in codes])
    offsets = np.concatenate([[0], np.cumsum(bits.sum(axis=0))]).astype(np.int64)
    found = np.nonzero(np.ascontiguousarray(bits.T))[1]
    return Several(names, offsets, np.array(codes, np.int16)[found])


def _limits(answers: Answers, names: _Names) -> Limits:
    """All time limits, sorted by case, day and kind; equal ones once, settled before open."""
    rows: list[Numbers] = []
    columns: list[Numbers] = []
    for limit in answers.deadlines():
        here = np.flatnonzero(unpack(limit.where, answers.count))
        kept, missed = unpack(limit.kept, answers.count)[here], unpack(limit.missed, answers.count)[here]
        kind = np.full(len(here), names.limits.index((limit.code, limit.day_count)))
        state = np.where(kept, KEPT, np.where(missed, MISSED, OPEN))
        rows.append(here)
        columns.append(np.array([limit.due[here], kind, state]))
    if not rows:
        return Limits(names.limits, np.zeros(answers.count + 1, np.int64), *(np.zeros(0, np.int32) for _ in range(3)))
    row, (due, kind, state) = np.concatenate(rows), np.concatenate(columns, axis=1)
    order = np.lexsort((state, kind, due, row))
    row, due, kind, state = row[order], due[order], kind[order], state[order]
    again = np.zeros(len(row), np.bool_)
    again[1:] = (np.diff(row) == 0) & (np.diff(due) == 0) & (np.diff(kind) == 0) & (np.diff(state) == 0)
    row, due, kind, state = row[~again], due[~again], kind[~again], state[~again]
    offsets = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=answers.count))]).astype(np.int64)
    return Limits(names.limits, offsets, kind.astype(np.int16), due.astype(np.int32), state.astype(np.int8))


def _nothing(names: _Names) -> dict[str, Any]:
    empty = np.zeros(0, np.int32)
    found: dict[str, Any] = dict.fromkeys(("status", "record", "team", "differs", "move", "on", "due"), empty)
    nobody = np.zeros(1, np.int64)
    for name, listed in (("possible", names.teams), ("blocked_by", names.gates), ("missing", names.facts)):
        found[name] = Several(listed, nobody, empty)
    found["deadlines"] = Limits(names.limits, nobody, empty, empty, empty)
    return found


def _join(parts: list[Any]) -> Any:
    """The parts of all chunks one after the other."""
    first = parts[0]
    if len(parts) == 1:
        return first
    if isinstance(first, np.ndarray):
        return np.concatenate(parts)
    ends = np.cumsum([0, *(part.offsets[-1] for part in parts)])
    offsets = np.concatenate([[0], *(part.offsets[1:] + end for part, end in zip(parts, ends))])
    codes = np.concatenate([part.codes for part in parts])
    if isinstance(first, Several):
        return Several(first.names, offsets, codes)
    due, state = (np.concatenate([getattr(part, name) for part in parts]) for name in ("due", "state"))
    return Limits(first.kinds, offsets, codes, due, state)
