"""What is proved of the moves over all cases there are: whether any case can take each.

clingo searches the cases of one day (`kb.space`). A move that the policy sets out is taken
where `moved` certainly holds. A move that it leaves to the managers is taken where they may
decide it while the child is with the team: the policy itself takes no child there. A smallest
such case is the witness, once a forward pass of the rules has said the same of it; where some case
begins with the team left, a smallest of those.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from kb.cache import remember
from kb.case import Case, case_document
from kb.dates import iso
from kb.engines.forward import Forward
from kb.language.model import Atom
from kb.program import Model, Program, solve
from kb.space import ORDINARY_DAY
from kb.space.search import Search, Unsettled
from queries.graph.model import Key

DISCRETIONARY = "discretionary"

#: Halves one of which has to hold, and a way to take a move: some of these together.
AnyOf = tuple[int, ...]
Way = tuple[AnyOf, ...]


@dataclass(frozen=True, slots=True)
class Proved:
    """For moves that were settled: whether some case takes them, and a smallest such case as JSON text.

    `day` is the day on which the cases are asked, as YYYY-MM-DD; empty where nothing was searched.
    """

    takable: Mapping[Key, bool] = field(default_factory=dict)
    witness: Mapping[Key, str] = field(default_factory=dict)
    day: str = ""


def proved(program: Program, as_of: int = ORDINARY_DAY) -> Proved:
    """What is proved of the moves of a program, kept between runs. What is not settled is left out."""
    policy = program.policy
    this_code = Path(__file__).read_text(encoding="utf-8")
    key = f"moves {policy.digest} {sorted(policy.settings.items())} {as_of} {this_code}"
    found: dict[Key, str] = remember(key, lambda: smallest_cases(program, as_of))
    return Proved(
        takable={move: bool(case) for move, case in found.items()},
        witness={move: case for move, case in found.items() if case},
        day=iso(as_of),
    )


def smallest_cases(program: Program, as_of: int) -> dict[Key, str]:
    """For each move a smallest case that takes it, as JSON text; empty where there is none.

    A move is left out where the search was given up, or where the forward pass differs from it.
    """
    ways = ways_to_take(program)
    search = Search(program, as_of, aims=[half for mine in ways.values() for way in mine for any_of in way for half in any_of])
    engine = Forward()
    found: dict[Key, str] = {}
    for move, mine in ways.items():
        try:
            case = next(_cases(search, mine), None)
        except Unsettled:
            continue
        if case is None:
            found[move] = ""
        elif takes(solve(program, case, engine), mine):
            found[move] = json.dumps(case_document(case, program.policy.vocabulary), ensure_ascii=False)
    return found


def ways_to_take(program: Program) -> dict[Key, tuple[Way, ...]]:
    """How each move may be taken, the plainest first: as the policy sets it out, or left to the managers."""
    moves = dict.fromkeys(_codes(atom, 3) for name in ("route", "discretion") for atom, _, _ in _concluded(program, name))
    set_out = _by_codes(3, _concluded(program, "moved"))
    left_open = _by_codes(3, (entry for entry in _concluded(program, "candidate") if str(entry[0].args[3]) == DISCRETIONARY))
    begins = _by_codes(1, _concluded(program, "from_record"))
    found: dict[Key, tuple[Way, ...]] = {}
    for origin, to, point in moves:
        move = (origin, to, point)
        taken = [halves[move] for halves in (set_out, left_open) if move in halves]
        from_there = [(halves, begins[(origin,)]) for halves in taken if (origin,) in begins]
        if origin != to:
            found[move] = (*from_there, *((halves,) for halves in taken))
    return found


def takes(model: Model, ways: Iterable[Way]) -> bool:
    """Whether a case takes a move in any of some ways."""
    return any(all(not model.true_halves.isdisjoint(any_of) for any_of in way) for way in ways)


def _cases(search: Search, ways: Iterable[Way]) -> Iterator[Case]:
    """A smallest case for each way that some case goes. Errors: `Unsettled`."""
    for way in ways:
        goal = {search.any_of(any_of): True for any_of in way}
        case = search.smallest(goal)
        if case is not None:
            yield case


def _concluded(program: Program, predicate: str) -> tuple[tuple[Atom, int, int], ...]:
    return program.by_predicate.get(predicate, ())


def _by_codes(count: int, entries: Iterable[tuple[Atom, int, int]]) -> dict[tuple[str, ...], AnyOf]:
    """The certain halves of conclusions, by their first codes."""
    found: dict[tuple[str, ...], list[int]] = {}
    for atom, certain, _ in entries:
        found.setdefault(_codes(atom, count), []).append(certain)
    return {codes: tuple(halves) for codes, halves in found.items()}


def _codes(atom: Atom, count: int) -> tuple[str, ...]:
    return tuple(str(arg) for arg in atom.args[:count])
