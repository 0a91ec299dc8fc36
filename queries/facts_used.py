"""The facts that one policy looks at, so that a form does not ask for those of another council."""

from __future__ import annotations

from functools import lru_cache

from kb.carried import DEATH, HOLDER, INVOLVEMENTS, SINCE
from kb.program import CONTRADICTION, Program
from queries.missing import facts_of

#: Programs whose facts are remembered: the app asks for them with every answer.
PROGRAMS = 16


@lru_cache(PROGRAMS)
def facts_used(program: Program) -> tuple[str, ...]:
    """Names of the facts that the rules of a policy or the journey look at, in vocabulary order.

    The event that an outcome belongs to is one of them, as the outcome counts only with it.
    """
    vocabulary = program.policy.vocabulary
    used = _always(program)
    for number in program.halves.conditions:
        used |= set(facts_of(vocabulary, program.halves.atoms[number]))
    used |= {vocabulary.facts[name].of for name in used if name in vocabulary.facts}
    return tuple(name for name in vocabulary.recorded if name in used)


@lru_cache(PROGRAMS)
def decides_nothing(program: Program) -> tuple[str, ...]:
    """Names of the facts, of `facts_used`, that no clause of a policy looks at: they serve only to check the record itself."""
    vocabulary = program.policy.vocabulary
    used = _always(program)
    for rule in program.ground:
        if program.rules[rule.source].head.predicate != CONTRADICTION:
            used |= {name for literal in rule.body for name in facts_of(vocabulary, literal.atom)}
    used |= {vocabulary.facts[name].of for name in used if name in vocabulary.facts}
    return tuple(name for name in facts_used(program) if name not in used)


def without_clause(program: Program) -> tuple[str, ...]:
    """Titles of the groups of facts of which no clause of a policy looks at any."""
    looked_at = set(facts_used(program)) - set(decides_nothing(program))
    return tuple(group.title for group in program.policy.vocabulary.groups if not looked_at & set(group.facts))


def _always(program: Program) -> set[str]:
    """The facts that the journey looks at under every policy."""
    return {HOLDER, SINCE, INVOLVEMENTS, DEATH, program.policy.vocabulary.birth}
