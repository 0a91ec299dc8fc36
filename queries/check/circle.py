"""Cycles within one day: moves by different events that bring a child back to where it was."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from kb.carried import CAME_AT, CAME_FROM, HOLDER, SINCE, STINT_FROM
from kb.case import Case, Day
from kb.copies import Copies, copies
from kb.engines.forward import Forward
from kb.engines.interface import Engine
from kb.language.model import Atom
from kb.program import CONTRADICTION, Program, solve
from kb.space.circles import Circles
from kb.space.search import Search, Unsettled
from kb.space.writing import Move
from kb.timing import facts_in
from queries.check.finding import Finding, Outcome
from queries.check.subject import Subject, code, example, names
from queries.decide import decide

NAME = "circle"
MOST = 40  # cycles reported


@dataclass(frozen=True)
class Turn:
    """One move of a cycle, and the facts whose day is the day of its event."""

    move: Move
    facts: frozenset[str]


def find(subject: Subject) -> Outcome:
    """The cycles that can occur on one day, shortest first. If the search ends, there are no others."""
    moves = [(code(atom), code(atom, 1), code(atom, 2)) for atom in subject.atoms("written")]
    if not moves:
        return Outcome()
    rests_on = [*_halves(subject.program, "moved"), *_halves(subject.program, CONTRADICTION)]
    place = subject.search.place(f"circles of {moves}", rests_on)
    found: list[tuple[Case, tuple[Move, ...]]] = []
    unsettled = "" if subject.kept.known(place) else _collect(subject, moves, found)
    if not unsettled:
        found = list(subject.kept.value(place, lambda: tuple(found)))
    findings = tuple(_finding(subject, case, circle, number) for number, (case, circle) in enumerate(found, 1))
    if unsettled:
        return Outcome(findings, unsettled=(unsettled,))
    return Outcome(findings, proved=len(moves) - len({move for _, circle in found for move in circle}))


def _halves(program: Program, predicate: str) -> Iterator[int]:
    return (half for _, *both in program.by_predicate.get(predicate, ()) for half in both)


def _collect(subject: Subject, moves: Sequence[Move], found: list[tuple[Case, tuple[Move, ...]]]) -> str:
    """Adds each cycle with its case to `found`. Returns what is not settled; empty if there are no others."""
    several = copies(subject.program, moves)
    edges = _edges(several, moves)
    search = Search(several.program, subject.as_of, [key for _, _, key in edges], limit=subject.limit)
    apart = _apart({turn for pair in edges for turn in pair[:2]})
    circles = Circles(search, edges, apart, lambda turn: turn.move, {search.undated: False})
    while len(found) < MOST:
        if subject.limit.over:
            return "whether more circles turn on one day: the time was over"
        try:
            circle = circles.smallest()
        except Unsettled:
            return "whether more circles turn on one day"
        if circle is None:
            return ""
        case, turns = circle
        found.append((case, tuple(turn.move for turn in turns)))
    return "more circles than are told"


def _edges(several: Copies, moves: Sequence[Move]) -> list[tuple[Turn, Turn, int]]:
    """Pairs of moves that can follow each other on one day, with the key of the second being made."""
    halves = several.program.halves
    wanted = set(moves)
    onward = {
        move: [
            (Turn(_move(atom), facts_in(atom.args[3])), halves.certain(halves.numbers[atom]))
            for atom in several.onward[move]
            if _move(atom) in wanted
        ]
        for move in moves
    }
    ways = {turn for found in onward.values() for turn, _ in found}
    ordered = sorted(ways, key=lambda turn: (moves.index(turn.move), sorted(turn.facts)))
    return [(turn, after, key) for turn in ordered for after, key in onward[turn.move] if after != turn]


def _move(atom: Atom) -> Move:
    return code(atom), code(atom, 1), code(atom, 2)


def _apart(turns: set[Turn]) -> list[tuple[Turn, Turn]]:
    """Pairs of moves that no cycle contains together: they leave the same team or use the same event."""
    listed = sorted(turns, key=lambda turn: (turn.move, sorted(turn.facts)))
    return [
        (one, other)
        for n, one in enumerate(listed)
        for other in listed[n + 1 :]
        if one.move[0] == other.move[0] or one.facts & other.facts
    ]


def _finding(subject: Subject, case: Case, circle: Sequence[Move], number: int) -> Finding:
    program = subject.program
    label = program.policy.vocabulary.label
    first = min(range(len(circle)), key=lambda n: _listed(program, circle[n][0]))
    turns = [*circle[first:], *circle[:first]]
    path = [f"from {subject.team(turn[0])} to {subject.team(turn[1])} at {label('point', turn[2])}" for turn in turns]
    heads = [atom for turn in turns for atom in _routes(program, turn)]
    rules = [n for atom in heads for n in program.by_head.get(atom, ()) if _fires(program, case, turns, n)]
    written = [subject.rule_of(n) for n in rules]
    own = [rule for rule in written if rule.clause in subject.own([rule.clause])]
    shown, one_step, status = _shown(program, case, turns)
    return Finding(
        NAME,
        "fault",
        f"A child can go in a circle on one day: {names(path)}.",
        subject.own({name for rule in own for name in rule.clauses}),
        tuple(dict.fromkeys(str(rule.position) for rule in own)),
        example(shown, number, NAME),
        status,
        "say which of the events counts where they fall on one day, with a condition or an exception",
        topic=" ".join(sorted({turn[0] for turn in turns})),
        claims=(("moved", *turns[0]),),
        one_step=one_step,
    )


def _listed(program: Program, team: str) -> int:
    order = [entry.code for entry in program.policy.vocabulary.codes.get("team", ())]
    return order.index(team) if team in order else len(order)


def _routes(program: Program, move: Move) -> list[Atom]:
    return [atom for atom, _, _ in program.by_predicate.get("route", ()) if _move(atom) == move]


def _fires(program: Program, case: Case, turns: Sequence[Move], ground: int) -> bool:
    """Whether a rule for a move fires in the step that makes the move."""
    head = program.ground[ground].head
    number = next(n for n, turn in enumerate(turns) if turn == _move(head))
    return ground in solve(program, step_of(case, turns, number), Forward()).fired_ground[0]


def step_of(case: Case, turns: Sequence[Move], number: int) -> Case:
    """The step in which move `number` of a cycle is made: the child came by the move before, on the same day."""
    before = turns[number - 1]
    facts = {HOLDER: turns[number][0], STINT_FROM: Day(case.as_of), CAME_FROM: before[0], CAME_AT: before[2]}
    return replace(case, facts={**case.facts, **facts})


def turns_in(program: Program, case: Case, turns: Sequence[Move], engine: Engine) -> bool:
    """Whether each move of a cycle is made in its step."""
    models = (solve(program, step_of(case, turns, n), engine) for n in range(len(turns)))
    return all(any(_move(a) == turn for a in m.holding_of("moved")) for turn, m in zip(turns, models))


def _shown(program: Program, case: Case, turns: Sequence[Move]) -> tuple[Case, bool, str]:
    """A case for the finding, whether it is a single step, and the status of its answer.

    A record whose journey makes the moves on that day, else the first step.
    """
    if not turns_in(program, case, turns, Forward()):
        raise AssertionError(f"the search and the engine differ on {case.facts}")
    plain = {name: value for name, value in case.facts.items() if program.policy.vocabulary.facts[name].time != "step"}
    for since in ({SINCE: Day(case.as_of - 1)}, {}):
        record = replace(case, facts={**plain, HOLDER: turns[0][0], **since})
        decision = decide(program, record, Forward())
        made = [(m.origin, m.to, m.point) for m in (decision.branch.moves if decision.branch else ())]
        if made[: len(turns)] == list(turns):
            return record, False, decision.status
    return step_of(case, turns, 0), True, "decided"
