"""Five visits in a browser, each from the first screen to the visitor's goal."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from explain.filed.verify import verify
from tests.browser.conftest import settled, until
from tests.browser.steps import answer, example, faults, go, headline, open_file, pick

Open = Callable[..., Page]
#: The text of the focused element, in components too.
DEEP_FOCUS = """(() => {
  let e = document.activeElement;
  while (e.shadowRoot) e = e.shadowRoot.activeElement;
  return e.textContent.trim();
})()"""
SAMPLE = "Blackpool Council: Conference held, plan made"
#: A stay under section 20 that is to last until 18: two clauses give two moments.
SECTION_20 = {
    "case_id": "S-10431",
    "policy": "sefton",
    "as_of": "2024-11-18",
    "facts": {
        "team_on_record": "locality_team",
        "date_of_birth": "2012-02-11",
        "section_20_from": "2024-07-10",
        "plan_to_remain_until_18": True,
        "four_month_review_held_on": "2024-11-12",
        "four_month_review_decision": "not_returning_home",
        "second_review_booked_for": "2025-02-06",
    },
}
#: What the one live region says.
SPOKEN = """() => {
  const all = (root) => [...root.querySelectorAll('*')].flatMap((e) => e.shadowRoot ? [e, ...all(e.shadowRoot)] : [e]);
  return all(document).filter((e) => e.classList.contains('spoken')).map((e) => e.textContent).join('|');
}"""
FIRST = "Strengthening and Supporting Families has the child, since Tuesday 19 November 2024"
HELD_UP = "Assessment and Support Team has the child. The move to Strengthening and Supporting Families is held up."


def test_a_sample_is_decided_and_its_proof_opened(new_page: Open, tmp_path: Path) -> None:
    page = new_page()
    assert faults(page) == []
    example(page, SAMPLE)
    headline(page, FIRST)
    page.locator("summary", has_text="bp81 (line 52)").first.click()
    expect(
        page.get_by_text("Strengthening and Supporting Families takes responsibility when the conference is held").first
    ).to_be_visible()
    page.locator("summary", has_text="Every step, with its clause").click()
    expect(page.get_by_role("button", name="Change step 1")).to_be_visible()
    example(page, "Blackpool Council: Conference held, but the family was not told")
    headline(page, HELD_UP)
    expect(page.get_by_text("The child and family were not told before the move.").first).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Record: JSON, to be checked").click()
    download.value.save_as(tmp_path / "record.json")
    record = json.loads((tmp_path / "record.json").read_text(encoding="utf-8"))
    assert verify(record) == []
    assert record["headline"] == "On 14 October 2024 Assessment and Support Team holds the child."
    assert faults(page) == []


def test_the_interview_leads_to_an_answer_that_says_on_what_it_rests(new_page: Open) -> None:
    """After one fact the answer is “on what is recorded so far”; what has happened is asked all the same."""
    page = new_page()
    page.get_by_role("button", name="Start the questions").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Which child is this about?")
    page.get_by_role("radiogroup", name="Council").get_by_text("Sefton Council").click()
    page.get_by_role("textbox", name="Case number").fill("S-10440")
    page.keyboard.press("Enter")
    settled(page)
    page.get_by_role("button", name="Continue").click()
    question(page, "Which team has this child open on the record?")
    assert faults(page) == []
    on(page, "Assessment and Intervention Team", "Since when has the team on the record had the child?")
    on(page, "Not known", "What has happened, or is planned?")
    page.get_by_text("Child protection — for example").click()
    settled(page)
    on(page, "Continue", "Is an initial child protection conference needed?")
    on(page, "Not known", "When was the initial child protection conference held?")
    assert faults(page) == []
    on(page, "Yes, date not known", "Did the conference make a child protection plan?")
    expect(page.get_by_role("heading", name="Why we ask")).to_be_visible()
    page.get_by_role("button", name="Child protection plan", exact=True).click()
    settled(page)
    page.get_by_role("button", name="Check your answers").click()
    question(page, "Check your answers")
    assert faults(page) == []
    page.get_by_role("button", name="See the answer").click()
    headline(page, "Locality Team has the child")
    expect(page.get_by_text("on what is recorded so far.")).to_be_visible()
    assert faults(page) == []


def question(page: Page, title: str) -> None:
    """Waits for a step of the interview, whose heading has the focus then."""
    headline(page, title)
    until(page, "document.activeElement.tagName === 'H1'")


def on(page: Page, button: str, title: str) -> None:
    page.get_by_role("button", name=button, exact=True).click()
    question(page, title)


def test_checks_are_confirmed_where_they_stand_and_clauses_that_differ_are_said(new_page: Open) -> None:
    page = new_page()
    open_file(page, SECTION_20, "Locality Team has the child. Another clause would give the child to Cared for Children Team.")
    expect(page.locator(".wt-mark")).to_contain_text(["Clauses differ", "1 time limit missed", "10 checks not confirmed"])
    expect(page.get_by_role("heading", name="Two clauses, two answers")).to_be_visible()
    expect(page.get_by_text("Cared for Children Team would have the child", exact=True)).to_be_visible()
    expect(page.get_by_role("heading", name="Checks before the move: 0 of 10 confirmed")).to_be_visible()
    answer(page, "Is the child's record up to date?", "Yes")
    expect(page.get_by_role("heading", name="Checks before the move: 1 of 10 confirmed")).to_be_visible()
    expect(page.locator(".wt-mark").last).to_contain_text("9 checks not confirmed")
    expect(page.get_by_text("Recorded: whether the child's record is up to date: yes.")).to_be_visible()
    assert page.evaluate("document.activeElement.type") == "radio", "the focus stays where the reply was given"
    until(page, f"({SPOKEN})().startsWith('Recorded. ')")
    settled(page)
    assert faults(page) == []
    with page.expect_download() as download:
        page.get_by_role("button", name="Deadlines and moves: calendar").click()
    assert "SUMMARY:Planned move to Cared for Children Team" in Path(download.value.path()).read_text(encoding="utf-8")


def test_one_fact_settles_nothing_for_good_and_only_this_policys_facts_are_offered(new_page: Open) -> None:
    page = new_page()
    one_fact = {**SECTION_20, "facts": {"team_on_record": "assessment_and_intervention_team"}}
    open_file(page, one_fact, "Assessment and Intervention Team has the child")
    expect(page.get_by_text("on what is recorded so far.")).to_be_visible()
    expect(page.get_by_role("heading", name="Taken as not so")).to_be_visible()
    page.get_by_role("button", name="Recorded facts").click()
    find = page.get_by_role("textbox", name="Find a fact")
    for words, found in (("letter", "0 facts found."), ("CP plan", "Did the conference make a child protection plan?")):
        find.fill(words)
        find.press("Enter")
        expect(page.get_by_text(found, exact=True)).to_be_visible()


def test_why_not_and_what_if(new_page: Open) -> None:
    page = new_page()
    example(page, SAMPLE)
    pick(page, "Team", "Supporting our Children")
    expect(page.get_by_text("3 things are lacking").first).to_be_visible()
    page.get_by_role("button", name="What if route 1 were met?").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("heading", name="What if Supporting our Children were to take over?")).to_be_visible()
    settled(page)
    assert faults(page) == []
    for question in ("When were care proceedings issued?", "When was the first court hearing held?"):
        dialog.get_by_role("radiogroup", name=question).get_by_text("Yes, date not known", exact=True).click()
        settled(page)
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
    headline(page, "Assessment and Intervention Team has the child. The move to Locality Team is held up.")


def test_the_policy_is_read_and_its_readings_tried_until_stopped(new_page: Open) -> None:
    page = new_page()
    go(page, "Policy")
    expect(page.get_by_text("117 clauses")).to_be_visible()
    page.get_by_role("textbox", name="Search").fill("first court hearing")
    page.keyboard.press("Enter")
    expect(page.get_by_text("117 clauses")).to_have_count(0)
    page.locator("summary", has_text="as written").first.click()
    assert faults(page) == []
    example(page, SAMPLE)
    go(page, "Policy")
    for section in ("Exceptions", "What is left out", "The council's document", "What the text leaves open"):
        page.get_by_role("radio", name=section).click()
        settled(page)
        assert faults(page) == [], section
    page.get_by_role("button", name="What would each other choice change for this case?").click()
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_text("It was stopped: ")).to_be_visible()


def test_the_map_is_read_by_click_and_by_key(new_page: Open) -> None:
    page = new_page()
    example(page, SAMPLE)
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
    expect(page.get_by_text("things are in order, in every case.", exact=False)).to_be_visible(timeout=120_000)
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
    page.locator(".wt-mark").first.wait_for()
    expect(page.get_by_text("16 October 2024, on what is recorded so far.")).to_be_visible()
    page.get_by_role("link", name="Checks", exact=True).click()
    page.get_by_role("radio", name="Compare two").click()
    page.get_by_role("radio", name="Another council").click()
    settled(page)
    assert faults(page) == []
