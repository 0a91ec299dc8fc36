"""The ground rules and tables of a record, and what follows by the rules: said a second time, apart from the engines.

An atom has a certain and a possible half (Kleene's three values). What follows from some truths, given which halves are
denied, is a least model; truths that tell themselves to be that model are the ones the rules give (Gelfond and Lifschitz
1988), unless rules deny in a circle. From nothing, they are worked out by alternating fixpoints (Van Gelder 1989).
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable
from typing import Any

from .dates import weekday_holidays
from .facts import columns_of

COMPARE = {
    **{"<": operator.lt, "<=": operator.le, ">": operator.gt},
    **{">=": operator.ge, "=": operator.eq, "!=": operator.ne},
}
#: What a claim says of an atom: which half of it is meant (certain: True) and whether that half is true.
MANNERS = {"established": (True, True), "possible": (False, True), "excluded": (False, False), "unproved": (True, False)}
OPPOSITE = {"established": "unproved", "unproved": "established", "possible": "excluded", "excluded": "possible"}
#: What makes a literal hold, in a rule for a conclusion that is possible and in one for it being certain.
LITERALS = {
    **{"": ("possible", "established"), "not": ("unproved", "excluded"), "known": ("established", "established")},
    **{"known not": ("excluded", "excluded"), "not known": ("unproved", "unproved"), "not known not": ("possible", "possible")},
}
MOVES = ("moved", "closes", "opens", "left", "starts_with", "reached")  # what a step that moves the child is asked for

Claim = tuple[int, str]  # an atom and the manner in which it is claimed
Half = tuple[int, bool]  # an atom, and whether its certain half is meant or its possible one


class Program:
    """The ground rules and tables of a record, made ready once."""

    def __init__(self, record: Any):
        self.told = record["program"]
        self.holidays = weekday_holidays(self.told["holidays"])
        self.names, self.calculated = self.told["names"], self.told["calculated"]
        self.tallies = self.told["tallies"]
        self.begins = self.told["begins"]
        self.columns = columns_of(self.told)
        self.types = {name: column.type for name, column in self.columns.items()}
        self.atoms: list[tuple[Any, ...]] = [tuple(atom) for atom in self.told["atoms"]]
        self.by_head: dict[int, list[int]] = {}
        self.bodies: list[tuple[list[Claim], list[Claim]]] = []  # of each rule: for its head being possible, and certain
        for index, (head, body, _) in enumerate(self.told["rules"]):
            parts = [part.rpartition(" ") for part in body.split(", ") if part]
            possible, certain = ([(int(atom), LITERALS[words][side]) for words, _, atom in parts] for side in (0, 1))
            self.bodies.append((possible, certain))
            self.by_head.setdefault(head, []).append(index)
        used = {atom for body, _ in self.bodies for atom, _ in body} | set(self.by_head)
        self.conditions = {atom for atom in used if self._is_condition(self.atoms[atom][0])}
        if self.conditions & set(self.by_head):
            raise ValueError("a rule concludes a fact")
        self.whole = Asked(self, set(self.by_head) | self.conditions)
        self.moves = Asked(self, self.below(self.heads(*MOVES)))
        self.facts_of_point: dict[str, set[str]] = {}
        for atom in self.heads("reached"):
            _, point, on = self.atoms[atom]
            self.facts_of_point.setdefault(point, set()).update(term[1] for term in facts_in(on))

    def source(self, name: str) -> str:
        """The fact of the record that a condition's name goes back to."""
        told = self.calculated.get(name) or self.tallies.get(name)
        return str(told["source"]) if told else name

    def _is_condition(self, name: str) -> bool:
        return name in COMPARE or name == "planned" or name in self.types or name in self.calculated

    def heads(self, *predicates: str) -> list[int]:
        """Atoms that some rule concludes, of some predicates, in the order of the rules."""
        return [atom for atom in self.by_head if self.atoms[atom][0] in predicates]

    def below(self, atoms: Iterable[int]) -> set[int]:
        """Some atoms with all that they can rest on."""
        seen = set(atoms)
        waiting = list(seen)
        while waiting:
            below = {atom for index in self.by_head.get(waiting.pop(), []) for atom, _ in self.bodies[index][0]}
            waiting += below - seen
            seen |= below
        return seen


class Asked:
    """The rules that some conclusions can rest on, with what each side of each rule waits for and denies."""

    def __init__(self, program: Program, atoms: set[int]):
        self.heads = [atom for atom in program.by_head if atom in atoms]
        self.conditions = program.conditions & atoms
        self.rules: list[tuple[Half, set[Half], set[Half]]] = []
        for head in self.heads:
            for index, side in ((index, side) for index in program.by_head[head] for side in (True, False)):
                halves = [((atom, MANNERS[m][0]), MANNERS[m][1]) for atom, m in program.bodies[index][side]]
                self.rules.append(((head, side), {h for h, affirmed in halves if affirmed}, {h for h, a in halves if not a}))

    def least(self, truths: dict[int, bool | None], denied: Callable[[Half], bool]) -> set[Half]:
        """What follows from the truths of the conditions by these rules, given which halves are taken to be false."""
        waiting = [(a, side) for a, truth in truths.items() for side in (True, False) if truth or (truth is None and not side)]
        lacking: dict[int, int] = {}  # how many premises each rule still waits for
        needs: dict[Half, list[int]] = {}
        for number, (head, positive, negative) in enumerate(self.rules):
            if all(map(denied, negative)):
                lacking[number] = len(positive)
                for half in positive:
                    needs.setdefault(half, []).append(number)
                if not positive:
                    waiting.append(head)
        found: set[Half] = set()
        while waiting:
            half = waiting.pop()
            for number in needs.pop(half, []):
                lacking[number] -= 1
                if lacking[number] == 0:
                    waiting.append(self.rules[number][0])
            found.add(half)
        return found


def facts_in(term: Any) -> list[Any]:
    """The parts of a term that look a fact up."""
    if not isinstance(term, list):
        return []
    return [term] if term[0] == "fact" else [found for part in term[1:] for found in facts_in(part)]
