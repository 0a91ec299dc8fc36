"""One step: the truths of the conditions by its record, what follows from them, and what the atoms come to in days."""

from __future__ import annotations

from datetime import date
from typing import Any

from .dates import shift, weekday_from
from .rules import COMPARE, MANNERS, Asked, Claim, Half, Program, facts_in


class Model:
    """The truths of one step: its record as at its day, and what it takes to work them out anew."""

    def __init__(self, program: Program, facts: Any, day: date, asked: Asked, told: Any = None):
        self.program, self.facts, self.today, self.asked = program, facts, day, asked
        self.types, self.calculated, self.holidays = program.types, program.calculated, program.holidays
        self.atoms, self.by_head, self.bodies, self.heads = program.atoms, program.by_head, program.bodies, program.heads
        self.conditions = asked.conditions
        self.truths = {atom: self._condition(*self.atoms[atom]) for atom in self.conditions}
        self.well_told = told is None or _each_once(told["certain"], told["open"])
        self.true = self._told(told) if told is not None else self._from_nothing()

    def _told(self, told: Any) -> set[Half]:
        given = {(atom, True) for atom in told["certain"]} | {(atom, False) for atom in told["certain"] + told["open"]}
        if self.asked is not self.program.whole:  # of a step that moved, the record tells conclusions only
            given |= {(atom, side) for atom, t in self.truths.items() for side in (True, False) if t or (t is None and not side)}
        return given

    def follows(self) -> bool:
        """Whether the truths told are those that follow, taking the record's word for what is denied."""
        return self.well_told and self.asked.least(self.truths, lambda half: half not in self.true) == self.true

    def _from_nothing(self) -> set[Half]:
        """The truths, worked out from both sides: what follows at least, and what at most."""
        least: set[Half] = set()
        while True:
            known = least
            most = self.asked.least(self.truths, lambda half, known=known: half not in known)  # type: ignore[misc]
            least = self.asked.least(self.truths, lambda half, most=most: half not in most)  # type: ignore[misc]
            if least in (known, most):
                return least

    def holds(self, claim: Claim) -> bool:
        certain, truth = MANNERS[claim[1]]
        return ((claim[0], certain) in self.true) is truth

    def open(self, atom: int) -> bool:
        return (atom, False) in self.true and (atom, True) not in self.true

    def sure(self, predicate: str) -> list[tuple[Any, ...]]:
        """Arguments for which a conclusion is certain."""
        return [self.atoms[atom][1:] for atom in self.heads(predicate) if (atom, True) in self.true]

    def leads_to(self, atoms: set[int], goal: int) -> bool:
        """Whether some atoms rest on a goal."""
        return goal in self.program.below(atoms)

    # the facts

    def _condition(self, name: str, *args: Any) -> bool | None:
        if name in COMPARE:
            left, right = self.value(args[0]), self.value(args[1])
            return None if left is None or right is None else bool(COMPARE[name](left, right))
        if name == "planned":
            raw = _one(self._recorded(args[0])[0], -1)
            return None if raw is None else isinstance(raw, str) and date.fromisoformat(raw) > self.today
        raw, kind = self._recorded(name, *args[:1])
        raw = _one(raw, 0) if kind in ("event", "date") else raw
        if raw is None or isinstance(raw, bool):
            return raw
        if kind == "event":
            return date.fromisoformat(raw) <= self.today
        if kind in ("enum", "team", "point"):
            return bool(raw == args[0])
        return args[0] in raw if kind in ("list[enum]", "list[team]") else True

    def _recorded(self, name: str, key: Any = None) -> tuple[Any, str]:
        """What is recorded for a fact, or comes of a list that is recorded, and its type."""
        if name not in self.calculated:
            return self.facts.get(name), self.types[name]
        about = self.calculated[name]
        entries = self.facts.get(about["source"])
        if entries is None or about["how"] == "some":
            return entries if entries is None else bool(entries), about["type"]
        if about["how"] == "any":
            answers = [entry.get(about["field"]) for entry in entries]
            return True if True in answers else None if None in answers else False, about["type"]
        days = [entry.get(about["field"]) for entry in entries if entry.get(about["key"]) == key]
        if not days:
            return None if any(about["key"] not in entry for entry in entries) else False, about["type"]
        return max(days) if None not in days else True, about["type"]

    def value(self, term: Any) -> int | None:
        """Day number, minutes or number of a term, None where the case gives none."""
        if not isinstance(term, list):
            return self.today.toordinal() if term == "as_of" else term if isinstance(term, int) else None
        kind, *parts = term
        if kind == "date":
            return date.fromisoformat(parts[0]).toordinal()
        if kind == "fact":
            raw = _one(self._recorded(*parts)[0], -1 if parts[1:] == ["planned"] else 0)
            day, _, clock = raw.partition("T") if isinstance(raw, str) else ("", "", "")
            if clock:
                return date.fromisoformat(day).toordinal() * 1440 + int(clock[:2]) * 60 + int(clock[3:5])
            return date.fromisoformat(day).toordinal() if day else raw if type(raw) is int else None
        base = self.value(parts[1] if kind == "on_or_after" else parts[0])
        count = self.value(parts[1]) if kind == "shift" else 0
        if base is None or count is None:
            return None
        if kind == "shift":
            return shift(base, count, parts[2], self.holidays)
        if kind == "on_or_after":
            return weekday_from(base, parts[0])
        return base // 1440 if kind == "day" else base * 1440 + int(parts[1])

    def day(self, term: Any) -> str | None:
        number = self.value(term)
        return None if number is None else date.fromordinal(number).isoformat()

    def due(self, term: Any) -> str | None:
        """The day of a limit, with its time where it has one."""
        minutes = self.value(term[1]) if isinstance(term, list) and term[0] == "day" else None
        if minutes is None:
            return self.day(term)
        return f"{date.fromordinal(minutes // 1440).isoformat()}T{minutes % 1440 // 60:02d}:{minutes % 60:02d}"

    def facts_in(self, atom: int, blank: bool = False) -> set[str]:
        """The facts that a condition looks at; with `blank`, of a comparison those that have no value."""
        name, *args = self.atoms[atom]
        terms = [term for arg in args for term in facts_in(arg) if not blank or self.value(term) is None]
        names = {term[1] for term in terms} if name in COMPARE else {args[0] if name == "planned" else name}
        return {self.program.source(n) for n in names}


def _each_once(*told: list[int]) -> bool:
    """Whether no atom is named twice."""
    named = [atom for atoms in told for atom in atoms]
    return len(named) == len(set(named))


def _one(raw: Any, place: int) -> Any:
    """Of an event that has happened and is planned again, the last day (0) or the next one (-1)."""
    return raw[place] if isinstance(raw, list) and raw and isinstance(raw[0], str) else raw
