"""The app by keyboard only, on a phone, in dark mode, and in two browsers at once."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.app.screen import all_samples, decided
from tests.browser.conftest import Watch, settled, until
from tests.browser.steps import START, drawn, example, faults, go, headline

Open = Callable[..., Page]
SAMPLE = "Blackpool Council: Conference held, plan made"
FIRST = "Strengthening and Supporting Families has the child, since Tuesday 19 November 2024"
CLICKS = 20
WITHIN = """(name) => {
  const at = document.activeElement, around = ['[role=radiogroup]', '[role=group]', 'label'].map((each) => at.closest(each));
  const labels = [at.ariaLabel, at.labels?.[0]?.innerText, ...around.flatMap((each) => [each?.ariaLabel, each?.innerText])];
  return at.matches('input, textarea, [role=spinbutton]') && labels.some((each) => (each ?? '').trim().startsWith(name));
}"""
SEEN = "(s => s.outlineStyle + s.outlineWidth + s.boxShadow)(getComputedStyle(document.activeElement))"


def focused(page: Page) -> str:
    """The accessible name of the focused element."""
    found: str = page.evaluate("(document.activeElement.innerText || document.activeElement.ariaLabel || '').trim()")
    return found


def tab_to(page: Page, name: str, most: int = 120) -> None:
    """Presses Tab until the element with this name has the focus, and asserts that the focus is visible."""
    settled(page)
    page.get_by_text(name).first.wait_for()
    met: list[str] = []
    while len(met) < most:
        page.keyboard.press("Tab")
        met.append(focused(page))
        if met[-1].split("\n")[-1].startswith(name):  # an icon stands before it
            outline = page.evaluate(SEEN)
            assert outline not in ("none0pxnone", "none3pxnone"), f"the focus on {name} can't be seen"
            return
    pytest.fail(f"the keyboard does not come to {name}, only to {met}")


def test_by_keyboard_only(new_page: Open) -> None:
    page = new_page()
    tab_to(page, "Start the questions")
    page.get_by_role("combobox", name="An example").focus()
    page.keyboard.type("Conference held, plan made")
    page.keyboard.press("Enter")
    headline(page, FIRST)
    until(page, "document.activeElement.tagName === 'H1'")
    tab_to(page, "bp81 (line 52)")
    page.keyboard.press("Enter")
    expect(page.get_by_text("takes responsibility when the conference is held").first).to_be_visible()
    tab_to(page, "Every step, with its clause")
    page.keyboard.press("Enter")
    tab_to(page, "Change step 2")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    settled(page)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    settled(page)
    go(page, "Start")
    page.get_by_role("combobox", name="An example").focus()
    page.keyboard.type("Consent to early help")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="What is missing")).to_be_visible()
    settled(page)
    page.get_by_role("radiogroup", name="Has the family agreed to early help?").get_by_role("radio", name="Not known").focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    headline(page, "Targeted Intervention Services has the child, since Wednesday 10 July 2024")


def tab_into(page: Page, name: str, most: int = 60) -> None:
    """Presses Tab until the focus is on an input of the group or field with this name, and asserts that it is there."""
    settled(page)
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate(WITHIN, name):
            return
    pytest.fail(f"the keyboard does not come into {name}")


def choose(page: Page, group: str, option: str, most: int = 20) -> None:
    """Chooses an option of a group of radio buttons with Tab, Space and the arrow keys."""
    tab_into(page, group)
    page.keyboard.press("Space")
    for _ in range(most):
        settled(page)
        if page.evaluate("document.activeElement.closest('label').innerText.trim()") == option:
            return
        page.keyboard.press("ArrowDown")
    pytest.fail(f"the arrow keys do not come to {option}")


def press(page: Page, name: str, heading: str) -> None:
    """Presses a button by keyboard. The focus goes to the heading of what it leads to."""
    tab_to(page, name)
    page.keyboard.press("Enter")
    headline(page, heading)
    until(page, "document.activeElement.tagName === 'H1'")
    assert focused(page) == heading


def test_a_whole_task_by_keyboard(new_page: Open) -> None:
    """From the first page to the answer: council, number, team, one event with its day. No mouse is used."""
    page = new_page()
    press(page, "Start the questions", "Which child is this about?")
    choose(page, "Council", "Blackpool Council")
    tab_into(page, "Case number")
    page.keyboard.type("K-17")
    press(page, "Continue", "Which team has this child open on the record?")
    press(page, "Assessment and Support Team", "Since when has the team on the record had the child?")
    press(page, "Not known", "What has happened, or is planned?")
    tab_into(page, "Child protection")
    page.keyboard.press("Space")
    press(page, "Continue", "Is an initial child protection conference needed?")
    question = "When was the initial child protection conference held?"
    press(page, "Not known", question)
    tab_into(page, "Date of the initial child protection conference")
    page.keyboard.type("24112026")
    page.keyboard.press("Tab")
    settled(page)
    press(page, "Check your answers", "Check your answers")
    says = "Strengthening and Supporting Families has the child, since Tuesday 24 November 2026"
    press(page, "See the answer", says)
    expect(page.get_by_text("Case K-17", exact=True)).to_be_visible()


@pytest.mark.parametrize(("width", "height"), [(640, 450), (320, 256)])
def test_zoomed_nothing_is_cut_off(new_page: Open, width: int, height: int) -> None:
    """A window of 1280 by 1024 at 200% and 400%: nothing is scrolled sideways, and the menu names its pages."""
    page = new_page(viewport={"width": width, "height": height})
    example(page, SAMPLE)
    headline(page, FIRST)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    wide = "[...document.querySelectorAll('.wt *')].filter((e) => e.getBoundingClientRect().right > innerWidth + 1).length"
    assert page.evaluate(wide) == 0
    for name in ("Start", "Ask", "Answer", "Team map", "About"):
        expect(page.get_by_role("link", name=name, exact=True)).to_be_visible()


def test_what_is_chosen_is_seen_in_forced_colours(new_page: Open) -> None:
    page = new_page(forced_colors="active")
    example(page, SAMPLE)
    group = page.get_by_role("radiogroup", name="Is the child's record up to date?")
    options = group.get_by_test_id("stRadioOption")
    expect(options).to_have_count(3)
    for n, style in enumerate(("solid", "none", "none")):
        expect(options.nth(n)).to_have_css("outline-style", style)
    go(page, "Team map")
    off = page.locator("[data-testid=stCheckbox] label", has_text="Only one team and its neighbours")
    expect(off.locator("span + div").first).to_have_css("border-top-style", "solid")
    go(page, "Policy")
    expect(page).to_have_title("Policy – Which team")


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_on_a_phone(new_page: Open, colours: str) -> None:
    page = new_page(viewport={"width": 390, "height": 844}, color_scheme=colours, has_touch=True)
    assert faults(page) == []
    example(page, SAMPLE)
    headline(page, FIRST)
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 390, "nothing is to be scrolled sideways"
    assert faults(page) == []
    page.get_by_role("link", name="Ask", exact=True).click()
    headline(page, "Since when has the team on the record had the child?")
    page.get_by_role("button", name="Not known").click()
    headline(page, "What has happened, or is planned?")
    expect(page.get_by_text("Step 3 of 4: What has happened")).to_be_visible()
    cut = "(e) => e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).textOverflow === 'ellipsis'"
    every = "[...document.querySelectorAll('[data-testid=stCheckbox] p')]"
    assert page.evaluate(f"{every}.filter({cut}).length") == 0, "no choice is cut off"
    assert faults(page) == []


def test_in_the_dark(new_page: Open) -> None:
    page = new_page(color_scheme="dark")
    example(page, SAMPLE)
    headline(page, FIRST)
    drawn(page)
    ground = page.evaluate("getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor")
    assert max(int(part) for part in ground[4:-1].split(",")[:3]) < 60
    assert faults(page) == []
    for name in ("Team map", "Policy", "Checks", "Cases", "About"):
        go(page, name)
        assert faults(page) == [], name


@pytest.mark.parametrize("status", ["unknown", "silent", "conflict"])
def test_states_without_a_team(new_page: Open, status: str) -> None:
    found = next(sample for sample in all_samples().values() if decided(sample).status == status)
    page = new_page()
    example(page, found.title)
    expect(page.locator("[class*=st-key-panel-] h2").first).to_be_visible()
    assert faults(page) == []


def test_two_browsers_at_once_never_mix(new_page: Open) -> None:
    """Both click before either has its answer; then each has to show its own, and nothing of the other."""
    from explain.standing import title as headline_of

    chance = random.Random(11)
    samples = all_samples()
    pages = {code: new_page() for code in ("blackpool", "sefton")}
    for _ in range(CLICKS // 2):
        chosen = {code: chance.choice([s for k, s in samples.items() if k.startswith(code)]) for code in pages}
        for page in pages.values():
            go(page, "Start")
        for code, page in pages.items():
            box = page.get_by_role("combobox", name="An example", exact=True)
            box.click()
            box.fill(chosen[code].title)
            page.get_by_role("option", name=chosen[code].title).first.click()
        for code, page in pages.items():
            headline(page, headline_of(decided(chosen[code])))
            told = page.locator("[data-testid=stMain]").inner_text()
            assert f"Case {chosen[code].case['case_id']}" in told
            assert [s.title for k, s in samples.items() if not k.startswith(code) and f"Case {s.case['case_id']} " in told] == []


#: Makes the page's clock run a thousand times as fast, as if the server took very long.
HURRIED = "{ const start = Date.now(), now = Date.now; Date.now = () => start + 1000 * (now() - start); }"


def test_however_long_an_example_takes_the_focus_comes_to_its_heading(browser: Browser, address: str, watch: Watch) -> None:
    context = browser.new_context(reduced_motion="reduce")
    context.add_init_script(HURRIED)
    page = watch.add(context.new_page())
    page.goto(address)
    headline(page, START)
    page.get_by_role("combobox", name="An example").focus()
    page.keyboard.type("Conference held, plan made")
    page.keyboard.press("Enter")
    headline(page, FIRST)
    until(page, "document.activeElement.tagName === 'H1'")
    context.close()


def test_a_heading_that_is_drawn_anew_gets_its_focus_back(new_page: Open) -> None:
    page = new_page()
    press(page, "Start the questions", "Which child is this about?")
    page.evaluate("document.activeElement.blur()")
    until(page, "document.activeElement.tagName === 'H1'")
    page.keyboard.press("Shift")  # from here on the user is at work
    page.evaluate("document.activeElement.blur()")
    page.wait_for_timeout(300)
    assert page.evaluate("document.activeElement.tagName") == "BODY"


def test_what_is_wrong_with_an_entry_gets_the_focus(new_page: Open) -> None:
    page = new_page(viewport={"width": 390, "height": 500})
    page.get_by_role("button", name="Start the questions").click()
    headline(page, "Which child is this about?")
    page.get_by_role("button", name="Continue").click()
    until(page, "document.activeElement.getAttribute('role') === 'alert'")
    assert "Council: choose one" in focused(page)
    top = page.evaluate("document.activeElement.getBoundingClientRect().top")
    assert 0 <= top < 500, "it is in view"


def test_checks_stand_in_line(new_page: Open) -> None:
    page = new_page()
    example(page, "Sefton Council: Plan made at conference")
    page.get_by_role("heading", name="Checks before the move").wait_for()
    places = page.evaluate(
        "[...document.querySelectorAll('[class*=st-key-check-] [role=radiogroup]')].map((e) => e.getBoundingClientRect().left)"
    )
    assert len(places) > 3
    assert max(places) - min(places) < 2


@pytest.mark.parametrize(("width", "beside"), [(1280, True), (768, False)])
def test_a_column_stands_beside_another_only_where_there_is_room(new_page: Open, width: int, beside: bool) -> None:
    page = new_page(viewport={"width": width, "height": 900})
    example(page, SAMPLE)
    reasons, recorded = (
        page.get_by_role("heading", name=name, exact=True).bounding_box() for name in ("Three reasons", "Recorded")
    )
    assert reasons is not None
    assert recorded is not None
    assert (recorded["x"] > reasons["x"] + 300) == beside
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_policy_is_folded_and_opens_by_keyboard_and_on_paper(new_page: Open) -> None:
    page = new_page(viewport={"width": 768, "height": 900})
    go(page, "Policy")
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight") < 2000
    assert faults(page) == []
    expect(page.get_by_text("bp81", exact=True)).to_be_hidden()
    tab_to(page, "Transfer points")
    page.keyboard.press("Enter")
    expect(page.get_by_text("bp81", exact=True)).to_be_visible()
    assert faults(page) == []
    closed = page.locator("details.chapter:not([open]) .clauses").first
    expect(closed).to_be_hidden()
    page.emulate_media(media="print")
    expect(closed).to_be_visible()


def test_a_double_click_answers_one_question(new_page: Open) -> None:
    page = new_page()
    press(page, "Start the questions", "Which child is this about?")
    page.get_by_role("radiogroup", name="Council").get_by_text("Sefton Council").click()
    page.get_by_role("textbox", name="Case number").fill("S-11")
    page.keyboard.press("Enter")
    settled(page)
    press(page, "Continue", "Which team has this child open on the record?")
    page.get_by_role("button", name="Locality Team").dblclick()
    headline(page, "Since when has the team on the record had the child?")
    press(page, "Not known", "What has happened, or is planned?")
    page.get_by_text("Child in need — for example").click()
    settled(page)
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("Question 1: ")).to_be_visible()
    settled(page)
    page.get_by_role("button", name="Not known", exact=True).dblclick()
    expect(page.get_by_text("Question 2: ")).to_be_visible()
    settled(page)
    page.wait_for_timeout(500)
    expect(page.get_by_text("Question 2: ")).to_be_visible()
