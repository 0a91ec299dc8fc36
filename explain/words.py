"""Plain English for claims, facts, dates and codes. One template set for each predicate.

A claim that something is absent says so ("no initial conference is recorded"); it is never
said as a double negative. Codes and fact names never show: only their labels.
"""

from __future__ import annotations

from kb.carried import CAME_FROM, HOLDER
from kb.case import Case, Day, Moment
from kb.conditions import PLANNED, Conditions
from kb.dates import MINUTES_A_DAY, in_words
from kb.language.model import (
    AS_OF,
    UNDATED,
    Atom,
    AtTime,
    Constant,
    DayOf,
    Literal,
    OnOrAfter,
    Shifted,
    Term,
    ValueOf,
)
from kb.language.signature import VALUE_SORTS, WIDER
from kb.program import Model, Program
from queries.missing import facts_of
from queries.proof import Claim, needed

_COMPARED = {
    "<": ("is before", "is not before"),
    "<=": ("is on or before", "is after"),
    ">": ("is after", "is not after"),
    ">=": ("is on or after", "is before"),
    "=": ("is", "is not"),
    "!=": ("is not", "is"),
}
_COUNTED = {
    "<": ("is less than", "is not less than"),
    "<=": ("is at most", "is more than"),
    ">": ("is more than", "is at most"),
    ">=": ("is at least", "is less than"),
    "=": ("is", "is not"),
    "!=": ("is not", "is"),
}
NOT_DATED = "date not recorded"
#: How sentences about what is not known begin.
ASSUMED = "nobody recorded this; it is taken as so to see what follows"
NOT_RECORDED, OPEN = "It is not recorded: ", "It is open whether "


