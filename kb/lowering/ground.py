"""Making rules ground: every variable is replaced, before any case is seen.

Codes, readings and tables are known beforehand, so they are worked out here and vanish.
What a case will tell stays as conditions; dates stay as names for values to come. The
result is a finite list of ground rules over conditions. Source: instantiation as in ASP
grounders (Kaminski and Schaub, "On the foundations of grounding in ASP", 2023).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace

from kb.conditions import PLANNED, compare
from kb.errors import Fault, InputError
from kb.language.model import (
    AS_OF,
    UNDATED,
    Atom,
    AtTime,
    Constant,
    DayOf,
    Literal,
    OnOrAfter,
    Rule,
    Shifted,
    Term,
    ValueOf,
    Variable,
    depth,
    inner,
)
from kb.language.signature import VALUE_SORTS, Signature, constants_of
from kb.vocabulary.model import KINDS, Vocabulary

MAX_GROUND_RULES = 100_000
MAX_TRIED = 2 * MAX_GROUND_RULES  # steps of one rule from literal to literal, of which most may come to nothing
MAX_TRIED_IN_ALL = 20 * MAX_GROUND_RULES
MAX_COMBINED = 10_000  # combinations of codes for a rule with SEVERAL conditions that run over codes
SEVERAL = 3
MAX_DEPTH = 6

#: `written(From, To, Point)` of the house: a move that some rule can conclude, whatever the case. It needs no more than
#: an instance of that rule, so its own body is dropped.
WRITTEN = "written"

Binding = dict[str, Term]
NO_NAMES: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class GroundRule:
    """One instance of a rule.

    `body` is what depends on the case; `given` what the policy itself settles (codes,
    readings, tables). `source` is the position of the rule in the list it was made from.
    """

    head: Atom
    body: tuple[Literal, ...]
    given: tuple[Literal, ...]
    source: int


class Grounder:
    """Grounds the rules of one policy under one set of readings."""

    def __init__(self, vocabulary: Vocabulary, settings: Mapping[str, str | int], table: Mapping[str, Signature]):
        self.vocabulary = vocabulary
        self.settings = settings
        self.table = table
        self.known: dict[str, dict[tuple[Term, ...], None]] = {}
        self.indexes: dict[tuple[str, int], dict[Term, list[tuple[Term, ...]]]] = {}
        self.tables = _tables(vocabulary, settings)
        self.tried = 0  # steps of the rule that is made ground

    def ground(self, rules: Sequence[Rule]) -> tuple[GroundRule, ...]:
        """All instances of the rules whose positive conditions can hold at all."""
        return self.simplified(self.instances(rules))

    def instances(self, rules: Sequence[Rule]) -> tuple[GroundRule, ...]:
        """All instances of the rules over what they can conclude, not yet simplified."""
        found: dict[GroundRule, None] = {}
        tried = 0
        prepared = [self._prepare(rule) for rule in rules]
        for group in _groups(rules):
            predicates = {rules[index].head.predicate for index in group}
            circular = any(literal.atom.predicate in predicates for index in group for literal in rules[index].body)
            changed = True
            while changed:
                changed = False
                for index in group:
                    rule, order = rules[index], prepared[index]
                    self._refuse_crowd(rule, order)
                    self.tried = 0
                    for binding in self._bindings(rule, order, {}):
                        for instance in self._instances(rule, index, order, binding):
                            if instance in found:
                                continue
                            found[instance] = None
                            if len(found) > MAX_GROUND_RULES:
                                raise _too_many(rule)
                            changed |= self._learn(instance.head, rule) and circular
                    tried += self.tried
                    if tried > MAX_TRIED_IN_ALL:
                        raise _too_many(rule)
        return tuple(found)

    def another(self, rule: Rule, index: int) -> tuple[GroundRule, ...] | None:
        """The instances of one more rule over what `instances` found; None where it concludes something new."""
        order = self._prepare(rule)
        found: dict[GroundRule, None] = {}
        self.tried = 0
        for binding in self._bindings(rule, order, {}):
            for instance in self._instances(rule, index, order, binding):
                if instance.head.args not in self.known.get(instance.head.predicate, {}):
                    return None
                found[instance] = None
        return tuple(found)

    def read_as(self, settings: Mapping[str, str | int]) -> Grounder:
        """A grounder for other settings of the readings, for `another`: it shares what `instances` found."""
        other = copy(self)
        other.settings = settings
        other.tables = _tables(self.vocabulary, settings)
        return other

    def simplified(self, instances: tuple[GroundRule, ...]) -> tuple[GroundRule, ...]:
        """Instances without the literals that hold in every case, and without those that can never fire."""
        conditions = frozenset(name for name, s in self.table.items() if s.source in ("condition", "event"))
        return _simplify(tuple(replace(i, body=()) if i.head.predicate == WRITTEN else i for i in instances), conditions)

    # finding bindings

    def _prepare(self, rule: Rule) -> tuple[Literal, ...]:
        """Body literals in an order that binds variables before they are used."""
        waiting = list(rule.body)
        ordered: list[Literal] = []
        bound: set[str] = set()
        derived = [literal.atom for literal in rule.body if literal.binds and self._is_derived(literal.atom)]
        concluded = {name for atom in derived for name in _names(atom)}
        while waiting:
            best = min(waiting, key=lambda literal: (self._cost(literal, bound, concluded), waiting.index(literal)))
            waiting.remove(best)
            ordered.append(best)
            bound |= _names(best.atom)
        return tuple(ordered)

    def _is_derived(self, atom: Atom) -> bool:
        """Whether rules conclude it, as opposed to what a case or the policy's tables tell."""
        return not atom.is_comparison and (atom.predicate not in self.table or self.table[atom.predicate].source == "derived")

    def _cost(self, literal: Literal, bound: set[str], concluded: set[str]) -> int:
        atom = literal.atom
        free = _names(atom) - bound
        if atom.is_comparison:
            assigns = atom.predicate == "=" and isinstance(atom.args[0], Variable) and not _names_of(atom.args[1]) - bound
            if assigns and literal.binds and free:
                # what a conclusion gives the name is compared with a value that is written out, so that comes after it
                return 5 if free <= concluded and not _names_of(atom.args[1]) else 1
            return 9 if free else 0
        source = self.table[atom.predicate].source if atom.predicate in self.table else "derived"
        if not literal.binds:
            return 0 if not free else 8
        if source == "given":
            return 1 if len(free) <= 1 else 3
        if source == "derived":
            return 1 if not free else 2 + (len(free) == len(_names(atom)))
        return 4 if free else 0

    def _refuse_crowd(self, rule: Rule, order: Sequence[Literal]) -> None:
        """Errors: `InputError` if SEVERAL conditions of a rule run over too many combinations of codes.

        They are counted before any instance is made, which takes far longer.
        """
        bound: set[str] = set()
        running = 0
        for literal in order:
            signature = self.table.get(literal.atom.predicate)
            if signature is not None and signature.source == "condition":
                codes = (arg for sort, arg in zip(signature.sorts, literal.atom.args) if sort not in VALUE_SORTS)
                running += any(_names_of(arg) - bound for arg in codes)
            bound |= _names(literal.atom)
        self.tried = 0
        if running >= SEVERAL and any(count >= MAX_COMBINED for count, _ in enumerate(self._bindings(rule, order, {}))):
            message = f"the conditions of this rule run over more than {MAX_COMBINED:,} combinations of codes"
            raise InputError([Fault(str(rule.position), message, _FEWER)])

    def _bindings(self, rule: Rule, order: Sequence[Literal], binding: Binding) -> Iterator[Binding]:
        """The ways to bind the variables of a rule. Errors: `InputError` after MAX_TRIED steps."""
        if not order:
            yield binding
            return
        for extended in self._match(order[0], binding):
            self.tried += 1
            if self.tried > MAX_TRIED:
                message = f"the conditions of this rule can be combined in more than {MAX_TRIED:,} ways"
                raise InputError([Fault(str(rule.position), message, _FEWER)])
            yield from self._bindings(rule, order[1:], extended)

    def _match(self, literal: Literal, binding: Binding) -> Iterator[Binding]:
        atom = literal.atom
        if atom.is_comparison:
            yield from self._match_comparison(literal, binding)
            return
        args = tuple(substitute(arg, binding) for arg in atom.args)
        source = self.table[atom.predicate].source if atom.predicate in self.table else "derived"
        if source in ("condition", "event"):
            yield from self._match_condition(atom.predicate, args, binding)
        elif not literal.binds:
            yield binding
        else:
            rows = self._given(atom.predicate, args) if source == "given" else self._derived(atom.predicate, args)
            for row in rows:
                extended = _unify(args, row, binding)
                if extended is not None:
                    yield extended

    def _match_comparison(self, literal: Literal, binding: Binding) -> Iterator[Binding]:
        left, right = (substitute(arg, binding) for arg in literal.atom.args)
        if literal.atom.predicate == "=" and literal.binds and isinstance(left, Variable):
            yield {**binding, left.name: right}
        elif fold(Atom(literal.atom.predicate, (left, right))) is not literal_fails(literal):
            yield binding

    def _match_condition(self, predicate: str, args: tuple[Term, ...], binding: Binding) -> Iterator[Binding]:
        """A condition gives its value arguments a name, and runs over the codes it allows."""
        signature = self.table[predicate]
        choices: list[dict[str, Term]] = [dict(binding)]
        for position, (sort, arg) in enumerate(zip(signature.sorts, args)):
            grown: list[dict[str, Term]] = []
            for choice in choices:
                now = substitute(arg, choice)
                if not isinstance(now, Variable):
                    grown.append(choice)
                elif sort in VALUE_SORTS:
                    key = substitute(args[0], choice) if position else None
                    grown.append({**choice, now.name: self._value(predicate, key)})
                else:
                    for code in constants_of(sort, self.vocabulary) or ():
                        grown.append({**choice, now.name: Constant(code)})
            choices = grown
        yield from choices

    def _value(self, predicate: str, key: Term | None) -> ValueOf:
        if self.table[predicate].source == "event":
            assert isinstance(key, Constant)
            return ValueOf(str(key.value), PLANNED if predicate == PLANNED else None)
        return ValueOf(predicate, key.value if isinstance(key, Constant) else None)

    def _given(self, predicate: str, args: tuple[Term, ...]) -> Sequence[tuple[Term, ...]]:
        """Rows of a table that the policy itself settles, those for the first argument if it is known."""
        by_first = self.tables[predicate]
        if not _names_of(args[0]):
            return by_first.get(args[0], ())
        return [row for rows in by_first.values() for row in rows]

    def _derived(self, predicate: str, args: tuple[Term, ...]) -> Sequence[tuple[Term, ...]]:
        rows = self.known.get(predicate, {})
        for position, arg in enumerate(args):
            if not _names_of(arg):
                index = self.indexes.get((predicate, position))
                if index is None:
                    index = self.indexes[(predicate, position)] = {}
                    for row in rows:
                        index.setdefault(row[position], []).append(row)
                return list(index.get(arg, ()))
        return list(rows)

    def _learn(self, head: Atom, rule: Rule) -> bool:
        if any(depth(arg) > MAX_DEPTH for arg in rule.head.args):
            message = f"the dates of `{head.predicate}` are nested more than {MAX_DEPTH} deep"
            raise InputError([Fault(str(rule.position), message, "shift by one amount instead")])
        if any(depth(arg) > MAX_DEPTH for arg in head.args):
            message = f"`{head.predicate}` grows without end: each round adds to its date"
            raise InputError([Fault(str(rule.position), message, "break the circle of rules")])
        rows = self.known.setdefault(head.predicate, {})
        if head.args in rows:
            return False
        rows[head.args] = None
        for position, arg in enumerate(head.args):
            if (predicate_index := self.indexes.get((head.predicate, position))) is not None:
                predicate_index.setdefault(arg, []).append(head.args)
        return True

    # building instances

    def _instances(self, rule: Rule, index: int, order: Sequence[Literal], binding: Binding) -> Iterator[GroundRule]:
        """The instances for one binding: one, or none if it can't hold; two for each denial that may hold for two reasons."""
        bodies: list[list[Literal]] = [[]]
        given: list[Literal] = []
        for literal in rule.body:
            other = self._other_value(literal, binding)
            more: list[Literal] = []
            for part in self._literal(literal, binding):
                if part is None:
                    return
                (given if part[1] else more).append(part[0])
            bodies = [[*body, *reason] for body in bodies for reason in (more, *([[other]] if other else []))]
        head = Atom(rule.head.predicate, tuple(substitute(arg, binding) for arg in rule.head.args))
        for body in bodies:
            yield GroundRule(head, tuple(dict.fromkeys(body)), tuple(given), index)

    def _other_value(self, literal: Literal, binding: Binding) -> Literal | None:
        """For the denial of a condition with one value in particular: that its value is another one.

        `not known visited_on(Day)` holds where no visit is known, and where the visit is known on another day.
        """
        signature = self.table.get(literal.atom.predicate)
        if literal.binds or literal.recorded or signature is None or signature.source not in ("condition", "event"):
            return None
        args = tuple(substitute(arg, binding) for arg in literal.atom.args)
        clash = self._condition(Atom(literal.atom.predicate, args), signature)[1]
        if clash is None or (literal.negated and literal.known):
            return None if clash is None else with_atom(literal, clash)
        return Literal(Atom("!=", clash.args), False, literal.known, False, literal.position)

    def _literal(self, literal: Literal, binding: Binding) -> Iterator[tuple[Literal, bool] | None]:
        """The ground literal and whether the policy itself settles it; None if it can't hold."""
        atom = Atom(literal.atom.predicate, tuple(substitute(arg, binding) for arg in literal.atom.args))
        if atom.is_comparison:
            truth = fold(atom)
            if literal.atom.predicate == "=" and literal.binds and atom.args[0] == atom.args[1]:
                return  # an assignment: the name is gone
            if truth is None:
                yield with_atom(literal, atom), False
            else:
                yield (with_atom(literal, atom), True) if truth is not literal_fails(literal) else None
            return
        signature = self.table.get(atom.predicate)
        if signature is not None and signature.source == "given":
            holds = atom.args in self._given(atom.predicate, atom.args)
            yield (with_atom(literal, atom), True) if holds is not literal_fails(literal) else None
        elif signature is not None and signature.source in ("condition", "event"):
            condition, clash = self._condition(atom, signature)
            yield with_atom(literal, condition), False
            if clash is not None and literal.binds:
                yield with_atom(literal, clash), False
        else:
            yield with_atom(literal, atom), False

    def _condition(self, atom: Atom, signature: Signature) -> tuple[Atom, Atom | None]:
        """A condition in its one form, and the comparison asked for where a value is given twice."""
        if signature.source == "event":
            fact = str(atom.args[0].value) if isinstance(atom.args[0], Constant) else ""
            day = ValueOf(fact, PLANNED) if atom.predicate == PLANNED else ValueOf(fact)
            other = None if isinstance(atom.args[1], Variable) or atom.args[1] == day else Atom("=", (day, atom.args[1]))
            return (Atom(PLANNED, (atom.args[0], day)) if atom.predicate == PLANNED else Atom(fact, (day,))), other
        args: list[Term] = []
        clash: Atom | None = None
        for sort, arg in zip(signature.sorts, atom.args):
            if sort in VALUE_SORTS:
                value = self._value(atom.predicate, args[0] if args else None)
                if arg != value and not isinstance(arg, Variable):
                    clash = Atom("=", (value, arg))
                args.append(value)
            else:
                args.append(arg)
        return Atom(atom.predicate, tuple(args)), clash


