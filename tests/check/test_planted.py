"""Faults planted in the two policies are found by their checks, and by a clause that was not named before.

The faults that one check has to find in one policy are planted together, as making and searching a policy takes seconds.
"""

from __future__ import annotations

import shutil
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from kb.policy import find_policy, load_policy
from kb.program import Program, compile_policy
from kb.space import ORDINARY_DAY
from queries.check import CHECKS, Finding, outcome
from queries.check.subject import Subject
from queries.load import load_program
from tests.check.planted import PLANTED, Planted

MODULES = {module.NAME: module for module in CHECKS}
TOGETHER: dict[tuple[str, str], list[Planted]] = {}
for fault in PLANTED:
    TOGETHER.setdefault((fault.policy, fault.check), []).append(fault)


@cache
def subject(policy: str) -> Subject:
    """A policy as it is; its checks share one search."""
    return Subject(load_program(policy), ORDINARY_DAY)


def planted_in(policy: str, faults: list[Planted], folder: Path) -> Program:
    """The policy with all these faults."""
    home = folder / policy
    shutil.copytree(find_policy(policy), home)
    for fault in faults:
        edited = 0
        for file in home.glob("*.dl"):
            text = file.read_text(encoding="utf-8")
            edited += text.count(fault.old)
            file.write_text(text.replace(fault.old, fault.new), encoding="utf-8")
        assert edited == 1, "the edit has to stand in one place"
    return compile_policy(load_policy(home))


def new_findings(check: str, policy: str, planted: Program) -> list[Finding]:
    """What the check finds in the edited policy and not in the policy as it is."""
    found = outcome(MODULES[check], Subject(planted, ORDINARY_DAY)).findings
    left = Counter(finding.says for finding in outcome(MODULES[check], subject(policy)).findings)
    left.subtract(finding.says for finding in found)
    return [finding for finding in found if left[finding.says] < 0]


@pytest.mark.parametrize(("policy", "check"), TOGETHER)
def test_planted_faults_are_found(policy: str, check: str, tmp_path: Path) -> None:
    faults = TOGETHER[policy, check]
    found = new_findings(check, policy, planted_in(policy, faults, tmp_path))
    assert len(found) >= len(faults)
    clauses = {clause for finding in found for clause in finding.clauses}
    assert [fault for fault in faults if fault.clause and fault.clause not in clauses] == []
