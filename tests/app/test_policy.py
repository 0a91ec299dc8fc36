"""The Policy page: clauses with rules and wording, readings with their effect, exceptions, coverage, the document."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from explain.app.clause_list import entries
from explain.app.clause_list import title as chapter_title
from kb.engines.forward import Forward
from kb.policy import installed, load_policy
from queries.coverage import coverage_of
from queries.decide import decide
from queries.load import load_program
from queries.readings import alternatives, effect_of
from tests.app.screen import all_samples, assert_sound, decided, go, hand_in, new_case, pieces, start, text, widget
from tests.helpers import case_of, make_policy, program


def section(app: AppTest, name: str) -> AppTest:
    app.button_group(key="section").set_value(name).run()
    assert_sound(app)
    return app


def chosen(code: str) -> AppTest:
    app = go(start(), "policy")
    widget(app, "selectbox", "Policy").select(code).run()
    assert_sound(app)
    return app


@pytest.mark.parametrize("code", installed())
def test_every_clause_stands_with_its_rules(code: str) -> None:
    app, policy = chosen(code), load_program(code).policy
    told = text(app)
    own = [clause for clause in policy.clauses.values() if not clause.house]
    assert f"{len(own)} clauses" in told
    assert [clause.id for clause in own if clause.paraphrase not in told] == []
    page = " ".join(told.split())
    rules = [rule for rule in policy.rules if not policy.clauses[rule.clause].house]
    assert [rule.written for rule in rules if " ".join(rule.written.split()) not in page] == []


def test_clauses_are_searched_and_sorted_out() -> None:
    app = chosen("blackpool")
    widget(app, "text_input", "Search").set_value("first court hearing").run()
    assert_sound(app)
    found = text(app)
    assert "bp75" in found
    assert "bp2 " not in found
    widget(app, "text_input", "Search").set_value("").run()
    widget(app, "selectbox", "Which").select("Not in the rules").run()
    assert f"{len(coverage_of(load_program('blackpool').policy).out_of_scope)} clauses" in text(app)
    widget(app, "text_input", "Search").set_value("no such word at all").run()
    assert "0 clauses" in text(app)


def test_readings_are_told_with_why_they_are_open() -> None:
    told = text(section(go(start(), "policy"), "What the text leaves open"))
    assert [r.name for r in load_program("blackpool").policy.readings.values() if r.why not in told] == []


def test_readings_are_tried_on_the_open_case(council: str) -> None:
    app = new_case(start(), council)
    widget(app, "selectbox", "Which team has this child open on the record?").select("none").run()
    assert [t.value for t in go(app, "why").title] == ["Alpha has the child"]
    section(go(app, "policy"), "What the text leaves open")
    app.button(key="effects").click().run()
    assert_sound(app)
    told = text(app)
    assert "1 of " in told
    assert "choices would change the team or the move for this case." in told
    assert re.search(r"mood: stern\. — changes the answer : On [^.]* Beta holds the child\.", told)
    assert "mood: glad. — the same answer" in told


def test_the_effect_of_a_reading_is_that_of_deciding_under_it(tmp_path: Path) -> None:
    tiny = program(tmp_path, RULES)
    before = decide(tiny, case_of(tiny, {"team_on_record": "none"}), Forward())
    assert before.responsible_team == "alpha"
    stern, glad = (effect_of(before, "mood", setting, Forward()) for setting in ("stern", "glad"))
    assert (stern.changes, stern.decision.responsible_team) == (True, "beta")
    assert (glad.changes, glad.decision.responsible_team) == (False, "alpha")


def test_alternatives_leave_out_what_is_in_use_and_what_has_no_end(tmp_path: Path) -> None:
    policy = load_policy(make_policy(tmp_path))
    own = [pair for pair in alternatives(policy) if pair[0] in ("mood", "span")]
    assert own == [("mood", "stern"), ("mood", "glad")]
    assert [p for p in alternatives(policy.with_settings({"mood": "glad"})) if p[0] == "mood"] == [
        ("mood", "calm"),
        ("mood", "stern"),
    ]


def test_exceptions_stand_beneath_what_they_are_exceptions_to() -> None:
    app = section(chosen("blackpool"), "Exceptions")
    told = text(app)
    for general, narrow in load_program("blackpool").policy.exceptions.items():
        assert told.index(general) >= 0
        assert [name for name in narrow if name not in told] == []


def test_coverage_is_told_with_the_reasons() -> None:
    app = section(chosen("sefton"), "What is left out")
    found, told = coverage_of(load_program("sefton").policy), text(app)
    assert f"{len(found.encoded)} are in {found.rules} rules, {len(found.out_of_scope)} are left out" in told
    assert [why for _, why in found.out_of_scope if why.lower() not in told.lower()] == []


RULES = """@clause t1.
front_door(alpha) :- not reading(mood, stern).
front_door(beta) :- reading(mood, stern).
@clause t2.
route(alpha, beta, handover).
"""
DOCUMENT = "Children start with Alpha.\nBeta takes over at the handover.\n"


@pytest.fixture
def council(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A policy with the fingerprints of a document of two lines."""
    home = make_policy(tmp_path, RULES)
    marks = [
        hashlib.sha256(" ".join(line.lower().replace(".", "").split()).encode()).hexdigest()[:16]
        for line in DOCUMENT.splitlines()
    ]
    rows = "".join(f"{number}\t{mark}\n" for number, mark in enumerate(marks, 1))
    (home / "fingerprints.tsv").write_text(f"line\tsha256\n{rows}", encoding="utf-8")
    monkeypatch.setenv("WHICHTEAM_POLICIES", str(tmp_path))
    return "tiny"


