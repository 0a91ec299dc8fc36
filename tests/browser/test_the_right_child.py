"""The answer shown always belongs to the open case: after opening, choosing, refusing and reloading, and in two tabs."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Dialog, Page, expect

from explain.app.lost import SAID
from explain.filed.verify import verify
from tests.browser.conftest import Watch, opened, running, settled, until
from tests.browser.steps import START, answer, example, faults, go, hand_in, headline, open_file
from tests.helpers import free_port

Open = Callable[..., Page]
SAMPLE = "Blackpool Council: Conference held, but the family was not told"
SAMPLE_SAYS = "Assessment and Support Team has the child. The move to Strengthening and Supporting Families is held up."
OWN: dict[str, Any] = {
    "case_id": "own-7",
    "policy": "sefton",
    "as_of": "2024-09-11",
    "facts": {"team_on_record": "locality_team", "with_team_since": "2024-02-01", "child_disabled": False},
}
OWN_SAYS = "Locality Team has the child, since 1 February 2024"
OTHER = {**OWN, "case_id": "own-8", "facts": {**OWN["facts"], "with_team_since": "2024-03-01"}}
OTHER_SAYS = "Locality Team has the child, since 1 March 2024"

#: Whether the page would ask before the tab is left: it is told so after it is drawn.
GUARDED = "!window.dispatchEvent(new Event('beforeunload', { cancelable: true }))"


def strip_of(page: Page, case_id: str) -> None:
    """The strip names this child and no other."""
    expect(page.locator(".wt-case strong")).to_have_text(f"Case {case_id}")


def test_it_starts_with_no_child_and_an_unknown_address_shows_none(new_page: Open, address: str, watch: Watch) -> None:
    page = new_page()
    headline(page, START)
    expect(page.locator(".wt-case")).to_have_count(0)
    expect(page.get_by_text("No child’s case is open.")).to_be_visible()
    expect(page).to_have_title("Start – Which team")
    page.goto(f"{address}/S-10417")
    expect(page.get_by_role("dialog")).to_contain_text("Page not found")
    page.get_by_role("dialog").get_by_role("button").first.click()
    headline(page, START)
    expect(page.locator(".wt-case")).to_have_count(0)
    watch.addresses.discard(f"{address}/S-10417")
    watch.errors = [told for told in watch.errors if "main page" not in told]  # Streamlit tells the console of it as well


@pytest.mark.parametrize("first", ["sample", "own"])
def test_a_file_that_is_opened_is_shown_at_once_and_filed(new_page: Open, tmp_path: Any, first: str) -> None:
    page = new_page()
    if first == "own":
        open_file(page, OTHER, OTHER_SAYS)
    else:
        example(page, SAMPLE)
        expect(page.locator(".wt-case")).to_contain_text("EXAMPLE")
    open_file(page, OWN, OWN_SAYS)
    strip_of(page, "own-7")
    expect(page.locator(".wt-case")).not_to_contain_text("EXAMPLE")
    settled(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Record: JSON, to be checked").click()
    download.value.save_as(tmp_path / "record.json")
    record = json.loads((tmp_path / "record.json").read_text(encoding="utf-8"))
    assert (record["case"]["case_id"], verify(record)) == ("own-7", [])
    assert faults(page) == []


def test_a_sample_chosen_after_a_file_is_shown(new_page: Open) -> None:
    page = new_page()
    open_file(page, OWN, OWN_SAYS)
    example(page, SAMPLE)
    headline(page, SAMPLE_SAYS)
    strip_of(page, "example-blackpool-2")


def test_a_file_that_is_refused_leaves_the_case_before_and_says_so(new_page: Open) -> None:
    page = new_page()
    open_file(page, OWN, OWN_SAYS)
    hand_in(page, "bad.json", json.dumps({**OTHER, "facts": {"icpc_hold_on": True}}).encode())
    expect(page.get_by_text("icpc_hold_on").first).to_be_visible()
    expect(page.get_by_text("Case own-7 is open as before.")).to_be_visible()
    headline(page, START)
    strip_of(page, "own-7")
    open_file(page, OTHER, OTHER_SAYS)
    strip_of(page, "own-8")


def test_unsaved_work_is_never_dropped_unasked(new_page: Open) -> None:
    """Opening another case, closing the case and leaving the tab: each asks first."""
    page = new_page()
    open_file(page, OWN, OWN_SAYS)
    answer(page, "When was the final hearing held?", "Has not happened")
    expect(page.locator(".wt-case")).to_contain_text("Not saved")
    go(page, "Start")
    page.get_by_role("combobox", name="An example").click()
    page.get_by_role("option", name="Fourteen, and the handover").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Case own-7 has changes that are kept nowhere but in this tab.")
    dialog.get_by_role("button", name="Stay with case own-7").click()
    expect(dialog).to_have_count(0)
    strip_of(page, "own-7")
    page.get_by_role("button", name="Close this case").click()
    with page.expect_download() as download:
        dialog.get_by_role("button", name="Save as a file first").click()
    assert json.loads(Path(download.value.path()).read_text(encoding="utf-8"))["facts"]["final_hearing_held_on"] is False
    expect(dialog).to_contain_text("Case own-7: saved in a file at ")
    dialog.get_by_role("button", name="Go on").click()
    expect(page.locator(".wt-case")).to_have_count(0)
    open_file(page, OWN, OWN_SAYS)
    answer(page, "When was the final hearing held?", "Has not happened")
    asked: list[str] = []

    def leave(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", leave)
    until(page, GUARDED)
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("No child’s case is open.")
    assert asked == ["beforeunload"]


def test_two_tabs_keep_to_their_own_child_and_a_reload_forgets_it(new_page: Open) -> None:
    one, two = new_page(), new_page()
    open_file(one, OWN, OWN_SAYS)
    open_file(two, OTHER, OTHER_SAYS)
    settled(one)
    strip_of(one, "own-7")
    one.reload()
    expect(one.get_by_role("heading", level=1)).to_have_text("No child’s case is open.")
    expect(one.locator(".wt-case")).to_have_count(0)
    strip_of(two, "own-8")


def test_back_and_forward_keep_to_the_child_that_is_open(new_page: Open) -> None:
    page = new_page()
    open_file(page, OWN, OWN_SAYS)
    go(page, "Team map")
    strip_of(page, "own-7")
    page.go_back()
    headline(page, OWN_SAYS)
    strip_of(page, "own-7")


def test_a_session_that_was_lost_shows_nothing_of_its_child_again(browser: Browser, tmp_path: Path) -> None:
    """The app is restarted while a page is open, as happens when a laptop sleeps for long."""
    port = free_port()
    with running(tmp_path, port) as address:
        watch = Watch(address)
        pages = opened(browser, address, watch)
        page = pages.__enter__()
        open_file(page, OWN, OWN_SAYS)
        answer(page, "When was the final hearing held?", "Has not happened")
        expect(page.get_by_role("cell", name="has not happened")).to_be_visible()
    with running(tmp_path, port):
        expect(page.get_by_text(SAID)).to_be_visible()
        expect(page.locator(".wt-case")).to_have_count(0)
        expect(page.get_by_role("cell", name="has not happened")).to_have_count(0)
        open_file(page, OTHER, OTHER_SAYS)
        strip_of(page, "own-8")
        expect(page.get_by_role("cell", name="has not happened")).to_have_count(0)
        expect(page.get_by_text(SAID)).to_have_count(0)
        pages.__exit__(None, None, None)
