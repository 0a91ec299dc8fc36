"""The unknown facts that open answers depend on, for many cases at once: `queries.missing` on bit planes.

For each conclusion a plane holds the cases in which the search reaches it. Conclusions are processed from
last to first, so that every way to a conclusion is known before it is left.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from kb.bulk.bits import NONE, Plane, words
from kb.bulk.conditions import Rows
from kb.conditions import PLANNED
from kb.engines.bulk.interface import Firings
from kb.language.model import Atom, Constant, Term, ValueOf, inner
from kb.program import Program

Steps = tuple[tuple[int, tuple[tuple[tuple[int, ...], tuple[int, ...]], ...]], ...]


@dataclass(frozen=True)
class Search:
    """The part of a program that a search from some conclusions can reach.

    `steps`: conclusions from last to first, each with its ground rules as (plain rules, body atoms to follow).
    `leaves`: the conditions at the end.
    """

    steps: Steps
    leaves: frozenset[int]


def search_from(program: Program, roots: frozenset[int]) -> Search:
    """The search from some atoms (by number), cached with the program."""
    kept: dict[frozenset[int], Search] = program.__dict__.setdefault("searches", {})
    if roots not in kept:
        kept[roots] = _search(program, roots)
    return kept[roots]


def _search(program: Program, roots: frozenset[int]) -> Search:
    halves = program.halves
    plain: dict[int, list[int]] = defaultdict(list)
    place: dict[int, int] = {}
    for index, rule in enumerate(halves.rules):
        plain[rule.ground].append(index)
        place[rule.head // 2] = index
    rules: dict[int, tuple[tuple[tuple[int, ...], tuple[int, ...]], ...]] = {}
    leaves: set[int] = set()
    waiting = list(roots)
    while waiting:
        number = waiting.pop()
        if number in rules or number in leaves:
            continue
        if halves.atoms[number] not in program.by_head:
            leaves.add(number)
            continue
        rules[number] = tuple(
            (tuple(plain[index]), tuple(halves.numbers[lit.atom] for lit in program.ground[index].body if not lit.known))
            for index in program.by_head[halves.atoms[number]]
        )
        waiting += [n for _, body in rules[number] for n in body]
    order = sorted(rules, key=lambda number: -place.get(number, -1))
    return Search(tuple((number, rules[number]) for number in order), frozenset(leaves))


def facts_behind(firings: Firings, roots: dict[int, Plane]) -> dict[str, Plane]:
    """For each unknown fact the cases in which it is below an open conclusion. `roots`: where each atom is asked about."""
    program = firings.program
    search = search_from(program, frozenset(roots))
    reached: dict[int, Plane] = {number: plane.copy() for number, plane in roots.items()}
    settled = False
    while not settled:
        before = {number: plane.copy() for number, plane in reached.items()} if program.halves.circular else reached
        for number, rules in search.steps:
            here = reached.get(number)
            if here is None:
                continue
            here &= open_at(firings, number)
            if not here.any():
                continue
            for plain, body in rules:
                through = here & _any(firings, plain)
                for needed in body:
                    _join(reached, needed, through)
        settled = not program.halves.circular or _same(before, reached)
    return _facts(firings, {number: reached[number] for number in search.leaves if number in reached})


def open_at(firings: Firings, number: int) -> Plane:
    """The cases that leave an atom open."""
    halves = firings.program.halves
    if number in halves.definite:
        return np.full(words(firings.count), NONE)
    return firings.half(halves.possible(number)) & ~firings.half(halves.certain(number))


def _any(firings: Firings, rules: tuple[int, ...]) -> Plane:
    found = firings.rule(rules[0])
    for index in rules[1:]:
        found = found | firings.rule(index)
    return found


def _join(reached: dict[int, Plane], number: int, plane: Plane) -> None:
    if number in reached:
        reached[number] |= plane
    else:
        reached[number] = plane.copy()


def _same(before: dict[int, Plane], after: dict[int, Plane]) -> bool:
    return before.keys() == after.keys() and all(np.array_equal(before[number], after[number]) for number in after)


def _facts(firings: Firings, conditions: dict[int, Plane]) -> dict[str, Plane]:
    """The facts that leave conditions open: not recorded, or recorded without a date."""
    source_of = firings.program.policy.vocabulary.source
    rows = firings.conditions.rows(firings.start, firings.start + firings.count)
    found: dict[str, Plane] = {}
    for number, plane in conditions.items():
        atom = firings.program.halves.atoms[number]
        here = plane & open_at(firings, number)
        for name, where in _unknown(rows, atom):
            source = source_of(name)
            there = here if where is None else here & where
            found[source] = found[source] | there if source in found else there
    return found


def _unknown(rows: Rows, atom: Atom) -> list[tuple[str, Plane | None]]:
    """The facts of a condition, each with the cases where it is not known; None: wherever the condition is open."""
    if not atom.is_comparison:
        first = atom.args[0] if atom.args else None
        return [(str(first.value) if atom.predicate == PLANNED and isinstance(first, Constant) else atom.predicate, None)]
    found: list[tuple[str, Plane | None]] = []
    for value in _values(atom.args):
        if not rows.whole.is_recorded(value):
            found.append((value.fact, None))
        else:
            known = rows.value(value)[1]
            if known is not None:
                found.append((value.fact, ~known))
    return found


def _values(terms: tuple[Term, ...]) -> list[ValueOf]:
    found: list[ValueOf] = []
    for term in terms:
        found += [term] if isinstance(term, ValueOf) else _values(inner(term))
    return found
