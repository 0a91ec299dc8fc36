"""English for claims, facts, dates and codes, from one template set a predicate.

The sentences of an answer that these are put into stand in `explain/answer.py` (headline, titles of parts),
`explain/moves.py` (a move by its status) and `explain/deadlines.py`. A negative claim is worded as such ("no initial
conference is recorded"), never as a double negative. Codes and fact names do not appear: only their labels.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from kb.carried import CAME_FROM, CLOSED, HOLDER, NOBODY
from kb.case import NO_TEAM_ON_RECORD, Case, Day, Moment
from kb.conditions import PLANNED, Conditions
from kb.dates import MINUTES_A_DAY, in_words
from kb.language.model import (
    AS_OF,
    HOURS,
    UNDATED,
    Atom,
    AtTime,
    Constant,
    DayOf,
    FixedDate,
    Literal,
    OnOrAfter,
    Rule,
    Shifted,
    Term,
    ValueOf,
    Variable,
    is_unknown,
)
from kb.language.signature import VALUE_SORTS, WIDER
from kb.lowering.exceptions import REMOVED, SET_ASIDE
from kb.lowering.ground import GroundRule
from kb.lowering.words import asked_whether_recorded
from kb.program import Model, Program
from kb.vocabulary.model import Fact
from queries.missing import facts_of
from queries.proof import Claim, needed

_COMPARED = {
    "<": ("is before", "is on or after"),
    "<=": ("is on or before", "is after"),
    ">": ("is after", "is on or before"),
    ">=": ("is on or after", "is before"),
    "=": ("is", "is not"),
    "!=": ("is not", "is"),
}
_COUNTED = {
    "<": ("is less than", "is at least"),
    "<=": ("is at most", "is more than"),
    ">": ("is more than", "is at most"),
    ">=": ("is at least", "is less than"),
    "=": ("is", "is not"),
    "!=": ("is not", "is"),
}
_KINDS = {"team": ("team", "outcome"), "list[team]": ("team", "outcome"), "point": ("point",)}  # kinds of code by fact type
#: Names shown in place of a team where there is none.
_NOBODY = {NO_TEAM_ON_RECORD: "no team", NOBODY: "no team named by the policy", CLOSED: "nobody, as the case is closed"}
NOT_DATED = "date not recorded"
#: Stands below every answer, on screen and in print.
ADVICE = "This advises; a person decides."
#: Beginnings of sentences about what is not known.
ASSUMED = "nobody recorded this; it is taken as so to see what follows"
NOT_RECORDED, OPEN = "It is not recorded: ", "It is not settled whether "
#: Templates, affirmed and denied, for atoms whose team argument is the closed case.
CLOSED_SAYS = {
    "holds": ("the case is closed to social work", "the case is not closed to social work"),
    "may_hold": (
        "it is possible that the case is closed to social work",
        "it is ruled out that the case is closed to social work",
    ),
    "responsible": (
        "the case is closed to social work, so no team is responsible",
        "the case is not shown to be closed to social work",
    ),
    "starts_with": ("the case is closed", "the case is not closed"),
    "standing": ("the case is closed and is not known to be opened again", "the case is not closed, or is opened again"),
    "left": ("the closed case is opened again", "nothing opens the closed case again"),
    "replaced": ("another answer takes the place of the closed case", "nothing opens the closed case again"),
    "with_or_from": ("the case is closed, or was closed before", "the case is neither closed now nor was before"),
    "agreement": ("the managers agreed that the case is closed ({On})", "no agreement to close the case is recorded"),
    "agreed": ("the managers have agreed that the case is closed ({On})", "no agreement to close the case is recorded"),
}
_NO_TEAM = (Constant(NOBODY), Constant(NO_TEAM_ON_RECORD))
CLOSURE = "closure"  # the closed case as origin or destination of a move
_ONE = re.compile(r"(?<![\d,.])1 ((?:complete |working |calendar )?(?:week|day|month|year))s\b")


class Words:
    """English for a program and, with a `model`, for the values of its case."""

    def __init__(self, program: Program, model: Model | None = None, names: Mapping[str, str] | None = None):
        """`names`: names for the variables of a rule, if a rule is worded outside any case."""
        self.names = names or {}
        self.program = program
        self.vocabulary = program.policy.vocabulary
        self.model = model
        self.conditions: Conditions | None = model.conditions if model else None

    @classmethod
    def of(cls, model: Model) -> Words:
        return cls(model.program, model)

    # claims and literals

    def claim(self, claim: Claim) -> str:
        """A claim as a clause without full stop."""
        clause = self._said(claim)
        return f"{clause} ({ASSUMED})" if self._is_assumed(claim.atom) else clause

    def _is_assumed(self, atom: Atom) -> bool:
        """Whether a condition looks at a fact that is assumed in this way of the journey."""
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

    def conditions_of(self, rule: Rule) -> Iterator[str]:
        """What a rule as it is written asks for, outside any case; `unknown` as the one question that it is."""
        body = rule.body
        for n, literal in enumerate(body):
            if n and is_unknown(body[n - 1 : n + 1]):
                continue
            yield self.whether(literal.atom, False) if is_unknown(body[n : n + 2]) else self.literal(literal)

    def literal(self, literal: Literal) -> str:
        """What a literal of a rule requires, outside any case."""
        if literal.recorded:
            return self.whether(literal.atom, True)
        claim = needed(literal, True)
        if claim.manner == "possible":
            return f"it is not ruled out that {self.statement(claim.atom, True)}"
        if claim.manner == "unproved":
            return f"it is not established that {self.statement(claim.atom, True)}"
        return self.statement(claim.atom, claim.manner == "established")

    def open(self, atom: Atom) -> str:
        """A clause that the truth of an atom is not known."""
        if self._is_condition(atom):
            return f"it is not recorded: {self.label(atom)}"
        return f"it is not settled whether {self.statement(atom, True)}"

    def whether(self, atom: Atom, recorded: bool) -> str:
        """That something is recorded, whatever its value, or that it is not."""
        if not self._is_condition(atom):
            return f"it is {'' if recorded else 'not '}settled whether {self.statement(atom, True)}"
        fact = self.vocabulary.facts.get(atom.predicate)
        blank = any(isinstance(arg, Variable) and not _is_named(arg) for arg in atom.args)
        if fact is not None and fact.type not in ("bool", "event") and (blank or not fact.type.startswith("list")):
            return f"{fact.label} is recorded" if recorded else f"it is not recorded: {fact.label}"
        return f"it is {'' if recorded else 'not '}recorded whether {self.statement(atom, True)}"

    def statement(self, atom: Atom, true: bool) -> str:
        """An atom as a clause, affirmed or denied."""
        if atom.is_comparison:
            return self._comparison(atom, true)
        if atom.predicate == PLANNED:
            return self._planned(atom, true)
        predicate = self.program.policy.predicates.get(atom.predicate)
        if predicate is not None:
            closed = CLOSED_SAYS.get(atom.predicate) if atom.args and atom.args[0] == Constant(CLOSED) else None
            denies_nobody = not true and any(arg in _NO_TEAM for arg in atom.args)
            template = (closed or (predicate.says, predicate.says_not))[0 if true or denies_nobody else 1]
            words = {name: self.argument(sort, arg) for name, sort, arg in zip(predicate.parameters, predicate.sorts, atom.args)}
            return in_the_singular(("not so: " if denies_nobody else "") + template.format_map(words))
        if (asked := asked_whether_recorded(atom)) is not None:
            return self.whether(asked, true)
        if atom.predicate == SET_ASIDE:
            clause = self.clause_name(str(atom.args[0]))
            some = "an exception" if true else "no exception"
            return f"{some} to {clause} applies" if REMOVED in atom.args else f"{some} takes the place of {clause}"
        if atom.predicate == "reading":
            return self._choice(atom, true)
        if atom.predicate == "listed_before":
            first, second = (f"“{self.of_any_sort(arg)}”" for arg in atom.args)
            return f"{first} is named before {second}" if true else f"{first} is named after {second}"
        if atom.predicate == "presupposes":
            event, other = (self.argument("event", arg) for arg in atom.args)
            return f"{event} can only come after {other}" if true else f"{event} can come before {other}"
        if atom.predicate in self.vocabulary.lookup:
            return self._looked_up(atom, true)
        if atom.predicate in self.vocabulary.codes:
            label = self.of_any_sort(atom.args[0])
            kind = atom.predicate.replace("_", " ")
            return f"{label} is a {kind} of this policy" if true else f"{label} is not a {kind} of this policy"
        return self._condition(atom, true)

    def _looked_up(self, atom: Atom, true: bool) -> str:
        """A row of a lookup table as a clause."""
        table = self.vocabulary.lookup[atom.predicate]
        first, *others = (self.argument(sort, arg) for sort, arg in zip(table.sorts, atom.args))
        named = f"“{table.name.replace('_', ' ')}”"
        if not others:
            return f"the table {named} {'lists' if true else 'does not list'} {first}"
        return f"in the table {named}, {first} {'goes' if true else 'does not go'} with {' and '.join(others)}"

    def clauses_of(self, ground: GroundRule) -> str:
        """The clauses that a rule encodes, as they are cited."""
        return " and ".join(map(self.clause_name, self.program.rules[ground.source].clauses))

    def clause_name(self, clause: str) -> str:
        """A clause as cited: id and lines."""
        known = self.program.policy.clauses.get(clause)
        if known is None or not known.lines:
            return f"clause {clause}" if known is None or not known.house else "a rule of the house"
        lines = spans(known.lines)
        return f"clause {clause} (line{'s' if len(known.lines) > 1 else ''} {lines})"

    # arguments and values

    def argument(self, sort: str, term: Term) -> str:
        """An argument of a predicate in words; `sort` is its declared sort."""
        if sort in VALUE_SORTS or not isinstance(term, Constant):
            return self.value(term)
        code = str(term.value)
        if code == CLOSED:
            return CLOSURE
        if sort in ("event", "dated", "fact"):
            fact = self.vocabulary.facts.get(code)
            return fact.label if fact else code.replace("_", " ")
        for kind in WIDER.get(sort, (sort,)):
            if self.vocabulary.has(kind, code):
                return self.vocabulary.label(kind, code)
        return self.any_label(code)

    def value(self, term: Term) -> str:
        """A date or number: its value in the case if known, else its description."""
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
        """A value, code or fact in words."""
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
        if isinstance(term, FixedDate):
            return in_words(term.day)
        if isinstance(term, Variable):
            return self.names.get(term.name, "any value")
        if isinstance(term, ValueOf):
            if term.fact in self.vocabulary.calculated:
                label = self.vocabulary.calculated[term.fact].label
                return label.replace("{Key}", self.any_label(str(term.key)))
            return self.vocabulary.facts[term.fact].label
        if isinstance(term, Shifted):
            if not isinstance(term.amount, Constant):
                return f"as many {term.unit} as {self.value(term.amount)} says after {self._meaning(term.base)}"
            number = int(term.amount.value)
            if term.unit == "years" and number > 0 and self._is_birth(term.base):
                return f"the {ordinal(number)} birthday"
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
        if isinstance(term, AtTime) or (isinstance(term, Shifted) and term.unit == HOURS):
            return "datetime"
        return "number" if isinstance(term, Constant) and isinstance(term.value, int) else "date"

    # conditions

    def _comparison(self, atom: Atom, true: bool) -> str:
        left, right = atom.args
        if UNDATED in (left, right):
            other = self.of_any_sort(right if left == UNDATED else left)
            return f"no day is known for {other}" if (atom.predicate == "=") is true else f"a day is known for {other}"
        if all(isinstance(arg, Constant) and isinstance(arg.value, str) and arg != AS_OF for arg in (left, right)):
            return self._codes_compared(atom, true)
        counted = "number" in (self._sort(left), self._sort(right))
        verb = (_COUNTED if counted else _COMPARED)[atom.predicate][0 if true else 1]
        return f"{self._named(left)} {verb} {self._named(right)}"

    def _codes_compared(self, atom: Atom, true: bool) -> str:
        first, second = (f"“{self.of_any_sort(arg)}”" for arg in atom.args)
        if atom.predicate in ("=", "!="):
            return f"{first} and {second} are {'the same' if (atom.predicate == '=') is true else 'different'}"
        before = (atom.predicate in ("<", "<=")) is true
        return f"{first} comes {'before' if before else 'after'} {second} in the list"

    def _named(self, term: Term) -> str:
        """The description of a value, with the value in brackets if the case gives it."""
        if isinstance(term, Constant) and isinstance(term.value, int):
            return str(term.value)
        meaning = self._meaning(term)
        if isinstance(term, FixedDate):
            return meaning
        number = self.conditions.value(term) if self.conditions is not None else None
        return meaning if number is None else f"{meaning} ({self._number(term, number)})"

    def _planned(self, atom: Atom, true: bool) -> str:
        label = self.argument("event", atom.args[0])
        if not true:
            return f"no date still to come is recorded for {label}"
        return f"{label} is dated after the day of the answer{self._when(atom.args[1])}"

    def _happened(self, atom: Atom, true: bool) -> str:
        """`happened(Event, On)` as written in a rule; ground rules have the fact itself instead."""
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
            holder = str(self.conditions.raw(HOLDER))
            brought = f"an earlier move brought the child to {self.any_label(holder)}"
            return "an earlier move closed the case" if holder == CLOSED else brought
        if fact.type == "event":
            if not true and self._is_planned(fact.name):
                return f"{fact.label} is still to come{self._when(atom.args[0])}"
            return template + (self._when(atom.args[0]) if true else "")
        if fact.type in ("date", "datetime", "int"):
            if not true:
                return f"it is not recorded: {fact.label}"
            if not self._has_value(atom.args[0]):
                return f"{fact.label} is recorded"
            return in_the_singular(template.replace("{Value}", self.value(atom.args[0])))
        if not atom.args:
            return template
        if isinstance(atom.args[0], Variable) and not _is_named(atom.args[0]):
            return f"{fact.label} is recorded" if true else f"it is not recorded: {fact.label}"
        if fact.type == "team" and isinstance(atom.args[0], Constant) and atom.args[0].value in _NOBODY:
            return fact.true.replace("{Value}", _NOBODY[str(atom.args[0].value)] if true else "a team")
        raw = self.conditions.raw(fact.name) if self.conditions is not None and fact.type in ("enum", "team") else None
        if not true and raw is not None:  # name the recorded value instead of denying this one
            return fact.true.replace("{Value}", self._member(fact, Constant(str(raw))))
        return template.replace("{Value}", self._member(fact, atom.args[0]))

    def _member(self, fact: Fact, term: Term) -> str:
        """A value of a fact: a team or transfer point by name, another value with spaces."""
        if not isinstance(term, Constant):
            return self.value(term)
        kinds = _KINDS.get(fact.type, ("escalation",))
        kind_of_code = next((kind for kind in kinds if self.vocabulary.has(kind, str(term.value))), None)
        return self.vocabulary.label(kind_of_code, str(term.value)) if kind_of_code else str(term.value).replace("_", " ")

    def names_a_value(self, atom: Atom) -> bool:
        """Whether a condition only binds a date or number, for other literals to compare."""
        fact = self.vocabulary.facts.get(atom.predicate)
        return fact is not None and fact.type in ("date", "datetime", "int") and isinstance(atom.args[0], ValueOf)

    def _has_value(self, term: Term) -> bool:
        if isinstance(term, Variable):
            return _is_named(term)
        return not isinstance(term, ValueOf) or (self.conditions is not None and self.conditions.value(term) is not None)

    def _is_birth(self, term: Term) -> bool:
        fact = self.vocabulary.facts.get(term.fact) if isinstance(term, ValueOf) else None
        return fact is not None and fact.birth

    def _choice(self, atom: Atom, true: bool) -> str:
        """A reading's setting as a clause."""
        name, setting = atom.args
        if isinstance(setting, Variable):
            return f"the number chosen for “{str(name).replace('_', ' ')}” is {self.value(setting)}"
        value = setting.value if isinstance(setting, Constant) else str(setting)
        meaning = self.program.policy.readings[str(name)].told(value).removesuffix(".")
        meaning = meaning[:1].lower() + meaning[1:]
        return f"choice made here: {meaning}" if true else f"not the choice made here: {meaning}"

    def _when(self, term: Term) -> str:
        if isinstance(term, Variable) and not _is_named(term):
            return ""
        if self.conditions is None:
            return f" ({self.value(term)})" if isinstance(term, Variable) else ""
        return f" ({self.value(term)})"

    def _is_planned(self, fact: str) -> bool:
        return self.conditions is not None and self.conditions.truth(Atom(PLANNED, (Constant(fact), ValueOf(fact)))) is True

    def label(self, atom: Atom) -> str:
        """What a condition is about, without its truth."""
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
        """The label of a code of any kind, teams first; an unknown code with spaces."""
        for kind in ("team", "outcome", *self.vocabulary.codes):
            if self.vocabulary.has(kind, code):
                return self.vocabulary.label(kind, code)
        return code.replace("_", " ")


