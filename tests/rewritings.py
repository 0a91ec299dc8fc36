"""Rewritings of a policy's rules that don't change any answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from kb.language.model import Atom, Rule, Variable, variables


def renamed(rule: Rule) -> Rule:
    """The rule with other names for its variables. A blank (`_`) stays one."""

    def term(found: Any) -> Any:
        if isinstance(found, Variable):
            return found if found.name.startswith("_") else Variable("Other" + found.name)
        names = [name for name in ("base", "amount") if variables(found) and hasattr(found, name)]
        return replace(found, **{name: term(getattr(found, name)) for name in names})

    def atom(found: Atom) -> Atom:
        return Atom(found.predicate, tuple(map(term, found.args)))

    return replace(rule, head=atom(rule.head), body=tuple(replace(literal, atom=atom(literal.atom)) for literal in rule.body))


def said_twice(rule: Rule) -> Rule:
    return rule.with_body((*rule.body, *rule.body[:1]))


REWRITINGS: dict[str, Callable[[tuple[Rule, ...]], tuple[Rule, ...]]] = {
    "the rules in another order": lambda rules: rules[::-1],
    "conditions in another order": lambda rules: tuple(rule.with_body(rule.body[::-1]) for rule in rules),
    "variables by other names": lambda rules: tuple(map(renamed, rules)),
    "a condition said twice": lambda rules: tuple(map(said_twice, rules)),
    "a rule said twice": lambda rules: rules + rules[-3:],
}
