"""A rule that adds nothing to another."""

from __future__ import annotations

from pathlib import Path

from tests.check.checks import MOVES, found

NAME = "covered-rule"
RULES = """@clause t4.
duty(call_back) :- known threshold_level(Level), Level >= 3.
@clause t5.
duty(call_back) :- {condition}.
"""


def test_covered(tmp_path: Path) -> None:
    (finding,) = found(NAME, tmp_path, MOVES + RULES.format(condition="known threshold_level(4)"))
    assert finding.weight == "note"
    assert finding.says == "Whenever this rule of t5 fires, another (t4) concludes the same `duty`."
    assert (finding.clauses, finding.where) == (("t5", "t4"), ("tiny/rules.dl:12:1",))


def test_not_covered(tmp_path: Path) -> None:
    assert found(NAME, tmp_path, MOVES + RULES.format(condition="known threshold_level(2)")) == []
