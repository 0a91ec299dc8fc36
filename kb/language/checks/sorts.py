"""Every argument is of the sort that its place asks for: codes of the right kind, dates, numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kb.errors import Fault, did_you_mean
from kb.language.model import (
    AS_OF,
    HOURS,
    UNDATED,
    Atom,
    AtTime,
    Constant,
    DayOf,
    FixedDate,
    OnOrAfter,
    Position,
    Rule,
    Shifted,
    Term,
    Variable,
)
from kb.language.signature import VALUE_SORTS, WIDER, Signature, constants_of
from kb.policy import Policy
from kb.vocabulary.model import KINDS

_OPEN = ("code", "setting", "reading")


def find(policy: Policy, table: Mapping[str, Signature]) -> Iterator[Fault]:
    """Faults of sorts, for constants and for variables used in two ways."""
    kinds = set(KINDS) | {"event", "dated", "fact", *VALUE_SORTS, *_OPEN, *WIDER}
    for predicate in policy.predicates.values():
        for sort in predicate.sorts:
            if sort not in kinds and not sort.startswith("value of "):
                yield Fault(str(predicate.position), f"unknown sort `{sort}`", did_you_mean(sort, kinds))
    for rule in policy.rules:
        yield from _Rule(rule, policy, table).faults()


class _Rule:
    def __init__(self, rule: Rule, policy: Policy, table: Mapping[str, Signature]):
        self.rule, self.policy, self.table = rule, policy, table
        self.sorts: dict[str, str] = {}

    def faults(self) -> Iterator[Fault]:
        places = [(literal.atom, literal.position) for literal in self.rule.body]
        places.append((self.rule.head, self.rule.position))
        for atom, position in places:
            if not atom.is_comparison:
                yield from self._atom(atom, position)
        for atom, position in places:
            if atom.is_comparison:
                yield from self._comparison(atom, position)

    def _atom(self, atom: Atom, position: Position) -> Iterator[Fault]:
        signature = self.table.get(atom.predicate)
        if signature is None or len(signature.sorts) != len(atom.args):
            return
        for sort, arg in zip(signature.sorts, atom.args):
            yield from self._argument(sort, arg, atom, position)

    def _argument(self, sort: str, arg: Term, atom: Atom, position: Position) -> Iterator[Fault]:
        if isinstance(arg, Variable):
            earlier = self.sorts.setdefault(arg.name, sort)
            if not self._agree(earlier, sort):
                message = f"`{arg}` is a {_name(earlier)} elsewhere in this rule, and a {_name(sort)} in `{atom.predicate}`"
                yield Fault(str(position), message, "use two variables")
            return
        if isinstance(arg, Constant) and arg not in (AS_OF, UNDATED):
            yield from self._constant(sort, arg, atom, position)
            return
        found, faults = self._sort_of(arg, position)
        yield from faults
        if found and found != sort:
            message = f"`{arg}` is a {_name(found)}, but `{atom.predicate}` takes a {_name(sort)} here"
            timed = atom.predicate == "limit" and found == "datetime"
            hint = "conclude `limit_at` for a limit with a time of day" if timed else ""
            yield Fault(str(position), message, hint)

    def _constant(self, sort: str, arg: Constant, atom: Atom, position: Position) -> Iterator[Fault]:
        if sort == "setting":
            yield from self._setting(arg, atom, position)
        elif sort == "reading":
            if arg.value not in self.policy.readings:
                hint = did_you_mean(str(arg.value), self.policy.readings)
                yield Fault(str(position), f"unknown reading `{arg}`", hint)
        elif isinstance(arg.value, int):
            if sort != "number":
                yield Fault(str(position), f"`{arg}` is a number, but `{atom.predicate}` takes a {_name(sort)} here")
        elif sort in VALUE_SORTS:
            yield Fault(str(position), f"`{arg}` is a code, but `{atom.predicate}` takes a {_name(sort)} here")
        else:
            allowed = constants_of(sort, self.policy.vocabulary)
            if allowed is not None and arg.value not in allowed:
                hint = did_you_mean(str(arg.value), allowed) or _declare(sort)
                yield Fault(str(position), f"unknown {_name(sort)} `{arg}`", hint)

    def _setting(self, arg: Constant, atom: Atom, position: Position) -> Iterator[Fault]:
        name = atom.args[0].value if isinstance(atom.args[0], Constant) else None
        reading = self.policy.readings.get(str(name))
        if reading is not None and not reading.accepts(arg.value):
            allowed = [str(reading.default), *reading.alternatives]
            hint = did_you_mean(str(arg.value), allowed) or "settings: " + ", ".join(allowed)
            yield Fault(str(position), f"`{arg}` is not a setting of the reading `{name}`", hint)

    def _comparison(self, atom: Atom, position: Position) -> Iterator[Fault]:
        found: list[str] = []
        if all(isinstance(arg, Constant) and isinstance(arg.value, str) and arg not in (AS_OF, UNDATED) for arg in atom.args):
            message = f"`{atom}` compares two names, whatever the case"
            yield Fault(str(position), message, f"a condition stands by itself: write `{atom.args[0]}`, or `not {atom.args[0]}`")
        for arg in atom.args:
            sort, faults = self._sort_of(arg, position)
            yield from faults
            if sort:
                found.append(sort)
        if len(found) == 2 and not self._agree(*found):
            message = f"`{atom}` compares a {_name(found[0])} with a {_name(found[1])}"
            moment = next((arg for arg, sort in zip(atom.args, found) if sort == "datetime"), atom.args[0])
            yield Fault(str(position), message, _other_sort(moment, *sorted(found, reverse=True)))
        elif len(found) == 1 and atom.predicate == "=":
            unbound = next((arg for arg in atom.args if isinstance(arg, Variable) and arg.name not in self.sorts), None)
            if unbound is not None:
                self.sorts[unbound.name] = found[0]

    def _agree(self, first: str, second: str) -> bool:
        """Whether something can be of both sorts; of two facts with values, whether they share some."""
        if first.startswith("value of ") and second.startswith("value of "):
            one, other = (constants_of(sort, self.policy.vocabulary) or () for sort in (first, second))
            return bool(set(one) & set(other))
        return _agree(first, second)

    def _sort_of(self, term: Term, position: Position) -> tuple[str | None, list[Fault]]:
        """The sort of a term where it is known, and faults inside it."""
        if isinstance(term, Variable):
            return self.sorts.get(term.name), []
        if term in (AS_OF, UNDATED) or isinstance(term, FixedDate):
            return "date", []
        if isinstance(term, Constant):
            return ("number" if isinstance(term.value, int) else "code"), []
        wanted, result = ("datetime", "datetime") if _by_hours(term) else _SHAPES[type(term)]
        assert isinstance(term, (Shifted, OnOrAfter, DayOf, AtTime))
        found, faults = self._sort_of(term.base, position)
        if isinstance(term, Shifted) and isinstance(term.amount, Variable):
            counted = self.sorts.get(term.amount.name)
            if counted not in (None, "number", "setting"):
                message = f"`{term}` needs a number, but `{term.amount}` is {_a(_name(str(counted)))}"
                faults = [*faults, Fault(str(position), message)]
        if found and found != wanted:
            faults = [
                *faults,
                Fault(
                    str(position),
                    f"`{term}` needs a {_name(wanted)}, but `{term.base}` is a {_name(found)}",
                    f"write `{term.base}`" if isinstance(term, DayOf) else _other_sort(term.base, found, wanted),
                ),
            ]
        return result, faults


def _other_sort(term: Term, found: str, wanted: str) -> str:
    """How to get a day from a time, or a time from a day."""
    if {found, wanted} != {"date", "datetime"}:
        return ""
    return f"write `day({term})` for its day" if wanted == "date" else f"write for example `{term} at 09:00` for a time of it"


def _by_hours(term: Term) -> bool:
    return isinstance(term, Shifted) and term.unit == HOURS


_SHAPES: dict[type, tuple[str, str]] = {
    Shifted: ("date", "date"),
    OnOrAfter: ("date", "date"),
    DayOf: ("datetime", "date"),
    AtTime: ("date", "datetime"),
}


def _agree(first: str, second: str) -> bool:
    if first == second or "setting" in (first, second):
        return True
    values = (first in VALUE_SORTS) + (second in VALUE_SORTS)
    if values:
        return False
    if "code" in (first, second) or {first, second} <= {"event", "dated", "fact"}:
        return True
    return bool(set(WIDER.get(first, (first,))) & set(WIDER.get(second, (second,))))


def _name(sort: str) -> str:
    names = {"datetime": "date and time", "event": "name of an event", "dated": "name of a date or event"}
    return names.get(sort, sort.replace("_", " "))


def _a(name: str) -> str:
    return ("an " if name[0] in "aeiou" else "a ") + name


def _declare(sort: str) -> str:
    """Where a code of a sort is declared."""
    if sort in ("event", "dated", "fact") or sort.startswith("value of "):
        return f"declare it in facts.tsv as {_a(_name(sort).removeprefix('name of ').removeprefix('an ').removeprefix('a '))}"
    kinds = [kind.replace("_", " ") for kind in WIDER.get(sort, (sort,)) if kind != "outcome"]
    listed = ", ".join(kinds[:-1]) + (" or " if kinds[:-1] else "") + kinds[-1]
    return f"declare it in codes.tsv as {_a(listed)}"