# Helpers ----------------------------------------------------------------------------------

Table = dict[Term, list[tuple[Term, ...]]]


def _tables(vocabulary: Vocabulary, settings: Mapping[str, str | int]) -> dict[str, Table]:
    """What is settled before any case: readings, codes of each kind and their order, by first argument."""
    tables: dict[str, Table] = {"reading": {Constant(n): [(Constant(n), Constant(s))] for n, s in settings.items()}}
    order: Table = {}
    for kind in KINDS:
        names: list[Term] = [Constant(code.code) for code in vocabulary.codes.get(kind, ())]
        tables[kind] = {name: [(name,)] for name in names}
        for place, name in enumerate(names):
            order.setdefault(name, []).extend((name, later) for later in names[place + 1 :])
    tables["listed_before"] = order
    for lookup in vocabulary.tables:
        by_first: Table = {}
        for row in lookup.rows:
            by_first.setdefault(Constant(row[0]), []).append(tuple(map(Constant, row)))
        tables[lookup.name] = by_first
    tables["presupposes"] = {Constant(n): [(Constant(n), Constant(other))] for n, other in vocabulary.presupposed}
    return tables


_FEWER = "name codes in place of variables, or let one predicate ask each list, so that no rule runs over several together"


def _too_many(rule: Rule) -> InputError:
    message = f"the rules have more than {MAX_GROUND_RULES:,} instances"
    return InputError([Fault(str(rule.position), message, "name codes in place of variables")])


