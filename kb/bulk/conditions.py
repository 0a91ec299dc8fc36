"""The truth of conditions in many cases at once: `kb.conditions` on columns.

Each condition gets two planes: where it is certain and where it is possible. A comparison with an unknown value is
possible and not certain. `kb.conditions.Conditions` defines the semantics; tests compare every condition with it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kb.bulk.bits import ALL, NONE, WORD, Plane, pack, words
from kb.bulk.dates import on_or_after, shift
from kb.bulk.table import HAPPENED, NOT_HAPPENED, UNKNOWN, WHOLE, CaseTable, ListColumn, Numbers, codes_of, encode, parts_of
from kb.conditions import PLANNED
from kb.dates import MINUTES_A_DAY
from kb.language.model import AS_OF, WEEKDAYS, Atom, AtTime, Constant, DayOf, FixedDate, OnOrAfter, Shifted, Term, ValueOf
from kb.vocabulary.model import Calculated, Vocabulary

#: Units of which each is as long as the next: days in one, and minutes in an hour.
EVEN = {"days": 1, "weeks": 7, "hours": 60}

FEW = 4096  # rows up to which the conditions are packed together

Compare = Callable[[Any, Any], NDArray[np.bool_]]

COMPARE: dict[str, Compare] = {
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
    "=": np.equal,
    "!=": np.not_equal,
}


class BulkConditions:
    """Conditions over a table. Holds what is worked out once for all rows: calculated facts and tables of shifted days."""

    def __init__(self, table: CaseTable, vocabulary: Vocabulary):
        self.table = table
        self.vocabulary = vocabulary
        self.ranges: dict[Term, Numbers] = {}
        self.moved: dict[tuple[Term, int], Numbers] = {}
        self.calculated: dict[tuple[str, str | int | None], Numbers] = {}
        self.members: dict[tuple[str, str | int], NDArray[np.bool_]] = {}
        self.recorded = frozenset(table.columns) | frozenset(table.lists)

    def is_unknown(self, atom: Atom) -> bool:
        """Whether a condition is open in every case because the table lacks a fact that it needs."""
        if atom.is_comparison:
            return not all(self.is_recorded(term) for term in atom.args)
        name = str(atom.args[0]) if atom.predicate == PLANNED else atom.predicate
        return not self._has(name)

    def is_recorded(self, term: Term) -> bool:
        """Whether a term has a value in any case."""
        if isinstance(term, ValueOf):
            return self._has(term.fact)
        if isinstance(term, Shifted):
            return self.is_recorded(term.base) and self.is_recorded(term.amount)
        if isinstance(term, (OnOrAfter, DayOf, AtTime)):
            return self.is_recorded(term.base)
        return term == AS_OF or isinstance(term, FixedDate) or (isinstance(term, Constant) and isinstance(term.value, int))

    def _has(self, fact: str) -> bool:
        calculated = self.vocabulary.calculated.get(fact)
        return (calculated.source if calculated else fact) in self.recorded

    def rows(self, start: int, stop: int) -> Rows:
        return Rows(self, start, stop)

    # computed once for the whole table

    def column(self, fact: str, key: str | int | None = None) -> Numbers:
        """The array of a fact, of a calculated fact for `key`, or (`PLANNED`) of the last day of the event `key`."""
        if fact not in self.vocabulary.calculated and (key != PLANNED or fact not in self.table.later):
            return self.table.columns[fact]
        found = self.calculated.get((fact, key))
        if found is None and fact not in self.vocabulary.calculated:
            found = self.calculated[fact, key] = self.table.last(fact)
        if found is None:
            calculated = self.vocabulary.calculated[fact]
            listed = self.table.lists[calculated.source]
            found = self.calculated[fact, key] = _calculate(calculated, listed, key, self.vocabulary)
        return found

    def member(self, fact: str, code: str | int) -> NDArray[np.bool_]:
        """The rows whose list of codes contains `code`."""
        found = self.members.get((fact, code))
        if found is None:
            listed = self.table.lists[fact]
            codes = codes_of(self.vocabulary.facts[fact], self.vocabulary)
            found = np.zeros(len(self.table), np.bool_)
            if code in codes:
                found[listed.rows[listed.parts[WHOLE] == codes.index(str(code))]] = True
            self.members[fact, code] = found
        return found

    def days(self, term: Term) -> Numbers:
        """All days from the first to the last value of a term, without gaps."""
        if term not in self.ranges:
            first, last = self._range(term)
            self.ranges[term] = np.arange(first, last + 1) if first <= last else np.zeros(1, np.int64)
        return self.ranges[term]

    def _range(self, term: Term) -> tuple[int, int]:
        """The first and the last day of a term over all rows; first > last if it has none."""
        if term == AS_OF:
            return (int(self.table.as_of.min()), int(self.table.as_of.max())) if len(self.table) else (1, 0)
        if isinstance(term, FixedDate):
            return term.day, term.day
        if isinstance(term, ValueOf):
            column = self.column(term.fact, term.key).astype(np.int32, copy=False)
            last = int(column.max(initial=0))
            if last <= HAPPENED:
                return 1, 0
            above = column.view(np.uint32) - np.uint32(HAPPENED + 1)  # values that are not days wrap to large numbers
            return int(above.min()) + HAPPENED + 1, last
        if isinstance(term, DayOf):
            first, last = self._range(term.base)
            return first // MINUTES_A_DAY, last // MINUTES_A_DAY
        if isinstance(term, AtTime):
            first, last = self._range(term.base)
            return first * MINUTES_A_DAY + term.minutes, last * MINUTES_A_DAY + term.minutes
        if isinstance(term, Shifted) and term.unit in EVEN:
            (first, last), amounts = self._range(term.base), [EVEN[term.unit] * amount for amount in self.amounts(term)] or [0]
            return first + min(amounts), last + max(amounts)
        if isinstance(term, Shifted):
            moved = [self.move(term, amount) for amount in self.amounts(term)]
        else:
            assert isinstance(term, OnOrAfter), f"{term} is no day"
            moved = [self.move(term)]
        return min((int(days.min()) for days in moved), default=1), max((int(days.max()) for days in moved), default=0)

    def amounts(self, term: Shifted) -> list[int]:
        """The counts by which a term may shift a day."""
        if isinstance(term.amount, Constant):
            return [int(term.amount.value)]
        assert isinstance(term.amount, ValueOf)
        found = np.unique(self.column(term.amount.fact, term.amount.key))
        return [int(n) for n in found if n != UNKNOWN]

    def move(self, term: Shifted | OnOrAfter, amount: int = 0) -> Numbers:
        """The shifted day for each of the days (`days`) of a term's base."""
        found = self.moved.get((term, amount))
        if found is None:
            days = self.days(term.base)
            if isinstance(term, OnOrAfter):
                moved = on_or_after(WEEKDAYS.index(term.weekday), days)
            else:
                moved = shift(days, amount, term.unit)
            found = self.moved[term, amount] = moved.astype(np.int32)
        return found


