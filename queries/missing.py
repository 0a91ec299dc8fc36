"""Which unknown facts an open answer hangs on.

From each conclusion that is left open, the rules that could still give it are followed down
to conditions that are not recorded. Literals under `known` are not followed: they ask what
is established, so a blank settles them; where such a blank should be asked about, the
policy says so with `ask`.
"""

from __future__ import annotations

from collections.abc import Iterable

from kb.language.model import Atom, Constant, ValueOf, inner
from kb.program import Model


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


def unknown_facts(model: Model, condition: Atom) -> set[str]:
    """Names of the facts in one condition about which the case says nothing."""
    vocabulary = model.program.policy.vocabulary
    names: set[str] = set()
    if condition.predicate == "planned" and isinstance(condition.args[0], Constant):
        names.add(str(condition.args[0].value))
    elif not condition.is_comparison:
        names.add(condition.predicate)
    waiting = list(condition.args)
    while waiting:
        term = waiting.pop()
        if isinstance(term, ValueOf):
            names.add(term.fact)
        waiting += inner(term)
    sources = {vocabulary.calculated[n].source if n in vocabulary.calculated else n for n in names}
    return {name for name in sources if name in vocabulary.facts and model.conditions.raw(name) is None}
