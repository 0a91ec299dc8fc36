"""What nobody may miss stands first: what could give another team, what is noted, and what the policy has no clause on."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from explain.answer import ABOUT_POLICY, NOTED
from explain.app.cards import NONE_DUE, PUT_RIGHT
from explain.app.questions import DOUBTFUL, MISSING, VALUES_NAMED
from explain.app.side import ONLY_THESE
from explain.app.views.ask import NO_CLAUSE
from queries.facts_used import decides_nothing, facts_used, without_clause
from queries.load import load_program
from tests.app.screen import assert_sound, go, open_file, opened, pieces, start, text, widget
from tests.app.test_ask import begun, press

HEARD: dict[str, Any] = {"team_on_record": "assessment_and_support_team", "first_hearing_held_on": "2026-11-24"}
MOVED_IN: dict[str, Any] = {"team_on_record": "none", "transfer_in_conference_held_on": "2026-11-20"}


SETTLED = "Settled on what is recorded"


def case(policy: str, facts: dict[str, Any]) -> dict[str, Any]:
    return {"case_id": "t-1", "policy": policy, "as_of": "2026-12-01", "facts": facts}


def headers(app: Any) -> list[str]:
    return [header.value for header in app.header]


def test_a_question_that_could_give_another_team_stands_above_all_else() -> None:
    app = open_file(start(), case("blackpool", HEARD))
    assert app.title[0].value == "On what is recorded, Supporting our Children has the child, since Tuesday 24 November 2026"
    assert headers(app)[0] == DOUBTFUL
    assert "? One answer could change this" in text(app)
    assert SETTLED not in text(app), "the mark says what the warning says"
    assert "Yes : Assessment and Support Team has the child." in text(app)
    (more,) = [t for t in app.toggle if t.label.endswith("more that nobody recorded and would change this answer")]
    before = len([radio.label for radio in app.radio if "On this date" in radio.options])
    more.set_value(True).run()
    assert_sound(app)
    asked = [radio.label for radio in app.radio if "On this date" in radio.options]
    assert len(asked) > before, "all that is taken as not so can be answered"
    app.button(key="skip-placed_as_outcome_of_hearing").click().run()
    assert headers(app)[0] == DOUBTFUL, "a doubt that nobody can settle is still one"
    assert "Nobody knows: Was the child placed as the immediate outcome of the hearing?" in text(app)
    app.button(key="again").click().run()
    widget(app, "radio", "Was the child placed as the immediate outcome of the hearing?").set_value("No").run()
    assert DOUBTFUL not in headers(app)
    assert app.title[0].value.startswith("Supporting our Children has the child")
    assert SETTLED in text(app)


def test_a_question_that_leaves_the_team_as_it_is_stands_below() -> None:
    app = opened("blackpool-3")
    assert DOUBTFUL not in headers(app)
    assert headers(app).index(MISSING) > headers(app).index("Recorded")
    assert ONLY_THESE in text(app)


def test_of_many_replies_with_one_outcome_the_first_are_named() -> None:
    app = go(open_file(start(), case("sefton", {"team_on_record": "none"})), "ask")
    app.button(key="continue").click().run()
    assert app.title[0].value == "Which teams have closed this child before, and when?"
    (why,) = [unescape(piece) for piece in pieces(app) if piece.startswith('<div class="wt"><div class="soft">')]
    assert all(values.count(";") <= VALUES_NAMED for values in re.findall("<strong>(.*?)</strong>", why))
    assert re.search(r"; and \d+ more</strong>", why)
    assert DOUBTFUL not in headers(go(app, "why")), "its replies are examples"


def test_what_is_noted_stands_above_the_reasons() -> None:
    facts = {**HEARD, "placed_on": "2026-11-23", "placed_as_outcome_of_hearing": True}
    app = open_file(start(), case("blackpool", facts))
    assert headers(app).index(NOTED) < headers(app).index("Three reasons")
    told = [place for place, piece in enumerate(pieces(app)) if "The child was placed before the hearing and not under" in piece]
    assert "wt-tiles" in pieces(app)[told[0] - 1]
    assert not any(f'<div class="wt-part"><h3>{NOTED}</h3><ul>' in piece for piece in pieces(app)), "it is said once"


def test_facts_that_no_clause_looks_at_are_said_to_decide_nothing() -> None:
    app = open_file(start(), case("sefton", MOVED_IN))
    assert "Recorded, but this policy has no clause on it" in headers(app)
    assert "– No clause on 1 of the recorded facts" in text(app)
    assert SETTLED not in text(app), "the mark says what the warning says"
    assert any("<li>The transfer-in conference</li>" in piece for piece in pieces(app))
    app = go(app, "facts")
    widget(app, "text_input", "Find a fact").set_value("another authority").run()
    assert "When was the transfer-in conference held?" in [radio.label for radio in app.radio]
    assert "This policy has no clause on this." in text(app)
    app = open_file(start(), case("blackpool", MOVED_IN))
    assert "Recorded, but this policy has no clause on it" not in headers(app)


def test_the_facts_that_decide_nothing_are_some_of_those_of_a_policy() -> None:
    for policy in ("blackpool", "sefton"):
        program = load_program(policy)
        used, nothing = set(facts_used(program)), set(decides_nothing(program))
        assert nothing < used
        groups = {group.title: set(group.facts) for group in program.policy.vocabulary.groups}
        assert all(not groups[title] & (used - nothing) for title in without_clause(program))


def test_the_interview_says_what_the_policy_has_no_clause_on() -> None:
    app = go(begun(), "ask")
    press(app, "Not known")
    assert app.title[0].value == "What has happened, or is planned?"
    assert f"{NO_CLAUSE}: Moving here from another council." in text(app)


def test_a_reply_that_stands_for_several_days_names_none_of_them_as_the_first() -> None:
    facts = {"team_on_record": "assessment_and_support_team", "section_20_from": "2026-07-01"}
    app = go(open_file(start(), case("blackpool", facts)), "ask")
    while app.title[0].value != "When was the first looked-after review held?":
        if app.title[0].value.startswith("What has happened"):
            next(box for box in app.checkbox if box.label.startswith("In care")).check()
            app.button(key="continue").click().run()
        else:
            press(app, "Not known")
        assert app.title[0].value != "Check your answers"
    told = text(app)
    assert "From 1 July 2026 to 1 December 2026 : Supporting our Children has the child, since that day." in told
    assert "at the first looked-after review (that day)." in told


def test_a_limit_that_passed_is_named_with_its_day() -> None:
    facts = {**HEARD, "placed_as_outcome_of_hearing": True, "placed_on": "2026-11-24"}
    (tiles,) = [piece for piece in pieces(open_file(start(), case("blackpool", facts))) if "wt-tiles" in piece]
    assert "29 November 2026" in tiles
    assert "Nobody recorded whether it was kept." in tiles


def test_a_record_that_names_the_old_team_is_not_passed_over() -> None:
    (tiles,) = [piece for piece in pieces(opened("blackpool-1")) if "wt-tiles" in piece]
    assert PUT_RIGHT in tiles
    assert NONE_DUE not in tiles
    assert (
        "The record still names Assessment and Support Team. "
        "By the policy it should name Strengthening and Supporting Families since Tuesday 19 November 2024."
    ) in tiles
    (right,) = [
        piece
        for piece in pieces(open_file(start(), case("blackpool", {"team_on_record": "supporting_our_children"})))
        if "wt-tiles" in piece
    ]
    assert NONE_DUE in right
    assert PUT_RIGHT not in right


def test_the_review_date_of_a_policy_is_said_of_the_policy_once() -> None:
    passed = "The date set for reviewing this policy, April 2024, has passed."
    app = opened("sefton-1")
    assert NOTED not in headers(app)
    places = [place for place, piece in enumerate(pieces(app)) if passed in piece]
    told = [piece for piece in pieces(app) if passed in piece and "wt-card" not in piece]
    assert [f"{ABOUT_POLICY}: {passed}" in piece and "soft" in piece for piece in told] == [True]
    assert places[0] > next(place for place, piece in enumerate(pieces(app)) if "wt-why" in piece)
    page = go(app, "policy")
    assert [piece for piece in pieces(page) if passed in piece] == [f'<div class="wt"><p role="note">{passed}</p></div>']
    widget(page, "selectbox", "Policy").select("blackpool").run()
    assert passed not in text(page)
