"""pyDatalog behind one small adapter. It is handed objects, never text, so nothing is evaluated.

pyDatalog keeps its state per thread; each ask here starts from a fresh `Logic` of the
calling thread and shares nothing, so cases asked at the same time can't mix.
"""

from __future__ import annotations

from collections.abc import Iterable

from kb.engines.relevance import relevant_rules
from kb.lowering.halves import HalfProgram


class PyDatalog:
    """Evaluates the relevant rules of one case, with every firing collected in one ask."""

    def fire(self, program: HalfProgram, holding: frozenset[int]) -> frozenset[int]:
        from pyDatalog import pyDatalog, pyEngine  # noqa: F401  (the first sets up the second)
        from pyDatalog.Logic import Logic

        indices = relevant_rules(program, holding)
        Logic()  # a fresh, empty state for this thread
        _assert_rules(program, indices, holding, pyEngine)
        ask = pyEngine.Literal("fired", [pyEngine.Var("Rule")])
        answers: Iterable[tuple[int]] = ask.ask() if indices else ()
        fired = frozenset(answer[0] for answer in answers)
        Logic()
        return fired | program.always


def _assert_rules(program: HalfProgram, indices: list[int], holding: frozenset[int], engine: object) -> None:
    from pyDatalog import pyEngine

    literal, clause, constant = pyEngine.Literal, pyEngine.Clause, pyEngine.Const
    here = constant("case")
    used = {program.rules[i].head for i in indices}
    for index in indices:
        rule = program.rules[index]
        body = [literal(f"h{half}", [here]) for half in rule.positive if half not in holding]
        body += [literal(f"~h{half}", [here]) for half in rule.negative if half in used]
        fired = literal(f"f{index}", [here])
        pyEngine.assert_(clause(fired, body))
        pyEngine.assert_(clause(literal(f"h{rule.head}", [here]), [fired]))
        pyEngine.assert_(clause(literal("fired", [constant(index)]), [fired]))
