"""Goes through journeys of a manager in the app and counts what each takes.

Run: python -m benchmarks.app_journeys [JOURNEY ...]
Journeys are 1a, 1b, 2, 3, 4, 9 and 10; without names all of them. It needs a browser, as `tests/browser` does. Each journey
has a new session of an app that is started for it, keeps no cases and has answered once before. Counted are the clicks, the
fields that are typed into (a date or number is one), the seconds in which the user waits for the app (time to read and type
is no part of them; other programs on the machine lengthen them), the words on the last page, and what axe-core finds on the
pages at which the journey stops. Beneath the table stand errors in the browser's console and requests to other hosts. The
children are invented.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator, Page, TimeoutError, expect, sync_playwright

from queries.invented import Wanted, make_invented
from queries.load import load_program
from tests.browser.conftest import NAMES, OWN, Watch, opened, running, settled
from tests.browser.steps import START, faults

CHECK, STAGES = "Check your answers", "What has happened, or is planned?"
MOST_ASKED = 30
TRIES = 5
CHILDREN = 60


def ago(days: int) -> date:
    return date.today() - timedelta(days)


#: What is known of a child of nine with a safeguarding concern, at Blackpool: stages that are ticked, and replies.
CONTACT: tuple[tuple[str, ...], dict[str, Any]] = (
    ("The contact",),
    {
        "Which team has this child open on the record?": "No team",
        "Which teams have closed this child before, and when?": "None",
        "Does the family need co-ordinated early help?": "No",
        "What level of need did the front door decide on, from 1 to 4?": 3,
        "When did the front-door manager confirm the threshold decision?": ago(0),
        "On what date did the contact or referral arrive?": ago(1),
        "Does this meet the threshold for a statutory assessment?": "Yes",
        "Is there a safeguarding or child protection concern now?": "Yes",
    },
)
#: What is known of a child of seven at Sefton whose conference made a plan.
CONFERENCE: tuple[tuple[str, ...], dict[str, Any]] = (
    ("Child protection",),
    {
        "Which team has this child open on the record?": "Assessment and Intervention Team",
        "Since when has the team on the record had the child?": ago(57),
        "Is an initial child protection conference needed?": "Yes",
        "When was the initial child protection conference held?": ago(7),
        "Did the conference make a child protection plan?": "Child protection plan",
        "Since when has there been a child protection plan?": ago(7),
    },
)


@dataclass
class Hand:
    """The hand of a user: what it does is counted, and the time until the page has answered."""

    page: Page
    clicks: int = 0
    fields: int = 0
    seconds: float = 0.0
    found: list[str] = field(default_factory=list)

    def click(self, what: Locator, shows: Locator | None = None) -> None:
        """Clicks, and waits until the page shows something and its run is over."""
        self.clicks += 1
        self._wait(what.click, shows)

    def button(self, name: str, heading: str = "") -> None:
        """Presses a button, which may lead to a heading."""
        self.click(self.page.get_by_role("button", name=name, exact=True), self.heading(heading) if heading else None)

    def heading(self, words: str) -> Locator:
        return self.page.get_by_role("heading", name=words)

    def pick(self, label: str, option: str, shows: Locator | None = None) -> None:
        """Picks an option from a list: a click to open it and one on the option."""
        box = self.page.get_by_role("combobox", name=label, exact=True)
        wanted = self.page.get_by_role("option", name=option).first
        self.clicks += 1
        self._wait(lambda: self._open(box, wanted), None)
        self.click(wanted, shows)

    def _open(self, box: Locator, wanted: Locator) -> None:
        """Opens a list, once more if the page closed it, as it does where it is drawn anew just then."""
        for _ in range(TRIES):
            box.click()
            try:
                wanted.wait_for(timeout=3000)
                return
            except TimeoutError:
                continue

    def type(self, what: Locator, text: str) -> None:
        """Clicks into a field and types."""
        self.clicks += 1
        self.fields += 1
        what.click()
        self.page.keyboard.type(text)
        key = "Escape" if what.get_attribute("role") == "spinbutton" else "Enter"  # a day's calendar opens by itself
        self._wait(lambda: self.page.keyboard.press(key), None)

    def date(self, label: str, day: date) -> None:
        self.type(self.page.get_by_label(f"day, {label}"), f"{day:%d%m%Y}")

    def stop(self) -> None:
        """The user reads; meanwhile axe-core looks at the page. That takes no time of the journey."""
        self.found += faults(self.page)

    def _wait(self, act: Callable[[], Any], shows: Locator | None) -> None:
        start = time.perf_counter()
        act()
        if shows is not None:
            shows.first.wait_for()
        else:
            self.page.wait_for_timeout(50)  # a run begins a moment after what the user did
        settled(self.page)
        self.seconds += time.perf_counter() - start


def interviewed(hand: Hand, council: str, number: str, born: date, known: tuple[tuple[str, ...], dict[str, Any]]) -> None:
    """From the start page through the questions to the answer. What is not known is said to be so."""
    page, (stages, replies) = hand.page, known
    hand.button("Start the questions", "Which child is this about?")
    hand.click(page.get_by_role("radiogroup", name="Council").get_by_text(council, exact=True))
    hand.type(page.get_by_label("Case number"), number)
    hand.date("Date of birth, if known", born)
    title = page.get_by_role("heading", level=1)
    _go_on(hand, "Continue")
    for _ in range(MOST_ASKED):
        asked = title.inner_text()
        if asked == CHECK:
            break
        if asked == STAGES:
            for stage in stages:
                hand.click(page.get_by_text(f"{stage} — "))
        reply = replies.get(asked)
        if reply is not None and not isinstance(reply, str):
            _enter(hand, reply)
        _go_on(hand, "Continue" if asked == STAGES or isinstance(reply, int | date) else reply or "Not known")
    hand.button("See the answer")
    page.locator(".wt-mark").first.wait_for()


def _go_on(hand: Hand, button: str) -> None:
    """Presses a button that leads to another title, and waits for that."""
    title = hand.page.get_by_role("heading", level=1)
    was = title.inner_text()
    hand.clicks += 1
    start = time.perf_counter()
    hand.page.get_by_role("button", name=button, exact=True).click()
    expect(title).not_to_have_text(was)
    settled(hand.page)
    hand.seconds += time.perf_counter() - start


def _enter(hand: Hand, value: int | date) -> None:
    asked = hand.page.locator("[class*=st-key-one-question-]")
    if isinstance(value, int):
        hand.type(asked.locator("input"), str(value))
    else:
        hand.type(asked.get_by_role("spinbutton").first, f"{value:%d%m%Y}")


# Journeys -----------------------------------------------------------------------------------


def contact(hand: Hand) -> None:
    interviewed(hand, "Blackpool Council", "J-1001", ago(9 * 365 + 100), CONTACT)
    expect(hand.heading("Assessment and Support Team has the child")).to_be_visible()
    hand.stop()


def conference(hand: Hand) -> None:
    interviewed(hand, "Sefton Council", "J-1002", ago(7 * 365 + 100), CONFERENCE)
    expect(hand.heading("Locality Team has the child")).to_be_visible()
    hand.stop()
    plan = hand.page.get_by_role("radiogroup", name="Is the child's plan SMART and ready?")
    hand.click(plan.get_by_text("No", exact=True), hand.heading("The move to Locality Team is held up"))
    hand.stop()


def _example(hand: Hand, title: str) -> None:
    """Opens an example, which is no part of the journey."""
    apart = Hand(hand.page)
    apart.pick("An example", title, hand.page.locator(".wt-mark"))


def why_not(hand: Hand) -> None:
    _example(hand, "Blackpool Council: Conference held, plan made")
    page = hand.page
    hand.pick("Team", "Supporting our Children", hand.heading("How the policy could lead there"))
    hand.stop()
    hand.button("Try change 1", "Supporting our Children has the child")
    hand.button("Undo what was tried", "Strengthening and Supporting Families has the child")
    expect(page.get_by_role("button", name="Undo what was tried")).to_have_count(0)
    hand.stop()


def change_and_undo(hand: Hand) -> None:
    _example(hand, "Sefton Council: Plan made at conference, but the file is not ready")
    checks = hand.page.get_by_role("radiogroup", name="Is the child's plan SMART and ready?")
    hand.click(checks.get_by_text("Yes", exact=True), hand.page.get_by_text("Recorded: whether"))
    hand.stop()
    hand.button("Undo")
    expect(hand.page.get_by_text("Recorded: whether")).to_have_count(0)
    hand.stop()


def file_it(hand: Hand) -> None:
    _example(hand, "Blackpool Council: Conference held, plan made")
    start = time.perf_counter()
    with hand.page.expect_download() as record:
        hand.clicks += 1
        hand.page.get_by_role("button", name="Record: One page, to print").click()
    assert record.value.path().stat().st_size
    hand.seconds += time.perf_counter() - start
    hand.stop()


def caseload(hand: Hand) -> None:
    page = hand.page
    with tempfile.TemporaryDirectory() as folder:
        made = make_invented(load_program("sefton"), Wanted(CHILDREN, 4, ago(0).toordinal()), Path(folder) / "made")
        hand.button("Open a caseload: many children in one file", "Cases")
        hand.clicks += 1  # on “Upload”; the file is then chosen in a dialog of the system, which is not counted
        page.locator("input[type=file]").set_input_files(Path(folder) / "made" / "children.csv")
        page.get_by_text("children.csv").first.wait_for()
        hand.button("Work these out", f"{CHILDREN} cases")
    only = page.get_by_text("Only where the record has another team")
    hand.click(only, hand.heading(f"{made.wrong} cases"))
    hand.stop()


def team_map(hand: Hand) -> None:
    page = hand.page
    hand.click(
        page.get_by_role("link", name="Team map", exact=True), page.get_by_role("combobox", name="Look at a team or a move")
    )
    hand.stop()
    hand.pick("Look at a team or a move", "Assessment and Support Team", page.get_by_role("heading", name="Moves out"))
    hand.stop()


JOURNEYS: dict[str, tuple[str, Callable[[Hand], None]]] = {
    "1a": ("A new contact with a safeguarding concern, from nothing to the answer", contact),
    "1b": ("A conference with a plan, to the answer; then the plan is not ready", conference),
    "2": ("Why not another team: the smallest change tried and taken back", why_not),
    "3": ("A check answered on the answer page, and undone", change_and_undo),
    "4": ("The record of an open case as one page", file_it),
    "9": (f"A caseload of {CHILDREN} to those with another team on record", caseload),
    "10": ("The map, to the moves of a team", team_map),
}


def gone(browser: Browser, address: str, watch: Watch, journey: Callable[[Hand], None]) -> tuple[Hand, int]:
    """A journey in a new session, and the number of words on its last page."""
    with opened(browser, address, watch) as page:
        expect(page.get_by_role("heading", level=1)).to_have_text(START)
        hand = Hand(page)
        journey(hand)
        return hand, len(page.locator("[data-testid=stMain]").inner_text().split())


def main() -> None:
    given = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    given.add_argument("journeys", nargs="*", metavar="JOURNEY", help=f"of {', '.join(JOURNEYS)}; default: all")
    names = given.parse_args().journeys or list(JOURNEYS)
    if unknown := [name for name in names if name not in JOURNEYS]:
        given.error(f"there is no journey {', '.join(unknown)}")
    program = os.environ.get(OWN) or next(filter(None, map(shutil.which, NAMES)), None)
    if program is None:
        sys.exit(f"error: no browser: put one of {', '.join(NAMES)} on the path, or name it in {OWN}")
    with tempfile.TemporaryDirectory() as folder, running(Path(folder)) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-dev-shm-usage"])
        watch = Watch(address)
        gone(browser, address, watch, lambda hand: _example(hand, "Sefton Council: Plan made at conference"))
        print(f"{'':3s} {'journey':72s} {'clicks':>6s} {'fields':>6s} {'seconds':>7s} {'words':>5s} {'axe':>4s}")
        findings: list[str] = []
        for name in names:
            what, journey = JOURNEYS[name]
            hand, words = gone(browser, address, watch, journey)
            row = f"{hand.clicks:6d} {hand.fields:6d} {hand.seconds:7.1f} {words:5d} {len(hand.found):4d}"
            print(f"{name:3s} {what:72s} {row}", flush=True)
            findings += [f"{name}: {each}" for each in hand.found]
        browser.close()
    print(f"errors in the console: {len(watch.errors)}; requests to other hosts: {len(watch.outside)}")
    for told in (*findings, *watch.errors, *watch.outside):
        print(f"  {told}")


if __name__ == "__main__":
    main()
