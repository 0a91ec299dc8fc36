"""The Checks page: findings with their clauses, and the smallest case, which opens on the first page."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from kb.engines.forward import Forward
from kb.program import Program
from kb.space import ORDINARY_DAY
from queries.check import no_team, outcome
from queries.check.subject import Subject
from queries.decide import decide
from queries.load import load_program
from tests.app.screen import assert_sound, go, start, text


@pytest.fixture
def only_one_check(monkeypatch: pytest.MonkeyPatch) -> Program:
    """Only one quick check instead of all, which take half a minute."""
    monkeypatch.setattr("queries.check.CHECKS", (no_team,))
    return load_program("blackpool")


def test_findings_are_told_with_clauses_and_what_to_do(only_one_check: Program) -> None:
    app = go(start(), "checks")
    app.button(key="check").click().run()
    assert_sound(app)
    found = no_team.find(Subject(only_one_check, ORDINARY_DAY))
    told = text(app)
    assert f"{len(found.findings)} findings; {found.proved} things are in order, in every case." in told
    assert found.findings
    for finding in found.findings:
        answer = only_one_check.policy.vocabulary.label("status", finding.answer)
        assert [line for line in (finding.says[1:], answer, finding.advice, *finding.clauses) if line not in told] == []


def test_the_smallest_case_of_a_finding_is_opened(only_one_check: Program) -> None:
    app = go(start(), "checks")
    app.button(key="check").click().run()
    found = outcome(no_team, Subject(only_one_check, ORDINARY_DAY)).findings
    cases = [finding.case for finding in found if finding.case is not None and not finding.one_step]
    opener = next(b for b in app.button if b.label.startswith("Open the case of "))
    opener.click().run()
    assert not app.exception
    go(app, "why")
    case = next(case for case in cases if dict(case.facts) == app.session_state["opened"].case().facts)
    assert decide(only_one_check, case, Forward()).status != "decided"
    assert f"Case {case.case_id} " in text(app)


# Compare two --------------------------------------------------------------------------------


def comparing() -> AppTest:
    app = go(start(), "checks")
    app.segmented_control(key="checks-section").set_value("Compare two").run()
    assert_sound(app)
    return app


def compared_with(setting: str) -> AppTest:
    """The page comparing Blackpool's policy with another setting."""
    app = comparing()
    app.selectbox(key="compare-reading").select(setting).run()
    app.button(key="compare").click().run()
    assert_sound(app)
    return app


def test_two_readings_that_differ_are_told_with_a_case() -> None:
    app = compared_with("Where a text says only “days”, working days are counted.")
    told = text(app)
    assert "They differ in: deadlines." in told
    assert "Proved the same in every case: team, possible teams, move," in told
    assert "The smallest case" in told
    assert told.count("Where a text says only “days”, working days are counted.") == 1
    assert "Where a text says only “days”, both calendar days and working days are counted." in told
    app.button(key="open-difference-1").click().run()
    assert not app.exception
    go(app, "why")
    program = load_program("blackpool")
    case = app.session_state["opened"].case()
    working = load_program("blackpool", {"day_count": "working"})
    one, other = (decide(found, case, Forward()).deadlines for found in (program, working))
    assert one != other


def test_equivalent_settings_are_proved_equivalent() -> None:
    told = text(compared_with("While a dispute is open, the sending team holds the child."))
    assert "The two answer every case alike: proved." in told


def test_a_team_of_the_other_council_stands_for_one_only() -> None:
    app = comparing()
    app.segmented_control(key="compare-with").set_value("Another council").run()
    app.selectbox(key="compare-council").select("sefton").run()
    assert_sound(app)
    app.selectbox(key="pair-sefton-request_for_support_hub").select("mash").run()
    assert_sound(app)
    app.selectbox(key="pair-sefton-assessment_and_support_team").select("mash").run()
    assert [error.value for error in app.error] == [
        "This can't be used as it is:\n\n"
        "- Assessment and Support Team: Multi-agency Safeguarding Hub is chosen twice — choose another team for one of the two"
    ]
