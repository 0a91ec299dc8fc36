"""The parts of a case, and the classes of values that the rules can distinguish.

A fact has one part, except that a list has a part for each code or key that rules ask for, and an event may have two: the
day on which it happened, and the day for which it is planned. A class of dates or numbers is an interval between values at
which a condition changes, found by bisection, as every term is monotone in its value. If a value is on both sides of a
comparison, there is no single such point; the classes are then found by trying the days around the day of the answer
(`sampled`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

from kb.carried import CAME_AT, CAME_FROM, HOLDER, STINT_FROM
from kb.case import EARLIEST, LATEST, NO_TEAM_ON_RECORD, Case, Day, Moment
from kb.conditions import PLANNED, Conditions, Truth, compare, value_of
from kb.dates import MINUTES_A_DAY
from kb.language.model import Atom, AtTime, Constant, Term, ValueOf, inner
from kb.vocabulary.model import Fact, Vocabulary

SAMPLED_DAYS = 400  # days tried before and after the day of the answer

Key = tuple[str, str | int | None] | str | None


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a case: a fact, or a `key` of it.

    `key` is a code of a list, the (name, key) of a calculated fact, `PLANNED` for the planned day of an event, or None.
    """

    fact: str
    key: Key = None


@dataclass(frozen=True, slots=True)
class Class:
    """Values of a part that no condition distinguishes. `value` represents them.

    Dates and numbers range from `low` to `high` (inclusive); for other types, `others` are the other values.
    """

    value: Any
    low: int | None = None
    high: int | None = None
    others: tuple[Any, ...] = ()

    def holds(self, value: Any) -> bool:
        """Whether a value belongs to this class."""
        number = number_of(value)
        if number is None or self.low is None or self.high is None:
            return any(type(value) is type(own) and bool(value == own) for own in (self.value, *self.others))
        return self.low <= number <= self.high


def number_of(value: Any) -> int | None:
    """The number by which a value is compared: an ordinal, minutes or an int; None if it has none."""
    if isinstance(value, Day):
        return value.number
    if isinstance(value, Moment):
        return value.minutes
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def values_in(term: Term) -> Iterator[ValueOf]:
    """The recorded values that a term uses."""
    if isinstance(term, ValueOf):
        yield term
    for part in inner(term):
        yield from values_in(part)


