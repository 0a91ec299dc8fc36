"""Proves for each move whether any case can take it.

clingo searches the steps of one day (`kb.space`), with any record and any holder. A move set out by the policy is
taken if `moved` certainly holds. A move left to the managers is taken if they may decide it while the child is
with the team. The witness is a smallest such record, once its journey (by the forward engine) confirms it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path

from kb.cache import digest_of_code, remember
from kb.case import Case, case_document, make_case
from kb.dates import iso
from kb.engines.forward import Forward
from kb.engines.interface import Engine
from kb.errors import InputError
from kb.language.model import UNDATED, Atom
from kb.program import Program
from kb.space import ORDINARY_DAY
from kb.space.search import Search, Unsettled
from kb.vocabulary.model import Vocabulary
from queries.decide import decide
from queries.graph.model import Key
from queries.graph.place import COMPLETED, place
from queries.steps import as_recorded

DISCRETIONARY = "discretionary"
QUERIES = Path(__file__).parent.parent  # part of the cache key: the result depends on journeys
MOST_TRIED = 40  # small cases of a move whose journeys are computed

AnyOf = tuple[int, ...]  # halves of which one has to hold


@dataclass(frozen=True, slots=True)
class Proved:
    """For each settled move: whether some case takes it, and a smallest such case as JSON.

    `day` is the ISO date of the cases; empty if nothing was searched.
    """

    takable: Mapping[Key, bool] = field(default_factory=dict)
    witness: Mapping[Key, str] = field(default_factory=dict)
    day: str = ""


def proved(program: Program, as_of: int = ORDINARY_DAY) -> Proved:
    """The result for a program on a day (ordinal), cached between runs. Moves that are not settled are left out."""
    policy = program.policy
    key = f"moves {policy.digest} {sorted(policy.settings.items())} {as_of} {digest_of_code(QUERIES)}"
    found = remember(key, dict[Key, str], lambda: smallest_cases(program, as_of))
    return Proved(
        takable={move: bool(case) for move, case in found.items()},
        witness={move: case for move, case in found.items() if case},
        day=iso(as_of),
    )


def smallest_cases(program: Program, as_of: int) -> dict[Key, str]:
    """For each move a smallest case that takes it, as JSON; empty if there is none.

    A move is left out if the search was given up, or if the journeys of the cases found do not confirm it.
    """
    ways, elsewhere = ways_to_take(program), moves_elsewhere(program)
    certain = [half for mine in ways.values() for any_of in mine.values() for half in any_of]
    search = Search(program, as_of, aims=[*certain, *(half for halves in elsewhere.values() for half in halves)])
    found: dict[Key, str] = {}
    for move, mine in ways.items():
        try:
            case = next(_taking(search, program, move, mine, elsewhere[move]), None)
            if case is not None:
                found[move] = json.dumps(case_document(case, program.policy.vocabulary), ensure_ascii=False)
            elif not any(search.smallest(_goal(search, way)) for way in mine.values()):
                found[move] = ""
        except Unsettled:
            continue
    return found


def ways_to_take(program: Program) -> dict[Key, dict[str, AnyOf]]:
    """How each move may be taken: set out by the policy, or left to the managers; in this order."""
    routes, left = ({_codes(atom, 3) for atom, _, _ in _concluded(program, name)} for name in ("route", "discretion"))
    moved = _by_codes(3, (entry for entry in _concluded(program, "moved") if _codes(entry[0], 3) in routes))
    open_ = _by_codes(3, (entry for entry in _concluded(program, "candidate") if str(entry[0].args[3]) == DISCRETIONARY))
    order = dict.fromkeys(_codes(atom, 3) for name in ("route", "discretion") for atom, _, _ in _concluded(program, name))
    found: dict[Key, dict[str, AnyOf]] = {}
    for codes in order:
        origin, to, point = codes
        if origin != to:
            ways = {COMPLETED: moved.get(codes), DISCRETIONARY: open_.get(codes) if codes in left else None}
            found[origin, to, point] = {way: halves for way, halves in ways.items() if halves is not None}
    return found


def moves_elsewhere(program: Program) -> dict[Key, AnyOf]:
    """For each move, the halves by which its team's moves to other teams are possible."""
    moved = [(_codes(atom, 2), possible) for atom, _, possible in _concluded(program, "moved")]
    return {
        (origin, to, point): tuple(possible for (start, end), possible in moved if start == origin and end != to)
        for origin, to, point in ways_to_take(program)
    }


def takes(program: Program, case: Case, move: Key, way: str, engine: Engine | None = None) -> bool:
    """Whether a case takes a move on its journey or, for a discretionary `way`, leaves it to the managers at its end."""
    found = place(decide(program, case, engine or Forward()))
    if way == COMPLETED:
        return move in [taken.key for taken in found.taken]
    return (move, way) in [(ahead.key, ahead.status) for ahead in found.ahead]


def _taking(search: Search, program: Program, move: Key, ways: Mapping[str, AnyOf], elsewhere: AnyOf) -> Iterator[Case]:
    """Records whose journey takes a move, small ones first, those with a day for every event before the others.

    A step may take a move for certain and leave another one open, so that the journey forks. If none of the small
    records will do, those in which no other move is possible are tried (`elsewhere`: the halves of other moves).
    Errors: `Unsettled`.
    """
    vocabulary = program.policy.vocabulary
    on_no_day = {certain for atom, certain, _ in _concluded(program, "moved") if atom.args[3] == UNDATED}
    for way, any_of in ways.items():
        for dated, alone in product((True, False), (False, True)):
            halves = tuple(half for half in any_of if not (dated and half in on_no_day))
            if not halves:
                continue
            goal = _goal(search, halves) | ({search.undated: False} if dated else {})
            goal |= dict.fromkeys(elsewhere, False) if alone else {}
            for step in _steps(search, goal):
                case = as_recorded(step, vocabulary)
                if _can_be_recorded(case, vocabulary) and takes(program, case, move, way):
                    yield case


def _steps(search: Search, goal: dict[int, bool]) -> Iterator[Case]:
    first = search.smallest(goal)
    if first is not None:
        yield first
        yield from search.all_smallest(goal, MOST_TRIED)


def _can_be_recorded(case: Case, vocabulary: Vocabulary) -> bool:
    """Whether a case file can hold this case: the search does not relate facts to a date of birth."""
    try:
        make_case(case_document(case, vocabulary), vocabulary, case.case_id)
    except InputError:
        return False
    return True


def _goal(search: Search, any_of: AnyOf) -> dict[int, bool]:
    return {search.any_of(any_of): True}


def _concluded(program: Program, predicate: str) -> tuple[tuple[Atom, int, int], ...]:
    return program.by_predicate.get(predicate, ())


def _by_codes(count: int, entries: Iterable[tuple[Atom, int, int]]) -> dict[tuple[str, ...], AnyOf]:
    """The certain halves of conclusions, by their first `count` codes."""
    found: dict[tuple[str, ...], list[int]] = {}
    for atom, certain, _ in entries:
        found.setdefault(_codes(atom, count), []).append(certain)
    return {codes: tuple(halves) for codes, halves in found.items()}


def _codes(atom: Atom, count: int) -> tuple[str, ...]:
    return tuple(str(arg) for arg in atom.args[:count])
