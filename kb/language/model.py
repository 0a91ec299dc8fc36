"""The rule model: what a parsed rule file is made of. Frozen; nothing here reads or decides anything.

A rule speaks about one child. Variables range over codes (teams, points, gates) or over
values of the case (dates, numbers). Source: standard Datalog, with `known` as the
knowledge operator over three-valued facts and date arithmetic as terms.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal as OneOf


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A place in a file: name, line and column, both counted from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


NOWHERE = Position("", 0, 0)


# Terms ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Variable:
    """An upper-case name, local to its rule. `_` becomes a variable that occurs once."""

    name: str

    def __str__(self) -> str:
        return "_" if self.name.startswith("_") else self.name


@dataclass(frozen=True, slots=True)
class Constant:
    """A code or fact name (str), or a whole number (int)."""

    value: str | int

    def __str__(self) -> str:
        return str(self.value)


@dataclass(frozen=True, slots=True)
class ValueOf:
    """The value that the case gives for a fact; `key` picks one entry of a calculated fact.

    It stands for a date or number that is not known until a case comes, so rules can be
    made ground before any case is seen.
    """

    fact: str
    key: str | int | None = None

    def __str__(self) -> str:
        return self.fact if self.key is None else f"{self.fact}[{self.key}]"


@dataclass(frozen=True, slots=True)
class FixedDate:
    """A day of the calendar that the policy itself names, as a day number."""

    day: int

    def __str__(self) -> str:
        return date.fromordinal(self.day).isoformat()


@dataclass(frozen=True, slots=True)
class Shifted:
    """A date moved by an amount of days, working days, weeks, months or years; a date and time moved by hours."""

    base: Term
    amount: Term
    unit: str

    def __str__(self) -> str:
        count = self.amount.value if isinstance(self.amount, Constant) else self.amount
        if isinstance(count, int) and count < 0:
            return f"{self.base} - {-count} {self.unit}"
        return f"{self.base} + {count} {self.unit}"


@dataclass(frozen=True, slots=True)
class OnOrAfter:
    """The first given weekday on or after a date."""

    weekday: str
    base: Term

    def __str__(self) -> str:
        return f"on_or_after({self.weekday}, {self.base})"


@dataclass(frozen=True, slots=True)
class DayOf:
    """The calendar day of a date and time."""

    base: Term

    def __str__(self) -> str:
        return f"day({self.base})"


@dataclass(frozen=True, slots=True)
class AtTime:
    """A time of day on a date. `minutes` counts from midnight."""

    base: Term
    minutes: int

    def __str__(self) -> str:
        return f"{self.base} at {self.minutes // 60:02d}:{self.minutes % 60:02d}"


Term = Variable | Constant | ValueOf | FixedDate | Shifted | OnOrAfter | DayOf | AtTime

AS_OF = Constant("as_of")
UNDATED = Constant("undated")
HOURS = "hours"  # move a date and time; the other units move a date
UNITS = (HOURS, "days", "working days", "weeks", "months", "years")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
COMPARISONS = ("<", "<=", ">", ">=", "=", "!=")


def inner(term: Term) -> tuple[Term, ...]:
    """The terms directly inside a term."""
    if isinstance(term, Shifted):
        return (term.base, term.amount)
    if isinstance(term, (OnOrAfter, DayOf, AtTime)):
        return (term.base,)
    return ()


def variables(term: Term) -> frozenset[str]:
    """Names of all variables in a term."""
    if isinstance(term, Variable):
        return frozenset([term.name])
    return frozenset().union(*(variables(part) for part in inner(term)))


def depth(term: Term) -> int:
    """How deeply a term is nested; a plain constant is 0."""
    parts = inner(term)
    return 1 + max(map(depth, parts)) if parts else 0


# Literals and rules -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Atom:
    """A predicate with its arguments. A comparison is an atom named by its operator."""

    predicate: str
    args: tuple[Term, ...] = ()

    @property
    def is_comparison(self) -> bool:
        return self.predicate in COMPARISONS

    def __str__(self) -> str:
        if self.is_comparison:
            return f"{self.args[0]} {self.predicate} {self.args[1]}"
        return f"{self.predicate}({', '.join(map(str, self.args))})" if self.args else self.predicate


@dataclass(frozen=True, slots=True)
class Literal:
    """An atom in a body, as `[not] [known] [not] atom`.

    Without `known` it takes the truth of the atom: true, false or not recorded.
    With `known` it is true or false, never in between: `known p` asks whether p is
    established, `known not p` whether its opposite is. `recorded p` asks whether either is.
    """

    atom: Atom
    negated: bool = False
    known: bool = False
    inner_negated: bool = False
    position: Position = field(default=NOWHERE, compare=False)
    recorded: bool = False

    @property
    def binds(self) -> bool:
        """Whether the literal gives its variables a value: its atom must be (possibly) true."""
        return self.negated == self.inner_negated and not self.recorded

    def __str__(self) -> str:
        words = ["not"] * self.negated + ["known"] * self.known + ["not"] * self.inner_negated + ["recorded"] * self.recorded
        return " ".join([*words, str(self.atom)])


def unknown(atom: Atom, position: Position = NOWHERE) -> tuple[Literal, Literal]:
    """The two literals that `unknown p` stands for: p is not established, and its opposite is not."""
    return Literal(atom, True, True, False, position), Literal(atom, True, True, True, position)


def is_unknown(literals: Sequence[Literal]) -> bool:
    """Whether these are the two literals of `unknown p`."""
    return len(literals) == 2 and tuple(literals) == unknown(literals[0].atom)


Form = OneOf["", "open", "not"]


@dataclass(frozen=True, slots=True)
class Rule:
    """`head :- body.` under the clause of the register that it encodes.

    `form` is the word before the head: with `open` the rule leaves its head open and never
    concludes it; with `not` it takes the head away from the clauses that its clause is an
    exception to, and concludes nothing. `also` are further clauses that the rule encodes.
    """

    head: Atom
    body: tuple[Literal, ...]
    clause: str
    position: Position = field(default=NOWHERE, compare=False)
    form: Form = ""
    also: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.title} :- {', '.join(map(str, self.body))}." if self.body else f"{self.title}."

    @property
    def clauses(self) -> tuple[str, ...]:
        """All clauses that the rule encodes."""
        return (self.clause, *self.also)

    @property
    def title(self) -> str:
        """What stands before `:-`."""
        return f"{self.form} {self.head}" if self.form else str(self.head)

    @property
    def written(self) -> str:
        """The rule as authors write it, with `unknown` for the two literals that it stands for."""
        parts = [str(literal) for literal in self.body]
        for n in range(len(parts) - 1, 0, -1):
            if is_unknown(self.body[n - 1 : n + 1]):
                parts[n - 1 : n + 1] = [f"unknown {self.body[n].atom}"]
        return f"{self.title} :- {', '.join(parts)}." if parts else f"{self.title}."

    @property
    def concludes(self) -> bool:
        """Whether its head may follow from it, for certain or possibly."""
        return self.form != "not"

    def with_body(self, body: tuple[Literal, ...]) -> Rule:
        return replace(self, body=body)


@dataclass(frozen=True, slots=True)
class Predicate:
    """A declared conclusion: the sorts of its arguments and how it reads in English."""

    name: str
    parameters: tuple[str, ...]
    sorts: tuple[str, ...]
    says: str
    says_not: str
    position: Position = field(default=NOWHERE, compare=False)

    @property
    def arity(self) -> int:
        return len(self.sorts)


@dataclass(frozen=True, slots=True)
class ClauseMark:
    """`@clause ID... exception_to ID...`: says which clauses the rules that follow encode."""

    clause: str
    exception_to: tuple[str, ...]
    position: Position
    also: tuple[str, ...] = ()

    @property
    def clauses(self) -> tuple[str, ...]:
        return (self.clause, *self.also)


@dataclass(frozen=True, slots=True)
class RuleFile:
    """What one rule file holds, in the order written."""

    name: str
    rules: tuple[Rule, ...]
    predicates: tuple[Predicate, ...]
    marks: tuple[ClauseMark, ...]
