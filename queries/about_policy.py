"""What an answer says of the policy itself: findings and limits that rest on no fact of a case, such as a review date."""

from __future__ import annotations

from kb.language.model import Atom
from kb.program import Program
from queries.decide import Decision
from queries.missing import facts_of

FINDING, DEADLINE = "finding", "deadline"


def findings_about_policy(decision: Decision) -> tuple[str, ...]:
    """Codes of the findings of an answer that every other case would have on the same day."""
    return tuple(code for code in decision.findings if _rests_on_no_fact(decision.model.program, FINDING, code))


def deadlines_about_policy(decision: Decision) -> tuple[str, ...]:
    """Codes of the limits of an answer that every other case would have on the same day."""
    codes = dict.fromkeys(str(row["code"]) for row in decision.deadlines)
    return tuple(code for code in codes if _rests_on_no_fact(decision.model.program, DEADLINE, code))


def _rests_on_no_fact(program: Program, predicate: str, code: str) -> bool:
    """Whether no rule for a code, nor any rule below it, looks at a fact of a case."""
    vocabulary = program.policy.vocabulary
    seen: set[Atom] = set()
    waiting = [atom for atom, _, _ in program.by_predicate.get(predicate, ()) if str(atom.args[0]) == code]
    while waiting:
        atom = waiting.pop()
        if atom in seen:
            continue
        seen.add(atom)
        if facts_of(vocabulary, atom):
            return False
        waiting += [literal.atom for index in program.by_head.get(atom, ()) for literal in program.ground[index].body]
    return bool(seen)
