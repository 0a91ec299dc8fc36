"""Whom to ask where an answer is left open or clauses clash."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from explain.words import Words, capital
from queries.decide import Decision

NOBODY_NAMED = "The policy names nobody to settle what it leaves open."


def settling(decision: Decision) -> Iterator[str]:
    """Sentences on who settles an open answer: the escalation of this case, else the policy's escalation levels in order."""
    words = Words.of(decision.model)
    if decision.escalate_to:
        named = "; ".join(words.vocabulary.label("escalation", code) for code in decision.escalate_to)
        yield f"Who has to settle it: {named}."
        return
    ladder = _ladder(decision, words)
    if not ladder:
        yield NOBODY_NAMED
        return
    named = "; then ".join(f"{words.vocabulary.label('escalation', code)} — {_some(clauses)}" for code, clauses in ladder)
    yield f"No clause says who settles this case. For other open questions the policy goes up to: {named}."


def whom_to_ask(decision: Decision) -> tuple[str, ...]:
    """Whom to ask, in order: who the answer escalates to, else the policy's own levels."""
    words = Words.of(decision.model)
    codes = decision.escalate_to or tuple(code for code, _ in _ladder(decision, words))
    return tuple(capital(words.vocabulary.label("escalation", code)) + "." for code in codes)


def _ladder(decision: Decision, words: Words) -> list[tuple[str, dict[str, None]]]:
    """The policy's levels of escalation in the order of its codes, each with the clauses that name it."""
    program = decision.model.program
    ladder: dict[str, dict[str, None]] = {}
    for atom, rules in program.by_head.items():
        if atom.predicate == "escalation_to":
            clauses = (name for rule in rules for name in program.rules[program.ground[rule].source].clauses)
            ladder.setdefault(str(atom.args[0]), {}).update(dict.fromkeys(map(words.clause_name, clauses)))
    return [(code.code, ladder[code.code]) for code in words.vocabulary.codes.get("escalation", ()) if code.code in ladder]


def _some(clauses: Iterable[str]) -> str:
    """The first clause and the number of others; up to two are listed in full."""
    first, *others = clauses
    return f"{first} and {len(others)} more" if len(others) > 1 else ", ".join([first, *others])