def with_atom(literal: Literal, atom: Atom) -> Literal:
    """The literal with another atom: as `dataclasses.replace`, which takes a multiple of the time."""
    return Literal(atom, literal.negated, literal.known, literal.inner_negated, literal.position, literal.recorded)


def substitute(term: Term, binding: Mapping[str, Term]) -> Term:
    """A term with its bound variables replaced; shifts of shifts in one unit are joined."""
    if isinstance(term, Variable):
        return binding.get(term.name, term)
    if isinstance(term, (Constant, ValueOf)):
        return term
    parts = inner(term)
    if not parts:
        return term
    base = substitute(parts[0], binding)
    if isinstance(term, Shifted):
        return Shifted(base, substitute(term.amount, binding), term.unit)
    assert isinstance(term, OnOrAfter | DayOf | AtTime)
    return replace(term, base=base)


def fold(atom: Atom) -> bool | None:
    """The truth of a comparison that needs no case, else None."""
    left, right = atom.args
    if UNDATED in (left, right):
        return {"=": left == right, "!=": left != right}.get(atom.predicate, False)
    if isinstance(left, Constant) and isinstance(right, Constant) and AS_OF not in (left, right):
        if isinstance(left.value, int) and isinstance(right.value, int):
            return compare(atom.predicate, left.value, right.value)
        return {"=": left == right, "!=": left != right}.get(atom.predicate, str(left.value) < str(right.value))
    if left == right:
        return atom.predicate in ("=", "<=", ">=")
    return None


