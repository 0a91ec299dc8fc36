"""Ordering the plain rules, and refusing those that would have to deny themselves.

Rules are put in layers so that whatever a rule denies is settled before it. Where rules run
in a circle through a `not` there is no such order, and the circle is reported.
Source: Apt, Blair and Walker, "Towards a theory of declarative knowledge" (1988), applied
to ground atoms (local stratification: Przymusinski 1988).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from graphlib import CycleError, TopologicalSorter
from typing import Any

from kb.errors import Fault, InputError
from kb.language.model import Rule
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


def _circle_fault(
    bad: HalfRule, circle: Sequence[int], program: HalfProgram, ground: Sequence[GroundRule], rules: Sequence[Rule]
) -> Fault:
    rule = rules[ground[bad.ground].source]
    names = [str(program.atoms[half // 2]) for half in circle]
    told = [name for n, name in enumerate(names) if n == 0 or names[n - 1] != name]
    told = told[: told.index(told[0], 1)] if told[0] in told[1:] else told
    message = f"`{told[0]}` would have to be settled before itself: " + " needs ".join([*reversed(told), f"not {told[-1]}"])
    hint = "break the circle: no rule may rest on the denial of its own result"
    if rule.position.file.startswith("house/"):
        hint = "does a move rest on its own result, such as told or holds? let it ask starts_with or with_or_from instead"
    return Fault(str(rule.position), message, hint)
