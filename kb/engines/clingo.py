"""clingo as an engine: the plain rules as a propositional program, with conditions as externals.

The program text is made from numbers only. No text of a policy reaches clingo, as a program could make it read files.
Used to check the other engines.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

from kb.lowering.halves import HalfProgram


class Clingo:
    """Evaluates cases one after the other on one grounded program."""

    def __init__(self) -> None:
        self.kept: OrderedDict[int, tuple[HalfProgram, Any]] = OrderedDict()

    def fire(self, program: HalfProgram, holding: frozenset[int]) -> frozenset[int]:
        from clingo import Function, Number

        control = self._control(program)
        for half in _condition_halves(program):
            control.assign_external(Function("h", [Number(half)]), half in holding)
        with control.solve(yield_=True) as handle:
            model = next(iter(handle))
            return frozenset(symbol.arguments[0].number for symbol in model.symbols(shown=True))

    def _control(self, program: HalfProgram) -> Any:
        found = self.kept.get(id(program))
        if found is None or found[0] is not program:
            from clingo import Control

            control = Control(["--warn=none"])
            control.add("base", [], as_text(program))
            control.ground([("base", [])])
            found = self.kept[id(program)] = program, control
        return found[1]


def _condition_halves(program: HalfProgram) -> set[int]:
    return {half for number in program.conditions for half in (program.certain(number), program.possible(number))}


def as_text(program: HalfProgram) -> str:
    """The program in ASP: `h(N)` for half N, `fired(I)` for rule I."""
    lines = [f"#external h({half})." for half in sorted(_condition_halves(program))]
    for index, rule in enumerate(program.rules):
        body = [f"h({half})" for half in rule.positive] + [f"not h({half})" for half in rule.negative]
        lines.append(f"fired({index})" + (f" :- {', '.join(body)}." if body else "."))
        lines.append(f"h({rule.head}) :- fired({index}).")
    return "\n".join([*lines, "#show fired/1.", ""])
