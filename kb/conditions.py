"""The truth of a condition in one case: true, false, or None where it depends on something unrecorded.

Conditions are the literals of a policy that are looked up instead of derived: facts, dates and comparisons.
"""

from __future__ import annotations

import operator as operators
from collections.abc import Callable, Mapping
from typing import Any

from kb.case import Case, Day, Moment
from kb.dates import MINUTES_A_DAY, on_or_after, shift
from kb.language.model import AS_OF, WEEKDAYS, Atom, AtTime, Constant, DayOf, FixedDate, OnOrAfter, Shifted, Term, ValueOf
from kb.vocabulary.model import Calculated, Vocabulary

Truth = bool | None

PLANNED = "planned"  # planned(Event, On): the event is dated after the day of the answer


class Conditions:
    """Evaluates conditions in one case."""

    def __init__(self, case: Case, vocabulary: Vocabulary):
        self.case = case
        self.vocabulary = vocabulary

    def truth(self, atom: Atom) -> Truth:
        """Whether a condition holds. A comparison with an unknown value is unknown (None)."""
        if atom.is_comparison:
            return self._compare(atom)
        if atom.predicate == PLANNED:
            return self._planned(str(atom.args[0]))
        if atom.predicate in self.vocabulary.calculated:
            calculated = self.vocabulary.calculated[atom.predicate]
            raw = _calculate(calculated, self.case.facts.get(calculated.source), _key(atom))
            return self._happened(raw) if calculated.type == "event" else raw
        raw = self.case.facts.get(atom.predicate)
        kind = self.vocabulary.facts[atom.predicate].type
        if kind == "event":
            return self._happened(raw)
        if raw is None:
            return None
        if kind == "bool":
            return bool(raw)
        if kind in ("enum", "team", "point"):
            return bool(raw == _plain(atom.args[0]))
        if kind in ("list[enum]", "list[team]"):
            return _plain(atom.args[0]) in raw
        return True  # a recorded date or number

    def value(self, term: Term) -> int | None:
        """The number of a term: an ordinal, minutes or an int; None if unknown."""
        return value_of(term, self._number, self.case.as_of)

    def raw(self, fact: str) -> Any:
        """The recorded value of a fact; None if it is not recorded."""
        return self.case.facts.get(fact)

    def recorded(self, value: ValueOf) -> Any:
        """The recorded value of a fact or the value of a calculated one; None if unknown."""
        calculated = self.vocabulary.calculated.get(value.fact)
        if calculated is None:
            return self.case.facts.get(value.fact)
        return _calculate(calculated, self.case.facts.get(calculated.source), value.key)

    def _number(self, term: ValueOf) -> int | None:
        raw = self.recorded(term)
        if isinstance(raw, tuple) and raw and isinstance(raw[0], Day):
            raw = raw[-1] if term.key == PLANNED else raw[0]
        if isinstance(raw, Day):
            return raw.number
        if isinstance(raw, Moment):
            return raw.minutes
        return raw if isinstance(raw, int) and not isinstance(raw, bool) else None

    def _happened(self, raw: Any) -> Truth:
        if isinstance(raw, tuple):  # the last day on which it happened, and the next planned day
            raw = raw[0]
        if isinstance(raw, Day):
            return raw.number <= self.case.as_of
        return raw if isinstance(raw, bool) else None

    def _planned(self, event: str) -> Truth:
        raw = self.case.facts.get(event)
        if isinstance(raw, tuple):
            raw = raw[-1]
        if isinstance(raw, Day):
            return raw.number > self.case.as_of
        return None if raw is None else False

    def _compare(self, atom: Atom) -> Truth:
        left, right = self.value(atom.args[0]), self.value(atom.args[1])
        if left is None or right is None:
            return None
        return compare(atom.predicate, left, right)


def value_of(term: Term, recorded: Callable[[ValueOf], int | None], as_of: int) -> int | None:
    """The number of a term; None if unknown.

    recorded  gives the number of each recorded value in the term, or None
    as_of     the day of the answer (ordinal)
    """
    if isinstance(term, ValueOf):
        return recorded(term)
    if isinstance(term, Constant):
        return as_of if term == AS_OF else term.value if isinstance(term.value, int) else None
    if isinstance(term, FixedDate):
        return term.day
    if isinstance(term, Shifted):
        day, count = value_of(term.base, recorded, as_of), value_of(term.amount, recorded, as_of)
        return None if day is None or count is None else shift(day, count, term.unit)
    if isinstance(term, OnOrAfter):
        day = value_of(term.base, recorded, as_of)
        return None if day is None else on_or_after(WEEKDAYS.index(term.weekday), day)
    if isinstance(term, DayOf):
        moment = value_of(term.base, recorded, as_of)
        return None if moment is None else moment // MINUTES_A_DAY
    if isinstance(term, AtTime):
        day = value_of(term.base, recorded, as_of)
        return None if day is None else day * MINUTES_A_DAY + term.minutes
    raise TypeError(f"{term} is not ground")


_COMPARED: Mapping[str, Callable[[int, int], bool]] = {
    "<": operators.lt,
    "<=": operators.le,
    ">": operators.gt,
    ">=": operators.ge,
    "=": operators.eq,
    "!=": operators.ne,
}


def compare(operator: str, left: int, right: int) -> bool:
    """Whether `left operator right` holds."""
    return _COMPARED[operator](left, right)


def _plain(term: Term) -> str | int:
    assert isinstance(term, Constant)
    return term.value


def _key(atom: Atom) -> str | int | None:
    first = atom.args[0] if atom.args else None
    return first.value if isinstance(first, Constant) else None


def _calculate(calculated: Calculated, entries: tuple[Mapping[str, Any], ...] | None, key: str | int | None) -> Any:
    """The value of a calculated fact for `key` from the entries of its list (None: not recorded).

    A recorded list is taken to be complete, so a key without an entry is false or has no date.
    """
    if entries is None:
        return None
    if calculated.how == "some":
        return bool(entries)
    if calculated.how == "any":
        answers = [entry.get(calculated.field) for entry in entries]
        return True if True in answers else None if None in answers else False
    mine = [entry for entry in entries if entry.get(calculated.key) == key]
    if not mine:
        return None if any(calculated.key not in entry for entry in entries) else False
    days = [entry.get(calculated.field) for entry in mine]
    dated = [day for day in days if isinstance(day, Day)]
    return max(dated, key=lambda day: day.number) if len(dated) == len(days) else True
