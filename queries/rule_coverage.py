"""Rule coverage: which rules some cases fire, and which of their conditions they tell apart.

A condition is shown true where its rule fires, and shown false where it alone keeps the rule from firing: every
other condition of that instance holds, except comparisons of a value that this one gives. Only then would an
answer notice if the condition were dropped (masking, as in modified condition/decision coverage). A rule that
leaves its conclusion open fires where it does so. What is missed is reported with the nearest case.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from kb.language.model import Literal, Position, variables
from kb.program import Model, Program

FALSE, OPEN = "false", "not recorded"


@dataclass(frozen=True, slots=True)
class Nearest:
    """The case nearest to what was missed, and the conditions that failed."""

    case: str
    in_the_way: tuple[Literal, ...]


@dataclass(frozen=True, slots=True)
class ConditionUse:
    """Coverage of one condition of a rule as written. `shown_*` are names of cases; `nearest` is set if it was missed."""

    literal: Literal
    shown_false: tuple[str, ...]
    shown_open: tuple[str, ...]
    ever_true: bool
    ever_false: bool
    nearest: Nearest | None


@dataclass(frozen=True, slots=True)
class RuleUse:
    """Coverage of one rule as written: the cases that fire it for certain or possibly, and its conditions.

    `can_fire` is False if no instance of the rule is left under any of the readings in use.
    """

    index: int
    fired: tuple[str, ...]
    possible: tuple[str, ...]
    conditions: tuple[ConditionUse, ...]
    can_fire: bool
    nearest: Nearest | None

    @property
    def missed(self) -> int:
        """Number of things not shown: the rule itself, and each condition never shown false."""
        return (not self.fired) + sum(not condition.shown_false for condition in self.conditions)


@dataclass(slots=True)
class _Seen:
    """Observations of one condition. `depends`: some instance leaves it to the case."""

    false: dict[str, None] = field(default_factory=dict)
    open: dict[str, None] = field(default_factory=dict)
    depends: bool = False
    ever_true: bool = False
    ever_false: bool = False
    nearest: _Near | None = None


@dataclass(slots=True)
class _Rule:
    literals: list[Literal]
    seen: list[_Seen]
    hanging: dict[int, frozenset[int]]
    fired: dict[str, None] = field(default_factory=dict)
    possible: dict[str, None] = field(default_factory=dict)
    can_fire: bool = False
    nearest: _Near | None = None


#: A case, and the indices of the conditions that failed.
_Near = tuple[str, tuple[int, ...]]
#: One condition of a ground rule: its index in the rule as written, the halves that make it hold or fail, and the wanted value.
_Check = tuple[int, int, int, bool]
#: A ground rule: its source rule, the indices of its conditions that depend on the case, and their checks.
_Instance = tuple[int, frozenset[int], tuple[_Check, ...]]


class Tally:
    """Counts rules and conditions over the models of one policy, under any readings.

    `house`: whether to count the rules that all policies share; they are most of the instances.
    """

    def __init__(self, program: Program, house: bool = True):
        self.program = program
        self.left_out = frozenset[int]() if house else _of_the_house(program)
        self.rules = [_rule(program, index) for index in range(len(program.policy.rules))]
        self.cases = 0
        self._plans: dict[int, list[_Instance]] = {}
        self._kept: list[Program] = []

    def add(self, name: str, *models: Model) -> None:
        """Counts one case: the models of its last step and of each step that moved the child.

        The program may be under other readings, but of the same rules.
        """
        self.cases += 1
        for model in models:
            self._add(name, model)

    def _add(self, name: str, model: Model) -> None:
        true = model.true_halves
        seen: set[tuple[int, frozenset[int], tuple[tuple[int, str], ...]]] = set()
        for index, numbers, checks in self._plan(model.program):
            failing: dict[int, str] = {}
            for number, holds, fails, wanted in checks:
                if (holds in true) is not wanted:
                    failing[number] = OPEN if (fails in true) is wanted else FALSE
            seen.add((index, numbers, tuple(failing.items())))  # most instances of a rule fail in the same way
        for index, numbers, ways in sorted(seen, key=lambda way: (way[0], way[2])):
            self._count(self.rules[index], name, numbers, dict(ways))

    def _count(self, rule: _Rule, name: str, numbers: frozenset[int], failing: dict[int, str]) -> None:
        if not failing:
            rule.fired[name] = None
        if FALSE not in failing.values():
            rule.possible[name] = None
        rule.nearest = _nearer(rule.nearest, name, tuple(failing))
        for number in numbers:
            rule.seen[number].ever_true |= number not in failing
        for number, how in failing.items():
            hanging = rule.hanging.get(number, frozenset())
            others = tuple(other for other in failing if other != number and other not in hanging)
            seen = rule.seen[number]
            seen.ever_false |= how == FALSE
            if not others:
                (seen.false if how == FALSE else seen.open)[name] = None
            elif how == FALSE:
                seen.nearest = _nearer(seen.nearest, name, others)

    def _plan(self, program: Program) -> list[_Instance]:
        """The ground rules of a program with their checks, cached."""
        if id(program) in self._plans:
            return self._plans[id(program)]
        plan: list[_Instance] = []
        for ground in program.ground:
            if ground.source >= len(self.rules) or ground.source in self.left_out:  # the first: a copy made for an exception
                continue
            rule = self.rules[ground.source]
            rule.can_fire = True
            leaves_open = program.policy.rules[ground.source].form == "open"
            checks = _checks(program, rule.literals, ground.body, leaves_open)
            numbers = frozenset(check[0] for check in checks)
            for number in numbers:
                rule.seen[number].depends = True
            plan.append((ground.source, numbers, checks))
        self._plans[id(program)] = plan
        self._kept.append(program)  # keeps the object alive, so that its id is not reused
        return plan

    def uses(self) -> tuple[RuleUse, ...]:
        """The coverage of each rule, in the order of the policy's files."""
        return tuple(_use(index, rule) for index, rule in enumerate(self.rules) if index not in self.left_out)


