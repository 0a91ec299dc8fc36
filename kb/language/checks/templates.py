"""Every conclusion can be said in English, true and false, and its words name its arguments."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from kb.errors import Fault, did_you_mean
from kb.language.signature import Signature
from kb.policy import Policy

PLACE = re.compile(r"\{([^{}]*)\}|[{}]")


def find(policy: Policy, table: Mapping[str, Signature]) -> Iterator[Fault]:
    """Missing templates, and placeholders that are no parameter."""
    for predicate in policy.predicates.values():
        where = str(predicate.position)
        if not predicate.says.strip():
            yield Fault(where, f"`{predicate.name}` has no English sentence", 'write one: "{Team} holds the child"')
        if not predicate.says_not.strip():
            message = f"`{predicate.name}` has no English sentence for when it is false"
            yield Fault(where, message, 'add: not "{Team} does not hold the child"')
        wrong = False
        for found in PLACE.finditer(predicate.says + predicate.says_not):
            wrong = wrong or found[1] not in predicate.parameters
            if found[1] is None:
                yield Fault(where, f"a bracket of `{predicate.name}` is not closed", _write(predicate.parameters))
            elif found[1] not in predicate.parameters:
                yield Fault(
                    where,
                    f"unknown placeholder `{found[0]}`",
                    did_you_mean(found[1], predicate.parameters) or _hint(found[1], predicate.parameters),
                )
        for parameter in sorted({p for p in predicate.parameters if predicate.parameters.count(p) > 1}):
            yield Fault(where, f"`{predicate.name}` has two arguments called `{parameter}`", "give one of them another name")
        for parameter in predicate.parameters:
            if "{" + parameter + "}" not in predicate.says and not wrong:
                message = f"`{parameter}` of `{predicate.name}` is not named in its sentence"
                yield Fault(where, message, f"put {{{parameter}}} into it")


def _hint(found: str, parameters: tuple[str, ...]) -> str:
    """The parameter that a placeholder begins with, or the first one there is."""
    named = next((parameter for parameter in parameters if found.startswith(parameter)), None)
    if named:
        return f"did you mean `{named}`?"
    return f"write {{{parameters[0]}}}" if parameters else "leave it out"


def _write(parameters: tuple[str, ...]) -> str:
    return (f"write {{{parameters[0]}}}, or " if parameters else "") + "leave the bracket out"