class Words:
    """English for one program, with the values of one case where there is one."""

    def __init__(self, program: Program, model: Model | None = None):
        self.program = program
        self.vocabulary = program.policy.vocabulary
        self.model = model
        self.conditions: Conditions | None = model.conditions if model else None

    @classmethod
    def of(cls, model: Model) -> Words:
        return cls(model.program, model)

    # claims and literals

    def claim(self, claim: Claim) -> str:
        """What a claim says, as a clause without its full stop."""
        said = self._said(claim)
        return f"{said} ({ASSUMED})" if self._is_assumed(claim.atom) else said

    def _is_assumed(self, atom: Atom) -> bool:
        """Whether a condition looks at a fact that nobody recorded, and that one way of the journey takes as so."""
        if self.conditions is None or not self.conditions.case.assumed or not self._is_condition(atom):
            return False
        return bool(self.conditions.case.assumed & set(facts_of(self.vocabulary, atom)))

    def _said(self, claim: Claim) -> str:
        if claim.manner == "established":
            return self.statement(claim.atom, True)
        if claim.manner == "excluded":
            return self.statement(claim.atom, False)
        truth = self.model.truth(claim.atom) if self.model else None
        if claim.manner == "possible":
            return self.statement(claim.atom, True) if truth is True else self.open(claim.atom)
        return self.statement(claim.atom, False) if truth is False else self.open(claim.atom)

    def literal(self, literal: Literal) -> str:
        """What a literal of a rule asks for, outside any case."""
        claim = needed(literal, True)
        if claim.manner == "possible":
            return f"it is not ruled out that {self.statement(claim.atom, True)}"
        if claim.manner == "unproved":
            return f"it is not established that {self.statement(claim.atom, True)}"
        return self.statement(claim.atom, claim.manner == "established")

    def open(self, atom: Atom) -> str:
        """That the truth of an atom is not known."""
        if self._is_condition(atom):
            return f"it is not recorded: {self.label(atom)}"
        return f"it is open whether {self.statement(atom, True)}"

    def statement(self, atom: Atom, true: bool) -> str:
        """An atom in words, affirmed or denied."""
        if atom.is_comparison:
            return self._comparison(atom, true)
        if atom.predicate == PLANNED:
            return self._planned(atom, true)
        predicate = self.program.policy.predicates.get(atom.predicate)
        if predicate is not None:
            template = predicate.says if true else predicate.says_not
            words = {name: self.argument(sort, arg) for name, sort, arg in zip(predicate.parameters, predicate.sorts, atom.args)}
            return template.format_map(words)
        if atom.predicate == "set_aside":
            clause = self.clause_name(str(atom.args[0]))
            return f"an exception takes the place of {clause}" if true else f"no exception takes the place of {clause}"
        if atom.predicate == "reading":
            name, setting = (str(arg).replace("_", " ") for arg in atom.args)
            return (
                f"the reading chosen for “{name}” is “{setting}”"
                if true
                else f"the reading chosen for “{name}” is another than “{setting}”"
            )
        if atom.predicate == "listed_before":
            first, second = (self.any_label(str(arg)) for arg in atom.args)
            return f"{first} is named before {second}" if true else f"{first} is not named before {second}"
        if atom.predicate == "presupposes":
            event, other = (self.argument("event", arg) for arg in atom.args)
            return f"{event} presupposes {other}" if true else f"{event} does not presuppose {other}"
        if atom.predicate in self.vocabulary.codes:
            label = self.any_label(str(atom.args[0]))
            kind = atom.predicate.replace("_", " ")
            return f"{label} is a {kind} of this policy" if true else f"{label} is not a {kind} of this policy"
        return self._condition(atom, true)

    def clause_name(self, clause: str) -> str:
        """A clause as it is cited: its id, with the lines of the document."""
        found = self.program.policy.clauses.get(clause)
        if found is None or not found.lines:
            return f"clause {clause}" if found is None or not found.house else "a rule of the house"
        lines = spans(found.lines)
        return f"clause {clause} (line{'s' if len(found.lines) > 1 else ''} {lines})"

    # arguments and values

    def argument(self, sort: str, term: Term) -> str:
        """One argument in words."""
        if sort in VALUE_SORTS or not isinstance(term, Constant):
            return self.value(term)
        code = str(term.value)
        if sort in ("event", "dated", "fact"):
            fact = self.vocabulary.facts.get(code)
            return fact.label if fact else code.replace("_", " ")
        for kind in WIDER.get(sort, (sort,)):
            if self.vocabulary.has(kind, code):
                return self.vocabulary.label(kind, code)
        return self.any_label(code)

    def value(self, term: Term) -> str:
        """A date or number: its value in the case, or what it stands for."""
        if term == UNDATED:
            return NOT_DATED
        if isinstance(term, Constant) and isinstance(term.value, int):
            return str(term.value)
        if self.conditions is not None:
            number = self.conditions.value(term)
            if number is not None:
                return self._number(term, number)
            if isinstance(term, ValueOf):
                return NOT_DATED
        return self._meaning(term)

    def of_any_sort(self, term: Term) -> str:
        """A value, or a code or fact by its name."""
        if not isinstance(term, Constant) or term in (AS_OF, UNDATED) or isinstance(term.value, int):
            return self.value(term)
        fact = self.vocabulary.facts.get(term.value)
        return fact.label if fact else self.any_label(term.value)

    def _number(self, term: Term, number: int) -> str:
        if self._sort(term) == "number":
            return str(number)
        if self._sort(term) == "datetime":
            return moment_in_words(number)
        return in_words(number)

    def _meaning(self, term: Term) -> str:
        if term == AS_OF:
            return "the day of the answer"
        if isinstance(term, ValueOf):
            if term.fact in self.vocabulary.calculated:
                label = self.vocabulary.calculated[term.fact].label
                return label.replace("{Key}", self.any_label(str(term.key)))
            return self.vocabulary.facts[term.fact].label
        if isinstance(term, Shifted):
            count = term.amount.value if isinstance(term.amount, Constant) else 0
            number = int(count)
            unit = term.unit if abs(number) != 1 else term.unit.removesuffix("s")
            return f"{abs(number)} {unit} {'after' if number >= 0 else 'before'} {self._meaning(term.base)}"
        if isinstance(term, OnOrAfter):
            return f"the first {term.weekday.capitalize()} on or after {self._meaning(term.base)}"
        if isinstance(term, DayOf):
            return f"the day of {self._meaning(term.base)}"
        if isinstance(term, AtTime):
            return f"{term.minutes // 60:02d}:{term.minutes % 60:02d} on {self._meaning(term.base)}"
        return self.any_label(str(term))

    def _sort(self, term: Term) -> str:
        if isinstance(term, ValueOf) and term.fact in self.vocabulary.facts:
            kind = self.vocabulary.facts[term.fact].type
            return {"int": "number", "datetime": "datetime"}.get(kind, "date")
        if isinstance(term, AtTime):
            return "datetime"
        return "number" if isinstance(term, Constant) and isinstance(term.value, int) else "date"

    # conditions

    def _comparison(self, atom: Atom, true: bool) -> str:
        left, right = atom.args
        counted = "number" in (self._sort(left), self._sort(right))
        verb = (_COUNTED if counted else _COMPARED)[atom.predicate][0 if true else 1]
        return f"{self._named(left)} {verb} {self._named(right)}"

    def _named(self, term: Term) -> str:
        """What a value is, with the value itself in brackets where the case gives it."""
        if isinstance(term, Constant) and isinstance(term.value, int):
            return str(term.value)
        meaning = self._meaning(term)
        number = self.conditions.value(term) if self.conditions is not None else None
        return meaning if number is None else f"{meaning} ({self._number(term, number)})"

    def _planned(self, atom: Atom, true: bool) -> str:
        label = self.argument("event", atom.args[0])
        if not true:
            return f"no date still to come is recorded for {label}"
        return f"{label} is dated after the day of the answer{self._when(atom.args[1])}"

    def _happened(self, atom: Atom, true: bool) -> str:
        """`happened(Event, On)` as a rule writes it, outside any case; a ground rule has the fact in its place."""
        fact = self.vocabulary.facts.get(str(atom.args[0]))
        if fact is None or fact.type != "event":
            label = self.argument("event", atom.args[0])
            return f"a day is recorded for {label}" if true else f"no day is recorded for {label}"
        return fact.true if true else fact.false

    def _condition(self, atom: Atom, true: bool) -> str:
        if atom.predicate in self.vocabulary.calculated:
            calculated = self.vocabulary.calculated[atom.predicate]
            key = self.argument(calculated.key, atom.args[0]) if calculated.key else ""
            text = (calculated.true if true else calculated.false).replace("{Key}", key)
            return text + (self._when(atom.args[-1]) if true and calculated.type == "event" else "")
        if atom.predicate in ("happened", "recorded_date"):
            return self._happened(atom, true)
        fact = self.vocabulary.facts[atom.predicate]
        template = fact.true if true else fact.false
        if fact.name == HOLDER and self.conditions is not None and self.conditions.raw(CAME_FROM) is not None:
            return f"an earlier move brought the child to {self.any_label(str(self.conditions.raw(HOLDER)))}"
        if fact.type == "event":
            if not true and self._is_planned(fact.name):
                return f"{fact.label} is still to come{self._when(atom.args[0])}"
            return template + (self._when(atom.args[0]) if true else "")
        if fact.type in ("date", "datetime", "int"):
            if not true:
                return f"it is not recorded: {fact.label}"
            return template.replace("{Value}", self.value(atom.args[0]))
        if not atom.args:
            return template
        raw = self.conditions.raw(fact.name) if self.conditions is not None and fact.type in ("enum", "team") else None
        if not true and raw is not None:  # say what it is rather than all that it is not
            return fact.true.replace("{Value}", self.any_label(str(raw)))
        return template.replace("{Value}", self.any_label(str(atom.args[0])))

    def _when(self, term: Term) -> str:
        if self.conditions is None:
            return ""
        return f" ({self.value(term)})"

    def _is_planned(self, fact: str) -> bool:
        return self.conditions is not None and self.conditions.truth(Atom(PLANNED, (Constant(fact), ValueOf(fact)))) is True

    def label(self, atom: Atom) -> str:
        """What a condition is about, without saying whether it holds."""
        if atom.is_comparison:
            return f"whether {self._comparison(atom, True)}"
        if atom.predicate == PLANNED:
            return self.argument("event", atom.args[0])
        if atom.predicate in self.vocabulary.calculated:
            calculated = self.vocabulary.calculated[atom.predicate]
            key = self.argument(calculated.key, atom.args[0]) if calculated.key else ""
            return calculated.label.replace("{Key}", key)
        return self.vocabulary.facts[atom.predicate].label

    def _is_condition(self, atom: Atom) -> bool:
        signature = self.program.table.get(atom.predicate)
        return atom.is_comparison or (signature is not None and signature.source in ("condition", "event"))

    def any_label(self, code: str) -> str:
        """The label of a code of any kind, teams first."""
        for kind in ("team", "outcome", *self.vocabulary.codes):
            if self.vocabulary.has(kind, code):
                return self.vocabulary.label(kind, code)
        return code.replace("_", " ")


