"""The interview: council and child, the team, what has happened, one question at a time, then the answers to be checked."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tests.app.screen import assert_sound, go, open_file, opened, pieces, start, text

NUMBER = "S-10440"
#: What is known of a child: each question with its reply; None is “not known”.
REPLIES: dict[str, Any] = {
    "Which team has this child open on the record?": "Assessment and Intervention Team",
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
        return press(app, "Not known")
    if isinstance(value, str):
        return press(app, value)
    every: list[Any] = [*app.date_input] if isinstance(value, date) else [*app.number_input]
    every[0].set_value(value)
    return press(app, "Continue")


def press(app: AppTest, label: str) -> AppTest:
    """Presses the only button with this label."""
    (found,) = [button for button in app.button if button.label == label]
    return found.click().run()


def place(app: AppTest) -> str:
    """How far the interview is, as the page says it."""
    (told,) = re.findall(r">((?:Question \d|A change)[^<]*)<", " ".join(pieces(app)))
    return str(told)


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


def test_not_known_goes_on_and_back_comes_back() -> None:
    app = go(begun(), "ask")
    assert [button.label for button in app.button if button.label == "Continue"] == [], "there is nothing to continue with"
    reply(app, "Assessment and Intervention Team")
    assert title_of(app) == "Since when has the team on the record had the child?"
    press(app, "Continue")
    assert ["Your answer: give one" in error.value for error in app.error] == [True]
    press(app, "Not known")
    assert_sound(app)
    assert title_of(app) == "What has happened, or is planned?"
    app.button(key="back").click().run()
    assert title_of(app) == "Since when has the team on the record had the child?"
    press(app, "Skip for now")
    app.button(key="back").click().run()
    app.button(key="back").click().run()
    assert title_of(app) == "Which team has this child open on the record?"
    reply(app, "Locality Team")
    app.button(key="back").click().run()
    assert [button.label for button in app.button if "(as recorded)" in button.label] == ["Locality Team (as recorded)"]


def test_one_click_answers_and_nothing_is_chosen_beforehand() -> None:
    app = go(opened("blackpool-5"), "ask")
    app.button(key="continue").click().run()
    assert title_of(app) == "Has the family agreed to early help?"
    assert [*app.radio] == []
    assert [button.label for button in app.button if str(button.key).startswith("reply-")] == ["Yes", "No"]
    press(app, "No")
    assert_sound(app)
    assert title_of(app) != "Has the family agreed to early help?"
    assert app.session_state["opened"].facts["family_consents_to_early_help"] is False


def test_a_list_has_its_entries_or_none() -> None:
    def asked() -> AppTest:
        app = go(open_file(start(), case_of("sefton", {"team_on_record": "none"})), "ask")
        app.button(key="continue").click().run()
        assert title_of(app) == "Which teams have closed this child before, and when?"
        return app

    app = asked()
    assert [button.label for button in app.button if str(button.key).startswith("reply-")] == ["None"]
    press(app, "None")
    assert_sound(app)
    assert app.session_state["opened"].facts["previous_involvements"] == []
    app = asked()
    press(app, "Continue")
    assert ["Your answer: give one" in error.value for error in app.error] == [True], "an empty entry is no answer"
    app.selectbox[0].select("locality_team")
    press(app, "Continue")
    assert_sound(app)
    assert app.session_state["opened"].facts["previous_involvements"] == [{"team": "locality_team"}]


def test_a_meeting_has_a_date_or_one_of_two_replies() -> None:
    app = go(begun("blackpool"), "ask")
    press(app, "Not known")
    next(box for box in app.checkbox if box.label.startswith("Court")).check()
    app.button(key="continue").click().run()
    while "Has not happened" not in [button.label for button in app.button]:
        press(app, "Not known")
        assert title_of(app) != "Check your answers"
    asked = title_of(app)
    press(app, "Continue")
    assert ["Your answer: give one" in error.value for error in app.error] == [True]
    assert title_of(app) == asked
    before = dict(app.session_state["opened"].facts)
    press(app, "Has not happened")
    assert title_of(app) != asked
    assert [value for name, value in app.session_state["opened"].facts.items() if name not in before] == [False]


@pytest.mark.parametrize(
    ("policy", "team", "grows"),
    [("blackpool", "Assessment and Support Team", True), ("sefton", "Assessment and Intervention Team", False)],
)
def test_what_is_said_of_the_way_ahead_stays_so(policy: str, team: str, grows: bool) -> None:
    """In each part the number to come falls by one or more with each question, else the page says why."""
    app = go(begun(policy), "ask")
    assert place(app) == "Question 1 of at most 2 about the team"
    reply(app, team)
    assert place(app) == "Question 2 of at most 2 about the team"
    reply(app, None)
    for box in app.checkbox:
        box.check()
    app.button(key="continue").click().run()
    before, grew = None, 0
    while title_of(app) != "Check your answers":
        told = place(app)
        found = re.fullmatch(r"Question (\d+): (?:(\d+) more to come|the last one)(, .*because.*)?, as things stand", told)
        assert found, told
        left = int(found[2] or 0)
        if before is not None:
            assert (left > before - 1) == bool(found[3]), told
            grew += bool(found[3])
        before = left
        press(app, "Yes, date not known" if "Yes, date not known" in [button.label for button in app.button] else "Not known")
    assert before == 0, "what is called the last one is the last one"
    assert (grew > 0) == grows, "whether some reply opens a further question"


def test_an_open_case_goes_on_with_its_own_questions() -> None:
    app = go(opened("blackpool-5"), "ask")
    assert "Case example-blackpool-5" in text(app)
    assert title_of(app) == "What has happened, or is planned?"
    app.button(key="continue").click().run()
    assert_sound(app)
    assert title_of(app) == "Has the family agreed to early help?"
    press(app, "Yes")
    assert app.session_state["opened"].facts["family_consents_to_early_help"] is True
    assert_sound(app)


def test_a_date_that_was_given_is_not_lost_on_the_way_to_the_check() -> None:
    app = go(begun(), "ask")
    reply(app, "Locality Team")
    app.date_input[0].set_value(date(2024, 9, 23))
    press(app, "Check your answers")
    assert_sound(app)
    assert title_of(app) == "Check your answers"
    assert app.session_state["opened"].facts["with_team_since"] == "2024-09-23"


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
        press(app, "Not known")
        assert_sound(app)
    return app


def test_each_way_to_change_an_answer_has_its_own_name() -> None:
    app = go(open_file(start(), case_of("sefton", CONFERENCE)), "ask")
    press(app, "Not known")
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
    press(app, "Not known")
    next(box for box in app.checkbox if box.label.startswith("Child protection")).check()
    app.button(key="continue").click().run()
    asked = []
    while title_of(app) != "Check your answers":
        asked.append(title_of(app))
        press(app, "Not known")
    assert "Since when has there been a child protection plan?" in asked
    assert "When is the initial child protection conference booked for?" not in asked
