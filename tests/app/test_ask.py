"""The interview: council and child, the team, what has happened, one question at a time, then the answers to be checked."""

from __future__ import annotations

from datetime import date
from typing import Any

from streamlit.testing.v1 import AppTest

from tests.app.screen import assert_sound, go, opened, start, text

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
    assert "Council: is missing" in error.value
    assert "Case number: is missing" in error.value
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
    assert ["Your answer: is empty" in error.value for error in app.error] == [True]
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
    assert ["Your answer: is empty" in error.value for error in app.error] == [True]
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
    assert ["Your answer: is empty" in error.value for error in app.error] == [True]
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
