"""Fixtures for browser tests: one app and one browser. A page that requests another host or logs an error fails its test."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
import urllib.request
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlparse

import pytest
from _pytest.runner import runtestprotocol
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from explain.app.settings import command, environment
from tests.helpers import free_port

ROOT = Path(__file__).parent.parent.parent
NAMES = ("chromium", "chromium-browser", "google-chrome")
OWN = "WHICHTEAM_BROWSER"
WAIT = 60
MILLISECONDS = 120_000  # a wait ends as soon as the page shows it, so this costs nothing but on a failure

expect.set_options(timeout=MILLISECONDS)


def _browser() -> str | None:
    named = os.environ.get(OWN)
    return named or next((path for name in NAMES if (path := shutil.which(name))), None)


def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool | None:
    """Runs a browser test that failed once more, and says so among the warnings: a real browser can lose a click or a file."""
    if item.path.parent != Path(__file__).parent:
        return None
    item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    reports = runtestprotocol(item, log=False, nextitem=nextitem)
    if failed := [report.longreprtext for report in reports if report.failed]:
        told = warnings.WarningMessage(pytest.PytestWarning(f"run again after\n{failed[0]}"), pytest.PytestWarning, __file__, 0)
        kinds = {"warning_message": told, "when": "runtest", "nodeid": item.nodeid, "location": None}
        item.ihook.pytest_warning_recorded.call_historic(kwargs=kinds)
        item._initrequest()  # type: ignore[attr-defined]
        reports = runtestprotocol(item, log=False, nextitem=nextitem)
    for report in reports:
        item.ihook.pytest_runtest_logreport(report=report)
    item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
    return True


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    path = _browser()
    if path is None:
        message = f"no browser: put one of {', '.join(NAMES)} on the path, or name it in {OWN}"
        pytest.fail(message) if os.environ.get("CI") == "true" else pytest.skip(message)
    return {"executable_path": path, "args": ["--no-sandbox", "--disable-dev-shm-usage"]}


@contextmanager
def running(home: Path, port: int = 0, **settings: str) -> Iterator[str]:
    """Runs the app as `whichteam app --no-register` does, on `port` or a free one, with further environment `settings`.

    Yields its address. The app must print nothing.
    """
    port = port or free_port()
    log = home / "log.txt"
    settings = {**environment(home, register=False), "PYTHONPATH": str(ROOT), **settings}
    with log.open("w", encoding="utf-8") as out:
        process = subprocess.Popen(command(ROOT / "app.py", port), cwd=ROOT, stdout=out, stderr=out, env=settings)
        try:
            _wait_for(f"http://127.0.0.1:{port}/_stcore/health", process)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(WAIT)
    told = log.read_text(encoding="utf-8")
    assert "Traceback" not in told
    assert [word for word in ("example-", "team_on_record", "case_id", "Conference held") if word in told] == []


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory, browser_type_launch_args: dict[str, Any]) -> Iterator[str]:
    """The address of the app, which is started once for all tests."""
    with running(tmp_path_factory.mktemp("app")) as found:
        yield found


def _wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + WAIT
    while time.monotonic() < end and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"the app did not start: {sys.executable}")


class Watch:
    """Records the pages' requests to other hosts and their console errors."""

    def __init__(self, address: str):
        self.host = urlparse(address).netloc
        self.outside: list[str] = []
        self.errors: list[str] = []
        self.addresses: set[str] = set()

    def add(self, page: Page) -> Page:
        page.set_default_timeout(MILLISECONDS)
        page.on("request", lambda request: self._request(request.url))
        page.on("websocket", lambda socket: self._request(socket.url))
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", self._console)
        page.on("framenavigated", lambda frame: self.addresses.add(frame.url))
        return page

    def _console(self, told: ConsoleMessage) -> None:
        """Keeps errors, but for one of Streamlit's own: loaded at a page, it first looks for its server beneath that page."""
        parts = urlparse(str(told.location.get("url", ""))).path.split("/")
        if told.type == "error" and not ("404" in told.text and parts[2:3] == ["_stcore"]):
            self.errors.append(f"{told.text} {urlparse(str(told.location.get('url', ''))).path}".rstrip())

    def _request(self, url: str) -> None:
        found = urlparse(url)
        if found.scheme not in ("data", "blob") and found.netloc != self.host:
            self.outside.append(url)


@pytest.fixture
def watch(address: str) -> Iterator[Watch]:
    """Fails a test whose pages requested another host, logged errors, or had data of a case in their address."""
    found = Watch(address)
    yield found
    assert found.outside == []
    assert found.errors == []
    pages = {"", "/", "/ask", "/answer", "/facts", "/policy", "/cases", "/about", "/map", "/checks"}
    assert [url for url in found.addresses if urlparse(url).path not in pages or urlparse(url).query] == []


@contextmanager
def opened(browser: Browser, address: str, watch: Watch, **how: Any) -> Iterator[Page]:
    """A page of the app in a new session. `how`: options of the browser context, such as width and colours."""
    context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, "reduced_motion": "reduce", **how})
    page = watch.add(context.new_page())
    page.goto(address)
    page.locator("h1").wait_for()
    settled(page)
    yield page
    context.close()


@pytest.fixture
def new_page(browser: Browser, address: str, watch: Watch) -> Iterator[Callable[..., Page]]:
    """A function that opens the app in a new session, with the options of `opened`."""
    with ExitStack() as pages:
        yield lambda **how: pages.enter_context(opened(browser, address, watch, **how))


def settled(page: Page) -> None:
    """Waits until the app has finished its run."""
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()
    expect(page.locator("[data-stale=true]")).to_have_count(0)


def until(page: Page, expression: str) -> None:
    """Waits until a JavaScript expression is true. `wait_for_function` can't: the app forbids `eval` in its pages."""
    end = time.monotonic() + MILLISECONDS / 1000
    while not page.evaluate(expression):
        assert time.monotonic() < end, f"never came true: {expression}"
        page.wait_for_timeout(50)
