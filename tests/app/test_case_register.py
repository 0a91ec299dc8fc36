"""The register behind the app: what is kept, what is refused, and that a register that fails loses nothing."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from explain.app import case_register
from kb.register.store import open_store
from queries.register.change import add, note
from queries.register.erasing import erase
from queries.register.history import history
from tests.app.screen import assert_sound, choose, go, open_file, pieces, start, text, widget

OWN: dict[str, Any] = {
    "case_id": "own-7",
    "policy": "sefton",
    "as_of": "2024-09-11",
    "facts": {"team_on_record": "locality_team", "with_team_since": "2024-02-01", "child_disabled": False},
}
DISABLED = "Is the child disabled, and accepted as such by the disabilities service?"
ASSESSED = "Is this child, rather than a brother or sister, the one being assessed?"


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the app keeps cases in this test."""
    found = tmp_path / "register.sqlite"
    monkeypatch.setenv(case_register.SWITCH, str(found))
    monkeypatch.setattr(case_register, "WAIT", 50)
    monkeypatch.setattr(case_register, "user", lambda: "A Manager")
    return found


def strip_of(app: AppTest) -> str:
    """What the strip says about where the case is kept."""
    (found,) = [piece for piece in pieces(app) if "wt-case" in piece]
    return found.rpartition('<span class="soft">')[2].partition("</span>")[0]


def reply(app: AppTest, question: str, value: str) -> AppTest:
    """Answers a question on the form."""
    widget(app, "radio", question).set_value(value).run()
    assert not app.exception
    return app


def by_number(number: str) -> AppTest:
    """A new session in which a case is opened by its number."""
    app = start()
    widget(app, "text_input", "Its case number").set_value(number)
    app.button(key="open-number").click().run()
    assert not app.exception
    return app


def beside(app: AppTest) -> list[str]:
    """What the register has beside what stands here, fact by fact, without the times."""
    (table,) = [piece for piece in pieces(app) if "In the register now" in piece]
    rows = re.findall(r'<th scope="row">(.*?)</th><td>(.*?)</td><td>(.*?)</td>', table)
    told = (re.sub(r", \d+ \w+ \d+ at \d\d:\d\d", "", f"{fact}: {there} | {here}") for fact, there, here in rows)
    return [re.sub("<[^>]+>", "", row.replace("<br>", " ")) for row in told]


def kept(place: Path, number: str = "own-7") -> tuple[dict[str, Any], list[str]]:
    """The facts that the register has of a child, and by whom and what its entries are."""
    found = history(open_store(str(place)), number)
    return found.known.values, [f"{entry.by} {entry.what}" for entry in found.entries]


def test_a_case_is_kept_as_one_goes_and_opened_again_by_its_number(place: Path) -> None:
    """A file that is only looked at is not kept; from the first change on, every change is."""
    app = go(open_file(start(), OWN), "facts")
    assert (strip_of(app), place.exists()) == ("Not in the register yet", False)
    reply(app, ASSESSED, "Yes")
    assert strip_of(app).startswith("Saved in the register at ")
    reply(app, DISABLED, "Not known")
    facts = {"team_on_record": "locality_team", "with_team_since": "2024-02-01", "child_is_focus_of_assessment": True}
    assert kept(place) == (facts, ["A Manager add", "A Manager add"])
    again = go(by_number("own-7"), "facts")
    assert strip_of(again) == "As it is in the register"
    assert widget(again, "radio", ASSESSED).value == "Yes"
    assert strip_of(go(by_number("OWN-7"), "facts")) == "As it is in the register", "in capital letters too"
    lost = go(start(), "why")
    assert lost.title[0].value == "No child’s case is open.", "as after a page was loaded anew"
    widget(lost, "text_input", "Its case number").set_value("own-7")
    lost.button(key="open-number").click().run()
    assert strip_of(go(lost, "facts")) == "As it is in the register"
    missed = go(start(), "why")
    widget(missed, "text_input", "Its case number").set_value("own-8")
    missed.button(key="open-number").click().run()
    assert ["there is no case" in error.value for error in missed.error] == [True]
    none = by_number("own-8")
    assert [error.value for error in none.error] == [
        "Nothing was opened:\n\n- Case number: there is no case \\`own-8\\` in the register "
        "— check the number, or start the questions for a new case"
    ]


