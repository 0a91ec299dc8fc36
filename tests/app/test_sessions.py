"""Sessions are isolated: two at once with different cases and policies, and many clicks in both."""

from __future__ import annotations

import random

from streamlit.testing.v1 import AppTest

from explain.answer import headline
from tests.app.screen import all_samples, decided, start, text

SAMPLES = all_samples()
CLICKS = 100


def expected(key: str) -> str:
    return headline(decided(SAMPLES[key]))


def shows(app: AppTest, key: str) -> None:
    """Asserts that the page shows this sample, and nothing of another."""
    assert not app.exception
    assert [title.value for title in app.title] == [expected(key)]
    told = text(app)
    others = {sample.case["case_id"] for sample in SAMPLES.values()} - {SAMPLES[key].case["case_id"]}
    assert f"Case {SAMPLES[key].case['case_id']} " in told
    assert [other for other in others if f"{other} " in told] == []


def test_a_hundred_clicks_between_two_sessions_never_mix() -> None:
    chance = random.Random(7)
    keys = {
        "blackpool": [k for k in SAMPLES if k.startswith("blackpool")],
        "sefton": [k for k in SAMPLES if k.startswith("sefton")],
    }
    sessions = {code: start() for code in keys}
    for _ in range(CLICKS):
        code = chance.choice(list(keys))
        key = chance.choice(keys[code])
        sessions[code].selectbox(key="case").select(key).run()
        shows(sessions[code], key)


def test_what_one_session_tries_and_records_is_its_own() -> None:
    first, second = start(), start()
    first.session_state["tried"] = {"icpc_held_on": False}
    first.run()
    second.run()
    assert "You are trying something" in text(first)
    assert "You are trying something" not in text(second)
    first.button(key="keep").click().run()
    second.run()
    assert [t.value for t in first.title] == ["On 20 November 2024 Assessment and Support Team holds the child."]
    assert [t.value for t in second.title] == ["On 20 November 2024 Strengthening and Supporting Families holds the child."]
    assert [t.value for t in start().title] == [t.value for t in second.title], "the sample itself is as it was"
