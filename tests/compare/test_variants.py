"""A variant compiled by reusing ground rules answers every case like the one compiled from scratch."""

from __future__ import annotations

from functools import cache

from hypothesis import given
from hypothesis import strategies as st

from kb.engines.forward import Forward
from kb.errors import InputError
from kb.policy import Policy, load_policy
from kb.program import Program, compile_policy
from kb.variants import Changed, Variants
from queries.decide import Decision, decide
from queries.mutants import mutants
from queries.mutate import answer
from tests.space.northshire import FOLDER, northshire
from tests.strategies import case, facts, laws


@cache
def variants() -> Variants:
    return Variants(load_policy(FOLDER))


@cache
def changed() -> list[tuple[str, Policy, Program, Program | None]]:
    """Every other mutant that can be compiled, with its program from scratch and its quick one."""
    found = []
    for mutant in list(mutants(load_policy(FOLDER)))[::2]:
        try:
            whole = variants().program(mutant.policy)
        except InputError:
            continue
        found.append((mutant.name, mutant.policy, whole, variants().quick(mutant.policy)))
    return found


def test_most_changes_can_be_made_quickly() -> None:
    assert sum(quick is not None for *_, quick in changed()) > len(changed()) / 2


def test_what_is_refused_whole_is_refused_quickly() -> None:
    refused = 0
    for mutant in list(mutants(load_policy(FOLDER)))[::6]:
        faults = []
        for make in (variants().program, compile_policy):
            try:
                make(mutant.policy)
                faults.append("")
            except InputError as error:
                faults.append(str(error.faults))
        assert faults[0] == faults[1], mutant.name
        refused += bool(faults[0])
    assert refused > 2


def test_a_variant_is_the_program_that_compiling_it_gives() -> None:
    for name, policy, whole, _ in changed()[::7]:
        assert set(whole.ground) == set(compile_policy(policy).ground), name


@laws(150)
@given(data=st.data())
def test_quick_and_whole_answer_alike(data: st.DataObject) -> None:
    name, _, whole, quick = changed()[data.draw(st.integers(0, len(changed()) - 1))]
    drawn = case(northshire(), data.draw(facts(str(FOLDER))))
    if quick is not None:
        answers = [answer(decide(program, drawn, Forward())) for program in (whole, quick)]
        assert answers[0] == answers[1], name


@laws(150)
@given(data=st.data())
def test_where_the_changed_rules_conclude_the_same_so_does_everything(data: st.DataObject) -> None:
    name, _, whole, quick = changed()[data.draw(st.integers(0, len(changed()) - 1))]
    drawn = case(northshire(), data.draw(facts(str(FOLDER))))
    before, after = (decide(program, drawn, Forward()) for program in (variants().base, whole))
    for variant in filter(None, (whole, quick)):
        ours, theirs = Changed.between(variants().base, variant).conclusions(before.model)
        assert ours != theirs or holding(before) == holding(after), name


def holding(decision: Decision) -> tuple[set[str], set[str]]:
    """The certain and the open conclusions of a case."""
    model = decision.model
    names = model.program.by_predicate
    certain = {str(atom) for name in names for atom in model.holding_of(name)}
    return certain, {str(atom) for name in names for atom in model.open_of(name)}
