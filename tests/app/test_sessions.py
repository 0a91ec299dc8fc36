"""Sessions are isolated: two at once with different cases and policies, and many clicks in both."""

from __future__ import annotations

import random

from streamlit.testing.v1 import AppTest

from explain.standing import title as title_of
from tests.app.screen import all_samples, choose, decided, opened, start, text

SAMPLES = all_samples()
CLICKS = 40


def expected(key: str) -> str:
    return title_of(decided(SAMPLES[key]))


def shows(app: AppTest, key: str) -> None:
    """Asserts that the page shows this sample, and nothing of another."""
    assert not app.exception
    assert [title.value for title in app.title] == [expected(key)]
    told = text(app)
    others = {sample.case["case_id"] for sample in SAMPLES.values()} - {SAMPLES[key].case["case_id"]}
    assert f"Case {SAMPLES[key].case['case_id']} " in told
    assert [other for other in others if f"{other} " in told] == []


def test_many_clicks_between_two_sessions_never_mix() -> None:
    chance = random.Random(7)
    keys = {
        "blackpool": [k for k in SAMPLES if k.startswith("blackpool")],
        "sefton": [k for k in SAMPLES if k.startswith("sefton")],
    }
    sessions = {code: start() for code in keys}
    for _ in range(CLICKS):
        code = chance.choice(list(keys))
        key = chance.choice(keys[code])
        choose(sessions[code], key)
        shows(sessions[code], key)


def test_what_one_session_tries_and_records_is_its_own() -> None:
    first, second = opened("blackpool-1"), opened("blackpool-1")
    first.session_state["tried"] = {"icpc_held_on": False}
    first.run()
    second.run()
    assert "You are trying something" in text(first)
    assert "You are trying something" not in text(second)
    first.button(key="keep").click().run()
    second.run()
    assert [t.value for t in first.title] == ["Assessment and Support Team has the child"]
    assert [t.value for t in second.title] == [
        "Strengthening and Supporting Families has the child, since Tuesday 19 November 2024"
    ]
    assert [t.value for t in opened("blackpool-1").title] == [t.value for t in second.title], "the sample itself is as it was"
