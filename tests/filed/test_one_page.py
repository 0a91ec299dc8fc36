"""The decision on one page: it says what the answer says, and everything in it is text."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

from docx import Document

from explain.answer import NOTED
from explain.filed.command import ONE_PAGE, made
from explain.filed.content import Confirmation, content_of
from explain.standing import marks, passed_over_told, title
from tests.app.screen import all_samples, decided

KEYS = ("blackpool-1", "blackpool-8", "sefton-2", "sefton-6")


def page(key: str, confirmation: Confirmation | None = None) -> str:
    return made(content_of(decided(all_samples()[key]), confirmation), ONE_PAGE).decode()


def test_it_says_what_the_answer_says() -> None:
    for key in KEYS:
        decision, told = decided(all_samples()[key]), page(key)
        assert f"<h1>{title(decision)}</h1>" in told
        assert [mark.words for mark in marks(decision) if f"{mark.sign} {mark.words}" not in told] == []
        assert f"Case {decision.case.case_id}" in told
        assert "Not decided yet" in told


def test_who_decided_and_what_is_nasty_is_text() -> None:
    told = page("sefton-2", Confirmation("<b>A manager</b>", "2024-09-12", "locality_team", "Known & seen. " * 40))
    assert "&lt;b&gt;A manager&lt;/b&gt;" in told
    assert "<b>" not in told
    assert "Another team was decided on: Locality Team" in told
    assert "(in full in the annex)" in told
    assert "12 September 2024" in told


MOVED_IN = {
    "case_id": "t-1",
    "policy": "sefton",
    "as_of": "2026-12-01",
    "facts": {"team_on_record": "none", "transfer_in_conference_held_on": "2026-11-20"},
}


def test_what_is_recorded_and_decides_nothing_is_noted_in_both_forms() -> None:
    content = content_of(decided(replace(all_samples()["sefton-2"], case=MOVED_IN)))
    noted = passed_over_told(content.decision)
    assert noted.startswith("No clause of this policy looks at ")
    assert f"<h2>{NOTED}</h2>\n<ul><li>{noted}</li>" in made(content, ONE_PAGE).decode()
    lines = [paragraph.text for paragraph in Document(BytesIO(made(content, ".docx"))).paragraphs]
    assert lines[lines.index(NOTED) + 1] == noted
    assert NOTED not in page("blackpool-1")


def test_an_answer_that_one_reply_could_change_is_not_called_settled() -> None:
    facts = {"team_on_record": "assessment_and_support_team", "first_hearing_held_on": "2026-11-24"}
    case = {"case_id": "t-1", "policy": "blackpool", "as_of": "2026-12-01", "facts": facts}
    told = made(content_of(decided(replace(all_samples()["blackpool-1"], case=case))), ONE_PAGE).decode()
    assert "<h1>On what is recorded, Supporting our Children has the child, since Tuesday 24 November 2026</h1>" in told
    assert "? One answer could change this" in told
    assert "What nobody recorded yet could give another team." in told
    assert "Settled on what is recorded" not in told


def test_the_review_date_of_the_policy_stands_with_the_policy() -> None:
    told, passed = page("sefton-2"), "The date set for reviewing this policy, April 2024, has passed."
    assert told.count(passed) == 1
    assert f"April 2022. {passed}" in told


def test_the_same_answer_gives_the_same_page() -> None:
    assert page("blackpool-1") == page("blackpool-1")
