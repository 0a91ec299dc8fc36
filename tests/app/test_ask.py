"""The interview: council and child, the team, what has happened, one question at a time, then the answers to be checked."""

from __future__ import annotations

from datetime import date
from html import unescape
from typing import Any

from streamlit.testing.v1 import AppTest

from tests.app.screen import assert_sound, go, open_file, opened, pieces, start, text

NUMBER = "S-10440"
#: What is known of a child: each question with its reply; None is “not known”.
REPLIES: dict[str, Any] = {
    "Which team has this child open on the record?": "assessment_and_intervention_team",
    "Since when has the team on the record had the child?": date(2024, 9, 23),
    "When was the first child in need meeting held?": date(2024, 11, 15),
    "How many weeks was the child in need plan expected to take at the start?": 16,
}


def begun(policy: str | None = "sefton", number: str = NUMBER) -> AppTest:
    app = start()
    app.button(key="start-questions").click().run()
    go(app, "ask")
    app.radio(key="new-policy").set_value(policy)
    app.text_input(key="new-number").set_value(number)
    app.date_input(key="new-day").set_value(date(2024, 11, 18))
    app.button(key="new-start").click().run()
    return app


def title_of(app: AppTest) -> str:
    return str(app.title[0].value)


def reply(app: AppTest, value: Any) -> AppTest:
    """Gives a reply to the question that is asked, or says that it is not known."""
    if value is None:
        return app.button(key="not-known").click().run()
    if isinstance(value, date) and [radio for radio in app.radio if "On this date" in radio.options]:
        app.radio[0].set_value("On this date").run()
    every: list[Any] = [*app.date_input] if isinstance(value, date) else [*app.number_input, *app.radio]
    every[0].set_value(value)
    return app.button(key="continue").click().run()


def test_the_first_step_needs_a_council_and_a_case_number() -> None:
    app = begun(None, "")
    (error,) = app.error
    assert "Council: choose one" in error.value
    assert "Case number: give the number" in error.value
    app = begun("sefton", "Jane Doe")
    assert ["is not a case id" in error.value for error in app.error] == [True]
    assert "opened" not in app.session_state


def test_questions_lead_to_a_checked_answer() -> None:
    app = go(begun(), "ask")
    assert_sound(app)
    assert f"Case {NUMBER}" in text(app)
    asked: list[str] = []
    while (shown := title_of(app)) != "Check your answers":
        if shown == "What has happened, or is planned?":
            widget_of = next(box for box in app.checkbox if box.label.startswith("Child in need"))
            widget_of.check()
            app.button(key="continue").click().run()
        else:
            assert "Why we ask" in [header.value for header in app.header]
            asked.append(shown)
            reply(app, REPLIES.get(shown))
        assert_sound(app)
        assert len(asked) < 20
    assert [question for question in REPLIES if question not in asked] == []
    assert len(asked) == len(set(asked)), "nothing is asked twice"
    assert "The first child in need meeting 15 November 2024" in text(app)
    app.button(key="again-cin_plan_expected_weeks").click().run()
    assert title_of(app) == "How many weeks was the child in need plan expected to take at the start?"
    reply(app, 12)
    assert title_of(app) == "Check your answers", "a change leads back to the check"
    app.button(key="see-answer").click().run()
    assert title_of(go(app, "why")) == "Assessment and Intervention Team has the child, since 23 September 2024"


def test_an_empty_answer_is_told_and_not_known_goes_on() -> None:
    app = go(begun(), "ask")
    app.button(key="continue").click().run()
    assert ["Your answer: give one" in error.value for error in app.error] == [True]
    app.button(key="not-known").click().run()
    assert_sound(app)
    assert title_of(app) != "Which team has this child open on the record?"
    app.button(key="back").click().run()
    assert title_of(app) == "Which team has this child open on the record?"


def test_nothing_is_chosen_beforehand_and_no_click_stands_for_an_answer() -> None:
    app = go(opened("blackpool-5"), "ask")
    app.button(key="continue").click().run()
    assert title_of(app) == "Has the family agreed to early help?"
    assert (app.radio[0].value, app.radio[0].options) == (None, ["Yes", "No"]), "the button below says “not known”"
    app.button(key="continue").click().run()
    assert ["Your answer: give one" in error.value for error in app.error] == [True]
    assert title_of(app) == "Has the family agreed to early help?"


def test_a_date_that_was_not_given_is_asked_for() -> None:
    app = go(begun("blackpool"), "ask")
    app.button(key="not-known").click().run()
    next(box for box in app.checkbox if box.label.startswith("Court")).check()
    app.button(key="continue").click().run()
    while not app.radio or "On this date" not in app.radio[0].options:
        app.button(key="not-known").click().run()
        assert title_of(app) != "Check your answers"
    asked = title_of(app)
    app.radio[0].set_value("On this date").run()
    app.button(key="continue").click().run()
    assert ["Your answer: give one" in error.value for error in app.error] == [True]
    assert title_of(app) == asked


