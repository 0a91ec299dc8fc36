"""Decides a whole caseload: one row a child, in columns.

Names are stored as indices into lists that are the same for all cases, so that chunks can be concatenated.
`NONE_OF_THEM` (-1) stands for no team, no move, no day.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from kb.bulk.bits import Plane, unpack
from kb.bulk.columns_in import select
from kb.bulk.table import UNKNOWN, CaseTable, team_codes
from kb.case import parse_day
from kb.engines.bulk.interface import BulkEngine, Firings
from kb.language.model import Atom
from kb.program import CONTRADICTION, Program
from queries.bulk.answers import Answers, text
from queries.bulk.journeys import CHUNK, LastSteps, last_steps
from queries.bulk.stints import wrong_since
from queries.bulk.walk import Rules, walk
from queries.decide import Decision, Transfer
from queries.undecided import UNDECIDED

NONE_OF_THEM = -1
OPEN, KEPT, MISSED = range(3)  # states of a deadline
DECIDED, COMPLETED = "decided", "completed"
SETTLED, BOUNDS, EXACT = -1, 0, 1  # possible teams: decided or silent; an upper bound; exact (`queries.exact`)
HOLDER = "starts_with"  # predicate of the shared rules: the holder at the start of a step

#: State of the move that the policy calls for; see `Caseload.due`.
NOT_DUE, TO_COME, DUE, OVERDUE, RECORD = range(5)

Numbers = NDArray[Any]
Name = TypeVar("Name")


@dataclass(frozen=True)
class Several:
    """A list of names for each case: that of case i is `codes[offsets[i]:offsets[i + 1]]`, indices into `names`."""

    names: tuple[str, ...]
    offsets: Numbers
    codes: Numbers

    def of_case(self, row: int) -> tuple[str, ...]:
        return tuple(self.names[code] for code in self.codes[self.offsets[row] : self.offsets[row + 1]])

    def counts(self) -> dict[str, int]:
        """Number of cases with each name, most frequent first, without zeros."""
        found = np.bincount(self.codes, minlength=len(self.names))
        order = np.argsort(-found, kind="stable")
        return {self.names[code]: int(found[code]) for code in order if found[code]}


@dataclass(frozen=True)
class Limits:
    """The deadlines of each case, sorted by day. `offsets` as in `Several`; `kinds` are (deadline, day count)."""

    kinds: tuple[tuple[str, str], ...]
    offsets: Numbers
    codes: Numbers
    due: Numbers
    state: Numbers


@dataclass(frozen=True)
class Caseload:
    """The answer for every case of a table, as columns.

    status      index into `statuses`
    record      the team on record, index into `teams`; NONE_OF_THEM: not recorded. If no team has the child
                open, that is the front door (`kb/house/4_holder.dl`)
    team        the team by policy, index into `teams`; NONE_OF_THEM: no single team
    differs     1 if team and record differ, 0 if not, -1 if either is not known
    wrong_since the day since when the record has shown a wrong team; NONE_OF_THEM: it does not, or not known
    move, on    the `told` move, index into `moves` (from, to, point, status), and its day
    since       the first day of the present stint, if known
    next_move, next_on   the first move due after the day of the answer, index into `moves`, and its day
    due         NOT_DUE; TO_COME (its day is not known or not set); DUE (today or later); OVERDUE (its day has
                passed, or it was reached and a gate holds it up); RECORD (it is made, and the record still
                shows another team)
    exact       what the possible teams are: SETTLED, BOUNDS or EXACT

    Days are ordinals; NONE_OF_THEM for none.
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
    wrong_since: Numbers
    move: Numbers
    on: Numbers
    since: Numbers
    next_move: Numbers
    next_on: Numbers
    due: Numbers
    exact: Numbers
    possible: Several
    blocked_by: Several
    missing: Several
    deadlines: Limits

    def __len__(self) -> int:
        return len(self.table)


def decide_caseload(
    program: Program, table: CaseTable, engine: BulkEngine, done: Callable[[int], None] = lambda count: None
) -> Caseload:
    """Decides every case of a table. `done` is called with the number of further cases finished."""
    return decide_steps(program, table, last_steps(program, table, done), engine)


