"""The answers of many cases at once: the fields of `queries.decide` read off bit planes instead of one model.

Codes are planes (one bit a case), dates are arrays of ordinals. Tests compare every part with the decision
of each single case.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kb.bulk.bits import NONE, Plane, count_ones, pack, unpack, words
from kb.bulk.table import UNKNOWN
from kb.engines.bulk.interface import Firings
from kb.language.model import Atom, Constant, Term
from queries.bulk.missing import facts_behind, open_at

NO_DAY = UNKNOWN
SETTLED = ("yes", "no")  # values of `kept`
UPCOMING = "upcoming"
SEVERAL = -2

Numbers = NDArray[Any]


@dataclass(frozen=True)
class Deadline:
    """A deadline in the cases of plane `where`. `due` is an ordinal there.

    `kept` and `missed` are the cases where it is settled; elsewhere it has not passed or is not known.
    """

    code: str
    day_count: str
    where: Plane
    due: Numbers
    kept: Plane
    missed: Plane


class Answers:
    """The answers of one chunk of cases, each part computed on demand."""

    def __init__(self, firings: Firings):
        self.firings = firings
        self.program = firings.program
        self.count = firings.count
        self.rows = firings.conditions.rows(firings.start, firings.start + firings.count)

    # what holds

    def certain(self, predicate: str) -> list[tuple[Atom, Plane]]:
        """The conclusions of a predicate and the cases where each is certain; empty planes are left out."""
        found = self.program.by_predicate.get(predicate, ())
        planes = [(atom, self.firings.half(certain)) for atom, certain, _ in found]
        return [(atom, plane) for atom, plane in planes if plane.any()]

    def codes(self, predicate: str, *kinds: str) -> dict[str, Plane]:
        """The cases where a predicate holds, for each code; in vocabulary order if `kinds` are given."""
        found: dict[str, Plane] = {}
        for atom, plane in self.certain(predicate):
            code = text(atom.args[0])
            found[code] = found[code] | plane if code in found else plane
        order = [code.code for kind in kinds for code in self.program.policy.vocabulary.codes.get(kind, ())]
        return {code: found[code] for code in (sorted(found, key=order.index) if kinds else found)}

    def statuses(self) -> dict[str, Plane]:
        """The cases with each status."""
        return self.codes("status", "status")

    def possible_teams(self) -> dict[str, Plane]:
        """The cases where each team may hold the child; none where the policy is silent."""
        silent = self.statuses().get("silent", self.none)
        return {code: plane & ~silent for code, plane in self.codes("may_hold", "team", "outcome").items()}

    @property
    def none(self) -> Plane:
        return np.full(words(self.count), NONE)

    # the move

    def told(self) -> tuple[list[Atom], Numbers]:
        """The `told` moves, and for each case the index of its move in that list, or -1."""
        atoms: list[Atom] = []
        found = np.full(self.count, -1, np.int32)
        for atom, plane in self.certain("told"):
            here = np.flatnonzero(unpack(plane, self.count))
            found[here[found[here] < 0]] = len(atoms)
            atoms.append(atom)
        return atoms, found

    def dates_of(self) -> dict[str, Numbers]:
        """For each transfer point its first day in each case (ordinal), or NO_DAY."""
        found: dict[str, Numbers] = {}
        for atom, plane in self.certain("date_of"):
            days, known = self._days(atom.args[1])
            here = unpack(plane, self.count) & known
            before = found.get(text(atom.args[0]))
            if before is None:
                found[text(atom.args[0])] = np.where(here, days, NO_DAY)
            else:
                np.copyto(before, days, where=here & ((before == NO_DAY) | (days < before)))
        return found

    def told_on(self) -> Numbers:
        """The day (ordinal) of each case's `told` move, or NO_DAY."""
        atoms, told = self.told()
        days = self.dates_of()
        points = [text(atom.args[2]) for atom in atoms]
        names = list(days)
        where = np.array([*(names.index(point) if point in days else -1 for point in points), -1])[told]
        found = np.full(self.count, NO_DAY, np.int32)
        for number, name in enumerate(names):
            here = np.flatnonzero(where == number)
            found[here] = days[name][here]
        return found

    def next_due(self) -> tuple[list[Atom], Numbers, Numbers]:
        """The next move due after the day of the answer: the moves, for each case an index or -1, and the day.

        A case has none if two teams are due on that day. Same meaning as `queries.decide.plans`.
        """
        atoms = [(atom, plane) for atom, plane in self.certain("candidate") if text(atom.args[3]) == UPCOMING]
        found, first = np.full(self.count, -1, np.int32), np.full(self.count, NO_DAY, np.int32)
        for place, (atom, plane) in enumerate(atoms):
            days = self._ahead(text(atom.args[2]))
            here = unpack(plane, self.count) & (days != NO_DAY)
            before = here & ((first == NO_DAY) | (days < first))
            others = [n for n, (other, _) in enumerate(atoms[:place]) if other.args[1] != atom.args[1]]
            again = here & (days == first) & (np.isin(found, others) | (found == SEVERAL))
            found[before], first[before] = place, days[before]
            found[again] = SEVERAL
        settled = found >= 0
        return [atom for atom, _ in atoms], np.where(settled, found, -1), np.where(settled, first, NO_DAY)

    def _ahead(self, point: str) -> Numbers:
        """The first day after the day of the answer on which a transfer point is due, or NO_DAY."""
        found = np.full(self.count, NO_DAY, np.int32)
        for atom, plane in self.certain("date_of"):
            if text(atom.args[0]) == point:
                days, known = self._days(atom.args[1])
                here = unpack(plane, self.count) & known & (days > self.rows.as_of)
                np.copyto(found, days, where=here & ((found == NO_DAY) | (days < found)))
        return found

    # time limits

    def deadlines(self) -> list[Deadline]:
        """Every deadline that runs in some case. Equal ones (code, count and day) are listed once."""
        settled = {answer: self._kept(answer) for answer in SETTLED}
        found: list[Deadline] = []
        for atom, plane in self.certain("deadline"):
            days, known = self._days(atom.args[1])
            here = unpack(plane, self.count) & known
            key = (text(atom.args[0]), atom.args[1])
            yes, no = (settled[answer].get(key, self.none) for answer in SETTLED)
            found.append(Deadline(key[0], text(atom.args[2]), pack(here), days, yes, no & ~yes))
        return found

    def _kept(self, answer: str) -> dict[tuple[str, Term], Plane]:
        found = self.certain("kept")
        return {(text(atom.args[0]), atom.args[1]): plane for atom, plane in found if text(atom.args[2]) == answer}

    def _days(self, term: Term) -> tuple[Numbers, NDArray[np.bool_]]:
        """The days (ordinals) of a term, and a mask of the cases where it has a value."""
        if not self.rows.whole.is_recorded(term):
            return np.full(self.count, NO_DAY, np.int32), np.zeros(self.count, np.bool_)
        days, known = self.rows.value(term)
        everywhere = np.ones(self.count, np.bool_)
        return np.broadcast_to(days, self.count), everywhere if known is None else unpack(known, self.count)

    # what is missing

    def missing(self) -> dict[str, Plane]:
        """For each unknown fact the cases where it could change the team, the move, a duty or a co-working."""
        roots: dict[int, Plane] = {}
        numbers = self.program.halves.numbers

        def add(atom: Atom, where: Plane) -> None:
            number = numbers.get(atom)
            if number is not None:
                roots[number] = roots[number] | where if number in roots else where

        unknown = self.statuses().get("unknown", self.none)
        for atom, _, _ in self.program.by_predicate.get("holds", ()):
            add(atom, unknown)
        for predicate in ("told", "further"):
            for atom, plane in self.certain(predicate):
                if text(atom.args[3]) in ("unknown", "blocked"):
                    add(Atom("route", atom.args[:3]), plane)
                    add(Atom("condition_open", atom.args[:3]), plane)
        for predicate in ("duty", "co_working"):
            for atom, _, _ in self.program.by_predicate.get(predicate, ()):
                add(atom, open_at(self.firings, numbers[atom]))
        found = facts_behind(self.firings, {number: plane for number, plane in roots.items() if plane.any()})
        for fact, plane in self.codes("ask").items():
            found[fact] = found[fact] | plane if fact in found else plane
        order = list(self.program.policy.vocabulary.facts)
        return {fact: found[fact] for fact in sorted(found, key=order.index) if count_ones(found[fact], self.count)}


def text(term: Term) -> str:
    """The code in a term of a conclusion."""
    assert isinstance(term, Constant)
    return str(term.value)
