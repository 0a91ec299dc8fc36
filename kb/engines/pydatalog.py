"""pyDatalog behind one small adapter. It is handed objects, never text, so nothing is evaluated.

pyDatalog keeps its state per thread. Each thread here has a `Logic` of its own for each
program, into which only the rules that matter for one case are put and from which they are
taken again, so cases asked at the same time can't mix.

A rule numbered i with head h becomes `h(i) <= body`, where a body asks `b(_)`: so the one
ask of `fired` returns every firing.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import Any

from kb.engines.relevance import relevant_rules
from kb.lowering.halves import HalfProgram

KEPT_PROGRAMS = 8  # compiled programs kept by each thread

_local = threading.local()


class PyDatalog:
    """Evaluates the relevant rules of one case, with every firing collected in one ask."""

    def fire(self, program: HalfProgram, holding: frozenset[int]) -> frozenset[int]:
        indices = relevant_rules(program, holding)
        if not indices:
            return program.always
        return _rules_of(program).fire(indices) | program.always


def _rules_of(program: HalfProgram) -> _Rules:
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
        self.derived = {rule.head for rule in program.rules} - {program.rules[i].head for i in program.always}
        self.predicates: dict[int, tuple[Any, Any]] = {}
        self.clauses: dict[int, Any] = {}
        self.collectors: dict[int, Any] = {}
        self.anything: Any = pyEngine.Var("Anything")
        self.fired: Any = pyEngine.Literal("fired", [self.anything]).pred

    def fire(self, indices: list[int]) -> frozenset[int]:
        """Puts the rules in, asks once, and takes them out again whatever happens."""
        self.threads.tl.logic = self.logic
        asserted: list[Any] = []
        try:
            heads: dict[int, None] = {}
            for index in indices:
                asserted.append(self.engine.assert_(self._clause(index)))
                heads[self.program.rules[index].head] = None
            for head in heads:
                asserted.append(self.engine.assert_(self._collector(head)))
            ask = self.engine.Literal(self.fired, [self.engine.Var("Rule")])
            return frozenset(answer[0] for answer in ask.ask() or ())
        finally:
            for clause in asserted:
                self.engine.retract(clause)

    def _clause(self, index: int) -> Any:
        """Conditions are left out: a relevant rule is one whose conditions the case meets."""
        found = self.clauses.get(index)
        if found is None:
            rule = self.program.rules[index]
            literal = self.engine.Literal
            body = [
                literal(self._pair(half)[0], [self._blank(n)]) for n, half in enumerate(rule.positive) if half in self.derived
            ]
            body += [literal(self._pair(half)[1], [self.anything]) for half in rule.negative if half in self.derived]
            head = literal(self._pair(rule.head)[0], [self.engine.Const(index)])
            found = self.clauses[index] = self.engine.Clause(head, body)
        return found

    def _collector(self, head: int) -> Any:
        found = self.collectors.get(head)
        if found is None:
            rule = self.engine.Var("Rule")
            body = [self.engine.Literal(self._pair(head)[0], [rule])]
            found = self.collectors[head] = self.engine.Clause(self.engine.Literal(self.fired, [rule]), body)
        return found

    def _pair(self, half: int) -> tuple[Any, Any]:
        """The predicate of a half and its denial, both declared, so that a denial of the empty is true."""
        found = self.predicates.get(half)
        if found is None:
            plain = self.engine.Literal(f"h{half}", [self.anything]).pred
            denied = self.engine.Literal(f"~h{half}", [self.anything]).pred
            self.engine.insert(plain)
            found = self.predicates[half] = plain, denied
        return found

    def _blank(self, number: int) -> Any:
        return self.engine.Var(f"Any{number}")