def spans(lines: tuple[int, ...]) -> str:
    """Line numbers as people write them: 16-21, 33."""
    parts: list[list[int]] = []
    for line in sorted(lines):
        if parts and line == parts[-1][-1] + 1:
            parts[-1].append(line)
        else:
            parts.append([line])
    return ", ".join(str(p[0]) if len(p) == 1 else f"{p[0]}-{p[-1]}" for p in parts)


def moment_in_words(minutes: int) -> str:
    """A day with its time of day."""
    hours, rest = divmod(minutes % MINUTES_A_DAY, 60)
    return f"{in_words(minutes // MINUTES_A_DAY)} at {hours:02d}:{rest:02d}"


def recorded(value: object) -> str:
    """A value of a case as it is recorded, in words."""
    if value is None:
        return "not recorded"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Day):
        return in_words(value.number)
    if isinstance(value, Moment):
        return moment_in_words(value.minutes)
    if isinstance(value, tuple):
        return ", ".join(recorded(v) for v in value) if value else "none"
    return str(value).replace("_", " ")


def capital(sentence: str) -> str:
    """A clause as a sentence: first letter large."""
    return sentence[:1].upper() + sentence[1:]


def day_of_case(case: Case) -> str:
    """The day of the answer in words."""
    return in_words(case.as_of)
