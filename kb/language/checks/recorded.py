"""`recorded` is asked of what a case may leave open, and of one thing at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kb.errors import Fault
from kb.language.model import Literal, Variable
from kb.language.signature import VALUE_SORTS, Signature
from kb.policy import Policy


def find(policy: Policy, table: Mapping[str, Signature]) -> Iterator[Fault]:
    """`recorded` of a table, of a conclusion about whichever code, and of a value in particular."""
    for rule in policy.rules:
        for literal in rule.body:
            signature = table.get(literal.atom.predicate)
            if literal.recorded and signature is not None and len(signature.sorts) == len(literal.atom.args):
                yield from _faults(literal, signature)


def _faults(literal: Literal, signature: Signature) -> Iterator[Fault]:
    where, atom = str(literal.position), literal.atom
    if signature.source == "given":
        yield Fault(where, f"`{atom.predicate}` is settled by the policy, so `{literal}` always holds", "remove it")
    elif signature.source == "derived":
        if any(isinstance(arg, Variable) for arg in atom.args):
            message = f"`{literal}` asks of whichever code, and `{atom.predicate}` is a conclusion"
            yield Fault(where, message, "name the codes, or write one rule with `known` and one with `known not`")
    else:
        for sort, arg in zip(signature.sorts, atom.args):
            if sort in VALUE_SORTS and not (isinstance(arg, Variable) and arg.name.startswith("_")):
                yield Fault(where, f"`{literal}` asks whether there is a value, not which", f"write `_` for `{arg}`")