def test_the_councils_document_shows_its_passages_and_can_be_forgotten(council: str) -> None:
    app = section(chosen(council), "The council's document")
    hand_in(app, ("policy.txt", DOCUMENT.encode()))
    assert_sound(app)
    assert [s.value for s in app.success] == [
        "This is the edition that the rules were read from. Passages stand under the clauses."
    ]
    section(app, "Clauses")
    assert "Line 2: Beta takes over at the handover." in text(app)


def test_another_edition_is_told_line_by_line(council: str) -> None:
    app = section(chosen(council), "The council's document")
    hand_in(app, ("policy.txt", DOCUMENT.replace("Beta", "Gamma").encode()))
    assert_sound(app)
    assert [w.value for w in app.warning] == ["It differs from the edition that the rules were read from in line 2."]
    assert "t2 Says t2." in text(app)
    assert "t1 Says t1." not in text(app)
    app.button(key="forget-document").click().run()
    assert app.session_state["documents"] == {}


def test_a_document_that_is_no_text_is_refused(council: str) -> None:
    app = section(chosen(council), "The council's document")
    hand_in(app, ("policy.txt", b"\xff\xfe\x00"))
    assert ["not text" in error.value for error in app.error] == [True]


def test_a_council_without_samples_can_be_filled_in(council: str) -> None:
    """A third council needs no Python: it is in the lists, and its case is decided by its own rules."""
    app = new_case(start(), council)
    widget(app, "selectbox", "Which team has this child open on the record?").select("beta").run()
    assert [t.value for t in go(app, "why").title] == ["Beta has the child"]
    assert "Tiny Council" in text(app)


def test_the_samples_are_sound() -> None:
    for key, sample in all_samples().items():
        assert sample.title, key
        assert sample.case["case_id"].startswith("example-")
        assert decided(sample).case.policy == sample.case["policy"]


def test_rules_are_folded_where_there_are_many_clauses() -> None:
    app = go(start(), "policy")
    (many,) = [piece for piece in pieces(app) if 'class="clauses"' in piece]
    assert "in words</summary>" in many
    assert "<details open>" not in many
    assert 'class="chapter" open' not in many
    (title,) = re.findall(r'<details class="chapter"><summary><h3>Transfer points</h3> <span class="soft">([^<]*)', many)
    assert title == "31 clauses, lines 50 to 61"
    widget(app, "toggle", "Open every chapter").set_value(True).run()
    (opened,) = [piece for piece in pieces(app) if 'class="clauses"' in piece]
    assert 'class="chapter">' not in opened
    assert opened.replace(" open", "") == many.replace(" open", "")
    widget(app, "text_input", "Search").set_value("first court hearing").run()
    (few,) = [piece for piece in pieces(app) if 'class="clauses"' in piece]
    assert "<details open>" in few
    assert 'class="chapter">' not in few


def test_each_clause_stands_in_one_chapter_and_in_order() -> None:
    for code in installed():
        policy = load_program(code).policy
        listed = entries(policy)
        assert sorted(entry.clause.id for entry in listed) == sorted(c.id for c in policy.clauses.values() if not c.house)
        places = {name: place for place, name in enumerate(policy.clauses)}
        order = [(entry.chapter, places[entry.clause.id]) for entry in listed]
        assert order == sorted(order)
        assert [entry.clause.id for entry in listed if entry.rules and entry.rules[0].position.file != entry.chapter] == []
    assert chapter_title("kb/policies/tiny/2_front_door_and_more.dl") == "Front door and more"
