"""Every conclusion can be said in English, true and false, and its words name its arguments."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from kb.errors import Fault, did_you_mean
from kb.language.signature import Signature
from kb.policy import Policy

PLACE = re.compile(r"\{([A-Za-z_]+)\}")


def find(policy: Policy, table: Mapping[str, Signature]) -> Iterator[Fault]:
    """Missing templates, and placeholders that are no parameter."""
    for predicate in policy.predicates.values():
        where = str(predicate.position)
        if not predicate.says.strip():
            yield Fault(where, f"`{predicate.name}` has no English sentence", 'write one: "{Team} holds the child"')
        if not predicate.says_not.strip():
            message = f"`{predicate.name}` has no English sentence for when it is false"
            yield Fault(where, message, 'add: not "{Team} does not hold the child"')
        for name in PLACE.findall(predicate.says + predicate.says_not):
            if name not in predicate.parameters:
                yield Fault(where, f"unknown placeholder `{{{name}}}`", did_you_mean(name, predicate.parameters))
        for parameter in predicate.parameters:
            if "{" + parameter + "}" not in predicate.says:
                message = f"`{parameter}` of `{predicate.name}` is not named in its sentence"
                yield Fault(where, message, f"put {{{parameter}}} into it")