class Rows:
    """Some consecutive rows of a table: values of terms and planes of conditions, each computed once."""

    def __init__(self, whole: BulkConditions, start: int, stop: int):
        self.whole = whole
        self.span = slice(start, stop)
        self.words = words(stop - start)
        self.as_of = whole.table.as_of[self.span]
        self.values: dict[Term, tuple[Any, Plane | None]] = {}
        self.places: dict[Term, Any] = {}

    def planes(self, atom: Atom) -> tuple[Plane, Plane]:
        """Where a condition is certain, and where it is possible."""
        if self.whole.is_unknown(atom):
            return np.full(self.words, NONE), np.full(self.words, ALL)
        if atom.is_comparison:
            truth, known = self._compared(atom)
            return _with_unknown(pack(truth), known)
        certain, possible = self._looked_up(atom)
        return pack(certain), pack(possible)

    def fill(self, atoms: Sequence[Atom], planes: NDArray[np.uint64]) -> None:
        """Writes the planes of conditions that are not `is_unknown`: of condition i into rows 2 * i and 2 * i + 1.

        Of few rows, the truth values of all conditions are packed together: a call of numpy takes longer than what it does.
        """
        if len(self.as_of) > FEW:
            for place, atom in enumerate(atoms):
                planes[2 * place], planes[2 * place + 1] = self.planes(atom)
            return
        bits = np.zeros((2 * len(atoms), self.words * WORD), np.bool_)
        here = bits[:, : len(self.as_of)]
        open_: list[tuple[int, Plane]] = []
        for place, atom in enumerate(atoms):
            if atom.is_comparison:
                here[2 * place], known = self._compared(atom)
                here[2 * place + 1] = here[2 * place]
                if known is not None:
                    open_.append((2 * place, known))
            else:
                here[2 * place], here[2 * place + 1] = self._looked_up(atom)
        planes[:] = np.packbits(bits, axis=1, bitorder="little").view(np.uint64)
        for row, known in open_:
            planes[row], planes[row + 1] = _with_unknown(planes[row], known)

    def _looked_up(self, atom: Atom) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """For each row whether a condition on a fact is certain, and whether it is possible."""
        vocabulary = self.whole.vocabulary
        if atom.predicate == PLANNED:
            column = self._column(str(atom.args[0]), PLANNED)
            return _halves(column > self.as_of, column == UNKNOWN)
        key = atom.args[0].value if atom.args and isinstance(atom.args[0], Constant) else None
        if atom.predicate in vocabulary.calculated:
            column = self._column(atom.predicate, key)
            return self._happened(column) if vocabulary.calculated[atom.predicate].type == "event" else _yes(column)
        kind = vocabulary.facts[atom.predicate].type
        if kind.startswith("list"):
            known = self.whole.table.lists[atom.predicate].known[self.span]
            if kind == "list[record]":
                return _halves(known, ~known)
            assert key is not None
            return _halves(self.whole.member(atom.predicate, key)[self.span], ~known)
        column = self._column(atom.predicate, None)
        if kind == "event":
            return self._happened(column)
        if kind == "bool":
            return _yes(column)
        if kind in ("enum", "team", "point"):
            codes = codes_of(vocabulary.facts[atom.predicate], vocabulary)
            number = codes.index(key) if isinstance(key, str) and key in codes else len(codes)
            return _halves(column == number, column == UNKNOWN)
        return _halves(column != UNKNOWN, column == UNKNOWN)

    def value(self, term: Term) -> tuple[Any, Plane | None]:
        """The numbers of a term and the plane where they are known (None: everywhere).

        Where a number is not known it has no meaning.
        """
        found = self.values.get(term)
        if found is None:
            found = self.values[term] = self._value(term)
        return found

    def _value(self, term: Term) -> tuple[Any, Plane | None]:
        if term == AS_OF:
            return self.as_of, None
        if isinstance(term, FixedDate):
            return np.int32(term.day), None
        if isinstance(term, Constant):
            return np.int32(int(term.value)), None
        if isinstance(term, ValueOf):
            column = self._column(term.fact, term.key)
            return column, pack(column > (HAPPENED if self._is_event(term.fact) else UNKNOWN))
        if isinstance(term, Shifted):
            return self._shifted(term)
        if isinstance(term, OnOrAfter):
            return self._moved(term), self.value(term.base)[1]
        if isinstance(term, DayOf):
            moments, known = self.value(term.base)
            return moments // MINUTES_A_DAY, known
        if isinstance(term, AtTime):
            days, known = self.value(term.base)
            return days * np.int32(MINUTES_A_DAY) + np.int32(term.minutes), known
        raise TypeError(f"{term} is not ground")

    def _shifted(self, term: Shifted) -> tuple[Any, Plane | None]:
        days, known = self.value(term.base)
        amounts, amount_known = self.value(term.amount)
        if term.unit in EVEN:
            return days + amounts * np.int32(EVEN[term.unit]), _both(known, amount_known)
        if isinstance(term.amount, Constant):
            return self._moved(term, int(term.amount.value)), known
        found = np.zeros(len(self.as_of), np.int32)
        for amount in self.whole.amounts(term):
            found = np.where(amounts == amount, self._moved(term, amount), found)
        return found, _both(known, amount_known)

    def _moved(self, term: Shifted | OnOrAfter, amount: int = 0) -> Any:
        """The shifted days of a term's base, looked up in the table of `BulkConditions.move`."""
        if term.base not in self.places:
            every = self.whole.days(term.base)
            place = np.subtract(self.value(term.base)[0], every[0], dtype=np.intp)
            self.places[term.base] = np.clip(place, 0, len(every) - 1)
        return self.whole.move(term, amount)[self.places[term.base]]

    def _compared(self, atom: Atom) -> tuple[NDArray[np.bool_], Plane | None]:
        """For each row whether a comparison holds, which has no meaning where a value is not known; and where both are."""
        (left, left_known), (right, right_known) = self.value(atom.args[0]), self.value(atom.args[1])
        truth = COMPARE[atom.predicate](left, right)
        if truth.shape != self.as_of.shape:  # both values are the same for every case
            truth = np.broadcast_to(truth, self.as_of.shape)
        return truth, _both(left_known, right_known)

    def _happened(self, column: Numbers) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        return _halves((column >= HAPPENED) & (column <= self.as_of), column == UNKNOWN)

    def _is_event(self, fact: str) -> bool:
        calculated = self.whole.vocabulary.calculated.get(fact)
        return (calculated.type if calculated else self.whole.vocabulary.facts[fact].type) == "event"

    def _column(self, fact: str, key: str | int | None) -> Numbers:
        return self.whole.column(fact, key)[self.span]


