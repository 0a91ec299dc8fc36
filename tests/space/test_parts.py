"""Classes of values: they cover every value, and no condition distinguishes two values of one class."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.policy import installed
from kb.space.parts import Class, Classes, Part, number_of
from queries.load import load_program
from queries.replies import classes_of
from tests.strategies import AS_OF, case, facts, laws, value_for

POLICIES = sorted({*installed()} - {"template"})


@cache
def classes(policy: str) -> Classes:
    return classes_of(load_program(policy), AS_OF.toordinal())


def value_of(data: st.DataObject, part: Part, found: Class, space: Classes) -> Any:
    """A random value of a class: one of its ends, or one between them."""
    if found.low is None or found.high is None:
        return data.draw(st.sampled_from((found.value, *found.others)))
    ends = st.sampled_from([found.low, found.high])
    return space.typed(part, data.draw(st.one_of(ends, st.integers(found.low, found.high))))


@pytest.mark.parametrize("policy", POLICIES)
@laws(12)
@given(data=st.data())
def test_no_condition_tells_values_of_a_class_apart(policy: str, data: st.DataObject) -> None:
    space = classes(policy)
    for part, found in ((part, space.of[part]) for part in space.single):
        one = data.draw(st.sampled_from(found))
        value = value_of(data, part, one, space)
        assert one.holds(value)
        for atom in space.single[part]:
            assert space.truth(atom, part, value) is space.truth(atom, part, one.value), (atom, value, one)


@pytest.mark.parametrize("policy", POLICIES)
def test_classes_of_dates_and_numbers_leave_no_gap(policy: str) -> None:
    space = classes(policy)
    for part, found in ((part, space.of[part]) for part in space.single):
        spans = [(one.low, one.high) for one in found if one.low is not None and one.high is not None]
        if part not in space.sampled:
            assert all(high + 1 == low for (_, high), (low, _) in pairwise(spans)), part
        assert all(low <= (number_of(one.value) or 0) <= high for one, (low, high) in zip(found[-len(spans) :], spans)), part


@pytest.mark.parametrize("policy", POLICIES)
def test_every_code_has_one_class(policy: str) -> None:
    """Codes that no rule names share a class, such as those for who agreed to a child becoming looked after, except `other`."""
    facts, space = load_program(policy).policy.vocabulary.facts, classes(policy)
    for part in space.single:
        if facts[part.fact].type == "enum" and part.key is None:
            assert [sum(one.holds(code) for one in space.of[part]) for code in facts[part.fact].values] == [
                1 for _ in facts[part.fact].values
            ], part


@pytest.mark.parametrize("policy", POLICIES)
@laws(30)
@given(data=st.data())
def test_every_value_has_its_class(policy: str, data: st.DataObject) -> None:
    """Every condition has the same truth for a recorded value as for its class."""
    program, space = load_program(policy), classes(policy)
    teams = [code.code for code in program.policy.vocabulary.codes["team"]]
    for fact in (name for name in space.facts if name in program.policy.vocabulary.recorded):
        raw = data.draw(value_for(program.policy.vocabulary.facts[fact], teams))
        typed = case(program, {fact: raw}).facts[fact]
        for part, value in space.split(fact, typed).items():
            if isinstance(part.key, tuple) and program.policy.vocabulary.calculated[part.key[0]].how == "some":
                continue  # covered by the other parts; an entry without its team has no class of its own
            signs = [space.truth(atom, part, value) for atom in space.single[part]]
            like = [[space.truth(atom, part, one.value) for atom in space.single[part]] for one in space.of[part]]
            assert signs in like, (part, value)


@pytest.mark.parametrize("policy", POLICIES)
@laws(15)
@given(data=st.data())
def test_a_value_put_together_from_its_parts_is_the_same_to_every_condition(policy: str, data: st.DataObject) -> None:
    program = load_program(policy)
    found = case(program, data.draw(facts(policy)))
    space = Classes(program.policy.vocabulary, [program.halves.atoms[n] for n in program.halves.conditions], found.as_of, found)
    for fact in set(found.facts) & set(space.facts):
        parts = space.split(fact, found.facts[fact])
        assert space.split(fact, space.assemble(fact, parts)) == parts
        assert all(any(one.holds(value) for one in space.of[part]) for part, value in parts.items())
