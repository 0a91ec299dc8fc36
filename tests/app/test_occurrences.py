"""The form: events with several occurrences, and the day of the record."""

from __future__ import annotations

from datetime import date
from typing import Any

from streamlit.testing.v1 import AppTest

from explain.app import inputs
from kb.vocabulary.load import load_vocabulary
from queries.facts_used import facts_used
from queries.load import load_program
from tests.app.screen import assert_sound, go, open_file, start, text, widget

VOCABULARY = load_vocabulary()
HELD = "When was the initial child protection conference held?"
CONTACT = "On what date did the contact or referral arrive?"
DATE = "Date of the initial child protection conference"
LAST = f"{DATE}: the last time"


def form(raw: Any, fact: str = "icpc_held_on") -> AppTest:
    """An app with only the input of one fact, which keeps its value as the whole app does."""

    def page(raw: object, name: str) -> None:
        import streamlit as st

        from explain.app import inputs
        from kb.vocabulary.load import load_vocabulary

        vocabulary = load_vocabulary()
        fact = vocabulary.facts[name]

        def take() -> None:
            st.session_state["kept"] = inputs.read(fact, vocabulary, "here")

        inputs.show(fact, vocabulary, st.session_state.setdefault("kept", raw), "here", take)

    app = AppTest.from_function(page, args=(raw, fact), default_timeout=60).run()
    assert not app.exception
    return app


def kept(app: AppTest) -> Any:
    assert not app.exception
    return app.session_state["kept"]


def put(app: AppTest, label: str, day: str | None) -> AppTest:
    widget(app, "date_input", label).set_value(None if day is None else date.fromisoformat(day)).run()
    return app


def add(app: AppTest, day: str) -> AppTest:
    widget(app, "checkbox", inputs.AGAIN).check().run()
    return put(app, "A further date", day)


def test_a_further_date_takes_nothing_away() -> None:
    app = form("2022-05-10")
    assert kept(add(app, "2024-09-20")) == ["2022-05-10", "2024-09-20"]
    assert "Recorded as well: 10 May 2022." in text(app)
    assert widget(app, "date_input", LAST).value == date(2024, 9, 20)
    assert kept(add(app, "2023-01-01")) == ["2022-05-10", "2023-01-01", "2024-09-20"]
    assert "Recorded as well: 10 May 2022; 1 January 2023." in text(app)
    assert widget(app, "date_input", LAST).value == date(2024, 9, 20)
    assert [box.value for box in app.checkbox] == [False]


def test_the_last_date_is_changed_and_the_earlier_ones_stay() -> None:
    app = form(["2022-05-10", "2024-09-20"])
    assert kept(put(app, LAST, "2024-09-21")) == ["2022-05-10", "2024-09-21"]
    assert kept(put(app, LAST, "2021-01-01")) == ["2021-01-01", "2022-05-10"]
    assert widget(app, "date_input", LAST).value == date(2022, 5, 10)
    assert kept(put(app, LAST, "2021-01-01")) == "2021-01-01"
    assert widget(app, "date_input", DATE).value == date(2021, 1, 1)


def test_the_last_date_is_taken_out() -> None:
    app = form(["2021-01-01", "2022-05-10", "2024-09-20"])
    assert kept(put(app, LAST, None)) == ["2021-01-01", "2022-05-10"]
    assert kept(put(app, LAST, None)) == "2021-01-01"
    assert kept(put(app, DATE, None)) is None


def test_the_date_stays_when_the_choice_is_looked_at_again() -> None:
    app = form(["2022-05-10", "2024-09-20"])
    assert widget(app, "radio", HELD).value == inputs.ON_A_DAY
    widget(app, "radio", HELD).set_value(inputs.NOT_KNOWN).run()
    assert kept(app) is None
    widget(app, "radio", HELD).set_value(inputs.ON_A_DAY).run()
    assert kept(app) is None
    assert kept(put(app, DATE, "2024-09-22")) == "2024-09-22"


def test_a_contact_may_have_come_more_than_once() -> None:
    app = form("2022-05-10", "contact_received_on")
    assert kept(add(app, "2024-09-20")) == ["2022-05-10", "2024-09-20"]
    assert kept(put(app, f"{CONTACT}: the last time", "2024-09-19")) == ["2022-05-10", "2024-09-19"]


def test_what_has_one_date_takes_no_further_one() -> None:
    for fact in ("date_of_birth", "with_team_since", "icpc_booked_for"):
        assert list(form("2022-05-10", fact).checkbox) == []


def opened(**parts: Any) -> AppTest:
    facts = {"team_on_record": "assessment_and_support_team", "icpc_held_on": ["2022-05-10", "2024-09-20"]}
    document = {"case_id": "c1", "policy": "blackpool", "as_of": "2024-10-01", "facts": facts, **parts}
    return go(open_file(start(), document), "facts")


def test_several_dates_stand_in_the_table_and_can_be_added_to() -> None:
    app = opened()
    assert "Recorded as well: 10 May 2022." in text(app)
    add(app, "2024-09-30")
    assert_sound(app)
    assert "10 May 2022; 20 September 2024; 30 September 2024" in text(go(app, "why"))


def test_the_day_of_the_record_is_shown_changed_and_taken_out() -> None:
    label = "Day of the record, if it was drawn up later"
    app = opened(recorded_on="2024-10-05")
    assert widget(app, "date_input", label).value == date(2024, 10, 5)
    put(app, label, "2024-10-07")
    assert app.session_state["opened"].document["recorded_on"] == "2024-10-07"
    put(app, label, None)
    assert "recorded_on" not in app.session_state["opened"].document
    put(app, "Day of the answer", "2024-09-01")
    assert app.session_state["opened"].document["recorded_on"] == "2024-10-01"
    assert widget(app, "date_input", label).value == date(2024, 10, 1)
    assert_sound(app)


def test_the_form_asks_for_the_facts_of_this_policy_only() -> None:
    app = opened()
    for group in VOCABULARY.groups:
        app.session_state[f"group:{edition(app)}:{VOCABULARY.groups.index(group)}"] = True
    app.run()
    inputs_shown: list[Any] = [w for kind in ("radio", "selectbox", "date_input", "number_input") for w in app.get(kind)]
    asked = {shown.label for shown in inputs_shown}
    own = {VOCABULARY.facts[name].question for name in facts_used(load_program("blackpool"))}
    assert VOCABULARY.facts["with_team_since"].question in asked
    others = {fact.question for fact in VOCABULARY.facts.values()} - own
    assert VOCABULARY.facts["plan_smart"].question in others, "a check of the other council"
    assert asked & others == set()


def edition(app: AppTest) -> str:
    return f"{app.session_state['name']}-{app.session_state['cases']}"


def test_a_fact_is_found_by_the_words_people_use() -> None:
    app = opened()
    widget(app, "text_input", "Find a fact").set_value("letter").run()
    assert_sound(app)
    assert [radio.label for radio in app.radio] == [VOCABULARY.facts["transfer_letters_sent"].question]
    widget(app, "text_input", "Find a fact").set_value("icpc").run()
    assert VOCABULARY.facts["icpc_held_on"].question in [radio.label for radio in app.radio]
    widget(app, "text_input", "Find a fact").set_value("zebra").run()
    assert "0 facts found." in text(app)