def decide_steps(program: Program, table: CaseTable, steps: LastSteps, engine: BulkEngine) -> Caseload:
    """Decides every case of a table from the last step of its journey."""
    names = _Names(program, steps.parted.values())
    parts = [_read(firings, names) for firings in engine.fire(program, steps.table)] or [_nothing(names)]
    joined: dict[str, Any] = {name: _join([part[name] for part in parts]) for name in parts[0]}
    told = _with_journeys(joined, steps, names)
    record = _record(program, table, engine, names, told["team"])
    differs = np.where((told["team"] == NONE_OF_THEM) | (record == NONE_OF_THEM), -1, told["team"] != record).astype(np.int8)
    due = _due(names, told["move"], told["on"], table.as_of, differs)
    wrong = wrong_since(program, table, steps, differs, names.teams, record)
    exact = np.where(np.isin(told["status"], undecided(names.statuses)), BOUNDS, SETTLED).astype(np.int8)
    told |= {"record": record, "differs": differs, "wrong_since": wrong, "due": due, "exact": exact}
    return Caseload(program, table, names.statuses, names.teams, names.moves, **told)


def undecided(statuses: Sequence[str]) -> list[int]:
    """Indices of the statuses with more than one possible team."""
    return [number for number, name in enumerate(statuses) if name in UNDECIDED]


def responsible_teams(
    program: Program, table: CaseTable, engine: BulkEngine, steps: LastSteps | None = None
) -> tuple[list[str], Numbers]:
    """The team code of every case (empty if no single team), and the first day of the present stint."""
    steps = steps or last_steps(program, table)
    found = [""] * len(table)
    for firings in engine.fire(program.of_team, steps.table):
        for code, plane in Answers(firings).codes("responsible").items():
            for row in np.flatnonzero(unpack(plane, firings.count)).tolist():
                found[firings.start + row] = code
    for row, decision in steps.parted.items():
        found[row] = decision.responsible_team or ""
    return found, steps.since


Outcome = tuple[str, str | None, tuple[str, str, str, str] | None]


def outcomes(program: Program, table: CaseTable, engine: BulkEngine) -> list[tuple[Outcome, frozenset[str]] | None]:
    """For every case (status, team, `told` move) and the codes of its contradictions.

    None for a case whose journey can't be walked in columns: decide it with `queries.decide`.
    """
    found: list[tuple[Outcome, frozenset[str]] | None] = [None] * len(table)
    names, rules = _Names(program), Rules(program)
    for start in range(0, len(table), CHUNK):
        rows = np.arange(start, min(start + CHUNK, len(table)))
        walked = walk(rules, select(table, rows), engine)
        plain = rows[walked.plain].tolist()
        for firings in engine.fire(program.of_outcome, walked.step):
            answers = Answers(firings)
            status = _one_of(answers.statuses(), names.statuses, firings.count)
            team = _one_of(answers.codes("responsible"), names.teams, firings.count)
            move, _ = _moves(answers, names)
            against = {code: unpack(plane, firings.count) for code, plane in answers.codes(CONTRADICTION).items()}
            for row, read in enumerate(zip(status.tolist(), team.tolist(), move.tolist())):
                told = names.statuses[read[0]], _name(names.teams, read[1]), _name(names.moves, read[2])
                contradicted = frozenset(code for code, there in against.items() if there[row])
                found[plain[firings.start + row]] = told, contradicted
    return found


def outcome(decision: Decision) -> Outcome:
    """The same triple for one decision."""
    return decision.status, decision.responsible_team, None if decision.transfer is None else _move_told(decision.transfer)


def _name(names: Sequence[Name], number: int) -> Name | None:
    return None if number == NONE_OF_THEM else names[number]


def some_of(found: Caseload, rows: Numbers) -> Caseload:
    """The rows of some children, in the order given."""
    rows = np.asarray(rows, np.int64)
    parts: dict[str, Any] = {}
    for name in PARTS:
        part = getattr(found, name)
        parts[name] = part[rows] if isinstance(part, np.ndarray) else _some(part, rows)
    return replace(found, table=select(found.table, rows), **parts)


def move_of(told: Atom) -> tuple[str, str, str, str]:
    """(from, to, point, status) of a `told` atom."""
    origin, to, point, status = map(text, told.args)
    return origin, to, point, status


#: The fields of a caseload that have an entry for each case.
PARTS = (
    *("status", "record", "team", "differs", "wrong_since", "move", "on", "since", "next_move", "next_on", "due"),
    *("exact", "possible", "blocked_by", "missing", "deadlines"),
)


def _move_told(move: Transfer) -> tuple[str, str, str, str]:
    return move.origin, move.to, move.point, move.status


