"""All engines give the same result: pyDatalog, forward chaining, and clingo as an independent third."""

from __future__ import annotations

from functools import cache
from typing import Any

import clingo
from hypothesis import given

from kb.engines.forward import Forward
from kb.engines.pydatalog import PyDatalog
from kb.program import solve
from tests.strategies import blackpool, case, facts, laws


@laws(60)
@given(facts=facts("blackpool"))
def test_both_engines_fire_the_same_rules(facts: dict[str, Any]) -> None:
    found = case(blackpool(), facts)
    assert solve(blackpool(), found, PyDatalog()).fired == solve(blackpool(), found, Forward()).fired


@cache
def as_asp() -> str:
    """The plain rules as an answer set program, made from their numbers only."""
    lines: list[str] = ["#defined h/1."]
    for rule in blackpool().halves.rules:
        body = [f"h({n})" for n in rule.positive] + [f"not h({n})" for n in rule.negative]
        lines.append(f"h({rule.head}) :- {', '.join(body)}." if body else f"h({rule.head}).")
    return "\n".join(lines)


def true_halves_by_clingo(text: str, holding: frozenset[int]) -> set[int]:
    control = clingo.Control(["--warn=none", "0"])
    control.add("base", [], text + "\n" + "".join(f"h({n})." for n in holding))
    control.ground([("base", [])])
    models: list[set[int]] = []
    control.solve(on_model=lambda m: models.append({atom.arguments[0].number for atom in m.symbols(atoms=True)}))
    assert len(models) == 1
    return models[0]


@laws(25)
@given(facts=facts("blackpool"))
def test_clingo_finds_the_same_halves_true(facts: dict[str, Any]) -> None:
    model = solve(blackpool(), case(blackpool(), facts), PyDatalog())
    assert true_halves_by_clingo(as_asp(), model.holding) == model.true_halves
