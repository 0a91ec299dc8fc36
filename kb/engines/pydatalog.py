"""pyDatalog as an engine. It is given objects, never text, so that no text of a policy is evaluated.

pyDatalog keeps its state per thread. Each thread has its own `Logic` for each program. The rules relevant to one case are
loaded into it and removed afterwards, so concurrent cases can't mix.

One query for `true` returns every half that holds; a rule fires if its whole body is among them.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import Any

from kb.engines.relevance import relevant_rules
from kb.lowering.halves import HalfProgram, HalfRule

KEPT_PROGRAMS = 8  # programs cached by each thread

_local = threading.local()


class PyDatalog:
    """Evaluates the rules relevant to one case with one query."""

    def fire(self, program: HalfProgram, holding: frozenset[int]) -> frozenset[int]:
        indices = relevant_rules(program, holding)
        if not indices:
            return program.always
        true = rules_of(program).true(indices) | holding | program.always_true
        fired = (i for i in indices if _holds(program.rules[i], true))
        return program.always.union(fired)


def _holds(rule: HalfRule, true: set[int]) -> bool:
    return true.issuperset(rule.positive) and true.isdisjoint(rule.negative)


def rules_of(program: HalfProgram) -> _Rules:
    """This thread's rules for a program, created on first use."""
    kept: OrderedDict[int, _Rules] = _local.__dict__.setdefault("kept", OrderedDict())
    found = kept.get(id(program))
    if found is None or found.program is not program:
        found = kept[id(program)] = _Rules(program)
    kept.move_to_end(id(program))
    while len(kept) > KEPT_PROGRAMS:
        kept.popitem(last=False)
    return found


class _Rules:
    """The pyDatalog clauses of one program, for one thread. Each clause is created when first needed."""

    def __init__(self, program: HalfProgram):
        from pyDatalog import pyDatalog, pyEngine  # noqa: F401  (importing pyDatalog sets up pyEngine)
        from pyDatalog.Logic import Logic

        self.program = program
        self.engine: Any = pyEngine
        self.threads: Any = Logic
        self.logic: Any = Logic()
        self.here: Any = pyEngine.Const("case")
        self.derived = {rule.head for rule in program.rules} - {program.rules[i].head for i in program.always}
        self.literals: dict[int, tuple[Any, Any]] = {}
        self.clauses: dict[int, Any] = {}
        self.collectors: dict[int, Any] = {}

    def true(self, indices: list[int]) -> set[int]:
        """The heads of some rules that hold. The rules are removed again even if the query fails."""
        self.threads.tl.logic = self.logic
        asserted: list[Any] = []
        try:
            for index in indices:
                asserted.append(self.engine.assert_(self._clause(index)))
            for head in {self.program.rules[index].head for index in indices}:
                asserted.append(self.engine.assert_(self._collector(head)))
            ask = self.engine.Literal("true", [self.engine.Var("Half")])
            return {answer[0] for answer in ask.ask() or ()}
        finally:
            for clause in asserted:
                self.engine.retract(clause)

    def _clause(self, index: int) -> Any:
        """A rule as a clause without its conditions: in a relevant rule, the case meets them already."""
        found = self.clauses.get(index)
        if found is None:
            rule = self.program.rules[index]
            body = [self._pair(half)[0] for half in rule.positive if half in self.derived]
            body += [self._pair(half)[1] for half in rule.negative if half in self.derived]
            found = self.clauses[index] = self.engine.Clause(self._pair(rule.head)[0], body)
        return found

    def _collector(self, head: int) -> Any:
        found = self.collectors.get(head)
        if found is None:
            told = self.engine.Literal("true", [self.engine.Const(head)])
            found = self.collectors[head] = self.engine.Clause(told, [self._pair(head)[0]])
        return found

    def _pair(self, half: int) -> tuple[Any, Any]:
        """The literal of a half and its negation. Declaring both makes the negation true where the half has no clause."""
        found = self.literals.get(half)
        if found is None:
            plain = self.engine.Literal(f"h{half}", [self.here])
            self.engine.insert(plain.pred)
            found = self.literals[half] = plain, self.engine.Literal(f"~h{half}", [self.here])
        return found