class Classes:
    """The parts of cases and their classes, for some conditions on one day of the answer.

    `base`: a case whose dates and numbers get classes of their own.
    """

    def __init__(self, vocabulary: Vocabulary, conditions: Sequence[Atom], as_of: int, base: Case | None = None):
        self.vocabulary = vocabulary
        self.as_of = as_of
        self.base = base
        self.single: dict[Part, list[Atom]] = {}
        self.pairs: list[Atom] = []
        self.settled: set[Atom] = set()
        self.somes: set[Atom] = set()
        for atom in conditions:
            self._sort(atom)
        self.sampled: set[Part] = set()
        self.of: Mapping[Part, tuple[Class, ...]] = _WhenAsked(self._classes)
        self._turning: dict[tuple[Term, int, int, int], tuple[int, ...]] = {}

    @cached_property
    def facts(self) -> tuple[str, ...]:
        """The facts that conditions read, in the order of the vocabulary."""
        return tuple(name for name in self.vocabulary.facts if name in self._parts)

    def parts(self, fact: str) -> tuple[Part, ...]:
        return self._parts.get(fact, ())

    @cached_property
    def _parts(self) -> dict[str, tuple[Part, ...]]:
        """The parts of each fact that conditions read."""
        found: dict[str, list[Part]] = {}
        for part in self.single:
            found.setdefault(part.fact, []).append(part)
        return {fact: tuple(parts) for fact, parts in found.items()}

    def truth(self, atom: Atom, part: Part, value: Any) -> Truth:
        """The truth of a condition on one part if the part has this value."""
        if atom.is_comparison:
            number = number_of(value)
            left, right = (value_of(arg, lambda _: number, self.as_of) for arg in atom.args)
            return None if left is None or right is None else compare(atom.predicate, left, right)
        return self._conditions({part.fact: self.assemble(part.fact, {part: value})}).truth(atom)

    def truth_without(self, atom: Atom) -> Truth:
        """The truth of a condition if nothing is recorded."""
        return self._conditions({}).truth(atom)

    def source(self, atom: Atom) -> str:
        """The list fact of a calculated condition."""
        return self.vocabulary.calculated[atom.predicate].source

    def bounds(self, part: Part) -> tuple[int, int]:
        """The least and greatest number of all classes of a part."""
        numbers = [n for found in self.of[part] for n in (found.low, found.high) if n is not None]
        if part in self.sampled:
            numbers += self._range(part)
        return min(numbers), max(numbers)

    def part_of(self, value: ValueOf) -> Part:
        calculated = self.vocabulary.calculated.get(value.fact)
        if calculated:
            return Part(calculated.source, (value.fact, value.key))
        return Part(value.fact, None if value.key is None else str(value.key))

    def measure(self, term: Term) -> Callable[[int], int]:
        """A term that uses one part, as a function of that part's number."""

        def measured(number: int) -> int:
            found = value_of(term, lambda value: number, self.as_of)
            assert found is not None
            return found

        return (lambda number: number) if isinstance(term, ValueOf) else measured

    def stretches(self, part: Part, case: Case) -> list[tuple[int, int]]:
        """The ranges of a part's numbers within which no condition changes, with the other facts as in `case`."""
        starts = {found.low for found in self.of[part] if found.low is not None}
        low, high = self.bounds(part)
        if part in self.sampled:
            starts = {low, *self._turning_samples(part)}
        there = Conditions(case, self.vocabulary)
        for ours, others in self._sides.get(part, ()):
            if (target := there.value(others)) is not None:
                starts |= set(self._turns_at(ours, target, low, high))
        ends = sorted(n for n in starts if low <= n <= high)
        return [(a, b - 1) for a, b in zip(ends, [*ends[1:], high + 1])]

    def stretches_of(self, fact: str, case: Case) -> list[tuple[int, int]]:
        """The ranges (see `stretches`) of a whole fact: for an event the days up to the day of the answer, then later days."""
        parts = [part for part in (Part(fact), Part(fact, PLANNED)) if part in self.single]
        return [stretch for part in parts for stretch in self.stretches(part, case)]

    def reached(self, fact: str, term: Term, day: int) -> tuple[int, ...]:
        """The days of a fact at which a term of it first reaches `day`, and first passes it."""
        return self._turns_at(term, day, *self._range(Part(fact)))

    @cached_property
    def _sides(self) -> dict[Part, list[tuple[Term, Term]]]:
        """For each part its comparisons with other parts, as (the side with the part, the other side)."""
        found: dict[Part, list[tuple[Term, Term]]] = {}
        for atom in self.pairs:
            mine: dict[Part, tuple[Term, Term]] = {}
            for ours, others in (atom.args, atom.args[::-1]):
                for value in values_in(ours):
                    mine.setdefault(self.part_of(value), (ours, others))
            for part, sides in mine.items():
                found.setdefault(part, []).append(sides)
        return found

    def assemble(self, fact: str, values: Mapping[Part, Any]) -> Any:
        """The value of a fact from the values of its parts; codes and keys left out are not in the list."""
        kind = self.vocabulary.facts[fact].type
        if kind == "event":
            return _event(values.get(Part(fact)), values.get(Part(fact, PLANNED)))
        if not kind.startswith("list"):
            return next(iter(values.values()))
        if kind != "list[record]":
            return tuple(str(part.key) for part, inside in values.items() if inside)
        return tuple(self._entries(fact, {part.key: value for part, value in values.items()}))

    def _entries(self, fact: str, values: Mapping[Any, Any]) -> Iterator[dict[str, Any]]:
        """As few entries of a list of records as possible that give these calculated values."""
        ways = {key: self.vocabulary.calculated[key[0]] for key in values}
        plain = {way.field: False for way in ways.values() if way.how == "any"}
        found = False
        for key, way in ways.items():
            if way.how == "latest" and values[key] not in (False, None):
                found = True
                yield plain | {way.key: key[1]} | ({} if values[key] is True else {way.field: values[key]})
        answers = {way.field: values[key] for key, way in ways.items() if way.how == "any"}
        if any(answer is not False for answer in answers.values()):
            yield {field: answer for field, answer in answers.items() if answer is not None} | self._unasked(fact)
        elif not found and any(way.how == "some" and values[key] for key, way in ways.items()):
            yield plain | self._unasked(fact)

    def _keyed(self, fact: str) -> bool:
        return any(way.source == fact and way.how == "latest" for way in self.vocabulary.calculated.values())

    def _unasked(self, fact: str) -> dict[str, Any]:
        """The key field of an entry that no condition asks about; empty if there is no such key."""
        asked = {part.key for part in self.single if part.fact == fact}
        for way in self.vocabulary.calculated.values():
            if way.source == fact and way.how == "latest":
                free = [c.code for c in self.vocabulary.codes.get("team", ()) if (way.name, c.code) not in asked]
                return {way.key: free[0]} if free else {}
        return {}

    def split(self, fact: str, value: Any) -> dict[Part, Any]:
        """The values of a fact's parts: the inverse of `assemble`."""
        kind = self.vocabulary.facts[fact].type
        found: dict[Part, Any] = {}
        for part in self.parts(fact):
            if kind == "event":
                found[part] = self._of_event(part, value)
            elif not kind.startswith("list"):
                found[part] = value
            elif kind != "list[record]":
                found[part] = part.key in value
            else:
                found[part] = self._recorded({fact: value}, part.key)
        return found

    # sorting conditions

    def _sort(self, atom: Atom) -> None:
        parts = self.parts_asked(atom)
        if len(parts) > 2:
            raise NotImplementedError(f"`{atom}` compares more than two values of a case")
        if not parts:
            self.settled.add(atom)
        elif len(parts) == 2:
            self.pairs.append(atom)
            for part in parts:
                self.single.setdefault(part, [])
        else:
            self.single.setdefault(parts[0], []).append(atom)
            calculated = self.vocabulary.calculated.get(atom.predicate)
            if calculated is not None and calculated.how == "some":
                self.somes.add(atom)

    def parts_asked(self, atom: Atom) -> tuple[Part, ...]:
        """The parts of a case that a condition reads."""
        if atom.is_comparison:
            return tuple(dict.fromkeys(self.part_of(value) for arg in atom.args for value in values_in(arg)))
        first = atom.args[0] if atom.args else None
        code = first.value if isinstance(first, Constant) else None
        if atom.predicate == PLANNED:
            return (Part(str(code), PLANNED),)
        calculated = self.vocabulary.calculated.get(atom.predicate)
        if calculated is not None:
            return (Part(calculated.source, (atom.predicate, code if calculated.key else None)),)
        if self.vocabulary.facts[atom.predicate].type.startswith("list"):
            return (Part(atom.predicate, str(code)),)
        return (Part(atom.predicate),)

    # classes of values

    def _classes(self, part: Part) -> tuple[Class, ...]:
        fact = self.vocabulary.facts[part.fact]
        if isinstance(part.key, tuple):
            calculated = self.vocabulary.calculated[part.key[0]]
            if calculated.how == "latest":
                told = [Class(None)] if self.base and part.fact in self.base.facts and self._own(part) is None else []
                return (*told, Class(False), Class(True), *self._intervals(part, fact))
            if calculated.how == "any":
                return Class(False), Class(True), Class(None)
            return (Class(False), Class(True)) if self._unasked(part.fact) or not self._keyed(part.fact) else (Class(False),)
        if fact.type == "event" and part.key == PLANNED:
            return (Class(None), *self._intervals(part, fact))
        if part.key is not None or fact.type == "bool":
            return Class(False), Class(True)
        if fact.type == "event":
            return (Class(False), Class(True), *self._intervals(part, fact))
        if fact.type in ("date", "datetime", "int"):
            return self._intervals(part, fact)
        codes = [Class(value) for value in self._codes(fact)]
        if part.fact in (HOLDER, CAME_FROM, CAME_AT) and {CAME_FROM, STINT_FROM} & set(self.facts):
            return tuple(codes)  # the policy's moves determine which of them go together
        return self._told_apart(part, codes)

    def _codes(self, fact: Fact) -> Iterable[str]:
        if fact.type == "enum":
            return fact.values
        if fact.type == "point":
            return [code.code for code in self.vocabulary.codes.get("point", ())]
        teams = [code.code for code in self.vocabulary.codes.get("team", ())]
        return [
            *teams,
            *(c.code for c in self.vocabulary.codes.get("outcome", ()) if c.code != NO_TEAM_ON_RECORD),
            NO_TEAM_ON_RECORD,
        ]

    def _told_apart(self, part: Part, candidates: Sequence[Class]) -> tuple[Class, ...]:
        """One class for each combination of truth values. The base case's own value represents its class."""
        own = self._own(part)
        alike: dict[tuple[Truth, ...], list[Class]] = {}
        for candidate in sorted(candidates, key=lambda c: c.value != own):
            alike.setdefault(tuple(self.truth(atom, part, candidate.value) for atom in self.single[part]), []).append(candidate)
        first = {group[0]: tuple(other.value for other in group[1:] if other.low is None) for group in alike.values()}
        return tuple(replace(candidate, others=first[candidate]) for candidate in candidates if candidate in first)

    def _intervals(self, part: Part, fact: Fact) -> tuple[Class, ...]:
        low, high = self._range(part)
        starts = {low}
        own = number_of(self._own(part))
        if part.fact == STINT_FROM:
            starts.add(self.as_of)  # so that goals can ask for a stint that begins on the day
        for atom in self.single[part]:
            if atom.is_comparison and all(any(True for _ in values_in(arg)) for arg in atom.args):
                if not self._same_everywhere(atom, part):
                    self.sampled.add(part)
            elif atom.is_comparison:
                starts |= set(self._turns(atom, low, high))
            elif fact.type in ("event", "list[record]"):
                starts.add(self.as_of + 1)
        if part in self.sampled:
            numbers = {number: None for number in (own, *self._samples(part)) if number is not None}
            return self._told_apart(part, [Class(self.typed(part, n), n, n) for n in numbers])
        if own is not None:
            starts |= {own, own + 1}
        ends = sorted(n for n in starts if low <= n <= high)
        return tuple(self._interval(part, a, b - 1) for a, b in zip(ends, [*ends[1:], high + 1]))

    def _interval(self, part: Part, low: int, high: int) -> Class:
        return Class(self.typed(part, min(max(self.near(part), low), high)), low, high)

    def near(self, part: Part) -> int:
        """A number near which an invented value looks natural."""
        kind = self.vocabulary.facts[part.fact].type
        return 0 if kind == "int" else self.as_of * MINUTES_A_DAY if kind == "datetime" else self.as_of

    def _range(self, part: Part) -> tuple[int, int]:
        """The least and greatest number that a part may have at all."""
        fact = self.vocabulary.facts[part.fact]
        if fact.type == "int":
            return fact.minimum, fact.maximum
        first, last = date(EARLIEST, 1, 1).toordinal(), date(LATEST, 12, 31).toordinal()
        if fact.type == "datetime":
            return first * MINUTES_A_DAY, (last + 1) * MINUTES_A_DAY - 1
        if part.key == PLANNED:
            return self.as_of + 1, last
        over = fact.past or fact.time == "step" or fact.type == "list[record]" or Part(part.fact, PLANNED) in self.single
        return first, self.as_of if over else last

    def _turns(self, atom: Atom, low: int, high: int) -> Iterator[int]:
        """The numbers at which a comparison with a constant changes its truth."""
        moving, still = atom.args if any(True for _ in values_in(atom.args[0])) else atom.args[::-1]
        target = self._conditions({}).value(still)
        if target is not None:  # compared with an unknown day, it is open for every value
            yield from self._turns_at(moving, target, low, high)

    def _turns_at(self, term: Term, target: int, low: int, high: int) -> tuple[int, ...]:
        """The numbers at which a term first reaches a target, and first passes it. Kept, as many records ask for the same."""
        asked = term, target, low, high
        if asked not in self._turning:
            measured = self.measure(term)
            found = (least(measured, goal, low, high) for goal in (target, target + 1))
            self._turning[asked] = tuple(number for number in found if number is not None)
        return self._turning[asked]

    def _same_everywhere(self, atom: Atom, part: Part) -> bool:
        return len({self.truth(atom, part, self.typed(part, number)) for number in self._samples(part)}) == 1

    def _turning_samples(self, part: Part) -> Iterator[int]:
        """The sampled numbers at which some condition differs from the sample before."""
        before: tuple[Truth, ...] | None = None
        for number in sorted(self._samples(part)):
            here = tuple(self.truth(atom, part, self.typed(part, number)) for atom in self.single[part])
            if here != before:
                yield number
            before = here

    def _samples(self, part: Part) -> list[int]:
        fact, (low, high) = self.vocabulary.facts[part.fact], self._range(part)
        days = sorted(range(self.as_of - SAMPLED_DAYS, self.as_of + SAMPLED_DAYS + 1), key=lambda day: abs(day - self.as_of))
        if fact.type != "datetime":
            return [day for day in days if low <= day <= high]
        named = {term.minutes for atoms in self.single.values() for atom in atoms for term in _times(atom.args)}
        minutes = sorted({0, *named, *(m + 1 for m in named)})
        return [day * MINUTES_A_DAY + minute for day in days for minute in minutes]

    # small helpers

    def typed(self, part: Part, number: int) -> Any:
        """A part's number as a typed value."""
        kind = self.vocabulary.facts[part.fact].type
        return number if kind == "int" else Moment(number) if kind == "datetime" else Day(number)

    def _of_event(self, part: Part, value: Any) -> Any:
        """The value of one of an event's parts: when or whether it happened, or the planned day."""
        if Part(part.fact, PLANNED) not in self.single:
            return value[0] if isinstance(value, tuple) else value
        days = value if isinstance(value, tuple) else (value,)
        planned = [day for day in days if isinstance(day, Day) and day.number > self.as_of]
        if part.key == PLANNED:
            return planned[0] if planned else None
        return False if days[0] in planned else days[0]

    def _own(self, part: Part) -> Any:
        """The value of a part in the base case; None if not recorded."""
        if self.base is None or part.fact not in self.base.facts:
            return None
        value = self.base.facts[part.fact]
        if self.vocabulary.facts[part.fact].type == "event":
            return self._of_event(part, value)
        return self._recorded({part.fact: value}, part.key)

    def _recorded(self, facts: Mapping[str, Any], key: Key) -> Any:
        (value,) = facts.values()
        return self._conditions(facts).recorded(ValueOf(*key)) if isinstance(key, tuple) else value

    def _conditions(self, facts: Mapping[str, Any]) -> Conditions:
        return Conditions(Case("", "", self.as_of, facts), self.vocabulary)


