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
    found: set[str] = set()
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
            found |= unknown_facts(model, atom)
            continue
        for index in rules:
            if index in possible:
                waiting += [lit.atom for lit in model.program.ground[index].body if not lit.known]
    return found


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
