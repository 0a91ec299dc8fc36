"""The facts that one policy looks at, so that a form does not ask for those of another council."""

from __future__ import annotations

from kb.carried import DEATH, HOLDER, INVOLVEMENTS, SINCE
from kb.program import Program
from queries.missing import facts_of


def facts_used(program: Program) -> tuple[str, ...]:
    """Names of the facts that the rules of a policy or the journey look at, in vocabulary order.

    The event that an outcome belongs to is one of them, as the outcome counts only with it.
    """
    vocabulary = program.policy.vocabulary
    used = {HOLDER, SINCE, INVOLVEMENTS, DEATH, vocabulary.birth}
    for number in program.halves.conditions:
        used |= set(facts_of(vocabulary, program.halves.atoms[number]))
    used |= {vocabulary.facts[name].of for name in used if name in vocabulary.facts}
    return tuple(name for name in vocabulary.recorded if name in used)
