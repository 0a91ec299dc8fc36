"""A conclusion about a date or a number is asked with a variable.

What rules conclude about a value of the case carries the value's name, not the value, so a value that is written in a
condition would never be the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kb.errors import Fault
from kb.language.model import UNDATED, Constant, FixedDate, Literal
from kb.language.signature import VALUE_SORTS, Signature
from kb.policy import Policy


def find(policy: Policy, table: Mapping[str, Signature]) -> Iterator[Fault]:
    """Conditions of a council's rules that name the value of a conclusion."""
    for rule in policy.rules:
        for literal in rule.body:
            signature = table.get(literal.atom.predicate)
            if signature is not None and signature.source == "derived" and not rule.position.file.startswith("house/"):
                yield from _named(literal, signature)


def _named(literal: Literal, signature: Signature) -> Iterator[Fault]:
    atom = literal.atom
    if len(signature.sorts) != len(atom.args):
        return  # `names` tells it
    for place, (sort, arg) in enumerate(zip(signature.sorts, atom.args)):
        named = isinstance(arg, FixedDate) or (isinstance(arg, Constant) and isinstance(arg.value, int))
        if sort in VALUE_SORTS and named and arg != UNDATED:
            args = [*map(str, atom.args[:place]), "X", *map(str, atom.args[place + 1 :])]
            asked = f"`{atom.predicate}({', '.join(args)}), X = {arg}`"
            hint = f"write {asked}" if literal.binds else f"conclude something of your own from {asked}, and deny that"
            yield Fault(str(literal.position), f"`{literal}` names the value of a conclusion", hint)
