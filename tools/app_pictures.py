#!/usr/bin/env python3
"""Takes the screenshots of the app for the documentation. Run after `./test`: `.venv/bin/python -m tools.app_pictures`.

Needs the test environment and a browser, as `tests/browser` does.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.conftest import NAMES, OWN, running, settled
from tests.browser.steps import example, go

DOCS = Path(__file__).resolve().parent.parent / "docs"
EXAMPLE = DOCS.parent / "examples" / "conference.json"
UNKNOWN = "Blackpool Council: Consent to early help was not written down"


def opened(browser: Browser, address: str, **how: Any) -> Page:
    """The app's first page in a new session. `how`: options of the browser context."""
    page = browser.new_context(viewport={"width": 1280, "height": 980}, reduced_motion="reduce", **how).new_page()
    page.goto(address)
    page.locator("h1").wait_for()
    settled(page)
    return page


def take(page: Page, name: str) -> None:
    """Saves a screenshot as `docs/NAME` once the page has stopped changing."""
    page.locator("[data-testid=stMain] h1").wait_for()
    settled(page)
    page.wait_for_timeout(500)  # for transitions of colours
    settled(page)
    page.screenshot(path=DOCS / name)
    print(f"Wrote {DOCS / name}")


def main() -> None:
    """Starts the app and takes each screenshot in a new session."""
    program = os.environ.get(OWN) or next(filter(None, map(shutil.which, NAMES)), None)
    if program is None:
        sys.exit(f"error: no browser: put one of {', '.join(NAMES)} on the path, or name it in {OWN}")
    with tempfile.TemporaryDirectory() as folder, running(Path(folder)) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        why = opened(browser, address)
        why.locator("input[type=file]").set_input_files(EXAMPLE)
        why.get_by_text("has the child, since").first.wait_for()
        take(why, "app-why.png")
        unknown = opened(browser, address, color_scheme="dark")
        example(unknown, UNKNOWN)
        take(unknown, "app-unknown-dark.png")
        team_map = opened(browser, address)
        go(team_map, "Team map")
        take(team_map, "app-map.png")
        browser.close()


if __name__ == "__main__":
    main()
