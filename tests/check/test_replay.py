"""Cases found in the two policies show what their findings claim, when the engine is asked."""

from __future__ import annotations

import pytest

from queries.check import run
from queries.check.replay import shows
from queries.load import load_program


@pytest.mark.parametrize("policy", ["blackpool", "sefton"])
def test_a_sample_is_shown(policy: str) -> None:
    program = load_program(policy)
    findings = [finding for finding in run(program, ["discretion"]).findings if finding.case is not None]
    assert findings
    assert [finding.says for finding in findings if not shows(program, finding)] == []
