"""pyDatalog behind one small adapter. It is handed objects, never text, so nothing is evaluated.

pyDatalog keeps its state per thread. Each thread here has a `Logic` of its own for each
program, into which only the rules that matter for one case are put and from which they are
taken again, so cases asked at the same time can't mix.

One ask of `true` returns every half that holds; a rule has fired when all it needs holds.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import Any

from kb.engines.relevance import relevant_rules
from kb.lowering.halves import HalfProgram, HalfRule

KEPT_PROGRAMS = 8  # compiled programs kept by each thread

_local = threading.local()


class PyDatalog:
    """Evaluates the relevant rules of one case, all of them in one ask."""

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
    """This thread's rules for a program, made on first use."""
    kept: OrderedDict[int, _Rules] = _local.__dict__.setdefault("kept", OrderedDict())
    found = kept.get(id(program))
    if found is None or found.program is not program:
        found = kept[id(program)] = _Rules(program)
    kept.move_to_end(id(program))
    while len(kept) > KEPT_PROGRAMS:
        kept.popitem(last=False)
    return found


class _Rules:
    """The clauses of one program, for one thread. Made when first needed, then kept."""

    def __init__(self, program: HalfProgram):
        from pyDatalog import pyDatalog, pyEngine  # noqa: F401  (the first sets up the second)
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
        """The heads among some rules that hold. The rules are taken out again whatever happens."""
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
        """Conditions are left out: a relevant rule is one whose conditions the case meets."""
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
        """The literal of a half and its denial; both are declared, so that a denial of the empty is true."""
        found = self.literals.get(half)
        if found is None:
            plain = self.engine.Literal(f"h{half}", [self.here])
            self.engine.insert(plain.pred)
            found = self.literals[half] = plain, self.engine.Literal(f"~h{half}", [self.here])
        return found