def is_condition(atom: Atom, conditions: frozenset[str]) -> bool:
    """Whether a ground atom is looked up in the case rather than derived."""
    return atom.is_comparison or atom.predicate in conditions


def literal_fails(literal: Literal) -> bool:
    """The truth of the atom at which the literal fails, for atoms that are never unknown."""
    return literal.negated != literal.inner_negated


def _names_of(term: Term) -> frozenset[str]:
    if isinstance(term, (Constant, ValueOf)):
        return NO_NAMES
    if isinstance(term, Variable):
        return frozenset([term.name])
    return frozenset().union(*(_names_of(part) for part in inner(term)))


def _names(atom: Atom) -> frozenset[str]:
    return frozenset().union(*(_names_of(arg) for arg in atom.args))


def _unify(args: Sequence[Term], row: Sequence[Term], binding: Binding) -> Binding | None:
    """The binding under which arguments equal a row; arguments have had their bindings put in."""
    fresh: Binding = {}
    for arg, value in zip(args, row):
        if isinstance(arg, Variable):
            if fresh.setdefault(arg.name, value) != value:
                return None
        elif arg != value and substitute(arg, fresh) != value:
            return None
    return {**binding, **fresh}


def _groups(rules: Sequence[Rule]) -> list[list[int]]:
    """Rules by predicate, those that others need first; predicates in a circle together."""
    from graphlib import CycleError, TopologicalSorter

    needs: dict[str, set[str]] = {rule.head.predicate: set() for rule in rules}
    for rule in rules:
        needs[rule.head.predicate] |= {b.atom.predicate for b in rule.body if b.atom.predicate in needs}
    leader = {name: name for name in needs}

    def find(name: str) -> str:
        while leader[name] != name:
            name = leader[name]
        return name

    while True:  # join the predicates of a circle until none is left
        graph: dict[str, set[str]] = {}
        for name, needed in needs.items():
            graph.setdefault(find(name), set()).update(find(n) for n in needed if find(n) != find(name))
        try:
            order = list(TopologicalSorter({name: sorted(graph[name]) for name in sorted(graph)}).static_order())
            break
        except CycleError as error:
            circle: list[str] = error.args[1]
            for name in circle[1:]:
                leader[find(name)] = find(circle[0])
    members: dict[str, list[int]] = {name: [] for name in order}
    for index, rule in enumerate(rules):
        members[find(rule.head.predicate)].append(index)
    return [members[name] for name in order]


