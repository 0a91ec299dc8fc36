"""Two editions of one council's policy, the later with look-alike letters in its name, and a policy with look-alike teams."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from explain.app import case_register
from kb.register.store import open_store
from queries.register.answering import answer
from queries.register.change import add
from queries.register.editions import add_edition
from tests.app.screen import go, new_case, open_file, start, text, widget
from tests.helpers import CODES, make_policy
from tests.register.tiny import LATER, POLICY, install, told

FACTS = {"team_on_record": "alpha", "icpc_required": True, "icpc_held_on": "2024-08-20"}
NAMES = {POLICY: "Tiny Council (2024)", LATER: "Tiny Counc\u0456l (2025)"}  # a Cyrillic letter


@pytest.fixture(autouse=True)
def editions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path)
    toml = tmp_path / LATER / "policy.toml"
    toml.write_text(toml.read_text(encoding="utf-8").replace("Council", "Counc\u0456l"), encoding="utf-8")
    monkeypatch.setenv("WHICHTEAM_POLICIES", str(tmp_path))


def test_each_list_tells_the_editions_apart() -> None:
    app = start()
    lists = {page: widget(go(app, page), "selectbox", "Policy").options for page in ("policy", "map", "checks")}
    go(app, "start").button(key="start-form").click().run()
    lists["ask"] = go(app, "ask").radio(key="new-policy").options
    for page, options in lists.items():
        assert [name for name in options if name.startswith("Tiny")] == list(NAMES.values()), page


def test_a_case_is_decided_by_the_edition_that_was_chosen() -> None:
    app = start()
    for code, team in ((POLICY, "Beta"), (LATER, "Gamma"), (POLICY, "Beta")):
        open_file(app, {"case_id": "c1", "policy": code, "as_of": "2024-08-25", "facts": FACTS})
        assert [title.value for title in app.title] == [f"{team} has the child, since Tuesday 20 August 2024"]
        assert NAMES[code] in text(app)
        assert [name for other, name in NAMES.items() if other != code and name in text(app)] == []
    assert NAMES[LATER] in text(new_case(app, LATER, "c2"))


def test_a_policy_with_teams_that_look_alike_is_refused(tmp_path: Path) -> None:
    (tmp_path / "alike").mkdir()
    make_policy(tmp_path / "alike", codes=[*CODES, ("team", "other", "\u0410lpha")])
    (tmp_path / "alike" / "tiny").rename(tmp_path / "north")
    app = go(start(), "policy")
    widget(app, "selectbox", "Policy").select("north").run()
    assert not app.exception
    assert [
        "people can't tell `\u0410lpha` (`other`) from `Alpha` (`alpha`)" in error.value.replace("\\", "") for error in app.error
    ] == [True]


def test_an_answer_under_an_earlier_edition_is_told_on_the_case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "register.sqlite"
    monkeypatch.setenv(case_register.SWITCH, str(place))
    monkeypatch.setattr(case_register, "user", lambda: "A Manager")
    store = open_store(str(place), make=True)
    add(store, "c1", FACTS, "A Manager", policy=POLICY, day="2024-08-25")
    title = "Answered before under other rules"

    def opened() -> AppTest:
        app = start()
        widget(app, "text_input", "Its case number").set_value("c1")
        app.button(key="open-number").click().run()
        return go(app, "why")

    answer(store, "c1", told, "B Lead", "whichteam", as_of="2024-08-25")
    assert title not in text(opened()), "it was answered under the rules that are in use"
    add_edition(store, POLICY, "2024-01-01", None, POLICY, "B Lead")
    add_edition(store, LATER, "2024-08-01", None, POLICY, "B Lead")
    app = opened()
    assert app.title[0].value.startswith("Gamma has the child")
    assert title in [header.value for header in app.header]
    said = text(app)
    assert "For 25 August 2024: Beta. That rested on Tiny Council (2024), 2024 (B Lead, " in said
    assert "The answer on this page rests on 2025, with the rules as they are now." in said
    assert "The team is another one, and what is recorded is the same: look at both before acting on this." in said
