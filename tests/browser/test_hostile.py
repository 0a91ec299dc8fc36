"""A hostile policy, case and file names in a real browser: shown as text, without requests to another host."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from tests.app import hostile
from tests.app.hostile import MARK, NASTY
from tests.browser.conftest import Watch, opened, running, settled
from tests.browser.steps import go

#: Finds everything on the page (in components too) that hostile markup could have become.
FOUND = """() => {
  const found = [];
  const look = (root) => {
    for (const element of root.querySelectorAll('*')) {
      if (element.shadowRoot) look(element.shadowRoot);
      const own = element.tagName.toLowerCase();
      const leads = [...element.attributes].filter((a) => ['src', 'href', 'xlink:href', 'style', 'srcset'].includes(a.name));
      if (leads.some((a) => a.value.includes('evil.example'))) found.push(element.outerHTML.slice(0, 200));
      if (element.classList.contains('katex') || element.className === 'stMarkdownColoredText') found.push(own);
      if (element.onerror) found.push(own);
    }
  };
  look(document);
  return found;
}"""
#: Text that Markdown would have changed.
LOST = [
    ":smile:",
    ":material/home:",
    ":streamlit:",
    "**s**",
    "~~d~~",
    "$x^2$",
    ":red[r]",
    "&amp;",
    f"![i](http://{MARK}/i.png)",
    "->",
]


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, browser_type_launch_args: dict[str, Any]) -> Iterator[str]:
    home = tmp_path_factory.mktemp("hostile")
    with running(home, WHICHTEAM_POLICIES=str(hostile.policies(home / "policies"))) as address:
        yield address


@pytest.fixture
def page(app: str, browser: Browser) -> Iterator[Page]:
    """A page without its content security policy, so that only escaping keeps markup from loading anything."""
    watch = Watch(app)
    with opened(browser, app, watch, bypass_csp=True) as page:
        yield page
        assert watch.outside == []


def assert_text(page: Page) -> None:
    settled(page)
    assert page.evaluate(FOUND) == []


def text_of(page: Page, selector: str) -> str:
    return page.locator(selector).first.inner_text().replace("\u2060", "")


def choose(page: Page, title: str) -> None:
    go(page, "Start")
    box = page.get_by_role("combobox", name="An example", exact=True)
    box.click()
    box.fill(title)
    option = page.get_by_role("option", name=title).first
    assert NASTY in option.inner_text(), "an option of a list is text"
    option.click()
    settled(page)


def test_every_page_shows_names_as_text(page: Page) -> None:
    choose(page, "Hostile Council")
    expect(page.get_by_role("heading", level=1)).to_contain_text("First Response")
    heading = text_of(page, "h1")
    assert heading == f"First Response {NASTY} has the child"
    assert_text(page)
    assert [part for part in LOST if part not in heading] == []
    for name in ("Team map", "Policy", "Checks", "Cases", "About"):
        page.get_by_role("link", name=name, exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_contain_text(name)
        assert_text(page)
        if name == "Policy":
            for section in ("What the text leaves open", "Exceptions", "What is left out"):
                page.get_by_role("radio", name=section).click()
                assert_text(page)
        if name == "Cases":
            page.get_by_test_id("stDataFrame").first.scroll_into_view_if_needed()
            cell = page.get_by_test_id("stDataFrame").first.bounding_box()
            assert cell is not None
            page.mouse.dblclick(cell["x"] + 400, cell["y"] + 60)  # the grid is redrawn while it loads, so elements can't be kept
            expect(page.locator("[id^=gdg-overlay]")).to_be_visible()  # the cell opened
            assert_text(page)


def test_labels_of_inputs_and_dialogs_are_text(page: Page) -> None:
    choose(page, "Undecided")
    assert_text(page)
    page.get_by_role("button", name="Recorded facts").click()
    page.get_by_role("textbox", name="Find a fact").fill("only visiting")
    page.keyboard.press("Enter")
    expect(page.locator("label", has_text="Is the child only visiting Northshire?").first).to_be_visible()
    settled(page)
    labels = [label.replace("\u2060", "") for label in page.locator("label").all_inner_texts()]
    assert f"Is the child only visiting Northshire? {NASTY}" in labels
    assert_text(page)
    page.get_by_role("button", name="See the answer").click()
    page.locator("summary", has_text="Every step, with its clause").click()
    page.get_by_role("button", name="Change step").first.click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert_text(page)


def test_the_faults_of_a_file_are_text(page: Page) -> None:
    content = json.dumps({**hostile.CASE, "facts": {NASTY: True}}).encode()
    file: FilePayload = {"name": f"{NASTY.replace('/', '|')}.json", "mimeType": "application/json", "buffer": content}
    page.locator("input[type=file]").set_input_files(file)
    error = page.get_by_test_id("stAlert")
    expect(error).to_contain_text("unknown fact")
    assert NASTY[:50] in error.inner_text().replace("\u2060", "")  # long names are cut
    assert_text(page)


def test_what_gets_onto_a_page_all_the_same_is_not_loaded(app: str, browser: Browser) -> None:
    watch = Watch(app)
    with opened(browser, app, watch) as page:
        told = page.evaluate(
            """() => new Promise((done) => {
              document.addEventListener('securitypolicyviolation', (event) => done([event.violatedDirective, event.blockedURI]));
              document.body.append(Object.assign(new Image(), {src: 'http://127.0.0.2:9/i.png'}));
            })"""
        )
    assert told == ["img-src", "http://127.0.0.2:9/i.png"]


def test_no_other_page_shows_it_in_a_frame(app: str, browser: Browser, tmp_path: Path) -> None:
    outside = tmp_path / "frame.html"
    outside.write_text(f'<iframe src="{app}" id="app"></iframe>', encoding="utf-8")
    context = browser.new_context()
    page = context.new_page()
    refused: list[str] = []
    page.on("console", lambda told: refused.append(told.text))
    page.goto(outside.as_uri())
    page.wait_for_load_state("networkidle")
    assert [line for line in refused if "frame-ancestors" in line] != []
    context.close()
