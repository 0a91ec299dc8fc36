"""Exceptions to plain rules: a general rule holds unless a rule of an exception to it does.

For every clause that has exceptions, each of its rules gets `not set_aside(clause, head)`,
and each rule of an exception with the same head predicate gets a copy that concludes it.
Authors add exceptions without touching the general rule (as defaults in Catala).
"""

from __future__ import annotations

from collections.abc import Mapping

from kb.language.model import Atom, Constant, Literal, Rule

SET_ASIDE = "set_aside"


def set_aside(clause: str, predicate: str) -> Atom:
    """The conclusion that an exception has taken the place of a clause's rules."""
    return Atom(SET_ASIDE, (Constant(clause), Constant(predicate)))


def lower_exceptions(rules: tuple[Rule, ...], exceptions: Mapping[str, tuple[str, ...]]) -> tuple[Rule, ...]:
    """The same rules with exceptions spelt out; `exceptions` maps a clause to those that beat it."""
    heads: dict[str, set[str]] = {}
    for rule in rules:
        heads.setdefault(rule.clause, set()).add(rule.head.predicate)

    def beaten(rule: Rule) -> bool:
        return any(rule.head.predicate in heads.get(narrow, ()) for narrow in exceptions.get(rule.clause, ()))

    guarded: list[Rule] = []
    for rule in rules:
        if beaten(rule):
            guard = Literal(set_aside(rule.clause, rule.head.predicate), negated=True, position=rule.position)
            rule = rule.with_body((*rule.body, guard))
        guarded.append(rule)
    general_of = {(narrow, general) for general, narrows in exceptions.items() for narrow in narrows}
    copies = [
        Rule(set_aside(general, rule.head.predicate), rule.body, rule.clause, rule.position)
        for rule in guarded
        for narrow, general in sorted(general_of)
        if rule.clause == narrow and rule.head.predicate in heads.get(general, ())
    ]
    return tuple(guarded + copies)
