"""The answer shown always belongs to the open case: after opening, choosing, refusing and reloading, and in two tabs."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from explain.app.lost import SAID
from explain.filed.verify import verify
from tests.browser.conftest import Watch, free_port, opened, running, settled
from tests.browser.steps import answer, faults, headline, pick

Open = Callable[..., Page]
FIRST = "On 20 November 2024 Strengthening and Supporting Families holds the child."
OWN: dict[str, Any] = {
    "case_id": "own-7",
    "policy": "sefton",
    "as_of": "2024-09-11",
    "facts": {"team_on_record": "locality_team", "with_team_since": "2024-02-01", "child_disabled": False},
}
OWN_SAYS = "On 11 September 2024 Locality Team holds the child."
OTHER = {**OWN, "case_id": "own-8", "as_of": "2024-09-12"}
OTHER_SAYS = "On 12 September 2024 Locality Team holds the child."


def hand_in(page: Page, name: str, content: bytes) -> None:
    page.get_by_role("button", name="Open a file").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    file: FilePayload = {"name": name, "mimeType": "application/json", "buffer": content}
    dialog.locator("input[type=file]").set_input_files(file)


def open_own(page: Page, case: dict[str, Any], says: str) -> None:
    hand_in(page, "case.json", json.dumps(case).encode())
    headline(page, says)
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_text(f"Case {case['case_id']} ·")).to_be_visible()


@pytest.mark.parametrize("first", ["sample", "own"])
def test_a_file_that_is_opened_is_shown_at_once_and_filed(new_page: Open, tmp_path: Any, first: str) -> None:
    page = new_page()
    headline(page, FIRST)
    if first == "own":
        open_own(page, OTHER, OTHER_SAYS)
    open_own(page, OWN, OWN_SAYS)
    settled(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Record: JSON, to be checked").click()
    download.value.save_as(tmp_path / "record.json")
    record = json.loads((tmp_path / "record.json").read_text(encoding="utf-8"))
    assert (record["case"]["case_id"], record["headline"], verify(record)) == ("own-7", OWN_SAYS, [])
    assert faults(page) == []


def test_a_sample_chosen_after_a_file_is_shown(new_page: Open) -> None:
    page = new_page()
    headline(page, FIRST)
    open_own(page, OWN, OWN_SAYS)
    pick(page, "Case", "Blackpool Council: Conference held, but the family was not told")
    headline(page, "On 14 October 2024 Assessment and Support Team holds the child.")
    expect(page.get_by_text("Case own-7 ·")).to_have_count(0)


def test_a_file_that_is_refused_leaves_the_case_before_and_says_so(new_page: Open) -> None:
    page = new_page()
    headline(page, FIRST)
    open_own(page, OWN, OWN_SAYS)
    hand_in(page, "bad.json", json.dumps({**OTHER, "facts": {"icpc_hold_on": True}}).encode())
    expect(page.get_by_text("icpc_hold_on").first).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)
    headline(page, OWN_SAYS)
    expect(page.get_by_text("Case own-7 ·")).to_be_visible()
    open_own(page, OTHER, OTHER_SAYS)


def test_two_tabs_keep_to_their_own_child_and_a_reload_forgets_it(new_page: Open) -> None:
    one, two = new_page(), new_page()
    headline(one, FIRST)
    headline(two, FIRST)
    open_own(one, OWN, OWN_SAYS)
    open_own(two, OTHER, OTHER_SAYS)
    settled(one)
    expect(one.get_by_text("Case own-7 ·")).to_be_visible()
    expect(one.get_by_text("Case own-8 ·")).to_have_count(0)
    one.reload()
    headline(one, FIRST)
    expect(one.get_by_text("Case own-7 ·")).to_have_count(0)
    expect(two.get_by_text("Case own-8 ·")).to_be_visible()


def test_back_and_forward_keep_to_the_child_that_is_open(new_page: Open) -> None:
    page = new_page()
    headline(page, FIRST)
    open_own(page, OWN, OWN_SAYS)
    page.get_by_role("link", name="Team map").click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text(OWN_SAYS)
    page.go_back()
    headline(page, OWN_SAYS)
    expect(page.get_by_text("Case own-7 ·")).to_be_visible()


def test_a_session_that_was_lost_shows_nothing_of_its_child_again(browser: Browser, tmp_path: Path) -> None:
    """The app is restarted while a page is open, as happens when a laptop sleeps for long."""
    port = free_port()
    with running(tmp_path, port) as address:
        watch = Watch(address)
        pages = opened(browser, address, watch)
        page = pages.__enter__()
        headline(page, FIRST)
        open_own(page, OWN, OWN_SAYS)
        pick(page, "Any other fact", "When was the initial child protection conference held?")
        answer(page, "When was the initial child protection conference held?", "Has not happened")
        expect(page.get_by_role("cell", name="has not happened")).to_be_visible()
    with running(tmp_path, port):
        headline(page, FIRST)
        expect(page.get_by_text(SAID)).to_be_visible()
        expect(page.get_by_text("Case own-7 ·")).to_have_count(0)
        expect(page.get_by_role("cell", name="has not happened")).to_have_count(0)
        open_own(page, OTHER, OTHER_SAYS)
        expect(page.get_by_text("Case own-7 ·")).to_have_count(0)
        expect(page.get_by_role("cell", name="has not happened")).to_have_count(0)
        expect(page.get_by_text(SAID)).to_have_count(0)
        pages.__exit__(None, None, None)
