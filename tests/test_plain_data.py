"""`kb.plain_data`: values survive a round trip, and damaged data never give another object."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.plain_data import Damaged, classes_in, from_plain, to_plain
from kb.program import Program
from tests.helpers import program


@dataclass(frozen=True)
class Leaf:
    name: str
    number: int | None = None
    kind: Literal["plain", "odd"] = "plain"


@dataclass(frozen=True)
class Tree:
    first: Leaf | Tree
    rest: tuple[Leaf, ...]
    by_name: dict[tuple[str, int], Leaf]
    marks: frozenset[int] = frozenset()
    whole: bool = True


LEAVES = st.builds(Leaf, st.text(), st.none() | st.integers(), st.sampled_from(["plain", "odd"]))
TREES = st.recursive(
    LEAVES,
    lambda inside: st.builds(
        Tree,
        inside,
        st.lists(LEAVES).map(tuple),
        st.dictionaries(st.tuples(st.text(), st.integers()), LEAVES),
        st.frozensets(st.integers()),
        st.booleans(),
    ),
    max_leaves=5,
)


@given(st.builds(Tree, TREES, st.just(()), st.just({})))
def test_a_value_comes_back_as_it_was(tree: Tree) -> None:
    assert from_plain(Tree, json.loads(json.dumps(to_plain(Tree, tree)))) == tree


def test_a_program_comes_back_as_it_was(tmp_path: Path) -> None:
    """Including the order of its parts and the positions of its rules, which equality ignores."""
    made = program(tmp_path)
    back = from_plain(Program, json.loads(json.dumps(to_plain(Program, made))))
    assert [getattr(back, part.name) for part in fields(back)] == [getattr(made, part.name) for part in fields(made)]
    same_set = replace(back, halves=replace(back.halves, definite=made.halves.definite))  # the order of a set's repr is arbitrary
    assert repr(same_set) == repr(made)


def test_an_object_that_is_used_twice_is_kept_once() -> None:
    leaf = Leaf("one")
    back = from_plain(Tree, to_plain(Tree, Tree(leaf, (leaf, leaf), {})))
    assert back.rest[0] is back.rest[1] is back.first


def test_the_classes_that_a_program_is_made_of() -> None:
    assert {kept.__name__ for kept in classes_in(Program)} == {
        "AtTime", "Atom", "Calculated", "Clause", "ClauseMark", "Code", "Constant", "DayOf", "Fact", "FixedDate",
        "GroundRule", "Group", "HalfProgram", "HalfRule", "Literal", "LookupTable", "OnOrAfter", "Policy", "Position",
        "Predicate", "Program", "Reading", "Rule", "Shifted", "Shown", "Signature", "Tally", "ValueOf", "Variable", "Vocabulary",
    }  # fmt: skip


LEAF = [["Leaf", [["one"], [1], ["plain"]]]]


@pytest.mark.parametrize(
    "plain",
    [
        None,
        [],
        [LEAF],
        [LEAF, [0], []],
        [LEAF, [1]],  # no such object
        [LEAF, [-1]],
        [LEAF, [True]],
        [LEAF, [0.0]],
        [LEAF, ["0"]],
        [LEAF, []],
        [LEAF, [0, 0]],
        [[["Path", [["one"]]]], [0]],  # a class that is not declared
        [[["os.system", [["touch harmed"]]]], [0]],
        [[["Leaf", [["one"], [1]]]], [0]],  # a field too few
        [[["Leaf", [["one"], [1], ["plain"], [1]]]], [0]],
        [[["Leaf", [["one", "two"], [1], ["plain"]]]], [0]],  # columns of two lengths
        [[["Leaf", [[1], [1], ["plain"]]]], [0]],  # a number for a text
        [[["Leaf", [["one"], ["1"], ["plain"]]]], [0]],
        [[["Leaf", [["one"], [True], ["plain"]]]], [0]],  # true is not 1
        [[["Leaf", [["one"], [1.5], ["plain"]]]], [0]],
        [[["Leaf", [["one"], [1], ["other"]]]], [0]],  # not one of the values declared
        [[["Leaf", [["one"], [[]], ["plain"]]]], [0]],
        [[["Leaf", {"name": ["one"]}]], [0]],
        [[["Leaf", ["one", [1], ["plain"]]]], [0]],
    ],
)
def test_what_is_not_as_declared_is_damaged(plain: Any) -> None:
    with pytest.raises(Damaged):
        from_plain(Leaf, plain)


@pytest.mark.parametrize(
    "columns",
    [
        [[0], [[1], [0]], [[1], [["a"], [1]], [0]], [[1], [7]], [1]],  # 1 is not true
        [[0], [[2], [0]], [[1], [["a"], [1]], [0]], [[1], [7]], [True]],  # one leaf where two are counted
        [[0], [[-1], [0]], [[1], [["a"], [1]], [0]], [[1], [7]], [True]],
        [[0], [[1], [0]], [[1], [["a"], ["1"]], [0]], [[1], [7]], [True]],
        [[0], [[1], [0]], [[1], [["a"]], [0]], [[1], [7]], [True]],  # half a key
        [[0], [[1], [0]], [[1], [["a"], [1]]], [[1], [7]], [True]],  # no values
        [[1], [[1], [0]], [[1], [["a"], [1]], [0]], [[1], [7]], [True]],  # itself inside itself
    ],
)
def test_what_is_inside_is_checked_too(columns: Any) -> None:
    good = [[0], [[1], [0]], [[1], [["a"], [1]], [0]], [[1], [7]], [True]]
    leaf = Leaf("one", 1)
    assert from_plain(Tree, [[*LEAF, ["Tree", good]], [1]]) == Tree(leaf, (leaf,), {("a", 1): leaf}, frozenset([7]))
    with pytest.raises(Damaged):
        from_plain(Tree, [[*LEAF, ["Tree", columns]], [1]])


def test_what_is_no_plain_data_is_not_taken() -> None:
    with pytest.raises(TypeError, match="can't be kept as plain data"):
        to_plain(Path, Path("a"))
    with pytest.raises(TypeError, match="not as declared"):
        to_plain(Leaf, Leaf(1))  # type: ignore[arg-type]
