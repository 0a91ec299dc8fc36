"""Checks: findings with their clauses, and the smallest case that opens on the first page."""

from __future__ import annotations

import pytest

from kb.engines.forward import Forward
from kb.program import Program
from queries.check import ORDINARY_DAY, no_team
from queries.check.subject import Subject
from queries.decide import decide
from queries.load import load_program
from tests.app.screen import assert_sound, go, start, text


@pytest.fixture
def only_one_check(monkeypatch: pytest.MonkeyPatch) -> Program:
    """One quick check, that the page may run to its end; all of them take half a minute."""
    monkeypatch.setattr("queries.check.CHECKS", (no_team,))
    return load_program("blackpool")


def test_findings_are_told_with_clauses_and_what_to_do(only_one_check: Program) -> None:
    app = go(start(), "checks")
    app.button(key="check").click().run()
    assert_sound(app)
    outcome = no_team.find(Subject(only_one_check, ORDINARY_DAY))
    told = text(app)
    assert f"{len(outcome.findings)} findings; {outcome.proved} things proved free of fault." in told
    assert outcome.findings
    for finding in outcome.findings:
        assert [line for line in (finding.says[1:], finding.answer, finding.advice, *finding.clauses) if line not in told] == []


def test_the_smallest_case_of_a_finding_is_opened(only_one_check: Program) -> None:
    app = go(start(), "checks")
    app.button(key="check").click().run()
    finding = next(f for f in no_team.find(Subject(only_one_check, ORDINARY_DAY)).findings if f.case is not None)
    assert finding.case is not None
    opener = next(b for b in app.button if b.label.startswith("Open the case of "))
    opener.click().run()
    assert not app.exception
    go(app, "why")
    assert app.session_state["opened"].case().facts == dict(finding.case.facts)
    assert decide(only_one_check, finding.case, Forward()).status != "decided"
    assert f"Case {finding.case.case_id} " in text(app)
