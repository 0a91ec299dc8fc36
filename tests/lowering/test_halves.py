"""Unknown facts: every form of a literal, alone and combined, against a little evaluator of our own.

The evaluator computes with 0 (false), 1 (not recorded) and 2 (true): `and` is the least,
`or` the greatest, `not` the mirror image. That is all there is to Kleene's strong tables.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import pytest

from kb.engines.forward import Forward
from kb.engines.interface import Engine
from kb.engines.pydatalog import PyDatalog
from kb.program import Program
from tests.helpers import START, model, program, truth

FORMS: dict[str, Callable[[int], int]] = {
    "plain": lambda x: x,
    "not": lambda x: 2 - x,
    "known": lambda x: 2 if x == 2 else 0,
    "known not": lambda x: 2 if x == 0 else 0,
    "not known": lambda x: 0 if x == 2 else 2,
    "not known not": lambda x: 0 if x == 0 else 2,
    "unknown": lambda x: 2 if x == 1 else 0,
}
PAIRS = list(product(FORMS, FORMS))
FACTS = ("cared_for", "unborn")
VALUES: dict[int, bool | None] = {0: False, 1: None, 2: True}


def literal(form: str, atom: str) -> str:
    return atom if form == "plain" else f"{form} {atom}"


def name(kind: str, *forms: str) -> str:
    return "__".join([kind, *forms]).replace(" ", "_")


def text() -> str:
    """A policy that concludes every combination, each under a name of its own."""
    first, second = FACTS
    rules: list[str] = []
    for form in FORMS:
        rules.append(f"{name('one', form)} :- {literal(form, first)}.")
    for a, b in PAIRS:
        rules.append(f"{name('both', a, b)} :- {literal(a, first)}, {literal(b, second)}.")
        rules.append(f"{name('either', a, b)} :- {literal(a, first)}.")
        rules.append(f"{name('either', a, b)} :- {literal(b, second)}.")
        rules.append(f"{name('over', a, b)} :- {literal(a, name('one', b))}.")
        rules.append(f"{name('over_both', a, b)} :- {literal(a, name('both', b, 'plain'))}.")
        rules.append(f"{name('over_either', a, b)} :- {literal(a, name('either', b, 'not'))}.")
    names = dict.fromkeys(rule.split(" ")[0] for rule in rules)
    declared = [f'predicate {n} "{n}" not "no {n}".' for n in names]
    used = [f"duty(call_back) :- {n}." for n in names]
    return "\n".join([*declared, START, *rules, *used])


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Program:
    return program(tmp_path_factory.mktemp("halves"), text())


@pytest.mark.parametrize("engine", [PyDatalog(), Forward()], ids=["pyDatalog", "forward"])
@pytest.mark.parametrize(("x", "y"), list(product(VALUES, VALUES)))
def test_every_combination(compiled: Program, engine: Engine, x: int, y: int) -> None:
    first, second = FACTS
    found = model(compiled, {first: VALUES[x], second: VALUES[y]}, engine=engine)
    expected: dict[str, bool | None] = {name("one", form): VALUES[FORMS[form](x)] for form in FORMS}
    for a, b in PAIRS:
        expected[name("both", a, b)] = VALUES[min(FORMS[a](x), FORMS[b](y))]
        expected[name("either", a, b)] = VALUES[max(FORMS[a](x), FORMS[b](y))]
        expected[name("over", a, b)] = VALUES[FORMS[a](FORMS[b](x))]
        expected[name("over_both", a, b)] = VALUES[FORMS[a](min(FORMS[b](x), y))]
        expected[name("over_either", a, b)] = VALUES[FORMS[a](max(FORMS[b](x), 2 - y))]
    assert {n: truth(found, n) for n in expected} == expected


def test_a_certain_conclusion_is_possible_too(compiled: Program) -> None:
    for x, y in product(VALUES.values(), VALUES.values()):
        found = model(compiled, dict(zip(FACTS, (x, y))))
        for atom in compiled.by_head:
            assert not found.certain(atom) or found.possible(atom)