def recent(app: AppTest) -> list[str]:
    """What the start page says of the children that were last opened or saved, but for the day."""
    labels = [button.label for button in app.button if button.key and button.key.startswith("open-recent-")]
    told = [re.sub("<[^>]+>", "", piece).split(" · saved on ")[0] for piece in pieces(app) if " · saved on " in piece]
    return [f"{label}: {what}" for label, what in zip(labels, told, strict=True)]


def test_the_start_page_names_the_children_last_saved_and_opens_one_by_a_click(place: Path) -> None:
    assert recent(start()) == []
    assert "Last opened or saved" not in text(start())
    store = open_store(str(place), make=True)
    assert recent(start()) == []
    for number in range(1, 8):
        add(store, f"n-{number}", {"team_on_record": "locality_team"}, "A Manager", policy="sefton", day="2024-09-01")
    add(store, "of-another", {"team_on_record": "locality_team"}, "B Lead", policy="sefton", day="2024-09-01")
    add(store, "n-2", {"team_on_record": "assessment_and_intervention_team"}, "A Manager", day="2024-09-02")
    app = start()
    team, locality = "Sefton Council · Assessment and Intervention Team", "Sefton Council · Locality Team"
    assert recent(app) == [f"Open case n-2: {team}", *(f"Open case n-{n}: {locality}" for n in (7, 6, 5, 4))]
    add(store, "n-1", {"child_disabled": False}, "A Manager", day="2024-09-03")  # the list changes while the page is looked at
    app.button(key="open-recent-n-7").click().run()
    app = go(app, "why")
    assert "Case n-7" in text(app)
    assert "Case n-2" not in text(app)
    app.button(key="close-case").click().run()
    assert recent(go(app, "start"))[:2] == [f"Open case n-7: {locality}", f"Open case n-1: {locality}"]
    erase(store, "n-7", "asked for", "B Lead")
    assert [line.split(":")[0] for line in recent(go(app, "start"))] == [f"Open case n-{n}" for n in (1, 2, 6, 5, 4)]


def test_the_list_of_children_fails_in_silence_and_the_rest_of_the_page_stands(place: Path) -> None:
    place.write_bytes(b"no register " * 500)
    app = start()
    assert recent(app) == []
    assert [button.label for button in app.button if button.key == "start-questions"] == ["Start the questions"]


def test_an_example_is_never_kept(place: Path) -> None:
    app = choose(start(), "sefton-1")
    reply(go(app, "facts"), ASSESSED, "Yes")
    assert (strip_of(app), place.exists()) == ("Not saved: in this tab only", False)


def test_of_two_who_change_one_child_the_second_is_shown_what_the_first_did(place: Path) -> None:
    """Nothing of either is lost: both can be kept, or what stands here can be dropped."""
    reply(go(open_file(start(), OWN), "facts"), ASSESSED, "Yes")
    one, two = go(by_number("own-7"), "facts"), go(by_number("own-7"), "facts")
    reply(one, DISABLED, "Yes")
    reply(two, ASSESSED, "No")
    assert strip_of(two) == "Not saved: in this tab only"
    assert "Case own-7 was changed by somebody else" in text(two)
    assert beside(two) == [
        "Whether the child is disabled: yes A Manager | no not changed here",
        "Whether this child is the one being assessed: yes A Manager | no",
    ]
    assert kept(place)[0]["child_is_focus_of_assessment"] is True
    two.button(key="keep-both").click().run()
    both = {**OWN["facts"], "child_disabled": True, "child_is_focus_of_assessment": False}
    assert kept(place)[0] == both
    assert strip_of(two).startswith("Saved in the register at ")
    assert widget(two, "radio", DISABLED).value == "Yes"
    reply(one, ASSESSED, "Not known")
    one.button(key="take-theirs").click().run()
    assert (kept(place)[0], strip_of(one)) == (both, "As it is in the register")
    assert widget(one, "radio", ASSESSED).value == "No"