def _simplify(rules: tuple[GroundRule, ...], conditions: frozenset[str]) -> tuple[GroundRule, ...]:
    """Literals that hold in every case move to `given`; rules that can never fire go."""
    numbers: dict[Atom, int] = {}
    for rule in rules:
        for atom in (rule.head, *(literal.atom for literal in rule.body)):
            numbers.setdefault(atom, len(numbers))
    leaves = {number for atom, number in numbers.items() if is_condition(atom, conditions)}
    heads = [numbers[rule.head] for rule in rules]
    # Per rule: its literals still open, as (position in the body, atom, truth at which it fails).
    bodies = [[(n, numbers[lit.atom], literal_fails(lit)) for n, lit in enumerate(rule.body)] for rule in rules]
    alive = set(range(len(rules)))
    changed = True
    while changed:
        changed = False
        derivable = {heads[index] for index in alive}
        certain = {heads[index] for index in alive if not bodies[index]}
        for index in sorted(alive):
            still_open: list[tuple[int, int, bool]] = []
            for position, number, fails in bodies[index]:
                truth = True if number in certain else None if number in leaves or number in derivable else False
                if truth is None:
                    still_open.append((position, number, fails))
                elif truth is fails:
                    alive.discard(index)
            changed |= index not in alive or len(still_open) < len(bodies[index])
            bodies[index] = still_open
    return tuple(_settled(rules[index], {position for position, _, _ in bodies[index]}) for index in sorted(alive))


def _settled(rule: GroundRule, still_open: set[int]) -> GroundRule:
    body = tuple(literal for n, literal in enumerate(rule.body) if n in still_open)
    settled = tuple(literal for n, literal in enumerate(rule.body) if n not in still_open)
    return GroundRule(rule.head, body, rule.given + settled, rule.source)
