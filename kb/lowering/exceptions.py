"""Exceptions to plain rules: a general rule holds unless a rule of an exception to it does.

For every clause that has exceptions, each of its rules gets `not set_aside(clause, head)`,
and each rule of an exception with the same head predicate gets a copy that concludes it.
Authors add exceptions without touching the general rule (as defaults in Catala).

An exception that concludes something displaces the clause that it names and what this clause
is an exception to: of a chain, only the innermost that applies is left, as in Catala. So its
copies need not wait for what is set aside in between. One that only removes (`not head :- ...`)
sets aside what it names, in the clause that it names; what that clause had displaced holds
again. Its conclusion is told apart by `not` and has the codes of the heads removed, `_` for any.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from kb.language.model import Atom, Constant, Literal, Rule, Term, Variable, variables

SET_ASIDE = "set_aside"
ANY, REMOVED = Constant("_"), Constant("not")

Exceptions = Mapping[str, tuple[str, ...]]
Subjects = Mapping[tuple[str, str], Sequence[Rule]]


def set_aside(clause: str, predicate: str, places: tuple[Term, ...] | None = None) -> Atom:
    """The conclusion that an exception has taken the place of a clause's rules; with places, that one removes such heads."""
    narrowed = () if places is None else (REMOVED, *places)
    return Atom(SET_ASIDE, (Constant(clause), Constant(predicate), *narrowed))


def lower_exceptions(rules: tuple[Rule, ...], exceptions: Exceptions) -> tuple[Rule, ...]:
    """The same rules with exceptions spelt out; `exceptions` maps a clause to those that beat it."""
    about = _by_subject(rules)
    beaten = [tuple(dict.fromkeys(_beaten(rule, about, exceptions))) for rule in rules]
    against: dict[tuple[str, str], dict[Atom, None]] = {}
    for atom in (atom for atoms in beaten for atom in atoms):
        against.setdefault((str(atom.args[0]), str(atom.args[1])), {})[atom] = None
    in_place: list[Rule] = []
    copies: list[Rule] = []
    for rule, atoms in zip(rules, beaten):
        guards = tuple(
            guard for clause in rule.clauses for guard in _guards(rule, against.get((clause, rule.head.predicate), ()))
        )
        removals = tuple(guard for guard in guards if REMOVED in guard.atom.args)
        made = [replace(rule, head=atom, body=(*rule.body, *removals), form="") for atom in atoms]
        if not rule.concludes and not made:  # of a policy that is not finished: the clause has no rule to take from yet
            general = generals_of(rule.clause, exceptions)[0]
            made = [replace(rule, head=set_aside(general, rule.head.predicate, removed(rule)), form="")]
        in_place.append(rule.with_body((*rule.body, *guards)) if rule.concludes else made[0])
        copies += made if rule.concludes else made[1:]
    return (*in_place, *copies)


def generals_of(clause: str, exceptions: Exceptions) -> list[str]:
    """The clauses that a clause is an exception to."""
    return sorted(general for general, narrow in exceptions.items() if clause in narrow)


def removed(rule: Rule) -> tuple[Term, ...]:
    """The places of a head that a rule takes away, with `_` where any code will do."""
    bound = set[str]().union(*(variables(arg) for literal in rule.body for arg in literal.atom.args))
    return tuple(ANY if isinstance(arg, Variable) and arg.name not in bound else arg for arg in rule.head.args)


def fits(places: Sequence[Term], head: Atom) -> bool:
    """Whether a head can be one of those taken away: no place of it has another code."""
    pairs = zip(places, head.args)
    return all(place in (ANY, arg) or isinstance(place, Variable) or isinstance(arg, Variable) for place, arg in pairs)


def _by_subject(rules: Sequence[Rule]) -> Subjects:
    """The rules of each clause about each predicate: those that conclude it, and those that take it away."""
    found: dict[tuple[str, str], list[Rule]] = {}
    for rule in rules:
        for clause in rule.clauses:
            found.setdefault((clause, rule.head.predicate), []).append(rule)
    return found


def _beaten(rule: Rule, about: Subjects, exceptions: Exceptions) -> Iterator[Atom]:
    """What a rule sets aside: of the clauses that its clause is an exception to and, where it concludes, of theirs."""
    waiting = [*rule.clauses]
    while waiting:
        generals = generals_of(waiting.pop(0), exceptions)
        for general in generals:
            if (general, rule.head.predicate) in about:
                yield set_aside(general, rule.head.predicate, None if rule.concludes else removed(rule))
                waiting += [general] if rule.concludes else []


def _guards(rule: Rule, against: Collection[Atom]) -> tuple[Literal, ...]:
    """What a rule waits for: that nothing has set it aside, once for each kind of conclusion that can do so for a clause."""
    guards: dict[Atom, None] = {}
    for atom in against:
        places = atom.args[3:] if REMOVED in atom.args else None
        if places is not None:
            whole = all(place == ANY for place in places)
            if not fits(places, rule.head) or not (rule.concludes or whole):  # of a removal no part is taken away
                continue
            places = tuple(ANY if place == ANY else arg for place, arg in zip(places, rule.head.args))
        guards[set_aside(str(atom.args[0]), rule.head.predicate, places)] = None
    return tuple(Literal(guard, negated=True, position=rule.position) for guard in guards)