class _Names:
    """The lists that the indices of a caseload refer to."""

    def __init__(self, program: Program, parted: Iterable[Decision] = ()):
        vocabulary = program.policy.vocabulary
        self.program = program
        self.statuses = tuple(code.code for code in vocabulary.codes["status"])
        self.teams = team_codes(vocabulary)
        self.gates = tuple(code.code for code in vocabulary.codes.get("gate", ()))
        self.facts = tuple(vocabulary.facts)
        told = [move_of(atom) for atom, _, _ in program.by_predicate.get("told", ())]
        told += [_move_told(decision.transfer) for decision in parted if decision.transfer is not None]
        self.moves = tuple(dict.fromkeys(told))
        limits = [atom for atom, _, _ in program.by_predicate.get("deadline", ())]
        self.limits = tuple(dict.fromkeys((text(atom.args[0]), text(atom.args[2])) for atom in limits))


def _read(firings: Firings, names: _Names) -> dict[str, Any]:
    answers = Answers(firings)
    move, on = _moves(answers, names)
    next_move, next_on = _next(answers, names)
    return {
        "status": _one_of(answers.statuses(), names.statuses, firings.count),
        "team": _one_of(answers.codes("responsible"), names.teams, firings.count),
        "move": move,
        "on": on,
        "next_move": next_move,
        "next_on": next_on,
        "possible": _several(answers.possible_teams(), names.teams, firings.count),
        "blocked_by": _several(answers.codes("blocked_by"), names.gates, firings.count),
        "missing": _several(answers.missing(), names.facts, firings.count),
        "deadlines": _limits(answers, names),
    }


# What the journeys add ----------------------------------------------------------------------


def _with_journeys(told: dict[str, Any], steps: LastSteps, names: _Names) -> dict[str, Any]:
    """Adds what depends on the whole journey: days of moves, questions, and answers of journeys with several ways."""
    led = [names.teams.index(move[1]) if move[3] == COMPLETED else NONE_OF_THEM for move in names.moves]
    came = (steps.came_to != UNKNOWN) & (np.array([*led, NONE_OF_THEM])[told["move"]] == steps.came_to)
    told["on"][came] = steps.came_on[came]
    missing = {row: {*told["missing"].of_case(row), *asks} for row, asks in steps.asks.items()}
    undecided = told["status"] != names.statuses.index(DECIDED)
    told["next_move"][undecided] = told["next_on"][undecided] = NONE_OF_THEM
    for row, decision in steps.parted.items():
        missing[row] = set(decision.missing_facts)
        put(told, row, decision, names)
    told["missing"] = with_names(told["missing"], missing)
    for part in ("possible_teams", "blocked_by"):
        name = part.removesuffix("_teams")
        told[name] = with_names(told[name], {row: getattr(found, part) for row, found in steps.parted.items()})
    limits = {row: _limits_of(found, names) for row, found in steps.parted.items()}
    return {**told, "deadlines": _with_limits(told["deadlines"], limits), "since": steps.since}


def put(told: dict[str, Any], row: int, decision: Decision, names: _Names | Caseload) -> None:
    """Overwrites one row with the answer of `queries.decide`."""
    move, team = decision.transfer, decision.responsible_team
    told["status"][row] = names.statuses.index(decision.status)
    told["team"][row] = NONE_OF_THEM if team is None else names.teams.index(team)
    told["move"][row] = NONE_OF_THEM if move is None else names.moves.index(_move_told(move))
    told["on"][row] = NONE_OF_THEM if move is None or move.on is None else parse_day(move.on)
    told["next_move"][row] = told["next_on"][row] = NONE_OF_THEM


def _limits_of(decision: Decision, names: _Names) -> list[tuple[int, int, int]]:
    """(kind, due, state) of the deadlines of an answer, in the order of `Limits`."""
    state = {True: KEPT, False: MISSED, None: OPEN}
    found = [
        (names.limits.index((d["code"], d["day_count"])), parse_day(d["due"][:10]), state[d["met"]]) for d in decision.deadlines
    ]
    return sorted(found, key=lambda limit: (limit[1], limit[0], limit[2]))


def with_names(several: Several, changed: Mapping[int, Iterable[str]]) -> Several:
    """A copy with other names for some cases, given by row."""
    place = {name: number for number, name in enumerate(several.names)}
    codes = {row: np.array(sorted(place[name] for name in found), np.int16) for row, found in changed.items()}
    offsets, taken, of_row = _spliced(several.offsets, {row: len(found) for row, found in codes.items()})
    found = several.codes[taken] if len(several.codes) else np.zeros(len(taken), np.int16)
    for row, some in codes.items():
        found[of_row[row]] = some
    return Several(several.names, offsets, found)