class _WhenAsked(dict[Part, tuple[Class, ...]]):
    """The classes of parts, computed on demand: those of some parts take as long as all others together."""

    def __init__(self, make: Callable[[Part], tuple[Class, ...]]):
        super().__init__()
        self.make = make

    def __missing__(self, part: Part) -> tuple[Class, ...]:
        found = self[part] = self.make(part)
        return found


def _event(happened: Any, planned: Any) -> Any:
    """The value of an event from its two parts."""
    if not isinstance(planned, Day):
        return False if happened is None else happened
    return (happened, planned) if isinstance(happened, Day) else planned


def _times(terms: Iterable[Term]) -> Iterator[AtTime]:
    for term in terms:
        if isinstance(term, AtTime):
            yield term
        yield from _times(inner(term))


def least(measured: Callable[[int], int], goal: int, low: int, high: int) -> int | None:
    """The least number from `low` to `high` at which a monotone function reaches `goal`; None if there is none.

    By exponential, then binary search, as it is often near `low`.
    """
    step = 1
    while measured(min(low + step, high)) < goal:
        if low + step >= high:
            return None
        low, step = low + step, 2 * step
    high = min(low + step, high)
    while low < high:
        middle = (low + high) // 2
        if measured(middle) >= goal:
            high = middle
        else:
            low = middle + 1
    return low
