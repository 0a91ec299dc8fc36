"""Numbers in messages stand with their noun in singular or plural."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.errors import MAX_FAULTS, Fault, InputError, many
from tests.helpers import START, make_policy, whichteam


@pytest.mark.parametrize(
    ("count", "noun", "nouns", "told"),
    [
        (0, "argument", "", "0 arguments"),
        (1, "argument", "", "1 argument"),
        (2, "argument", "", "2 arguments"),
        (1, "child", "children", "1 child"),
        (1_200, "child", "children", "1,200 children"),
    ],
)
def test_one_and_many(count: int, noun: str, nouns: str, told: str) -> None:
    assert many(count, noun, nouns) == told


@pytest.mark.parametrize(("more", "told"), [(1, "1 more fault is not told here"), (2, "2 more faults are not told here")])
def test_faults_that_are_not_told(more: int, told: str) -> None:
    error = InputError([Fault("here", "is wrong")] * (MAX_FAULTS + more))
    assert str(error.faults[-1]) == f"the rest: {told}\n    put these right first"


def test_one_file_that_is_laid_out(tmp_path: Path) -> None:
    home = make_policy(tmp_path, "@clause t1.\n\nfront_door(alpha).\n")
    assert whichteam("fmt", home).out.splitlines()[-1].endswith("laid out")
    assert whichteam("fmt", home).out == "1 file, laid out\n"
    (home / "more.dl").write_text("", encoding="utf-8")
    assert whichteam("fmt", home).out == "2 files, all laid out\n"


def test_rules_that_are_counted(tmp_path: Path) -> None:
    ran = whichteam("coverage", make_policy(tmp_path, START))
    assert ran.out.splitlines()[0] == "tiny: 1 clause"