def _with_limits(limits: Limits, changed: Mapping[int, list[tuple[int, int, int]]]) -> Limits:
    """A copy with other deadlines for some cases, given by row."""
    offsets, taken, of_row = _spliced(limits.offsets, {row: len(found) for row, found in changed.items()})
    parts = [part[taken] if len(part) else np.zeros(len(taken), part.dtype) for part in (limits.codes, limits.due, limits.state)]
    for row, some in changed.items():
        for part, values in zip(parts, zip(*some)):
            part[of_row[row]] = values
    return Limits(limits.kinds, offsets, *parts)


def _spliced(offsets: Numbers, lengths: Mapping[int, int]) -> tuple[Numbers, Numbers, dict[int, slice]]:
    """New list lengths for some rows: the new offsets, the old index of each entry (0 if new), and the span of each such row."""
    counts = np.diff(offsets)
    rows = np.array(list(lengths), np.int64)
    counts[rows] = np.array(list(lengths.values()), np.int64)
    made = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    taken = np.arange(made[-1]) - np.repeat(made[:-1] - offsets[:-1], counts)
    of_row = {row: slice(int(made[row]), int(made[row + 1])) for row in lengths}
    for span in of_row.values():
        taken[span] = 0
    return made, taken, of_row


def _some(part: Several | Limits, rows: Numbers) -> Several | Limits:
    counts = np.diff(part.offsets)[rows]
    offsets = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    taken = np.arange(offsets[-1]) - np.repeat(offsets[:-1] - part.offsets[:-1][rows], counts)
    if isinstance(part, Several):
        return Several(part.names, offsets, part.codes[taken])
    return Limits(part.kinds, offsets, part.codes[taken], part.due[taken], part.state[taken])


# One step -----------------------------------------------------------------------------------


def _one_of(planes: dict[str, Plane], names: tuple[str, ...], count: int) -> Numbers:
    found = np.full(count, NONE_OF_THEM, np.int16)
    for name, plane in planes.items():
        here = np.flatnonzero(unpack(plane, count))
        found[here[found[here] == NONE_OF_THEM]] = names.index(name)
    return found


def _record(program: Program, table: CaseTable, engine: BulkEngine, names: _Names, team: Numbers) -> Numbers:
    """The team that each record means. If it means several front doors, the one that is also the policy's team."""
    asked = [half for _, *halves in program.by_predicate.get(HOLDER, ()) for half in halves]
    of_record = replace(program, halves=program.halves.about(asked))
    found = np.full(len(table), NONE_OF_THEM, np.int16)
    for firings in engine.fire(of_record, table):
        span = slice(firings.start, firings.start + firings.count)
        meant = Answers(firings).codes(HOLDER)
        part = _one_of(meant, names.teams, firings.count)
        for name, plane in meant.items():
            here = unpack(plane, firings.count) & (team[span] == names.teams.index(name))
            part[here] = team[span][here]
        found[span] = part
    return found


def _moves(answers: Answers, names: _Names) -> tuple[Numbers, Numbers]:
    atoms, told = answers.told()
    place = {move: number for number, move in enumerate(names.moves)}
    numbers = np.array([*(place[move_of(atom)] for atom in atoms), NONE_OF_THEM], np.int32)
    return numbers[told], answers.told_on()


def _next(answers: Answers, names: _Names) -> tuple[Numbers, Numbers]:
    atoms, first, on = answers.next_due()
    numbers = [names.moves.index(move_of(atom)) if move_of(atom) in names.moves else NONE_OF_THEM for atom in atoms]
    return np.array([*numbers, NONE_OF_THEM], np.int32)[first], on


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
    """All deadlines sorted by case, day and kind, without duplicates; settled before open."""
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
    found: dict[str, Any] = dict.fromkeys(("status", "team", "move", "on", "next_move", "next_on"), empty)
    nobody = np.zeros(1, np.int64)
    for name, listed in (("possible", names.teams), ("blocked_by", names.gates), ("missing", names.facts)):
        found[name] = Several(listed, nobody, empty)
    found["deadlines"] = Limits(names.limits, nobody, empty, empty, empty)
    return found


def _join(parts: list[Any]) -> Any:
    """Concatenates the parts of all chunks."""
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