def _of_the_house(program: Program) -> frozenset[int]:
    """The indices of the rules that stand under a clause of the house."""
    clauses = program.policy.clauses
    houses = {name for name, clause in clauses.items() if clause.house}
    return frozenset(index for index, rule in enumerate(program.rules) if rule.clause in houses)


def _use(index: int, rule: _Rule) -> RuleUse:
    conditions = tuple(
        ConditionUse(
            literal,
            tuple(seen.false),
            tuple(seen.open),
            seen.ever_true,
            seen.ever_false,
            _nearest_of(None if seen.false else seen.nearest, rule.literals),
        )
        for literal, seen in zip(rule.literals, rule.seen)
        if seen.depends
    )
    nearest = _nearest_of(None if rule.fired else rule.nearest, rule.literals)
    return RuleUse(index, tuple(rule.fired), tuple(rule.possible), conditions, rule.can_fire, nearest)


def rule_coverage(program: Program, models: Mapping[str, Model] | Iterable[tuple[str, Model]]) -> tuple[RuleUse, ...]:
    """The coverage of a policy's rules by some named models."""
    tally = Tally(program)
    for name, model in models.items() if isinstance(models, Mapping) else models:
        tally.add(name, model)
    return tally.uses()


def _rule(program: Program, index: int) -> _Rule:
    """A rule with those of its conditions that can depend on a case."""
    literals: dict[Position, Literal] = {}
    for literal in program.rules[index].body:
        if not _settled(program, literal):
            literals.setdefault(literal.position, literal)
    kept = list(literals.values())
    return _Rule(kept, [_Seen() for _ in kept], _hanging(kept))


def _hanging(literals: list[Literal]) -> dict[int, frozenset[int]]:
    """For each condition the comparisons of a value that it gives: without the value they fail with it."""
    names = [frozenset().union(*(variables(arg) for arg in literal.atom.args)) for literal in literals]
    compared = [number for number, literal in enumerate(literals) if literal.atom.is_comparison]
    return {
        number: frozenset(other for other in compared if other != number and names[other] & names[number])
        for number, literal in enumerate(literals)
        if literal.binds and not literal.atom.is_comparison
    }


def _settled(program: Program, literal: Literal) -> bool:
    """Whether the policy settles a condition for all cases: a reading or a table of codes."""
    signature = program.table.get(literal.atom.predicate)
    return signature is not None and signature.source == "given"


def _checks(
    program: Program, literals: list[Literal], body: tuple[Literal, ...], leaves_open: bool = False
) -> tuple[_Check, ...]:
    """How to check the conditions of a ground rule. One that leaves its conclusion open needs each to be possible only."""
    numbers = {literal.position: number for number, literal in enumerate(literals)}
    halves = program.halves
    found: list[_Check] = []
    for literal in body:
        atom = halves.numbers[literal.atom]
        certain, possible = halves.certain(atom), halves.possible(atom)
        wanted = literal.negated == literal.inner_negated
        if leaves_open and not literal.known:
            half = certain if literal.negated else possible
            found.append((numbers[literal.position], half, half, wanted))
        elif literal.known:
            half = possible if literal.inner_negated else certain
            found.append((numbers[literal.position], half, half, wanted))
        else:
            holds, fails = (possible, certain) if literal.negated else (certain, possible)
            found.append((numbers[literal.position], holds, fails, wanted))
    return tuple(found)


def _nearer(known: _Near | None, case: str, in_the_way: tuple[int, ...]) -> _Near:
    return known if known is not None and len(known[1]) <= len(in_the_way) else (case, in_the_way)


def _nearest_of(near: _Near | None, literals: list[Literal]) -> Nearest | None:
    return None if near is None else Nearest(near[0], tuple(literals[number] for number in near[1]))
