"""A code is written in lower case: a variable in its place takes any code, so the condition would hold whatever the code."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from kb.errors import Fault
from kb.language.model import Atom, Rule, Variable, variables
from kb.language.signature import Signature, constants_of
from kb.policy import Policy


def find(policy: Policy, table: Mapping[str, Signature]) -> Iterator[Fault]:
    """Variables that are called as a code of their place, and that occur once or are written with `_` as codes are."""
    for rule in policy.rules:
        for atom, place in [(rule.head, rule.position), *((literal.atom, literal.position) for literal in rule.body)]:
            for name, code in slips(rule, atom, policy, table):
                message = f"`{name}` starts with a capital letter, so it is a variable and takes any code"
                yield Fault(str(place), message, f"write the code: `{code}`")


def slips(rule: Rule, atom: Atom, policy: Policy, table: Mapping[str, Signature]) -> Iterator[tuple[str, str]]:
    """The variables of an atom that stand for a code, each with the code."""
    signature = table.get(atom.predicate)
    count = Counter(name for name in _names(rule))
    for sort, arg in zip(signature.sorts if signature else (), atom.args):
        if isinstance(arg, Variable) and not arg.name.startswith("_") and (count[arg.name] == 1 or "_" in arg.name):
            code = _meant(arg.name, _codes(sort, atom, policy))
            if code:
                yield arg.name, code


def _names(rule: Rule) -> Iterator[str]:
    """The names of the variables of a rule, as often as they occur."""
    for atom in (rule.head, *dict.fromkeys(literal.atom for literal in rule.body)):
        for arg in atom.args:
            yield from variables(arg)


def _codes(sort: str, atom: Atom, policy: Policy) -> Iterable[str]:
    if sort == "setting":
        reading = policy.readings.get(str(atom.args[0]))
        return (str(reading.default), *reading.alternatives) if reading else ()
    return policy.readings if sort == "reading" else constants_of(sort, policy.vocabulary) or ()


def _meant(name: str, codes: Iterable[str]) -> str:
    """The code that is called as a variable, apart from capitals and `_`; empty if there is none."""
    return next((code for code in codes if code.replace("_", "") == name.lower().replace("_", "")), "")
