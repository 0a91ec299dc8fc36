"""One step several times over the same facts, each time for a child who came to a team by another move on the same day.

What does not rest on who holds the child is said once. For the rest, each copy has the holder, the day since when
events count and the move that began the stint put in: they are given, not recorded.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from kb.carried import CAME_AT, CAME_FROM, HOLDER, STINT_FROM
from kb.conditions import PLANNED
from kb.joined import resting_on
from kb.language.model import AS_OF, Atom, Constant, Literal, OnOrAfter, Shifted, Term, ValueOf, inner
from kb.lowering.ground import GroundRule, literal_fails
from kb.lowering.halves import lower_unknowns
from kb.lowering.strata import order_rules
from kb.program import CONTRADICTION, Program
from kb.space.writing import Move


@dataclass(frozen=True)
class Copies:
    """The copies as one program, and the moves out of each: for a move, what its copy concludes of the next."""

    program: Program
    onward: dict[Move, tuple[Atom, ...]]

    def original(self, atom: Atom) -> Atom:
        """A conclusion of a copy by its own name."""
        return Atom(atom.predicate.split()[-1], atom.args)


def copies(program: Program, moves: Iterable[Move]) -> Copies:
    """The moves of a program after each of some moves, which was made on the day itself."""
    heads = [half for name in ("moved", CONTRADICTION) for _, *halves in program.by_predicate.get(name, ()) for half in halves]
    ground = [program.ground[n] for n in sorted({program.halves.rules[i].ground for i in program.halves.rules_under(heads)})]
    vocabulary = program.policy.vocabulary
    step = {name for name, fact in vocabulary.facts.items() if fact.time == "step"} - set(vocabulary.tallies) | {HOLDER}
    step |= {name for name, c in vocabulary.calculated.items() if c.source in step}
    read = {literal.atom for rule in ground for literal in rule.body if _facts_of(literal.atom) & step}
    own = resting_on(read, ground)
    found: dict[GroundRule, None] = {rule: None for rule in ground if rule.head not in own}
    onward: dict[Move, tuple[Atom, ...]] = {}
    for number, move in enumerate(moves):
        one = _Copy(f"after {number} ", move, own, step)
        rules = [made for rule in ground if rule.head in own and (made := one.rule(rule)) is not None]
        found.update(dict.fromkeys(rules))
        onward[move] = tuple(
            dict.fromkeys(r.head for r in rules if r.head.predicate.endswith(" moved") and r.head.args[0] == Constant(move[1]))
        )
    conditions = frozenset(name for name, s in program.table.items() if s.source in ("condition", "event"))
    rules_ = tuple(found)
    halves = order_rules(lower_unknowns(rules_, conditions), rules_, program.rules)
    return Copies(Program(program.policy, program.table, program.rules, rules_, halves), onward)


@dataclass(frozen=True)
class _Copy:
    """One copy: its name, the move by which the child came, and what rests on who holds the child."""

    name: str
    move: Move
    own: frozenset[Atom]
    step: frozenset[str] | set[str]

    def rule(self, rule: GroundRule) -> GroundRule | None:
        """A rule in this copy; None where it can't fire."""
        body: list[Literal] = []
        for literal in rule.body:
            atom = _put_in(literal.atom)
            truth = self._given(atom)
            if truth is None:
                named = (
                    Atom(self.name + atom.predicate, atom.args)
                    if literal.atom in self.own and not self._looked_up(atom)
                    else atom
                )
                body.append(replace(literal, atom=named))
            elif truth is literal_fails(literal):
                return None
        head = _put_in(rule.head)
        return GroundRule(Atom(self.name + head.predicate, head.args), tuple(body), (), rule.source)

    def _looked_up(self, atom: Atom) -> bool:
        return atom.is_comparison or atom.predicate == PLANNED

    def _given(self, atom: Atom) -> bool | None:
        """The truth of what the copy settles; None for the rest. What the journey carries besides is not so."""
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
    """An atom in which the stint begins on the day of the answer."""
    return Atom(atom.predicate, tuple(map(_begun_today, atom.args)))


def _begun_today(term: Term) -> Term:
    if isinstance(term, ValueOf):
        return AS_OF if term.fact == STINT_FROM else term
    if isinstance(term, Shifted):
        return Shifted(_begun_today(term.base), term.amount, term.unit)
    return replace(term, base=_begun_today(term.base)) if isinstance(term, OnOrAfter) else term
