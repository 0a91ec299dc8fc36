"""Ordering the plain rules, and refusing those that would have to deny themselves.

Rules are put in layers so that whatever a rule denies is settled before it. Where rules run
in a circle through a `not` there is no such order, and the circle is reported.
Source: Apt, Blair and Walker, "Towards a theory of declarative knowledge" (1988), applied
to ground atoms (local stratification: Przymusinski 1988).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from graphlib import CycleError, TopologicalSorter
from itertools import groupby
from typing import Any

from kb.errors import Fault, InputError
from kb.language.model import Atom, Rule
from kb.lowering.exceptions import SET_ASIDE
from kb.lowering.ground import GroundRule
from kb.lowering.halves import HalfProgram, HalfRule


def order_rules(program: HalfProgram, ground: Sequence[GroundRule], rules: Sequence[Rule]) -> HalfProgram:
    """The program with its rules in an order that settles each atom before it is used.

    Errors: `InputError` with the circle, where rules deny each other in a circle.
    """
    needs: dict[int, set[int]] = {}
    for rule in program.rules:
        needs.setdefault(rule.head, set()).update(rule.positive, rule.negative)
    circular = False
    try:
        order = list(TopologicalSorter(needs).static_order())
    except CycleError:
        circular = True
        order = _with_circles(program, ground, rules, needs)
    rank = {atom: place for place, atom in enumerate(order)}
    ordered = tuple(sorted(program.rules, key=lambda rule: (rank[rule.head], rule.ground)))
    return replace(program, rules=ordered, circular=circular)


def layers(program: HalfProgram) -> int:
    """How many strata the program has: the longest chain of `not`, plus one."""
    level: dict[int, int] = {}
    for rule in program.rules:
        below = [level.get(p, 0) for p in rule.positive] + [level.get(n, 0) + 1 for n in rule.negative]
        level[rule.head] = max([level.get(rule.head, 0), *below])
    return 1 + max(level.values(), default=0)


def _with_circles(
    program: HalfProgram, ground: Sequence[GroundRule], rules: Sequence[Rule], needs: dict[int, set[int]]
) -> list[int]:
    import networkx  # only programs with a circle need it

    graph: Any = networkx.DiGraph((needed, head) for head, all_needed in needs.items() for needed in all_needed)
    graph.add_nodes_from(needs)
    condensed = networkx.condensation(graph)
    home: dict[int, int] = condensed.graph["mapping"]
    bad = [rule for rule in program.rules if any(home[n] == home[rule.head] for n in rule.negative)]
    if bad:
        denied = next(n for n in bad[0].negative if home[n] == home[bad[0].head])
        circle: list[int] = networkx.shortest_path(graph, bad[0].head, denied)
        raise InputError([_circle_fault(bad[0], circle, program, ground, rules)])
    return [atom for part in networkx.topological_sort(condensed) for atom in condensed.nodes[part]["members"]]


@dataclass(frozen=True, slots=True)
class _Step:
    """One rule of a circle: what it concludes, what of the circle it needs for that, and whether it denies it."""

    head: Atom
    needed: Atom
    denied: bool
    rule: Rule

    @property
    def of_house(self) -> bool:
        return self.rule.position.file.startswith("house/")


def _circle_fault(
    bad: HalfRule, circle: Sequence[int], program: HalfProgram, ground: Sequence[GroundRule], rules: Sequence[Rule]
) -> Fault:
    """The circle in the author's terms: clause, place and conclusion of each rule; those of the house between them in one."""
    steps = list(_steps(bad, circle, program, ground, rules))
    first = next((n for n, step in enumerate(steps) if not step.of_house), 0)
    steps = [*steps[first:], *steps[:first]]
    told: list[str] = []
    for of_house, group in groupby(steps, lambda step: step.of_house):
        inside = list(group)
        if of_house:
            told.append(f"the rules of the house conclude {_named(inside[0].head)} from {_named(inside[-1].needed)}")
        else:
            told += [
                f"{' '.join(step.rule.clauses)} ({step.rule.position}) concludes {_named(step.head)} from "
                f"{_named(step.needed, step.denied)}"
                for step in inside
            ]
    hint = "break the circle: no rule may rest on the denial of its own result"
    if any(step.of_house for step in steps):
        hint = "let the move not wait for its own result (such as told or holds): ask starts_with or with_or_from instead"
    message = f"{_named(steps[0].head)} would have to be settled before itself: {'; '.join(told)}"
    return Fault(str(steps[0].rule.position), message, hint)


def _steps(
    bad: HalfRule, circle: Sequence[int], program: HalfProgram, ground: Sequence[GroundRule], rules: Sequence[Rule]
) -> Iterator[_Step]:
    """The rules of a circle, each followed by one that concludes what it needs; no conclusion is gone through twice."""
    seen: set[Atom] = set()
    upper, lower, made = circle[0], circle[-1], bad
    for place in range(len(circle) - 1, -1, -1):
        head = program.atoms[upper // 2]
        if head in seen:
            return
        seen.add(head)
        yield _Step(head, program.atoms[lower // 2], lower in made.negative, rules[ground[made.ground].source])
        if place:
            upper, lower = circle[place], circle[place - 1]
            made = next(r for r in program.rules if r.head == upper and lower in (*r.positive, *r.negative))


def _named(atom: Atom, denied: bool = False) -> str:
    if atom.predicate == SET_ASIDE:
        return f"{'no' if denied else 'an'} exception to {atom.args[0]}"
    return f"`not {atom}`" if denied else f"`{atom}`"
