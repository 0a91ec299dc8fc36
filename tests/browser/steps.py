"""Actions of a user, which find elements by visible labels and headings only."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import FilePayload, Page, expect

from tests.browser.conftest import settled, until

#: axe findings in Streamlit's own widgets: the rule, a part of the element, and the reason.
STREAMLITS_OWN = (
    ("presentation-role-conflict", "stFileUploader", "the drop area of the file input"),
    ("aria-allowed-attr", "stFileUploader", "the drop area of the file input"),
)

LOOKS = 20  # at a page with findings, until they count

START = "Which team has this child, and what comes next?"


def headline(page: Page, words: str) -> None:
    """Waits until the page shows this headline."""
    expect(page.get_by_role("heading", level=1)).to_have_text(words)
    settled(page)


def pick(page: Page, label: str, option: str) -> None:
    """Picks an option from a list by typing it and pressing Enter."""
    box = page.get_by_role("combobox", name=label, exact=True)
    box.click()
    box.fill(option)
    page.get_by_role("option", name=option).first.click()
    settled(page)


def go(page: Page, name: str) -> None:
    """Goes to a page by its link, unless it is shown already: a click there would draw it anew under what follows."""
    words = re.compile(re.escape({"About": "About whichteam", "Start": START}.get(name, name)))
    heading = page.get_by_role("heading", level=1)
    if not words.search(heading.first.inner_text()):
        page.get_by_role("link", name=name, exact=True).click()
    expect(heading).to_have_text(words)
    settled(page)


def example(page: Page, title: str) -> None:
    """Opens an example from the start page, and waits for its answer."""
    go(page, "Start")
    pick(page, "An example", title)
    page.locator(".wt-mark").first.wait_for()
    settled(page)


def hand_in(page: Page, name: str, content: bytes) -> None:
    """Hands a file to the start page."""
    go(page, "Start")
    file: FilePayload = {"name": name, "mimeType": "application/json", "buffer": content}
    page.locator("input[type=file]").set_input_files(file)


def open_file(page: Page, case: dict[str, Any], says: str) -> None:
    """Opens a case from a file, and waits for its answer."""
    hand_in(page, "case.json", json.dumps(case).encode())
    headline(page, says)
    expect(page.get_by_text(f"Case {case['case_id']}", exact=True)).to_be_visible()


def answer(page: Page, question: str, reply: str) -> None:
    """Answers a question by its radio button."""
    page.get_by_role("radiogroup", name=question).get_by_text(reply, exact=True).click()
    settled(page)


def drawn(page: Page) -> None:
    """Waits until the page is shown and nothing fades or moves any more, except what does so without end."""
    settled(page)
    moving = "each.playState === 'running' && each.effect.getComputedTiming().endTime !== Infinity"
    until(page, f"!document.getAnimations().some((each) => {moving})")


def faults(page: Page) -> list[str]:
    """The findings of axe-core on a page, except those in Streamlit's own widgets.

    While there are some it looks again, as contrast is low while colours fade in or the page runs once more.
    """
    told: list[str] = []
    for _ in range(LOOKS):
        drawn(page)
        told = list(_found(page))
        if not told:
            break
        page.wait_for_timeout(500)
    return told


def _found(page: Page) -> Iterator[str]:
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]})
    for violation in found.response["violations"]:
        for node in violation["nodes"]:
            if not any(violation["id"] == rule and part in str(node) for rule, part, _ in STREAMLITS_OWN):
                yield f"{violation['id']}: {node['target']} {node['html'][:160]}"
