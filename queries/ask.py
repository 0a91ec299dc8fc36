"""Which unrecorded facts to ask about, and the answer that each reply gives.

The facts that matter for the holder in the last step are exact: clingo searches for replies to all other questions under
which the holder still depends on this fact. `Decision.missing_facts` may name more, as it is computed without a search. A
fact is left out only if, in addition, no reply to it changes the answer for the whole record.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from kb.case import Case
from kb.engines.interface import Engine
from kb.language.model import Atom, Constant
from kb.program import Program
from kb.space.search import Search
from kb.vocabulary.model import Fact
from queries.decide import Decision, decide
from queries.missing import facts_behind
from queries.replies import Reply, classes_of, outcome, replies


@dataclass(frozen=True)
class Question:
    """An unrecorded fact and its replies. `among_fewest`: it is one of the fewest facts that can settle who holds the child."""

    fact: Fact
    replies: tuple[Reply, ...]
    among_fewest: bool = False

    @property
    def settling(self) -> int:
        """The number of replies that give a decided answer without any other reply."""
        return sum(reply.decision.status == "decided" for reply in self.replies)

    @property
    def matters(self) -> bool:
        """Whether two replies give different answers, with the rest of the record unchanged."""
        return len({outcome(reply.decision) for reply in self.replies}) > 1


def questions(program: Program, case: Case, engine: Engine) -> list[Question]:
    """The questions of a case, sorted: those among the fewest that settle it first; empty if nothing is missing."""
    decision = decide(program, case, engine)
    if not decision.missing_facts:
        return []
    about_holder = facts_behind(decision.model, decision.model.open_of("holds")) if decision.status == "unknown" else set()
    record = decision.model.conditions.case  # the record of the last step, which is searched
    idle: set[str] = set()
    for fact in sorted(
        about_holder, key=_place_in(decision.missing_facts), reverse=True
    ):  # in reverse, so that of two facts with the same effect the first is kept
        if not still_matters(program, record, fact, about_holder - idle):
            idle.add(fact)
    fewest = fewest_replies(program, record, about_holder - idle) if about_holder else frozenset()
    classes = classes_of(program, case.as_of)
    facts = program.policy.vocabulary.facts
    asked = [
        Question(facts[name], tuple(replies(program, case, name, engine, classes)), name in fewest)
        for name in decision.missing_facts
    ]
    found = [question for question in asked if question.fact.name not in idle or question.matters]
    if decision.status == "unknown" and not about_holder:  # it depends on an earlier step: only single replies are tried
        found = [replace(question, among_fewest=question.settling > 0) for question in found]
    order = list(decision.missing_facts)
    return sorted(found, key=lambda q: (not q.among_fewest, -q.settling, not q.matters, order.index(q.fact.name)))


def giving_another(found: Sequence[Question], decision: Decision) -> Question | None:
    """The first question to which some reply would give another team or status than a decision has; None if there is none.

    A list of entries is left out: its replies are examples, one of which nearly always gives another team.
    """
    now = decision.status, decision.responsible_team
    for question in found:
        others = any((reply.decision.status, reply.decision.responsible_team) != now for reply in question.replies)
        if others and question.fact.type != "list[record]":
            return question
    return None


def _place_in(order: Sequence[str]) -> Callable[[str], int]:
    return lambda fact: order.index(fact) if fact in order else len(order)


def still_matters(program: Program, case: Case, fact: str, among: set[str]) -> bool:
    """Whether there are replies to the other facts in `among` under which the holder still depends on `fact`."""
    others = among - {fact}
    unknown = _half(program, "status", "unknown")
    if unknown is None:
        return False
    search = Search(program, case.as_of, [unknown], base=case, keep=_all_but(program, others), answered=others)
    return search.possible({unknown: True})


def fewest_replies(program: Program, case: Case, among: set[str]) -> frozenset[str]:
    """The facts in any smallest set of facts in `among` whose replies can settle the case."""
    decided = _half(program, "status", "decided")
    if decided is None:
        return frozenset()
    search = Search(program, case.as_of, [decided], base=case, keep=_all_but(program, among))
    return search.facts_of_smallest({decided: True})


def possible_teams(program: Program, case: Case, among: set[str]) -> tuple[str, ...]:
    """The teams that some replies to all facts in `among` give."""
    entries = program.by_predicate.get("may_hold", ())
    search = Search(
        program, case.as_of, [half for _, half, _ in entries], base=case, keep=_all_but(program, among), answered=among
    )
    return tuple(_code(atom) for atom, half, _ in entries if search.possible({half: True}))


def _all_but(program: Program, facts: set[str]) -> list[str]:
    return [name for name in program.policy.vocabulary.facts if name not in facts]


def _half(program: Program, predicate: str, code: str) -> int | None:
    return next((half for atom, half, _ in program.by_predicate.get(predicate, ()) if _code(atom) == code), None)


def _code(atom: Atom) -> str:
    first = atom.args[0]
    assert isinstance(first, Constant)
    return str(first.value)
