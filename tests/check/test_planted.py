"""Faults planted in the two policies are found by their checks, and by a clause that was not named before."""

from __future__ import annotations

import shutil
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from kb.policy import find_policy, load_policy
from kb.program import compile_policy
from queries.check import Finding, run
from queries.load import load_program
from tests.check.planted import PLANTED, Planted


@cache
def before(policy: str, check: str) -> tuple[str, ...]:
    return tuple(finding.says for finding in run(load_program(policy), [check]).findings)


def planted_in(planted: Planted, folder: Path) -> list[Finding]:
    """What the check finds in the edited policy and not in the policy as it is."""
    home = folder / planted.policy
    shutil.copytree(find_policy(planted.policy), home)
    edited = 0
    for file in home.glob("*.dl"):
        text = file.read_text(encoding="utf-8")
        edited += text.count(planted.old)
        file.write_text(text.replace(planted.old, planted.new), encoding="utf-8")
    assert edited == 1, "the edit has to stand in one place"
    report = run(compile_policy(load_policy(home)), [planted.check])
    left = Counter(before(planted.policy, planted.check))
    left.subtract(finding.says for finding in report.findings)
    return [finding for finding in report.findings if left[finding.says] < 0]


@pytest.mark.parametrize("planted", PLANTED, ids=lambda p: f"{p.check}-{p.clause or p.policy}")
def test_a_planted_fault_is_found(planted: Planted, tmp_path: Path) -> None:
    found = planted_in(planted, tmp_path)
    assert found, "nothing new was found"
    assert any(planted.clause in finding.clauses or not planted.clause for finding in found)
