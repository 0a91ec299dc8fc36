"""`whichteam codes` lists what an answer may name, by kind, a policy's own first."""

from __future__ import annotations

from pathlib import Path

import pytest

from explain.code_list import HEADINGS
from kb.vocabulary.model import KINDS
from tests.helpers import make_policy, whichteam

#: Kinds whose codes the program gives by itself; no policy has its own.
NOT_LISTED = {"contradiction", "status", "move_status", "day_count", "answer"}


def test_each_kind_that_a_policy_may_have_is_listed() -> None:
    assert set(HEADINGS) | NOT_LISTED == set(KINDS)


def test_the_codes_of_a_policy_come_before_the_shared_ones(tmp_path: Path) -> None:
    ran = whichteam("codes", "--policy", make_policy(tmp_path))
    lines = ran.out.splitlines()
    assert ran.code == 0
    assert [line.split()[0] for line in lines[:4]] == ["Teams", "alpha", "beta", "gamma"]
    points = lines[lines.index("Transfer points") + 1 :]
    assert [line.split()[0] for line in points[:3]] == ["handover", "goodbye", "managers_agreement"]
    assert [line for line in lines if not line.startswith(" ")] == [
        *("Teams", "Instead of a team", "Transfer points", "Gates", "Duties", "Deadlines", "Findings", "Attendance"),
        *("Co-working", "Escalations", "Meetings", "Bodies"),
    ]


def test_without_a_policy_the_shared_ones_are_listed() -> None:
    lines = whichteam("codes").out.splitlines()
    assert "Teams" not in lines
    assert "Transfer points" in lines


@pytest.mark.parametrize(
    ("word", "out"),
    [
        ("PAPERS", "Gates\n  papers_ready  the papers are ready\n"),
        ("this is odd", "Findings\n  odd  This is odd.\n"),
        ("icpc", "Transfer points\n  initial_child_protection_conference  the initial child protection conference  also: "
         "ICPC; Child Protection Conference\n"),
    ],
)  # fmt: skip
def test_a_word_is_looked_for_in_code_label_and_aliases(tmp_path: Path, word: str, out: str) -> None:
    ran = whichteam("codes", word, "--policy", make_policy(tmp_path))
    assert (ran.code, ran.out) == (0, out)


def test_a_word_that_no_code_has(tmp_path: Path) -> None:
    ran = whichteam("codes", "zzz", "--policy", make_policy(tmp_path))
    assert (ran.code, ran.out, ran.err) == (2, "", "error: codes: no code contains `zzz`\n    try a shorter word\n")
