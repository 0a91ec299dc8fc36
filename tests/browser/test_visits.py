"""Five visits in a browser, each from the first screen to the visitor's goal."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from explain.filed.verify import verify
from tests.browser.conftest import settled
from tests.browser.steps import answer, faults, go, headline, pick

Open = Callable[..., Page]
#: The text of the focused element, in components too.
DEEP_FOCUS = """(() => {
  let e = document.activeElement;
  while (e.shadowRoot) e = e.shadowRoot.activeElement;
  return e.textContent.trim();
})()"""
FIRST = "On 20 November 2024 Strengthening and Supporting Families holds the child."


def test_a_sample_is_decided_and_its_proof_opened(new_page: Open, tmp_path: Path) -> None:
    page = new_page()
    headline(page, FIRST)
    chip = page.locator("summary", has_text="bp81 (line 52)").first
    chip.click()
    expect(
        page.get_by_text("Strengthening and Supporting Families takes responsibility when the conference is held").first
    ).to_be_visible()
    pick(page, "Case", "Blackpool Council: Conference held, but the family was not told")
    headline(page, "On 14 October 2024 Assessment and Support Team holds the child.")
    expect(page.get_by_text("The child and family were not told before the move.").first).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Record: JSON, to be checked").click()
    download.value.save_as(tmp_path / "record.json")
    record = json.loads((tmp_path / "record.json").read_text(encoding="utf-8"))
    assert verify(record) == []
    assert record["headline"] == "On 14 October 2024 Assessment and Support Team holds the child."
    assert faults(page) == []


def test_a_case_is_filled_in_by_questions_to_a_decision(new_page: Open) -> None:
    page = new_page()
    page.get_by_role("button", name="Fill in a case").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    pick(page, "Policy", "Sefton Council")
    page.get_by_role("button", name="Start").click()
    expect(page.get_by_text("Not known yet.")).to_be_visible()
    settled(page)
    assert faults(page) == []
    pick(page, "Which team has this child open on the record?", "Assessment and Intervention Team")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Assessment and Intervention Team holds the child.")
    settled(page)
    pick(page, "About", "Child protection")
    answer(page, "When was the initial child protection conference held?", "Yes, date not known")
    expect(page.get_by_text("Not known yet.")).to_be_visible()
    settled(page)
    pick(page, "Did the conference make a child protection plan?", "Child protection plan")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Locality Team holds the child.")


def test_why_not_and_what_if(new_page: Open) -> None:
    page = new_page()
    pick(page, "Team", "Supporting our Children")
    expect(page.get_by_text("3 things are lacking").first).to_be_visible()
    page.get_by_role("button", name="What if route 1 were met?").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("heading", name="What if Supporting our Children were to take over?")).to_be_visible()
    settled(page)
    assert faults(page) == []
    for question in ("When were care proceedings issued?", "When was the first court hearing held?"):
        answer(page, question, "Yes, date not known")
    dialog.get_by_role("button", name="Try it").click()
    expect(page.get_by_text("You are trying something. Nothing is recorded.")).to_be_visible()
    settled(page)
    assert faults(page) == []
    page.get_by_role("button", name="Undo what was tried").click()
    headline(page, FIRST)
    expect(page.get_by_text("You are trying something. Nothing is recorded.")).to_have_count(0)


def test_from_the_table_of_cases_to_one_of_them(new_page: Open) -> None:
    page = new_page()
    go(page, "Cases")
    expect(page.get_by_role("heading", name="14 cases")).to_be_visible()
    settled(page)
    page.get_by_role("textbox", name="Search").fill("not both SMART")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="1 case", exact=True)).to_be_visible()
    settled(page)
    assert faults(page) == []
    with page.expect_download() as download:
        page.get_by_role("button", name="As CSV", exact=True).click()
    assert download.value.suggested_filename == "cases.csv"
    pick(page, "Open a case", "example-sefton-2")
    page.get_by_role("button", name="Open this case").click()
    headline(page, "On 11 September 2024 Assessment and Intervention Team holds the child.")


def test_the_policy_is_read_and_its_readings_tried_until_stopped(new_page: Open) -> None:
    page = new_page()
    go(page, "Policy")
    expect(page.get_by_text("117 clauses")).to_be_visible()
    page.get_by_role("textbox", name="Search").fill("first court hearing")
    page.keyboard.press("Enter")
    expect(page.get_by_text("117 clauses")).to_have_count(0)
    page.locator("summary", has_text="as written").first.click()
    assert faults(page) == []
    for section in ("Exceptions", "Coverage", "The council's document", "What the text leaves open"):
        page.get_by_role("radio", name=section).click()
        settled(page)
        assert faults(page) == [], section
    page.get_by_role("button", name="What would each other choice change for this case?").click()
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_text("It was stopped: ")).to_be_visible()


def test_the_map_is_read_by_click_and_by_key(new_page: Open) -> None:
    page = new_page()
    go(page, "Team map")
    expect(page.get_by_role("heading", name="The open case")).to_be_visible()
    assert faults(page) == []
    picture = page.locator("svg[aria-labelledby=picture-title]")
    picture.locator("#team--supporting_our_children a").click()
    expect(page.get_by_role("heading", name="Supporting our Children", exact=True)).to_be_visible()
    settled(page)
    picture.locator("#team--targeted_intervention_services a").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Targeted Intervention Services", exact=True)).to_be_visible()
    settled(page)
    kept = page.evaluate(DEEP_FOCUS)
    assert kept.startswith("Targeted"), "the keyboard stays where it was"
    page.get_by_role("button", name="Clear the choice").click()
    expect(page.get_by_role("heading", name="The open case")).to_be_visible()
    settled(page)  # the address of a download changes with each run of the page
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the map").click()
    assert download.value.suggested_filename == "team-map-blackpool.html"


def test_about_tells_what_it_does_not_do(new_page: Open) -> None:
    page = new_page()
    go(page, "About")
    expect(page.get_by_text("It does not decide for anyone.")).to_be_visible()
    assert faults(page) == []


def test_a_policy_is_checked_and_compared_and_a_case_opened(new_page: Open) -> None:
    page = new_page()
    go(page, "Checks")
    page.get_by_role("button", name="Check the policy").click()
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_text("It was stopped after ")).to_be_visible()
    settled(page)
    page.get_by_role("button", name="Check the policy").click()
    expect(page.get_by_text("things proved free of fault.", exact=False)).to_be_visible(timeout=120_000)
    expect(page.get_by_role("button", name="Stop")).to_have_count(0)
    settled(page)
    assert faults(page) == []
    page.get_by_role("radio", name="Compare two").click()
    settled(page)
    pick(page, "The other choice", "Where a text says only “days”, working days are counted.")
    page.get_by_role("button", name="Compare", exact=True).click()
    expect(page.get_by_text("They differ in: deadlines.")).to_be_visible()
    settled(page)
    assert faults(page) == []
    page.get_by_role("button", name="Open the case of difference 1").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("On 16 October 2024")
    page.get_by_role("link", name="Checks", exact=True).click()
    page.get_by_role("radio", name="Compare two").click()
    page.get_by_role("radio", name="Another council").click()
    settled(page)
    assert faults(page) == []
