"""Every variable gets its value from a condition or conclusion that holds, never from a denial."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from kb.errors import Fault, did_you_mean
from kb.language.checks.capitals import slips
from kb.language.model import Atom, Literal, Rule, Shifted, Variable, variables
from kb.language.signature import VALUE_SORTS, Signature
from kb.policy import Policy
from kb.vocabulary.model import KINDS


def find(policy: Policy, table: Mapping[str, Signature]) -> Iterator[Fault]:
    """Unsafe variables: in the head, in a denial or in a comparison."""
    for rule in policy.rules:
        bound = _bound(rule, table)
        for name in sorted(_all(rule.head) - bound) if rule.concludes else ():  # see exceptions.py for the others
            if name in {slip for slip, _ in slips(rule, rule.head, policy, table)}:
                continue  # `capitals` tells it
            message = f"`{_show(name)}` in the conclusion `{rule.head}` gets no value from the conditions"
            yield Fault(str(rule.position), message, _instead(name, rule, bound, table))
        for literal in rule.body:
            for name in sorted(_all(literal.atom) - bound - _values(literal, table)):
                place = "a comparison" if literal.atom.is_comparison else "a denial"
                if literal.recorded:
                    place = "a question whether something is recorded"
                    if _is_value(name, literal, table):
                        continue  # `recorded` tells it
                message = f"`{_show(name)}` occurs only in {place}: `{literal}`"
                hint = "name a helper predicate for it" if name.startswith("_") else "add a condition that gives it a value"
                yield Fault(str(literal.position), message, hint)


def _instead(name: str, rule: Rule, bound: Collection[str], table: Mapping[str, Signature]) -> str:
    """What to write for a variable of a conclusion that no condition gives a value."""
    if name.startswith("_"):
        return "name what is concluded; only a condition, or what an exception takes away, may have `_`"
    if near := did_you_mean(name, [other for other in bound if not other.startswith("_")]):
        return near
    sort = _sort(name, rule.head, table)
    if sort in KINDS and table[sort].source != "given":  # the word concludes codes of this kind
        return f"name the code of a {sort.replace('_', ' ')} in its place"
    return f"add a condition that gives it one, such as {_giving(name, sort)}"


def _sort(name: str, head: Atom, table: Mapping[str, Signature]) -> str:
    """The sort of a variable in a conclusion; empty where it is part of a date that is worked out."""
    sorts = table[head.predicate].sorts if head.predicate in table else ()
    for sort, arg in zip(sorts, head.args):
        if isinstance(arg, Shifted) and arg.amount == Variable(name):
            return "number"
        if name in variables(arg):
            return sort
    return ""


def _giving(name: str, sort: str) -> str:
    """An example of a condition that gives a variable of a sort a value."""
    if sort.startswith("value of "):
        return f"`{sort.removeprefix('value of ')}({name})`"
    if sort in KINDS:
        return f"`{sort}({name})` for each {sort.replace('_', ' ')}, or name a code in its place"
    if sort == "number":
        return f"`known FACT({name})` with a fact that is a number"
    if sort == "datetime":
        return f"`known FACT({name})` with a fact that is a date and time"
    return f"`known FACT({name})` with a date or an event" if sort == "date" else f"`FACT({name})` with a fact that gives it"


def _bound(rule: Rule, table: Mapping[str, Signature]) -> set[str]:
    bound: set[str] = set()
    for literal in rule.body:
        if literal.binds and not literal.atom.is_comparison:
            bound |= _all(literal.atom)
    changed = True
    while changed:
        changed = False
        for literal in rule.body:
            left_right = literal.atom.args
            if literal.atom.predicate != "=" or not literal.binds or literal.known:
                continue
            left, right = left_right
            if isinstance(left, Variable) and left.name not in bound and variables(right) <= bound:
                bound.add(left.name)
                changed = True
    return bound


def _values(literal: Literal, table: Mapping[str, Signature]) -> set[str]:
    """Variables that may be open: in value places of a condition, as there is one value only; blanks under `recorded`."""
    signature = table.get(literal.atom.predicate)
    if signature is None or signature.source not in ("condition", "event"):
        return set()
    if literal.recorded:
        return {name for name in _all(literal.atom) if name.startswith("_")}
    pairs = zip(signature.sorts, literal.atom.args)
    return {arg.name for sort, arg in pairs if sort in VALUE_SORTS and isinstance(arg, Variable)}


def _is_value(name: str, literal: Literal, table: Mapping[str, Signature]) -> bool:
    """Whether a variable stands where a value of the case belongs."""
    sorts = table[literal.atom.predicate].sorts if literal.atom.predicate in table else ()
    return any(arg == Variable(name) and sort in VALUE_SORTS for sort, arg in zip(sorts, literal.atom.args))


def _all(atom: Atom) -> set[str]:
    return set().union(*(variables(arg) for arg in atom.args))


def _show(name: str) -> str:
    return "_" if name.startswith("_") else name