def test_an_open_case_goes_on_with_its_own_questions() -> None:
    app = go(opened("blackpool-5"), "ask")
    assert "Case example-blackpool-5" in text(app)
    assert title_of(app) == "What has happened, or is planned?"
    app.button(key="continue").click().run()
    assert_sound(app)
    assert title_of(app) == "Has the family agreed to early help?"
    app.radio[0].set_value("Yes")  # a reply that was given is not lost where the check is gone to without “Continue”
    app.button(key="to-check").click().run()
    assert_sound(app)
    assert title_of(app) == "Check your answers"
    assert app.session_state["opened"].facts["family_consents_to_early_help"] is True


#: A child of nine whose contact came with a safeguarding concern, and one of seven whose conference made a plan.
CONTACT = {"team_on_record": "none", "date_of_birth": "2017-05-03", "threshold_level": 3}
CONFERENCE = {
    "team_on_record": "assessment_and_intervention_team", "date_of_birth": "2019-02-14", "icpc_held_on": "2026-11-24",
    "icpc_outcome": "child_protection_plan",
}  # fmt: skip


def case_of(policy: str, facts: dict[str, Any]) -> dict[str, Any]:
    return {"case_id": "t-9", "policy": policy, "as_of": "2026-12-01", "facts": facts}


def why(app: AppTest) -> list[str]:
    """What each reply would mean, line by line."""
    told = [unescape(piece) for piece in pieces(app) if '<div class="soft">' in piece and "<li><strong>" in piece]
    return [line.split("</li>")[0].replace("</strong>", "") for piece in told for line in piece.split("<li><strong>")[1:]]


def asked_until(app: AppTest, question: str, *stages: str) -> AppTest:
    """Ticks stages, and says “not known” until a question is asked."""
    for box in app.checkbox:
        if box.label.startswith(stages):
            box.check()
    app.button(key="continue").click().run()
    while title_of(app) != question:
        assert title_of(app) != "Check your answers"
        app.button(key="not-known").click().run()
        assert_sound(app)
    return app


def test_each_way_to_change_an_answer_has_its_own_name() -> None:
    app = go(open_file(start(), case_of("sefton", CONFERENCE)), "ask")
    app.button(key="not-known").click().run()
    app.button(key="continue").click().run()
    while title_of(app) != "Check your answers":
        app.button(key="to-check").click().run()
    labels = [button.label for button in app.button if str(button.key).startswith("again-")]
    assert "Change the team on record" not in labels, "the label of the fact is used"
    assert "Change the date of birth" in labels
    assert len(labels) == len(set(labels)) == len(CONFERENCE) + 1
    assert sorted({label.split()[0] for label in labels}) == ["Answer", "Change"]


def test_why_a_team_is_asked_for_says_once_that_a_team_on_record_has_the_child() -> None:
    app = go(begun(), "ask")
    lines = why(app)
    assert lines[-1] == "Any other team: that team has the child."
    assert not any(line.startswith(("Locality Team:", "Closed to social work", "No team named")) for line in lines)


def test_days_long_before_the_birth_of_an_older_child_are_not_told() -> None:
    asked = "When did the front-door manager confirm the threshold decision?"
    app = asked_until(go(open_file(start(), case_of("blackpool", CONTACT)), "ask"), asked, "The contact")
    assert why(app)
    assert [line for line in why(app) if line.startswith("2 May 2017 or earlier")] == []
    young = case_of("blackpool", {**CONTACT, "date_of_birth": "2026-05-03"})
    app = asked_until(go(open_file(start(), young), "ask"), asked, "The contact")
    assert any(line.startswith("2 May 2026 or earlier") for line in why(app))


def test_a_day_of_something_else_is_not_called_that_day() -> None:
    facts = {**CONTACT, "threshold_decision_on": "2026-12-01", "previous_involvements": [], "needs_coordinated_support": False}
    asked = "On what date did the contact or referral arrive?"
    app = asked_until(go(open_file(start(), case_of("blackpool", facts)), "ask"), asked, "The contact")
    assert why(app) == ["3 May 2017 or later: Assessment and Support Team has the child, since Tuesday 1 December 2026."]


def test_a_meeting_that_was_held_is_not_asked_for_as_booked() -> None:
    app = go(open_file(start(), case_of("sefton", CONFERENCE)), "ask")
    app.button(key="not-known").click().run()
    next(box for box in app.checkbox if box.label.startswith("Child protection")).check()
    app.button(key="continue").click().run()
    asked = []
    while title_of(app) != "Check your answers":
        asked.append(title_of(app))
        app.button(key="not-known").click().run()
    assert "Since when has there been a child protection plan?" in asked
    assert "When is the initial child protection conference booked for?" not in asked
