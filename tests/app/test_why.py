"""The page "Why this team?": every status, answering questions, and trying changes."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest

from explain.answer import CAME_HERE, parts
from explain.app.confirming import asked_for
from explain.app.timeline import TITLE as TIMELINE
from explain.assumptions import TITLE
from explain.filed.content import content_of, marked
from explain.journey import NOT_KNOWN, rows
from explain.standing import marks
from explain.standing import title as title_of
from explain.tree import Sentence
from explain.words import capital
from queries.gates import gates
from tests.app.screen import all_samples, assert_sound, decided, go, hand_in, open_file, opened, pieces, said, start, text, widget

SAMPLES = all_samples()
FIRST = "blackpool-1"
#: What a page says about an answer that names no team, by status.
STATES = {"unknown": "What is missing", "silent": "The policy names no team", "conflict": "The clauses clash"}


def sentences(found: tuple[Sentence, ...]) -> list[Sentence]:
    return [s for sentence in found for s in (sentence, *sentences(sentence.reasons))]


def test_the_samples_show_every_state() -> None:
    assert {decided(sample).status for sample in SAMPLES.values()} == {"decided", "unknown", "silent", "conflict"}
    moves = {decision.transfer.status for decision in map(decided, SAMPLES.values()) if decision.transfer}
    assert moves == {"completed", "blocked", "upcoming", "unknown", "discretionary"}


def test_the_first_screen_shows_no_child() -> None:
    app = start()
    assert [title.value for title in app.title] == ["Which team has this child, and what comes next?"]
    told = text(app)
    assert "No child’s case is open." in told
    assert [sample.case["case_id"] for sample in SAMPLES.values() if f"Case {sample.case['case_id']}" in told] == []
    for page in ("why", "facts"):
        assert [title.value for title in go(start(), page).title] == ["No child’s case is open."]


@pytest.mark.parametrize("key", SAMPLES)
def test_the_screen_says_what_record_and_terminal_say(key: str) -> None:
    app, decision = opened(key), decided(SAMPLES[key])
    told = text(app)
    assert [title.value for title in app.title] == [title_of(decision)]
    asked = ("To be asked", "Not confirmed", CAME_HERE)  # questions with their replies, and the line of stops
    lines = [line for part in parts(decision) if part.title not in asked for line in part.lines]
    assert [line for line in lines if said(line) not in told] == []
    vocabulary = decision.model.program.policy.vocabulary
    labels = [w.label for w in [*app.radio, *app.selectbox, *app.number_input]]
    questions = [vocabulary.facts[name].question for gate in gates(decision) for name in asked_for(gate, vocabulary)]
    assert [question for question in questions if question not in labels] == [], "each check has its replies beside it"
    stints = rows(decision)
    shown = [part for row in stints for part in (capital(row.team), row.point, row.since, row.until)]
    assert [part for part in shown if part != NOT_KNOWN and said(part) not in told] == []
    content = content_of(decision)
    reasons = [s for s in sentences(content.why) if not s.text.startswith("It is not recorded: ")]
    skip = {sentence.text for sentence in content.why}
    assert [s.text for s in reasons if s.text not in skip and said(marked(s)[2]) not in told] == []
    headers = [header.value for header in app.header]
    assert (STATES["silent"] in headers, STATES["conflict"] in headers) == (
        decision.status == "silent",
        decision.status == "conflict",
    )
    if decision.status == "unknown":
        assert STATES["unknown"] in headers
    assert [mark for mark in marks(decision) if mark.words not in told] == []


@pytest.mark.parametrize("key", [key for key in SAMPLES if decided(SAMPLES[key]).status == "unknown"])
def test_an_unknown_answer_asks_first_what_settles_it(key: str) -> None:
    app, decision = opened(key), decided(SAMPLES[key])
    questions = [decision.model.program.policy.vocabulary.facts[name].question for name in decision.missing_facts]
    assert len(questions) == 1, "the sample is about one question"
    assert questions[0] in [w.label for w in [*app.radio, *app.selectbox]]
    assert "Why this is asked (it is one of the few answers that settle the case):" in text(app)


def test_whom_the_policy_escalates_to() -> None:
    own = next(key for key in SAMPLES if decided(SAMPLES[key]).escalate_to)
    assert "Who has to settle it" in text(opened(own))
    for key, sample in SAMPLES.items():
        decision = decided(sample)
        if decision.status != "decided" and not decision.escalate_to:
            assert "No clause says who settles this case. For other open questions the policy goes up to: " in text(opened(key))


def test_clauses_open_where_they_are_cited() -> None:
    app = opened(FIRST)
    decision = decided(SAMPLES[FIRST])
    page = " ".join(pieces(app))
    cited = content_of(decision).clauses
    first = next(s for s in sentences(content_of(decision).why) if s.clause_id)
    paraphrase = next(c.paraphrase for c in cited if c.id == first.clause_id)
    assert f"<summary>{first.clause.removeprefix('clause ')}</summary>" in page
    assert paraphrase in text(app)


def test_not_known_is_a_reply_that_records_nothing() -> None:
    app = opened("blackpool-5")
    before = [t.value for t in app.title]
    app.button(key="skip-family_consents_to_early_help").click().run()
    assert_sound(app)
    assert "Nobody knows more: every open question was answered with “not known”." in text(app)
    assert [t.value for t in app.title] == before
    app.button(key="again").click().run()
    assert [r.label for r in app.radio if r.label != "Decision"] == ["Has the family agreed to early help?"]


def test_what_if_is_tried_from_a_card_and_undone() -> None:
    app = opened(FIRST)
    before = [t.value for t in app.title]
    number = next(n for n, p in enumerate((p for p in pieces(app) if "wt-card" in p), 1) if "conference was held" in p)
    app.button(key=f"try-{number}").click().run()
    held = widget(app, "radio", "When was the initial child protection conference held?")
    assert held.value == "On this date"
    held.set_value("Has not happened")
    app.button(key="try-it").click().run()
    assert_sound(app)
    assert "You are trying something. Nothing is recorded." in text(app)
    assert "The initial child protection conference: 19 November 2024 → has not happened" in text(app)
    assert [t.value for t in app.title] == ["Assessment and Support Team has the child"]
    assert "What is being tried can't be filed. Undo it, or record it, first." in text(app)
    app.button(key="undo").click().run()
    assert [t.value for t in app.title] == before
    assert "You are trying something" not in text(app)


def test_what_is_tried_can_be_recorded() -> None:
    app = opened("blackpool-5")
    app.button(key="try-1").click().run()
    app.button(key="try-it").click().run()
    assert "You are trying something" not in text(app), "nothing was changed, so nothing is tried"
    app.session_state["tried"] = {"family_consents_to_early_help": True}
    app.run()
    app.button(key="keep").click().run()
    assert_sound(app)
    assert [t.value for t in app.title] == ["Targeted Intervention Services has the child, since Wednesday 10 July 2024"]
    assert "Whether the family agrees to early help yes" in text(app)


def test_why_not_another_team() -> None:
    app = opened(FIRST)
    team = next(s for s in app.selectbox if s.label == "Team")
    assert "Strengthening and Supporting Families" not in team.options
    team.select("supporting_our_children").run()
    told = text(app)
    assert "From Assessment and Support Team at the first court hearing [clause bp75 (line 48)]: " in told
    assert "Stops it: This route is only for cases where there are care proceedings, or a hearing is listed" in told
    next(s for s in app.selectbox if s.label == "Team").select("awaken").run()
    assert "No clause of this policy moves a child to Awaken." in text(app)


def test_the_record_can_be_taken_along_in_every_form() -> None:
    app = opened(FIRST)
    buttons: list[Any] = list(app.get("download_button"))
    assert [button.label for button in buttons] == [
        "Save as a file",
        "Record: One page, to print",
        "Record: Web page",
        "Record: Word",
        "Record: JSON, to be checked",
        "Deadlines and moves: calendar",
    ]
    app = opened("blackpool-8")
    assert "No deadline follows and no move is planned, so there is no calendar file." in text(app)


def test_setting_an_answer_aside_needs_a_team_and_a_reason() -> None:
    app = opened(FIRST)
    widget(app, "radio", "Decision").set_value("Another team was decided on").run()
    assert [w.value for w in app.warning] == ["Setting an answer aside needs the team and a reason."]
    buttons: list[Any] = list(app.get("download_button"))
    assert [button.label for button in buttons] == ["Save as a file"]
    widget(app, "selectbox", "Team decided on").select("awaken").run()
    widget(app, "text_area", "Reason").set_value("The managers know more.").run()
    assert [w.value for w in app.warning] == []
    assert len(app.get("download_button")) == 6


def test_facts_are_corrected_and_the_day_is_changed() -> None:
    app = go(opened(FIRST), "facts")
    widget(app, "radio", "When was the initial child protection conference held?").set_value("Has not happened").run()
    assert_sound(app)
    go(app, "why")
    assert [t.value for t in app.title] == ["Assessment and Support Team has the child"]
    widget(app, "date_input", "Day of the answer").set_value(date(2024, 11, 25)).run()
    assert_sound(app)
    assert "Monday 25 November 2024, on what is recorded so far." in text(app)


@pytest.mark.parametrize(
    ("name", "content", "fault"),
    [
        ("a.json", b"{", "not JSON"),
        ("a.json", b"\xff\xfe", "not text"),
        ("a.yaml", b"", "is empty"),
        ("a.json", b'{"case_id": "c", "policy": "/etc", "as_of": "2024-01-01", "facts": {}}', "there is no policy"),
        (
            "a.json",
            b'{"case_id": "c", "policy": "blackpool", "as_of": "2024-01-01", "facts": {"icpc_hold_on": true}}',
            "icpc_held_on",
        ),
    ],
)
def test_a_faulty_file_is_told_and_changes_nothing(name: str, content: bytes, fault: str) -> None:
    app = go(opened(FIRST), "start")
    before = [t.value for t in app.title]
    hand_in(app, (name, content))
    assert not app.exception
    assert [fault in error.value for error in app.error] == [True]
    assert [t.value for t in app.title] == before
    assert "Case example-blackpool-1 is open as before." in text(app)


def test_a_file_is_opened() -> None:
    sample = SAMPLES["sefton-1"]
    app = open_file(opened(FIRST), {**sample.case, "case_id": "own-7"})
    assert_sound(app)
    assert [t.value for t in app.title] == [title_of(decided(sample))]
    assert "Case own-7" in text(app)
    assert "EXAMPLE" not in text(app)


def test_how_the_child_came_here_is_a_line_of_stops() -> None:
    app, decision = opened(FIRST), decided(SAMPLES[FIRST])
    assert TIMELINE in [header.value for header in app.header]
    page = " ".join(pieces(app))
    line = page[page.index('<ol class="wt-way">') :].split("</ol>")[0]
    assert re.findall(r'<li class="(\w+)"', line) == [stint.status for stint in decision.journey] == ["past", "present"]
    told = [re.sub(r"<[^>]+>", "", part) for part in re.findall(r"<p.*?</p>", line)]
    assert told == [
        "Assessment and Support Team",
        "Until 19 Nov 2024",
        "Strengthening and Supporting Families",
        "Since 19 Nov 2024",
        "The initial child protection conference (bp73, bp81, bp84)",
    ]


def test_dates_that_can_not_be_right_are_told_beneath_the_answer() -> None:
    app = opened(FIRST)
    app.session_state["tried"] = {"assessment_started_on": "2024-10-12", "assessment_completed_on": "2024-10-10"}
    app.run()
    assert_sound(app)
    assert "Check these facts" in [header.value for header in app.header]
    assert "! Dates can't be in this order" in text(app)
    assert "Settled on what is recorded" not in text(app)
    assert {"Change the start of the assessment", "Change the completion of the assessment"} <= {b.label for b in app.button}
    assert "The completion of the assessment (10 October 2024) can't be before the start of the assessment" in text(app)


def test_where_it_is_open_who_holds_the_child_the_proof_is_one_way_that_it_could_be() -> None:
    """A conference was held, and nobody recorded what it decided."""
    facts = {"team_on_record": "assessment_and_intervention_team", "icpc_held_on": True}
    document = {"case_id": "c1", "policy": "sefton", "as_of": "2024-09-11", "facts": facts}
    app = open_file(start(), document)
    assert_sound(app)
    told = (
        "Assessment and Intervention Team or Locality Team: it depends on the outcome of the initial child protection conference"
    )
    assert [t.value for t in app.title] == [told]
    assert "One way that it could be: Locality Team holds the child" in [h.value for h in app.header]
    assert [h.value for h in app.header if h.value.startswith("Why: ")] == []


def test_what_the_answer_takes_as_not_so_can_be_settled() -> None:
    app = opened(FIRST)
    assert TITLE in [header.value for header in app.header]
    assert "If the first court hearing was held, for example on 18 November 2024, then Supporting our Children" in text(app)
    widget(app, "radio", "When was the first court hearing held?").set_value("Has not happened").run()
    assert_sound(app)
    assert "If the first court hearing was held" not in text(app)
    assert "Recorded: the first court hearing: has not happened. The answer stays the same." in text(app)
    app.button(key="undo-last").click().run()
    assert widget(app, "radio", "When was the first court hearing held?").value == "Not known"


#: A Sefton child whose conference made a plan; nothing that decides the team is missing.
SETTLED_FACTS = {
    "team_on_record": "assessment_and_intervention_team", "with_team_since": "2026-10-05", "date_of_birth": "2019-02-14",
    "icpc_required": True, "icpc_held_on": "2026-11-24", "icpc_outcome": "child_protection_plan",
}  # fmt: skip


def told_of(policy: str, facts: dict[str, Any]) -> dict[str, Any]:
    return {"case_id": "t-9", "policy": policy, "as_of": "2026-12-01", "facts": facts}


def test_what_nobody_knows_and_decides_nothing_is_not_called_missing() -> None:
    app = open_file(start(), told_of("sefton", SETTLED_FACTS))
    app.session_state["skipped"] = {"icpc_booked_for"}
    app.run()
    assert_sound(app)
    assert "Settled on what is recorded" in text(app)
    assert "Nobody knows more" not in text(app)
    assert "again" not in [button.key for button in app.button]


def test_a_review_of_the_policy_is_no_limit_of_a_child() -> None:
    app = open_file(start(), told_of("sefton", SETTLED_FACTS))
    assert "Review of the policy itself due" not in text(app)
    assert "About the policy itself: The date set for reviewing this policy, April 2024, has passed." in text(app)
    assert "No time limit lies ahead." in text(app)


def test_a_contradiction_is_said_once() -> None:
    facts = {"team_on_record": "none", "threshold_level": 3, "threshold_met": False, "threshold_decision_on": "2026-12-01"}
    app = open_file(start(), told_of("blackpool", facts))
    assert text(app).count("The record contradicts itself") == 1
    assert text(app).count("Check these facts") == 1
    assert "<li>The level of need and the threshold for a statutory assessment do not go together.</li>" in " ".join(pieces(app))


def test_what_an_open_answer_hangs_on_is_asked_at_the_top_and_only_named_among_the_checks() -> None:
    told = pieces(opened("blackpool-5"))
    why = next(place for place, piece in enumerate(told) if "Why this is asked" in piece)
    elsewhere = [place for place, piece in enumerate(told) if "is asked elsewhere on this page" in piece]
    assert len(elsewhere) == 1
    assert elsewhere[0] > why
