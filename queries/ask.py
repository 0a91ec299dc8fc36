"""What to ask: the unknown facts that could change the answer, and what each reply would decide.

The replies tried are those that a person can give: yes or no, each value of a list of values,
"it happened today" or "it has not happened". Where a fact has too many values to try (a date,
a number, a list), only the question is given.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from kb.case import Case, Day
from kb.engines.interface import Engine
from kb.program import Program
from kb.vocabulary.model import Fact
from queries.decide import Decision, decide


@dataclass(frozen=True)
class Reply:
    """One reply to a question, as it would stand in the case, and the decision with it."""

    value: Any
    decision: Decision


@dataclass(frozen=True)
class Question:
    """An unknown fact, the replies tried, and whether some reply alone settles the case."""

    fact: Fact
    replies: tuple[Reply, ...]

    @property
    def settling(self) -> int:
        """How many of the replies give a decided answer by themselves."""
        return sum(reply.decision.status == "decided" for reply in self.replies)


def questions(program: Program, case: Case, engine: Engine) -> list[Question]:
    """The questions of a case, those that settle most first."""
    decision = decide(program, case, engine)
    found = [_question(program, case, engine, name) for name in decision.missing_facts]
    order = list(decision.missing_facts)
    return sorted(found, key=lambda q: (-q.settling, -_differing(q), order.index(q.fact.name)))


def _question(program: Program, case: Case, engine: Engine, name: str) -> Question:
    fact = program.policy.vocabulary.facts[name]
    replies = tuple(
        Reply(value, decide(program, replace(case, facts={**case.facts, name: value}), engine)) for value in _values(fact, case)
    )
    return Question(fact, replies)


def _values(fact: Fact, case: Case) -> tuple[Any, ...]:
    if fact.type == "bool":
        return True, False
    if fact.type == "enum":
        return fact.values
    if fact.type == "event":
        return Day(case.as_of), False
    return ()


def _differing(question: Question) -> int:
    return len({(r.decision.status, r.decision.responsible_team) for r in question.replies})
