"""A reading that changes nothing, one that does, and one that no rule asks for."""

from __future__ import annotations

import pytest

from kb.program import Program
from kb.space import ORDINARY_DAY
from queries.check import idle_reading
from queries.check.settings import alternatives, under
from queries.check.subject import Subject
from tests.check.checks import MOVES
from tests.helpers import program

BOTH = """@clause t4.
duty(call_back) :- reading(mood, calm), known unborn.
duty(call_back) :- reading(mood, stern), known unborn.
duty(call_back) :- reading(mood, glad), known threshold_met.
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Program:
    return program(tmp_path_factory.mktemp("idle"), MOVES + BOTH)


def test_what_changes_an_answer(made: Program) -> None:
    subject = Subject(made, ORDINARY_DAY)
    changes = {setting: idle_reading.changes(subject, under(made, "mood", setting)) for setting in ("stern", "glad")}
    assert changes == {"stern": False, "glad": True}


def test_a_reading_that_no_rule_asks_for(made: Program) -> None:
    assert idle_reading.changes(Subject(made, ORDINARY_DAY), under(made, "span", "30")) is False


def test_the_ends_of_a_range_are_tried(made: Program) -> None:
    assert list(alternatives(made, made.policy.readings["span"])) == ["1", "30"]
