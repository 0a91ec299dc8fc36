"""All proofs of a conclusion, counted by hand, and the substitution with which a rule was used."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.language.model import Atom, Constant, variables
from kb.lowering.ground import substitute
from kb.policy import installed
from queries.all_proofs import all_proofs
from queries.load import load_program
from queries.proof import Claim, Prover
from queries.substitution import substitution
from tests.helpers import START, model, program

RULES = """predicate linked "a link" not "no link".
predicate other "another" not "no other".
linked :- icpc_required.
linked :- threshold_met.
other :- linked.
duty(call_back) :- linked.
duty(call_back) :- icpc_required, threshold_met, record_up_to_date.
finding(odd) :- linked, other.
"""
YES = {"icpc_required": True, "threshold_met": True, "record_up_to_date": True}
DUTY = Claim(Atom("duty", (Constant("call_back"),)), "established")
ODD = Claim(Atom("finding", (Constant("odd"),)), "established")


def sizes(folder: Path, facts: dict[str, bool], claim: Claim) -> list[int]:
    return [proof.size for proof in all_proofs(Prover(model(program(folder, START + RULES), facts)), claim)]


def test_every_proof_is_given_and_the_smallest_first(tmp_path: Path) -> None:
    """A duty with three proofs: by a link, which has two proofs (3 steps each), or by three facts (4 steps)."""
    assert sizes(tmp_path, YES, DUTY) == [3, 3, 4]


def test_a_conclusion_used_twice_is_proved_in_one_way(tmp_path: Path) -> None:
    """Two conditions depend on the same link, which has two proofs: together two proofs, not four."""
    assert len(sizes(tmp_path, YES, ODD)) == 2


@pytest.mark.parametrize(("facts", "many"), [({"icpc_required": True}, 1), ({"icpc_required": False}, 0), ({}, 0)])
def test_what_does_not_hold_has_no_proof(tmp_path: Path, facts: dict[str, bool], many: int) -> None:
    assert len(sizes(tmp_path, facts, DUTY)) == many


def test_the_first_is_the_smallest_proof(tmp_path: Path) -> None:
    prover = Prover(model(program(tmp_path, START + RULES), YES))
    first = all_proofs(prover, DUTY)[0]
    smallest = prover.step(DUTY)
    assert smallest is not None
    assert (first.size, first.steps[DUTY]) == (smallest.size, smallest)


@pytest.mark.parametrize("policy", sorted(set(installed()) - {"template"}))
def test_a_rule_under_its_substitution_is_its_ground_rule(policy: str) -> None:
    found = load_program(policy)
    for ground in found.ground:
        rule = found.rules[ground.source]
        values = substitution(rule, ground)
        assert tuple(substitute(arg, values) for arg in rule.head.args) == ground.head.args
        named = {name for atom in (rule.head, *(lit.atom for lit in rule.body)) for arg in atom.args for name in variables(arg)}
        assert {name for name in named if not name.startswith("_")} == set(values), str(rule)
        atoms = {literal.atom for literal in (*ground.body, *ground.given)}
        for literal in rule.body:
            atom = Atom(literal.atom.predicate, tuple(substitute(arg, values) for arg in literal.atom.args))
            settled = all(not variables(arg) for arg in atom.args) and atom.predicate in {a.predicate for a in atoms}
            assert atom.is_comparison or not settled or atom in atoms, f"{atom} of {rule}"
