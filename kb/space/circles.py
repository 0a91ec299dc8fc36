"""Enumerates the circles in a graph whose edges depend on the case, the smallest first."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any, Generic, TypeVar

from kb.case import Case
from kb.space.search import Goal, Search

Node = TypeVar("Node", bound=Hashable)
Atoms = Callable[[int], int]


class Circles(Generic[Node]):
    """Enumerates circles with clingo.

    edges    (node, next node, key of the search that holds if the edge exists in the case)
    name     label of a node; circles with the same labels count as the same
    apart    pairs of nodes that can't both be in a circle
    besides  a goal that the case has to meet
    """

    def __init__(
        self,
        search: Search,
        edges: Sequence[tuple[Node, Node, int]],
        apart: Iterable[tuple[Node, Node]],
        name: Callable[[Node], Hashable],
        besides: Goal,
    ):
        self.search, self.edges, self.name, self.besides = search, edges, name, besides
        apart = list(apart)

        def write(backend: Any, atom: Atoms) -> list[int]:
            chosen = [backend.add_atom() for _ in edges]
            for pick, (_, _, key) in zip(chosen, edges):
                backend.add_rule([pick], [atom(key)], True)
            into = _by_node(((after, pick) for pick, (_, after, _) in zip(chosen, edges)), backend)
            out = _by_node(((one, pick) for pick, (one, _, _) in zip(chosen, edges)), backend)
            for node in dict.fromkeys([*into, *out]):
                if node in into and node in out:
                    backend.add_rule([], [into[node], -out[node]])
                    backend.add_rule([], [out[node], -into[node]])
                else:
                    backend.add_rule([], [(into | out)[node]])
            for one, other in apart:
                if one in out and other in out:
                    backend.add_rule([], [out[one], out[other]])
            return chosen

        self.keys = search.extend(write)
        self.longest = len({one for one, _, _ in edges})
        self.some = search.any_of(self.keys)
        self.over = search.extend(
            lambda backend, atom: [_more_than(n, self.keys, backend, atom) for n in range(self.longest + 1)]
        )

    def smallest(self) -> tuple[Case, list[Node]] | None:
        """The next circle of fewest edges, with a case of least cost that has it; None if there is no other (proved).

        Errors: `Unsettled`.
        """
        for length in range(1, self.longest + 1):
            found = self.search.smallest_with({**self.besides, self.some: True, self.over[length]: False}, self.keys)
            if found is not None:
                case, held = found
                circle = self._circle({one: after for key, (one, after, _) in zip(self.keys, self.edges) if key in held})
                self._leave_out(circle)
                return case, circle
        return None

    def _circle(self, follows: dict[Node, Node]) -> list[Node]:
        circle = [next(iter(follows))]
        while (following := follows[circle[-1]]) != circle[0]:
            circle.append(following)
        return circle

    def _leave_out(self, circle: Sequence[Node]) -> None:
        """Excludes a circle, and all circles with the same labels, from the search."""
        names = [self.name(node) for node in circle]

        def write(backend: Any, atom: Atoms) -> list[int]:
            links: list[int] = []
            for link in zip(names, [*names[1:], names[0]]):
                links.append(backend.add_atom())
                for key, (one, after, _) in zip(self.keys, self.edges):
                    if (self.name(one), self.name(after)) == link:
                        backend.add_rule([links[-1]], [atom(key)])
            backend.add_rule([], links)
            return []

        self.search.extend(write)


def _by_node(picks: Iterable[tuple[Node, int]], backend: Any) -> dict[Node, int]:
    """For each node an atom that is true if one of its picks is true. At most one of them can be."""
    found: dict[Node, list[int]] = {}
    for node, pick in picks:
        found.setdefault(node, []).append(pick)
    made: dict[Node, int] = {}
    for node, atoms in found.items():
        made[node] = backend.add_atom()
        for pick in atoms:
            backend.add_rule([made[node]], [pick])
        backend.add_weight_rule([], 2, [(pick, 1) for pick in atoms])
    return made


def _more_than(most: int, keys: Sequence[int], backend: Any, atom: Atoms) -> int:
    over: int = backend.add_atom()
    backend.add_weight_rule([over], most + 1, [(atom(key), 1) for key in keys])
    return over
