"""The unknown facts that an open answer depends on.

From each open conclusion, the rules that could still give it are followed down to conditions that are not
recorded. Literals under `known` are not followed: they ask what is established, so a blank settles them. Where
such a blank should be asked about, the policy says so with `ask`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kb.conditions import PLANNED
from kb.language.model import Atom, Constant, Term, ValueOf, inner
from kb.program import Model
from kb.vocabulary.model import Vocabulary


def facts_behind(model: Model, open_atoms: Iterable[Atom]) -> set[str]:
    """Names of the unknown facts below these open conclusions."""
    below = _open_below(model, open_atoms)
    return {name for atom, rules in below if rules is None for name in unknown_facts(model, atom)}


def clauses_behind(model: Model, open_atoms: Iterable[Atom]) -> set[str]:
    """Ids of the clauses whose rules may or may not apply below these open conclusions."""
    program = model.program
    applying = (index for _, rules in _open_below(model, open_atoms) for index in rules or ())
    return {name for index in applying for name in program.rules[program.ground[index].source].clauses}


def _open_below(model: Model, open_atoms: Iterable[Atom]) -> Iterator[tuple[Atom, list[int] | None]]:
    """Each open atom that these depend on, with the ground rules that could still give it; None for a condition."""
    seen: set[Atom] = set()
    waiting = list(open_atoms)
    _, possible = model.fired_ground
    while waiting:
        atom = waiting.pop()
        if atom in seen or model.truth(atom) is not None:
            continue
        seen.add(atom)
        rules = model.program.by_head.get(atom)
        if rules is None:
            yield atom, None
            continue
        applying = [index for index in rules if index in possible]
        yield atom, applying
        waiting += [lit.atom for index in applying for lit in model.program.ground[index].body if not lit.known]


def facts_of(vocabulary: Vocabulary, condition: Atom) -> tuple[str, ...]:
    """Names of the case facts that a condition looks at."""
    names: dict[str, None] = {}
    if condition.predicate == PLANNED and isinstance(condition.args[0], Constant):
        names[str(condition.args[0].value)] = None
    elif not condition.is_comparison:
        names[condition.predicate] = None
    names |= dict.fromkeys(value.fact for value in _values(condition.args))
    sources = map(vocabulary.source, names)
    return tuple(name for name in dict.fromkeys(sources) if name in vocabulary.facts)


def unknown_facts(model: Model, condition: Atom) -> set[str]:
    """Names of the facts that leave a condition open: not recorded, or recorded without a date."""
    vocabulary = model.program.policy.vocabulary
    if condition.is_comparison:
        names = {v.fact for v in _values(condition.args) if model.conditions.value(v) is None}
    elif condition.predicate == PLANNED and isinstance(condition.args[0], Constant):
        names = {str(condition.args[0].value)}
    else:
        names = {condition.predicate}
    return set(map(vocabulary.source, names))


def _values(terms: Iterable[Term]) -> Iterator[ValueOf]:
    for term in terms:
        if isinstance(term, ValueOf):
            yield term
        yield from _values(inner(term))
