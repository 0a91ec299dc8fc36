"""The variable values with which a ground rule instantiates its rule."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from kb.language.model import Atom, Rule, Term, Variable, inner
from kb.lowering.ground import GroundRule, substitute

Binding = Mapping[str, Term]


def substitution(rule: Rule, ground: GroundRule) -> dict[str, Term]:
    """The variables of a rule with their values, in order of appearance; unnamed ones (`_`) are left out."""
    atoms = [literal.atom for literal in (*ground.body, *ground.given)]
    head = _matched(rule.head.args, ground.head.args, {})
    assert head is not None
    wanted = [literal.atom for literal in rule.body if not literal.atom.is_comparison]
    found = dict(next(_bindings(wanted, atoms, head), head))
    for literal in rule.body:
        name, value = literal.atom.args if literal.atom.predicate == "=" else (None, None)
        if isinstance(name, Variable) and value is not None:
            found.setdefault(name.name, substitute(value, found))
    order = dict.fromkeys(_variables([rule.head, *(literal.atom for literal in rule.body)]))
    return {name: found[name] for name in order if name in found and not name.startswith("_")}


def _bindings(wanted: Sequence[Atom], atoms: Sequence[Atom], binding: Binding) -> Iterator[Binding]:
    """Bindings that match each atom of a rule to one of the ground rule. Atoms that grounding removed are skipped."""
    if not wanted:
        yield binding
        return
    first, *others = wanted
    named = _of_its_fact(first, binding)
    alike = [atom for atom in dict.fromkeys(atoms) if atom.predicate == named.predicate]
    matches = [more for atom in alike if (more := _matched(named.args, atom.args, binding)) is not None]
    for match in matches if alike else [binding]:
        yield from _bindings(others, atoms, match)


def _of_its_fact(atom: Atom, binding: Binding) -> Atom:
    """`happened(Event, On)` as ground rules have it: an atom of the event's fact."""
    if atom.predicate not in ("happened", "recorded_date"):
        return atom
    return Atom(str(substitute(atom.args[0], binding)), atom.args[1:])


def _matched(args: Sequence[Term], values: Sequence[Term], binding: Binding) -> Binding | None:
    """The binding under which some arguments become these values; None if there is none."""
    if len(args) != len(values):
        return None
    for arg, value in zip(args, values):
        if isinstance(arg, Variable):
            if binding.get(arg.name, value) != value:
                return None
            binding = {**binding, arg.name: value}
        elif substitute(arg, binding) != value:
            below = _matched(inner(arg), inner(value), binding) if type(arg) is type(value) and inner(arg) else None
            if below is None:
                return None
            binding = below
    return binding


def _variables(atoms: Sequence[Atom]) -> Iterator[str]:
    for atom in atoms:
        waiting = list(atom.args)
        while waiting:
            term = waiting.pop(0)
            if isinstance(term, Variable):
                yield term.name
            waiting = [*inner(term), *waiting]