def _halves(certain: NDArray[np.bool_], unknown: NDArray[np.bool_]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    return certain, certain | unknown


def _yes(column: Numbers) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    return column == 1, column != 0


def _with_unknown(truth: Plane, known: Plane | None) -> tuple[Plane, Plane]:
    """Where a comparison is certain and where it is possible, from its truth and where its values are known."""
    return (truth, truth) if known is None else (truth & known, truth | ~known)


def _both(left: Plane | None, right: Plane | None) -> Plane | None:
    if left is None or right is None:
        return left if right is None else right
    return left & right


def _calculate(calculated: Calculated, listed: ListColumn, key: str | int | None, vocabulary: Vocabulary) -> Numbers:
    """A calculated fact for every case, coded as in a `CaseTable`, as `kb.conditions._calculate`."""
    rows, count = listed.rows, len(listed.known)
    result = np.full(count, NOT_HAPPENED, np.int32)
    if calculated.how == "some":
        result[rows] = 1
    elif calculated.how == "any":
        answers = listed.parts[calculated.field]
        result[rows[answers == UNKNOWN]] = UNKNOWN
        result[rows[answers == 1]] = 1
    else:
        part = parts_of(vocabulary.facts[calculated.source])[calculated.key]
        keys, days = listed.parts[calculated.key], listed.parts[calculated.field]
        mine = np.flatnonzero(keys == encode(part, [key], vocabulary)[0])
        result[rows[np.flatnonzero(keys == UNKNOWN)]] = UNKNOWN
        result[rows[mine]] = HAPPENED
        np.maximum.at(result, rows[mine], days[mine])
        result[rows[mine[days[mine] <= HAPPENED]]] = HAPPENED
    result[~listed.known] = UNKNOWN
    return result