def test_a_note_of_somebody_else_stands_in_nobodys_way(place: Path) -> None:
    app = reply(go(open_file(start(), OWN), "facts"), ASSESSED, "Yes")
    note(open_store(str(place)), "own-7", "rang the school", "B Lead")
    reply(app, DISABLED, "Yes")
    assert strip_of(app).startswith("Saved in the register at ")
    assert kept(place)[1] == ["A Manager add", "B Lead note", "A Manager add"]


def test_a_number_that_the_register_has_is_not_written_over(place: Path) -> None:
    add(open_store(str(place), make=True), "own-7", {"child_disabled": True}, "B Lead", policy="sefton", day="2024-09-01")
    app = go(open_file(start(), OWN), "facts")
    assert "Case own-7 is in the register already" in text(app)
    assert "B Lead recorded facts, " in text(app)
    assert beside(app) == [
        "Whether the child is disabled: yes B Lead | no",
        "The team on the record: not known | Locality Team",
        "The day since which the team has had the child: not known | 1 February 2024",
    ]
    reply(app, ASSESSED, "Yes")
    assert kept(place) == ({"child_disabled": True}, ["B Lead add"])
    app.button(key="keep-both").click().run()
    assert kept(place)[0] == {**OWN["facts"], "child_is_focus_of_assessment": True}


@pytest.mark.parametrize(
    ("fails", "says"),
    [
        ("locked", "is busy: another program has been writing to it for a long time"),
        ("gone", "there is no register there yet"),
        ("no register", "is no register, or is damaged"),
        ("erased", "is no longer in the register: it was erased"),
    ],
)
def test_a_register_that_fails_loses_nothing_and_says_so(place: Path, fails: str, says: str) -> None:
    app = reply(go(open_file(start(), OWN), "facts"), ASSESSED, "Yes")
    aside = place.with_name("aside")
    other = sqlite3.connect(place, isolation_level=None)
    if fails == "locked":
        other.execute("BEGIN IMMEDIATE")
    elif fails == "erased":
        erase(open_store(str(place)), "own-7", "asked for", "B Lead")
    else:
        place.rename(aside)
    if fails == "no register":
        place.write_bytes(b"no register " * 500)
    reply(app, DISABLED, "Yes")
    assert strip_of(app) == "Not saved: in this tab only"
    (told,) = [error.value for error in app.error]
    assert told.startswith("Your changes are in this tab only. What is wrong:")
    assert says in told
    assert widget(app, "radio", DISABLED).value == "Yes"
    if fails == "erased":
        return
    other.execute("ROLLBACK") if fails == "locked" else aside.rename(place)
    app.button(key="register-again").click().run()
    assert strip_of(app).startswith("Saved in the register at ")
    assert kept(place)[0] == {**OWN["facts"], "child_disabled": True, "child_is_focus_of_assessment": True}


def test_a_note_that_an_answer_looks_wrong_stands_beside_it(place: Path) -> None:
    app = open_file(start(), OWN)
    app.button(key="note-wrong").click().run()
    assert [error.value for error in app.error] == [
        "Your note was not recorded:\n\n- What looks wrong?: is empty — say in a sentence what looks wrong"
    ]
    widget(app, "text_area", "What looks wrong?").set_value("A hearing was held.")
    widget(app, "selectbox", "Which team do you expect, if you can say?").select("cared_for_children_team")
    app.button(key="note-wrong").click().run()
    assert_sound(app)
    said = "This answer looks wrong. Expected: Cared for Children Team. A hearing was held."
    assert said in text(app)
    assert "on this answer" in text(app)
    assert kept(place)[1] == ["A Manager add", "A Manager answer", "A Manager note"]
    reply(go(app, "facts"), ASSESSED, "Yes")
    assert "on another answer: Locality Team, for 11 September 2024" in text(go(app, "why"))
    assert strip_of(app).startswith("Saved in the register at ")