def _is_named(variable: Variable) -> bool:
    """Whether a variable is named; one that starts with `_` matches anything."""
    return not variable.name.startswith("_")


def spans(lines: tuple[int, ...]) -> str:
    """Line numbers as `16-21, 33`."""
    parts: list[list[int]] = []
    for line in sorted(lines):
        if parts and line == parts[-1][-1] + 1:
            parts[-1].append(line)
        else:
            parts.append([line])
    return ", ".join(str(p[0]) if len(p) == 1 else f"{p[0]}-{p[-1]}" for p in parts)


def moment_in_words(minutes: int) -> str:
    """A datetime, in minutes since the day 0 of ordinals, as `3 September 2024 at 09:30`."""
    hours, rest = divmod(minutes % MINUTES_A_DAY, 60)
    return f"{in_words(minutes // MINUTES_A_DAY)} at {hours:02d}:{rest:02d}"


def recorded(value: object) -> str:
    """A recorded value in words."""
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
    """The text with its first letter capitalised."""
    return sentence[:1].upper() + sentence[1:]


def full_stop(clause: str) -> str:
    """A clause as a sentence, with exactly one full stop or question mark."""
    return capital(clause) + ("" if clause.endswith((".", "?")) else ".")


def in_the_singular(sentence: str) -> str:
    """Corrects units after 1, such as `1 weeks`."""
    return _ONE.sub(r"1 \1", sentence)


def ordinal(number: int) -> str:
    """A number as `18th`."""
    ending = "th" if 11 <= number % 100 <= 13 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def day_of_case(case: Case) -> str:
    """The day of the answer in words."""
    return in_words(case.as_of)
