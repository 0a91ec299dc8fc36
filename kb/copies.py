"""Several copies of one step's program, each for a child who came to a team by a different move on that same day.

Rules that don't depend on the holder are shared by all copies. In the other rules of a copy, the holder, the start of
the stint and the move that began it are constants instead of recorded facts. Used to find circles of moves (check `circle`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

from kb.carried import CAME_AT, CAME_FROM, HOLDER, STINT_FROM
from kb.conditions import PLANNED
from kb.language.model import AS_OF, Atom, Constant, Literal, OnOrAfter, Shifted, Term, ValueOf, inner
from kb.lowering.ground import GroundRule, literal_fails, with_atom
from kb.lowering.halves import lower_unknowns
from kb.lowering.strata import order_rules
from kb.product import resting_on
from kb.program import CONTRADICTION, Program
from kb.space.writing import Move


@dataclass(frozen=True)
class Copies:
    """The copies as one program. `onward`: for each move, the conclusions of its copy for the move that follows it."""

    program: Program
    onward: dict[Move, tuple[Atom, ...]]

    def original(self, atom: Atom) -> Atom:
        """A conclusion of a copy under its original name."""
        return Atom(atom.predicate.split()[-1], atom.args)


def copies(program: Program, moves: Iterable[Move]) -> Copies:
    """Copies of a program for each of some moves, made on the day of the step."""
    heads = [half for name in ("moved", CONTRADICTION) for _, *halves in program.by_predicate.get(name, ()) for half in halves]
    ground = [program.ground[n] for n in sorted({program.halves.rules[i].ground for i in program.halves.rules_under(heads)})]
    vocabulary = program.policy.vocabulary
    step = {name for name, fact in vocabulary.facts.items() if fact.time == "step"} - set(vocabulary.tallies) | {HOLDER}
    step |= {name for name, c in vocabulary.calculated.items() if c.source in step}
    read = {literal.atom for rule in ground for literal in rule.body if _facts_of(literal.atom) & step}
    own = resting_on(read, ground)
    found: dict[GroundRule, None] = {rule: None for rule in ground if rule.head not in own}
    onward: dict[Move, tuple[Atom, ...]] = {}
    begun = [_begun(rule, own) for rule in ground if rule.head in own]
    for number, move in enumerate(moves):
        one = _Copy(f"after {number} ", move, step)
        rules = [made for rule in begun if (made := one.rule(rule)) is not None]
        found.update(dict.fromkeys(rules))
        onward[move] = tuple(
            dict.fromkeys(r.head for r in rules if r.head.predicate.endswith(" moved") and r.head.args[0] == Constant(move[1]))
        )
    conditions = frozenset(name for name, s in program.table.items() if s.source in ("condition", "event"))
    rules_ = tuple(found)
    halves = order_rules(lower_unknowns(rules_, conditions), rules_, program.rules)
    return Copies(Program(program.policy, program.table, program.rules, rules_, halves), onward)


class _Begun(NamedTuple):
    """A rule on the day on which the stint begins. `own`: for each literal of its body, whether copies have their own."""

    head: Atom
    body: tuple[Literal, ...]
    own: tuple[bool, ...]
    source: int


def _begun(rule: GroundRule, own: frozenset[Atom] | set[Atom]) -> _Begun:
    looked_up = [literal.atom.is_comparison or literal.atom.predicate == PLANNED for literal in rule.body]
    copied = tuple(literal.atom in own and not fixed for literal, fixed in zip(rule.body, looked_up))
    body = tuple(with_atom(literal, _put_in(literal.atom)) for literal in rule.body)
    return _Begun(_put_in(rule.head), body, copied, rule.source)


@dataclass(frozen=True)
class _Copy:
    """One copy: the prefix of its predicates, the move by which the child came, and the facts that the journey carries."""

    name: str
    move: Move
    step: frozenset[str] | set[str]

    def rule(self, rule: _Begun) -> GroundRule | None:
        """A rule as it stands in this copy; None if it can never fire."""
        body: list[Literal] = []
        for literal, own in zip(rule.body, rule.own):
            atom = literal.atom
            truth = self._given(atom)
            if truth is None:
                body.append(with_atom(literal, Atom(self.name + atom.predicate, atom.args)) if own else literal)
            elif truth is literal_fails(literal):
                return None
        return GroundRule(Atom(self.name + rule.head.predicate, rule.head.args), tuple(body), (), rule.source)

    def _given(self, atom: Atom) -> bool | None:
        """The truth of a condition that the copy fixes; None for others. Other facts that the journey carries are false."""
        if atom.predicate not in self.step:
            return None
        origin, holder, point = self.move
        told = {HOLDER: holder, CAME_FROM: origin, CAME_AT: point}.get(atom.predicate)
        return atom.predicate == STINT_FROM or (told is not None and atom.args == (Constant(told),))


def _facts_of(atom: Atom) -> set[str]:
    found = {value.fact for arg in atom.args for value in _values(arg)}
    return found if atom.is_comparison else {atom.predicate, *found}


def _values(term: Term) -> Iterator[ValueOf]:
    if isinstance(term, ValueOf):
        yield term
    for part in inner(term):
        yield from _values(part)


def _put_in(atom: Atom) -> Atom:
    """An atom with the start of the stint replaced by the day of the answer."""
    return Atom(atom.predicate, tuple(map(_begun_today, atom.args)))


def _begun_today(term: Term) -> Term:
    if isinstance(term, ValueOf):
        return AS_OF if term.fact == STINT_FROM else term
    if isinstance(term, Shifted):
        return Shifted(_begun_today(term.base), term.amount, term.unit)
    return replace(term, base=_begun_today(term.base)) if isinstance(term, OnOrAfter) else term
