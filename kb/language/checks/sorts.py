"""Every argument is of the sort that its place asks for: codes of the right kind, dates, numbers."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

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
from kb.policy import Policy, reading_hint
from kb.vocabulary.model import KINDS

_CAPITALS = "a variable starts with a capital letter"
#: What to write where values of two sorts are compared.
_INSTEAD = {
    frozenset(("date", "number")): "write for example `as_of >= Born + 16 years` for an age",
    **{frozenset((sort, "code")): _CAPITALS for sort in VALUE_SORTS},
}
#: What other languages call the day of the answer.
_TODAY = ("today", "now", "current_date", "date_today")
_FACTS = ("event", "dated", "fact")  # sorts that names of facts have
_OPEN = ("code", "setting", "reading")


def find(policy: Policy, table: Mapping[str, Signature]) -> Iterator[Fault]:
    """Faults of sorts, for constants and for variables used in two ways."""
    kinds = set(KINDS) | {"event", "dated", "fact", *VALUE_SORTS, *_OPEN, *WIDER}
    for predicate in policy.predicates.values():
        for sort in predicate.sorts:
            if sort not in kinds and not sort.startswith("value of "):
                yield Fault(str(predicate.position), f"unknown sort `{sort}`", did_you_mean(sort, kinds))
    asked = {literal.atom.predicate for rule in policy.rules for literal in rule.body}
    for rule in policy.rules:
        yield from _Rule(rule, policy, table, asked - table.keys()).faults()


class _Rule:
    """The faults of one rule. `unknown`: names that are refused as conditions already, and need not be told again."""

    def __init__(self, rule: Rule, policy: Policy, table: Mapping[str, Signature], unknown: Collection[str] = ()):
        self.rule, self.policy, self.table, self.unknown = rule, policy, table, unknown
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
        if fault := self._misplaced(atom, signature, position):
            yield fault
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
        if found and found != sort and not faults:
            message = f"`{arg}` is a {_name(found)}, but `{atom.predicate}` takes a {_name(sort)} here"
            yield Fault(str(position), message, _other_limit(atom.predicate, found) or _other_sort(arg, found, sort))

    def _constant(self, sort: str, arg: Constant, atom: Atom, position: Position) -> Iterator[Fault]:
        if sort == "setting":
            yield from self._setting(arg, atom, position)
        elif sort == "reading":
            if arg.value not in self.policy.readings:
                hint = reading_hint(str(arg.value), self.policy.readings)
                yield Fault(str(position), f"unknown reading `{arg}`", hint)
        elif isinstance(arg.value, int):
            if sort != "number":
                message = f"`{arg}` is a number, but `{atom.predicate}` takes {_a(_name(sort))} here"
                yield Fault(str(position), message, _a_value(sort))
        elif sort in VALUE_SORTS:
            message = f"`{arg}` is a code, but `{atom.predicate}` takes {_a(_name(sort))} here"
            yield Fault(str(position), message, _a_value(sort))
        else:
            allowed = constants_of(sort, self.policy.vocabulary)
            if allowed is not None and arg.value not in allowed:
                if sort in _FACTS and arg.value in self.unknown:
                    return
                hint = did_you_mean(str(arg.value), allowed) or _declare(sort)
                yield Fault(str(position), f"unknown {_name(sort)} `{arg}`", hint)

    def _misplaced(self, atom: Atom, signature: Signature, position: Position) -> Fault | None:
        """The fault of an atom with a code of another kind than its place takes; of several the first one."""
        for sort, arg in zip(signature.sorts, atom.args):
            allowed = (
                constants_of(sort, self.policy.vocabulary) if isinstance(arg, Constant) and arg not in (AS_OF, UNDATED) else None
            )
            other = self._kind_of(str(arg)) if allowed is not None and str(arg) not in allowed else ""
            if other:
                message = f"`{arg}` is {_a(_name(other))}, but `{atom.predicate}` takes {_a(_name(sort))} here"
                return Fault(str(position), message, self._day_of(atom) or f"arguments: {', '.join(map(_name, signature.sorts))}")
        return None

    def _day_of(self, atom: Atom) -> str:
        """How a date that is no event is made the day of a point, where `point_event` names one."""
        fact = self.policy.vocabulary.facts.get(str(atom.args[-1]))
        if atom.predicate != "point_event" or fact is None or fact.type != "date":
            return ""
        return f"for a date write `occurs({atom.args[0]}, On) :- known {fact.name}(On).`"

    def _kind_of(self, name: str) -> str:
        """The kind of a name that stands for something else than a place asks for; empty if nothing is called so."""
        vocabulary = self.policy.vocabulary
        if name in vocabulary.facts:
            return f"fact of type {vocabulary.facts[name].type}"
        return next((kind for kind, codes in vocabulary.codes.items() if any(code.code == name for code in codes)), "")

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
            yield Fault(str(position), message, f"a condition stands by itself: write {self._by_itself(atom)}")
        for arg in atom.args:
            sort, faults = self._sort_of(arg, position)
            yield from faults
            if sort:
                found.append(sort)
        if len(found) == 2 and not self._agree(*found):
            message = f"`{atom}` compares a {_name(found[0])} with a {_name(found[1])}"
            moment = next((arg for arg, sort in zip(atom.args, found) if sort == "datetime"), atom.args[0])
            named = next(filter(None, map(self._as_a_value, atom.args)), "")
            hint = named or _other_sort(moment, *sorted(found, reverse=True)) or _INSTEAD.get(frozenset(found), "")
            yield Fault(str(position), message, hint)
        elif len(found) == 1 and atom.predicate == "=":
            unbound = next((arg for arg in atom.args if isinstance(arg, Variable) and arg.name not in self.sorts), None)
            if unbound is not None:
                self.sorts[unbound.name] = found[0]

    def _as_a_value(self, term: Term) -> str:
        """What to write for the name of a fact that stands where its value belongs; empty if it is none."""
        if isinstance(term, Constant) and term.value in _TODAY:
            return "the day of the answer is `as_of`"
        signature = self.table.get(str(term)) if isinstance(term, Constant) else None
        if signature is None or signature.source != "condition" or len(signature.sorts) != 1:
            return ""
        return f"a condition gives its value: write `known {term}(X)`, and `X` here"

    def _by_itself(self, atom: Atom) -> str:
        """How a comparison of two names is written as a condition."""
        name, value = map(str, atom.args)
        if name in self.table and len(self.table[name].sorts) == 1:
            return f"`{name}({value})`" if atom.predicate != "!=" else f"`not {name}({value})`"
        holds = (atom.predicate != "!=") == (value not in ("false", "no"))
        if value in ("true", "false", "yes", "no"):
            return f"`{name}`" if holds else f"`not {name}`"
        return f"`{name}`, or `not {name}`"

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
                faults = [*faults, Fault(str(position), message, "write a number, or a variable that a condition gives one")]
        if found and found != wanted:
            faults = [
                *faults,
                Fault(
                    str(position),
                    f"`{term}` needs a {_name(wanted)}, but `{term.base}` is a {_name(found)}",
                    f"write `{term.base}`"
                    if isinstance(term, DayOf)
                    else self._as_a_value(term.base)
                    or _other_sort(term.base, found, wanted)
                    or (_CAPITALS if found == "code" else ""),
                ),
            ]
        return result, faults


def _other_limit(predicate: str, found: str) -> str:
    """What to conclude for a limit with or without a time of day; empty if it is about something else."""
    if (predicate, found) == ("limit", "datetime"):
        return "conclude `limit_at` for a limit with a time of day"
    if (predicate, found) == ("limit_at", "date"):
        return "conclude `limit` for a limit that is a day, or write its time, such as `Start at 10:00`"
    return ""


def _other_sort(term: Term, found: str, wanted: str) -> str:
    """How to get a day from a time, or a time from a day."""
    if {found, wanted} != {"date", "datetime"}:
        return ""
    return f"write `day({term})` for its day" if wanted == "date" else f"write for example `{term} at 09:00` for a time of it"


def _a_value(sort: str) -> str:
    """What to write where a value of a sort belongs."""
    values = {"number": "a number", "date": "a date such as 2024-09-03", "datetime": "a variable"}
    variable = "" if sort == "datetime" else ", or a variable (starts with a capital letter)"
    return f"write {values[sort]}{variable}" if sort in values else f"write the code of {_a(_name(sort))}"


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
    names = {
        **{"datetime": "date and time", "event": "name of an event", "dated": "name of a date or event"},
        **{"who": "team, body or escalation", "occasion": "meeting or point"},
    }
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
